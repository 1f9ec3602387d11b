//! Hands, legs, socks and shoes.

use super::body::{Bones, Landmarks, SIDES, on};
use super::params::{HumanParams, Outfit};
use crate::geometry::{Part, Primitive, Shape};
use crate::math::{DAffine3, DVec3, scalar};
use crate::scene::subject::clay::{Binder, Figure, Patch, Slots, sheet_part, slots, spline, spline_row};

/// Adds what is seen of arms and legs outside the clothes.
pub(super) fn add(figure: &mut Figure, l: &Landmarks, b: &Bones, p: &HumanParams) {
    for (index, (side, sign)) in SIDES.into_iter().enumerate() {
        hand(figure, l, b, p, (index, side, sign));
        if matches!(p.outfit, Outfit::FlaredCoat | Outfit::LongSkirt) {
            leg(figure, l, b, p, (index, side, sign));
        }
        shoe(figure, l, b, p, (index, side, sign));
    }
}

type Side<'a> = (usize, &'a str, f64);

/// A relaxed hand: a palm, four tapering fingers a little bent, a thumb.
fn hand(figure: &mut Figure, l: &Landmarks, b: &Bones, p: &HumanParams, (index, side, sign): Side<'_>) {
    let h = p.height_m;
    let along = (l.knuckles - l.wrist).normalize();
    // the back of the hand looks outwards, the thumb forwards
    let front = (DVec3::Z - along * along.z).normalize();
    let out = front.cross(along).normalize() * -1.0;
    let out = if out.x < 0.0 { -out } else { out };
    let size = h * (0.0215 - 0.0013 * p.bust + 0.0006 * (p.heads - 5.5));
    let at = |a: f64, f: f64, o: f64| l.wrist + (along * a + front * f + out * o) * size;
    let mut shape = Shape::default()
        .add(
            Primitive::RoundCone(at(-1.6, 0.0, 0.0), 0.60 * size, at(0.3, 0.0, 0.0), 0.64 * size),
            0.0,
        )
        .tube(
            &[
                (at(0.5, 0.42, 0.02), 0.50 * size),
                (at(2.0, 0.62, 0.0), 0.42 * size),
            ],
            0.5 * size,
        )
        .tube(
            &[
                (at(0.5, -0.35, 0.02), 0.48 * size),
                (at(1.9, -0.62, 0.0), 0.40 * size),
            ],
            0.5 * size,
        )
        .tube(
            &[
                (at(0.9, 0.0, 0.05), 0.52 * size),
                (at(2.0, 0.0, 0.04), 0.44 * size),
            ],
            0.4 * size,
        );
    // fingers: sideways place, length, bend towards the palm
    for (f, length, bend) in [
        (0.86, 1.75, 0.42),
        (0.31, 2.0, 0.52),
        (-0.25, 1.85, 0.62),
        (-0.78, 1.45, 0.72),
    ] {
        let knuckle = at(2.05, f * 0.86, 0.0);
        let middle = at(2.05 + length * 0.52, f * 0.95, -bend * 0.55);
        let tip = at(2.05 + length * 0.96, f * 0.92, -bend * 1.55);
        shape = shape
            .add(
                Primitive::RoundCone(knuckle, 0.34 * size, middle, 0.285 * size),
                0.14 * size,
            )
            .add(
                Primitive::RoundCone(middle, 0.285 * size, tip, 0.20 * size),
                0.10 * size,
            );
    }
    shape = shape
        .add(
            Primitive::RoundCone(
                at(0.55, 0.55, -0.1),
                0.42 * size,
                at(1.45, 1.22, -0.45),
                0.33 * size,
            ),
            0.35 * size,
        )
        .add(
            Primitive::RoundCone(
                at(1.45, 1.22, -0.45),
                0.31 * size,
                at(2.35, 1.42, -0.85),
                0.25 * size,
            ),
            0.1 * size,
        );
    let (low, high) = (
        l.wrist.min(l.knuckles) - DVec3::splat(3.2 * size),
        l.wrist.max(l.knuckles) + DVec3::splat(3.2 * size),
    );
    let patch = Patch::solid(&shape, low, high, 0.28 * size);
    let patch = if sign < 0.0 { patch.mirrored() } else { patch };
    let (wrist, knuckles, size) = (l.wrist, l.knuckles, size);
    figure.add(Part::new(format!("hand.{side}"), "skin"), &patch, |q| {
        let q = on(sign, q);
        let past = (q - knuckles).dot(along) / size;
        let thumb = (q - wrist).dot(front) / size > 1.0 && past < 0.6;
        let fingers = if thumb {
            0.0
        } else {
            scalar::smoothstep(-0.5, 0.7, past)
        };
        let sleeve = 1.0 - scalar::smoothstep(-1.2, 0.0, (q - wrist).dot(along) / size);
        slots(&[
            (b.hand[index], (1.0 - fingers) * (1.0 - sleeve)),
            (b.fingers[index], fingers),
            (b.forearm[index], sleeve),
        ])
    });
}

/// Weights along a leg.
fn leg_binder(l: &Landmarks, b: &Bones, index: usize, sign: f64, h: f64) -> Binder {
    Binder::default()
        .with(b.thigh[index], on(sign, l.hip), on(sign, l.knee), 0.05 * h)
        .with(b.shin[index], on(sign, l.knee), on(sign, l.ankle), 0.045 * h)
}

/// Radius along a leg, as shares of the height: from the hip, over thigh, knee, calf, to the ankle.
const LEG: [[f64; 1]; 9] = [
    [0.0460],
    [0.0450],
    [0.0405],
    [0.0345],
    [0.0298],
    [0.0300],
    [0.0300],
    [0.0240],
    [0.0200],
];

/// A bare leg with a calf behind and a shin before, and a sock over it.
fn leg(figure: &mut Figure, l: &Landmarks, b: &Bones, p: &HumanParams, (index, side, sign): Side<'_>) {
    let h = p.height_m;
    let spine = [
        l.hip - DVec3::Y * 0.012 * h,
        l.hip.lerp(l.knee, 0.5),
        l.knee,
        l.knee.lerp(l.ankle, 0.45) - DVec3::Z * 0.010 * h,
        l.ankle - DVec3::Y * 0.01 * h,
    ];
    let slim = 1.0 - 0.06 * p.bust;
    let tube = |from: f64, to: f64, thick: f64| {
        const ROWS: usize = 17;
        let patch = Patch::tube(ROWS, 18, [true, true], |r, c| {
            let t = scalar::lerp(from, to, r as f64 / (ROWS - 1) as f64);
            let [radius] = spline_row(&LEG, t * 8.0);
            let (s, k) = scalar::sin_cos(scalar::TAU * c as f64 / 18.0);
            let calf =
                1.0 + 0.10 * scalar::exp(-(t - 0.66) * (t - 0.66) / 0.012) * scalar::smoothstep(0.0, -1.0, s);
            spline(&spine, t) + DVec3::new(k, 0.0, s * calf) * ((radius * slim) * h + thick)
        });
        if sign < 0.0 { patch.mirrored() } else { patch }
    };
    let binder = leg_binder(l, b, index, sign, h);
    figure.add(
        Part::new(format!("leg.{side}"), "skin"),
        &tube(0.0, 1.0, 0.0),
        |q| binder.at(q),
    );
    if p.outfit == Outfit::FlaredCoat {
        figure.add(
            Part::new(format!("sock.{side}"), "sock"),
            &tube(0.70, 1.0, 0.0035),
            |q| binder.at(q),
        );
    }
}

/// A boot, or a low shoe: heel, instep, a rounded toe, and a sole cut level.
fn shoe(figure: &mut Figure, l: &Landmarks, b: &Bones, p: &HumanParams, (index, side, sign): Side<'_>) {
    let h = p.height_m;
    let girl = p.outfit == Outfit::FlaredCoat;
    let r = h * if girl { 0.0250 } else { 0.0225 - 0.0030 * p.bust };
    let up = |at: DVec3, y: f64| DVec3::new(at.x, y, at.z);
    let toe = l.toe - DVec3::Z * 0.25 * r;
    let mut shape = Shape::default()
        .add(
            Primitive::RoundCone(
                up(l.heel, 0.8 * r) + DVec3::Z * 0.4 * r,
                0.92 * r,
                up(l.ball, 0.72 * r),
                1.12 * r,
            ),
            0.0,
        )
        .add(
            Primitive::RoundCone(up(l.ball, 0.72 * r), 1.12 * r, up(toe, 0.72 * r), 0.92 * r),
            0.3 * r,
        )
        .add(
            Primitive::RoundCone(
                l.ankle,
                1.02 * r,
                l.ankle.lerp(up(l.ball, 0.8 * r), 0.55),
                0.98 * r,
            ),
            0.7 * r,
        )
        .add(
            Primitive::RoundCone(
                up(l.heel, 0.9 * r) + DVec3::Z * 0.5 * r,
                0.9 * r,
                l.ankle,
                1.0 * r,
            ),
            0.5 * r,
        );
    let top = if girl {
        l.ankle.y + 0.058 * h
    } else {
        l.ankle.y + (0.012 - 0.010 * p.bust) * h
    };
    shape = shape.add(
        Primitive::RoundCone(
            l.ankle,
            1.02 * r,
            up(l.ankle, top + r) - DVec3::Z * if girl { 0.012 * h } else { 0.0 },
            if girl { 1.36 * r } else { 1.0 * r },
        ),
        0.5 * r,
    );
    let big = DVec3::new(0.3 * h, 0.1 * h, 0.3 * h);
    let slab = |y: f64| {
        Primitive::RoundBox(
            DAffine3::from_translation(DVec3::new(l.ankle.x, y, 0.0)),
            big,
            0.002 * h,
        )
    };
    shape = shape
        .carve(slab(top + 0.1 * h), 0.004 * h)
        .carve(slab(-0.1 * h), 0.003 * h);
    let reach = DVec3::new(2.0 * r, 0.0, 0.0);
    let low = l.heel - reach - DVec3::new(0.0, l.heel.y + 0.3 * r, 1.6 * r);
    let high = DVec3::new(l.ball.x, top + r, l.toe.z + 1.6 * r) + reach;
    let mut patch = Patch::solid(&shape, low, high, 0.34 * r);
    let sole = 0.42 * r;
    let lower = patch.cut(|q| {
        // the heel stands a little higher than the sole
        let waist = scalar::smoothstep(l.ball.z - 2.2 * r, l.ball.z - 0.6 * r, q.z);
        q.y - sole * (1.25 - 0.35 * waist)
    });
    let patch = if sign < 0.0 { patch.mirrored() } else { patch };
    let binder = Binder::default()
        .with(
            b.shin[index],
            on(sign, l.knee),
            on(sign, l.ankle + DVec3::Y * 0.9 * r),
            r,
        )
        .with(
            b.foot[index],
            on(sign, up(l.heel, r)),
            on(sign, up(l.ball, r) - DVec3::Z * 0.6 * r),
            1.5 * r,
        )
        .with(
            b.toes[index],
            on(sign, up(l.ball, r) + DVec3::Z * 0.4 * r),
            on(sign, l.toe),
            1.2 * r,
        );
    let weight = |q: DVec3| -> Slots { binder.at(q) };
    if girl {
        // a turned-over top
        let hub = up(l.ankle, top) - DVec3::Z * 0.0085 * h;
        let band = Patch::sheet(4, 24, true, |row, c| {
            let (s, k) = scalar::sin_cos(scalar::TAU * c as f64 / 24.0);
            let radius = [1.05, 1.42, 1.38, 1.2][row] * r;
            let y = [0.1, 0.16, -0.72, -0.80][row] * r;
            hub + DVec3::new(s * radius, y, k * radius)
        });
        let band = if sign < 0.0 { band.mirrored() } else { band };
        figure.add(sheet_part(&format!("shoe.{side}.top"), "trim"), &band, weight);
    }
    let parts = [
        Part::new(format!("shoe.{side}.sole"), "trim"),
        Part::new(format!("shoe.{side}"), "shoe"),
    ];
    figure.add_regions(parts, &patch, |t| lower[t], weight);
}
