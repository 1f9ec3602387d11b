//! What is orbited: a torus, the dragon, and a character that comes from a glTF file; each also finer.

use std::sync::Arc;

use serde_json::json;
use talos_core::{
    format::read_glb,
    geometry::{Mesh, Model, Part, Pose, Shape, Topology, polygonize, vertex_normals},
    math::{DAffine3, DVec3},
    scene::{SceneObject, subject::dragon},
};

/// A torus of radii 1 and 0.35 m.
pub(crate) fn torus(cell_m: f64) -> Arc<Model> {
    let distance = |p: DVec3| {
        let ring = (p.x * p.x + p.z * p.z).sqrt() - 1.0;
        (ring * ring + p.y * p.y).sqrt() - 0.35
    };
    let (positions, triangles) = polygonize(&distance, DVec3::splat(-1.5), DVec3::splat(1.5), cell_m);
    let mesh = Mesh {
        positions,
        uv: vec![],
        triangle_part: vec![0; triangles.len()],
        triangles,
        parts: vec![Part::new("ring", "body")],
    };
    Arc::new(Model::rigid(mesh, 2.7))
}

/// The dragon as it is built.
pub(crate) fn dragon() -> Arc<Model> {
    dragon::build(&dragon::DragonParams::default()).model
}

/// A character with four times the cells of `cell_m` when it is halved, written as a skinned .glb and read back.
pub(crate) fn character(cell_m: f64) -> Arc<Model> {
    let v = DVec3::new;
    let mut shape = Shape::default()
        .tube(
            &[
                (v(0.0, 0.85, 0.0), 0.17),
                (v(0.0, 1.1, 0.0), 0.15),
                (v(0.0, 1.35, 0.0), 0.18),
            ],
            0.05,
        )
        .tube(&[(v(0.0, 1.45, 0.0), 0.07), (v(0.0, 1.58, 0.02), 0.07)], 0.03)
        .tube(&[(v(0.0, 1.68, 0.02), 0.13), (v(0.0, 1.76, 0.0), 0.13)], 0.03);
    for side in [-1.0, 1.0] {
        shape = shape
            .tube(
                &[
                    (v(0.2 * side, 1.38, 0.0), 0.08),
                    (v(0.45 * side, 1.1, 0.03), 0.06),
                    (v(0.6 * side, 0.85, 0.15), 0.05),
                ],
                0.05,
            )
            .tube(
                &[
                    (v(0.1 * side, 0.8, 0.0), 0.11),
                    (v(0.13 * side, 0.45, 0.03), 0.08),
                    (v(0.14 * side, 0.08, 0.0), 0.06),
                    (v(0.15 * side, 0.05, 0.16), 0.05),
                ],
                0.05,
            );
    }
    let (positions, triangles) = polygonize(&shape, v(-0.8, -0.1, -0.4), v(0.8, 2.0, 0.5), cell_m);
    let bytes = skinned_glb(&positions, &triangles);
    Arc::new(read_glb(&bytes, "character.glb").expect("a good file").model)
}

/// A .glb of a mesh on two joints, the upper one from 1.1 m upwards.
fn skinned_glb(positions: &[DVec3], triangles: &[[u32; 3]]) -> Vec<u8> {
    let mut bin: Vec<u8> = Vec::new();
    let mut views = Vec::new();
    let mut view = |bin: &mut Vec<u8>, bytes: Vec<u8>| {
        views.push(json!({"buffer": 0, "byteOffset": bin.len(), "byteLength": bytes.len()}));
        bin.extend(bytes);
        bin.resize(bin.len().next_multiple_of(4), 0);
    };
    let floats = |values: &mut dyn Iterator<Item = f64>| -> Vec<u8> {
        values.flat_map(|x| (x as f32).to_le_bytes()).collect()
    };
    view(&mut bin, floats(&mut positions.iter().flat_map(|p| p.to_array())));
    let upper = |p: &DVec3| ((p.y - 1.0) / 0.2).clamp(0.0, 1.0);
    view(
        &mut bin,
        floats(
            &mut positions
                .iter()
                .flat_map(|p| [1.0 - upper(p), upper(p), 0.0, 0.0]),
        ),
    );
    view(&mut bin, [0_u8, 1, 0, 0].repeat(positions.len()));
    view(
        &mut bin,
        triangles.iter().flatten().flat_map(|i| i.to_le_bytes()).collect(),
    );
    let mut inverse = [[0.0; 16]; 2];
    for matrix in &mut inverse {
        (0..4).for_each(|i| matrix[i * 5] = 1.0);
    }
    inverse[1][13] = -1.1;
    view(&mut bin, floats(&mut inverse.into_iter().flatten()));
    let bound = |f: fn(DVec3, DVec3) -> DVec3| {
        let corner = positions.iter().copied().reduce(f).unwrap_or_default();
        corner.to_array().map(|x| x as f32)
    };
    let (count, corners) = (positions.len(), triangles.len() * 3);
    let root = json!({
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [2, 0]}],
        "nodes": [
            {"name": "hip", "children": [1]},
            {"name": "chest", "translation": [0.0, 1.1, 0.0]},
            {"name": "body", "mesh": 0, "skin": 0},
        ],
        "skins": [{"joints": [0, 1], "inverseBindMatrices": 4}],
        "materials": [{"name": "skin", "pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.6, 0.5, 1.0]}}],
        "meshes": [{"name": "body", "primitives": [{"attributes":
            {"POSITION": 0, "WEIGHTS_0": 1, "JOINTS_0": 2}, "indices": 3, "material": 0}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": count, "type": "VEC3",
             "min": bound(DVec3::min), "max": bound(DVec3::max)},
            {"bufferView": 1, "componentType": 5126, "count": count, "type": "VEC4"},
            {"bufferView": 2, "componentType": 5121, "count": count, "type": "VEC4"},
            {"bufferView": 3, "componentType": 5125, "count": corners, "type": "SCALAR"},
            {"bufferView": 4, "componentType": 5126, "count": 2, "type": "MAT4"},
        ],
        "buffers": [{"byteLength": bin.len()}],
        "bufferViews": views,
    });
    let mut text = root.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let mut out = b"glTF".to_vec();
    let length = 12 + 8 + text.len() + 8 + bin.len();
    for word in [2, length as u32, text.len() as u32] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(b"JSON");
    out.extend_from_slice(&text);
    out.extend_from_slice(&(bin.len() as u32).to_le_bytes());
    out.extend_from_slice(b"BIN\0");
    out.extend_from_slice(&bin);
    out
}

/// Every triangle as four, the new corners lifted onto the curved surface that the normals tell of.
pub(crate) fn finer(model: &Model) -> Arc<Model> {
    let mesh = &model.mesh;
    let normals = vertex_normals(&mesh.positions, &mesh.triangles);
    let mut fine = Mesh {
        triangles: Vec::new(),
        triangle_part: Vec::new(),
        uv: Vec::new(),
        ..mesh.clone()
    };
    let mut middles = std::collections::BTreeMap::new();
    let mut weights = model.weights.clone();
    for (corners, &part) in mesh.triangles.iter().zip(&mesh.triangle_part) {
        let sides = [0, 1, 2].map(|k| {
            let (a, b) = (corners[k], corners[(k + 1) % 3]);
            *middles.entry((a.min(b), a.max(b))).or_insert_with(|| {
                weights.push(model.weights[a as usize]);
                fine.add_vertex(middle(mesh, &normals, a as usize, b as usize))
            })
        });
        let [a, b, c] = *corners;
        let [ab, bc, ca] = sides;
        for triangle in [[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]] {
            fine.add_triangle(part, triangle);
        }
    }
    Arc::new(Model {
        topology: Arc::new(Topology::new(&fine.triangles)),
        mesh: fine,
        weights,
        ..model.clone()
    })
}

/// The middle of a side, halfway to its projections on the tangent planes of both ends; straight where
/// these are folded.
fn middle(mesh: &Mesh, normals: &[DVec3], a: usize, b: usize) -> DVec3 {
    let straight = (mesh.positions[a] + mesh.positions[b]) * 0.5;
    if normals[a].dot(normals[b]) < 0.7 {
        return straight;
    }
    let lift = |i: usize| normals[i] * normals[i].dot(mesh.positions[i] - straight);
    straight + (lift(a) + lift(b)) * 0.5
}

/// A model at rest in the middle of the stage.
pub(crate) fn standing(model: &Arc<Model>) -> SceneObject {
    let pose = Pose(model.skeleton.rest().0);
    SceneObject {
        id: "hero".into(),
        layer: "subject".into(),
        posed: Arc::new(model.posed(&pose, DAffine3::IDENTITY)),
        model: Arc::clone(model),
    }
}
