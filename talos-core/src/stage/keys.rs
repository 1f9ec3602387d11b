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

    /// Key of a frame's drawing as computed.
    fn drawing(&self, control: &Control, cut: &Cut, frame: Frame) -> Digest {
        // the names are a function of motion and cut too
        let mut drawing = self.of_cut("drawing/2", control, cut);
        responses(&mut drawing, control, Affects::Drawing);
        drawing.digest(&of_json("pressure/1", &control.parameters.line_pressure_avg));
        drawing.integer(u64::from(frame.0)).finish()
    }

    /// Keys of a frame of a cut.
    pub(super) fn of_frame(
        &self,
        control: &Control,
        cut: &Cut,
        frame: Frame,
        effects: Option<Digest>,
    ) -> FrameKeys {
        let drawing = self.drawing(control, cut, frame);
        let frames = cut.first_frame..=cut.last_frame;
        let mut lines = Canonical::new("lines/1");
        lines.digest(&drawing);
        let edits = control.edits_at(frame.0, &frames);
        if !edits.is_empty() {
            lines.digest(&of_json("edits/2", &edits));
        }
        // a retimed stroke is taken from another frame's drawing
        for source in edits.iter().filter_map(|(e, _)| e.source_frame(frame.0, &frames)) {
            lines.digest(&self.drawing(control, cut, Frame(source)));
        }
        let lines = lines.finish();
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::{
        artefact::Range,
        random::Seed,
        stage::prism::{DirectOptions, direct},
    };

    fn spec() -> CutSpec {
        let options = DirectOptions {
            seed: Seed(1),
            ..DirectOptions::default()
        };
        direct("two wolves run through a forest at dusk, 8 seconds", &options).expect("a film")
    }

    /// The keys of the middle frame of every cut.
    fn keys(spec: &CutSpec, control: &Control) -> Vec<FrameKeys> {
        let (laid, _) = control.laid_over(spec);
        let style = StyleProfile::named(&laid.style).expect("a style");
        let film = FilmKeys::new(&laid, control, &style, &[]);
        let of = |cut: &Cut| {
            let frame = Frame(u32::midpoint(cut.first_frame, cut.last_frame));
            film.of_frame(control, cut, frame, None)
        };
        laid.cuts.iter().map(of).collect()
    }

    /// Layers whose keys differ.
    fn changed(a: &FrameKeys, b: &FrameKeys) -> BTreeSet<&'static str> {
        let pairs = [
            ("drawing", a.drawing != b.drawing),
            ("lines", a.lines != b.lines),
            ("chroma", a.chroma != b.chroma),
            ("stokes", a.stokes != b.stokes),
            ("raygen", a.raygen != b.raygen),
            ("anima", a.anima != b.anima),
        ];
        pairs
            .into_iter()
            .filter(|(_, differs)| *differs)
            .map(|(name, _)| name)
            .collect()
    }

    fn stale(affects: Affects) -> &'static [&'static str] {
        match affects {
            Affects::Everything | Affects::Camera | Affects::Cut | Affects::Drawing => {
                &["anima", "chroma", "drawing", "lines", "raygen", "stokes"]
            }
            Affects::Lines => &["anima", "chroma", "lines"],
            Affects::Color => &["anima", "chroma", "raygen", "stokes"],
            Affects::Light => &["anima", "raygen"],
            // the simulation's own key, which only a film with fire has
            Affects::Effects => &[],
        }
    }

    fn values(range: &Range) -> Vec<Value> {
        match range {
            Range::Number(low, high) | Range::Curve(low, high) => vec![json!(low), json!(high)],
            Range::Numbers(low, high) => vec![json!([low, high])],
            Range::Word(words) => words.iter().map(|w| json!(w)).collect(),
            Range::Color => vec![json!("#123456")],
        }
    }

    #[test]
    fn what_a_parameter_is_said_to_affect_is_what_its_change_makes_stale() {
        let spec = spec();
        let before = keys(&spec, &Control::default());
        assert!(before.len() > 1, "more than one cut");
        for parameter in Control::default().list(&spec) {
            let mut found = BTreeSet::new();
            let mut cuts = BTreeSet::new();
            for value in values(&parameter.range) {
                let mut control = Control::default();
                control.set(&spec, &parameter.address, value).expect("in range");
                for (i, (a, b)) in before.iter().zip(keys(&spec, &control)).enumerate() {
                    let layers = changed(a, &b);
                    if !layers.is_empty() {
                        cuts.insert(i);
                    }
                    found.extend(layers);
                }
            }
            let expected: BTreeSet<&str> = stale(parameter.affects).iter().copied().collect();
            assert_eq!(found, expected, "{}", parameter.address);
            if parameter.affects == Affects::Cut {
                assert_eq!(cuts.len(), 1, "{}", parameter.address);
            }
        }
    }
}
