//! Fur and hair that stand out: ruff, breeches, tails, manes.

use super::body::{Hide, binder};
use super::bones::{Bones, SIDES, on};
use super::head::{outward, settle};
use super::params::Species;
use super::plan::{Plan, at};
use crate::geometry::Part;
use crate::math::{DVec3, scalar};
use crate::scene::subject::clay::{Binder, Figure, Patch, Slots, Strand, sheet_part, slots, spline};

/// Adds tail, tufts and mane.
pub(super) fn add(
    figure: &mut Figure,
    hide: &Hide,
    plan: &Plan,
    b: &Bones,
    species: Species,
    s: f64,
    fur: f64,
) {
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
            coat.tail(figure, "body");
            coat.brush(figure, &[0.20, 0.42, 0.62], 0.40);
            coat.ruff(
                figure,
                &[
                    (0.02, 0.19, 0.20, 11),
                    (0.45, 0.16, 0.24, 11),
                    (0.92, 0.10, 0.24, 13),
                ],
            );
            coat.breeches(figure, 1.0);
        }
        Species::Dog => {
            coat.tail(figure, "body");
            coat.brush(figure, &[0.18, 0.40, 0.60], 0.42);
            coat.ruff(figure, &[(0.25, 0.15, 0.22, 11)]);
            coat.breeches(figure, 0.8);
        }
        Species::Cat => {
            coat.tail(figure, "body");
            coat.ruff(figure, &[(0.0, 0.13, 0.09, 11)]);
        }
        Species::Horse => {
            coat.tail(figure, "mane");
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
        let width = |u: f64| {
            wide * (0.30 + 0.70 * scalar::smoothstep(0.0, 0.35, u)) * (1.0 - scalar::pow(u, 1.8)) + 1e-4 * s
        };
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

    /// Collars of fur around the neck: (share of the way from cheeks to breast, length beside, length
    /// in front, spikes). Each begins under the hide and ends in spikes that stand off it.
    fn ruff(&self, figure: &mut Figure, collars: &[(f64, f64, f64, usize)]) {
        let s = self.s;
        let neck = &self.plan.neck;
        let last = neck.len() - 1;
        let flesh = |i: usize| DVec3::new(0.0, neck[i][0], neck[i][1]) * s;
        let skull = at(self.plan.skull, s);
        let cheeks = skull.lerp(flesh(last), 0.25);
        let axis = (flesh(0) - cheeks).normalize();
        let across = DVec3::X;
        // towards the throat
        let front = across.cross(axis).normalize();
        let front = if front.y > 0.0 { -front } else { front };
        for (number, &(along, beside, before, spikes)) in collars.iter().enumerate() {
            let middle = cheeks.lerp(flesh(0), along);
            let round = |turn: f64| {
                let (sn, cs) = scalar::sin_cos(turn);
                across * sn + front * cs
            };
            let root = |turn: f64| {
                let out = round(turn);
                settle(self.hide, middle + out * (0.5 * s), out, -0.020 * s)
            };
            let length = |turn: f64| {
                let throat = scalar::smoothstep(0.25, 1.0, scalar::cos(turn));
                let nape = scalar::smoothstep(-0.35, -0.95, scalar::cos(turn));
                let side = scalar::lerp(beside, before, throat);
                s * scalar::lerp(side, 0.55 * beside, nape) * (0.45 + 0.55 * self.fur)
            };
            let lay = |turn: f64| {
                let throat = scalar::smoothstep(0.2, 1.0, scalar::cos(turn));
                (axis + DVec3::NEG_Y * (0.25 + 0.7 * throat)).normalize()
            };
            let light = |turn: f64| scalar::cos(turn) > if number == 0 { 0.05 } else { 0.42 };
            self.collar(
                figure,
                &format!("ruff.{number}"),
                spikes,
                [&root, &lay, &round],
                &length,
                &light,
            );
        }
    }

    /// One collar: a sheet from its roots to a spiked hem.
    fn collar(
        &self,
        figure: &mut Figure,
        name: &str,
        spikes: usize,
        [root, lay, round]: [&dyn Fn(f64) -> DVec3; 3],
        length: &dyn Fn(f64) -> f64,
        light: &dyn Fn(f64) -> bool,
    ) {
        const PER_SPIKE: usize = 6;
        const ROWS: usize = 6;
        let columns = spikes * PER_SPIKE;
        let turn = |c: usize| scalar::TAU * (c as f64 / columns as f64 - 0.5 / spikes as f64);
        let places: Vec<(DVec3, DVec3, DVec3, f64, f64)> = (0..columns)
            .map(|c| {
                let at = turn(c);
                let place = root(at);
                let out = outward(self.hide, place, 0.01 * self.s);
                let out = (out + round(at)).normalize_or(out);
                let along = lay(at);
                let along = (along - out * along.dot(out)).normalize_or(DVec3::NEG_Y);
                let u = (c % PER_SPIKE) as f64 / PER_SPIKE as f64;
                let rise = 1.0 - (2.0 * u - 1.0).abs();
                let spike = c / PER_SPIKE;
                let own = 1.0 + 0.16 * scalar::sin(spike as f64 * 2.4 + 0.7);
                let reach = length(at) * (0.52 + 0.48 * rise * own);
                (place, out, along, reach, rise)
            })
            .collect();
        let sheet = Patch::sheet(ROWS, columns, true, |r, c| {
            let v = r as f64 / (ROWS - 1) as f64;
            let (place, out, along, reach, rise) = places[c];
            // from under the hide to well above it, whatever the hide does below
            let stand = (0.30 * reach * v * (1.0 - 0.25 * v) - 0.018 * self.s * (1.0 - v))
                + (rise - 0.5) * 0.022 * self.s * v;
            settle(
                self.hide,
                place + along * (reach * v) + out * (0.3 * reach * v),
                out,
                stand,
            )
        });
        let held: Vec<Slots> = places.iter().map(|p| self.binder.at(p.0)).collect();
        let next = core::cell::Cell::new(0_usize);
        let column_light: Vec<bool> = (0..columns)
            .map(|c| light(turn(c / PER_SPIKE * PER_SPIKE + PER_SPIKE / 2)))
            .collect();
        let parts = [
            sheet_part(&format!("{name}.light"), "belly"),
            sheet_part(name, "body"),
        ];
        figure.add_regions(
            parts,
            &sheet,
            |t| {
                column_light[sheet.triangles[t].iter().map(|&v| v as usize % columns).fold(
                    usize::MAX,
                    |a, c| {
                        if a == usize::MAX || (c < a) != (c.abs_diff(a) > columns / 2) {
                            c
                        } else {
                            a
                        }
                    },
                )]
            },
            |_| {
                let i = next.get();
                next.set(i + 1);
                held[i % columns]
            },
        );
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
                        length: (0.20 - 0.03 * t) * size,
                        half: 0.066 * size,
                        rise: 0.24,
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
                        length: 0.13 * size,
                        half: 0.045 * size,
                        rise: 0.28,
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
                    length: 0.17 * size,
                    half: 0.062 * size,
                    rise: 0.16,
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
    fn tail(&self, figure: &mut Figure, slot: &str) {
        const ROWS: usize = 22;
        const COLUMNS: usize = 14;
        let patch = Patch::tube(ROWS, COLUMNS, [true, true], |r, c| {
            let t = r as f64 / (ROWS - 1) as f64;
            let (middle, radius) = self.tail_at(t);
            let ahead = (self.tail_at((t + 0.02).min(1.0)).0 - self.tail_at((t - 0.02).max(0.0)).0)
                .normalize_or(DVec3::NEG_Z);
            let across = DVec3::X;
            let up = across.cross(ahead).normalize_or(DVec3::Y);
            let (sn, cs) = scalar::sin_cos(-scalar::TAU * c as f64 / COLUMNS as f64);
            middle + (across * cs + up * sn) * radius
        });
        let weights: Vec<Slots> = (0..patch.positions.len())
            .map(|i| {
                let row = if i < ROWS * COLUMNS {
                    i / COLUMNS
                } else {
                    (i - ROWS * COLUMNS) * (ROWS - 1)
                };
                self.tail_weight(row as f64 / (ROWS - 1) as f64)
            })
            .collect();
        let next = core::cell::Cell::new(0);
        figure.add(Part::new("tail", slot), &patch, |_| {
            let i = next.get();
            next.set(i + 1);
            weights[i]
        });
    }

    /// Sleeves of fur along a tail, each ending in spikes; the last one makes its tip.
    fn brush(&self, figure: &mut Figure, starts: &[f64], long: f64) {
        const SPIKES: usize = 6;
        const PER_SPIKE: usize = 6;
        const ROWS: usize = 9;
        let s = self.s;
        let columns = SPIKES * PER_SPIKE;
        for (number, &start) in starts.iter().enumerate() {
            let mut weights = Vec::new();
            let mut places = Vec::new();
            for r in 0..ROWS {
                let v = r as f64 / (ROWS - 1) as f64;
                for c in 0..columns {
                    let u = (c % PER_SPIKE) as f64 / PER_SPIKE as f64;
                    let rise = 1.0 - (2.0 * u - 1.0).abs();
                    let spike = (c / PER_SPIKE + number) as f64;
                    let own = 1.0 + 0.14 * scalar::sin(spike * 2.4 + 0.7);
                    let t = start + long * v * (0.62 + 0.38 * rise * own);
                    let turn =
                        scalar::TAU * (c as f64 / columns as f64 + 0.5 * (number % 2) as f64 / SPIKES as f64);
                    let (sn, cs) = scalar::sin_cos(turn);
                    let (middle, girth) = self.tail_at(t.min(0.985));
                    let ahead = (self.tail_at((t + 0.02).min(0.985)).0
                        - self.tail_at((t - 0.03).clamp(0.0, 0.95)).0)
                        .normalize_or(DVec3::NEG_Y);
                    let up = DVec3::X.cross(ahead).normalize_or(DVec3::Y);
                    let (root_girth, tip_girth) = (self.tail_at(start).1 * 0.9, girth.max(0.012 * s));
                    let stand = 0.030 * s * scalar::smoothstep(0.2, 1.0, v) + (rise - 0.5) * 0.018 * s * v;
                    let body = scalar::lerp(root_girth, tip_girth, scalar::smoothstep(0.0, 0.35, v));
                    let radius = (body + stand)
                        * if t > 0.9 {
                            scalar::lerp(1.0, 0.35, scalar::smoothstep(0.9, 1.15, t))
                        } else {
                            1.0
                        };
                    let beyond = ahead * ((t - 0.985).max(0.0) * 0.9 * s);
                    places.push(middle + beyond + (DVec3::X * cs + up * sn) * radius);
                    weights.push(self.tail_weight(t.min(1.0)));
                }
            }
            let sheet = Patch::sheet(ROWS, columns, true, |r, c| places[r * columns + c]);
            let next = core::cell::Cell::new(0_usize);
            figure.add(
                sheet_part(&format!("tail.brush.{number}"), "body"),
                &sheet,
                |_| {
                    let i = next.get();
                    next.set(i + 1);
                    weights[i]
                },
            );
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
                    let out = DVec3::new(
                        side * 0.045 * full,
                        -0.02 * u * (k % 3) as f64,
                        -back * full - 0.02 * full,
                    ) * s;
                    (middle + out, DVec3::new(side, 0.1, -1.0).normalize())
                })
                .collect();
            let width = |u: f64| {
                0.036 * s * (0.35 + 0.65 * scalar::smoothstep(0.0, 0.4, u)) * (1.0 - scalar::pow(u, 3.5))
                    + 1e-4 * s
            };
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
        for k in 0..22 {
            let t = f64::from(k) / 21.0;
            let side = if k % 2 == 0 { -1.0 } else { 1.0 };
            let top = settle(
                self.hide,
                spline(&crest, t) + DVec3::Y * 0.05 * s,
                DVec3::Y,
                -0.026 * s,
            );
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
            let width = |u: f64| {
                0.050 * s * (0.62 + 0.38 * scalar::smoothstep(0.0, 0.3, u)) * (1.0 - scalar::pow(u, 2.6))
                    + 1e-4 * s
            };
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
                let mut claims: Vec<(u16, f64)> =
                    held.iter().take(2).map(|c| (c.0, c.1 * (1.0 - free))).collect();
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
            figure.add(Part::new("forelock", "mane"), &strand.patch(), |_| {
                slots(&[(head, 1.0)])
            });
        }
    }
}
