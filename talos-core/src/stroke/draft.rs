//! A visible line becomes a stroke: smoothed, brought back to its surface, fitted, pressed, measured.

use super::anatomy::Kind;
use super::chain::{Link, Sight};
use super::draw::FrameView;
use super::footprint::Footprint;
use super::name::{Draft, Place, class_of};
use super::occlusion::Occlusion;
use super::quality::{Measured, Rejected, Rejection};
use super::surface::{Ground, Surface, settle};
use super::trace::{STEP_PX, Trace, smooth};
use super::{Stroke, StyleClass, fit};
use crate::camera::Projection;
use crate::geometry::Edge;
use crate::math::{DVec2, scalar};
use crate::scene::SceneObject;

/// Fitted curves stay this close to the sampled line, pixels at 1080 lines: a third of a pixel is
/// not seen, and half of it would cost a quarter more knots.
pub const TOLERANCE_PX: f64 = 0.35;

/// Homes stay this close to the posed surface, pixels at their depth, at 1080 lines.
const SURFACE_TOLERANCE_PX: f64 = 0.22;

/// Smoothing, snapping and bridging may carry a line this far off its surface; beyond it is brought
/// back. With what fitting adds it stays under a quarter of a pixel. Pixels at 1080 lines.
const TUBE_PX: f64 = 0.15;

/// Further off than this a line crosses a gap between surfaces, and nothing there is its own.
/// Pixels at 1080 lines.
const GAP_PX: f64 = 8.0;

/// Authored lines may be laid above their skin, to clear its bumps, by this share of the subject's size.
const MARK_LIFT: f64 = 0.02;

/// Least length of a suggestive contour, pixels at 1080 lines: a short one is a scratch.
const SUGGESTIVE_PX: f64 = 30.0;

/// Apparent size below which a subject is small, pixels at 1080 lines: at a tenth of the frame's
/// height or so, lines of full weight would be as wide as a limb.
const SMALL_PX: f64 = 170.0;

/// A visible line before it is fitted.
pub(super) struct Line {
    pub(super) kind: Kind,
    pub(super) mark: Option<usize>,
    pub(super) run: Trace,
}

/// What becomes of a line.
#[allow(
    clippy::large_enum_variant,
    reason = "strokes are many and refused lines few: a box each would cost more"
)]
pub(super) enum Drafted {
    /// A stroke, and its distance from the surface at each sample, pixels.
    Stroke(Box<Draft>, Vec<f64>),
    Rejected(Rejected),
}

/// What the lines of one object are drawn with.
pub(super) struct Draughtsman<'a> {
    /// Number of the object.
    pub(super) object: usize,
    pub(super) view: &'a FrameView<'a>,
    pub(super) sight: &'a Sight<'a>,
    pub(super) occlusion: &'a Occlusion<'a>,
    /// Links that the samples of all lines refer to.
    pub(super) links: &'a [Link],
}

impl Draughtsman<'_> {
    /// The strokes of a line: one, or those of its pieces where it leaves the surface between them.
    pub(super) fn draft(&self, line: Line) -> Vec<Drafted> {
        let scale = self.view.size.scale();
        let Line { kind, mark, mut run } = line;
        if run.length() < 0.7 * self.view.least_length(self.sight.object, kind) {
            return Vec::new();
        }
        if self.view.sketch {
            return self.sketched(kind, mark, &run).into_iter().collect();
        }
        let depths: Vec<f64> = run.samples.iter().map(|s| s.inverse_depth).collect();
        self.smoothed(kind, &mut run);
        let lift_m = match kind {
            Kind::Mark => MARK_LIFT * self.sight.object.model.size_m,
            _ => 0.0,
        };
        let gap = (GAP_PX * scale, lift_m);
        let ground = settle(self.sight, self.links, &mut run, &depths, gap, TUBE_PX * scale);
        // an authored line is where its author put it
        if kind == Kind::Mark || ground.iter().all(|g| g.near) {
            return self.stroke(kind, mark, &run, &ground).into_iter().collect();
        }
        let feature = self.place(kind, mark, &run);
        pieces(&run, &ground)
            .into_iter()
            .flat_map(|(piece, ground)| {
                if ground[0].near {
                    self.stroke(kind, mark, &piece, &ground)
                } else {
                    let length_px = piece.length();
                    Some(Drafted::Rejected(Rejected::new(
                        feature.feature(),
                        Rejection::OffSurface,
                        length_px,
                    )))
                }
            })
            .collect()
    }

    /// A line as a stroke without a curve.
    fn sketched(&self, kind: Kind, mark: Option<usize>, run: &Trace) -> Option<Drafted> {
        let class = class_of(kind, self.links, run);
        self.weight(kind, class, run)?;
        let draft = Draft::sketched(
            class,
            self.place(kind, mark, run),
            self.footprint(kind, mark, run),
        );
        Some(Drafted::Stroke(Box::new(draft), Vec::new()))
    }

    fn footprint(&self, kind: Kind, mark: Option<usize>, run: &Trace) -> Footprint {
        Footprint::of(self.sight, self.object, (kind, mark), self.links, run)
    }

    /// Takes out of a line what the mesh put into it.
    fn smoothed(&self, kind: Kind, run: &mut Trace) {
        let scale = self.view.size.scale();
        let facet = run.length() / links_of(run) as f64 / (STEP_PX * scale);
        match kind {
            Kind::Contour | Kind::Intersection | Kind::Suggestive => {
                // the contour of a mesh wanders to and fro in depth, where a few facets' width do not show
                let reach = (facet * 0.7).round().clamp(2.0, 12.0) as usize;
                smooth(run, reach, 4 * reach, 0.7 * scale);
                mark_corners(run);
            }
            // borders of colours and rims follow the mesh's edges: its steps are not meant
            Kind::Material | Kind::Border => {
                let reach = facet.round().clamp(2.0, 6.0) as usize;
                smooth(run, reach, reach, 1.2 * scale);
            }
            Kind::Crease | Kind::Hard | Kind::Mark => {}
        }
    }

    fn place(&self, kind: Kind, mark: Option<usize>, run: &Trace) -> Place {
        Place::of(self.sight.object, self.sight.anatomy, kind, mark, self.links, run)
    }

    /// Fits a settled run and presses the pen.
    fn stroke(&self, kind: Kind, mark: Option<usize>, run: &Trace, ground: &[Ground]) -> Option<Drafted> {
        let (sight, view) = (self.sight, self.view);
        let place = self.place(kind, mark, run);
        let style_class = class_of(kind, self.links, run);
        let weight = self.weight(kind, style_class, run)?;
        let fitted = fitted(sight, run, ground, view.size.scale());
        let outline = outline_shares(self.occlusion, run);
        let along =
            view.options
                .pressure
                .along(&run.samples, &outline, style_class, weight, view.size.scale());
        let homes = view.projection.unprojection().map(|back| {
            let depths = fitted.inverse_depths.iter().map(|w| 1.0 / w);
            let places = fitted.points.iter().zip(depths);
            places.map(|(&p, depth_m)| back.place(p, depth_m)).collect()
        });
        let mut stroke = Stroke {
            stroke_id: String::new(),
            layer: sight.object.layer.clone(),
            style_class,
            points: fitted.points,
            points_3d: homes.unwrap_or_default(),
            pressure: fitted.knots.iter().map(|&k| along[k]).collect(),
            closed: run.closed,
            width: 1.0,
            quality: None,
        };
        stroke.round();
        let finite = stroke.points_3d.len() == stroke.points.len()
            && stroke.points.iter().all(|p| p.is_finite())
            && stroke.points_3d.iter().all(|p| p.is_finite());
        if !finite {
            let rejected = Rejected::new(place.feature(), Rejection::NotFinite, run.length());
            return Some(Drafted::Rejected(rejected));
        }
        let measured = Measured::of(&stroke, sight, ground, &fitted.parameters);
        stroke.quality = Some(measured.quality(kind == Kind::Contour));
        let footprint = self.footprint(kind, mark, run);
        let draft = Draft {
            stroke,
            place,
            footprint,
        };
        Some(Drafted::Stroke(Box::new(draft), measured.surface_px))
    }

    /// How much a line weighs; `None` for one that is not to be seen.
    fn weight(&self, kind: Kind, class: StyleClass, run: &Trace) -> Option<f64> {
        let (object, view) = (self.sight.object, self.view);
        let outline = outline_shares(self.occlusion, run);
        let inner = 1.0 - outline.iter().sum::<f64>() / outline.len() as f64;
        let mut weight = view.layer_factor(object) * view.length_factor(object, kind, run, inner);
        if object.layer == "background" && class == StyleClass::Crease {
            weight *= thin_face_factor(self.sight, self.links, run, view.size.scale());
        }
        (weight > 0.0).then_some(weight)
    }
}

/// Stretches of a run on and off the surface, in turn; a loop is opened where it changes.
fn pieces(run: &Trace, ground: &[Ground]) -> Vec<(Trace, Vec<Ground>)> {
    let (mut samples, mut ground) = (run.samples.clone(), ground.to_vec());
    if run.closed
        && let Some(change) = (1..ground.len()).find(|&i| ground[i].near != ground[i - 1].near)
    {
        samples.rotate_left(change);
        ground.rotate_left(change);
    }
    let mut start = 0;
    ground
        .chunk_by(|a, b| a.near == b.near)
        .map(|stretch| {
            let range = start..start + stretch.len();
            start = range.end;
            let piece = Trace {
                samples: samples[range].to_vec(),
                closed: false,
            };
            (piece, stretch.to_vec())
        })
        .filter(|(piece, _)| piece.samples.len() > 2)
        .collect()
}

impl FrameView<'_> {
    /// Least length of a stroke, pixels of the frame: short strokes are noise, sooner in the
    /// background, on small things and for inner lines than for outlines.
    fn least_length(&self, object: &SceneObject, kind: Kind) -> f64 {
        let least = match kind {
            Kind::Mark => 2.0,
            Kind::Suggestive => SUGGESTIVE_PX,
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
}

/// Béziers through a line's samples, near to them and to the surface.
fn fitted(sight: &Sight<'_>, run: &Trace, ground: &[Ground], scale: f64) -> fit::Fit {
    let surface = Surface::new(sight);
    let pixels: Vec<DVec2> = run.samples.iter().map(|s| s.pixel).collect();
    let inverse_depths: Vec<f64> = run.samples.iter().map(|s| s.inverse_depth).collect();
    let corners: Vec<bool> = run.samples.iter().map(|s| s.corner).collect();
    let away_px = |k: usize, pixel: DVec2, inverse_depth: f64| {
        // where the line itself is off the surface, a curve as far off is no fault of the fit
        if ground[k].away_px > SURFACE_TOLERANCE_PX * scale {
            0.0
        } else {
            surface.away_px(pixel, inverse_depth, ground[k].triangle)
        }
    };
    let samples = fit::Samples {
        pixels: &pixels,
        inverse_depths: &inverse_depths,
        corners: &corners,
        closed: run.closed,
        away_px: &away_px,
    };
    let tolerance = fit::Tolerance {
        picture_px: TOLERANCE_PX * scale,
        surface_px: SURFACE_TOLERANCE_PX * scale,
    };
    fit::fit(&samples, tolerance)
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
