//! What each layer of a frame depends on, as hashes: the keys of the store (law 6).
//!
//! Geometry never depends on style or light, so a change of style leaves the lines' keys
//! alone; one cut's camera is in that cut's keys only.

use serde::Serialize;

use crate::{
    ENGINE_VERSION,
    artefact::{Affects, Control, Cut, CutSpec, StyleProfile, Weather},
    digest::{Canonical, Digest},
    time::Frame,
};

/// The keys of one frame's layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameKeys {
    /// The drawing as computed.
    pub drawing: Digest,
    /// The drawing with its edits.
    pub lines: Digest,
    /// Flat colour with lines.
    pub chroma: Digest,
    /// Effects.
    pub stokes: Digest,
    /// Light.
    pub raygen: Digest,
    /// The picture.
    pub anima: Digest,
}

/// The keys of a cut's tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracksKeys {
    /// Where every stroke runs at every tick: what a frame's names are found by.
    pub bake: Digest,
    /// `tracks.json`.
    pub listing: Digest,
}

/// Hashes that all frames share.
#[derive(Clone, Debug)]
pub(super) struct FilmKeys {
    /// Who, what, where, how they feel, how fast, how large.
    motion: Digest,
    /// Style and colours.
    color: Digest,
    /// Time of day, weather and light settings.
    light: Digest,
}

/// Adds the responses set by hand that a layer depends on; nothing where there are none.
fn responses(canonical: &mut Canonical, control: &Control, affects: Affects) {
    let set = control.responses_that(affects);
    if !set.is_empty() {
        canonical.digest(&of_json("responses/1", &set));
    }
}

fn of_json<T: Serialize>(kind: &str, value: &T) -> Digest {
    Canonical::new(kind)
        .text(ENGINE_VERSION)
        .text(&serde_json::to_string(value).unwrap_or_default())
        .finish()
}

impl FilmKeys {
    /// Keys of a film whose control is already laid over its spec.
    pub(super) fn new(spec: &CutSpec, control: &Control, style: &StyleProfile, assets: &[Digest]) -> Self {
        let bodies: Vec<_> = spec
            .cast
            .iter()
            .map(|m| (&m.id, m.kind, &m.variant, &m.asset, m.scale, &m.group))
            .collect();
        let place = &spec.place;
        let mut motion = Canonical::new("motion/1");
        motion.digest(&of_json("cast/1", &bodies));
        motion.digest(&of_json("actions/1", &spec.actions));
        motion.digest(&of_json("emotion/1", &spec.emotion));
        motion.digest(&of_json(
            "place/1",
            &(
                place.kind,
                place.above,
                place.ground_cover,
                place.weather == Weather::Snow,
            ),
        ));
        motion
            .text(&spec.seed)
            .text(&spec.frame_rate)
            .integer(u64::from(spec.frame_count));
        motion
            .integer(u64::from(spec.frame_size.width))
            .integer(u64::from(spec.frame_size.height));
        assets.iter().for_each(|digest| _ = motion.digest(digest));
        responses(&mut motion, control, Affects::Everything);
        let colors: Vec<_> = spec.cast.iter().map(|m| (&m.id, &m.colors)).collect();
        let mut color = Canonical::new("color/1");
        color.digest(&of_json("style/1", style));
        color.digest(&of_json("colors/1", &colors));
        color.digest(&of_json(
            "treatment/1",
            &(control.parameters.color_palette, control.number("ink/width")),
        ));
        color.digest(&of_json("hour/1", &(place.time_of_day, place.weather)));
        responses(&mut color, control, Affects::Color);
        let mut light = Canonical::new("light/1");
        responses(&mut light, control, Affects::Light);
        light.digest(&of_json("exposure/1", &control.number("light/exposure")));
        Self {
            motion: motion.finish(),
            color: color.finish(),
            light: light.finish(),
        }
    }

    /// What the strokes of a cut depend on, but their pressure.
    fn of_cut(&self, kind: &str, control: &Control, cut: &Cut) -> Canonical {
        let camera = (
            cut.first_frame,
            cut.last_frame,
            cut.shot_size,
            cut.angle,
            &cut.subjects,
        );
        let lens = (
            cut.focal_length_mm,
            cut.f_stop,
            cut.azimuth,
            &cut.moves,
            &cut.cut_id,
        );
        let mut canonical = Canonical::new(kind);
        canonical
            .digest(&self.motion)
            .digest(&of_json("cut/1", &(camera, lens)));
        responses(&mut canonical, control, Affects::Camera);
        canonical
    }

    /// Keys of a cut's tracks.
    pub(super) fn of_tracks(&self, control: &Control, cut: &Cut) -> TracksKeys {
        TracksKeys {
            bake: self.of_cut("tracks/1", control, cut).finish(),
            listing: self.of_cut("tracks_listing/1", control, cut).finish(),
        }
    }

    /// Keys of a frame of a cut.
    pub(super) fn of_frame(
        &self,
        control: &Control,
        cut: &Cut,
        frame: Frame,
        effects: Option<Digest>,
    ) -> FrameKeys {
        // the names are a function of motion and cut too
        let mut drawing = self.of_cut("drawing/2", control, cut);
        responses(&mut drawing, control, Affects::Drawing);
        drawing.digest(&of_json("pressure/1", &control.parameters.line_pressure_avg));
        let drawing = drawing.integer(u64::from(frame.0)).finish();
        let edits: Vec<_> = control.edits_at(frame.0).collect();
        let lines = Canonical::new("lines/1")
            .digest(&drawing)
            .digest(&of_json("edits/1", &edits))
            .finish();
        let chroma = Canonical::new("chroma/1")
            .digest(&lines)
            .digest(&self.color)
            .finish();
        let baked = effects.unwrap_or(drawing);
        let stokes = Canonical::new("stokes/1")
            .digest(&drawing)
            .digest(&baked)
            .digest(&self.color)
            .finish();
        let raygen = Canonical::new("raygen/1")
            .digest(&stokes)
            .digest(&self.light)
            .finish();
        let anima = Canonical::new("anima/1").digest(&chroma).digest(&raygen).finish();
        FrameKeys {
            drawing,
            lines,
            chroma,
            stokes,
            raygen,
            anima,
        }
    }
}
