//! The face's features: eyes with lids, brows, nose and mouth, each with its own bones.
//!
//! Lids, lips and brows are moved by translating bones; how far a vertex follows is its weight. That
//! is a linear morph in the clothes of a skeleton: an eyelid's edge falls from the open to the closed
//! curve while its corners stay.

use super::HumanParams;
use super::body::{Bones, SIDES, on};
use super::head::HeadShape;
use crate::math::{DVec3, scalar};
use crate::scene::subject::clay::{Figure, Patch, Slots, rigid, sheet_part, slots};

/// Height of the eyes' middle above the chin, heads.
pub(super) const EYE_LEVEL: f64 = 0.41;
/// Height of the mouth above the chin, heads.
const MOUTH_LEVEL: f64 = 0.165;
/// Half width of the mouth, heads.
const MOUTH_HALF: f64 = 0.062;
/// How far the upper lid's middle falls when the eye closes, per unit of eye size, heads: as far as
/// the eye is high ([`EyeShape::top`] to [`EyeShape::bottom`]); less leaves a slit.
pub(super) const LID_FALL: f64 = 0.195;

/// The outline of the left eye; u runs from the inner corner (−1) to the outer (+1).
#[derive(Clone, Copy, Debug)]
pub(super) struct EyeShape {
    centre: f64,
    half: f64,
    size: f64,
    level: f64,
}

impl EyeShape {
    /// The eye of a person.
    pub(super) fn new(p: &HumanParams) -> Self {
        // grown eyes are lower, not as much narrower
        let size = p.eyes * (0.62 + 0.38 * p.eyes);
        Self {
            centre: 0.166 + 0.010 * p.eyes,
            half: 0.064 + 0.046 * p.eyes,
            size,
            level: EYE_LEVEL + 0.05 * (1.0 - p.eyes),
        }
    }

    fn x(self, u: f64) -> f64 {
        self.centre + self.half * u
    }

    /// Upper edge: highest a little inside the middle, falling gently to the outer corner.
    fn top(self, u: f64) -> f64 {
        let arch = 1.0 - scalar::pow((u + 0.08 * (1.0 - u * u)).abs(), 2.5);
        self.level - 0.012 + 0.004 * u + self.size * 0.108 * arch
    }

    /// Lower edge: flatter, lowest a little outside the middle.
    fn bottom(self, u: f64) -> f64 {
        let arch = 1.0 - scalar::pow((u - 0.12 * (1.0 - u * u)).abs(), 2.2);
        self.level - 0.012 + 0.004 * u - self.size * 0.086 * arch
    }

    /// Share of the lid's fall at u.
    fn fall(self, u: f64) -> f64 {
        scalar::saturate((self.top(u) - self.bottom(u)) / (LID_FALL * self.size))
    }

    /// Depth of the eye's surface: straight from the lower to the upper edge, so that lids slide on it.
    fn depth(self, head: &HeadShape, u: f64, y: f64) -> f64 {
        let (low, high) = (self.bottom(u) - 0.004, self.top(u) + 0.004);
        let t = (y - low) / (high - low);
        let x = self.x(u);
        scalar::lerp(head.front(x, low), head.front(x, high), t)
    }

    fn at(self, head: &HeadShape, u: f64, y: f64, proud: f64) -> DVec3 {
        DVec3::new(self.x(u), y, self.depth(head, u.clamp(-1.25, 1.25), y) + proud)
    }
}

/// Adds every feature.
pub(super) fn add(figure: &mut Figure, head: &HeadShape, b: &Bones, p: &HumanParams) {
    let eye = EyeShape::new(p);
    for (index, (side, sign)) in SIDES.into_iter().enumerate() {
        let kit = Kit {
            head,
            eye,
            b,
            index,
            side,
            sign,
        };
        kit.globe(figure);
        kit.lid(figure);
        kit.brow(figure, p);
        if p.age > 0.0 {
            kit.wrinkles(figure);
        }
    }
    nose(figure, head, b, p);
    mouth(figure, head, b, p);
    blush(figure, head, b, p);
}

/// What one eye is made with.
struct Kit<'a> {
    head: &'a HeadShape,
    eye: EyeShape,
    b: &'a Bones,
    index: usize,
    side: &'a str,
    sign: f64,
}

impl Kit<'_> {
    fn put(&self, p: DVec3) -> DVec3 {
        on(self.sign, self.head.place(p))
    }

    fn add(
        &self,
        figure: &mut Figure,
        name: &str,
        slot: &str,
        patch: Patch,
        weight: impl Fn(DVec3) -> Slots,
    ) {
        let flat: Vec<DVec3> = patch.positions.clone();
        let mut placed = Patch {
            positions: flat.iter().map(|&p| self.head.place(p)).collect(),
            triangles: patch.triangles,
        };
        if self.sign < 0.0 {
            placed = placed.mirrored();
        }
        let part = sheet_part(&format!("eye.{}.{name}", self.side), slot);
        let back = |q: DVec3| (on(self.sign, q) - self.head.place(DVec3::ZERO)) / self.head.unit();
        figure.add(part, &placed, |q| weight(back(q)));
    }

    /// White, iris, pupil and highlights, each a little prouder than the one below.
    fn globe(&self, figure: &mut Figure) {
        let (eye, head, b) = (self.eye, self.head, self.b);
        let white = Patch::sheet(9, 17, false, |r, c| {
            let u = c as f64 / 8.0 - 1.0;
            let v = r as f64 / 8.0;
            eye.at(head, u, scalar::lerp(eye.top(u), eye.bottom(u), v), 0.004)
        });
        self.add(figure, "white", "eye_white", white, |_| rigid(b.head));
        let gaze = |_: DVec3| rigid(b.eye[self.index]);
        let s = eye.size;
        let wide = 0.068 * (0.50 + 0.50 * s);
        let middle = eye.level + 0.002;
        let tall = 0.098 * (0.22 + 0.78 * s);
        let iris = self.disc(0.0, middle, wide, tall, 0.007);
        self.add(figure, "iris", "iris", iris, gaze);
        let shade = self.disc(0.0, middle + tall * 0.14, wide * 0.56, tall * 0.56, 0.0092);
        self.add(figure, "pupil", "pupil", shade, gaze);
        // the light stands on the same side of both eyes
        let light = self.sign * -0.40 * wide / eye.half;
        let glint = self.disc(light, middle + tall * 0.36, wide * 0.36, tall * 0.30, 0.0112);
        self.add(figure, "glint", "eye_white", glint, gaze);
        let spark = self.disc(
            -light * 0.9,
            middle - tall * 0.42,
            wide * 0.19,
            tall * 0.15,
            0.0112,
        );
        self.add(figure, "spark", "eye_white", spark, gaze);
    }

    /// An ellipse on the eye, kept inside its outline: u of its centre, height, half axes in heads.
    fn disc(&self, u: f64, y: f64, wide: f64, tall: f64, proud: f64) -> Patch {
        let eye = self.eye;
        let place = |ring: f64, turn: f64| {
            let (s, c) = scalar::sin_cos(turn);
            let at_u = u + wide * ring * c / eye.half;
            let low = eye.bottom(at_u) + 0.003;
            let high = eye.top(at_u) + 0.004;
            let at_y = (y + tall * ring * s).clamp(low, high.max(low));
            eye.at(self.head, at_u, at_y, proud)
        };
        let mut patch = Patch::sheet(4, 28, true, |r, c| {
            let turn = scalar::TAU * c as f64 / 28.0;
            place([0.12, 0.45, 0.75, 1.0][r], turn)
        });
        let hub = patch.positions.len() as u32;
        patch.positions.push(place(0.0, 0.0));
        for c in 0..28_u32 {
            patch.triangles.push([hub, c, (c + 1) % 28]);
        }
        patch
    }

    /// Skin that slides down, the thick upper lash on its edge, a line for the lower lid.
    fn lid(&self, figure: &mut Figure) {
        let (eye, head) = (self.eye, self.head);
        let (still, moved) = (self.b.head, self.b.eyelid[self.index]);
        let thick = |u: f64| {
            let outer = scalar::smoothstep(-1.1, 0.9, u);
            let taper = scalar::smoothstep(-1.0, -0.6, u) * (1.0 - scalar::smoothstep(1.0, 1.26, u));
            (0.009 + 0.020 * outer) * (0.25 + 0.75 * taper) * (0.5 + 0.5 * eye.size)
        };
        let follow = move |share: f64| slots(&[(moved, share), (still, 1.0 - share)]);
        // the rows of the lid: from the still crease above to the moving edge
        let skin = Patch::sheet(4, 17, false, |r, c| {
            let u = (c as f64 / 8.0 - 1.0) * 1.02;
            let v = r as f64 / 3.0;
            let y = eye.top(u.clamp(-1.0, 1.0)) + thick(u) * (0.85 - 0.6 * v);
            eye.at(head, u, y, 0.019)
        });
        let columns = 17;
        let weights: Vec<Slots> = (0..4 * columns)
            .map(|i| {
                let (r, c) = (i / columns, i % columns);
                let u = (c as f64 / 8.0 - 1.0).clamp(-1.0, 1.0);
                follow(eye.fall(u) * r as f64 / 3.0)
            })
            .collect();
        self.add_weighted(figure, "lid", "skin", skin, &weights);
        // the lash: its outer end sweeps past the corner
        let sweep = |c: usize| -1.0 + 2.26 * c as f64 / 20.0;
        let edge = |u: f64| {
            if u <= 1.0 {
                eye.top(u)
            } else {
                eye.top(1.0) - 0.10 * (u - 1.0) * (0.6 + 0.4 * eye.size) * 0.6
            }
        };
        let lash = Patch::sheet(3, 21, false, |r, c| {
            let u = sweep(c);
            let y = edge(u) + thick(u) * (1.0 - 0.5 * r as f64);
            eye.at(head, u, y, 0.022)
        });
        let weights: Vec<Slots> = (0..3 * 21)
            .map(|i| follow(eye.fall(sweep(i % 21).min(1.0))))
            .collect();
        self.add_weighted(figure, "lash", "pupil", lash, &weights);
        let upper: Vec<(DVec3, f64, Slots)> = (0..=20)
            .map(|c| {
                let u = sweep(c);
                let at = eye.at(head, u, edge(u) + thick(u) * 0.35, 0.024);
                let pressure = 0.25 + 0.75 * scalar::sin(scalar::PI * (0.08 + 0.84 * c as f64 / 20.0));
                (self.put(at), pressure, follow(eye.fall(u.min(1.0))))
            })
            .collect();
        figure.mark(&format!("lid.{}", self.side), false, &upper);
        let lower: Vec<(DVec3, f64, Slots)> = (0..=8)
            .map(|c| {
                let u = 0.05 + 0.93 * f64::from(c) / 8.0;
                let at = eye.at(head, u, eye.bottom(u) - 0.001, 0.008);
                (self.put(at), 0.12 + 0.3 * f64::from(c) / 8.0, rigid(still))
            })
            .collect();
        figure.mark(&format!("lid.{}.lower", self.side), false, &lower);
    }

    fn add_weighted(&self, figure: &mut Figure, name: &str, slot: &str, patch: Patch, weights: &[Slots]) {
        let next = core::cell::Cell::new(0);
        self.add(figure, name, slot, patch, |_| {
            let i = next.get();
            next.set(i + 1);
            weights[i]
        });
    }

    /// The brow: a thick line whose inner and outer halves have bones of their own.
    fn brow(&self, figure: &mut Figure, p: &HumanParams) {
        let inner = self.b.brow_inner[self.index];
        let outer = self.b.brow_outer[self.index];
        let level = self.eye.top(0.0) + 0.020 + 0.012 * self.eye.size;
        let arch = 0.030 * (0.35 + 0.65 * self.eye.size) + 0.010 * p.bust;
        let points: Vec<(DVec3, f64, Slots)> = (0..=12)
            .map(|i| {
                let t = f64::from(i) / 12.0;
                let x = scalar::lerp(0.078, 0.268, t);
                let y = level + arch * scalar::sin(scalar::PI * (0.12 + 0.80 * t)) - 0.012 * t;
                let at = DVec3::new(x, y, self.head.front(x, y) + 0.007);
                let taper = 0.35 + 0.65 * scalar::sin(scalar::PI * scalar::pow(t, 0.7)).max(0.0);
                let share = scalar::smoothstep(0.0, 1.0, t);
                let weights = slots(&[(inner, 1.0 - share), (outer, share)]);
                (self.put(at), p.brow_pressure * taper, weights)
            })
            .collect();
        figure.mark(&format!("brow.{}", self.side), false, &points);
    }

    /// Crow's foot and the fold beside the nose.
    fn wrinkles(&self, figure: &mut Figure) {
        let lines = [
            (
                "fold",
                [(0.085, 0.275), (0.112, 0.235), (0.125, 0.195), (0.122, 0.155)],
                0.4,
            ),
            (
                "bag",
                [(0.11, 0.365), (0.15, 0.35), (0.19, 0.35), (0.225, 0.362)],
                0.25,
            ),
            (
                "crow",
                [(0.265, 0.41), (0.285, 0.402), (0.3, 0.39), (0.31, 0.375)],
                0.25,
            ),
        ];
        for (name, line, pressure) in lines {
            let points: Vec<(DVec3, f64, Slots)> = line
                .into_iter()
                .enumerate()
                .map(|(i, (x, y)): (usize, (f64, f64))| {
                    let at = DVec3::new(x, y, self.head.front(x, y) + 0.004);
                    let press = pressure * [0.4, 1.0, 0.9, 0.2][i];
                    (self.put(at), press, rigid(self.b.head))
                })
                .collect();
            figure.mark(&format!("{name}.{}", self.side), false, &points);
        }
    }
}

/// A small tick under the tip of the nose; older noses have a bridge as well.
fn nose(figure: &mut Figure, head: &HeadShape, b: &Bones, p: &HumanParams) {
    let tip = 0.285 - 0.010 * (p.nose - 1.0);
    let spread = 0.016 + 0.016 * (p.nose - 1.0);
    let points: Vec<(DVec3, f64, Slots)> = (0..=4)
        .map(|i| {
            let t = f64::from(i) / 2.0 - 1.0;
            let (x, y) = (spread * t, tip - 0.022 + 0.006 * t * t);
            let at = DVec3::new(x, y, head.front(x, y) + 0.006);
            (head.place(at), 0.35 * (1.0 - 0.7 * t.abs()), rigid(b.head))
        })
        .collect();
    figure.mark("nose", false, &points);
}

/// The mouth: a line whose corners and middle move, and the opening behind it.
fn mouth(figure: &mut Figure, head: &HeadShape, b: &Bones, p: &HumanParams) {
    let half = MOUTH_HALF * (0.75 + 0.25 * (2.0 - p.eyes));
    let line = |t: f64| {
        let x = half * t;
        let y = MOUTH_LEVEL + 0.006 * t * t - 0.002 * (1.0 - t * t);
        DVec3::new(x, y, head.front(x, y))
    };
    let corner = |t: f64| {
        let share = scalar::smoothstep(0.15, 1.0, t.abs());
        let side = usize::from(t < 0.0);
        [(b.mouth[side], share), (b.head, 1.0 - share)]
    };
    let points: Vec<(DVec3, f64, Slots)> = (0..=14)
        .map(|i| {
            let t = f64::from(i) / 7.0 - 1.0;
            let press = 0.5 - 0.28 * t.abs() + 0.12 * t * t * t * t;
            (head.place(line(t) + DVec3::Z * 0.007), press, slots(&corner(t)))
        })
        .collect();
    figure.mark("mouth", false, &points);
    // closed, the opening lies on the line, below the skin; the lips' bone brings it down and out
    let (rows, columns) = (6, 15);
    let inside = Patch::sheet(rows, columns, false, |r, c| {
        let t = c as f64 / 7.0 - 1.0;
        let t = t * 0.97;
        head.place(line(t) + DVec3::new(0.0, -0.0008 * r as f64, -0.012))
    });
    let next = core::cell::Cell::new(0);
    figure.add(sheet_part("mouth.inside", "mouth"), &inside, |_| {
        let i = next.get();
        next.set(i + 1);
        let (r, c) = (i / columns, i % columns);
        let t = (c as f64 / 7.0 - 1.0) * 0.97;
        let open = (r as f64 / (rows - 1) as f64) * scalar::pow(1.0 - t * t, 0.6);
        let [side, middle] = corner(t);
        let claims = [
            (b.lips, open),
            (side.0, side.1 * (1.0 - open)),
            (middle.0, middle.1 * (1.0 - open)),
        ];
        slots(&claims)
    });
}

/// Nothing for grown people; two short hatches on a child's cheeks.
fn blush(figure: &mut Figure, head: &HeadShape, b: &Bones, p: &HumanParams) {
    if p.eyes < 0.9 {
        return;
    }
    for (side, sign) in SIDES {
        for (k, x) in [0.205, 0.232, 0.259].into_iter().enumerate() {
            let points: Vec<(DVec3, f64, Slots)> = [(0.008, 0.272), (-0.008, 0.248)]
                .iter()
                .map(|&(dx, y)| {
                    let at = DVec3::new(x + dx, y, head.front(x + dx, y) + 0.004);
                    (on(sign, head.place(at)), 0.1, rigid(b.head))
                })
                .collect();
            figure.mark(&format!("cheek.{side}.{k}"), false, &points);
        }
    }
}
