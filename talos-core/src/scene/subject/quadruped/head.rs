//! What is on the head: eyes, nose, jaws, ears, whiskers.

use super::body::Hide;
use super::bones::{Bones, SIDES, on};
use super::params::Species;
use super::plan::{Plan, at};
use crate::geometry::{Implicit, Part, Primitive, Shape};
use crate::math::{DAffine3, DVec3, scalar};
use crate::scene::subject::clay::{Figure, Patch, Slots, Strand, rigid, sheet_part, slots};

/// Adds the head's features.
pub(super) fn add(figure: &mut Figure, hide: &Hide, plan: &Plan, b: &Bones, species: Species, s: f64) {
    let face = Face {
        hide,
        plan,
        b,
        species,
        s,
    };
    for (i, (side, sign)) in SIDES.into_iter().enumerate() {
        face.eye(figure, (i, side, sign));
        face.ear(figure, (i, side, sign));
    }
    face.jaws(figure);
    face.nose(figure);
    if species == Species::Cat {
        face.whiskers(figure);
    }
}

struct Face<'a> {
    hide: &'a Hide,
    plan: &'a Plan,
    b: &'a Bones,
    species: Species,
    s: f64,
}

/// Unit direction out of a solid.
pub(super) fn outward(solid: &dyn Implicit, p: DVec3, step: f64) -> DVec3 {
    let d = |axis: DVec3| solid.distance(p + axis * step) - solid.distance(p - axis * step);
    DVec3::new(d(DVec3::X), d(DVec3::Y), d(DVec3::Z)).normalize_or(DVec3::Z)
}

/// Point on a solid's surface below `p` along `along` (pointing outwards), lifted by `lift`.
pub(super) fn settle(solid: &dyn Implicit, p: DVec3, along: DVec3, lift: f64) -> DVec3 {
    let mut q = p;
    for _ in 0..24 {
        q -= along * ((solid.distance(q) - lift) * 0.8);
    }
    q
}

type Side<'a> = (usize, &'a str, f64);

impl Face<'_> {
    fn eye(&self, figure: &mut Figure, (i, side, sign): Side<'_>) {
        let s = self.s;
        let (place, wide, tall, slant) = self.plan.eye;
        let centre = at(place, s);
        let normal = outward(self.hide, centre, 0.004 * s);
        // look further forward than the skull's surface does
        let facing = (normal + DVec3::new(0.0, 0.0, 0.35)).normalize();
        let across = DVec3::Y.cross(facing).normalize();
        let up = facing.cross(across);
        let (sn, cs) = scalar::sin_cos(slant);
        let (across, up) = (across * cs + up * sn, up * cs - across * sn);
        let bone = self.b.eye[i];
        let put = |x: f64, y: f64, lift: f64| {
            let p = centre + (across * (x * wide) + up * (y * tall)) * s;
            settle(self.hide, p, facing, lift * s)
        };
        // an almond: pointed at both corners, its upper edge higher
        let open = self.plan.open;
        let outline = |turn: f64| {
            let (sn, cs) = scalar::sin_cos(turn);
            let round = 1.0 - cs * cs * cs * cs * 0.35;
            (cs, sn * round * if sn > 0.0 { open } else { 0.82 })
        };
        let mut disc = |name: &str, slot: &str, at: [f64; 2], size: [f64; 2], lift: f64, almond: bool| {
            const N: usize = 22;
            let point = |ring: f64, turn: f64| {
                let (x, y) = if almond {
                    outline(turn)
                } else {
                    let (y, x) = scalar::sin_cos(turn);
                    (x, y)
                };
                let (x, y) = (at[0] + x * size[0] * ring, at[1] + y * size[1] * ring);
                put(x, y, lift)
            };
            let mut patch = Patch::sheet(3, N, true, |r, c| {
                point([0.4, 0.75, 1.0][r], scalar::TAU * c as f64 / N as f64)
            });
            let hub = patch.positions.len() as u32;
            patch.positions.push(point(0.0, 0.0));
            for c in 0..N as u32 {
                patch.triangles.push([hub, c, (c + 1) % N as u32]);
            }
            let patch = if sign < 0.0 { patch.mirrored() } else { patch };
            figure.add(sheet_part(&format!("eye.{side}.{name}"), slot), &patch, |_| {
                rigid(bone)
            });
        };
        let rim = 1.0 + 0.0070 / wide.max(0.03);
        disc("rim", "pupil", [0.0, 0.04], [rim, rim + 0.06], 0.0022, true);
        disc("iris", "eye", [0.0, 0.0], [1.0, 1.0], 0.0040, true);
        let pupil = self.plan.pupil;
        let ratio = tall / wide;
        let (pw, ph) = if pupil < 0.3 {
            (pupil * ratio, 0.80)
        } else {
            (pupil * ratio, pupil)
        };
        disc(
            "pupil",
            "pupil",
            [-0.08, 0.02 - 0.3 * (1.0 - open)],
            [pw, ph],
            0.0058,
            false,
        );
        let light = [-0.08 + sign * -0.26 * ratio, 0.32 * open];
        disc("glint", "eye_white", light, [0.22 * ratio, 0.22], 0.0075, false);
        let lid: Vec<(DVec3, f64, Slots)> = (0..=10)
            .map(|k| {
                let turn = scalar::PI * (1.06 - 1.12 * f64::from(k) / 10.0);
                let (x, y) = outline(turn);
                let press = 0.35 + 0.5 * scalar::sin(scalar::PI * f64::from(k) / 10.0);
                (on(sign, put(x * 1.1, y * 1.12, 0.0085)), press, rigid(bone))
            })
            .collect();
        figure.mark(&format!("lid.{side}"), false, &lid);
        let brow: Vec<(DVec3, f64, Slots)> = (0..=6)
            .map(|k| {
                let t = f64::from(k) / 6.0;
                let (x, y) = (
                    -0.9 + 1.5 * t,
                    1.75 + 0.35 * scalar::sin(scalar::PI * t) + 0.15 * t,
                );
                let press = 0.45 * scalar::sin(scalar::PI * (0.1 + 0.8 * t));
                (on(sign, put(x, y, 0.004)), press, rigid(self.b.brow[i]))
            })
            .collect();
        figure.mark(&format!("brow.{side}"), false, &brow);
    }

    /// An ear: a leaf with a back and a lighter inside; hanging ones fold over.
    fn ear(&self, figure: &mut Figure, (i, side, sign): Side<'_>) {
        let s = self.s;
        let (base, tip, half, look) = self.plan.ear;
        let (base, tip) = (at(base, s), at(tip, s));
        let look = DVec3::from_array(look).normalize();
        let along = tip - base;
        let hanging = along.y < 0.0;
        let bulge = if hanging {
            DVec3::new(0.022, 0.045, 0.0) * s
        } else {
            -look * (0.016 * s)
        };
        let spine: Vec<(DVec3, DVec3)> = [(0.0, 0.0), (0.33, 0.8), (0.66, 0.9), (1.0, 0.0)]
            .iter()
            .map(|&(t, k)| (base + along * t + bulge * k, look))
            .collect();
        let root = base - along.normalize() * (0.25 * half * s) * if hanging { 0.0 } else { 1.0 };
        let mut spine = spine;
        spine[0].0 = root;
        let width = |t: f64| {
            let leaf = if hanging {
                (0.72 + 0.5 * t) * (1.0 - scalar::pow(t, 5.0))
            } else {
                (1.0 - scalar::pow(t, 1.5)) * (0.93 + 0.35 * t)
            };
            half * s * leaf.max(0.0) + 2e-4 * s
        };
        let depth = |t: f64| width(t) * if hanging { 0.16 } else { 0.30 } + 2e-4 * s;
        let strand = Strand {
            spine: &spine,
            half_width: &width,
            half_depth: &depth,
            rows: 11,
            columns: 12,
        };
        let patch = strand.patch();
        let patch = if sign < 0.0 { patch.mirrored() } else { patch };
        let bone = self.b.ear[i];
        let skull = self.b.head;
        let reach = along.length();
        let weight = |p: DVec3| -> Slots {
            let t = (on(sign, p) - base).dot(along) / (reach * reach);
            let share = scalar::smoothstep(-0.05, 0.25, t);
            slots(&[(bone, share), (skull, 1.0 - share)])
        };
        figure.add(Part::new(format!("ear.{side}"), "body"), &patch, weight);
        if hanging {
            return;
        }
        let inner = Patch::sheet(9, 7, false, |r, c| {
            let t = 0.10 + 0.80 * r as f64 / 8.0;
            let u = c as f64 / 3.0 - 1.0;
            let k = crate::scene::subject::clay::spline(&spine.iter().map(|p| p.0).collect::<Vec<_>>(), t);
            let ahead = along.normalize();
            let across = ahead.cross(look).normalize();
            let out = across.cross(ahead);
            let w = width(t) * 0.66 * (1.0 - 0.35 * t);
            // its face follows the lens of the back
            k - across * (w * u) + out * (depth(t) * (1.0 - 0.55 * u * u).max(0.0).sqrt() + 0.004 * s)
        });
        let inner = if sign < 0.0 { inner.mirrored() } else { inner };
        figure.add(
            sheet_part(&format!("ear.{side}.inner"), "ear_inner"),
            &inner,
            weight,
        );
    }

    /// The lower jaw, the mouth inside, and teeth.
    fn jaws(&self, figure: &mut Figure) {
        let s = self.s;
        let [a, c] = self.plan.jaw;
        let (hinge, tip) = (DVec3::new(a[0], a[1], a[2]) * s, DVec3::new(c[0], c[1], c[2]) * s);
        let (ra, rc) = (a[3] * s, c[3] * s);
        let along = (tip - hinge).normalize();
        let cat = self.species == Species::Cat;
        let wide = if cat { 1.25 } else { 1.0 };
        let up = along.cross(DVec3::X).normalize() * -1.0;
        let up = if up.y < 0.0 { -up } else { up };
        // flat above, so that it lies under the muzzle
        let solid = |p: DVec3| {
            let q = DVec3::new(p.x / wide, p.y, p.z);
            let cone = Primitive::RoundCone(hinge, ra, tip, rc).distance(q);
            let lid = (p - hinge).dot(up) - 0.45 * ra;
            -crate::geometry::smooth_union(-cone, -lid, 0.008 * s)
        };
        let reach = DVec3::splat(ra * 1.3);
        let low = hinge.min(tip) - reach;
        let high = hinge.max(tip) + reach;
        let patch = Patch::solid(&solid, low, high, 0.40 * rc.max(0.035 * s));
        let jaw = self.b.jaw;
        let slot = if self.species == Species::Horse {
            "body"
        } else {
            "belly"
        };
        figure.add(Part::new("jaw", slot), &patch, |_| rigid(jaw));
        // floor of the mouth on the jaw, roof on the skull
        let length = (tip - hinge).length();
        for (name, bone, height) in [("mouth.floor", jaw, 0.50), ("mouth.roof", self.b.head, 0.62)] {
            let sheet = Patch::sheet(8, 7, false, |r, k| {
                let t = r as f64 / 7.0;
                let u = k as f64 / 3.0 - 1.0;
                let radius = scalar::lerp(ra, rc, t) * 0.70 * wide * (1.0 - 0.6 * t * t * t * t);
                let level = scalar::lerp(ra * height, ra * height - 0.2 * (ra - rc), t);
                hinge + along * (length * (0.1 + 0.92 * t)) + DVec3::X * (u * radius) + up * level
            });
            figure.add(sheet_part(name, "mouth"), &sheet, |_| rigid(bone));
        }
        if self.species == Species::Horse {
            return;
        }
        for sign in [1.0, -1.0] {
            for (bone, t, down, size) in [
                (self.b.head, 0.98, -1.0, 1.0),
                (self.b.head, 0.78, -1.0, 0.5),
                (self.b.head, 0.62, -1.0, 0.45),
                (jaw, 0.92, 1.0, 0.9),
                (jaw, 0.70, 1.0, 0.45),
            ] {
                let root = hinge
                    + along * (length * t)
                    + DVec3::X * (sign * scalar::lerp(ra, rc, t) * 0.62 * wide)
                    + up * (0.40 * ra - 0.1 * (ra - rc) + if down < 0.0 { 0.25 * rc } else { 0.0 });
                let point = root + up * (down * 0.72 * rc * size);
                let tooth = Patch::tube(3, 6, [true, true], |r, k| {
                    let (x, z) = scalar::sin_cos(scalar::TAU * k as f64 / 6.0);
                    let t = r as f64 / 2.0;
                    let ring = DVec3::new(x, 0.0, z * down.signum()) * (0.20 * rc * size * (1.0 - 0.95 * t));
                    root.lerp(point, t) + ring
                });
                figure.add(Part::new("teeth", "tooth"), &tooth, |_| rigid(bone));
            }
        }
    }

    fn nose(&self, figure: &mut Figure) {
        let s = self.s;
        let [centre, axes] = self.plan.nose;
        let head = self.b.head;
        let sides: &[f64] = if self.species == Species::Horse {
            &[1.0, -1.0]
        } else {
            &[1.0]
        };
        for &sign in sides {
            let place = on(sign, at(centre, s));
            let half = DVec3::from_array(axes) * s;
            let mut shape =
                Shape::default().add(Primitive::Ellipsoid(DAffine3::from_translation(place), half), 0.0);
            if self.species != Species::Horse {
                // narrower below: a soft triangle
                shape = shape.add(
                    Primitive::Ball(place - DVec3::Y * half.y * 0.7, half.x * 0.42),
                    half.y * 0.5,
                );
            }
            let reach = half * 1.5 + DVec3::Y * half.y * 0.4;
            let patch = Patch::solid(&shape, place - reach, place + reach, half.x * 0.28);
            figure.add(Part::new("nose", "nose"), &patch, |_| rigid(head));
        }
        if self.species == Species::Horse {
            return;
        }
        // from the nose down to the lips, and along them
        let muzzle = self.plan.nose[0];
        let down = |y: f64| {
            let p = DVec3::new(0.0, (muzzle[1] - y) * s, (muzzle[2] + 0.03) * s);
            settle(self.hide, p, DVec3::Z, 0.003 * s)
        };
        let line: Vec<(DVec3, f64, Slots)> = (0..=3)
            .map(|k| (down(0.020 + 0.012 * f64::from(k)), 0.4, rigid(head)))
            .collect();
        figure.mark("muzzle.cleft", false, &line);
        if self.species != Species::Cat {
            return;
        }
        // a cat's lips: two arcs from below the nose
        for (side, sign) in SIDES {
            let lips: Vec<(DVec3, f64, Slots)> = (0..=8)
                .map(|k| {
                    let t = f64::from(k) / 8.0;
                    let (x, y) = (
                        0.085 * t,
                        0.050 + 0.016 * scalar::sin(scalar::PI * t) - 0.020 * t * t,
                    );
                    let p = DVec3::new(x, muzzle[1] - y, muzzle[2] + 0.03) * s;
                    let p = settle(
                        self.hide,
                        p,
                        DVec3::new(0.25 * t, 0.0, 1.0).normalize(),
                        0.004 * s,
                    );
                    (on(sign, p), 0.5 * (1.0 - 0.7 * t), rigid(head))
                })
                .collect();
            figure.mark(&format!("mouth.{side}"), false, &lips);
        }
    }

    fn whiskers(&self, figure: &mut Figure) {
        let s = self.s;
        for (side, sign) in SIDES {
            for (k, (rise, back)) in [(0.06, 0.02), (0.0, 0.0), (-0.06, 0.01)].into_iter().enumerate() {
                let [_, ny, nz] = self.plan.nose[0];
                let root = DVec3::new(0.062, ny - 0.024 + 0.2 * rise, nz - 0.043) * s;
                let points: Vec<(DVec3, f64, Slots)> = (0..=5)
                    .map(|i| {
                        let t = f64::from(i) / 5.0;
                        let out = DVec3::new(0.24 * t, (rise - 0.05 * t) * t * 1.2, (-0.05 - back) * t) * s;
                        (on(sign, root + out), 0.28 * (1.0 - 0.8 * t), rigid(self.b.head))
                    })
                    .collect();
                figure.mark(&format!("whisker.{side}.{k}"), false, &points);
            }
        }
    }
}
