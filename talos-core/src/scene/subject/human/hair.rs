//! Hair: one shell whose lower edge is cut into pointed locks, and strands over it.
//!
//! Azimuths are in degrees from the front, positive to the left. `t` runs from the crown (0) to the
//! widest level of the skull (1) and on down (1.5 is the jaw's level, 2.7 the shoulder blades').

use super::body::Bones;
use super::head::HeadShape;
use super::params::{Hairstyle, HumanParams};
use crate::geometry::Part;
use crate::math::{DVec3, scalar};
use crate::scene::subject::clay::{Figure, Patch, Slots, Strand, sheet_part, slots};

/// Level of the skull's widest part, and its middle, heads.
const LEVEL: f64 = 0.52;
const MIDDLE: DVec3 = DVec3::new(0.0, LEVEL, -0.05);

/// A lock of the shell's edge: it begins at an azimuth with a notch, and has a tip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lock {
    pub(super) from: f64,
    pub(super) notch: f64,
    pub(super) tip: f64,
    pub(super) length: f64,
}

/// A strand: (azimuth, t, lift) along it, and its half width in heads.
pub(super) type StrandPath<'a> = (&'a [(f64, f64, f64)], f64);

/// Where hair lies around a head.
struct Scalp<'a> {
    head: &'a HeadShape,
    /// How far hanging hair turns inwards (positive) or flares out.
    curl: f64,
}

impl Scalp<'_> {
    /// Point at an azimuth (degrees), `t`, and a height above the skin (heads).
    fn at(&self, azimuth: f64, t: f64, lift: f64) -> DVec3 {
        let azimuth = azimuth * (scalar::PI / 180.0);
        let quarter = 0.5 * scalar::PI;
        let y = if t < 1.0 {
            LEVEL + (1.0 - LEVEL) * scalar::cos(t * quarter)
        } else {
            LEVEL - (1.0 - LEVEL) * quarter * (t - 1.0)
        };
        let p = self.head.around(azimuth, y.clamp(LEVEL, 0.99999));
        let out = 1.0 + lift / 0.42 - self.curl * (t - 1.0).max(0.0) * (t - 1.0).max(0.0);
        let from = p - MIDDLE;
        let up = if t < 1.0 {
            LEVEL + from.y * (1.0 + lift / 0.42)
        } else {
            y
        };
        DVec3::new(from.x * out, up, MIDDLE.z + from.z * out)
    }

    /// Direction away from the head's middle there.
    fn away(&self, azimuth: f64, t: f64) -> DVec3 {
        let from = self.at(azimuth, t, 0.05) - MIDDLE;
        let level = DVec3::new(from.x, from.y.max(0.0), from.z);
        level.normalize_or(DVec3::Y)
    }
}

/// Adds the hair of a person.
pub(super) fn add(figure: &mut Figure, head: &HeadShape, b: &Bones, p: &HumanParams) {
    let tailor = Tailor { head, b };
    match p.hair {
        Hairstyle::Bob => tailor.bob(figure),
        Hairstyle::Long => tailor.long(figure),
        Hairstyle::Tousled => tailor.tousled(figure),
        Hairstyle::Short => tailor.short(figure),
        Hairstyle::Bun => tailor.bun(figure),
        Hairstyle::Wreath => tailor.wreath(figure),
    }
}

pub(super) struct Tailor<'a> {
    pub(super) head: &'a HeadShape,
    pub(super) b: &'a Bones,
}

impl Tailor<'_> {
    /// Weights: the skull carries what lies on it, hanging hair swings with its side's bone.
    fn weight(&self, point: DVec3) -> Slots {
        let q = (point - self.head.place(DVec3::ZERO)) / self.head.unit();
        let hang = scalar::smoothstep(0.62, 0.05, q.y);
        let front = scalar::smoothstep(0.92, 0.62, q.y) * scalar::smoothstep(0.12, 0.3, q.z) * 0.8;
        let back = hang * scalar::smoothstep(0.1, -0.25, q.z);
        let low = scalar::smoothstep(0.0, -0.7, q.y);
        let sides = hang * (1.0 - scalar::smoothstep(0.1, -0.25, q.z));
        let left = scalar::smoothstep(-0.15, 0.15, q.x);
        let [upper, lower] = self.b.hair_back;
        let front = front * (1.0 - hang);
        slots(&[
            (self.b.head, (1.0 - hang - front).max(0.0)),
            (self.b.fringe, front),
            (upper, back * (1.0 - low)),
            (lower, back * low),
            (self.b.hair[0], sides * left),
            (self.b.hair[1], sides * (1.0 - left)),
        ])
    }

    /// The shell over the whole skull with an edge of locks all around (first lock's `from` + 360 closes it).
    pub(super) fn shell(&self, figure: &mut Figure, locks: &[Lock], curl: f64, lift: f64, start: f64) {
        let bald = start > 0.0;
        const PER_LOCK: usize = 8;
        const ROWS: usize = 15;
        let scalp = Scalp {
            head: self.head,
            curl,
        };
        let columns: Vec<(f64, f64, f64)> = (0..locks.len() * PER_LOCK)
            .map(|c| {
                let (lock, next) = (&locks[c / PER_LOCK], &locks[(c / PER_LOCK + 1) % locks.len()]);
                let end = if next.from > lock.from {
                    next.from
                } else {
                    next.from + 360.0
                };
                let u = (c % PER_LOCK) as f64 / PER_LOCK as f64;
                // columns gather at the tip: half of them on each side of it
                let (azimuth, rise, floor) = if u < 0.5 {
                    (scalar::lerp(lock.from, lock.tip, u * 2.0), u * 2.0, lock.notch)
                } else {
                    (
                        scalar::lerp(lock.tip, end, u * 2.0 - 1.0),
                        2.0 - u * 2.0,
                        next.notch,
                    )
                };
                // sides of a lock swell a little before they meet in its point
                let shape = 0.55 * rise + 0.45 * rise * rise;
                (azimuth, scalar::lerp(floor, lock.length, shape), rise)
            })
            .collect();
        let sheet = Patch::sheet(ROWS, columns.len(), true, |r, c| {
            let v = r as f64 / (ROWS - 1) as f64;
            let (azimuth, edge, rise) = columns[c];
            let t = scalar::lerp(start, edge, v);
            let ridge = (rise - 0.4) * 0.026 * scalar::smoothstep(0.25, 0.9, v);
            let swell = 0.028 * scalar::sin(scalar::PI * scalar::saturate(v * 1.05));
            let tip = -0.03 * scalar::smoothstep(0.75, 1.0, v) * (if t < 1.0 { 1.0 } else { 0.4 });
            // where there is no hair the sheet has no size
            let grown = if bald {
                scalar::smoothstep(0.0, 0.15, edge - start)
            } else {
                1.0
            };
            let root = if bald {
                scalar::lerp(0.012, lift, scalar::smoothstep(0.0, 0.4, v) * grown)
            } else {
                lift
            };
            self.head
                .place(scalp.at(azimuth, t, root + (ridge + swell + tip) * grown))
        });
        figure.add(sheet_part("hair.shell", "hair"), &sheet, |p| self.weight(p));
    }

    /// Strands over the shell: (azimuth, t, lift) along each, with a half width.
    pub(super) fn strands(&self, figure: &mut Figure, name: &str, curl: f64, list: &[StrandPath<'_>]) {
        let scalp = Scalp {
            head: self.head,
            curl,
        };
        let unit = self.head.unit();
        for (path, half_width) in list {
            let spine: Vec<(DVec3, DVec3)> = path
                .iter()
                .map(|&(azimuth, t, lift)| {
                    (
                        self.head.place(scalp.at(azimuth, t, lift)),
                        scalp.away(azimuth, t),
                    )
                })
                .collect();
            let wide = half_width * unit;
            let taper = |t: f64| {
                let tip = 1.0 - scalar::pow(t, 2.6);
                let root = 0.12 + 0.88 * scalar::smoothstep(0.0, 0.5, t);
                wide * (tip * root).max(0.0) + 1e-4
            };
            let depth = |t: f64| taper(t) * 0.34 + 0.0006;
            let strand = Strand {
                spine: &spine,
                half_width: &taper,
                half_depth: &depth,
                rows: 13,
                columns: 8,
            };
            figure.add(Part::new(name, "hair"), &strand.patch(), |p| self.weight(p));
        }
    }
}
