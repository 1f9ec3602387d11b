//! Broken ink: a line of many strands side by side, each as wide as the ink it carries there.
//!
//! A pencil leaves grains on the tooth of the paper, a dry brush the tracks of its hairs. Both are
//! textures over (arc length, place across the width), addressed by the stroke's name, so they stay
//! with their line; and both are drawn as outlines, so coverage stays exact at any scale.

use super::InkStyle;
use super::outline::Dot;
use crate::math::{DVec2, scalar};
use crate::random::Stream;

/// Least width of a strand, pixels of the frame: thinner ones only cost time.
const LEAST_STRAND_PX: f64 = 0.45;

/// Strands at most.
const MOST_STRANDS: usize = 28;

/// Length over which a brush runs dry, pixels at 1080 lines: half the height of the frame.
const DRIES_PX: f64 = 540.0;

/// Strands narrower than this share of theirs leave no mark.
const GONE: f64 = 0.04;

/// A texture of one stroke.
pub(super) struct Strands {
    /// Random numbers in [0, 1] on a lattice: for each strand, along the stroke.
    lattice: Vec<Vec<f64>>,
    /// Length of a lattice cell, pixels of the frame.
    cell: f64,
    /// Length of the stroke, pixels of the frame.
    total: f64,
    /// Half the width at full pressure, pixels of the frame.
    full: f64,
    grain: f64,
    streaks: f64,
}

impl Strands {
    /// The texture of a stroke, if its style has one. `full_width` is that of its tool at full pressure,
    /// in pixels of the frame: the number of strands is the tool's, whatever the frame shows of the line.
    pub(super) fn of(
        dots: &[Dot],
        full_width: f64,
        style: &InkStyle,
        scale: f64,
        stream: &Stream,
    ) -> Option<Self> {
        let (grain, streaks) = (style.grain, style.streaks);
        if grain <= 0.0 && streaks <= 0.0 {
            return None;
        }
        let total = dots.last()?.along;
        // grains are as long as wide; a hair's track is forty times so
        let (across, cell) = if grain >= streaks {
            (0.75 * scale, 1.3 * scale)
        } else {
            (0.95 * scale, 26.0 * scale)
        };
        let across = across.max(LEAST_STRAND_PX);
        let count = ((full_width / across).round() as usize).clamp(2, MOST_STRANDS);
        let cells = (total / cell.max(0.3)).ceil().min(1e5) as usize + 3;
        let lattice = (0..count)
            .map(|strand| {
                let words = stream.item(strand as u64).words(cells);
                let unit = |word: u64| (word >> 11) as f64 / (1_u64 << 53) as f64;
                words.into_iter().map(unit).collect()
            })
            .collect();
        Some(Self {
            lattice,
            cell: cell.max(0.3),
            total,
            full: (0.5 * full_width).max(1e-9),
            grain,
            // a short stroke ends before the brush is dry
            streaks: streaks * scalar::lerp(0.3, 1.0, scalar::smoothstep(40.0, DRIES_PX, total / scale)),
        })
    }

    /// The outlines of a piece: a polygon for each run of a strand that leaves a mark.
    pub(super) fn polygons(&self, dots: &[Dot], normals: &[DVec2]) -> Vec<Vec<DVec2>> {
        let count = self.lattice.len();
        let mut polygons = Vec::new();
        for strand in 0..count {
            let mut run: Vec<[DVec2; 2]> = Vec::new();
            for (dot, normal) in dots.iter().zip(normals) {
                // the strands fill the width from −1 to 1
                let place = (2.0 * strand as f64 + 1.0) / count as f64 - 1.0;
                let ink = self.ink(strand, place, dot);
                if ink < GONE {
                    finish(&mut run, &mut polygons);
                    continue;
                }
                let (middle, half) = (dot.half_width * place, dot.half_width * ink / count as f64);
                run.push([middle + half, middle - half].map(|off| dot.at + *normal * off));
            }
            finish(&mut run, &mut polygons);
        }
        polygons
    }

    /// The ink of a strand at a dot, as a share of the strand's width.
    fn ink(&self, strand: usize, place: f64, dot: &Dot) -> f64 {
        let noise = self.noise(strand, dot.along);
        let mut ink = 1.0;
        if self.grain > 0.0 {
            // the round tip presses least at its rims, and a light line finds fewer teeth of the paper
            let rim = place * place;
            let pressed = (1.0 - 0.5 * rim * rim)
                * scalar::lerp(0.75, 1.0, scalar::saturate(dot.half_width / self.full));
            ink = ((pressed - self.grain * noise) * 1.4).clamp(0.0, 1.0);
        }
        if self.streaks > 0.0 {
            let left = 1.0 - dot.along / self.total.max(1e-9);
            // wet at first, then hair after hair runs out, the outer ones first
            let wet = scalar::smoothstep(0.0, 0.6, left) * (1.0 - 0.3 * place * place);
            let dry = self.streaks * (0.9 - 0.9 * wet);
            ink *= ((1.0 - dry - 0.75 * self.streaks * (noise - 0.3)) * 1.9).clamp(0.0, 1.0);
        }
        ink
    }

    /// Smooth noise along a strand, in [0, 1].
    fn noise(&self, strand: usize, along: f64) -> f64 {
        let row = &self.lattice[strand];
        let at = (along.max(0.0) / self.cell).min((row.len() - 2) as f64);
        let cell = (at as usize).min(row.len() - 2);
        scalar::lerp(
            row[cell],
            row[cell + 1],
            scalar::smoothstep(0.0, 1.0, at - cell as f64),
        )
    }
}

/// Closes a run of left and right points into a polygon.
fn finish(run: &mut Vec<[DVec2; 2]>, polygons: &mut Vec<Vec<DVec2>>) {
    if run.len() >= 2 {
        let left = run.iter().map(|pair| pair[0]);
        let right = run.iter().rev().map(|pair| pair[1]);
        polygons.push(left.chain(right).collect());
    }
    run.clear();
}
