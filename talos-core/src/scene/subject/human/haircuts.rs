//! Haircuts: which locks, how long, and what lies over them.

use super::hair::{Lock, StrandPath, Tailor};
use crate::geometry::{Part, Primitive};
use crate::math::{DVec3, scalar};
use crate::scene::subject::clay::Figure;
use crate::scene::subject::clay::{Patch, Strand, slots};

impl Tailor<'_> {
    pub(super) fn bob(&self, figure: &mut Figure) {
        let mut locks = fringe(0.905, 0.76, 0.62, false);
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
                (
                    &[
                        (50.0, 0.45, 0.03),
                        (60.0, 0.75, 0.085),
                        (63.0, 1.05, 0.09),
                        (64.0, 1.35, 0.07),
                        (58.0, 1.62, 0.05),
                    ],
                    0.062,
                ),
                (
                    &[
                        (-50.0, 0.45, 0.03),
                        (-60.0, 0.75, 0.085),
                        (-63.0, 1.05, 0.09),
                        (-64.0, 1.35, 0.07),
                        (-58.0, 1.62, 0.05),
                    ],
                    0.062,
                ),
                (
                    &[
                        (84.0, 0.5, 0.03),
                        (88.0, 0.8, 0.088),
                        (92.0, 1.1, 0.092),
                        (90.0, 1.35, 0.08),
                        (84.0, 1.57, 0.06),
                    ],
                    0.10,
                ),
                (
                    &[
                        (-84.0, 0.5, 0.03),
                        (-88.0, 0.8, 0.088),
                        (-92.0, 1.1, 0.092),
                        (-90.0, 1.35, 0.08),
                        (-84.0, 1.57, 0.06),
                    ],
                    0.10,
                ),
                (
                    &[
                        (128.0, 0.55, 0.03),
                        (134.0, 0.85, 0.08),
                        (138.0, 1.15, 0.085),
                        (140.0, 1.4, 0.08),
                        (144.0, 1.62, 0.06),
                    ],
                    0.11,
                ),
                (
                    &[
                        (-150.0, 0.55, 0.03),
                        (-152.0, 0.85, 0.08),
                        (-150.0, 1.15, 0.085),
                        (-146.0, 1.4, 0.08),
                        (-140.0, 1.62, 0.06),
                    ],
                    0.11,
                ),
            ],
        );
        self.strands(
            figure,
            "hair.fringe",
            0.3,
            &[
                (
                    &[
                        (-6.0, 0.2, 0.03),
                        (-10.0, 0.45, 0.092),
                        (-12.0, 0.70, 0.095),
                        (-4.0, 0.93, 0.06),
                    ],
                    0.075,
                ),
                (
                    &[
                        (20.0, 0.24, 0.03),
                        (24.0, 0.46, 0.09),
                        (26.0, 0.69, 0.09),
                        (33.0, 0.91, 0.062),
                    ],
                    0.06,
                ),
                (
                    &[
                        (-36.0, 0.26, 0.03),
                        (-38.0, 0.5, 0.09),
                        (-40.0, 0.72, 0.09),
                        (-33.0, 0.92, 0.066),
                    ],
                    0.06,
                ),
            ],
        );
        self.strands(
            figure,
            "hair.loose",
            0.0,
            &[(
                &[
                    (150.0, 0.05, 0.04),
                    (100.0, 0.12, 0.13),
                    (60.0, 0.22, 0.17),
                    (40.0, 0.30, 0.15),
                ],
                0.018,
            )],
        );
    }

    pub(super) fn long(&self, figure: &mut Figure) {
        let mut locks = fringe(0.91, 0.72, 0.74, true);
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
                (
                    &[
                        (50.0, 0.4, 0.03),
                        (62.0, 0.75, 0.08),
                        (66.0, 1.1, 0.085),
                        (66.0, 1.5, 0.07),
                        (62.0, 1.95, 0.06),
                        (60.0, 2.2, 0.05),
                    ],
                    0.058,
                ),
                (
                    &[
                        (-50.0, 0.4, 0.03),
                        (-62.0, 0.75, 0.08),
                        (-66.0, 1.1, 0.085),
                        (-66.0, 1.5, 0.07),
                        (-62.0, 1.95, 0.06),
                        (-60.0, 2.2, 0.05),
                    ],
                    0.058,
                ),
            ],
        );
        self.strands(
            figure,
            "hair.fringe",
            0.3,
            &[
                (
                    &[
                        (-10.0, 0.2, 0.03),
                        (-24.0, 0.45, 0.09),
                        (-34.0, 0.68, 0.09),
                        (-44.0, 0.92, 0.06),
                    ],
                    0.075,
                ),
                (
                    &[
                        (10.0, 0.2, 0.03),
                        (18.0, 0.46, 0.09),
                        (26.0, 0.66, 0.09),
                        (38.0, 0.86, 0.06),
                    ],
                    0.075,
                ),
            ],
        );
    }

    pub(super) fn tousled(&self, figure: &mut Figure) {
        let mut locks = fringe(0.85, 0.66, 0.70, false);
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
        let list: Vec<StrandPath<'_>> = paths.iter().map(|p| (p.as_slice(), 0.075)).collect();
        self.strands(figure, "hair.strands", -0.1, &list);
    }

    pub(super) fn short(&self, figure: &mut Figure) {
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
                (
                    &[
                        (40.0, 0.34, 0.02),
                        (20.0, 0.48, 0.10),
                        (-12.0, 0.62, 0.11),
                        (-38.0, 0.84, 0.06),
                    ],
                    0.085,
                ),
                (
                    &[
                        (52.0, 0.3, 0.02),
                        (44.0, 0.48, 0.09),
                        (46.0, 0.68, 0.085),
                        (56.0, 0.9, 0.05),
                    ],
                    0.07,
                ),
                (
                    &[
                        (10.0, 0.2, 0.02),
                        (-24.0, 0.36, 0.085),
                        (-52.0, 0.58, 0.08),
                        (-66.0, 0.92, 0.05),
                    ],
                    0.075,
                ),
            ],
        );
    }

    pub(super) fn bun(&self, figure: &mut Figure) {
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
        let mut patch = Patch::solid(
            &ball,
            centre - DVec3::splat(0.2),
            centre + DVec3::splat(0.2),
            0.035,
        );
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
                (
                    &[
                        (62.0, 0.62, 0.02),
                        (70.0, 0.85, 0.05),
                        (72.0, 1.1, 0.05),
                        (68.0, 1.32, 0.03),
                    ],
                    0.03,
                ),
                (
                    &[
                        (-62.0, 0.62, 0.02),
                        (-70.0, 0.85, 0.05),
                        (-72.0, 1.1, 0.05),
                        (-68.0, 1.32, 0.03),
                    ],
                    0.03,
                ),
                (
                    &[
                        (8.0, 0.5, 0.0),
                        (40.0, 0.56, 0.045),
                        (80.0, 0.7, 0.05),
                        (130.0, 0.72, 0.05),
                        (165.0, 0.66, 0.03),
                    ],
                    0.07,
                ),
                (
                    &[
                        (-8.0, 0.5, 0.0),
                        (-40.0, 0.56, 0.045),
                        (-80.0, 0.7, 0.05),
                        (-130.0, 0.72, 0.05),
                        (-165.0, 0.66, 0.03),
                    ],
                    0.07,
                ),
            ],
        );
    }

    pub(super) fn wreath(&self, figure: &mut Figure) {
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

/// Five locks over the forehead, ending about `length` with notches up to `notch`; their tips lie at
/// `lean` of their width, mirrored on the right side when `parted`.
fn fringe(length: f64, notch: f64, lean: f64, parted: bool) -> Vec<Lock> {
    let ends = [-60.0, -40.0, -17.0, 8.0, 33.0, 60.0];
    let reach = [0.07, 0.01, -0.01, 0.01, 0.07];
    let floor = [1.0, notch + 0.02, notch, notch - 0.02, notch + 0.02];
    (0..5)
        .map(|k| {
            let lean = if parted && k < 2 { 1.0 - lean } else { lean };
            let tip = scalar::lerp(ends[k], ends[k + 1], lean);
            lock(ends[k], floor[k], tip, length + reach[k])
        })
        .collect()
}
