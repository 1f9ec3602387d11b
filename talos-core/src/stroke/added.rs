//! Lines that an artist adds: places on a subject's surface, posed with it, and drawn as marks are.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Anatomy, PressureModel, Stroke, draw::draw_marks, edit::smooth};
use crate::camera::{FrameSize, Projection};
use crate::geometry::Mark;
use crate::image::Visibility;
use crate::math::{DVec2, DVec3};
use crate::scene::SceneObject;

/// Pixels (at 1080 lines) between the places that are kept of a line: near enough that the curve
/// through them does not cut through the skin.
const SPACING_PX: f64 = 5.0;

/// A place on a model's surface, whatever its pose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurfacePoint {
    /// Index of a triangle of the model.
    pub triangle: u32,
    /// Weights of its corners, in [0, 1], with the sum 1.
    pub weights: [f64; 3],
    /// How far above the surface, metres.
    #[serde(default)]
    pub lift_m: f64,
}

impl SurfacePoint {
    /// Whether its weights lie on the triangle and its lift is no flight.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let inside = self.weights.iter().all(|w| (-1e-3..=1.001).contains(w));
        inside && (self.weights.iter().sum::<f64>() - 1.0).abs() < 1e-3 && self.lift_m.abs() <= 1.0
    }

    /// Its place and the surface's normal in the world; `None` for a triangle the model has not.
    fn posed(&self, object: &SceneObject) -> Option<(DVec3, DVec3)> {
        let corners = object.model.mesh.triangles.get(self.triangle as usize)?;
        let [a, b, c] = corners.map(|v| object.posed.positions.get(v as usize).copied());
        let (a, b, c) = (a?, b?, c?);
        let normal = (b - a).cross(c - a).normalize_or_zero();
        let [u, v, w] = self.weights;
        Some((a * u + b * v + c * w + normal * self.lift_m, normal))
    }
}

/// Where a drawn line leaves the subject.
#[derive(Clone, Debug, PartialEq)]
pub struct OffSurface {
    /// The pixel.
    pub pixel: DVec2,
    /// Index of the object seen there; `None` for the sky.
    pub object: Option<usize>,
}

/// Places on the surface of an object (the one under the first pixel when none is said) under the
/// smooth curve through pixels of a picture; gives the object's index as well.
///
/// # Errors
/// [`OffSurface`] where the curve leaves the object.
pub fn places_under(
    objects: &[SceneObject],
    projection: &Projection,
    visibility: &Visibility,
    pixels: &[DVec2],
    wanted: Option<usize>,
    closed: bool,
) -> Result<(usize, Vec<SurfacePoint>), OffSurface> {
    let curve = spaced(
        &smooth(pixels, closed),
        SPACING_PX * visibility.size.scale(),
        closed,
    );
    let mut object = wanted;
    let mut points = Vec::with_capacity(curve.len());
    for &pixel in &curve {
        let seen = seen_at(visibility, pixel);
        let off = || OffSurface {
            pixel,
            object: seen.map(|s| s.0),
        };
        let (index, triangle) = seen.ok_or_else(off)?;
        if *object.get_or_insert(index) != index {
            return Err(off());
        }
        let scene_object = objects.get(index).ok_or_else(off)?;
        points.push(on_triangle(scene_object, projection, triangle, pixel).ok_or_else(off)?);
    }
    let nowhere = || OffSurface {
        pixel: pixels.first().copied().unwrap_or_default(),
        object: None,
    };
    Ok((object.ok_or_else(nowhere)?, points))
}

/// Object and triangle seen at a pixel.
fn seen_at(visibility: &Visibility, pixel: DVec2) -> Option<(usize, usize)> {
    let size = visibility.size;
    let inside = pixel.x >= 0.0
        && pixel.y >= 0.0
        && pixel.x < f64::from(size.width)
        && pixel.y < f64::from(size.height);
    let scaled = pixel * f64::from(Visibility::SIDE);
    inside
        .then(|| visibility.triangle[visibility.index(scaled.x as u32, scaled.y as u32)])
        .and_then(|t| visibility.locate(t))
}

/// The place on a triangle behind a pixel; a sample's neighbour may lie a little outside: brought back.
fn on_triangle(
    object: &SceneObject,
    projection: &Projection,
    triangle: usize,
    pixel: DVec2,
) -> Option<SurfacePoint> {
    let corners = object.model.mesh.triangles.get(triangle)?;
    let [a, b, c] = corners.map(|v| object.posed.positions[v as usize]);
    let (near, far) = (
        projection.unproject(pixel, 1.0)?,
        projection.unproject(pixel, 2.0)?,
    );
    let (ray, normal) = (far - near, (b - a).cross(c - a));
    let place = near + ray * ((a - near).dot(normal) / ray.dot(normal));
    let double = normal.length_squared();
    let share = |p: DVec3, q: DVec3| ((p - place).cross(q - place).dot(normal) / double).max(0.0);
    let weights = [share(b, c), share(c, a), share(a, b)];
    let sum: f64 = weights.iter().sum();
    let point = SurfacePoint {
        triangle: triangle as u32,
        weights: weights.map(|w| w / sum),
        lift_m: 0.0,
    };
    (sum > 0.0 && point.is_sound()).then_some(point)
}

/// A polyline at even steps of about `spacing`, ends included; a closed one without its repeated end.
fn spaced(curve: &[DVec2], spacing: f64, closed: bool) -> Vec<DVec2> {
    let length: f64 = curve.windows(2).map(|w| (w[1] - w[0]).length()).sum();
    if !(length > 0.0 && length < 1e5) {
        return curve.first().copied().into_iter().collect();
    }
    let count = ((length / spacing).round() as usize).clamp(2, 1900);
    let step = length / count as f64;
    let (mut result, mut walked) = (vec![curve[0]], 0.0);
    for w in curve.windows(2) {
        let piece = (w[1] - w[0]).length();
        while result.len() < count && walked + piece >= step * result.len() as f64 && piece > 0.0 {
            let t = (step * result.len() as f64 - walked) / piece;
            result.push(w[0] + (w[1] - w[0]) * t);
        }
        walked += piece;
    }
    if !closed {
        result.push(curve[curve.len() - 1]);
    }
    result
}

/// An added line and where it belongs.
pub struct Added<'a> {
    /// Its name below the subject's, e.g. `"added.e5"`.
    pub name: &'a str,
    /// Places on the subject.
    pub points: &'a [SurfacePoint],
    /// Pen pressure.
    pub pressure: f64,
    /// Whether the last point joins the first.
    pub closed: bool,
}

/// What a frame's added lines are drawn with.
pub struct Scene<'a> {
    /// The objects of the frame.
    pub objects: &'a [SceneObject],
    /// Their models' anatomies.
    pub anatomies: &'a [Arc<Anatomy>],
    /// The camera.
    pub projection: &'a Projection,
    /// Size of the frame.
    pub size: FrameSize,
    /// What [`crate::image::rasterize`] made of them.
    pub visibility: &'a Visibility,
    /// How hard the pen presses.
    pub pressure: &'a PressureModel,
}

impl Added<'_> {
    /// Its strokes in a frame: the parts of it that are seen. `None` when the subject has not the places.
    #[must_use]
    pub fn draw(&self, scene: &Scene<'_>, index: usize) -> Option<Vec<Stroke>> {
        let object = self.marked(scene.objects.get(index)?)?;
        let under = self.points.iter().map(|p| p.triangle).collect();
        Some(draw_marks(scene, &object, &[under], index))
    }

    /// The subject with this line as its only mark, on vertices of its own.
    fn marked(&self, object: &SceneObject) -> Option<SceneObject> {
        let posed: Vec<(DVec3, DVec3)> = self
            .points
            .iter()
            .map(|p| p.posed(object))
            .collect::<Option<_>>()?;
        let mut model = (*object.model).clone();
        let mut all = (*object.posed).clone();
        let first = all.positions.len() as u32;
        model.mesh.positions.extend(posed.iter().map(|p| p.0));
        all.positions.extend(posed.iter().map(|p| p.0));
        all.normals.extend(posed.iter().map(|p| p.1));
        model.marks = vec![Mark {
            name: self.name.into(),
            points: (first..first + posed.len() as u32).collect(),
            pressure: vec![self.pressure; posed.len()],
            closed: self.closed,
        }];
        Some(SceneObject {
            model: Arc::new(model),
            posed: Arc::new(all),
            ..object.clone()
        })
    }
}
