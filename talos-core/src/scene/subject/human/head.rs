//! The head: one smooth surface of sections from chin to crown, with a small nose.
//!
//! All measures are in heads (chin to crown = 1): x to the left, y up from the chin, z forward
//! from the axis of the neck.

use super::body::{Bones, Landmarks, on};
use super::params::{Hairstyle, HumanParams};
use crate::geometry::{Part, Primitive, Shape};
use crate::math::{DAffine3, DQuat, DVec3, scalar};
use crate::scene::subject::clay::{Figure, Patch, Slots, rigid, slots, spline_row};

/// Sections of a child's head: height, half width, front, back, widest place, squareness.
/// The chin is a soft point, the cheeks are full, the eyes' level is nearly a cylinder so that
/// lids slide over it, the skull is deep.
const SECTIONS: [[f64; 6]; 16] = [
    [0.0, 0.0, 0.262, 0.262, 0.262, 2.0],
    [0.012, 0.074, 0.316, 0.190, 0.245, 2.0],
    [0.045, 0.140, 0.342, 0.095, 0.190, 2.05],
    [0.10, 0.222, 0.350, -0.010, 0.110, 2.15],
    [0.17, 0.298, 0.354, -0.095, 0.040, 2.3],
    [0.25, 0.350, 0.356, -0.190, 0.000, 2.45],
    [0.34, 0.374, 0.354, -0.310, -0.030, 2.55],
    [0.44, 0.385, 0.352, -0.405, -0.045, 2.55],
    [0.54, 0.390, 0.357, -0.455, -0.050, 2.5],
    [0.64, 0.392, 0.364, -0.475, -0.050, 2.35],
    [0.74, 0.375, 0.350, -0.455, -0.050, 2.2],
    [0.83, 0.330, 0.300, -0.400, -0.048, 2.1],
    [0.90, 0.270, 0.230, -0.325, -0.045, 2.0],
    [0.955, 0.186, 0.140, -0.225, -0.042, 2.0],
    [0.988, 0.098, 0.055, -0.135, -0.040, 2.0],
    [1.0, 0.0, -0.040, -0.040, -0.040, 2.0],
];

/// The head's surface as a function.
#[derive(Clone, Debug)]
pub(super) struct HeadShape {
    sections: Vec<[f64; 6]>,
    nose: f64,
    unit: f64,
    origin: DVec3,
}

impl HeadShape {
    /// The head of a person.
    pub(super) fn new(p: &HumanParams, l: &Landmarks) -> Self {
        let adult = p.adult();
        let sections = SECTIONS
            .map(|mut s| {
                // grown faces are narrower at the cheeks, squarer at the chin, longer in the jaw
                let cheeks = scalar::smoothstep(0.05, 0.22, s[0]) * scalar::smoothstep(0.75, 0.35, s[0]);
                let chin = scalar::smoothstep(0.20, 0.05, s[0]);
                let low = scalar::smoothstep(0.42, 0.12, s[0]);
                s[1] *= 1.0 - adult * (0.045 + 0.075 * cheeks) + (p.jaw - 1.0) * (3.2 * chin + 0.9 * low);
                s[3] -= 0.05 * adult * low * scalar::smoothstep(0.02, 0.1, s[0]);
                s
            })
            .to_vec();
        Self {
            sections,
            nose: p.nose,
            unit: l.head,
            origin: l.face,
        }
    }

    /// Head measures → model space.
    pub(super) fn place(&self, p: DVec3) -> DVec3 {
        self.origin + p * self.unit
    }

    /// One head in metres.
    pub(super) fn unit(&self) -> f64 {
        self.unit
    }

    /// Section at a height, by bisection over the rows (their heights only rise).
    fn section(&self, y: f64) -> [f64; 6] {
        let (mut low, mut high) = (0.0, (self.sections.len() - 1) as f64);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if spline_row(&self.sections, middle)[0] < y {
                low = middle;
            } else {
                high = middle;
            }
        }
        spline_row(&self.sections, 0.5 * (low + high))
    }

    /// What the nose, the eye sockets and the cheeks add to the front.
    fn relief(&self, x: f64, y: f64) -> f64 {
        let bell = |dx: f64, dy: f64| scalar::exp(-(dx * dx) - dy * dy);
        let tip = 0.285 - 0.010 * (self.nose - 1.0);
        let rise = if y > tip {
            0.055 + 0.05 * (self.nose - 1.0)
        } else {
            0.026
        };
        let ax = x.abs();
        let nose = bell(x / (0.034 + 0.008 * (self.nose - 1.0)), (y - tip) / rise);
        let bridge = bell(x / 0.030, (y - 0.42) / 0.10) * (self.nose - 0.7).max(0.0);
        let socket = bell((ax - 0.17) / 0.12, (y - 0.455) / 0.075);
        let cheek = bell((ax - 0.2) / 0.11, (y - 0.22) / 0.09);
        let lips = bell(x / 0.07, (y - 0.15) / 0.045);
        (0.046 + 0.022 * (self.nose - 1.0)) * nose + 0.022 * bridge - 0.014 * socket
            + 0.006 * cheek
            + 0.006 * lips
    }

    /// Front surface: z at (x, y).
    pub(super) fn front(&self, x: f64, y: f64) -> f64 {
        let [_, w, zf, _, zc, n] = self.section(y);
        let share = (x / w.max(1e-6)).abs().min(0.995);
        let depth = scalar::pow(1.0 - scalar::pow(share, n), 1.0 / n);
        zc + (zf - zc) * depth + self.relief(x, y)
    }

    /// Point on the surface at an azimuth (0 front, positive to the left, radians) and a height.
    pub(super) fn around(&self, azimuth: f64, y: f64) -> DVec3 {
        self.on_section(&self.section(y), azimuth)
    }

    fn on_section(&self, &[y, w, zf, zb, zc, n]: &[f64; 6], azimuth: f64) -> DVec3 {
        let (s, c) = scalar::sin_cos(azimuth);
        let round = |v: f64, n: f64| v.signum() * scalar::pow(v.abs(), 2.0 / n);
        let (x, depth) = if c >= 0.0 {
            (w * round(s, n), (zf - zc) * round(c, n))
        } else {
            (w * s, (zc - zb) * c)
        };
        let front = scalar::smoothstep(0.1, 0.6, c);
        let relief = if front > 0.0 {
            front * self.relief(x, y)
        } else {
            0.0
        };
        DVec3::new(x, y, zc + depth + relief)
    }

    /// The whole surface; the face is the finest.
    fn patch(&self) -> Patch {
        const COLUMNS: usize = 46;
        const ROWS: usize = 40;
        let rows: Vec<[f64; 6]> = (0..ROWS)
            .map(|r| {
                let x = r as f64 / (ROWS - 1) as f64;
                // dense on the face (rows 2 … 9 of the table)
                let bent = x + 0.055 * scalar::sin(scalar::TAU * x);
                spline_row(&self.sections, bent * (self.sections.len() - 1) as f64)
            })
            .collect();
        Patch::tube(ROWS, COLUMNS, [false, false], |r, c| {
            let turn = -1.0 + 2.0 * c as f64 / COLUMNS as f64;
            let azimuth = scalar::PI * (turn - 0.06 * scalar::sin(scalar::TAU * turn) * 1.6);
            self.place(self.on_section(&rows[r], azimuth))
        })
    }
}

/// How much the jaw moves a point given in head measures.
pub(super) fn jaw_share(p: DVec3) -> f64 {
    (1.0 - scalar::smoothstep(0.07, 0.165, p.y)) * scalar::smoothstep(-0.05, 0.25, p.z)
}

/// Adds face, neck and ears.
pub(super) fn add(figure: &mut Figure, shape: &HeadShape, l: &Landmarks, b: &Bones, p: &HumanParams) {
    let weight = |point: DVec3| -> Slots {
        let q = (point - l.face) / l.head;
        let jaw = jaw_share(q) * 0.8;
        slots(&[(b.head, 1.0 - jaw), (b.jaw, jaw)])
    };
    figure.add(Part::new("head", "skin"), &shape.patch(), weight);
    neck(figure, l, b, p);
    // long hair covers the ears
    if matches!(p.hair, Hairstyle::Bob | Hairstyle::Long) {
        return;
    }
    for (side, sign) in super::body::SIDES {
        ear(figure, shape, b, side, sign);
    }
}

/// A tube from inside the head to inside the collar.
fn neck(figure: &mut Figure, l: &Landmarks, b: &Bones, p: &HumanParams) {
    let girth = l.head * (0.185 + 0.9 * (p.jaw - 0.98).max(0.0) + 0.012 * p.bust);
    let top = l.face + DVec3::new(0.0, 0.42, -0.15) * l.head;
    let foot = l.neck + DVec3::new(0.0, -0.035, 0.008) * p.height_m;
    let patch = Patch::tube(9, 24, [false, false], |r, c| {
        let t = r as f64 / 8.0;
        let (s, k) = scalar::sin_cos(scalar::TAU * c as f64 / 24.0);
        let flare = 1.0 + 0.12 * scalar::smoothstep(0.45, 0.0, t) - 0.10 * scalar::smoothstep(0.5, 1.0, t);
        foot.lerp(top, t) + DVec3::new(s, 0.0, k) * (girth * flare)
    });
    let (low, high) = (foot.y, top.y);
    figure.add(Part::new("neck", "skin"), &patch, |q| {
        let t = scalar::saturate((q.y - low) / (high - low));
        let chest = 1.0 - scalar::smoothstep(0.15, 0.5, t);
        let head = scalar::smoothstep(0.45, 0.72, t);
        slots(&[(b.neck, 1.0 - chest - head), (b.chest, chest), (b.head, head)])
    });
}

/// An ear: a dished disc beside the jaw's corner, with a line inside.
fn ear(figure: &mut Figure, shape: &HeadShape, b: &Bones, side: &str, sign: f64) {
    let centre = DVec3::new(0.385, 0.40, -0.06);
    let tilt = DQuat::from_rotation_y(-0.42) * DQuat::from_rotation_x(-0.18);
    let frame = DAffine3::from_rotation_translation(tilt, centre);
    let shell = Shape::default()
        .add(Primitive::Ellipsoid(frame, DVec3::new(0.026, 0.095, 0.062)), 0.0)
        .carve(
            Primitive::Ellipsoid(
                DAffine3::from_rotation_translation(tilt, centre + tilt * DVec3::new(0.028, 0.012, 0.006)),
                DVec3::new(0.018, 0.06, 0.034),
            ),
            0.015,
        );
    let reach = DVec3::new(0.07, 0.12, 0.1);
    let mut patch = Patch::solid(&shell, centre - reach, centre + reach, 0.021);
    for q in &mut patch.positions {
        *q = shape.place(*q);
    }
    let patch = if sign < 0.0 { patch.mirrored() } else { patch };
    figure.add(Part::new(format!("ear.{side}"), "skin"), &patch, |_| {
        rigid(b.head)
    });
    let curl = [
        (0.012, 0.055, 0.02),
        (0.018, 0.06, -0.012),
        (0.02, 0.03, -0.03),
        (0.02, -0.01, -0.02),
        (0.016, -0.035, 0.002),
    ];
    let last = curl.len() - 1;
    let points: Vec<(DVec3, f64, Slots)> = curl
        .iter()
        .enumerate()
        .map(|(i, &(x, y, z))| {
            let at = centre + tilt * DVec3::new(x + 0.008, y, z);
            let pressure = if i == 0 || i == last { 0.1 } else { 0.4 };
            (on(sign, shape.place(at)), pressure, rigid(b.head))
        })
        .collect();
    figure.mark(&format!("ear.{side}.curl"), false, &points);
}
