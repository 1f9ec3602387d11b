//! Putting a model together: bones, weighted pieces of mesh, marks and sockets.

use std::sync::Arc;

use crate::geometry::{Bone, Implicit, Mark, Mesh, Model, Part, Skeleton, Socket, Topology};
use crate::math::{DAffine3, DVec3, scalar};

/// Up to four bones with weights that add to 1.
pub type Influence = [(u16, f64); 4];

/// Positions and triangles that are not yet part of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// Positions in metres, model space.
    pub positions: Vec<DVec3>,
    /// Counter-clockwise triangles seen from outside.
    pub triangles: Vec<[u32; 3]>,
}

impl Patch {
    /// Appends another patch without joining them.
    pub fn append(&mut self, other: &Self) {
        let first = self.positions.len() as u32;
        self.positions.extend_from_slice(&other.positions);
        self.triangles
            .extend(other.triangles.iter().map(|t| t.map(|v| v + first)));
    }

    /// The patch moved.
    #[must_use]
    pub fn moved(mut self, by: DAffine3) -> Self {
        for p in &mut self.positions {
            *p = by.transform_point3(*p);
        }
        self
    }

    /// The patch mirrored in the plane x = 0, still facing outward.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self {
            positions: self.positions.iter().map(|&p| mirror(p)).collect(),
            triangles: self.triangles.iter().map(|&[a, b, c]| [a, c, b]).collect(),
        }
    }
}

/// A sheet of quads through `point(along, across)`, both from 0 to 1; vertices column by column.
#[must_use]
pub fn sheet(columns: u32, rows: u32, point: impl Fn(f64, f64) -> DVec3) -> Patch {
    let mut patch = Patch::default();
    for j in 0..=columns {
        for i in 0..=rows {
            let (along, across) = (f64::from(j) / f64::from(columns), f64::from(i) / f64::from(rows));
            patch.positions.push(point(along, across));
        }
    }
    let at = |i: u32, j: u32| j * (rows + 1) + i;
    for j in 0..columns {
        for i in 0..rows {
            let [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
            patch.triangles.extend([[a, b, c], [a, c, d]]);
        }
    }
    patch
}

/// A point on the other side of the plane x = 0.
#[must_use]
pub fn mirror(p: DVec3) -> DVec3 {
    DVec3::new(-p.x, p.y, p.z)
}

/// The four strongest of some bones, equal ones merged, scaled to add to 1.
///
/// Falls back to the first bone named when every weight is zero; bone 0 when none is named.
#[must_use]
pub fn influence(contributions: &[(u16, f64)]) -> Influence {
    let mut merged: Vec<(u16, f64)> = Vec::with_capacity(contributions.len());
    for &(bone, weight) in contributions {
        match merged.iter_mut().find(|m| m.0 == bone) {
            Some(slot) => slot.1 += weight.max(0.0),
            None => merged.push((bone, weight.max(0.0))),
        }
    }
    merged.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    merged.truncate(4);
    let sum: f64 = merged.iter().map(|m| m.1).sum();
    if sum < 1e-12 {
        let bone = contributions.first().map_or(0, |c| c.0);
        return [(bone, 1.0), (0, 0.0), (0, 0.0), (0, 0.0)];
    }
    let mut result = [(0, 0.0); 4];
    for (slot, (bone, weight)) in result.iter_mut().zip(merged) {
        *slot = (bone, weight / sum);
    }
    result
}

/// A bone alone.
#[must_use]
pub fn rigid(bone: u16) -> Influence {
    influence(&[(bone, 1.0)])
}

/// A model being made. Bones are axis-aligned at rest: a bone turns about the model's axes.
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    mesh: Mesh,
    weights: Vec<Influence>,
    bones: Vec<Bone>,
    heads: Vec<DVec3>,
    marks: Vec<Mark>,
    sockets: Vec<Socket>,
}

impl Assembly {
    /// Adds a bone whose joint is at `head` in model space at rest.
    pub fn bone(&mut self, name: impl Into<String>, parent: Option<u16>, head: DVec3) -> u16 {
        let origin = parent.map_or(DVec3::ZERO, |p| self.heads[usize::from(p)]);
        self.bones.push(Bone {
            name: name.into(),
            parent,
            parent_from_bone: DAffine3::from_translation(head - origin),
        });
        self.heads.push(head);
        (self.bones.len() - 1) as u16
    }

    /// Adds bones along a line, each the child of the one before, named `<name>.1`, `<name>.2`, …
    pub fn chain(&mut self, name: &str, parent: u16, heads: &[DVec3]) -> Vec<u16> {
        let mut parent = parent;
        let mut result = Vec::with_capacity(heads.len());
        for (index, &head) in heads.iter().enumerate() {
            parent = self.bone(format!("{name}.{}", index + 1), Some(parent), head);
            result.push(parent);
        }
        result
    }

    /// Where a bone's joint is at rest.
    #[must_use]
    pub fn head(&self, bone: u16) -> DVec3 {
        self.heads[usize::from(bone)]
    }

    /// Adds a part, or finds the one that has this name.
    pub fn part(&mut self, part: Part) -> u16 {
        match self.mesh.parts.iter().position(|p| p.name == part.name) {
            Some(index) => index as u16,
            None => self.mesh.add_part(part),
        }
    }

    /// Adds a patch to a part, weighted point by point.
    pub fn add(&mut self, part: u16, patch: &Patch, weigh: impl Fn(DVec3) -> Influence) {
        let weights: Vec<Influence> = patch.positions.iter().map(|&p| weigh(p)).collect();
        self.add_weighted(|_| part, patch, &weights);
    }

    /// Adds a patch with given weights; `part_of` names the part of each triangle.
    pub fn add_weighted(&mut self, part_of: impl Fn(usize) -> u16, patch: &Patch, weights: &[Influence]) {
        let first = self.mesh.positions.len() as u32;
        self.mesh.positions.extend_from_slice(&patch.positions);
        self.weights.extend_from_slice(weights);
        for (index, triangle) in patch.triangles.iter().enumerate() {
            self.mesh
                .add_triangle(part_of(index), triangle.map(|v| v + first));
        }
    }

    /// Adds an authored line through free vertices; its pressure swells to the middle and ends at `ends`.
    pub fn mark(
        &mut self,
        name: impl Into<String>,
        points: &[DVec3],
        ends: f64,
        weigh: impl Fn(DVec3) -> Influence,
    ) {
        let first = self.mesh.positions.len() as u32;
        let last = points.len().saturating_sub(1).max(1) as f64;
        self.mesh.positions.extend_from_slice(points);
        self.weights.extend(points.iter().map(|&p| weigh(p)));
        self.marks.push(Mark {
            name: name.into(),
            points: (0..points.len() as u32).map(|i| first + i).collect(),
            pressure: (0..points.len())
                .map(|i| {
                    let t = i as f64 / last;
                    scalar::lerp(ends, 1.0, (4.0 * t * (1.0 - t)).sqrt())
                })
                .collect(),
            closed: false,
        });
    }

    /// Adds an attachment place.
    pub fn socket(&mut self, name: &str, bone: u16, position: DVec3, direction: DVec3) {
        self.sockets.push(Socket {
            name: name.into(),
            bone,
            position,
            direction: direction.normalize_or(DVec3::Z),
        });
    }

    /// The finished model.
    #[must_use]
    pub fn finish(self, size_m: f64) -> Model {
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

/// The point where a ray from inside a solid leaves it, and no further than `reach` metres.
#[must_use]
pub fn leave(solid: &dyn Implicit, from: DVec3, direction: DVec3, reach: f64) -> DVec3 {
    let direction = direction.normalize_or(DVec3::Y);
    let steps = 64;
    let mut low = 0.0;
    for i in 1..=steps {
        let high = reach * f64::from(i) / f64::from(steps);
        if solid.distance(from + direction * high) > 0.0 {
            return from + direction * bisect(solid, from, direction, low, high);
        }
        low = high;
    }
    from + direction * reach
}

/// Where the distance along a ray changes sign between two lengths.
fn bisect(solid: &dyn Implicit, from: DVec3, direction: DVec3, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..24 {
        let middle = 0.5 * (low + high);
        if solid.distance(from + direction * middle) > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn influences_merge_and_add_to_one() {
        let mixed = influence(&[(3, 1.0), (5, 0.5), (3, 1.0), (1, 0.2), (2, 0.1), (9, 0.05)]);
        assert_eq!(mixed[0].0, 3);
        assert!((mixed.iter().map(|m| m.1).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(mixed.iter().all(|m| m.0 != 9), "the weakest goes");
        assert_eq!(influence(&[(4, 0.0)])[0], (4, 1.0));
        assert_eq!(influence(&[(4, -1.0), (2, 1.0)])[0], (2, 1.0));
        assert_eq!(influence(&[])[0], (0, 1.0));
    }

    #[test]
    fn a_ray_leaves_a_ball_on_its_surface() {
        let ball = |p: DVec3| p.length() - 0.7;
        let p = leave(&ball, DVec3::new(0.1, 0.0, 0.0), DVec3::X, 2.0);
        assert!((p.x - 0.7).abs() < 1e-6);
        let inside = leave(&ball, DVec3::ZERO, DVec3::X, 0.3);
        assert!((inside.x - 0.3).abs() < 1e-12, "never further than its reach");
    }
}
