//! Vertex normals evened out over a surface, for tones that follow the form.
//!
//! Tones cut light in two at a line. Where triangles are large against the bend of a limb, the vertices'
//! normals err by a share of the angle between neighbours, and the line runs in teeth along the mesh. Each
//! pass moves a normal half-way to the mean of its neighbours' (Taubin 1995 smooths positions so); what
//! differs from vertex to vertex goes, what is wider than some vertices stays.

use crate::math::DVec3;

/// Passes. Their reach is the root of their number in vertices, three: an animal's limb has six to twelve around, and
/// its form goes around with the normals of its rings; what goes is what differs from ring to ring.
const PASSES: usize = 10;

/// Neighbours whose normals stand further apart than this, as a cosine, are two sides of an edge of the form,
/// of an ear or a fin: they keep apart.
const EDGE_COS: f64 = 0.35;

/// Evened unit normals of a mesh.
pub(crate) fn evened(normals: &[DVec3], triangles: &[[u32; 3]]) -> Vec<DVec3> {
    let mut now = normals.to_vec();
    for _ in 0..PASSES {
        now = pass(&now, triangles);
    }
    now
}

fn pass(normals: &[DVec3], triangles: &[[u32; 3]]) -> Vec<DVec3> {
    let mut sums = vec![(DVec3::ZERO, 0.0); normals.len()];
    for corners in triangles {
        for (k, &corner) in corners.iter().enumerate() {
            let (a, b) = (corner as usize, corners[(k + 1) % 3] as usize);
            if normals[a].dot(normals[b]) > EDGE_COS {
                // an inner edge is met from both of its triangles: every neighbour counts alike
                sums[a].0 += normals[b];
                sums[a].1 += 1.0;
                sums[b].0 += normals[a];
                sums[b].1 += 1.0;
            }
        }
    }
    let mixed = |(own, (sum, count)): (&DVec3, (DVec3, f64))| {
        if count > 0.0 {
            (*own + sum / count).normalize_or(*own)
        } else {
            *own
        }
    };
    normals.iter().zip(sums).map(mixed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::scalar;
    use crate::random::Seed;

    /// A tube along y with normals that err by up to `error` to each side.
    fn tube(around: u32, error: f64) -> (Vec<DVec3>, Vec<[u32; 3]>) {
        let draw = Seed(1).stream("even/tube");
        let rows = 64_u32;
        let normal = |n: u32| {
            let angle = scalar::TAU * f64::from(n % around) / f64::from(around);
            let (s, c) = scalar::sin_cos(angle + draw.item(u64::from(n)).range(0, -error, error));
            DVec3::new(c, 0.0, s)
        };
        let at = |row: u32, k: u32| row * around + k % around;
        let mut triangles = Vec::new();
        for row in 0..rows - 1 {
            for k in 0..around {
                let [a, b, c, d] = [at(row, k), at(row, k + 1), at(row + 1, k + 1), at(row + 1, k)];
                triangles.extend([[a, c, b], [a, d, c]]);
            }
        }
        ((0..rows * around).map(normal).collect(), triangles)
    }

    /// Root of the mean square of what lies between normals and a round tube's, beyond reach of its open ends.
    fn error(normals: &[DVec3], around: u32) -> f64 {
        let (exact, _) = tube(around, 0.0);
        let middle = 24 * around as usize..40 * around as usize;
        let squares: Vec<f64> = middle.map(|n| (normals[n] - exact[n]).length_squared()).collect();
        (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
    }

    #[test]
    fn teeth_go_and_the_form_stays() {
        let (rough, triangles) = tube(16, 0.25);
        let even = evened(&rough, &triangles);
        let (before, after) = (error(&rough, 16), error(&even, 16));
        assert!(after < 0.6 * before, "{before} {after}");
        let (round, triangles) = tube(16, 0.0);
        assert!(error(&evened(&round, &triangles), 16) < 1e-9);
    }

    #[test]
    fn edges_and_lone_vertices_keep_their_normals() {
        let normals = [DVec3::Y, DVec3::X, DVec3::Z, DVec3::NEG_Y];
        assert_eq!(evened(&normals, &[[0, 1, 2]]), normals);
    }
}
