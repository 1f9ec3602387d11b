//! Golden digests of three small films: a change of any bit of a spec, a line or a pixel shows here.

#[path = "../../examples/shared/digests.rs"]
mod digests;

#[test]
fn artefacts_and_pictures_have_their_golden_digests() {
    let golden = include_str!("../../fixtures/golden/digests.txt");
    assert_eq!(
        digests::digests(),
        golden,
        "fixtures/golden/README.md says how to mint them anew"
    );
}
