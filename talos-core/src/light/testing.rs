//! Small scenes for the tests of light.

use std::sync::Arc;

use crate::artefact::{
    AspectSource, CastMember, CutSpec, EmotionPlan, GroundCover, Place, PlaceKind, Status, SubjectKind,
    TimeOfDay, Weather,
};
use crate::camera::{Camera, FilmBack, FrameSize, Lens, Projection};
use crate::geometry::{Mesh, Model, Part, Pattern, PosedModel, polygonize, vertex_normals};
use crate::math::{DVec2, DVec3};
use crate::scene::SceneObject;

pub(crate) fn object(id: &str, layer: &str, mesh: Mesh) -> SceneObject {
    let positions = mesh.positions.clone();
    let normals = vertex_normals(&positions, &mesh.triangles);
    SceneObject {
        id: id.into(),
        layer: layer.into(),
        model: Arc::new(Model::rigid(mesh, 1.0)),
        posed: Arc::new(PosedModel::new(positions, normals, Vec::new())),
    }
}

/// A horizontal square facing up.
pub(crate) fn slab(id: &str, layer: &str, centre: DVec3, half: f64, slot: &str) -> SceneObject {
    let mut mesh = Mesh::default();
    let part = mesh.add_part(Part::new("top", slot));
    quad(
        &mut mesh,
        part,
        [
            centre + DVec3::new(-half, 0.0, half),
            centre + DVec3::new(half, 0.0, half),
            centre + DVec3::new(half, 0.0, -half),
            centre + DVec3::new(-half, 0.0, -half),
        ],
    );
    object(id, layer, mesh)
}

pub(crate) fn quad(mesh: &mut Mesh, part: u16, corners: [DVec3; 4]) {
    let along = (corners[1] - corners[0]).length();
    let up = (corners[3] - corners[0]).length();
    let first = mesh.positions.len() as u32;
    for (corner, uv) in corners
        .into_iter()
        .zip([(0.0, 0.0), (along, 0.0), (along, up), (0.0, up)])
    {
        mesh.add_vertex(corner);
        mesh.uv.push(DVec2::new(uv.0, uv.1));
    }
    mesh.add_quad(part, [first, first + 1, first + 2, first + 3]);
}

pub(crate) fn ball(id: &str, centre: DVec3, radius: f64, slot: &str) -> SceneObject {
    let solid = |p: DVec3| (p - centre).length() - radius;
    let reach = DVec3::splat(radius * 1.3);
    let (positions, triangles) = polygonize(&solid, centre - reach, centre + reach, radius * 0.15);
    let mut mesh = Mesh {
        positions,
        ..Mesh::default()
    };
    let part = mesh.add_part(Part::new("ball", slot));
    for t in triangles {
        mesh.add_triangle(part, t);
    }
    object(id, "subject", mesh)
}

/// A box with windows on its walls.
pub(crate) fn tower(id: &str, low: DVec3, size: DVec3, pattern: Pattern) -> SceneObject {
    let mut mesh = Mesh::default();
    let wall = mesh.add_part(Part {
        pattern,
        crease_angle: 0.5,
        ..Part::new("wall", "building")
    });
    let roof = mesh.add_part(Part {
        crease_angle: 0.5,
        ..Part::new("roof", "roof")
    });
    let at = |x: f64, y: f64, z: f64| low + size * DVec3::new(x, y, z);
    for [a, b] in [
        [(0.0, 1.0), (1.0, 1.0)],
        [(1.0, 1.0), (1.0, 0.0)],
        [(1.0, 0.0), (0.0, 0.0)],
        [(0.0, 0.0), (0.0, 1.0)],
    ] {
        quad(
            &mut mesh,
            wall,
            [
                at(a.0, 0.0, a.1),
                at(b.0, 0.0, b.1),
                at(b.0, 1.0, b.1),
                at(a.0, 1.0, a.1),
            ],
        );
    }
    quad(
        &mut mesh,
        roof,
        [
            at(0.0, 1.0, 1.0),
            at(1.0, 1.0, 1.0),
            at(1.0, 1.0, 0.0),
            at(0.0, 1.0, 0.0),
        ],
    );
    object(id, "background", mesh)
}

pub(crate) fn view(size: FrameSize, eye: DVec3, target: DVec3) -> Projection {
    let camera = Camera {
        film_back: FilmBack::full_frame(size),
        lens: Lens::default(),
        position: eye,
        orientation: Camera::looking(eye, target, 0.0),
    };
    camera.projection(size)
}

pub(crate) fn place(kind: PlaceKind, time_of_day: TimeOfDay, weather: Weather) -> Place {
    Place {
        kind,
        above: false,
        ground_cover: GroundCover::Bare,
        time_of_day,
        weather,
    }
}

pub(crate) fn member(id: &str, kind: SubjectKind, body: &str) -> CastMember {
    CastMember {
        id: id.into(),
        kind,
        variant: String::new(),
        asset: String::new(),
        colors: [("body".to_owned(), body.to_owned())].into(),
        scale: 1.0,
        group: String::new(),
    }
}

pub(crate) fn spec(place: Place, cast: Vec<CastMember>) -> CutSpec {
    CutSpec {
        schema: "cut_spec/1".into(),
        engine_version: String::new(),
        prompt: String::new(),
        seed: "1".into(),
        status: Status::Passed,
        frame_size: FrameSize {
            width: 1920,
            height: 1080,
        },
        aspect_source: AspectSource::Default,
        frame_rate: "24/1".into(),
        frame_count: 24,
        style: "ghibli".into(),
        place,
        cast,
        actions: Vec::new(),
        emotion: EmotionPlan {
            names: Vec::new(),
            arc: None,
            keys: Vec::new(),
        },
        cuts: Vec::new(),
        findings: Vec::new(),
    }
}
