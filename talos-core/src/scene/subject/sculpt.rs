//! Flesh: solids blended into one implicit body that knows its limbs, so that
//! skin weights follow from the shapes themselves.
//!
//! A vertex belongs to the limbs whose solids it lies on, each limb fading
//! within its `reach`; along a limb the weight passes from bone to bone at the
//! joints. So a thigh never pulls at the tail, however near they come.

use rayon::prelude::*;

use super::build::{Influence, Patch, influence, mirror};
use super::sweep::Sweep;
use crate::geometry::{Implicit, Primitive, polygonize, smooth_union};
use crate::math::{DMat3, DVec3, scalar};

/// A line of joints with a bone from each joint to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Limb {
    /// Joints at rest, one more than bones.
    pub joints: Vec<DVec3>,
    /// Bones.
    pub bones: Vec<u16>,
    /// Share of a bone's length over which weight passes to its neighbour, (0, 0.5].
    pub soft: f64,
    /// Distance over which the limb's hold on neighbouring flesh fades, metres.
    pub reach_m: f64,
}

impl Limb {
    /// Bones at a point, by where along the limb it lies.
    #[must_use]
    pub fn along(&self, p: DVec3) -> Vec<(u16, f64)> {
        let (i, t) = self.nearest(p);
        let soft = self.soft.clamp(0.01, 0.5);
        if t < soft && i > 0 {
            let share = scalar::smoothstep(-soft, soft, t);
            vec![(self.bones[i - 1], 1.0 - share), (self.bones[i], share)]
        } else if t > 1.0 - soft && i + 1 < self.bones.len() {
            let share = scalar::smoothstep(1.0 - soft, 1.0 + soft, t);
            vec![(self.bones[i], 1.0 - share), (self.bones[i + 1], share)]
        } else {
            vec![(self.bones[i], 1.0)]
        }
    }

    fn nearest(&self, p: DVec3) -> (usize, f64) {
        let mut best = (f64::INFINITY, 0, 0.0);
        for (i, pair) in self.joints.windows(2).enumerate() {
            let ab = pair[1] - pair[0];
            let t = scalar::saturate((p - pair[0]).dot(ab) / ab.length_squared().max(1e-18));
            let d = (p - pair[0] - ab * t).length_squared();
            if d < best.0 {
                best = (d, i, t);
            }
        }
        (best.1, best.2)
    }
}

/// An ellipsoid by its centre, half axes and turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mass {
    centre: DVec3,
    unit_from_model: DMat3,
    axes: DVec3,
}

impl Mass {
    /// An ellipsoid; `turn` maps its own axes to the model's.
    #[must_use]
    pub fn new(centre: DVec3, axes: DVec3, turn: DMat3) -> Self {
        Self {
            centre,
            unit_from_model: turn.transpose(),
            axes,
        }
    }

    /// An ellipsoid stretched from `a` to `b`, of half widths `wide` (to the side) and `thick`.
    #[must_use]
    pub fn between(a: DVec3, b: DVec3, wide: f64, thick: f64) -> Self {
        let long = (b - a).normalize_or(DVec3::Y);
        let side = (DVec3::X - long * DVec3::X.dot(long))
            .try_normalize()
            .unwrap_or(DVec3::Z);
        let axes = DVec3::new(wide, (b - a).length() * 0.5, thick);
        Self::new(
            (a + b) * 0.5,
            axes,
            DMat3::from_cols(side, long, side.cross(long)),
        )
    }
}

impl Implicit for Mass {
    fn distance(&self, p: DVec3) -> f64 {
        let q = self.unit_from_model * (p - self.centre);
        let k0 = (q / self.axes).length();
        let k1 = (q / (self.axes * self.axes)).length();
        if k1 < 1e-12 {
            -self.axes.min_element()
        } else {
            k0 * (k0 - 1.0) / k1
        }
    }
}

/// One solid of a sculpture.
#[derive(Clone, Debug, PartialEq)]
pub enum Solid {
    /// A swept body.
    Sweep(Sweep),
    /// An ellipsoid.
    Mass(Mass),
    /// A cone with ball ends.
    Cone(DVec3, f64, DVec3, f64),
}

impl Solid {
    fn bound(&self) -> (DVec3, f64) {
        match self {
            Self::Sweep(sweep) => sweep.bound(),
            Self::Mass(mass) => (mass.centre, mass.axes.max_element()),
            Self::Cone(a, ra, b, rb) => ((*a + *b) * 0.5, (*b - *a).length() * 0.5 + ra.max(*rb)),
        }
    }

    fn mirrored(&self) -> Self {
        match self {
            Self::Cone(a, ra, b, rb) => Self::Cone(mirror(*a), *ra, mirror(*b), *rb),
            Self::Mass(m) => {
                let flip = DMat3::from_diagonal(DVec3::new(-1.0, 1.0, 1.0));
                Self::Mass(Mass {
                    centre: mirror(m.centre),
                    unit_from_model: m.unit_from_model * flip,
                    axes: m.axes,
                })
            }
            Self::Sweep(sweep) => Self::Sweep(sweep.mirrored()),
        }
    }
}

impl Implicit for Solid {
    fn distance(&self, p: DVec3) -> f64 {
        match self {
            Self::Sweep(sweep) => sweep.distance(p),
            Self::Mass(mass) => mass.distance(p),
            Self::Cone(a, ra, b, rb) => Primitive::RoundCone(*a, *ra, *b, *rb).distance(p),
        }
    }
}

#[derive(Clone, Debug)]
struct Piece {
    solid: Solid,
    bound: (DVec3, f64),
    blend: f64,
    carved: bool,
    limb: usize,
}

/// Solids and limbs.
#[derive(Clone, Debug, Default)]
pub struct Sculpture {
    pieces: Vec<Piece>,
    limbs: Vec<Limb>,
}

impl Sculpture {
    /// Adds a limb and returns its number.
    pub fn limb(&mut self, limb: Limb) -> usize {
        self.limbs.push(limb);
        self.limbs.len() - 1
    }

    /// Adds a solid of a limb with a fillet of `blend` metres.
    pub fn add(&mut self, limb: usize, solid: Solid, blend: f64) {
        self.push(limb, solid, blend, false);
    }

    /// Carves a solid out with a fillet of `blend` metres.
    pub fn carve(&mut self, solid: Solid, blend: f64) {
        self.push(0, solid, blend, true);
    }

    fn push(&mut self, limb: usize, solid: Solid, blend: f64, carved: bool) {
        let bound = solid.bound();
        self.pieces.push(Piece {
            solid,
            bound,
            blend,
            carved,
            limb,
        });
    }

    /// Adds a solid to a limb on the left, and its mirror image to its twin on the right.
    pub fn add_pair(&mut self, limbs: [usize; 2], solid: Solid, blend: f64) {
        self.add(limbs[1], solid.mirrored(), blend);
        self.add(limbs[0], solid, blend);
    }

    /// Carves a solid on both sides.
    pub fn carve_pair(&mut self, solid: Solid, blend: f64) {
        self.carve(solid.mirrored(), blend);
        self.carve(solid, blend);
    }

    /// A tube of cones through points with radii, on both sides.
    pub fn tube_pair(&mut self, limbs: [usize; 2], points: &[(DVec3, f64)], blend: f64) {
        for pair in points.windows(2) {
            self.add_pair(
                limbs,
                Solid::Cone(pair[0].0, pair[0].1, pair[1].0, pair[1].1),
                blend,
            );
        }
    }

    /// The zero set inside a box as triangles of about `cell` metres.
    #[must_use]
    pub fn polygons(&self, low: DVec3, high: DVec3, cell: f64) -> Patch {
        let band = Band::new(self, low, high, cell);
        let (positions, triangles) = polygonize(&band, low, high, cell);
        let mut patch = Patch { positions, triangles };
        for _ in 0..RELAXATIONS {
            relax(self, &mut patch, cell);
        }
        patch
    }

    /// Bones and weights at a point of the surface.
    #[must_use]
    pub fn influence(&self, p: DVec3) -> Influence {
        let mut nearest = vec![f64::INFINITY; self.limbs.len()];
        for piece in self.pieces.iter().filter(|piece| !piece.carved) {
            let d = &mut nearest[piece.limb];
            if (p - piece.bound.0).length() - piece.bound.1 < *d {
                *d = d.min(piece.solid.distance(p));
            }
        }
        let least = nearest.iter().copied().fold(f64::INFINITY, f64::min);
        let mut contributions = Vec::with_capacity(8);
        for (limb, d) in self.limbs.iter().zip(nearest) {
            let share = (1.0 - (d - least) / limb.reach_m).max(0.0);
            if share > 0.0 {
                contributions.extend(limb.along(p).iter().map(|&(b, w)| (b, w * share * share)));
            }
        }
        influence(&contributions)
    }

    /// [`Self::influence`] of many points.
    #[must_use]
    pub fn influences(&self, points: &[DVec3]) -> Vec<Influence> {
        points.par_iter().map(|&p| self.influence(p)).collect()
    }
}

impl Implicit for Sculpture {
    fn distance(&self, p: DVec3) -> f64 {
        let mut d = f64::INFINITY;
        for piece in &self.pieces {
            // A solid further off than its fillet changes nothing: skip it exactly.
            let least = (p - piece.bound.0).length() - piece.bound.1;
            if piece.carved {
                if least < piece.blend - d {
                    d = -smooth_union(-d, piece.solid.distance(p), piece.blend);
                }
            } else if d.is_infinite() {
                d = piece.solid.distance(p);
            } else if least < d + piece.blend {
                d = smooth_union(d, piece.solid.distance(p), piece.blend);
            }
        }
        d
    }
}

/// Rounds of evening out a mesh. More no longer show; fewer leave the grid's rhythm in contours.
const RELAXATIONS: usize = 4;

/// Slides every vertex along the surface towards the middle of its neighbours, so that triangles even out.
fn relax(solid: &Sculpture, patch: &mut Patch, cell: f64) {
    let mut sums = vec![(DVec3::ZERO, 0.0); patch.positions.len()];
    for t in &patch.triangles {
        for k in 0..3 {
            let (own, a, b) = (t[k], t[(k + 1) % 3], t[(k + 2) % 3]);
            let sum = &mut sums[own as usize];
            sum.0 += patch.positions[a as usize] + patch.positions[b as usize];
            sum.1 += 2.0;
        }
    }
    let h = cell * 0.02;
    patch
        .positions
        .par_iter_mut()
        .zip(&sums)
        .filter(|(_, sum)| sum.1 > 0.0)
        .for_each(|(p, sum)| {
            let slope = |e: DVec3| (solid.distance(*p + e * h) - solid.distance(*p - e * h)) / (2.0 * h);
            let gradient = DVec3::new(slope(DVec3::X), slope(DVec3::Y), slope(DVec3::Z));
            let steep = gradient.length_squared();
            if steep < 1e-6 {
                return;
            }
            let toward = (sum.0 / sum.1 - *p) * 0.6;
            let along = toward - gradient * (toward.dot(gradient) / steep);
            let moved = *p + along.clamp_length_max(0.4 * cell);
            let back = gradient * (solid.distance(moved) / steep);
            *p = moved - back.clamp_length_max(0.3 * cell);
        });
}

/// A sculpture that answers roughly where its surface is far: most of a grid is empty.
struct Band<'a> {
    solid: &'a Sculpture,
    low: DVec3,
    block: f64,
    count: [usize; 3],
    centre_values: Vec<f64>,
}

impl<'a> Band<'a> {
    /// Cells along the side of a block. Larger blocks ask exactly more often, smaller ones cost more of themselves.
    const CELLS: f64 = 5.0;
    /// Distances here are bounds, at worst this much too short or too long near flat ellipsoids.
    const DOUBT: f64 = 2.5;

    fn new(solid: &'a Sculpture, low: DVec3, high: DVec3, cell: f64) -> Self {
        let block = cell * Self::CELLS;
        let count = ((high - low) / block)
            .ceil()
            .max(DVec3::ONE)
            .to_array()
            .map(|n| n as usize + 1);
        let centre_values = (0..count[0] * count[1] * count[2])
            .into_par_iter()
            .map(|i| {
                let (x, y, z) = (i % count[0], i / count[0] % count[1], i / (count[0] * count[1]));
                solid.distance(low + (DVec3::new(x as f64, y as f64, z as f64) + 0.5) * block)
            })
            .collect();
        Self {
            solid,
            low,
            block,
            count,
            centre_values,
        }
    }
}

impl Implicit for Band<'_> {
    fn distance(&self, p: DVec3) -> f64 {
        let place = ((p - self.low) / self.block).max(DVec3::ZERO);
        let [x, y, z] = core::array::from_fn(|k| (place[k] as usize).min(self.count[k] - 1));
        let rough = self.centre_values[(z * self.count[1] + y) * self.count[0] + x];
        if rough.abs() > self.block * Self::DOUBT {
            rough
        } else {
            self.solid.distance(p)
        }
    }
}
