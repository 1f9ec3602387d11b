//! AXIS: the scene of a frame → its strokes.

use std::sync::Arc;

use super::film::Prepared;
use crate::{
    artefact::Lines,
    camera::FrameSize,
    stroke::{Anatomy, DrawOptions, PressureModel, Stroke, Tracks, draw_tracked},
};

/// Drawing layers from back to front.
pub(super) const LAYERS: [&str; 3] = ["background", "midground", "subject"];

/// What a frame's drawing is told besides its scene.
pub(super) struct Settings<'a> {
    pub(super) cut_id: &'a str,
    /// Mean pressure asked for by hand.
    pub(super) pressure_avg: Option<f64>,
    /// How hard the pen presses.
    pub(super) pressure: PressureModel,
    /// The names of the cut's strokes, and the tick nearest to the frame.
    pub(super) tracks: (&'a Tracks, u32),
}

/// The lines of a frame, before edits.
pub(super) fn draw(
    prepared: &Prepared,
    anatomies: &[Arc<Anatomy>],
    size: FrameSize,
    settings: &Settings<'_>,
) -> Lines {
    let options = DrawOptions {
        pressure: settings.pressure,
        ..DrawOptions::default()
    };
    let projection = &prepared.projection;
    let mut drawing = draw_tracked(
        &prepared.objects,
        anatomies,
        projection,
        &prepared.visibility,
        &options,
        settings.tracks,
    );
    if let Some(wanted) = settings.pressure_avg {
        press_to(&mut drawing.strokes, wanted);
    }
    Lines::of_drawing(settings.cut_id, prepared.frame, size, projection, drawing)
}

/// Scales all pressures so that their mean is the one asked for, as far as [0, 1] allows.
fn press_to(strokes: &mut [Stroke], wanted: f64) {
    let count: usize = strokes.iter().map(|s| s.pressure.len()).sum();
    let sum: f64 = strokes.iter().flat_map(|s| &s.pressure).sum();
    if count == 0 || sum <= 0.0 {
        return;
    }
    let factor = wanted * count as f64 / sum;
    for stroke in strokes {
        stroke.pressure.iter_mut().for_each(|p| *p *= factor);
        stroke.round();
    }
}
