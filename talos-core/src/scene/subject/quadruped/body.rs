//! Trunk, neck, head and legs: one smooth solid, polygonized finer where it is slender.

use super::bones::{Bones, SIDES, on};
use super::params::Species;
use super::plan::{LegPlan, Plan, at};
use crate::geometry::{Implicit, Part, Primitive, Shape, smooth_union};
use crate::math::{DVec3, scalar};
use crate::scene::subject::clay::{Binder, Figure, Patch};

/// The solid of an animal, metres.
#[derive(Clone, Debug)]
pub(super) struct Hide {
    trunk: Shape,
    width: f64,
    neck: Shape,
    legs: Shape,
    head: Shape,
    s: f64,
}

impl Hide {
    /// The solid of a plan.
    pub(super) fn new(plan: &Plan, species: Species, s: f64) -> Self {
        let flesh = |list: &[[f64; 3]]| -> Vec<(DVec3, f64)> {
            list.iter()
                .map(|f| (DVec3::new(0.0, f[0], f[1]) * s, f[2] * s))
                .collect()
        };
        let mut legs = leg(&plan.front, s, Shape::default());
        legs = shoulder(plan, s, legs);
        let mut hind = leg(&plan.hind, s, Shape::default());
        for foot in [&plan.front, &plan.hind] {
            let shape = paw(foot, species, s);
            for (solid, blend, _) in shape.solids() {
                hind = hind.add(solid.clone(), *blend);
            }
        }
        for (solid, blend, _) in hind.solids() {
            legs = legs.add(solid.clone(), *blend);
        }
        let mut head = Shape::default();
        for ([ax, ay, az, ar], [bx, by, bz, br], blend) in &plan.head {
            let cone = Primitive::RoundCone(
                DVec3::new(*ax, *ay, *az) * s,
                ar * s,
                DVec3::new(*bx, *by, *bz) * s,
                br * s,
            );
            head = head.add(cone, blend * s);
        }
        Self {
            trunk: Shape::default().tube(&flesh(&plan.trunk), 0.03 * s),
            width: plan.width,
            neck: Shape::default().tube(&flesh(&plan.neck), 0.02 * s),
            legs,
            head,
            s,
        }
    }
}

impl Implicit for Hide {
    fn distance(&self, p: DVec3) -> f64 {
        let s = self.s;
        let q = DVec3::new(p.x.abs(), p.y, p.z);
        let squeezed = |share: f64| DVec3::new(q.x / share, q.y, q.z);
        let trunk = self.trunk.distance(squeezed(self.width)) * 0.85;
        let neck = self.neck.distance(squeezed(0.80)) * 0.9;
        let legs = self.legs.distance(q);
        let head = self.head.distance(q);
        let core = smooth_union(trunk, neck, 0.10 * s);
        smooth_union(smooth_union(core, legs, 0.055 * s), head, 0.05 * s)
    }
}

/// The bones of a leg in flesh.
fn leg(l: &LegPlan, s: f64, shape: Shape) -> Shape {
    let p = |a: [f64; 3]| at(a, s);
    let r = l.radii.map(|r| r * s);
    let (upper, middle, lower, knuckle) = (p(l.upper), p(l.middle), p(l.lower), p(l.knuckle));
    // muscle sits on the upper side of each bone: the calf behind, the forearm before
    let belly = (upper.z - middle.z).signum();
    let swell = middle.lerp(lower, 0.35) + DVec3::Z * (0.016 * s * -belly);
    shape
        .add(
            Primitive::RoundCone(upper, r[0], upper.lerp(middle, 0.5), r[1]),
            0.05 * s,
        )
        .add(
            Primitive::RoundCone(upper.lerp(middle, 0.5), r[1], middle, r[2]),
            0.02 * s,
        )
        .add(Primitive::RoundCone(middle, r[2], swell, r[3]), 0.03 * s)
        .add(Primitive::RoundCone(swell, r[3], lower, r[4]), 0.02 * s)
        .add(
            Primitive::RoundCone(lower, r[4], lower.lerp(knuckle, 0.5), r[5]),
            0.012 * s,
        )
        .add(
            Primitive::RoundCone(lower.lerp(knuckle, 0.5), r[5], knuckle, r[6]),
            0.008 * s,
        )
}

/// The shoulder blade's flesh.
fn shoulder(plan: &Plan, s: f64, shape: Shape) -> Shape {
    let l = &plan.front;
    let r = l.radii[0] * s;
    let blade = at(l.root, s) - DVec3::new(0.035, 0.05, 0.0) * s;
    shape.add(
        Primitive::RoundCone(blade, r * 0.62, at(l.upper, s), r * 0.92),
        0.06 * s,
    )
}

/// A paw of four toes, or a pastern for a hoof.
fn paw(l: &LegPlan, species: Species, s: f64) -> Shape {
    let (knuckle, toe) = (at(l.knuckle, s), at(l.toe, s));
    let r = l.radii[6] * s;
    if species == Species::Horse {
        let coronet = knuckle.lerp(toe, 0.55);
        return Shape::default().add(Primitive::RoundCone(knuckle, r, coronet, r * 0.92), 0.02 * s);
    }
    let mut shape = Shape::default().add(
        Primitive::RoundCone(knuckle, r, knuckle.lerp(toe, 0.5) - DVec3::Y * 0.2 * r, r * 0.95),
        0.015 * s,
    );
    for (x, z) in [(-0.80, -0.22), (-0.28, 0.02), (0.28, 0.02), (0.80, -0.22)] {
        let root = knuckle.lerp(toe, 0.45) + DVec3::new(x * r * 0.8, 0.0, 0.0);
        let tip = toe + DVec3::new(x * r * 1.05, 0.05 * r, z * r * 1.6);
        shape = shape.add(Primitive::RoundCone(root, r * 0.55, tip, r * 0.46), 0.006 * s);
    }
    shape
}

/// Adds hide, belly and hooves.
pub(super) fn add(figure: &mut Figure, hide: &Hide, plan: &Plan, b: &Bones, species: Species, s: f64) {
    let binder = binder(plan, b, s);
    let mut patch = polygonize(hide, plan, s);
    let under = underside(plan, species, s);
    // fur is ragged on the trunk, short and sleek on the head
    let nape = plan.skull[2];
    let fringe = |p: DVec3| {
        let ragged = scalar::smoothstep(nape, nape - 0.15, p.z / s)
            * if species == Species::Horse { 0.0 } else { 0.006 };
        ragged * s * scalar::sin(p.z / s * 46.0) * scalar::sin(p.y / s * 31.0 + 1.0)
    };
    let belly = patch.cut(|p| under.distance(DVec3::new(p.x.abs(), p.y, p.z)) + fringe(p));
    let parts = [Part::new("belly", "belly"), Part::new("body", "body")];
    figure.add_regions(parts, &patch, |t| belly[t], |p| binder.at(p));
    if species == Species::Horse {
        hooves(figure, plan, b, s);
    } else {
        claws(figure, plan, b, s);
    }
}

/// The surface in a space where legs and head are larger, so that a uniform grid is finer there.
fn polygonize(hide: &Hide, plan: &Plan, s: f64) -> Patch {
    let knee = plan.front.middle[1] * s;
    let nape = plan.skull[2] * s - 0.10 * s;
    let spread = move |y: f64, z: f64| {
        let low = 1.0 - scalar::smoothstep(0.45 * knee, 1.2 * knee, y);
        let head =
            scalar::smoothstep(nape - 0.1 * s, nape + 0.1 * s, z) * scalar::smoothstep(knee, 1.4 * knee, y);
        1.0 + 0.75 * low + 0.45 * head
    };
    // z grows by half in front of the nape: ∫ (1 + 0.5·ramp)
    let ramp = 0.15 * s;
    let stretched = move |z: f64| {
        let u = (z - nape).max(0.0);
        z + if u < ramp {
            0.25 * u * u / ramp
        } else {
            0.5 * (u - 0.5 * ramp)
        }
    };
    let natural = move |w: f64| {
        let u = (w - nape).max(0.0);
        if u <= 0.0 {
            w
        } else if u < 1.25 * ramp {
            nape + 2.0 * ramp * ((1.0 + u / ramp).sqrt() - 1.0)
        } else {
            nape + (u + 0.25 * ramp) / 1.5
        }
    };
    let into = move |q: DVec3| {
        let z = natural(q.z);
        DVec3::new(q.x / spread(q.y, z), q.y, z)
    };
    let field = |q: DVec3| hide.distance(into(q));
    let first = plan.trunk[0];
    let back = (first[1] - first[2]).min(plan.hind.lower[2] - 0.06) - 0.03;
    let front = plan.head.iter().map(|c| c.1[2] + c.1[3]).fold(0.0, f64::max) + 0.03;
    let top = plan
        .head
        .iter()
        .map(|c| (c.0[1] + c.0[3]).max(c.1[1] + c.1[3]))
        .fold(1.0, f64::max)
        + 0.03;
    let low = DVec3::new(-0.36 * s, -0.03 * s, back * s);
    let high = DVec3::new(0.36 * s, top * s, stretched(front * s));
    let mut patch = Patch::solid(&field, low, high, 0.0310 * s);
    for p in &mut patch.positions {
        *p = into(*p);
    }
    patch
}

/// Where fur is lighter: under the trunk, the breast, the throat, the cheeks and the muzzle's sides.
fn underside(plan: &Plan, species: Species, s: f64) -> Shape {
    let mut shape = Shape::default();
    if species == Species::Horse {
        // a horse has white feet and a blaze
        for l in [&plan.front, &plan.hind] {
            let foot = at(l.knuckle, s);
            shape = shape.add(
                Primitive::RoundCone(
                    foot + DVec3::Y * 0.015 * s,
                    0.055 * s,
                    foot - DVec3::Y * 0.1 * s,
                    0.07 * s,
                ),
                0.0,
            );
        }
        let blaze = [
            (DVec3::new(0.0, 1.345, 0.875) * s, 0.026 * s),
            (DVec3::new(0.0, 1.20, 0.975) * s, 0.020 * s),
            (DVec3::new(0.0, 1.10, 1.055) * s, 0.026 * s),
        ];
        return shape.tube(&blaze, 0.01 * s);
    }
    let n = plan.trunk.len();
    let below: Vec<(DVec3, f64)> = plan
        .trunk
        .iter()
        .enumerate()
        .skip(1)
        .map(|(i, f)| {
            let grow = i as f64 / n as f64;
            (
                DVec3::new(0.0, f[0] - f[2] * 0.95, f[1]) * s,
                f[2] * (0.40 + 0.18 * grow) * s,
            )
        })
        .collect();
    shape = shape.tube(&below, 0.03 * s);
    let throat: Vec<(DVec3, f64)> = plan
        .neck
        .iter()
        .map(|f| {
            (
                DVec3::new(0.0, f[0] - f[2] * 0.75, f[1] + f[2] * 0.75) * s,
                f[2] * 0.80 * s,
            )
        })
        .collect();
    shape = shape.tube(&throat, 0.04 * s);
    let breast = plan.trunk[n - 1];
    shape = shape.add(
        Primitive::Ball(
            DVec3::new(0.0, breast[0] - 0.02, breast[1] + breast[2] * 0.9) * s,
            0.12 * s,
        ),
        0.05 * s,
    );
    // the muzzle's sides and the cheeks below the eyes
    for (i, (a, c, _)) in plan.head.iter().enumerate() {
        let (drop, reach) = match (species, i) {
            (Species::Cat, 2) => (0.004, 0.060),
            (Species::Cat, _) => continue,
            (_, 1) => (0.035, 0.080),
            (_, 3) => (0.018, 0.044),
            _ => continue,
        };
        shape = shape.add(
            Primitive::RoundCone(
                DVec3::new(a[0] + 0.035, a[1] - drop, a[2] + 0.02) * s,
                reach * s,
                DVec3::new(c[0] + 0.01, c[1] - drop, c[2]) * s,
                reach * 0.92 * s,
            ),
            0.02 * s,
        );
    }
    // insides of the legs and the feet
    for l in [&plan.front, &plan.hind] {
        let inner = |p: [f64; 3], dx: f64| DVec3::new(p[0] - dx, p[1], p[2]) * s;
        shape = shape
            .add(
                Primitive::RoundCone(inner(l.middle, 0.075), 0.055 * s, inner(l.lower, 0.04), 0.036 * s),
                0.02 * s,
            )
            .add(
                Primitive::RoundCone(inner(l.lower, 0.04), 0.036 * s, inner(l.knuckle, 0.01), 0.050 * s),
                0.02 * s,
            )
            .add(
                Primitive::RoundCone(
                    inner(l.knuckle, -0.005) - DVec3::Y * 0.01 * s,
                    0.056 * s,
                    inner(l.toe, 0.0),
                    0.085 * s,
                ),
                0.02 * s,
            );
    }
    shape
}

/// Which bones carry the hide.
pub(super) fn binder(plan: &Plan, b: &Bones, s: f64) -> Binder {
    let flesh = |f: [f64; 3]| DVec3::new(0.0, f[0], f[1]) * s;
    let n = plan.trunk.len();
    let m = plan.neck.len();
    let (t, k) = (&plan.trunk, &plan.neck);
    let [x, y, z, _] = plan.head[2].1;
    let mut binder = Binder::default()
        .with(b.hips, flesh(t[0]), flesh(t[2]), 0.15 * s)
        .with(
            b.body,
            flesh(t[2]).lerp(flesh(t[3]), 0.3),
            flesh(t[2]).lerp(flesh(t[3]), 0.9),
            0.13 * s,
        )
        .with(
            b.chest,
            flesh(t[3]).lerp(flesh(t[4]), 0.4),
            flesh(t[n - 1]),
            0.17 * s,
        )
        .with(b.neck[0], flesh(k[0]), flesh(k[m - 2]), 0.12 * s)
        .with(b.neck[1], flesh(k[m - 2]), at(plan.skull, s), 0.11 * s)
        .with(
            b.head,
            at(plan.skull, s) + DVec3::new(0.0, 0.03, 0.04) * s,
            DVec3::new(x, y, z) * s,
            0.11 * s,
        );
    for (i, (_, sign)) in SIDES.into_iter().enumerate() {
        for (bones, l, reach) in [(&b.fore[i], &plan.front, 0.07), (&b.hind[i], &plan.hind, 0.09)] {
            let p = |a: [f64; 3]| on(sign, at(a, s));
            binder = binder
                .with(
                    bones.root,
                    p(l.root),
                    p(l.root).lerp(p(l.upper), 0.7),
                    reach * 0.55 * s,
                )
                .with(
                    bones.upper,
                    p(l.upper).lerp(p(l.middle), 0.1),
                    p(l.middle),
                    reach * s,
                )
                .with(bones.middle, p(l.middle), p(l.lower), 0.05 * s)
                .with(bones.lower, p(l.lower), p(l.knuckle), 0.042 * s)
                .with(bones.paw, p(l.knuckle).lerp(p(l.toe), 0.15), p(l.toe), 0.045 * s);
        }
    }
    binder
}

/// A hoof under each pastern: wider at the ground, cut level.
fn hooves(figure: &mut Figure, plan: &Plan, b: &Bones, s: f64) {
    for (name, l, bones) in [("fore", &plan.front, &b.fore), ("hind", &plan.hind, &b.hind)] {
        let (knuckle, toe) = (at(l.knuckle, s), at(l.toe, s));
        let top = knuckle.lerp(toe, 0.50);
        let r = l.radii[6] * s;
        let patch = Patch::tube(6, 20, [true, true], |row, c| {
            let (k, sn) = scalar::sin_cos(-scalar::TAU * c as f64 / 20.0);
            let t = [0.0, 0.02, 0.35, 0.7, 1.0, 1.0][row];
            let radius = [0.7, 1.06, 1.18, 1.32, 1.45, 1.2][row] * r;
            let centre = DVec3::new(top.x, top.y * (1.0 - t), scalar::lerp(top.z, toe.z - 0.35 * r, t));
            let slope = 0.55 * r * sn * (1.0 - t);
            centre + DVec3::new(k * radius * 0.95, -slope, sn * radius * 1.08)
        });
        for (i, (side, sign)) in SIDES.into_iter().enumerate() {
            let patch = if sign < 0.0 {
                patch.mirrored()
            } else {
                patch.clone()
            };
            let paw = bones[i].paw;
            figure.add(Part::new(format!("hoof.{name}.{side}"), "hoof"), &patch, |_| {
                crate::scene::subject::clay::rigid(paw)
            });
        }
    }
}

/// Four small claws on each paw.
fn claws(figure: &mut Figure, plan: &Plan, b: &Bones, s: f64) {
    for (name, l, bones) in [("fore", &plan.front, &b.fore), ("hind", &plan.hind, &b.hind)] {
        let r = l.radii[6] * s;
        let toe = at(l.toe, s);
        for (i, (side, sign)) in SIDES.into_iter().enumerate() {
            let paw = bones[i].paw;
            for (x, z) in [(-0.80, -0.22), (-0.28, 0.02), (0.28, 0.02), (0.80, -0.22)] {
                let from = toe + DVec3::new(x * r * 1.05, -0.05 * r, z * r * 1.6 + 0.36 * r);
                let tip = from + DVec3::new(x * 0.1 * r, -0.28 * r, 0.34 * r);
                let patch = Patch::tube(3, 6, [true, true], |row, c| {
                    let (k, sn) = scalar::sin_cos(-scalar::TAU * c as f64 / 6.0);
                    let t = row as f64 / 2.0;
                    from.lerp(tip, t) + DVec3::new(k, sn, 0.0) * (0.14 * r * (1.0 - 0.92 * t))
                });
                let patch = if sign < 0.0 { patch.mirrored() } else { patch };
                figure.add(Part::new(format!("claw.{name}.{side}"), "claw"), &patch, |_| {
                    crate::scene::subject::clay::rigid(paw)
                });
            }
        }
    }
}
