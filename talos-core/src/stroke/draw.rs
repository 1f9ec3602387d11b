//! From posed objects to strokes: find features, keep what is seen, fit, press, name.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::anatomy::{Anatomy, Kind};
use super::chain::{Chain, Link, Sight};
use super::footprint::Footprint;
use super::intersection::intersections;
use super::join::join;
use super::name::{Draft, Place, class_of, named};
use super::occlusion::Occlusion;
use super::snap::snap;
use super::trace::{STEP_PX, Sample, Trace, smooth, traces};
use super::track_frame::Guide;
use super::{PressureModel, Stroke, StyleClass, Tracks, contour, fit};
use crate::camera::{FrameSize, Projection};
use crate::geometry::{Edge, Mark};
use crate::image::Visibility;
use crate::math::{DVec2, DVec3, scalar};
use crate::scene::SceneObject;

/// Fitted curves stay this close to the sampled line, pixels at 1080 lines: a third of a pixel is
/// not seen, and half of it would cost a quarter more knots.
pub const TOLERANCE_PX: f64 = 0.35;

/// The same in depth, by which a line on a surface that is seen at a slant leaves it.
const DEPTH_TOLERANCE_PX: f64 = 0.5;

/// The same for contours: the line of sight touches the surface there, and to leave a ball of 60 px
/// by a quarter of a pixel it takes more than 5 px along it.
const CONTOUR_DEPTH_TOLERANCE_PX: f64 = 4.0;

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
    pressure: &PressureModel,
) -> Vec<Stroke> {
    let anatomies: Vec<Arc<Anatomy>> = objects
        .par_iter()
        .map(|o| Arc::new(Anatomy::new(&o.model)))
        .collect();
    draw_prepared(objects, &anatomies, projection, size, visibility, pressure)
}

/// As [`draw`], with the [`Anatomy`] of each object's model, made once for all frames.
#[must_use]
pub fn draw_prepared(
    objects: &[SceneObject],
    anatomies: &[Arc<Anatomy>],
    projection: &Projection,
    size: FrameSize,
    visibility: &Visibility,
    pressure: &PressureModel,
) -> Vec<Stroke> {
    let frame = FrameView {
        projection,
        size,
        visibility,
        pressure,
        sketch: false,
        guide: None,
    };
    named(frame.drafts(objects, anatomies))
}

/// As [`draw_prepared`], with the names that the film's [`Tracks`] give: `tick` is the tick of the bake
/// nearest to the frame.
#[must_use]
pub fn draw_tracked(
    objects: &[SceneObject],
    anatomies: &[Arc<Anatomy>],
    projection: &Projection,
    visibility: &Visibility,
    pressure: &PressureModel,
    tracks: (&Tracks, u32),
) -> Vec<Stroke> {
    let guide = tracks.0.guide(tracks.1, objects, projection, visibility.size);
    let frame = FrameView {
        projection,
        size: visibility.size,
        visibility,
        pressure,
        sketch: false,
        guide: Some(&guide),
    };
    let drafts = frame.drafts(objects, anatomies);
    guide.named(drafts, objects)
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
        pressure: &PressureModel::default(),
        sketch: true,
        guide: None,
    };
    frame.drafts(objects, anatomies)
}

/// Number of samples in which each object is seen.
fn samples_of_objects(visibility: &Visibility, objects: usize) -> Vec<u64> {
    let total = visibility.first_triangle[objects];
    let count = |triangles: &[u32]| {
        let mut seen = vec![0_u64; objects];
        let (mut range, mut object) = (0..0, 0);
        for &t in triangles.iter().filter(|&&t| t < total) {
            if !range.contains(&t) {
                object = visibility.locate(t).map_or(0, |(o, _)| o);
                range = visibility.first_triangle[object]..visibility.first_triangle[object + 1];
            }
            seen[object] += 1;
        }
        seen
    };
    let add = |a: Vec<u64>, b: Vec<u64>| a.iter().zip(&b).map(|(a, b)| a + b).collect();
    visibility
        .triangle
        .par_chunks(1 << 18)
        .map(count)
        .reduce(|| vec![0; objects], add)
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

/// Apparent size below which a subject is small, pixels at 1080 lines: at a tenth of the frame's
/// height or so, lines of full weight would be as wide as a limb.
const SMALL_PX: f64 = 170.0;

/// Weight at least of a line that is shown through a gap: near what short strokes fade to, so that it
/// neither blinks nor stands out.
const GHOST_WEIGHT: f64 = 0.25;

struct FrameView<'a> {
    projection: &'a Projection,
    size: FrameSize,
    visibility: &'a Visibility,
    pressure: &'a PressureModel,
    /// Whether strokes are only found, not fitted.
    sketch: bool,
    /// The names of the frame's strokes, and what is held apart.
    guide: Option<&'a Guide<'a>>,
}

impl FrameView<'_> {
    /// Every object's strokes, before they are named.
    fn drafts(&self, objects: &[SceneObject], anatomies: &[Arc<Anatomy>]) -> Vec<Draft> {
        let visibility = self.visibility;
        if visibility.first_triangle.len() != objects.len() + 1
            || anatomies.len() != objects.len()
            || visibility.size != self.size
        {
            return Vec::new();
        }
        let sound = (0..objects.len()).all(|o| fits(&objects[o], &anatomies[o], visibility, o));
        let meets = if sound {
            intersections(objects, anatomies, visibility, self.projection)
        } else {
            BTreeMap::new()
        };
        let seen = samples_of_objects(visibility, objects.len());
        let drafts: Vec<Vec<Draft>> = (0..objects.len())
            .into_par_iter()
            .filter(|&o| seen[o] > 0 && fits(&objects[o], &anatomies[o], visibility, o))
            .map(|o| self.draw_object(&objects[o], &anatomies[o], o, meets.get(&o)))
            .collect();
        drafts.into_iter().flatten().collect()
    }

    fn draw_object(
        &self,
        object: &SceneObject,
        anatomy: &Anatomy,
        index: usize,
        meets: Option<&Vec<Chain>>,
    ) -> Vec<Draft> {
        let sight = Sight::new(object, anatomy, self.projection);
        let mut chains = contour::contours(&sight);
        chains.extend(sight.edge_chains());
        chains.extend(meets.into_iter().flatten().cloned());
        chains.extend(
            object
                .model
                .marks
                .iter()
                .enumerate()
                .filter_map(|(m, mark)| mark_chain(object, m, mark)),
        );
        let occlusion = Occlusion {
            visibility: self.visibility,
            size: self.size,
            anatomy,
            own: self.visibility.first_triangle[index]..self.visibility.first_triangle[index + 1],
        };
        let links: Vec<Link> = chains.iter().flat_map(|c| c.links.iter().copied()).collect();
        let mut contours = Vec::new();
        let mut meetings = Vec::new();
        let mut lines: Vec<Line> = Vec::new();
        for (chain, runs) in chains.iter().zip(self.runs(&sight, &occlusion, &chains)) {
            match chain.kind {
                Kind::Contour | Kind::Hard => contours.extend(runs),
                Kind::Intersection => meetings.extend(runs),
                _ => lines.extend(runs.into_iter().map(|run| Line {
                    kind: chain.kind,
                    mark: chain.mark,
                    run,
                    ghost: None,
                })),
            }
        }
        let scale = self.size.scale();
        let free = |sample: &Sample| occlusion.is_free_of_others(sample);
        let step = STEP_PX * scale;
        let joined = join(&contours, scale, step, free);
        lines.extend(joined.into_iter().map(|run| Line {
            kind: Kind::Contour,
            mark: None,
            run,
            ghost: None,
        }));
        let joined = join(&meetings, scale, step, |_| true);
        lines.extend(joined.into_iter().map(|run| Line {
            kind: Kind::Intersection,
            mark: None,
            run,
            ghost: None,
        }));
        let mut links = links;
        if let Some(guide) = self.guide {
            lines = guide.lines(&sight, index, &occlusion, &mut links, lines);
        }
        lines
            .into_par_iter()
            .filter(|line| {
                line.ghost.is_some() || line.run.length() >= 0.7 * self.least_length(object, line.kind)
            })
            .filter_map(|line| self.draft(&sight, index, &occlusion, &links, line))
            .collect()
    }

    /// The visible runs of each chain; links are counted over all chains.
    fn runs(&self, sight: &Sight<'_>, occlusion: &Occlusion<'_>, chains: &[Chain]) -> Vec<Vec<Trace>> {
        let mut first_link = 0;
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

    /// Least length of a stroke, pixels of the frame: short strokes are noise, sooner in the
    /// background, on small things and for inner lines than for outlines.
    fn least_length(&self, object: &SceneObject, kind: Kind) -> f64 {
        let least = match kind {
            Kind::Mark => 2.0,
            Kind::Contour | Kind::Hard | Kind::Border | Kind::Intersection => 6.0,
            _ => 8.0,
        };
        let layer = if object.layer == "background" { 1.7 } else { 1.0 };
        let small = (SMALL_PX / self.apparent_px(object)).clamp(1.0, 2.0);
        least * layer * small * self.size.scale()
    }

    /// Strokes fade in over half their least length, so that none pops up between two frames.
    fn length_factor(&self, object: &SceneObject, kind: Kind, run: &Trace, inner: f64) -> f64 {
        // a short contour inside a form says little and looks like dirt
        let inner = if kind == Kind::Contour {
            1.0 + 1.6 * inner
        } else {
            1.0
        };
        let least = self.least_length(object, kind) * inner;
        scalar::smoothstep(0.7 * least, 1.6 * least, run.length())
    }

    /// Size of an object on the picture, pixels at 1080 lines.
    fn apparent_px(&self, object: &SceneObject) -> f64 {
        let Some(&socket) = object.posed.positions.first() else {
            return SMALL_PX;
        };
        let depth = self.projection.depth(socket).max(Projection::NEAR_M);
        object.model.size_m * self.projection.focal_px() / depth / self.size.scale()
    }

    /// Small subjects are drawn with a fine pen, or their lines would run together; what stands
    /// behind presses less than who acts before it.
    fn layer_factor(&self, object: &SceneObject) -> f64 {
        match object.layer.as_str() {
            "background" => 0.55,
            "midground" => 0.8,
            _ => (self.apparent_px(object) / (3.0 * SMALL_PX))
                .sqrt()
                .clamp(0.28, 1.0),
        }
    }

    /// Smooths and fits a run and presses the pen.
    fn draft(
        &self,
        sight: &Sight<'_>,
        object: usize,
        occlusion: &Occlusion<'_>,
        links: &[Link],
        line: Line,
    ) -> Option<Draft> {
        let scale = self.size.scale();
        let Line {
            kind,
            mark,
            mut run,
            ghost,
        } = line;
        let place = Place::of(sight.object, sight.anatomy, kind, mark, links, &run);
        let style_class = class_of(kind, links, &run);
        let shown_through = ghost.is_some();
        let footprint =
            ghost.unwrap_or_else(|| Footprint::of(sight, object, (kind, mark), links, &run));
        let facet = run.length() / links_of(&run) as f64 / (STEP_PX * scale);
        match kind {
            Kind::Contour | Kind::Intersection => {
                // the contour of a mesh wanders to and fro in depth, where a few facets' width do not show
                let reach = (facet * 0.7).round().clamp(2.0, 12.0) as usize;
                smooth(&mut run, reach, 4 * reach, 0.7 * scale);
                mark_corners(&mut run);
            }
            // borders of colours and rims follow the mesh's edges: its steps are not meant
            Kind::Material | Kind::Border => {
                let reach = facet.round().clamp(2.0, 6.0) as usize;
                smooth(&mut run, reach, reach, 1.2 * scale);
            }
            Kind::Crease | Kind::Hard | Kind::Mark => {}
        }
        let outline = outline_shares(occlusion, &run);
        let inner = 1.0 - outline.iter().sum::<f64>() / outline.len() as f64;
        let mut weight =
            self.layer_factor(sight.object) * self.length_factor(sight.object, kind, &run, inner);
        if shown_through {
            weight = weight.max(GHOST_WEIGHT * self.layer_factor(sight.object));
        }
        if sight.object.layer == "background" && style_class == StyleClass::Crease {
            weight *= thin_face_factor(sight, links, &run, scale);
        }
        if weight <= 0.0 {
            return None;
        }
        if self.sketch {
            return Some(Draft::sketched(style_class, place, footprint));
        }
        let pixels: Vec<DVec2> = run.samples.iter().map(|s| s.pixel).collect();
        let corners: Vec<bool> = run.samples.iter().map(|s| s.corner).collect();
        let inverse_depths: Vec<f64> = run.samples.iter().map(|s| s.inverse_depth).collect();
        let samples = fit::Samples {
            pixels: &pixels,
            inverse_depths: &inverse_depths,
            corners: &corners,
            closed: run.closed,
        };
        let depth_px = match kind {
            Kind::Contour => CONTOUR_DEPTH_TOLERANCE_PX,
            _ => DEPTH_TOLERANCE_PX,
        };
        let tolerance = fit::Tolerance {
            px: TOLERANCE_PX * scale,
            depth_share: depth_px * scale / self.projection.focal_px(),
        };
        let fitted = fit::fit(&samples, tolerance);
        let along = self
            .pressure
            .along(&run.samples, &outline, style_class, weight, scale);
        let points_3d = fitted
            .points
            .iter()
            .zip(&fitted.inverse_depths)
            .map(|(&p, w)| self.projection.unproject(p, 1.0 / w))
            .collect::<Option<Vec<DVec3>>>()?;
        let mut stroke = Stroke {
            stroke_id: String::new(),
            layer: sight.object.layer.clone(),
            style_class,
            points: fitted.points,
            points_3d,
            pressure: fitted.knots.iter().map(|&k| along[k]).collect(),
            closed: run.closed,
        };
        stroke.round();
        stroke
            .points
            .iter()
            .all(|p| p.is_finite())
            .then_some(Draft {
                stroke,
                place,
                footprint,
            })
    }
}

/// A visible line before it is fitted.
pub(super) struct Line {
    pub(super) kind: Kind,
    pub(super) mark: Option<usize>,
    pub(super) run: Trace,
    /// Where it runs, when it is not this frame's own but shown through a gap of a few ticks.
    pub(super) ghost: Option<Footprint>,
}

/// For each sample the share of its neighbourhood where the line is an outline, not an inner line.
fn outline_shares(occlusion: &Occlusion<'_>, run: &Trace) -> Vec<f64> {
    let count = run.samples.len();
    let mut sums = vec![0.0];
    for i in 0..count {
        let (a, b) = (
            run.samples[i.saturating_sub(1)].pixel,
            run.samples[(i + 1).min(count - 1)].pixel,
        );
        let sample = &run.samples[i];
        let out = occlusion.stands_out(
            sample.pixel,
            (b - a).normalize_or_zero().perp(),
            sample.inverse_depth,
        );
        sums.push(sums[i] + if out { 1.0 } else { 0.0 });
    }
    (0..count)
        .map(|i| {
            let (a, b) = (i.saturating_sub(8), (i + 9).min(count));
            (sums[b] - sums[a]) / (b - a) as f64
        })
        .collect()
}

/// Edges of faces that are but a few pixels wide on the picture fade: a parapet is one line, not three.
fn thin_face_factor(sight: &Sight<'_>, links: &[Link], run: &Trace, scale: f64) -> f64 {
    let Some(sample) = run.samples.get(run.samples.len() / 2) else {
        return 1.0;
    };
    let width = links[sample.link as usize]
        .triangles
        .into_iter()
        .filter(|&t| t != Edge::NONE)
        .map(|t| sight.width_px(t))
        .fold(f64::INFINITY, f64::min);
    if width.is_finite() {
        scalar::smoothstep(1.0, 6.0, width / scale).max(0.12)
    } else {
        1.0
    }
}

/// Number of different links a run passes.
fn links_of(run: &Trace) -> usize {
    1 + run.samples.windows(2).filter(|w| w[0].link != w[1].link).count()
}

/// Marks samples where a smoothed contour turns by more than 55° within about 9 px.
fn mark_corners(run: &mut Trace) {
    let reach = 3;
    let count = run.samples.len();
    let cosine = |i: usize| {
        if !run.closed && (i < reach || i + reach >= count) {
            return 1.0;
        }
        let at = |k: usize| run.samples[(i + count + k - reach) % count].pixel;
        let (a, b) = (at(reach) - at(0), at(2 * reach) - at(reach));
        a.dot(b) / (a.length() * b.length()).max(1e-12)
    };
    let cosines: Vec<f64> = (0..count).map(cosine).collect();
    for i in 0..count {
        let sharpest = (1..=reach)
            .all(|k| cosines[i] <= cosines[(i + k) % count] && cosines[i] < cosines[(i + count - k) % count]);
        run.samples[i].corner = cosines[i] < 0.57 && sharpest;
    }
}

/// A mark as a smooth curve (Catmull & Rom 1974) through its points.
fn mark_chain(object: &SceneObject, index: usize, mark: &Mark) -> Option<Chain> {
    const STEPS: usize = 8;
    let positions = &object.posed.positions;
    let points: Vec<DVec3> = mark
        .points
        .iter()
        .map(|&v| positions.get(v as usize).copied())
        .collect::<Option<_>>()?;
    let count = points.len();
    if count < 2 {
        return None;
    }
    let at = |i: isize| {
        let n = count as isize;
        let i = if mark.closed {
            i.rem_euclid(n)
        } else {
            i.clamp(0, n - 1)
        };
        (
            points[i as usize],
            mark.pressure.get(i as usize).copied().unwrap_or(1.0),
        )
    };
    let spans = if mark.closed { count } else { count - 1 };
    let (mut nodes, mut pressure) = (Vec::new(), Vec::new());
    for span in 0..spans as isize {
        let [a, b, c, d] = [-1, 0, 1, 2].map(|k| at(span + k));
        for step in 0..STEPS {
            let t = step as f64 / STEPS as f64;
            nodes.push(catmull_rom([a.0, b.0, c.0, d.0], t));
            pressure.push(b.1 + (c.1 - b.1) * t);
        }
    }
    if !mark.closed {
        let end = at(spans as isize);
        nodes.push(end.0);
        pressure.push(end.1);
    }
    let spacing = points.windows(2).map(|w| (w[1] - w[0]).length()).sum::<f64>() / (count - 1) as f64;
    let link = Link {
        triangles: [Edge::NONE; 2],
        shown: true,
        silhouette: false,
        // marks lie on the skin, which may bulge over the curve between two points: by an eighth
        // of their distance where it is as round as that
        reach_m: 0.15 * spacing.min(0.03 * object.model.size_m),
        share: 0.0,
    };
    let links = vec![link; if mark.closed { nodes.len() } else { nodes.len() - 1 }];
    Some(Chain {
        kind: Kind::Mark,
        nodes,
        links,
        closed: mark.closed,
        pressure,
        mark: Some(index),
    })
}

fn catmull_rom([a, b, c, d]: [DVec3; 4], t: f64) -> DVec3 {
    let m0 = (c - a) * 0.5;
    let m1 = (d - b) * 0.5;
    let (t2, t3) = (t * t, t * t * t);
    b * (2.0 * t3 - 3.0 * t2 + 1.0) + m0 * (t3 - 2.0 * t2 + t) + c * (3.0 * t2 - 2.0 * t3) + m1 * (t3 - t2)
}
