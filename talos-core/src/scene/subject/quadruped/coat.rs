//! Fur and hair that stand out: ruff, breeches, tails, manes.

use super::body::{Hide, binder};
use super::bones::{Bones, SIDES, on};
use super::head::{outward, settle};
use super::params::Species;
use super::plan::{Plan, at};
use crate::geometry::{Implicit, Part};
use crate::math::{DVec3, scalar};
use crate::scene::subject::clay::{Binder, Figure, Patch, Slots, Strand, slots, spline};

/// Adds tail, tufts and mane.
pub(super) fn add(figure: &mut Figure, hide: &Hide, plan: &Plan, b: &Bones, species: Species, s: f64, fur: f64) {
    let coat = Coat {
        hide,
        plan,
        b,
        s,
        fur,
        binder: binder(plan, b, s),
    };
    match species {
        Species::Wolf => {
            coat.tail(figure);
            coat.brush(figure, 0.46);
            coat.ruff(figure, 1.0);
            coat.bib(figure, 1.0);
            coat.withers(figure);
            coat.breeches(figure, 1.0);
        }
        Species::Dog => {
            coat.tail(figure);
            coat.brush(figure, 0.38);
            coat.ruff(figure, 0.55);
            coat.bib(figure, 0.8);
            coat.breeches(figure, 0.8);
        }
        Species::Cat => {
            coat.tail(figure);
            coat.ruff(figure, 0.75);
            coat.bib(figure, 0.45);
        }
        Species::Horse => {
            coat.tail(figure);
            coat.horsehair(figure);
            coat.mane(figure);
        }
    }
}

struct Coat<'a> {
    hide: &'a Hide,
    plan: &'a Plan,
    b: &'a Bones,
    s: f64,
    fur: f64,
    binder: Binder,
}

/// A pointed tuft: where it grows, where it points, length and half width (shares of the withers).
struct Tuft {
    root: DVec3,
    lay: DVec3,
    length: f64,
    half: f64,
    rise: f64,
}

impl Coat<'_> {
    /// Adds a tuft lying on the hide; it moves as the hide at its root does.
    fn tuft(&self, figure: &mut Figure, name: &str, slot: &str, t: &Tuft) {
        let s = self.s;
        let normal = outward(self.hide, t.root, 0.004 * s);
        let lay = (t.lay - normal * t.lay.dot(normal)).normalize_or(DVec3::NEG_Y);
        let length = t.length * s * (0.45 + 0.55 * self.fur);
        let rise = t.rise * length;
        let spine: Vec<(DVec3, DVec3)> = [(-0.30, -0.32), (0.15, 0.12), (0.60, 0.75), (1.0, 1.0)]
            .iter()
            .map(|&(along, up)| (t.root + lay * (along * length) + normal * (up * rise), normal))
            .collect();
        let wide = t.half * s;
        let width = |u: f64| wide * (0.30 + 0.70 * scalar::smoothstep(0.0, 0.35, u)) * (1.0 - scalar::pow(u, 1.8)) + 1e-4 * s;
        let depth = |u: f64| 0.42 * width(u);
        let strand = Strand {
            spine: &spine,
            half_width: &width,
            half_depth: &depth,
            rows: 7,
            columns: 8,
        };
        let held = self.binder.at(t.root);
        figure.add(Part::new(name, slot), &strand.patch(), |_| held);
    }

    /// Tufts that stand back from the cheeks, around the throat.
    fn ruff(&self, figure: &mut Figure, size: f64) {
        let s = self.s;
        let ([ax, ay, az, ar], _, _) = self.plan.head[1];
        let middle = DVec3::new(0.0, ay - 0.01, az - 0.03) * s;
        let radius = (ax + ar + 0.10) * s;
        for (_, sign) in SIDES {
            for (row, back) in [(0, 0.0), (1, -0.075)] {
                for k in 0..6 {
                    // from beside the eye down to the throat
                    let turn = 0.25 - 0.37 * f64::from(k) - 0.12 * f64::from(row);
                    let (sn, cs) = scalar::sin_cos(turn);
                    let from = middle + DVec3::new(sign * cs * radius, sn * radius, back * s);
                    let aim = DVec3::new(-sign * cs, -sn, 0.0);
                    let root = settle(self.hide, from, -aim, 0.0);
                    let lay = DVec3::new(sign * cs * 1.0, sn * 0.7 - 0.55, -0.55);
                    let length = (0.150 - 0.012 * f64::from(k)) * size + 0.02;
                    self.tuft(
                        figure,
                        "ruff",
                        if row == 0 { "belly" } else { "body" },
                        &Tuft {
                            root,
                            lay,
                            length,
                            half: 0.046 * size + 0.006,
                            rise: 0.46,
                        },
                    );
                }
            }
        }
    }

    /// Tufts down the front of neck and breast.
    fn bib(&self, figure: &mut Figure, size: f64) {
        let s = self.s;
        let (neck, trunk) = (&self.plan.neck, &self.plan.trunk);
        let top = neck[neck.len() - 2];
        let low = trunk[trunk.len() - 1];
        for row in 0..4 {
            let t = f64::from(row) / 3.0;
            let y = scalar::lerp(top[0] - 0.02, low[0] - 0.03, t);
            let z = scalar::lerp(top[1], low[1] + 0.02, t);
            let count = 3 + row % 2;
            for k in 0..count {
                let turn = (f64::from(k) - 0.5 * f64::from(count - 1)) * 0.55;
                let (sn, cs) = scalar::sin_cos(turn);
                let from = DVec3::new(sn * 0.30, y, z + cs * 0.30) * s;
                let root = settle(self.hide, from, DVec3::new(sn, -0.1, cs).normalize(), 0.0);
                self.tuft(
                    figure,
                    "bib",
                    "belly",
                    &Tuft {
                        root,
                        lay: DVec3::new(sn * 0.3, -1.0, 0.25),
                        length: (0.125 + 0.02 * t) * size,
                        half: 0.046 * size.max(0.6),
                        rise: 0.34,
                    },
                );
            }
        }
    }

    /// Tufts over nape and withers, lying back.
    fn withers(&self, figure: &mut Figure) {
        let s = self.s;
        let path = [
            DVec3::new(0.0, 1.30, 0.70),
            DVec3::new(0.0, 1.22, 0.50),
            DVec3::new(0.0, 1.16, 0.30),
            DVec3::new(0.0, 1.10, 0.08),
        ];
        for row in 0..5 {
            let t = f64::from(row) / 4.0;
            for x in [-0.045, 0.045] {
                let x = x * if row % 2 == 0 { 1.0 } else { 0.55 };
                let from = (spline(&path, t) + DVec3::new(x, 0.0, 0.0)) * s;
                let root = settle(self.hide, from, DVec3::new(x * 3.0, 1.0, -0.1).normalize(), 0.0);
                self.tuft(
                    figure,
                    "withers",
                    "body",
                    &Tuft {
                        root,
                        lay: DVec3::new(x * 2.0, 0.1, -1.0),
                        length: 0.13 - 0.05 * t,
                        half: 0.042,
                        rise: 0.26 - 0.10 * t,
                    },
                );
            }
        }
    }

    /// Tufts behind thighs and elbows, and along the belly.
    fn breeches(&self, figure: &mut Figure, size: f64) {
        let s = self.s;
        for (_, sign) in SIDES {
            let hip = on(sign, at(self.plan.hind.upper, s));
            let knee = on(sign, at(self.plan.hind.middle, s));
            for k in 0..4 {
                let t = f64::from(k) / 3.0;
                let y = scalar::lerp(hip.y - 0.06 * s, knee.y + 0.06 * s, t);
                let from = DVec3::new(hip.x * 1.05, y, hip.z - 0.36 * s);
                let root = settle(self.hide, from, DVec3::NEG_Z, 0.0);
                self.tuft(
                    figure,
                    "breeches",
                    "belly",
                    &Tuft {
                        root,
                        lay: DVec3::new(0.0, -1.0, -0.25),
                        length: (0.135 - 0.03 * t) * size,
                        half: 0.042 * size,
                        rise: 0.36,
                    },
                );
            }
            let elbow = on(sign, at(self.plan.front.middle, s));
            for k in 0..2 {
                let up = 0.05 * f64::from(k);
                let from = elbow + DVec3::new(0.0, up * s, -0.25 * s);
                let root = settle(self.hide, from, DVec3::NEG_Z, 0.0);
                self.tuft(
                    figure,
                    "breeches",
                    "body",
                    &Tuft {
                        root,
                        lay: DVec3::new(0.1 * sign, -1.0, -0.4),
                        length: 0.09 * size,
                        half: 0.032 * size,
                        rise: 0.36,
                    },
                );
            }
        }
        for k in 0..4 {
            let t = f64::from(k) / 3.0;
            let z = scalar::lerp(0.24, -0.20, t) * s;
            let from = DVec3::new(0.0, 0.30 * s, z);
            let root = settle(self.hide, from, DVec3::NEG_Y, 0.0);
            self.tuft(
                figure,
                "breeches",
                "belly",
                &Tuft {
                    root,
                    lay: DVec3::new(0.0, -0.4, -1.0),
                    length: 0.10 * size,
                    half: 0.05 * size,
                    rise: 0.30,
                },
            );
        }
    }

    fn tail_at(&self, t: f64) -> (DVec3, f64) {
        let points: Vec<DVec3> = self.plan.tail.iter().map(|p| at(p.0, self.s)).collect();
        let radii: Vec<DVec3> = self.plan.tail.iter().map(|p| DVec3::X * p.1 * self.s).collect();
        (spline(&points, t), spline(&radii, t).x.max(1e-4 * self.s))
    }

    fn tail_weight(&self, t: f64) -> Slots {
        let x = (t * 5.0 - 0.3).clamp(-1.0, 4.0);
        let below = x.floor();
        let share = scalar::smoothstep(0.0, 1.0, x - below);
        let bone = |i: f64| {
            if i < 0.0 {
                self.b.hips
            } else {
                self.b.tail[(i as usize).min(4)]
            }
        };
        slots(&[(bone(below), 1.0 - share), (bone(below + 1.0), share)])
    }

    /// The tail's tube from inside the rump.
    fn tail(&self, figure: &mut Figure) {
        const ROWS: usize = 22;
        const COLUMNS: usize = 14;
        let patch = Patch::tube(ROWS, COLUMNS, [true, true], |r, c| {
            let t = r as f64 / (ROWS - 1) as f64;
            let (middle, radius) = self.tail_at(t);
            let ahead = (self.tail_at((t + 0.02).min(1.0)).0 - self.tail_at((t - 0.02).max(0.0)).0).normalize_or(DVec3::NEG_Z);
            let across = DVec3::X;
            let up = across.cross(ahead).normalize_or(DVec3::Y);
            let (sn, cs) = scalar::sin_cos(-scalar::TAU * c as f64 / COLUMNS as f64);
            middle + (across * cs + up * sn) * radius
        });
        let weights: Vec<Slots> = (0..patch.positions.len())
            .map(|i| {
                let row = if i < ROWS * COLUMNS { i / COLUMNS } else { (i - ROWS * COLUMNS) * (ROWS - 1) };
                self.tail_weight(row as f64 / (ROWS - 1) as f64)
            })
            .collect();
        let next = core::cell::Cell::new(0);
        figure.add(Part::new("tail", "body"), &patch, |_| {
            let i = next.get();
            next.set(i + 1);
            weights[i]
        });
    }

    /// Tufts that make a tail bushy: they point to its tip, and out.
    fn brush(&self, figure: &mut Figure, from: f64) {
        let s = self.s;
        for row in 0..6 {
            let t = scalar::lerp(from * 0.5, 0.93, f64::from(row) / 5.0);
            let (middle, radius) = self.tail_at(t);
            let ahead = (self.tail_at((t + 0.03).min(1.0)).0 - middle).normalize_or(DVec3::NEG_Y);
            let up = DVec3::X.cross(ahead).normalize_or(DVec3::Y);
            for k in 0..6 {
                let (sn, cs) = scalar::sin_cos(scalar::TAU * (f64::from(k) + 0.5 * f64::from(row % 2)) / 6.0);
                let out = DVec3::X * cs + up * sn;
                let root = middle + out * (radius * 0.62);
                let length = 0.15 * s;
                let spine: Vec<(DVec3, DVec3)> = [(-0.2, -0.1), (0.25, 0.20), (0.65, 0.34), (1.0, 0.38)]
                    .iter()
                    .map(|&(a, o)| (root + ahead * (a * length) + out * (o * length * 0.62), out))
                    .collect();
                let wide = radius * 0.62 + 0.008 * s;
                let width = |u: f64| wide * (0.4 + 0.6 * scalar::smoothstep(0.0, 0.3, u)) * (1.0 - scalar::pow(u, 1.7)) + 1e-4 * s;
                let depth = |u: f64| width(u) * 0.45;
                let strand = Strand {
                    spine: &spine,
                    half_width: &width,
                    half_depth: &depth,
                    rows: 7,
                    columns: 8,
                };
                let tip = t > 0.72;
                let below = sn * up.y < -0.1 || ahead.y.abs() > 0.9 && up.z * sn > 0.4;
                let slot = if below && !tip { "belly" } else { "body" };
                let held = self.tail_weight(t);
                figure.add(Part::new(format!("tail.brush.{slot}"), slot), &strand.patch(), |_| held);
            }
        }
    }

    /// Long hair from the dock of a horse's tail.
    fn horsehair(&self, figure: &mut Figure) {
        let s = self.s;
        let lean = [0.0, 0.9, -0.9, 0.45, -0.45, 1.25, -1.25, 0.0, 0.7, -0.7];
        for (k, &side) in lean.iter().enumerate() {
            let start = 0.04 + 0.028 * k as f64;
            let back = if k % 2 == 0 { 0.035 } else { -0.005 };
            let spine: Vec<(DVec3, DVec3)> = (0..6)
                .map(|i| {
                    let u = f64::from(i) / 5.0;
                    let t = scalar::lerp(start, 1.0, u);
                    let (middle, _) = self.tail_at(t);
                    let full = scalar::sin(scalar::PI * (0.10 + 0.75 * u));
                    let out = DVec3::new(side * 0.045 * full, -0.02 * u * (k % 3) as f64, -back * full - 0.02 * full) * s;
                    (middle + out, DVec3::new(side, 0.1, -1.0).normalize())
                })
                .collect();
            let width = |u: f64| 0.036 * s * (0.35 + 0.65 * scalar::smoothstep(0.0, 0.4, u)) * (1.0 - scalar::pow(u, 3.5)) + 1e-4 * s;
            let depth = |u: f64| width(u) * 0.5;
            let strand = Strand {
                spine: &spine,
                half_width: &width,
                half_depth: &depth,
                rows: 18,
                columns: 8,
            };
            let patch = strand.patch();
            let rows: Vec<Slots> = (0..18)
                .map(|r| self.tail_weight(scalar::lerp(start, 1.0, f64::from(r) / 17.0)))
                .collect();
            let next = core::cell::Cell::new(0_usize);
            figure.add(Part::new("tail.hair", "mane"), &patch, |_| {
                let i = next.get();
                next.set(i + 1);
                rows[if i < 18 * 8 { i / 8 } else { (i - 18 * 8) * 17 }]
            });
        }
    }

    /// A mane of overlapping locks on the right of the crest, and a forelock between the ears.
    fn mane(&self, figure: &mut Figure) {
        let s = self.s;
        let crest: Vec<DVec3> = [
            (1.435, 0.790),
            (1.395, 0.690),
            (1.300, 0.605),
            (1.195, 0.510),
            (1.100, 0.400),
            (1.030, 0.290),
        ]
        .iter()
        .map(|&(y, z)| DVec3::new(0.0, y, z) * s)
        .collect();
        let side = -1.0;
        for k in 0..15 {
            let t = f64::from(k) / 14.0;
            let top = settle(self.hide, spline(&crest, t) + DVec3::Y * 0.05 * s, DVec3::Y, -0.012 * s);
            let long = (0.24 - 0.07 * t) * (1.0 + 0.12 * scalar::sin(f64::from(k) * 2.3));
            let spine: Vec<(DVec3, DVec3)> = [
                (0.0_f64, 0.0_f64, 0.0_f64),
                (0.030, 0.022, -0.01),
                (0.075, -0.06, -0.02),
                (0.095, -0.16, -0.045),
                (0.100, -0.26, -0.085),
            ]
            .iter()
            .map(|&(x, y, z)| {
                let p = top + DVec3::new(side * x, y.min(0.03) * long / 0.24, z) * s;
                let low = DVec3::new(p.x + side * 0.2 * s, p.y, p.z);
                // lies on the neck's side
                let on_skin = settle(self.hide, low, DVec3::X * side, 0.016 * s);
                let place = if x > 0.05 && (on_skin.x - p.x).abs() < 0.12 * s {
                    DVec3::new(on_skin.x, p.y, p.z)
                } else {
                    p
                };
                (place, DVec3::new(side, 0.25, 0.0).normalize())
            })
            .collect();
            let width = |u: f64| 0.040 * s * (0.55 + 0.45 * scalar::smoothstep(0.0, 0.3, u)) * (1.0 - scalar::pow(u, 2.6)) + 1e-4 * s;
            let depth = |u: f64| width(u) * 0.34;
            let strand = Strand {
                spine: &spine,
                half_width: &width,
                half_depth: &depth,
                rows: 10,
                columns: 8,
            };
            let held = self.binder.at(top);
            let high = scalar::smoothstep(0.7, 0.3, t);
            let [low_bone, high_bone] = self.b.mane;
            figure.add(Part::new("mane", "mane"), &strand.patch(), |p| {
                let free = scalar::smoothstep(0.02, 0.20, (top.y - p.y) / s) * 0.6;
                let mut claims: Vec<(u16, f64)> = held.iter().take(2).map(|c| (c.0, c.1 * (1.0 - free))).collect();
                claims.push((low_bone, free * (1.0 - high)));
                claims.push((high_bone, free * high));
                slots(&claims)
            });
        }
        for (k, x) in [-0.022, 0.022, 0.0].into_iter().enumerate() {
            let spine: Vec<(DVec3, DVec3)> = [(1.400, 0.760), (1.405, 0.835), (1.340, 0.905), (1.265, 0.945)]
                .iter()
                .enumerate()
                .map(|(i, &(y, z))| {
                    let p = DVec3::new(x * (0.6 + 0.5 * i as f64), y - 0.012 * k as f64 * i as f64, z) * s;
                    (p, DVec3::new(x * 6.0, 0.5, 1.0).normalize())
                })
                .collect();
            let width = |u: f64| 0.024 * s * (1.0 - scalar::pow(u, 2.2)) + 1e-4 * s;
            let depth = |u: f64| width(u) * 0.4;
            let strand = Strand {
                spine: &spine,
                half_width: &width,
                half_depth: &depth,
                rows: 9,
                columns: 8,
            };
            let head = self.b.head;
            figure.add(Part::new("forelock", "mane"), &strand.patch(), |_| slots(&[(head, 1.0)]));
        }
        debug_assert!(self.hide.distance(DVec3::ZERO).is_finite());
    }
}
