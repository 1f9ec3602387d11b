//! Laws of edits: on the projection always, the same metres through any lens, there and back.

use proptest::prelude::*;

use super::super::tests::{SIZE, camera, drawn, implicit, object};
use super::*;
use crate::artefact::Lines;
use crate::camera::{Camera, FilmBack, Lens};
use crate::image::rasterize;
use crate::math::{DAffine3, DVec2, scalar};
use crate::stroke::{Added, Anatomy, Anchor, PressureModel, Scene, StyleClass, places_under};
use crate::time::Frame;

fn lens(eye: DVec3, focal_length_mm: f64) -> Projection {
    Camera {
        film_back: FilmBack::full_frame(SIZE),
        lens: Lens {
            focal_length_mm,
            ..Lens::default()
        },
        position: eye,
        orientation: Camera::looking(eye, DVec3::ZERO, 0.0),
    }
    .projection(SIZE)
}

/// A stroke through homes in the world: an arc that turns in depth.
fn stroke_of(projection: &Projection, homes: Vec<DVec3>) -> Stroke {
    let points = homes
        .iter()
        .map(|h| projection.project(*h).expect("before the camera"))
        .collect();
    Stroke {
        stroke_id: "girl_a.brow.left".into(),
        layer: "subject".into(),
        style_class: StyleClass::Mark,
        points,
        pressure: vec![0.5; homes.len() / 3 + 1],
        points_3d: homes,
        closed: false,
        width: 1.0,
        quality: None,
    }
}

fn arc(projection: &Projection) -> Stroke {
    let mut homes: Vec<DVec3> = (0..7)
        .map(|i| {
            let a = (f64::from(i) - 3.0) * 0.12;
            let (sin, cos) = scalar::sin_cos(a);
            DVec3::new(sin, 0.3 + 0.1 * cos, cos - 0.4)
        })
        .collect();
    homes[3] = (homes[2] + homes[4]) * 0.5;
    stroke_of(projection, homes)
}

/// A closed outline: that of a ball.
fn outline(projection: &Projection) -> Stroke {
    let ball = implicit(&|p: DVec3| p.length() - 1.0, 1.2, 0.08);
    let strokes = drawn(&[object("ball", ball, DAffine3::IDENTITY)], projection);
    let closed = strokes.into_iter().find(|s| s.closed);
    closed.expect("an outline")
}

fn worst_px(stroke: &Stroke, projection: &Projection) -> f64 {
    let lines = Lines::new(
        "S01_C01",
        Frame(1),
        SIZE,
        projection,
        std::slice::from_ref(stroke),
    );
    assert!(lines.validate().is_ok(), "{:?}", lines.validate());
    lines.quality.reprojection_max_px
}

fn all_finite(stroke: &Stroke) -> bool {
    let flat = stroke.points.iter().flat_map(|p| p.to_array());
    let homes = stroke.points_3d.iter().flat_map(|p| p.to_array());
    flat.chain(homes).all(f64::is_finite)
        && stroke.pressure.iter().all(|p| (0.0..=1.0).contains(p))
        && stroke.points.len() == 3 * stroke.segments() + 1
        && stroke.pressure.len() == stroke.segments() + 1
}

#[test]
fn a_bend_moves_as_many_metres_through_any_lens() {
    let eye = DVec3::new(0.6, 0.5, 4.0);
    let moved = |focal: f64| {
        let projection = lens(eye, focal);
        let before = arc(&projection);
        let mut after = before.clone();
        edit(&mut after, &projection, 1.2, 0.0);
        assert!(worst_px(&after, &projection) < 0.02);
        (after.points_3d[3] - before.points_3d[3]).length()
    };
    let normal = moved(50.0);
    assert!(normal > 0.02, "{normal}");
    for focal in [18.0, 35.0, 135.0, 300.0] {
        assert!(
            (moved(focal) - normal).abs() < 5e-5,
            "{focal} mm: {} {normal}",
            moved(focal)
        );
    }
}

#[test]
fn smooth_knots_of_slanting_strokes_stay_smooth_when_bent() {
    let projection = lens(DVec3::new(3.0, 1.0, 3.0), 50.0);
    let mut stroke = arc(&projection);
    let turn = |s: &Stroke| {
        let (a, b) = (s.points[3] - s.points[2], s.points[4] - s.points[3]);
        a.normalize().perp_dot(b.normalize()).abs()
    };
    let before = turn(&stroke);
    edit(&mut stroke, &projection, 2.0, 0.0);
    assert!(turn(&stroke) < before + 5e-3, "{} {before}", turn(&stroke));
}

#[test]
fn a_stroke_is_redrawn_where_the_shape_says_from_either_end() {
    let projection = lens(DVec3::new(0.6, 0.5, 4.0), 50.0);
    let stroke = arc(&projection);
    let (a, b) = (stroke.points[0], stroke.points[6]);
    let lift = DVec2::new(0.0, -1.0);
    let shape: Vec<DVec2> = [(0.0, 5.0), (0.3, 40.0), (0.6, 10.0), (1.0, 30.0)]
        .map(|(t, up)| a + (b - a) * t + lift * up)
        .to_vec();
    let goal = smooth(&shape, false);
    let mut backwards = shape.clone();
    backwards.reverse();
    for given in [shape, backwards] {
        let offsets = offsets_of(&stroke, &projection, SIZE.scale(), &given, false).expect("a line");
        let mut new = stroke.clone();
        redraw(&mut new, &projection, SIZE.scale(), &offsets, 1.0, [0.0, 1.0]);
        assert!(worst_px(&new, &projection) < 0.02);
        for segment in 0..new.segments() {
            for k in 0..=8 {
                let p = new.point(segment, f64::from(k) / 8.0);
                let off = goal
                    .windows(2)
                    .map(|w| {
                        let t =
                            ((p - w[0]).dot(w[1] - w[0]) / (w[1] - w[0]).length_squared()).clamp(0.0, 1.0);
                        (w[0] + (w[1] - w[0]) * t - p).length()
                    })
                    .fold(f64::INFINITY, f64::min);
                assert!(off < 1.0, "{off} px off at {p}");
            }
        }
        assert!((new.points[0] - goal[0]).length() < 1.0);
    }
}

#[test]
fn a_closed_outline_is_redrawn_closed_wherever_it_starts() {
    let projection = camera(DVec3::new(0.0, 0.5, 5.0), DVec3::ZERO);
    let stroke = outline(&projection);
    let centre = projection.project(DVec3::ZERO).expect("seen");
    let shape: Vec<DVec2> = (0..12)
        .map(|i| {
            let (sin, cos) = scalar::sin_cos(f64::from(i) / 12.0 * 2.0 * scalar::PI);
            centre + DVec2::new(130.0 * cos, 90.0 * sin)
        })
        .collect();
    let offsets = offsets_of(&stroke, &projection, SIZE.scale(), &shape, false).expect("a line");
    let mut new = stroke.clone();
    redraw(&mut new, &projection, SIZE.scale(), &offsets, 1.0, [0.0, 1.0]);
    assert!(new.closed && new.points[0] == new.points[new.points.len() - 1]);
    assert!(worst_px(&new, &projection) < 0.05);
    let ellipse = |p: DVec2| {
        let d = (p - centre) / DVec2::new(130.0, 90.0);
        d.length()
    };
    for segment in 0..new.segments() {
        let off = ellipse(new.point(segment, 0.5));
        assert!((off - 1.0).abs() < 0.06, "{off}");
    }
    // the same line begun elsewhere
    let mut turned = stroke.clone();
    let half = turned.segments() / 2;
    turned.points.pop();
    turned.points.rotate_left(3 * half);
    turned.points.push(turned.points[0]);
    turned.points_3d.pop();
    turned.points_3d.rotate_left(3 * half);
    turned.points_3d.push(turned.points_3d[0]);
    redraw(&mut turned, &projection, SIZE.scale(), &offsets, 1.0, [0.0, 1.0]);
    for segment in 0..turned.segments() {
        let off = ellipse(turned.point(segment, 0.5));
        assert!((off - 1.0).abs() < 0.06, "begun elsewhere: {off}");
    }
}

#[test]
fn the_part_of_a_stroke_that_is_seen_gets_its_part_of_the_shape() {
    let projection = lens(DVec3::new(0.6, 0.5, 4.0), 50.0);
    let whole = arc(&projection);
    let (a, b) = (whole.points[0], whole.points[6]);
    let shape = [a, (a + b) * 0.5 + DVec2::new(0.0, -60.0), b];
    let offsets = offsets_of(&whole, &projection, SIZE.scale(), &shape, false).expect("a line");
    let mut new = whole.clone();
    redraw(&mut new, &projection, SIZE.scale(), &offsets, 1.0, [0.0, 1.0]);
    let half = |s: &Stroke| Stroke {
        points: s.points[..4].to_vec(),
        points_3d: s.points_3d[..4].to_vec(),
        pressure: s.pressure[..2].to_vec(),
        ..s.clone()
    };
    let mut part = half(&whole);
    redraw(&mut part, &projection, SIZE.scale(), &offsets, 1.0, [0.0, 0.5]);
    let samples = |s: &Stroke| -> Vec<DVec2> {
        let places = (0..s.segments()).flat_map(|i| (0..=32).map(move |k| (i, f64::from(k) / 32.0)));
        places.map(|(i, t)| s.point(i, t)).collect()
    };
    let goal = samples(&new);
    for p in samples(&part) {
        let off = goal
            .iter()
            .map(|q| (*q - p).length())
            .fold(f64::INFINITY, f64::min);
        assert!(off < 4.0, "{off} px off at {p}");
    }
}

#[test]
fn a_span_tells_which_part_of_the_edited_stroke_is_seen() {
    let ball = implicit(&|p: DVec3| p.length() - 1.0, 1.2, 0.05);
    let scene = object("ball", ball, DAffine3::IDENTITY);
    let projection = camera(DVec3::Z * 5.0, DVec3::ZERO);
    // a meridian's upper part, from the left to the right
    let meridian = |from: f64, to: f64| {
        let homes = (0..=24)
            .map(|i| {
                let (sin, cos) = scalar::sin_cos(from + (to - from) * f64::from(i) / 24.0);
                DVec3::new(sin, 0.6 * cos, 0.8 * cos)
            })
            .collect();
        stroke_of(&projection, homes)
    };
    let whole = meridian(-1.0, 1.0);
    let anchor = Anchor::of(&scene, &whole, &projection).expect("an anchor");
    for (from, to, span) in [
        (-1.0, 1.0, [0.0, 1.0]),
        (1.0, -1.0, [1.0, 0.0]),
        (-1.0, 0.0, [0.0, 0.5]),
        (0.5, -0.5, [0.75, 0.25]),
        (-1.2, 0.0, [-0.1, 0.5]),
    ] {
        let found = anchor.span(&scene, &meridian(from, to), &projection);
        for (a, b) in found.iter().zip(span) {
            assert!((a - b).abs() < 0.06, "{from} to {to}: {found:?}, not {span:?}");
        }
    }
}

#[test]
fn a_shift_moves_by_shares_of_the_length_and_back() {
    let projection = lens(DVec3::new(0.6, 0.5, 4.0), 50.0);
    let before = arc(&projection);
    let mut after = before.clone();
    shift(&mut after, &projection, [0.1, -0.2, 0.05], [0.0, 1.0]);
    let length = length_m(&before, &projection);
    let wanted = length * (0.01 + 0.04 + 0.0025_f64).sqrt();
    let by = (after.points_3d[3] - before.points_3d[3]).length();
    // towards is not quite at right angles to along
    assert!((by / wanted - 1.0).abs() < 0.15, "{by} {wanted}");
    assert!(worst_px(&after, &projection) < 0.02);
    shift(&mut after, &projection, [-0.1, 0.2, -0.05], [0.0, 1.0]);
    for (p, q) in after.points.iter().zip(&before.points) {
        assert!((*p - *q).length() < 0.5, "{p} {q}");
    }
}

#[test]
fn a_stroke_of_another_name_is_found_where_it_lay_and_no_other() {
    let ball = implicit(&|p: DVec3| p.length() - 1.0, 1.2, 0.08);
    let scene = [object("ball", ball, DAffine3::IDENTITY)];
    let near = camera(DVec3::new(0.0, 0.5, 5.0), DVec3::ZERO);
    let strokes = drawn(&scene, &near);
    let anchor = Anchor::of(&scene[0], &strokes[0], &near).expect("an anchor");
    let far = lens(DVec3::new(0.1, 0.5, 9.0), 90.0);
    let mut others = drawn(&scene, &far);
    others
        .iter_mut()
        .for_each(|s| s.stroke_id = "ball.body.contour.777".into());
    assert_eq!(
        anchor.find(&scene[0], &others, &strokes[0].stroke_id, &far),
        Some(0)
    );
    // of another part it is another line
    others[0].stroke_id = "ball.ear.contour.777".into();
    assert_eq!(anchor.find(&scene[0], &others, &strokes[0].stroke_id, &far), None);
    // seen from the side the outline is another one
    let side = camera(DVec3::new(5.0, 0.5, 0.0), DVec3::ZERO);
    let mut others = drawn(&scene, &side);
    others
        .iter_mut()
        .for_each(|s| s.stroke_id = "ball.body.contour.777".into());
    assert_eq!(
        anchor.find(&scene[0], &others, &strokes[0].stroke_id, &side),
        None
    );
}

#[test]
fn an_added_line_lies_on_the_surface_and_is_hidden_behind_it() {
    let ball = implicit(&|p: DVec3| p.length() - 1.0, 1.2, 0.08);
    let scene = [object("ball", ball, DAffine3::IDENTITY)];
    let anatomies = [std::sync::Arc::new(Anatomy::new(&scene[0].model))];
    let front = camera(DVec3::Z * 5.0, DVec3::ZERO);
    let visibility = rasterize(&scene, &front, SIZE);
    let centre = DVec2::new(f64::from(SIZE.width), f64::from(SIZE.height)) * 0.5;
    let pixels = [(-60.0, -20.0), (0.0, 10.0), (60.0, -20.0)].map(|(x, y)| centre + DVec2::new(x, y));
    let (index, points) =
        places_under(&scene, &front, &visibility, &pixels, None, false).expect("on the ball");
    assert_eq!(index, 0);
    let added = Added {
        name: "added.e5",
        points: &points,
        pressure: 1.0,
        closed: false,
    };
    let seen_by = |projection: &Projection| {
        let visibility = rasterize(&scene, projection, SIZE);
        let drawn_with = Scene {
            objects: &scene,
            anatomies: &anatomies,
            projection,
            size: SIZE,
            visibility: &visibility,
            pressure: &PressureModel::default(),
        };
        added.draw(&drawn_with, 0).expect("its triangles are there")
    };
    let strokes = seen_by(&front);
    assert_eq!(strokes.len(), 1);
    assert_eq!(strokes[0].stroke_id, "ball.added.e5");
    for (end, pixel) in [
        (strokes[0].points[0], pixels[0]),
        (*strokes[0].points.last().expect("points"), pixels[2]),
    ] {
        assert!((end - pixel).length() < 1.5, "{end} {pixel}");
    }
    for home in strokes[0].points_3d.iter().step_by(3) {
        assert!((home.length() - 1.0).abs() < 0.01, "{home} lies on the ball");
    }
    assert_eq!(seen_by(&camera(DVec3::Z * -5.0, DVec3::ZERO)), []);
    let off = [centre, centre + DVec2::new(400.0, 0.0)];
    let error = places_under(&scene, &front, &visibility, &off, None, false).expect_err("off the ball");
    assert_eq!(error.object, None);
    let none = Added {
        points: &[crate::stroke::SurfacePoint {
            triangle: u32::MAX,
            ..points[0]
        }],
        ..added
    };
    let drawn_with = Scene {
        objects: &scene,
        anatomies: &anatomies,
        projection: &front,
        size: SIZE,
        visibility: &visibility,
        pressure: &PressureModel::default(),
    };
    assert!(none.draw(&drawn_with, 0).is_none());
}

/// Numbers that break things.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        -3.0..3.0_f64,
        Just(0.0),
        Just(-0.0),
        Just(1e-300),
        Just(1e300),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        -1e4..1e4_f64,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_leaves_the_projection_or_is_no_number(
        numbers in proptest::array::uniform6(hostile()),
        offsets in proptest::collection::vec(proptest::array::uniform2(hostile()), 0..9),
        flat in proptest::bool::ANY, reversed in proptest::bool::ANY, closed in proptest::bool::ANY,
    ) {
        let projection = camera(DVec3::new(0.2, 0.4, 4.0), DVec3::ZERO);
        let mut stroke = if closed { outline_once() } else { arc(&projection) };
        let projection = if closed { camera(DVec3::new(0.0, 0.5, 5.0), DVec3::ZERO) } else { projection };
        if flat {
            // every place the same: no chord, no tangent, no length
            let (p, h) = (stroke.points[0], stroke.points_3d[0]);
            stroke.points.iter_mut().for_each(|q| *q = p);
            stroke.points_3d.iter_mut().for_each(|q| *q = h);
        }
        let [a, b, c, d, e, f] = numbers;
        edit(&mut stroke, &projection, a, b);
        prop_assert!(all_finite(&stroke));
        shift(&mut stroke, &projection, [c, d, e], if reversed { [1.0, 0.0] } else { [a, b] });
        prop_assert!(all_finite(&stroke));
        redraw(&mut stroke, &projection, SIZE.scale(), &offsets, f, if reversed { [1.0, 0.0] } else { [c, d] });
        prop_assert!(all_finite(&stroke));
        widen(&mut stroke, a);
        prop_assert!(stroke.width > 0.0 && stroke.width.is_finite());
        // rounding of a home is worth more pixels the nearer it is
        let near = stroke.points_3d.iter().map(|h| projection.depth(*h)).fold(f64::INFINITY, f64::min);
        prop_assert!(near >= Projection::NEAR_M * 0.99, "{near}");
        let slack = 0.02 + 2e-5 * projection.focal_px() / near + 1e-5 * largest(&stroke) / near;
        prop_assert!(worst_px(&stroke, &projection) < slack, "{} {slack}", worst_px(&stroke, &projection));
    }
}

fn largest(stroke: &Stroke) -> f64 {
    stroke.points.iter().map(|p| p.length()).fold(0.0, f64::max)
}

/// The outline of the ball, drawn once.
fn outline_once() -> Stroke {
    static OUTLINE: std::sync::OnceLock<Stroke> = std::sync::OnceLock::new();
    let make = || outline(&camera(DVec3::new(0.0, 0.5, 5.0), DVec3::ZERO));
    OUTLINE.get_or_init(make).clone()
}
