//! From posed objects to strokes: find features, keep what is seen, draft, name.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::anatomy::{Anatomy, Kind};
use super::chain::{Chain, Link, Sight};
use super::draft::{Drafted, Draughtsman, Line};
use super::intersection::intersections;
use super::join::join;
use super::mark::mark_chain;
use super::name::{Draft, named};
use super::occlusion::Occlusion;
use super::quality::{Rejected, p99};
use super::silhouette::{rests, silhouettes};
use super::snap::snap;
use super::suggestive::suggestive;
use super::surface::Surface;
use super::trace::{STEP_PX, Sample, Trace, traces};
use super::track_frame::Guide;
use super::{PressureModel, Scene, Stroke, Tracks, contour};
use crate::camera::{FrameSize, Projection};
use crate::image::Visibility;
use crate::scene::SceneObject;

/// A bridge between two ends of a contour may leave the surface by this much: more would draw a line
/// through the air. Pixels at 1080 lines.
const BRIDGE_AWAY_PX: f64 = 8.0;

/// What is drawn, besides what always is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DrawOptions {
    /// How hard the pen presses.
    pub pressure: PressureModel,
    /// Whether smooth forms get suggestive contours.
    pub suggestive_contours: bool,
}

/// The strokes of a frame, and what was not drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Sorted by id.
    pub strokes: Vec<Stroke>,
    /// Distance of S(t) from the posed surface that 99 % of all places stay under, pixels.
    pub surface_p99_px: f64,
    /// Lines that failed a gate, by feature.
    pub rejected: Vec<Rejected>,
}

/// The strokes of a frame, sorted by id. `visibility` must be what [`crate::image::rasterize`] made
/// of the same objects, projection and size.
///
/// Objects whose pose does not fit their mesh are left out; a visibility of other objects or of
/// another size gives nothing.
#[must_use]
pub fn draw(
    objects: &[SceneObject],
    projection: &Projection,
    size: FrameSize,
    visibility: &Visibility,
    options: &DrawOptions,
) -> Drawing {
    let anatomies: Vec<Arc<Anatomy>> = objects
        .par_iter()
        .map(|o| Arc::new(Anatomy::new(&o.model)))
        .collect();
    draw_prepared(objects, &anatomies, projection, size, visibility, options)
}

/// As [`draw`], with the [`Anatomy`] of each object's model, made once for all frames.
#[must_use]
pub fn draw_prepared(
    objects: &[SceneObject],
    anatomies: &[Arc<Anatomy>],
    projection: &Projection,
    size: FrameSize,
    visibility: &Visibility,
    options: &DrawOptions,
) -> Drawing {
    let frame = FrameView {
        projection,
        size,
        visibility,
        options,
        sketch: false,
        guide: None,
    };
    let (mut drawing, drafts) = frame.drawing(objects, anatomies);
    drawing.strokes = named(drafts);
    drawing
}

/// As [`draw_prepared`], with the names that the cut's [`Tracks`] give; the number is that of the tick
/// nearest to the frame.
#[must_use]
pub fn draw_tracked(
    objects: &[SceneObject],
    anatomies: &[Arc<Anatomy>],
    projection: &Projection,
    visibility: &Visibility,
    options: &DrawOptions,
    tracks: (&Tracks, u32),
) -> Drawing {
    let guide = tracks.0.guide(tracks.1, objects, projection, visibility.size);
    let frame = FrameView {
        projection,
        size: visibility.size,
        visibility,
        options,
        sketch: false,
        guide: Some(&guide),
    };
    let (mut drawing, drafts) = frame.drawing(objects, anatomies);
    drawing.strokes = guide.named(drafts, objects);
    drawing
}

/// The strokes of a frame without their curves: where they run and by what they are named.
pub(super) fn sketch(
    objects: &[SceneObject],
    anatomies: &[Arc<Anatomy>],
    projection: &Projection,
    visibility: &Visibility,
) -> Vec<Draft> {
    let frame = FrameView {
        projection,
        size: visibility.size,
        visibility,
        options: &DrawOptions::default(),
        sketch: true,
        guide: None,
    };
    frame.drawing(objects, anatomies).1
}

/// The strokes of an object's marks alone, with the triangles under their spans; it stands for the
/// scene's object of this index.
pub(super) fn draw_marks(
    scene: &Scene<'_>,
    object: &SceneObject,
    under: &[Vec<u32>],
    index: usize,
) -> Vec<Stroke> {
    let options = DrawOptions {
        pressure: *scene.pressure,
        ..DrawOptions::default()
    };
    let frame = FrameView {
        projection: scene.projection,
        size: scene.size,
        visibility: scene.visibility,
        options: &options,
        sketch: false,
        guide: None,
    };
    match scene.anatomies.get(index) {
        Some(anatomy) if fits(object, anatomy, scene.visibility, index) => {
            let drafted = frame.draw_object(object, anatomy, index, None, Some(under));
            let strokes = drafted.into_iter().filter_map(|line| match line {
                Drafted::Stroke(draft, _) => Some(*draft),
                Drafted::Rejected(_) => None,
            });
            named(strokes.collect())
        }
        _ => Vec::new(),
    }
}

/// Whether each object is seen in any sample.
fn objects_seen(visibility: &Visibility, objects: usize) -> Vec<bool> {
    let total = visibility.first_triangle[objects];
    let look = |triangles: &[u32]| {
        let mut seen = vec![false; objects];
        // neighbours mostly see the same object
        let mut range = 0..0;
        for &t in triangles {
            if !range.contains(&t) && t < total {
                let object = visibility.locate(t).map_or(0, |(o, _)| o);
                range = visibility.first_triangle[object]..visibility.first_triangle[object + 1];
                seen[object] = true;
            }
        }
        seen
    };
    let either = |a: Vec<bool>, b: Vec<bool>| a.iter().zip(&b).map(|(a, b)| *a || *b).collect();
    visibility
        .triangle
        .par_chunks(1 << 18)
        .map(look)
        .reduce(|| vec![false; objects], either)
}

/// Whether an object, its anatomy and the visibility belong together and its indices are sound.
fn fits(object: &SceneObject, anatomy: &Anatomy, visibility: &Visibility, index: usize) -> bool {
    let mesh = &object.model.mesh;
    let count = mesh.triangles.len();
    let numbers = visibility
        .first_triangle
        .get(index)
        .zip(visibility.first_triangle.get(index + 1));
    object.posed.positions.len() == mesh.positions.len()
        && object.posed.normals.len() == mesh.positions.len()
        && anatomy.cell.len() == count
        && numbers.is_some_and(|(first, next)| (next - first) as usize == count)
}

pub(super) struct FrameView<'a> {
    pub(super) projection: &'a Projection,
    pub(super) size: FrameSize,
    pub(super) visibility: &'a Visibility,
    pub(super) options: &'a DrawOptions,
    /// Whether strokes are only found, not fitted.
    pub(super) sketch: bool,
    /// The names of the frame's strokes, and what is held apart.
    pub(super) guide: Option<&'a Guide<'a>>,
}

impl FrameView<'_> {
    /// Every object's strokes, before they are named, and what is said of the drawing.
    fn drawing(&self, objects: &[SceneObject], anatomies: &[Arc<Anatomy>]) -> (Drawing, Vec<Draft>) {
        let visibility = self.visibility;
        if visibility.first_triangle.len() != objects.len() + 1
            || anatomies.len() != objects.len()
            || visibility.size != self.size
        {
            return (Drawing::default(), Vec::new());
        }
        let sound = (0..objects.len()).all(|o| fits(&objects[o], &anatomies[o], visibility, o));
        let meets = if sound {
            intersections(objects, anatomies, visibility, self.projection)
        } else {
            BTreeMap::new()
        };
        let seen = objects_seen(visibility, objects.len());
        let drafted: Vec<Vec<Drafted>> = (0..objects.len())
            .into_par_iter()
            .filter(|&o| seen[o] && fits(&objects[o], &anatomies[o], visibility, o))
            .map(|o| self.draw_object(&objects[o], &anatomies[o], o, meets.get(&o), None))
            .collect();
        let (mut drafts, mut rejected, mut surface_px) = (Vec::new(), Vec::new(), Vec::new());
        for line in drafted.into_iter().flatten() {
            match line {
                Drafted::Stroke(draft, distances) => {
                    drafts.push(*draft);
                    surface_px.extend(distances);
                }
                Drafted::Rejected(line) => rejected.push(line),
            }
        }
        rejected.sort_by(|a, b| {
            a.feature
                .cmp(&b.feature)
                .then(b.length_px.total_cmp(&a.length_px))
        });
        let drawing = Drawing {
            strokes: Vec::new(),
            surface_p99_px: p99(surface_px),
            rejected,
        };
        (drawing, drafts)
    }

    fn draw_object(
        &self,
        object: &SceneObject,
        anatomy: &Anatomy,
        index: usize,
        meets: Option<&Vec<Chain>>,
        added: Option<&[Vec<u32>]>,
    ) -> Vec<Drafted> {
        let sight = Sight::new(object, anatomy, self.projection);
        let (mut chains, outer) = match added {
            None => self.features(&sight),
            Some(_) => (Vec::new(), Vec::new()),
        };
        chains.extend(meets.into_iter().flatten().cloned());
        let under = added.unwrap_or(&anatomy.mark_triangles);
        chains.extend(
            object
                .model
                .marks
                .iter()
                .enumerate()
                .filter_map(|(m, mark)| mark_chain(object, &under[m], m, mark)),
        );
        let occlusion = Occlusion {
            visibility: self.visibility,
            size: self.size,
            anatomy,
            own: self.visibility.first_triangle[index]..self.visibility.first_triangle[index + 1],
        };
        let all = chains.iter().chain(&outer);
        let links: Vec<Link> = all.flat_map(|c| c.links.iter().copied()).collect();
        let inner_links: usize = chains.iter().map(|c| c.links.len()).sum();
        let mut contours = Vec::new();
        let mut meetings = Vec::new();
        let mut lines: Vec<Line> = Vec::new();
        for (chain, runs) in chains.iter().zip(self.runs(&sight, &occlusion, &chains, 0)) {
            match chain.kind {
                Kind::Contour | Kind::Hard => contours.extend(runs),
                Kind::Intersection => meetings.extend(runs),
                _ => lines.extend(runs.into_iter().map(|run| Line {
                    kind: chain.kind,
                    mark: chain.mark,
                    run,
                })),
            }
        }
        let scale = self.size.scale();
        let outer: Vec<Trace> = self
            .runs(&sight, &occlusion, &outer, inner_links)
            .into_iter()
            .flatten()
            .collect();
        let drawn = contours.iter().chain(lines.iter().map(|l| &l.run));
        contours.extend(rests(outer, drawn, scale));
        let surface = Surface::new(&sight);
        let free = |sample: &Sample| {
            let under = links[sample.link as usize].under;
            occlusion.is_free_of_others(sample)
                && surface.away_px(sample.pixel, sample.inverse_depth, under) < BRIDGE_AWAY_PX * scale
        };
        let step = STEP_PX * scale;
        let joined = join(&contours, scale, step, free);
        lines.extend(joined.into_iter().map(|run| Line {
            kind: Kind::Contour,
            mark: None,
            run,
        }));
        let joined = join(&meetings, scale, step, |_| true);
        lines.extend(joined.into_iter().map(|run| Line {
            kind: Kind::Intersection,
            mark: None,
            run,
        }));
        if let Some(guide) = self.guide {
            lines = guide.lines(&sight, index, &links, lines);
        }
        let draughtsman = Draughtsman {
            object: index,
            view: self,
            sight: &sight,
            occlusion: &occlusion,
            links: &links,
        };
        lines
            .into_par_iter()
            .flat_map_iter(|line| draughtsman.draft(line))
            .collect()
    }

    /// The lines of a surface, and its silhouettes where these may be missed.
    fn features(&self, sight: &Sight<'_>) -> (Vec<Chain>, Vec<Chain>) {
        let mut chains = contour::contours(sight);
        chains.extend(sight.edge_chains());
        if self.options.suggestive_contours {
            chains.extend(suggestive(sight));
        }
        (chains, silhouettes(sight, self.size.scale()))
    }

    /// The visible runs of each chain; links are counted over all chains, from `first_link`.
    fn runs(
        &self,
        sight: &Sight<'_>,
        occlusion: &Occlusion<'_>,
        chains: &[Chain],
        first_link: usize,
    ) -> Vec<Vec<Trace>> {
        let mut first_link = first_link as u32;
        let first_links: Vec<u32> = chains
            .iter()
            .map(|c| {
                first_link += c.links.len() as u32;
                first_link - c.links.len() as u32
            })
            .collect();
        chains
            .par_iter()
            .zip(first_links)
            .map(|(chain, first)| {
                let mut traces = traces(chain, self.projection, self.size);
                if chain.kind == Kind::Contour {
                    for trace in &mut traces {
                        snap(sight, chain, trace, self.size.scale());
                    }
                }
                let mut runs: Vec<Trace> = traces
                    .iter()
                    .flat_map(|trace| occlusion.visible_runs(sight, chain, trace))
                    .collect();
                runs.iter_mut()
                    .flat_map(|r| &mut r.samples)
                    .for_each(|s| s.link += first);
                runs
            })
            .collect()
    }
}
