//! Detail finer than the grid, for drawing: value noise that rides with the gas.
//!
//! Noise is looked up where the gas was some tenths of a second ago. Two look-ups with ages half
//! a period apart fade in and out in turn (flow maps: Max & Becker 1995, Vlachos 2010), so the
//! pattern flows with the fire and never jumps.

use crate::random::Seed;

/// Lattice points along a side of the repeating tile; more cost cache, fewer show the repeat.
const SIDE: usize = 32;

/// Seconds between the renewals of one layer. Longer shears the pattern to threads; shorter flickers.
const PERIOD_S: f64 = 0.55;

/// Four independent noises in [−1, 1] that repeat every 32 lattice steps.
#[derive(Clone, Debug)]
pub(super) struct DetailNoise {
    lattice: Vec<[f32; 4]>,
}

/// The two ages at which detail is looked up, their weights and shifts of the lattice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ages {
    layers: [(f32, f32, [f32; 3]); 2],
}

impl Ages {
    /// Ages at a time.
    pub(super) fn at(time_s: f64) -> Self {
        let layer = |phase: f64| {
            let turns = time_s / PERIOD_S + phase;
            let share = turns - turns.floor();
            let weight = 1.0 - (2.0 * share - 1.0).abs();
            let age = (share - 0.5) * PERIOD_S;
            // another part of the tile at each renewal: golden-ratio steps never repeat
            let n = turns.floor() * 2.0 + 2.0 * phase;
            let shift = [0.618_034, 0.754_878, 0.569_84].map(|g| (n * g * 13.0 % SIDE as f64) as f32);
            (age as f32, weight as f32, shift)
        };
        let mut layers = [layer(0.0), layer(0.5)];
        // keep the contrast while two patterns mix
        let norm = (layers[0].1 * layers[0].1 + layers[1].1 * layers[1].1).sqrt();
        layers.iter_mut().for_each(|l| l.1 /= norm);
        Self { layers }
    }
}

impl DetailNoise {
    pub(super) fn new(seed: Seed) -> Self {
        let words = seed.stream("fluid/detail").words(SIDE * SIDE * SIDE);
        let lattice = words
            .into_iter()
            .map(|w| [0, 16, 32, 48].map(|s| ((w >> s) & 0xffff) as f32 / 32_767.5 - 1.0))
            .collect();
        Self { lattice }
    }

    /// Value at a point in lattice steps.
    #[inline(always)]
    fn sample(&self, p: [f32; 3]) -> [f32; 4] {
        const WRAP: i32 = SIDE as i32 - 1;
        let mut low = [0; 3];
        let mut high = [0; 3];
        let mut t = [0.0; 3];
        for n in 0..3 {
            // the floor, without a call where the processor lacks the instruction
            let floor = p[n] as i32 - i32::from(p[n] < (p[n] as i32) as f32);
            low[n] = (floor & WRAP) as usize;
            high[n] = ((floor + 1) & WRAP) as usize;
            let f = p[n] - floor as f32;
            t[n] = f * f * (3.0 - 2.0 * f);
        }
        let line = |y: usize, z: usize| {
            let row = &self.lattice[(z * SIDE + y) * SIDE..][..SIDE];
            mix(row[low[0]], row[high[0]], t[0])
        };
        let near = mix(line(low[1], low[2]), line(high[1], low[2]), t[1]);
        let far = mix(line(low[1], high[2]), line(high[1], high[2]), t[1]);
        mix(near, far, t[2])
    }

    /// Noise at a point in metres, carried at `velocity` m/s, with features of `size_m`.
    #[inline]
    pub(super) fn carried(&self, p: [f32; 3], velocity: [f32; 3], size_m: f32, ages: &Ages) -> [f32; 4] {
        let scale = 1.0 / size_m;
        let mut sum = [0.0; 4];
        for (age, weight, shift) in ages.layers {
            let mut at = [0.0; 3];
            for n in 0..3 {
                at[n] = (p[n] - velocity[n] * age) * scale + shift[n];
            }
            let value = self.sample(at);
            for lane in 0..4 {
                sum[lane] += weight * value[lane];
            }
        }
        sum
    }
}

#[inline(always)]
fn mix(mut a: [f32; 4], b: [f32; 4], t: f32) -> [f32; 4] {
    for n in 0..4 {
        a[n] += (b[n] - a[n]) * t;
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detail_is_continuous_in_time_and_rides_with_the_gas() {
        let noise = DetailNoise::new(Seed(3));
        let (p, u) = ([1.3, 0.2, -4.1], [12.0, 1.0, 0.0]);
        let at = |t: f64| noise.carried(p, u, 1.5, &Ages::at(t))[0];
        for i in 0..2000 {
            let t = f64::from(i) * 0.001;
            assert!((at(t + 0.001) - at(t)).abs() < 0.06, "{t}");
        }
        // riding along for a frame changes it less than standing still
        let (mut ride, mut stand) = (0.0, 0.0);
        for i in 0..200 {
            let (t, dt) = (f64::from(i) * 0.017, 1.0 / 48.0);
            let p0 = [i as f32 * 0.7, 0.0, 0.0];
            let p1 = [p0[0] + 12.0 * dt as f32, dt as f32, 0.0];
            let (a, b) = (Ages::at(t), Ages::at(t + dt));
            let start = noise.carried(p0, u, 1.5, &a)[0];
            ride += (noise.carried(p1, u, 1.5, &b)[0] - start).abs();
            stand += (noise.carried(p0, u, 1.5, &b)[0] - start).abs();
        }
        assert!(ride < 0.7 * stand, "{ride} {stand}");
    }
}
