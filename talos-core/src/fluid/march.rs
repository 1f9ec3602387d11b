//! Rays through the gas: what heat and smoke they meet.

use super::detail::{Medium, at};
use super::look::FireLook;
use crate::camera::Projection;
use crate::math::DVec3;
use crate::math::scalar::single;

/// Steps of a ray, in blocks: about half a cell. Longer miss licks, shorter cost time.
const STEP_BLOCKS: f64 = 0.275;

/// Optical depth of smoke that nothing is seen through.
const OPAQUE: f32 = 6.0;

/// Opacity of flame behind which a ray need not look.
const HIDING: f32 = 0.995;

/// What a ray gathered.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Opacity of the flame, dimmed by the smoke before it.
    pub(super) flame: f32,
    /// Temperature of the flame seen, times its opacity.
    pub(super) heat: f32,
    /// Optical depth of the smoke not hidden by flame.
    pub(super) smoke: f32,
    /// Warmth of the smoke, times its depth.
    pub(super) glow: f32,
    /// Depths between which there is gas, metres; 0 where there is none.
    near: f32,
    far: f32,
}

impl Seen {
    pub(super) fn any(&self) -> bool {
        self.flame > 0.0 || self.smoke > 0.0
    }

    /// Mean temperature of the flame seen.
    pub(super) fn temperature(&self) -> f32 {
        self.heat / self.flame.max(1e-3)
    }

    pub(super) fn add(&mut self, other: &Self, weight: f32) {
        self.flame += other.flame * weight;
        self.heat += other.heat * weight;
        self.smoke += other.smoke * weight;
        self.glow += other.glow * weight;
    }

    pub(super) fn scaled(&self, by: f32) -> Self {
        Self {
            flame: self.flame * by,
            heat: self.heat * by,
            smoke: self.smoke * by,
            glow: self.glow * by,
            ..*self
        }
    }

    /// How differently a ray that ended at `end` and one that ends at `depth` see this gas:
    /// 0 alike, 1 and more not at all.
    pub(super) fn apart(&self, end: f32, depth: f32) -> f32 {
        // gas may begin right behind what stopped a ray
        let (near, far) = if self.far > 0.0 {
            (
                self.near,
                if self.far < 0.98 * end {
                    self.far
                } else {
                    f32::INFINITY
                },
            )
        } else {
            (0.0, f32::INFINITY)
        };
        let (a, b) = (end.clamp(near, far), depth.clamp(near, far));
        if a == b {
            return 0.0;
        }
        let gap = (a - b).abs();
        if gap.is_finite() {
            gap / (0.02 * a.min(b) + 0.3)
        } else {
            1.0
        }
    }
}

impl Medium {
    /// Depths between which a ray is inside the volume.
    fn crossing(&self, start: DVec3, along: DVec3, end: f64) -> Option<(f64, f64)> {
        let (mut near, mut far) = (Projection::NEAR_M, end);
        for axis in 0..3 {
            let size = self.blocks[axis] as f64 * self.block_m;
            let (s, d) = (start[axis] - self.origin[axis], along[axis]);
            if d.abs() < 1e-12 {
                if s < 0.0 || s > size {
                    return None;
                }
                continue;
            }
            let (a, b) = (-s / d, (size - s) / d);
            near = near.max(a.min(b));
            far = far.min(a.max(b));
        }
        (near < far).then_some((near, far))
    }

    /// Gathers from the camera to depth `end`.
    pub(super) fn march(&self, start: DVec3, along: DVec3, end: f64, look: &FireLook) -> Seen {
        let mut seen = Seen::default();
        let Some((near, far)) = self.crossing(start, along, end) else {
            return seen;
        };
        let metres = along.length();
        let step = STEP_BLOCKS * self.block_m / metres;
        let step_m = (step * metres) as f32;
        // samples at whole multiples of the step from the camera: neighbours agree
        let first = (near / step).ceil();
        let origin = (start + along * (first * step) - self.origin) / self.block_m;
        let stride = along * (step / self.block_m);
        let (origin, stride) = (origin.as_vec3().to_array(), stride.as_vec3().to_array());
        let count = ((far / step - first) as i64).max(-1);
        let mut n = 0;
        while n <= count && seen.smoke < OPAQUE && seen.flame < HIDING {
            let mut p = [0.0; 3];
            let mut block = [0; 3];
            for axis in 0..3 {
                p[axis] = origin[axis] + stride[axis] * n as f32;
                block[axis] = (p[axis] as usize).min(self.blocks[axis] - 1);
            }
            if !self.occupied[at(self.blocks, block[0], block[1], block[2])] {
                n += steps_to_leave(p, block, stride);
                continue;
            }
            let depth = (first + n as f64) * step;
            // the last sample before a surface counts for the share of its step that is seen
            let share = ((far - depth) / step).min(1.0) as f32;
            let block_m = self.block_m as f32;
            let metres = [p[0] * block_m, p[1] * block_m, p[2] * block_m];
            self.gather(metres, depth as f32, step_m * share, look, &mut seen);
            n += 1;
        }
        seen
    }

    fn gather(&self, p: [f32; 3], depth: f32, step_m: f32, look: &FireLook, seen: &mut Seen) {
        let [flame, heat, smoke, warmth] = self.fine.value(p);
        if flame <= 0.0 && smoke <= 0.0 {
            return;
        }
        if seen.far == 0.0 {
            seen.near = depth;
        }
        seen.far = depth;
        let clear = 1.0 - seen.flame;
        if flame > 0.0 {
            let through = if seen.smoke > 0.0 {
                single::exp(-seen.smoke)
            } else {
                1.0
            };
            // a step's opacity, first order in its depth: exact enough below a third
            let depth = flame * look.flame_per_m * step_m;
            let share = clear * through * depth / (1.0 + depth);
            seen.flame += share;
            seen.heat += share * heat / flame;
        }
        let smoke_depth = look.smoke_per_m * step_m * clear;
        seen.smoke += smoke * smoke_depth;
        seen.glow += warmth * smoke_depth;
    }
}

/// Steps until a ray leaves the block it is in.
#[inline]
fn steps_to_leave(p: [f32; 3], block: [usize; 3], stride: [f32; 3]) -> i64 {
    let mut least = 1e6;
    for axis in 0..3 {
        let x = p[axis] - block[axis] as f32;
        if stride[axis] > 1e-7 {
            least = f32::min(least, (1.0 - x) / stride[axis]);
        } else if stride[axis] < -1e-7 {
            least = f32::min(least, -x / stride[axis]);
        }
    }
    // the whole part by truncation: `least` is not negative but for rounding
    (least as i64 + 1).max(1)
}
