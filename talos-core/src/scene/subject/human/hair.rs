//! Hair: one shell whose lower edge is cut into pointed locks, and strands over it.
//!
//! Azimuths are in degrees from the front, positive to the left. `t` runs from the crown (0) to the
//! widest level of the skull (1) and on down (1.5 is the jaw's level, 2.7 the shoulder blades').

use super::body::Bones;
use super::head::HeadShape;
use super::params::{HumanParams, Hairstyle};
use crate::geometry::{Part, Primitive};
use crate::math::{DVec3, scalar};
use crate::scene::subject::clay::{Figure, Patch, Slots, Strand, sheet_part, slots};

/// Level of the skull's widest part, and its middle, heads.
const LEVEL: f64 = 0.52;
const MIDDLE: DVec3 = DVec3::new(0.0, LEVEL, -0.05);

/// A lock of the shell's edge: it begins at an azimuth with a notch, and has a tip.
#[derive(Clone, Copy, Debug)]
struct Lock {
    from: f64,
    notch: f64,
    tip: f64,
    length: f64,
}

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
        let p = self.head.around(azimuth, y.max(LEVEL).min(0.99999));
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

struct Tailor<'a> {
    head: &'a HeadShape,
    b: &'a Bones,
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
    fn shell(&self, figure: &mut Figure, locks: &[Lock], curl: f64, lift: f64, start: f64) {
        let bald = start > 0.0;
        const PER_LOCK: usize = 8;
        const ROWS: usize = 18;
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
            let swell = 0.028 * scalar::sin(scalar::PI * scalar::saturate(v * 1.05)) ;
            let tip = -0.03 * scalar::smoothstep(0.75, 1.0, v) * (if t < 1.0 { 1.0 } else { 0.4 });
            // where there is no hair the sheet has no size
            let grown = if bald { scalar::smoothstep(0.0, 0.15, edge - start) } else { 1.0 };
            let root = if bald { scalar::lerp(0.012, lift, scalar::smoothstep(0.0, 0.4, v) * grown) } else { lift };
            self.head.place(scalp.at(azimuth, t, root + (ridge + swell + tip) * grown))
        });
        figure.add(sheet_part("hair.shell", "hair"), &sheet, |p| self.weight(p));
    }

    /// Strands over the shell: (azimuth, t, lift) along each, with a half width.
    fn strands(&self, figure: &mut Figure, name: &str, curl: f64, list: &[(&[(f64, f64, f64)], f64)]) {
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
                rows: 15,
                columns: 10,
            };
            figure.add(Part::new(name, "hair"), &strand.patch(), |p| self.weight(p));
        }
    }

    fn bob(&self, figure: &mut Figure) {
        let mut locks = fringe(0.905, 0.76);
        locks.extend([
            lock(58.0, 1.02, 68.0, 1.50),
            lock(84.0, 1.22, 100.0, 1.54),
            lock(114.0, 1.34, 128.0, 1.56),
            lock(142.0, 1.36, 156.0, 1.58),
            lock(170.0, 1.38, 184.0, 1.58),
            lock(198.0, 1.38, 213.0, 1.58),
            lock(226.0, 1.36, 240.0, 1.56),
            lock(254.0, 1.28, 268.0, 1.54),
            lock(280.0, 1.02, 294.0, 1.50),
        ]);
        self.shell(figure, &locks, 0.42, 0.052, 0.0);
        self.strands(
            figure,
            "hair.side",
            0.34,
            &[
                (&[(50.0, 0.45, 0.03), (60.0, 0.75, 0.085), (63.0, 1.05, 0.09), (64.0, 1.35, 0.07), (58.0, 1.62, 0.05)], 0.062),
                (&[(-50.0, 0.45, 0.03), (-60.0, 0.75, 0.085), (-63.0, 1.05, 0.09), (-64.0, 1.35, 0.07), (-58.0, 1.62, 0.05)], 0.062),
                (&[(84.0, 0.5, 0.03), (88.0, 0.8, 0.088), (92.0, 1.1, 0.092), (90.0, 1.35, 0.08), (84.0, 1.57, 0.06)], 0.10),
                (&[(-84.0, 0.5, 0.03), (-88.0, 0.8, 0.088), (-92.0, 1.1, 0.092), (-90.0, 1.35, 0.08), (-84.0, 1.57, 0.06)], 0.10),
                (&[(128.0, 0.55, 0.03), (134.0, 0.85, 0.08), (138.0, 1.15, 0.085), (140.0, 1.4, 0.08), (144.0, 1.62, 0.06)], 0.11),
                (&[(-150.0, 0.55, 0.03), (-152.0, 0.85, 0.08), (-150.0, 1.15, 0.085), (-146.0, 1.4, 0.08), (-140.0, 1.62, 0.06)], 0.11),
            ],
        );
        self.strands(
            figure,
            "hair.fringe",
            0.3,
            &[
                (&[(-6.0, 0.2, 0.03), (-10.0, 0.45, 0.092), (-12.0, 0.70, 0.095), (-4.0, 0.93, 0.06)], 0.075),
                (&[(20.0, 0.24, 0.03), (24.0, 0.46, 0.09), (26.0, 0.69, 0.09), (33.0, 0.91, 0.062)], 0.06),
                (&[(-36.0, 0.26, 0.03), (-38.0, 0.5, 0.09), (-40.0, 0.72, 0.09), (-33.0, 0.92, 0.066)], 0.06),
            ],
        );
        self.strands(
            figure,
            "hair.loose",
            0.0,
            &[(&[(150.0, 0.05, 0.04), (100.0, 0.12, 0.13), (60.0, 0.22, 0.17), (40.0, 0.30, 0.15)], 0.018)],
        );
    }

    fn long(&self, figure: &mut Figure) {
        let mut locks = fringe(0.90, 0.72);
        locks.extend([
            lock(62.0, 0.98, 72.0, 1.62),
            lock(88.0, 1.46, 104.0, 1.78),
            lock(118.0, 1.62, 132.0, 2.0),
            lock(142.0, 1.85, 154.0, 2.6),
            lock(166.0, 2.30, 176.0, 2.85),
            lock(186.0, 2.30, 197.0, 2.75),
            lock(208.0, 1.85, 220.0, 2.5),
            lock(232.0, 1.62, 244.0, 2.0),
            lock(256.0, 1.46, 270.0, 1.78),
            lock(278.0, 0.98, 290.0, 1.62),
        ]);
        self.shell(figure, &locks, -0.07, 0.05, 0.0);
        self.strands(
            figure,
            "hair.side",
            0.04,
            &[
                (&[(50.0, 0.4, 0.03), (62.0, 0.75, 0.08), (66.0, 1.1, 0.085), (66.0, 1.5, 0.07), (62.0, 1.95, 0.06), (60.0, 2.2, 0.05)], 0.058),
                (&[(-50.0, 0.4, 0.03), (-62.0, 0.75, 0.08), (-66.0, 1.1, 0.085), (-66.0, 1.5, 0.07), (-62.0, 1.95, 0.06), (-60.0, 2.2, 0.05)], 0.058),
            ],
        );
        self.strands(
            figure,
            "hair.fringe",
            0.3,
            &[
                (&[(-10.0, 0.2, 0.03), (-24.0, 0.45, 0.09), (-34.0, 0.68, 0.09), (-44.0, 0.92, 0.06)], 0.075),
                (&[(10.0, 0.2, 0.03), (18.0, 0.46, 0.09), (26.0, 0.66, 0.09), (38.0, 0.86, 0.06)], 0.075),
            ],
        );
    }

    fn tousled(&self, figure: &mut Figure) {
        let mut locks = fringe(0.82, 0.62);
        locks.extend([
            lock(62.0, 0.86, 74.0, 1.16),
            lock(90.0, 0.98, 106.0, 1.24),
            lock(122.0, 1.14, 136.0, 1.36),
            lock(150.0, 1.24, 165.0, 1.44),
            lock(180.0, 1.26, 194.0, 1.44),
            lock(210.0, 1.24, 224.0, 1.40),
            lock(238.0, 1.12, 254.0, 1.28),
            lock(270.0, 0.98, 286.0, 1.16),
        ]);
        self.shell(figure, &locks, -0.1, 0.05, 0.0);
        let spike = |azimuth: f64, t: f64, out: f64| {
            [
                (azimuth, t, 0.02),
                (azimuth + 4.0, t + 0.16, 0.07),
                (azimuth + 6.0, t + 0.36, 0.10 + out * 0.5),
                (azimuth + 10.0, t + 0.52, 0.10 + out),
            ]
        };
        let paths: Vec<[(f64, f64, f64); 4]> = [
            (8.0, 0.2, 0.0),
            (-30.0, 0.22, 0.01),
            (42.0, 0.22, 0.01),
            (75.0, 0.38, 0.02),
            (-75.0, 0.38, 0.02),
            (112.0, 0.30, 0.04),
            (-115.0, 0.30, 0.04),
            (150.0, 0.48, 0.05),
            (-155.0, 0.45, 0.05),
            (180.0, 0.72, 0.05),
            (128.0, 0.80, 0.04),
            (-130.0, 0.80, 0.04),
        ]
        .map(|(a, t, o)| spike(a, t, o))
        .to_vec();
        let list: Vec<(&[(f64, f64, f64)], f64)> = paths.iter().map(|p| (p.as_slice(), 0.075)).collect();
        self.strands(figure, "hair.strands", -0.1, &list);
    }

    fn short(&self, figure: &mut Figure) {
        let locks = [
            lock(-66.0, 0.92, -60.0, 1.02),
            lock(-50.0, 0.84, -46.0, 0.93),
            lock(-30.0, 0.70, -26.0, 0.88),
            lock(-6.0, 0.64, -1.0, 0.83),
            lock(18.0, 0.60, 22.0, 0.78),
            lock(38.0, 0.62, 45.0, 0.86),
            lock(60.0, 0.80, 68.0, 1.12),
            lock(88.0, 0.98, 104.0, 1.20),
            lock(122.0, 1.14, 138.0, 1.36),
            lock(152.0, 1.28, 168.0, 1.44),
            lock(184.0, 1.30, 198.0, 1.44),
            lock(212.0, 1.26, 226.0, 1.36),
            lock(242.0, 1.10, 256.0, 1.20),
            lock(272.0, 0.98, 284.0, 1.12),
        ];
        self.shell(figure, &locks, 0.0, 0.04, 0.0);
        self.strands(
            figure,
            "hair.strands",
            0.0,
            &[
                (&[(40.0, 0.34, 0.02), (20.0, 0.48, 0.10), (-12.0, 0.62, 0.11), (-38.0, 0.84, 0.06)], 0.085),
                (&[(52.0, 0.3, 0.02), (44.0, 0.48, 0.09), (46.0, 0.68, 0.085), (56.0, 0.9, 0.05)], 0.07),
                (&[(10.0, 0.2, 0.02), (-24.0, 0.36, 0.085), (-52.0, 0.58, 0.08), (-66.0, 0.92, 0.05)], 0.075),
            ],
        );
    }

    fn bun(&self, figure: &mut Figure) {
        let smooth = |from: f64, notch: f64| lock(from, notch, from + 15.0, notch + 0.015);
        let locks = [
            smooth(-60.0, 0.74),
            smooth(-30.0, 0.60),
            smooth(0.0, 0.575),
            smooth(30.0, 0.60),
            smooth(60.0, 0.74),
            smooth(90.0, 1.02),
            smooth(120.0, 1.2),
            smooth(150.0, 1.32),
            smooth(180.0, 1.34),
            smooth(210.0, 1.32),
            smooth(240.0, 1.2),
            smooth(270.0, 1.02),
        ];
        self.shell(figure, &locks, 0.22, 0.028, 0.0);
        let (head, b) = (self.head, self.b);
        let centre = DVec3::new(0.0, 0.80, -0.52);
        let ball = Primitive::Ball(centre, 0.155);
        let mut patch = Patch::solid(&ball, centre - DVec3::splat(0.2), centre + DVec3::splat(0.2), 0.035);
        for q in &mut patch.positions {
            *q = head.place(*q);
        }
        figure.add(Part::new("hair.bun", "hair"), &patch, |_| {
            slots(&[(b.head, 0.9), (b.hair_back[0], 0.1)])
        });
        self.strands(
            figure,
            "hair.strands",
            0.1,
            &[
                (&[(62.0, 0.62, 0.02), (70.0, 0.85, 0.05), (72.0, 1.1, 0.05), (68.0, 1.32, 0.03)], 0.03),
                (&[(-62.0, 0.62, 0.02), (-70.0, 0.85, 0.05), (-72.0, 1.1, 0.05), (-68.0, 1.32, 0.03)], 0.03),
                (&[(8.0, 0.5, 0.0), (40.0, 0.56, 0.045), (80.0, 0.7, 0.05), (130.0, 0.72, 0.05), (165.0, 0.66, 0.03)], 0.07),
                (&[(-8.0, 0.5, 0.0), (-40.0, 0.56, 0.045), (-80.0, 0.7, 0.05), (-130.0, 0.72, 0.05), (-165.0, 0.66, 0.03)], 0.07),
            ],
        );
    }

    fn wreath(&self, figure: &mut Figure) {
        let start = 0.80;
        let mut locks = vec![lock(-70.0, start, 0.0, start)];
        for k in 0..11 {
            let from = 70.0 + 20.0 * f64::from(k);
            let back = 1.0 - (f64::from(k) - 5.0).abs() / 5.0;
            let notch = if k == 0 { start } else { 1.02 + 0.16 * back };
            locks.push(lock(from, notch, from + 12.0, 1.22 + 0.20 * back));
        }
        self.shell(figure, &locks, -0.12, 0.05, start);
        self.beard(figure);
    }

    /// A beard of broad strands from the cheeks to below the chin, and a moustache.
    fn beard(&self, figure: &mut Figure) {
        let (head, b) = (self.head, self.b);
        let on_face = |x: f64, y: f64, proud: f64| DVec3::new(x, y, head.front(x, y.max(0.02)) + proud);
        let mut strand = |name: &str, spine: &[DVec3], wide: f64| {
            let spine: Vec<(DVec3, DVec3)> = spine
                .iter()
                .map(|&q| {
                    let away = DVec3::new(q.x * 0.9, 0.12, 0.4).normalize();
                    (head.place(q), away)
                })
                .collect();
            let unit = head.unit();
            let width = |t: f64| {
                let root = 0.25 + 0.75 * scalar::smoothstep(0.0, 0.4, t);
                unit * wide * root * (1.0 - scalar::pow(t, 2.4)).max(0.0) + 1e-4
            };
            let depth = |t: f64| width(t) * 0.42 + 0.0005;
            let made = Strand {
                spine: &spine,
                half_width: &width,
                half_depth: &depth,
                rows: 12,
                columns: 10,
            };
            figure.add(Part::new(name, "hair"), &made.patch(), |p| {
                let q = (p - head.place(DVec3::ZERO)) / unit;
                let jaw = 0.7 * scalar::smoothstep(0.2, 0.05, q.y);
                slots(&[(b.head, 1.0 - jaw), (b.jaw, jaw)])
            });
        };
        for sign in [1.0, -1.0] {
            for (k, x) in [0.315, 0.255, 0.185, 0.10].into_iter().enumerate() {
                let top = 0.34 - 0.06 * k as f64;
                let spine = [
                    on_face(sign * x, top, -0.02),
                    on_face(sign * x * 0.92, top - 0.12, 0.03),
                    on_face(sign * x * 0.66, top - 0.25, 0.05),
                    on_face(sign * x * 0.40, top - 0.42 - 0.03 * k as f64, 0.03),
                ];
                strand("beard", &spine, 0.085);
            }
            let curl = [
                on_face(sign * 0.004, 0.222, 0.012),
                on_face(sign * 0.06, 0.212, 0.024),
                on_face(sign * 0.11, 0.175, 0.02),
                on_face(sign * 0.14, 0.12, 0.012),
            ];
            strand("moustache", &curl, 0.034);
        }
        let middle = [
            on_face(0.0, 0.115, -0.01),
            on_face(0.0, 0.06, 0.03),
            DVec3::new(0.0, -0.10, 0.37),
            DVec3::new(0.0, -0.30, 0.33),
        ];
        strand("beard", &middle, 0.10);
    }
}

fn lock(from: f64, notch: f64, tip: f64, length: f64) -> Lock {
    Lock {
        from,
        notch,
        tip,
        length,
    }
}

/// Five locks over the forehead, ending about `length` with notches up to `notch`.
fn fringe(length: f64, notch: f64) -> Vec<Lock> {
    vec![
        lock(-60.0, 1.0, -48.0, length + 0.07),
        lock(-40.0, notch + 0.02, -26.0, length + 0.01),
        lock(-17.0, notch, -3.0, length - 0.01),
        lock(8.0, notch - 0.02, 20.0, length + 0.01),
        lock(33.0, notch + 0.02, 49.0, length + 0.07),
    ]
}
