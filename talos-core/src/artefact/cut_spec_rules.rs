//! What must hold in a cut spec beyond its types.

use std::collections::BTreeSet;

use super::read::{ArtefactError, Validate};
use super::{ActionEvent, Cut, CutSpec, EmotionKey, SubjectKind};
use crate::math::scalar;
use crate::time::FrameRate;

/// Name and version of the schema.
pub const CUT_SPEC_SCHEMA: &str = "cut_spec/1";

impl Validate for CutSpec {
    fn validate(&self) -> Result<(), ArtefactError> {
        check_head(self)?;
        let ids = check_cast(self)?;
        for (i, event) in self.actions.iter().enumerate() {
            check_event(self, &ids, i, event)?;
        }
        check_emotion(&self.emotion.keys)?;
        check_cuts(self, &ids)?;
        let length = self.prompt.chars().count();
        for (i, finding) in self.findings.iter().enumerate() {
            let holds = finding.start <= finding.end && finding.end as usize <= length;
            demand(
                holds,
                || format!("/findings/{i}/end"),
                "the place is not in the prompt",
                "give one within it",
            )?;
        }
        Ok(())
    }
}

fn demand(
    holds: bool,
    pointer: impl FnOnce() -> String,
    message: &str,
    hint: &str,
) -> Result<(), ArtefactError> {
    if holds {
        return Ok(());
    }
    Err(ArtefactError::new(pointer(), message, hint))
}

fn check_head(spec: &CutSpec) -> Result<(), ArtefactError> {
    let at = |path: &'static str| move || path.to_owned();
    demand(
        spec.schema == CUT_SPEC_SCHEMA,
        at("/schema"),
        "another schema",
        "expected cut_spec/1",
    )?;
    let seed = spec
        .seed
        .parse::<u64>()
        .is_ok_and(|seed| seed.to_string() == spec.seed);
    demand(
        seed,
        at("/seed"),
        "no seed",
        "give a whole number from 0 to 2⁶⁴ − 1 in decimal",
    )?;
    let rate = spec.frame_rate.parse::<FrameRate>().is_ok();
    demand(
        rate,
        at("/frame_rate"),
        "no frame rate",
        "give a rational such as \"24/1\"",
    )?;
    demand(
        spec.frame_count > 0,
        at("/frame_count"),
        "a film without frames",
        "give at least 1",
    )?;
    for (side, path) in [
        (spec.frame_size.width, "/frame_size/width"),
        (spec.frame_size.height, "/frame_size/height"),
    ] {
        let holds = (16..=8192).contains(&side) && side % 2 == 0;
        demand(
            holds,
            at(path),
            "no side of a frame",
            "give an even number from 16 to 8192",
        )?;
    }
    Ok(())
}

fn check_cast(spec: &CutSpec) -> Result<BTreeSet<&str>, ArtefactError> {
    let mut ids = BTreeSet::new();
    for (i, member) in spec.cast.iter().enumerate() {
        let at = |field: &'static str| move || format!("/cast/{i}/{field}");
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let named = !member.id.is_empty() && member.id.chars().all(plain);
        demand(named, at("id"), "no id", "use letters, digits and _")?;
        demand(
            ids.insert(member.id.as_str()),
            at("id"),
            "the id is taken",
            "give each member its own",
        )?;
        let scale = (0.01..=100.0).contains(&member.scale);
        demand(
            scale,
            at("scale"),
            "no size factor",
            "give a number from 0.01 to 100",
        )?;
        let asset = (member.kind == SubjectKind::Asset) != member.asset.is_empty();
        demand(
            asset,
            at("asset"),
            "kind and asset disagree",
            "name a model for kind `asset` and for no other",
        )?;
    }
    Ok(ids)
}

fn check_event(
    spec: &CutSpec,
    ids: &BTreeSet<&str>,
    i: usize,
    event: &ActionEvent,
) -> Result<(), ArtefactError> {
    let at = |field: &'static str| move || format!("/actions/{i}/{field}");
    let known = ids.contains(event.subject.as_str());
    demand(
        known,
        at("subject"),
        "nobody in the cast has this id",
        "use an id of the cast",
    )?;
    let target = event.target.is_empty() || ids.contains(event.target.as_str());
    demand(
        target,
        at("target"),
        "nobody in the cast has this id",
        "use an id of the cast or none",
    )?;
    let frames = event.first_frame >= 1 && event.first_frame <= event.last_frame;
    demand(
        frames,
        at("first_frame"),
        "the first frame is after the last",
        "count from 1",
    )?;
    let inside = event.last_frame <= spec.frame_count;
    demand(
        inside,
        at("last_frame"),
        "the film is shorter",
        "end at frame_count at the latest",
    )
}

fn check_emotion(keys: &[EmotionKey]) -> Result<(), ArtefactError> {
    let some = || "/emotion/keys".to_owned();
    demand(!keys.is_empty(), some, "no key", "give at least one")?;
    let mut last = 0.0;
    for (i, key) in keys.iter().enumerate() {
        let at = |field: &'static str| move || format!("/emotion/keys/{i}/{field}");
        let order = key.at >= last && key.at <= 1.0;
        demand(
            order,
            at("at"),
            "not in order within [0, 1]",
            "sort the keys by time",
        )?;
        last = key.at;
        for (value, field) in [
            (key.valence, "valence"),
            (key.arousal, "arousal"),
            (key.dominance, "dominance"),
        ] {
            let holds = (-1.0..=1.0).contains(&value);
            demand(holds, at(field), "out of range", "give a number from -1 to 1")?;
        }
    }
    Ok(())
}

fn check_cuts(spec: &CutSpec, ids: &BTreeSet<&str>) -> Result<(), ArtefactError> {
    demand(
        !spec.cuts.is_empty(),
        || "/cuts".to_owned(),
        "no cut",
        "give at least one",
    )?;
    let (mut next, mut names) = (1, BTreeSet::new());
    for (i, cut) in spec.cuts.iter().enumerate() {
        let at = |field: &'static str| move || format!("/cuts/{i}/{field}");
        demand(
            names.insert(&cut.cut_id),
            at("cut_id"),
            "the id is taken",
            "give each cut its own",
        )?;
        let follows = cut.first_frame == next;
        demand(
            follows,
            at("first_frame"),
            "cuts leave a gap or overlap",
            "start where the cut before ends",
        )?;
        let ends = cut.last_frame >= cut.first_frame && cut.last_frame <= spec.frame_count;
        demand(
            ends,
            at("last_frame"),
            "no end of this cut",
            "end after its start and within the film",
        )?;
        next = cut.last_frame + 1;
        check_camera(i, cut, ids)?;
    }
    let last = spec.cuts.len() - 1;
    let whole = next == spec.frame_count + 1;
    demand(
        whole,
        || format!("/cuts/{last}/last_frame"),
        "the last cut ends before the film",
        "end at frame_count",
    )
}

fn check_camera(i: usize, cut: &Cut, ids: &BTreeSet<&str>) -> Result<(), ArtefactError> {
    let at = |field: &'static str| move || format!("/cuts/{i}/{field}");
    let framed = cut.subjects.iter().all(|id| ids.contains(id.as_str()));
    demand(
        framed,
        at("subjects"),
        "nobody in the cast has this id",
        "use ids of the cast",
    )?;
    let focal = (4.0..=2000.0).contains(&cut.focal_length_mm);
    demand(focal, at("focal_length_mm"), "no lens", "give 4 to 2000 mm")?;
    let stop = (0.5..=128.0).contains(&cut.f_stop);
    demand(stop, at("f_stop"), "no aperture", "give 0.5 to 128")?;
    let azimuth = cut.azimuth.abs() <= scalar::PI;
    demand(
        azimuth,
        at("azimuth"),
        "out of range",
        "give radians from -π to π",
    )?;
    for (k, step) in cut.moves.iter().enumerate() {
        let holds = step.amount.abs() <= 100.0;
        let place = || format!("/cuts/{i}/moves/{k}/amount");
        demand(
            holds,
            place,
            "too far",
            "give a number from -100 to 100 in the unit of the move",
        )?;
    }
    Ok(())
}
