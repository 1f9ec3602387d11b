//! Clay: sheets, lofts, strands and solids that are put together into one skinned model.

use std::sync::Arc;

use crate::geometry::{
    Bone, Implicit, Mark, Mesh, Model, Part, Skeleton, Socket, Topology, Weights, polygonize,
};
use crate::math::{DAffine3, DVec3, scalar};

/// Up to four bones and their weights.
pub(super) type Slots = [(u16, f64); 4];

/// Normalises weights and keeps the four largest; the first bone carries a vertex that none claims.
pub(super) fn slots(claims: &[(u16, f64)]) -> Slots {
    let mut sorted: Vec<(u16, f64)> = Vec::with_capacity(claims.len());
    for &(bone, weight) in claims {
        match sorted.iter_mut().find(|s| s.0 == bone) {
            Some(same) => same.1 += weight.max(0.0),
            None => sorted.push((bone, weight.max(0.0))),
        }
    }
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let sum: f64 = sorted.iter().take(4).map(|s| s.1).sum();
    let mut result = [(claims.first().map_or(0, |c| c.0), 0.0); 4];
    if sum < 1e-9 {
        result[0].1 = 1.0;
        return result;
    }
    for (slot, &(bone, weight)) in result.iter_mut().zip(&sorted) {
        *slot = (bone, weight / sum);
    }
    result
}

/// Distance from a point to a segment.
pub(super) fn segment_distance(p: DVec3, a: DVec3, b: DVec3) -> f64 {
    let axis = b - a;
    let t = ((p - a).dot(axis) / axis.length_squared().max(1e-12)).clamp(0.0, 1.0);
    (p - a - axis * t).length()
}

/// A piece of surface: positions and counter-clockwise triangles.
#[derive(Clone, Debug, Default)]
pub(super) struct Patch {
    /// Positions in model space, metres.
    pub(super) positions: Vec<DVec3>,
    /// Vertex indices.
    pub(super) triangles: Vec<[u32; 3]>,
}

impl Patch {
    /// A sheet over `rows × columns` points; seen from the side where rows run down and columns
    /// run to the right. `wrap` joins the last column to the first.
    pub(super) fn sheet(rows: usize, columns: usize, wrap: bool, at: impl Fn(usize, usize) -> DVec3) -> Self {
        let mut patch = Self::default();
        for r in 0..rows {
            for c in 0..columns {
                patch.positions.push(at(r, c));
            }
        }
        let last = if wrap { columns } else { columns - 1 };
        for r in 0..rows - 1 {
            for c in 0..last {
                let [a, b] = [r * columns + c, r * columns + (c + 1) % columns];
                let [d, e] = [a + columns, b + columns];
                patch.quad([a, d, e, b]);
            }
        }
        patch
    }

    /// Two triangles of a quad, split along its shorter diagonal; nothing where corners coincide.
    fn quad(&mut self, corners: [usize; 4]) {
        let p = corners.map(|i| self.positions[i]);
        let [a, b, c, d] = corners.map(|i| i as u32);
        let split = (p[0] - p[2]).length_squared() <= (p[1] - p[3]).length_squared();
        let pair = if split {
            [[a, b, c], [a, c, d]]
        } else {
            [[b, c, d], [b, d, a]]
        };
        for t in pair {
            let [x, y, z] = t.map(|i| self.positions[i as usize]);
            if x != y && y != z && z != x {
                self.triangles.push(t);
            }
        }
    }

    /// A closed tube through rings: rows run along it, columns counter-clockwise seen from its end.
    pub(super) fn tube(
        rows: usize,
        columns: usize,
        caps: [bool; 2],
        at: impl Fn(usize, usize) -> DVec3,
    ) -> Self {
        let mut patch = Self::sheet(rows, columns, true, &at);
        let middle = |r: usize| (0..columns).map(|c| at(r, c)).sum::<DVec3>() / columns as f64;
        for (end, row) in [0, rows - 1].into_iter().enumerate() {
            if !caps[end] {
                continue;
            }
            let hub = patch.positions.len() as u32;
            patch.positions.push(middle(row));
            for c in 0..columns {
                let a = (row * columns + c) as u32;
                let b = (row * columns + (c + 1) % columns) as u32;
                patch
                    .triangles
                    .push(if end == 0 { [hub, a, b] } else { [hub, b, a] });
            }
        }
        // columns run against a sheet's
        for t in &mut patch.triangles {
            t.swap(1, 2);
        }
        patch
    }

    /// The zero set of a solid.
    pub(super) fn solid(shape: &dyn Implicit, low: DVec3, high: DVec3, cell: f64) -> Self {
        let (positions, triangles) = polygonize(shape, low, high, cell);
        Self { positions, triangles }
    }

    /// Reflected in the plane x = 0.
    pub(super) fn mirrored(&self) -> Self {
        Self {
            positions: self
                .positions
                .iter()
                .map(|p| DVec3::new(-p.x, p.y, p.z))
                .collect(),
            triangles: self.triangles.iter().map(|t| [t[0], t[2], t[1]]).collect(),
        }
    }

    /// Cuts triangles along the zero set of `field`, so that each lies on one side; returns for each
    /// whether it lies where the field is negative. The border is as smooth as the field.
    pub(super) fn cut(&mut self, field: impl Fn(DVec3) -> f64) -> Vec<bool> {
        let mut values: Vec<f64> = self.positions.iter().map(|&p| field(p)).collect();
        let mut between = std::collections::BTreeMap::new();
        let mut triangles = Vec::with_capacity(self.triangles.len());
        let mut inside = Vec::with_capacity(self.triangles.len());
        for t in std::mem::take(&mut self.triangles) {
            let negative = t.map(|v| values[v as usize] < 0.0);
            if negative[0] == negative[1] && negative[1] == negative[2] {
                triangles.push(t);
                inside.push(negative[0]);
                continue;
            }
            // rotate so that corner 0 is alone on its side
            let lone = (0..3)
                .find(|&k| negative[k] != negative[(k + 1) % 3] && negative[k] != negative[(k + 2) % 3])
                .unwrap_or(0);
            let [a, b, c] = [t[lone], t[(lone + 1) % 3], t[(lone + 2) % 3]];
            let mut crossing = |from: u32, to: u32| {
                *between.entry([from.min(to), from.max(to)]).or_insert_with(|| {
                    let (u, v) = (values[from as usize], values[to as usize]);
                    let share = (u / (u - v)).clamp(0.02, 0.98);
                    let place = self.positions[from as usize].lerp(self.positions[to as usize], share);
                    self.positions.push(place);
                    values.push(0.0);
                    (self.positions.len() - 1) as u32
                })
            };
            let (ab, ac) = (crossing(a, b), crossing(a, c));
            triangles.extend([[a, ab, ac], [ab, b, c], [ab, c, ac]]);
            inside.extend([negative[lone], !negative[lone], !negative[lone]]);
        }
        self.triangles = triangles;
        inside
    }
}

/// A tapering strand with a lens-shaped section: hair locks, tufts of fur, ears.
pub(super) struct Strand<'a> {
    /// Points along its middle, root first, with the unit direction that its broad side faces.
    pub(super) spine: &'a [(DVec3, DVec3)],
    /// Half width at a share of its length, metres.
    pub(super) half_width: &'a dyn Fn(f64) -> f64,
    /// Half thickness at a share of its length, metres.
    pub(super) half_depth: &'a dyn Fn(f64) -> f64,
    /// Rings along it.
    pub(super) rows: usize,
    /// Vertices around it.
    pub(super) columns: usize,
}

impl Strand<'_> {
    /// Its closed surface.
    pub(super) fn patch(&self) -> Patch {
        let points: Vec<DVec3> = self.spine.iter().map(|s| s.0).collect();
        let faces: Vec<DVec3> = self.spine.iter().map(|s| s.1).collect();
        Patch::tube(self.rows, self.columns, [true, true], |r, c| {
            let t = r as f64 / (self.rows - 1) as f64;
            let middle = spline(&points, t);
            let along = (spline(&points, t + 0.01) - spline(&points, t - 0.01)).normalize_or(DVec3::NEG_Y);
            let side = along.cross(spline(&faces, t)).normalize_or(DVec3::X);
            let out = side.cross(along);
            // from the end, counter-clockwise
            let (s, k) = scalar::sin_cos(scalar::TAU * c as f64 / self.columns as f64);
            middle - side * ((self.half_width)(t) * k) + out * ((self.half_depth)(t) * s)
        })
    }
}

/// Catmull–Rom spline through points with uniform knots (Catmull & Rom 1974), `t` in [0, 1].
pub(super) fn spline(points: &[DVec3], t: f64) -> DVec3 {
    let last = points.len() - 1;
    if last == 0 {
        return points[0];
    }
    let x = t * last as f64;
    let i = (x.clamp(0.0, last as f64) as usize).min(last - 1);
    let u = x - i as f64;
    let at = |k: i64| {
        let k = i as i64 + k;
        if k < 0 {
            points[0] * 2.0 - points[1]
        } else if k > last as i64 {
            points[last] * 2.0 - points[last - 1]
        } else {
            points[k as usize]
        }
    };
    let [a, b, c, d] = [at(-1), at(0), at(1), at(2)];
    b + ((c - a) + (a * 2.0 - b * 5.0 + c * 4.0 - d + (b * 3.0 - a - c * 3.0 + d) * u) * u) * (0.5 * u)
}

/// Catmull–Rom spline through rows of numbers, `x` in rows.
pub(super) fn spline_row<const N: usize>(rows: &[[f64; N]], x: f64) -> [f64; N] {
    let last = rows.len() - 1;
    let i = (x.clamp(0.0, last as f64) as usize).min(last - 1);
    let u = x - i as f64;
    let at = |k: i64, n: usize| {
        let k = i as i64 + k;
        if k < 0 {
            rows[0][n] * 2.0 - rows[1][n]
        } else if k > last as i64 {
            rows[last][n] * 2.0 - rows[last - 1][n]
        } else {
            rows[k as usize][n]
        }
    };
    core::array::from_fn(|n| {
        let [a, b, c, d] = [at(-1, n), at(0, n), at(1, n), at(2, n)];
        b + ((c - a) + (a * 2.0 - b * 5.0 + c * 4.0 - d + (b * 3.0 - a - c * 3.0 + d) * u) * u) * (0.5 * u)
    })
}

/// A model in the making.
#[derive(Default)]
pub(super) struct Figure {
    mesh: Mesh,
    weights: Weights,
    marks: Vec<Mark>,
    sockets: Vec<Socket>,
    bones: Vec<Bone>,
    joints: Vec<DVec3>,
}

impl Figure {
    /// Adds a bone whose joint stands at `at` in model space, its axes parallel to the model's.
    pub(super) fn bone(&mut self, name: &str, parent: Option<u16>, at: DVec3) -> u16 {
        let from = parent.map_or(DVec3::ZERO, |p| self.joints[usize::from(p)]);
        self.bones.push(Bone {
            name: name.into(),
            parent,
            parent_from_bone: DAffine3::from_translation(at - from),
        });
        self.joints.push(at);
        (self.bones.len() - 1) as u16
    }

    /// Adds a part.
    pub(super) fn add(&mut self, part: Part, patch: &Patch, weight: impl Fn(DVec3) -> Slots) {
        self.add_regions([part.clone(), part], patch, |_| true, weight);
    }

    /// Adds a patch as two parts that share vertices: the first where `first(triangle)`.
    pub(super) fn add_regions(
        &mut self,
        parts: [Part; 2],
        patch: &Patch,
        first: impl Fn(usize) -> bool,
        weight: impl Fn(DVec3) -> Slots,
    ) {
        let base = self.mesh.positions.len() as u32;
        self.mesh.positions.extend_from_slice(&patch.positions);
        self.weights.extend(patch.positions.iter().map(|&p| weight(p)));
        for (index, part) in parts.into_iter().enumerate() {
            let chosen: Vec<[u32; 3]> = (0..patch.triangles.len())
                .filter(|&t| first(t) == (index == 0))
                .map(|t| patch.triangles[t].map(|v| v + base))
                .collect();
            if chosen.is_empty() {
                continue;
            }
            let number = self.part(part);
            for t in chosen {
                self.mesh.add_triangle(number, t);
            }
        }
    }

    /// Index of the part of this name, added if new.
    fn part(&mut self, part: Part) -> u16 {
        let known = self.mesh.parts.iter().position(|p| p.name == part.name);
        known.map_or_else(|| self.mesh.add_part(part), |i| i as u16)
    }

    /// Adds an authored line through free vertices: places, pressures and weights.
    pub(super) fn mark(&mut self, name: &str, closed: bool, points: &[(DVec3, f64, Slots)]) {
        let first = self.mesh.positions.len() as u32;
        for &(place, _, slots) in points {
            self.mesh.add_vertex(place);
            self.weights.push(slots);
        }
        self.marks.push(Mark {
            name: name.into(),
            points: (first..first + points.len() as u32).collect(),
            pressure: points.iter().map(|p| p.1).collect(),
            closed,
        });
    }

    /// Adds a socket.
    pub(super) fn socket(&mut self, name: &str, bone: u16, position: DVec3, direction: DVec3) {
        self.sockets.push(Socket {
            name: name.into(),
            bone,
            position,
            direction: direction.normalize_or(DVec3::Z),
        });
    }

    /// The finished model.
    pub(super) fn finish(self, size_m: f64) -> Model {
        Model {
            topology: Arc::new(Topology::new(&self.mesh.triangles)),
            mesh: self.mesh,
            skeleton: Skeleton::new(self.bones),
            weights: self.weights,
            marks: self.marks,
            sockets: self.sockets,
            size_m,
        }
    }
}

/// Bones as segments that claim the surface near them.
#[derive(Clone, Debug, Default)]
pub(super) struct Binder {
    segments: Vec<(u16, DVec3, DVec3, f64)>,
}

impl Binder {
    /// Adds a bone's segment; a larger `reach` (metres) claims more.
    pub(super) fn with(mut self, bone: u16, from: DVec3, to: DVec3, reach: f64) -> Self {
        self.segments.push((bone, from, to, reach));
        self
    }

    /// Weights at a point: each segment claims (reach / distance)⁶. A lower power would make limbs
    /// rubbery, a higher one would crease them.
    pub(super) fn at(&self, p: DVec3) -> Slots {
        let claims: Vec<(u16, f64)> = self
            .segments
            .iter()
            .map(|&(bone, a, b, reach)| {
                let near = reach / (segment_distance(p, a, b) + 1e-4);
                let cube = near * near * near;
                (bone, cube * cube)
            })
            .collect();
        slots(&claims)
    }
}

/// All of one bone.
pub(super) fn rigid(bone: u16) -> Slots {
    [(bone, 1.0), (bone, 0.0), (bone, 0.0), (bone, 0.0)]
}

/// A part that is seen from both sides.
pub(super) fn sheet_part(name: &str, slot: &str) -> Part {
    Part {
        two_sided: true,
        ..Part::new(name, slot)
    }
}
