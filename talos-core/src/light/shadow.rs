//! Key-light shadows: depth maps along the light, tested in integers, filtered smooth.

use rayon::prelude::*;

use crate::camera::{FrameSize, Projection};
use crate::image::{DepthMap, OrthoView, rasterize_depth};
use crate::math::scalar::single::smoothstep;
use crate::math::{DVec3, Vec3, scalar};
use crate::scene::SceneObject;

/// One depth map along the light and where it lies.
#[derive(Clone, Debug)]
pub struct ShadowMap {
    view: OrthoView,
    map: DepthMap,
    texel_m: f64,
}

/// The shadow maps of a frame, finest first. Without maps nothing is in shadow.
#[derive(Clone, Debug, Default)]
pub struct Shadows {
    /// The maps.
    pub maps: Vec<ShadowMap>,
}

impl ShadowMap {
    /// Texels along a side. Half would blur a subject's shadow by its fingers; twice costs four
    /// times the memory for edges that are filtered anyway.
    pub const SIDE: u32 = 2048;
    /// Casters and receivers this far from the centre along the light count, metres.
    const REACH_M: f64 = 1500.0;

    /// The map of a disc of radius `radius_m` around `centre`, seen from the light. The map is laid on a
    /// fixed grid of its texels, so shadows of resting things rest while `centre` moves.
    #[must_use]
    pub fn new(objects: &[SceneObject], to_light: Vec3, centre: DVec3, radius_m: f64, side: u32) -> Self {
        let forward = -DVec3::new(
            f64::from(to_light.x),
            f64::from(to_light.y),
            f64::from(to_light.z),
        );
        let probe = OrthoView::looking(DVec3::ZERO, forward, 1.0, 1.0, 1.0);
        let texel_m = 2.0 * radius_m / f64::from(side);
        let snap = |axis: DVec3| (centre.dot(axis) / texel_m).round() * texel_m;
        let depth = centre.dot(probe.forward).round() - Self::REACH_M;
        let origin = probe.right * snap(probe.right) + probe.up * snap(probe.up) + probe.forward * depth;
        let view = OrthoView {
            origin,
            half_width_m: radius_m,
            half_height_m: radius_m,
            depth_m: 2.0 * Self::REACH_M,
            ..probe
        };
        let size = FrameSize {
            width: side,
            height: side,
        };
        Self {
            map: rasterize_depth(objects, &view, size),
            view,
            texel_m,
        }
    }

    /// Share of the key light that reaches a point, and how far inside the map it lies (0 at its border).
    fn light(&self, point: DVec3, normal: Vec3) -> (f32, f32) {
        // a step along the normal, longer where light grazes, and one towards the light keep surfaces out of
        // their own shadow
        let n = DVec3::new(f64::from(normal.x), f64::from(normal.y), f64::from(normal.z));
        let step = 1.4 + 3.2 * (1.0 + n.dot(self.view.forward)).clamp(0.0, 1.0);
        let (at, depth) = self
            .view
            .project(point + n * (step * self.texel_m), self.map.size);
        let side = f64::from(self.map.size.width);
        let border = at.x.min(at.y).min(side - at.x).min(side - at.y) - 3.0;
        if border <= 0.0 {
            return (1.0, 0.0);
        }
        let receiver = self.view.quantize(depth - 1.2 * self.texel_m);
        let inside = (border / (0.06 * side)).min(1.0) as f32;
        (self.filtered(at.x - 0.5, at.y - 0.5, receiver), inside)
    }

    /// Share of lit texels around a place: a box of three texels swept bilinearly, so C⁰ in the place.
    fn filtered(&self, x: f64, y: f64, receiver: u32) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = ((x - x0) as f32, (y - y0) as f32);
        let weight = |f: f32| [1.0 - f, 1.0, 1.0, f];
        let (wx, wy) = (weight(fx), weight(fy));
        let (left, top) = (x0 as i64 - 1, y0 as i64 - 1);
        let width = self.map.size.width as usize;
        let mut sum = 0.0;
        for (j, wy) in wy.iter().enumerate() {
            // the border of three texels keeps these indices inside the map
            let start = (top as usize + j) * width + left as usize;
            let row = &self.map.depth[start..start + 4];
            let lit = |i: usize| if row[i] <= receiver { wx[i] } else { 0.0 };
            sum += wy * (lit(0) + lit(1) + lit(2) + lit(3));
        }
        sum / 9.0
    }
}

impl Shadows {
    /// The maps of a frame: a fine one around the subjects, a middle one as wide as they are far from the
    /// camera, for the ground they stand on, and a wide one over what lies behind.
    #[must_use]
    pub fn for_frame(objects: &[SceneObject], to_light: Vec3, projection: &Projection) -> Self {
        let discs = discs(objects, projection);
        let map = |&(centre, radius): &(DVec3, f64)| {
            ShadowMap::new(objects, to_light, centre, radius, ShadowMap::SIDE)
        };
        Self {
            maps: discs.par_iter().map(map).collect(),
        }
    }

    /// Share of the key light that reaches a point, in [0, 1], with an edge about two texels wide.
    #[must_use]
    pub fn light(&self, point: DVec3, normal: Vec3) -> f32 {
        let (mut seen, mut left) = (0.0, 1.0);
        for map in &self.maps {
            let (share, inside) = map.light(point, normal);
            seen += left * inside * smoothstep(0.18, 0.82, share);
            left *= 1.0 - inside;
            if left <= 0.0 {
                break;
            }
        }
        seen + left
    }
}

/// Centres and radii of a frame's maps, finest first. One that is hardly finer than the next is left out.
fn discs(objects: &[SceneObject], projection: &Projection) -> Vec<(DVec3, f64)> {
    let subjects = bounds(objects.iter().filter(|o| o.layer == "subject"));
    let camera = projection.centre.unwrap_or(DVec3::ZERO);
    let distance = subjects.map_or(40.0, |(middle, radius)| (middle - camera).length() + radius);
    let ahead = DVec3::new(projection.forward.x, 0.0, projection.forward.z).normalize_or_zero();
    let wide_m = step_up((distance * 1.4).clamp(150.0, 700.0));
    let wide = (
        camera * DVec3::new(1.0, 0.0, 1.0) + ahead * (0.75 * wide_m),
        wide_m,
    );
    let middle_m = step_up((distance * 1.2).max(4.0));
    let middle = (
        subjects.map_or(camera + ahead * (0.6 * middle_m), |s| s.0),
        middle_m,
    );
    let fine = subjects.map(|(middle, radius)| (middle, step_up((radius * 1.15).max(1.0))));
    let mut discs = vec![wide];
    for disc in [Some(middle), fine].into_iter().flatten() {
        if discs.last().is_some_and(|last| disc.1 < 0.62 * last.1) {
            discs.push(disc);
        }
    }
    discs.reverse();
    discs
}

/// Middle and radius of the box around some objects; `None` when there are none.
fn bounds<'a>(objects: impl Iterator<Item = &'a SceneObject>) -> Option<(DVec3, f64)> {
    let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
    for (least, greatest) in objects.filter_map(|o| o.posed.bounds()) {
        low = low.min(least);
        high = high.max(greatest);
    }
    (low.x <= high.x).then(|| ((low + high) * 0.5, (high - low).length() * 0.5))
}

/// A length rounded up to a power of 2^¼: the map's scale changes rarely while subjects move.
fn step_up(length_m: f64) -> f64 {
    scalar::exp2((scalar::log2(length_m) * 4.0).ceil() / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::light::testing;

    #[test]
    fn a_slab_shades_what_lies_behind_it_alone() {
        let slab = testing::slab("a", "subject", DVec3::new(0.0, 3.0, 0.0), 2.0, "body");
        let ground = testing::slab("ground", "background", DVec3::ZERO, 20.0, "ground");
        let map = ShadowMap::new(&[slab, ground], Vec3::Y, DVec3::ZERO, 10.0, 256);
        let shadows = Shadows { maps: vec![map] };
        let light = |x: f64, y: f64| shadows.light(DVec3::new(x, y, 0.1), Vec3::Y);
        assert_eq!(light(0.0, 0.0), 0.0, "under the slab");
        assert_eq!(light(5.0, 0.0), 1.0, "beside it");
        assert_eq!(light(0.0, 3.0), 1.0, "no surface shades itself");
        assert_eq!(light(500.0, 0.0), 1.0, "outside the map");
        // the edge is a ramp without steps: many levels over a texel or two
        let levels: Vec<f32> = (0..60).map(|i| light(1.8 + f64::from(i) * 0.006, 0.0)).collect();
        assert!(levels.is_sorted());
        let distinct = levels.windows(2).filter(|w| w[1] > w[0]).count();
        assert!(distinct > 12, "{distinct} {levels:?}");
    }

    #[test]
    fn shadows_of_resting_things_rest_while_the_map_moves() {
        let slab = testing::slab("a", "subject", DVec3::new(0.3, 3.0, 0.2), 2.0, "body");
        let at = |centre: f64| {
            let centre = DVec3::new(centre, 0.0, 0.0);
            let map = ShadowMap::new(
                std::slice::from_ref(&slab),
                Vec3::new(0.3, 0.9, 0.1).normalize(),
                centre,
                10.0,
                256,
            );
            let shadows = Shadows { maps: vec![map] };
            (0..40)
                .map(|i| shadows.light(DVec3::new(f64::from(i) * 0.07, 0.0, 0.0), Vec3::Y))
                .collect::<Vec<_>>()
        };
        let (a, b) = (at(0.0), at(0.317));
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-3), "{a:?} {b:?}");
    }
}
