//! Coats, skirts and trousers: solids for what wraps the body, open sheets for what hangs.

use super::body::{Bones, Landmarks, SIDES, on};
use super::params::{HumanParams, Outfit};
use crate::geometry::{Implicit, Part, Primitive, Shape, smooth_union};
use crate::math::{DAffine3, DVec3, scalar};
use crate::scene::subject::clay::{Binder, Figure, Patch, Slots, rigid, sheet_part, slots, spline_row};

/// Adds the clothes of a person.
pub(super) fn add(figure: &mut Figure, l: &Landmarks, b: &Bones, p: &HumanParams) {
    let t = Tailor::new(l, b, p);
    t.bodice(figure);
    match p.outfit {
        Outfit::FlaredCoat => {
            t.skirt(figure, "dress", "dress", &t.hem(0.315, 0.118, 0.3, 0.006));
            t.skirt(figure, "coat.skirt", "coat", &t.hem(0.345, 0.145, 0.0, 0.014));
            t.opening(figure, l.neck.y - 0.012 * t.h, 3);
            t.collar(figure, "trim", 0.05, 0.21, 0.034);
        }
        Outfit::LongSkirt => {
            t.skirt(figure, "dress", "dress", &t.hem(0.17, 0.118, 0.4, 0.010));
            t.skirt(figure, "coat.skirt", "coat", &t.hem(0.43, 0.112, 0.0, 0.005));
            t.lapels(figure);
        }
        Outfit::Jacket => {
            t.trousers(figure);
            t.skirt(figure, "coat.skirt", "coat", &t.hem(0.445, 0.104, 0.0, 0.002));
            t.opening(figure, l.neck.y - 0.012 * t.h, 3);
            t.collar(figure, "trim", 0.22, 0.50, 0.022);
        }
        Outfit::Overcoat => {
            t.trousers(figure);
            t.skirt(figure, "coat.skirt", "coat", &t.hem(0.36, 0.118, 0.0, 0.004));
            t.lapels(figure);
        }
    }
    t.cuffs(figure);
}

/// A hanging sheet: height of its hem, half width there, how far it lies inside, depth of its folds;
/// shares of the height.
struct Hem {
    y: f64,
    half: f64,
    inside: f64,
    folds: f64,
}

struct Tailor<'a> {
    l: &'a Landmarks,
    b: &'a Bones,
    p: &'a HumanParams,
    h: f64,
}

/// The trunk and both sleeves in cloth, as one solid.
struct Bodice {
    trunk: Shape,
    sleeves: Shape,
    ends: Shape,
    flat: f64,
    middle: f64,
}

impl Implicit for Bodice {
    fn distance(&self, q: DVec3) -> f64 {
        // the trunk is flatter than round: measure it in a space stretched along z
        let wide = DVec3::new(q.x, q.y, (q.z - self.middle) / self.flat);
        let trunk = self.trunk.distance(wide) * 0.85;
        let mirrored = DVec3::new(q.x.abs(), q.y, q.z);
        let sleeves = self.sleeves.distance(mirrored);
        let all = smooth_union(trunk, sleeves, 0.045);
        all.max(-self.ends.distance(mirrored))
    }
}

impl<'a> Tailor<'a> {
    fn new(l: &'a Landmarks, b: &'a Bones, p: &'a HumanParams) -> Self {
        Self {
            l,
            b,
            p,
            h: p.height_m,
        }
    }

    fn hem(&self, y: f64, half: f64, inside: f64, folds: f64) -> Hem {
        Hem {
            y,
            half,
            inside,
            folds,
        }
    }

    fn shape(&self) -> Bodice {
        let (l, h, p) = (self.l, self.h, self.p);
        let waist = p.waist_share * h;
        let chest = waist * (1.08 + 0.07 * p.bust) + (p.shoulder_share - 0.166) * 0.42 * h;
        let at = |y: f64| DVec3::new(0.0, y, 0.0);
        let shoulder_y = l.shoulder.y;
        let mut trunk = Shape::default().tube(
            &[
                (at(l.hip.y + 0.05 * h), waist * 1.02),
                (at(l.spine.y), waist),
                (at(scalar::lerp(l.chest.y, shoulder_y, 0.35)), chest),
                (at(shoulder_y - 0.012 * h), chest * 0.80),
            ],
            0.006 * h,
        );
        trunk = trunk.add(
            Primitive::RoundCone(
                at(shoulder_y - 0.012 * h),
                0.044 * h,
                at(self.neckline(0.70) - 0.034 * h),
                0.034 * h,
            ),
            0.04 * h,
        );
        let sleeve = h * (0.0295 + 0.11 * (p.shoulder_share - 0.166));
        let inner = DVec3::new(l.shoulder.x * 0.35, l.neck.y - 0.022 * h, -0.004 * h);
        let mut sleeves = Shape::default().tube(
            &[
                (inner, 0.029 * h),
                (l.shoulder - DVec3::Y * 0.004 * h, sleeve * 1.12),
                (l.shoulder.lerp(l.elbow, 0.5), sleeve * 1.0),
                (l.elbow, sleeve * 0.95),
                (l.elbow.lerp(l.wrist, 0.6), sleeve * 0.97),
                (
                    l.wrist + (l.wrist - l.elbow).normalize() * 0.02 * h,
                    sleeve * 1.02,
                ),
            ],
            0.002 * h,
        );
        if p.bust > 0.0 {
            let bust = DVec3::new(0.030 * h, scalar::lerp(l.chest.y, shoulder_y, 0.30), 0.030 * h);
            sleeves = sleeves.add(Primitive::Ball(bust, 0.036 * h * p.bust), 0.03 * h);
        }
        // sleeves end level, not as balls
        let along = (l.wrist - l.elbow).normalize();
        let turn = crate::math::DQuat::from_rotation_arc(DVec3::NEG_Y, along);
        let half = DVec3::new(0.09, 0.06, 0.09) * h;
        let block = DAffine3::from_rotation_translation(turn, l.wrist + along * (half.y - 0.004 * h));
        Bodice {
            trunk,
            sleeves,
            ends: Shape::default().add(Primitive::RoundBox(block, half, 0.002 * h), 0.0),
            flat: 0.72 + 0.02 * p.bust,
            middle: -0.002 * h,
        }
    }

    fn binder(&self) -> Binder {
        let (l, b, h) = (self.l, self.b, self.h);
        let low = DVec3::new(0.0, l.hip.y, 0.0);
        let mut binder = Binder::default()
            .with(b.pelvis, low, l.pelvis, 0.07 * h)
            .with(b.spine, l.spine, l.chest - DVec3::Y * 0.02 * h, 0.075 * h)
            .with(b.chest, l.chest, l.neck, 0.085 * h);
        for (index, (_, sign)) in SIDES.into_iter().enumerate() {
            let at = |q: DVec3| on(sign, q);
            let cuff = l.wrist + (l.wrist - l.elbow).normalize() * 0.02 * h;
            binder = binder
                .with(
                    b.clavicle[index],
                    at(l.clavicle),
                    at(l.clavicle.lerp(l.shoulder, 0.75)),
                    0.035 * h,
                )
                .with(
                    b.upper_arm[index],
                    at(l.shoulder.lerp(l.elbow, 0.1)),
                    at(l.elbow),
                    0.038 * h,
                )
                .with(b.forearm[index], at(l.elbow), at(cuff), 0.034 * h);
        }
        binder
    }

    fn bodice(&self, figure: &mut Figure) {
        let (l, h) = (self.l, self.h);
        let shape = self.shape();
        let reach = l.wrist.x + 0.07 * h;
        let low = DVec3::new(-reach, l.wrist.y.min(l.hip.y) - 0.09 * h, -0.13 * h);
        let high = DVec3::new(reach, l.neck.y + 0.07 * h, 0.13 * h);
        let patch = Patch::solid(&shape, low, high, 0.0130 * h);
        let binder = self.binder();
        figure.add(Part::new("coat", "coat"), &patch, |q| binder.at(q));
    }

    /// Weights of what hangs from the waist: the two nearest of six bones around it.
    fn hang(&self, q: DVec3) -> Slots {
        let turn = scalar::atan2(q.z, q.x) / scalar::TAU * 6.0;
        let turn = if turn < 0.0 { turn + 6.0 } else { turn };
        let sector = turn.floor();
        let share = turn - sector;
        let i = sector as usize % 6;
        let down = scalar::smoothstep(0.0, 0.05 * self.h, self.l.spine.y - q.y);
        // before a thigh the cloth lies on it
        let low = scalar::smoothstep(0.02 * self.h, 0.14 * self.h, self.l.hip.y - q.y + 0.05 * self.h);
        let front = scalar::smoothstep(-0.1, 0.75, q.z / (q.x * q.x + q.z * q.z).sqrt().max(1e-9));
        // the more, the closer the cloth hangs to the legs
        let close = if self.p.outfit == Outfit::FlaredCoat {
            0.5
        } else {
            0.64
        };
        let laid = close * low * front;
        let left = scalar::smoothstep(-0.04 * self.h, 0.04 * self.h, q.x);
        slots(&[
            (self.b.thigh[0], laid * left),
            (self.b.thigh[1], laid * (1.0 - left)),
            (self.b.skirt[i], (1.0 - share) * down * (1.0 - laid)),
            (self.b.skirt[(i + 1) % 6], share * down * (1.0 - laid)),
            (self.b.pelvis, (1.0 - down) * 0.6),
            (self.b.spine, (1.0 - down) * 0.4),
        ])
    }

    /// An open sheet from the waist to its hem, with soft folds that grow downwards.
    fn skirt(&self, figure: &mut Figure, name: &str, slot: &str, hem: &Hem) {
        const ROWS: usize = 13;
        const COLUMNS: usize = 64;
        let (l, h, p) = (self.l, self.h, self.p);
        let under = hem.inside * h * 0.02;
        let waist = p.waist_share * h + 0.004 * h - under;
        let top = l.spine.y + 0.012 * h;
        let bottom = hem.y * h;
        let hips = scalar::saturate((top - l.hip.y) / (top - bottom));
        let hip_half = (waist * 1.16).max(
            l.hip.x
                + if p.bust > 0.0 || p.outfit == Outfit::FlaredCoat {
                    0.048
                } else {
                    0.059
                } * h,
        ) - under;
        let rows = [
            [waist],
            [hip_half.max(scalar::lerp(waist, hem.half * h, hips * 0.9))],
            [hem.half * h],
        ];
        let half_at = |v: f64| {
            let knee = if v < hips {
                v / hips.max(1e-6)
            } else {
                1.0 + (v - hips) / (1.0 - hips).max(1e-6)
            };
            spline_row(&rows, knee)[0]
        };
        let sheet = Patch::sheet(ROWS, COLUMNS, true, |r, c| {
            let v = r as f64 / (ROWS - 1) as f64;
            let turn = scalar::TAU * c as f64 / COLUMNS as f64;
            let (s, k) = scalar::sin_cos(turn);
            let half = half_at(v);
            let fold = scalar::sin(turn * 7.0 + 0.6) + 0.5 * scalar::sin(turn * 11.0 + 1.9);
            let radius = half + hem.folds * h * fold * v * v;
            let deep = scalar::lerp(0.76, 0.88, v);
            let y = scalar::lerp(top, bottom, v) + 0.10 * hem.folds * h * fold * v;
            DVec3::new(s * radius, y, k * radius * deep - 0.002 * h)
        });
        figure.add(sheet_part(name, slot), &sheet, |q| self.hang(q));
    }

    fn trousers(&self, figure: &mut Figure) {
        let (l, h, p) = (self.l, self.h, self.p);
        let wide = 0.041 * h;
        let seat = p.waist_share * h;
        let leg = Shape::default().tube(
            &[
                (l.hip + DVec3::new(-0.004 * h, 0.012 * h, -0.004 * h), wide * 1.28),
                (l.hip.lerp(l.knee, 0.55), wide * 1.08),
                (l.knee, wide * 0.94),
                (l.knee.lerp(l.ankle, 0.6), wide * 0.86),
                (l.ankle + DVec3::new(0.0, -0.02 * h, 0.002 * h), wide * 0.84),
            ],
            0.002 * h,
        );
        let hips = Primitive::RoundCone(
            DVec3::new(0.0, l.hip.y + 0.035 * h, 0.0),
            seat * 0.96,
            DVec3::new(0.0, l.spine.y, 0.0),
            seat * 0.9,
        );
        let cuff = l.ankle.y - 0.004 * h;
        let solid = |q: DVec3| {
            let legs = leg.distance(DVec3::new(q.x.abs(), q.y, q.z));
            let seat = hips.distance(DVec3::new(q.x, q.y, q.z / 0.76)) * 0.85;
            smooth_union(legs, seat, 0.03 * h).max(cuff - q.y)
        };
        let reach = DVec3::new(0.13, 0.0, 0.11) * h;
        let low = DVec3::new(-reach.x, cuff - 0.02 * h, -reach.z);
        let high = DVec3::new(reach.x, l.spine.y + 0.09 * h, reach.z);
        let patch = Patch::solid(&solid, low, high, 0.0135 * h);
        let mut binder = Binder::default().with(
            self.b.pelvis,
            DVec3::new(-0.02 * h, l.pelvis.y + 0.01 * h, 0.0),
            DVec3::new(0.02 * h, l.spine.y, 0.0),
            0.075 * h,
        );
        for (index, (_, sign)) in SIDES.into_iter().enumerate() {
            binder = binder
                .with(
                    self.b.thigh[index],
                    on(sign, l.hip.lerp(l.knee, 0.1)),
                    on(sign, l.knee),
                    0.05 * h,
                )
                .with(self.b.shin[index], on(sign, l.knee), on(sign, l.ankle), 0.046 * h);
        }
        // a leg is never moved by its neighbour
        let [left, right] = [
            [self.b.thigh[0], self.b.shin[0]],
            [self.b.thigh[1], self.b.shin[1]],
        ];
        figure.add(Part::new("trousers", "trousers"), &patch, |q| {
            let away = scalar::smoothstep(-0.012 * h, 0.012 * h, q.x);
            let claims = binder.at(q).map(|(bone, w)| {
                let share = if left.contains(&bone) {
                    away
                } else if right.contains(&bone) {
                    1.0 - away
                } else {
                    1.0
                };
                (bone, w * share)
            });
            slots(&claims)
        });
    }

    /// The front of the coat's surface at (x, y), by bisection along z.
    fn front(&self, shape: &Bodice, x: f64, y: f64, lift: f64) -> DVec3 {
        let (mut inner, mut outer) = (-0.02 * self.h, 0.25 * self.h);
        for _ in 0..40 {
            let middle = 0.5 * (inner + outer);
            if shape.distance(DVec3::new(x, y, middle)) < lift {
                inner = middle;
            } else {
                outer = middle;
            }
        }
        DVec3::new(x, y, outer)
    }

    /// The line where the coat closes, from a height down to the waist, with buttons on it.
    fn opening(&self, figure: &mut Figure, top: f64, buttons: u32) {
        let (l, h) = (self.l, self.h);
        let shape = self.shape();
        let binder = self.binder();
        let waist = l.spine.y + 0.012 * h;
        let points: Vec<(DVec3, f64, Slots)> = (0..=8)
            .map(|i| {
                let t = f64::from(i) / 8.0;
                let at = self.front(&shape, 0.006 * h, scalar::lerp(top, waist, t), 0.003 * h);
                (at, 0.4, binder.at(at))
            })
            .collect();
        figure.mark("coat.opening", false, &points);
        for i in 0..buttons {
            let t = (f64::from(i) + 0.75) / (f64::from(buttons) + 0.25);
            let at = self.front(&shape, 0.0, scalar::lerp(top, waist, t), 0.0);
            let disc = Patch::tube(4, 14, [true, true], |r, c| {
                let (s, k) = scalar::sin_cos(scalar::TAU * c as f64 / 14.0);
                let (radius, out) = [(0.3, -0.002), (1.0, -0.002), (1.0, 0.0025), (0.72, 0.0042)][r];
                at + DVec3::new(k * radius * 0.0082, s * radius * 0.0082, out) * h
            });
            figure.add(Part::new(format!("coat.button.{i}"), "trim"), &disc, |_| {
                binder.at(at)
            });
        }
    }

    /// Walks over the coat from `start` for `way` metres: outwards along the horizontal direction
    /// `out`, staying `lift` above the cloth.
    fn drape(&self, shape: &Bodice, start: DVec3, out: DVec3, way: f64, lift: f64) -> DVec3 {
        const STEPS: usize = 8;
        let e = 1e-3 * self.h;
        let gradient = |q: DVec3| {
            let d = |axis: DVec3| shape.distance(q + axis * e) - shape.distance(q - axis * e);
            DVec3::new(d(DVec3::X), d(DVec3::Y), d(DVec3::Z)) / (2.0 * e)
        };
        let settle = |mut q: DVec3| {
            for _ in 0..4 {
                let g = gradient(q);
                q -= g * ((shape.distance(q) - lift) / g.length_squared().max(0.05));
            }
            q
        };
        let mut at = settle(start);
        let mut ahead = out;
        for _ in 0..STEPS {
            let normal = gradient(at).normalize_or(DVec3::Y);
            ahead = (ahead - normal * ahead.dot(normal)).normalize_or(DVec3::NEG_Y);
            at = settle(at + ahead * (way / STEPS as f64));
        }
        at
    }

    /// A turned-down collar lying on the shoulders, open at the front by `gap` radians at its root and
    /// `spread` at its edge, as broad as `broad` (shares of the height).
    fn collar(&self, figure: &mut Figure, slot: &str, gap: f64, spread: f64, broad: f64) {
        const COLUMNS: usize = 44;
        const ROWS: usize = 7;
        let h = self.h;
        let shape = self.shape();
        let girth = self.neck_girth();
        let top = self.neckline(0.55);
        let sheet = Patch::sheet(ROWS, COLUMNS + 1, false, |r, c| {
            let u = c as f64 / COLUMNS as f64;
            let v = r as f64 / (ROWS - 1) as f64;
            // the gap at the front opens outwards, its corners are round
            let near_front = (2.0 * u - 1.0).abs();
            let gap = scalar::lerp(gap, spread, v);
            let turn = scalar::lerp(gap, scalar::TAU - gap, u);
            let round = scalar::smoothstep(1.0, 0.86, near_front);
            let (s, k) = scalar::sin_cos(turn);
            let out = DVec3::new(s, 0.0, k);
            let start = DVec3::new(s * girth, top, -0.004 * h + k * girth);
            let way = v * (0.35 + 0.65 * round) * broad * h + 0.006 * h * v;
            // it stands up along the neck before it turns down
            let rise = scalar::smoothstep(0.5, 0.0, v) * (0.014 - 0.010 * k) * h;
            self.drape(&shape, start, out, way, 0.0055 * h) + DVec3::Y * rise
        });
        let binder = self.binder();
        figure.add(sheet_part("collar", slot), &sheet, |q| binder.at(q));
    }

    /// A height between shoulders and chin; lower on grown people, who have longer necks.
    fn neckline(&self, share: f64) -> f64 {
        scalar::lerp(self.l.shoulder.y, self.l.chin, share - 0.22 * self.p.adult())
    }

    /// Height of the coat's top at the neck.
    fn crest(&self, shape: &Bodice) -> f64 {
        let (mut low, mut high) = (self.l.shoulder.y, self.l.chin + 0.02 * self.h);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if shape.distance(DVec3::new(0.0, middle, 0.0)) < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Radius of the neck with room for a finger, metres.
    fn neck_girth(&self) -> f64 {
        self.l.head * (0.20 + 0.9 * (self.p.jaw - 0.98).max(0.0) + 0.012 * self.p.bust)
    }

    /// A turned-down collar with lapels, and the scarf or shirt between them.
    fn lapels(&self, figure: &mut Figure) {
        let (l, h) = (self.l, self.h);
        let shape = self.shape();
        let binder = self.binder();
        let low = scalar::lerp(l.chest.y, l.neck.y, 0.12);
        let top = self.crest(&shape) - 0.004 * h;
        // the shirt: a wedge a little proud of the coat
        let wedge = Patch::sheet(9, 9, false, |r, c| {
            let v = r as f64 / 8.0;
            let u = c as f64 / 4.0 - 1.0;
            let half = (0.038 - 0.008 * v) * h * (1.0 - v * v) + 0.001 * h;
            self.front(&shape, u * half, scalar::lerp(top, low, v), 0.0022 * h)
        });
        figure.add(sheet_part("shirt", "trim"), &wedge, |q| binder.at(q));
        for (side, sign) in SIDES {
            let lapel = Patch::sheet(9, 5, false, |r, c| {
                let v = r as f64 / 8.0;
                let u = c as f64 / 4.0;
                let inner = (0.036 - 0.008 * v) * h * (1.0 - v * v);
                // widest under the notch, pointed at the bottom
                let notch = scalar::smoothstep(0.0, 0.25, v) * (1.0 - v) * 1.25;
                let wide = (0.012 + 0.030 * notch) * h * (1.0 - v * v);
                let x = inner + wide * u;
                let y = scalar::lerp(top, low, v) + 0.012 * h * u * (1.0 - v);
                self.front(&shape, x, y, (0.0035 + 0.003 * u) * h)
            });
            let patch = if sign < 0.0 { lapel.mirrored() } else { lapel };
            figure.add(sheet_part(&format!("lapel.{side}"), "coat"), &patch, |q| {
                binder.at(q)
            });
        }
        self.opening(figure, low, 2);
        self.collar(figure, "coat", 0.55, 0.75, 0.026);
    }

    /// Bands around the sleeves' ends.
    fn cuffs(&self, figure: &mut Figure) {
        let (l, h) = (self.l, self.h);
        let sleeve = h * (0.0295 + 0.11 * (self.p.shoulder_share - 0.166));
        let along = (l.wrist - l.elbow).normalize();
        let side_axis = along.cross(DVec3::Z).normalize();
        let front = side_axis.cross(along);
        for (index, (side, sign)) in SIDES.into_iter().enumerate() {
            let band = Patch::sheet(4, 24, true, |r, c| {
                let (s, k) = scalar::sin_cos(scalar::TAU * c as f64 / 24.0);
                let a = [-0.030, -0.028, 0.002, 0.0][r] * h;
                let radius = sleeve * [0.97, 1.10, 1.10, 0.80][r];
                l.wrist + along * a + (side_axis * k + front * s) * radius
            });
            let patch = if sign < 0.0 { band.mirrored() } else { band };
            figure.add(sheet_part(&format!("cuff.{side}"), "trim"), &patch, |_| {
                rigid(self.b.forearm[index])
            });
        }
    }
}
