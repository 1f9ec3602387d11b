//! Integer-hashed noise for shading: the same bits everywhere, no tables, no `fract(sin(x))`.

use crate::math::Vec2;

/// A well-mixed word of two lattice coordinates and a key (the finaliser of MurmurHash3, Appleby 2011).
#[inline]
#[must_use]
pub(crate) fn hash2(x: i32, y: i32, key: u32) -> u32 {
    let mut h = key ^ x.cast_unsigned().wrapping_mul(0x9e37_79b1);
    h = mix(h).wrapping_add(y.cast_unsigned().wrapping_mul(0x85eb_ca77));
    mix(h)
}

#[inline]
fn mix(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// A word as a number in [0, 1).
#[inline]
#[must_use]
pub(crate) fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// The lattice cell of a coordinate and the place inside it. A cast and a comparison: `floor` is a call
/// on CPUs without SSE 4.1, and this is the innermost loop of every sky.
#[inline]
fn cell(x: f32) -> (i32, f32) {
    let mut floor = x as i32;
    if x < floor as f32 {
        floor = floor.wrapping_sub(1);
    }
    (floor, x - floor as f32)
}

#[inline]
fn quintic(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Value noise in [0, 1): seeded values at the lattice, quintic between (C²).
#[inline]
#[must_use]
pub(crate) fn value2(p: Vec2, key: u32) -> f32 {
    let ((x, tx), (y, ty)) = (cell(p.x), cell(p.y));
    let at = |dx: i32, dy: i32| unit(hash2(x.wrapping_add(dx), y.wrapping_add(dy), key));
    let (u, v) = (quintic(tx), quintic(ty));
    let top = at(0, 0) + (at(1, 0) - at(0, 0)) * u;
    let bottom = at(0, 1) + (at(1, 1) - at(0, 1)) * u;
    top + (bottom - top) * v
}

/// Octaves of value noise, each half as large and half as strong; in [0, 1).
#[must_use]
pub(crate) fn fbm2(mut p: Vec2, octaves: u32, key: u32) -> f32 {
    let (mut sum, mut weight, mut total) = (0.0, 0.5, 0.0);
    for octave in 0..octaves {
        sum += weight * value2(p, key.wrapping_add(octave));
        total += weight;
        weight *= 0.5;
        // turned by the 3-4-5 angle, so that lattices of octaves do not line up
        p = Vec2::new(0.8 * p.x - 0.6 * p.y, 0.6 * p.x + 0.8 * p.y) * 2.0 + Vec2::new(17.3, 9.1);
    }
    sum / total
}

/// Round puffs in [0, 1]: 1 − d² of the nearest seeded point (Worley 1996).
#[must_use]
pub(crate) fn puffs2(p: Vec2, key: u32) -> f32 {
    let ((x, tx), (y, ty)) = (cell(p.x), cell(p.y));
    let t = Vec2::new(tx, ty);
    let mut nearest = 1.0_f32;
    for dy in -1..=1 {
        for dx in -1..=1 {
            let word = hash2(x.wrapping_add(dx), y.wrapping_add(dy), key);
            let jitter = Vec2::new((word & 0xffff) as f32, (word >> 16) as f32) * (0.8 / 65_536.0);
            let to = Vec2::new(dx as f32, dy as f32) + jitter + Vec2::splat(0.1) - t;
            nearest = nearest.min(to.length_squared());
        }
    }
    1.0 - nearest
}

/// Heaps of puffs on puffs: the outline of cumulus; in [0, 1].
#[must_use]
pub(crate) fn heap2(p: Vec2, octaves: u32, key: u32) -> f32 {
    let (mut sum, mut weight, mut total, mut q) = (0.0, 0.58, 0.0, p);
    for octave in 0..octaves {
        sum += weight * puffs2(q, key.wrapping_add(octave * 7));
        total += weight;
        weight *= 0.45;
        q = Vec2::new(0.8 * q.x - 0.6 * q.y, 0.6 * q.x + 0.8 * q.y) * 2.3 + Vec2::new(5.7, 31.1);
    }
    sum / total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noises_are_bounded_smooth_and_keyed() {
        let mut differs = false;
        for i in -300..300 {
            let p = Vec2::new(i as f32 * 0.173, i as f32 * -0.091);
            for (a, b) in [
                (value2(p, 1), value2(p + Vec2::splat(1e-3), 1)),
                (fbm2(p, 3, 1), fbm2(p + Vec2::splat(1e-3), 3, 1)),
                (heap2(p, 3, 1), heap2(p + Vec2::splat(1e-3), 3, 1)),
            ] {
                assert!((0.0..=1.0).contains(&a) && (a - b).abs() < 0.03, "{p} {a} {b}");
            }
            differs |= (value2(p, 1) - value2(p, 2)).abs() > 0.1;
        }
        assert!(differs);
    }
}
