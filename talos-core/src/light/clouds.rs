//! Clouds: heaps of puffs that drift, painted in soft bands from shade to light.

use std::f32::consts::{PI, TAU};

use super::hours::{Hour, Veil};
use super::noise::{fbm2, heap2, value2};
use super::sky::painted;
use crate::artefact::StyleProfile;
use crate::math::scalar::single::{atan2, smoothstep};
use crate::math::{Vec2, Vec3};

/// The clouds of a sky.
#[derive(Clone, Debug)]
pub(super) struct Clouds {
    light: Vec3,
    shade: Vec3,
    /// Towards the sun or moon, seen from above.
    toward: Vec2,
    cover: f32,
    /// Drift of the layer overhead, plane units a second.
    drift: f32,
    /// Unit direction of the sun or moon, and its azimuth.
    disc: Vec3,
    azimuth: f32,
    key: u32,
}

/// Clouds in one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct CloudSample {
    pub(super) color: Vec3,
    pub(super) cover: f32,
}

impl CloudSample {
    fn thinned(self, factor: f32) -> Self {
        Self {
            cover: self.cover * factor,
            ..self
        }
    }
}

const NONE: CloudSample = CloudSample {
    color: Vec3::ZERO,
    cover: 0.0,
};

impl Clouds {
    pub(super) fn new(hour: &Hour, veil: &Veil, style: &StyleProfile, disc: Vec3, key: u32) -> Self {
        Self {
            light: painted(hour.cloud_light, veil.grey, veil.sky, style),
            shade: painted(hour.cloud_shade, veil.grey, veil.sky * 0.92, style),
            toward: Vec2::new(disc.x, disc.z).normalize_or_zero(),
            cover: veil.cover as f32,
            drift: (0.010 * veil.wind) as f32,
            disc,
            azimuth: atan2(disc.x, disc.z),
            key,
        }
    }

    /// Colour and cover in a direction.
    pub(super) fn sample(&self, d: Vec3, time_s: f64) -> CloudSample {
        if d.y < -0.02 {
            return NONE;
        }
        let time = time_s as f32;
        let high = self.overhead(d, time);
        let low = if d.y < 0.42 { self.bank(d, time) } else { NONE };
        // the bank stands in front of the layer
        // painters part the clouds before the sun and the moon, unless the sky is overcast
        let parted = smoothstep(0.988, 0.9975, d.dot(self.disc)) * (1.35 - self.cover).clamp(0.0, 0.92);
        let open = 1.0 - parted;
        let (low, high) = (low.thinned(open), high.thinned(open));
        let cover = low.cover + high.cover * (1.0 - low.cover);
        if cover <= 0.0 {
            return NONE;
        }
        let color = (low.color * low.cover + high.color * (high.cover * (1.0 - low.cover))) / cover;
        CloudSample { color, cover }
    }

    /// A thin layer overhead: streaks and flakes, seen ever flatter towards the horizon.
    fn overhead(&self, d: Vec3, time: f32) -> CloudSample {
        let fade = smoothstep(0.03, 0.20, d.y);
        if fade <= 0.0 {
            return NONE;
        }
        let p = Vec2::new(d.x, d.z) / (d.y + 0.16) * 1.15
            + Vec2::new(self.drift * time, self.drift * 0.35 * time);
        let thick = fbm2(Vec2::new(p.x * 0.9, p.y * 1.6), 4, self.key);
        let edge = 0.78 - 0.56 * self.cover;
        let cover = smoothstep(edge, edge + 0.20, thick) * fade * (0.45 + 0.5 * self.cover);
        if cover <= 0.0 {
            return NONE;
        }
        let ahead = fbm2(
            Vec2::new(
                (p.x + self.toward.x * 0.25) * 0.9,
                (p.y + self.toward.y * 0.25) * 1.6,
            ),
            3,
            self.key,
        );
        let lit = bands(0.55 + (thick - ahead) * 2.2);
        CloudSample {
            color: self.shade.lerp(self.light, lit),
            cover: cover.min(1.0),
        }
    }

    /// Cumulus standing on the horizon all around: two half rings, each with its own clouds, that cross
    /// fade to the left and right of +Z, so that no seam of the azimuth shows.
    fn bank(&self, d: Vec3, time: f32) -> CloudSample {
        let front = atan2(d.x, d.z);
        let share = smoothstep(1.35, 1.80, front.abs());
        if share <= 0.0 {
            return self.half_bank(front, front, d.y, time, self.key);
        }
        let back = self.half_bank(atan2(-d.x, -d.z), front, d.y, time, self.key ^ 0xbacc);
        if share >= 1.0 {
            return back;
        }
        let front = self.half_bank(front, front, d.y, time, self.key);
        let cover = front.cover + (back.cover - front.cover) * share;
        let color = front.color * (front.cover * (1.0 - share)) + back.color * (back.cover * share);
        CloudSample {
            color: color / cover.max(1e-6),
            cover,
        }
    }

    /// Clouds over a half ring: `around` is 0 in its middle.
    fn half_bank(&self, around: f32, azimuth: f32, y: f32, time: f32, key: u32) -> CloudSample {
        let up = y.max(0.0);
        let around = around + self.drift * 0.22 * time;
        let skyline = 0.05 + 0.24 * self.cover * fbm2(Vec2::new(around * 1.3, 0.5), 3, key ^ 0x0b01);
        let room = (skyline - up) / 0.15;
        if room < -0.9 {
            return NONE;
        }
        let flat = Vec2::new(around, up * 1.35) * 7.0;
        // bent a little, or the puffs would be drawn with compasses
        let bend = Vec2::new(value2(flat * 2.1, key ^ 0x0b03), value2(flat * 2.1, key ^ 0x0b04));
        let p = flat + (bend - Vec2::splat(0.5)) * 0.15;
        let heap = heap2(p, 3, key ^ 0x0b02);
        // above the skyline puffs end soon, so that none float alone
        let room_share = if room > 0.0 {
            room.min(1.2) * 0.42
        } else {
            room * 0.95
        };
        let cover = smoothstep(0.0, 0.045, heap - 0.62 + room_share);
        if cover <= 0.0 {
            return NONE;
        }
        let step = Vec2::new(side(azimuth, self.azimuth) * 0.21, 0.30);
        let ahead = heap2(p + step, 2, key ^ 0x0b02);
        let top = smoothstep(0.45, -0.15, room);
        let lit = bands(0.42 + (heap - ahead) * 1.1 + 0.38 * top);
        // their feet sink into the haze
        let foot = smoothstep(0.0, 0.075, up);
        CloudSample {
            color: self.shade.lerp(self.light, lit),
            cover: cover * (0.25 + 0.75 * foot) * 0.96,
        }
    }
}

/// Three soft steps: shade, half light, light.
fn bands(x: f32) -> f32 {
    0.08 + 0.42 * smoothstep(0.34, 0.46, x) + 0.50 * smoothstep(0.60, 0.74, x)
}

/// Which way along azimuth the light lies: −1 … 1, 0 straight ahead or behind.
fn side(from: f32, to: f32) -> f32 {
    let turn = to - from;
    let wrapped = if turn.abs() <= PI {
        turn
    } else {
        turn - TAU.copysign(turn)
    };
    (wrapped * 1.2).clamp(-1.0, 1.0)
}
