//! Names and curvatures of the lines of forms that are orbited: what a camera's motion may do to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use talos_core::{
    camera::{Camera, FilmBack, FrameSize, Lens, Projection},
    geometry::Model,
    image::rasterize,
    math::{DVec2, DVec3, scalar},
    scene::SceneObject,
    stroke::{
        Anatomy, DrawOptions, Moment, PressureModel, Stroke, TrackEventKind, Tracks, delta_kappa,
        draw_tracked,
    },
};

#[path = "stability/bodies.rs"]
mod bodies;

/// A form that turns once before the camera.
struct Orbit {
    object: SceneObject,
    anatomies: Vec<Arc<Anatomy>>,
    size: FrameSize,
    frames: u32,
    centre: DVec3,
    radius_m: f64,
}

impl Orbit {
    fn new(model: &Arc<Model>, lines: u32, frames: u32) -> Self {
        let object = bodies::standing(model);
        let (low, high) = object.posed.bounds().expect("a body");
        Self {
            anatomies: vec![Arc::new(Anatomy::new(model))],
            object,
            size: FrameSize {
                width: lines * 16 / 9,
                height: lines,
            },
            frames,
            centre: (low + high) * 0.5,
            radius_m: (high - low).length() * 1.35,
        }
    }

    fn camera(&self, frame: u32) -> Projection {
        let turn = core::f64::consts::TAU * f64::from(frame) / f64::from(self.frames);
        let (sin, cos) = scalar::sin_cos(turn);
        let eye = self.centre + DVec3::new(sin, 0.35, cos).normalize() * self.radius_m;
        Camera {
            film_back: FilmBack::full_frame(self.size),
            lens: Lens::default(),
            position: eye,
            orientation: Camera::looking(eye, self.centre, 0.0),
        }
        .projection(self.size)
    }

    /// Names of `frames` frames from the first.
    fn tracks(&self, frames: u32) -> Tracks {
        Tracks::bake(&self.anatomies, self.size, frames, &|tick| Moment {
            objects: vec![self.object.clone()],
            projection: self.camera(tick),
        })
    }

    fn drawn(&self, tracks: &Tracks, frame: u32) -> Vec<Stroke> {
        let (objects, projection) = ([self.object.clone()], self.camera(frame));
        let visibility = rasterize(&objects, &projection, self.size);
        let options = DrawOptions {
            pressure: PressureModel {
                reference_depth_m: self.radius_m,
                ..PressureModel::default()
            },
            ..DrawOptions::default()
        };
        draw_tracked(
            &objects,
            &self.anatomies,
            &projection,
            &visibility,
            &options,
            (tracks, frame),
        )
        .strokes
    }

    fn measure(&self, frames: u32) -> Figures {
        let tracks = self.tracks(frames);
        let drawn: Vec<BTreeMap<String, Stroke>> = (0..frames)
            .into_par_iter()
            .map(|frame| {
                let strokes = self.drawn(&tracks, frame).into_iter();
                strokes.map(|s| (s.stroke_id.clone(), s)).collect()
            })
            .collect();
        let mut figures = Figures::default();
        for event in tracks.events().iter().filter(|e| e.tick > 0) {
            *figures.events.entry(event.kind).or_default() += 1;
        }
        self.compare(&drawn, &mut figures);
        self.find_reborn(&drawn, &mut figures);
        figures
    }

    /// Names kept and curvatures changed between neighbours.
    fn compare(&self, drawn: &[BTreeMap<String, Stroke>], figures: &mut Figures) {
        let (mut kept, mut total, mut sums, mut length) = (0, 0, [0.0; 2], 0.0);
        for (frame, pair) in drawn.windows(2).enumerate() {
            let frame = frame as u32;
            let cameras = [self.camera(frame), self.camera(frame + 1)];
            for (name, before) in &pair[0] {
                total += 1;
                let Some(now) = pair[1].get(name) else {
                    figures.changes += 1;
                    continue;
                };
                kept += 1;
                if let Some(delta) = delta_kappa(before, &cameras[0], now, &cameras[1], self.size) {
                    sums[0] += delta.mean * delta.length_px;
                    sums[1] += delta.relative * delta.length_px;
                    length += delta.length_px;
                }
            }
            if std::env::var("TALOS_VERBOSE").is_ok() {
                let show = |sign: &str, from: &BTreeMap<String, Stroke>, to: &BTreeMap<String, Stroke>| {
                    for (name, s) in from.iter().filter(|(name, _)| !to.contains_key(*name)) {
                        println!(
                            "{} {sign} {name} {:.0} px closed {}",
                            frame + 1,
                            s.polygon_length(),
                            s.closed
                        );
                    }
                };
                show("-", &pair[0], &pair[1]);
                show("+", &pair[1], &pair[0]);
            }
            figures.changes += pair[1].keys().filter(|name| !pair[0].contains_key(*name)).count() as u32;
        }
        figures.persistence = f64::from(kept) / f64::from(total.max(1));
        figures.delta = sums.map(|s| s / length.max(1e-9));
        figures.strokes = f64::from(total) / (drawn.len() - 1) as f64;
    }

    /// Names that are gone for a while though other lines go on where they ran.
    fn find_reborn(&self, drawn: &[BTreeMap<String, Stroke>], figures: &mut Figures) {
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        for (frame, strokes) in drawn.iter().enumerate() {
            for name in strokes.keys() {
                if let Some(seen) = last.insert(name, frame)
                    && seen + 1 < frame
                {
                    figures.gaps += 1;
                    let camera = self.camera(seen as u32);
                    let stroke = &drawn[seen][name];
                    let covered = (seen + 1..frame).all(|gap| self.covers(&drawn[gap], gap, stroke, &camera));
                    figures.reborn += u32::from(covered);
                }
            }
        }
    }

    /// Whether lines of a frame of the same class run along most of a stroke of another one, wherever that is now.
    fn covers(
        &self,
        strokes: &BTreeMap<String, Stroke>,
        frame: usize,
        stroke: &Stroke,
        camera: &Projection,
    ) -> bool {
        let radius = 3.0 * self.size.scale();
        let now = self.camera(frame as u32);
        let places: Vec<DVec2> = each_place(stroke)
            .filter_map(|(s, t)| now.project(stroke.home(camera, s, t)))
            .collect();
        let lines: Vec<DVec2> = strokes
            .values()
            .filter(|other| other.style_class == stroke.style_class)
            .flat_map(|other| each_place(other).map(|(s, t)| other.point(s, t)))
            .collect();
        let near = |p: &DVec2| lines.iter().any(|q| (*p - *q).length_squared() < radius * radius);
        places.iter().filter(|p| near(p)).count() * 10 >= places.len() * 8
    }
}

fn each_place(stroke: &Stroke) -> impl Iterator<Item = (usize, f64)> {
    (0..stroke.segments()).flat_map(|s| (0..12).map(move |k| (s, f64::from(k) / 12.0)))
}

#[derive(Debug, Default)]
struct Figures {
    /// Share of names that are still there a frame later.
    persistence: f64,
    /// Strokes in a frame.
    strokes: f64,
    /// Names that come or go from one frame to the next.
    changes: u32,
    /// Times that a name is gone and comes back.
    gaps: u32,
    /// Of these, those whose line went on under another name.
    reborn: u32,
    /// Mean |Δκ|, 1/px at 1080 lines, and relative to κ + 1/64.
    delta: [f64; 2],
    /// Events of the bake.
    events: BTreeMap<TrackEventKind, u32>,
}

impl Figures {
    fn events(&self) -> u32 {
        self.events.values().sum()
    }
}

#[test]
fn a_torus_keeps_its_names_and_its_curvature() {
    let orbit = Orbit::new(&bodies::torus(0.06), 270, 240);
    let figures = orbit.measure(40);
    assert_eq!(figures.reborn, 0, "{figures:?}");
    assert!(
        figures.persistence > 0.97 && figures.delta[0] < 0.05,
        "{figures:?}"
    );
}

#[test]
fn an_imported_character_keeps_its_names() {
    let orbit = Orbit::new(&bodies::character(0.035), 270, 240);
    let figures = orbit.measure(40);
    assert_eq!(figures.reborn, 0, "{figures:?}");
    assert!(
        figures.persistence > 0.9 && figures.delta[0] < 0.05,
        "{figures:?}"
    );
}

#[test]
fn names_do_not_depend_on_threads() {
    let orbit = Orbit::new(&bodies::character(0.05), 180, 240);
    let bake = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads").install(|| orbit.tracks(20).to_bytes())
    };
    let one = bake(1);
    assert!(one == bake(2) && one == bake(7));
}

/// The whole measure, at 540 lines: minutes in release.
#[test]
#[ignore = "minutes long; `./check --full` runs it"]
fn orbits_at_full_length() {
    let fine_frames: u32 = std::env::var("TALOS_FINE_FRAMES").map_or(2400, |n| n.parse().expect("a number"));
    let subjects = [
        ("torus", bodies::torus(0.04), bodies::torus(0.02)),
        ("character", bodies::character(0.024), bodies::character(0.012)),
        ("dragon", bodies::dragon(), bodies::finer(&bodies::dragon())),
    ];
    let mut failures = Vec::new();
    for (name, model, fine) in subjects {
        let figures = Orbit::new(&model, 540, 240).measure(240);
        println!("{name}: {} triangles, {figures:?}", model.mesh.triangles.len());
        if fine_frames > 0 {
            let reference = Orbit::new(&fine, 540, fine_frames).tracks(fine_frames);
            let events = reference.events().iter().filter(|e| e.tick > 0).count() as u32;
            println!(
                "{name}: {} events, {events} in {fine_frames} frames of {} triangles",
                figures.events(),
                fine.mesh.triangles.len()
            );
            if f64::from(figures.events()) > 1.1 * f64::from(events) {
                failures.push(format!(
                    "{name}: {} events, {events} when finer",
                    figures.events()
                ));
            }
        }
        if figures.reborn > 0 || figures.delta[0] > 0.05 {
            failures.push(format!("{name}: {figures:?}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
