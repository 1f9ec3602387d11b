//! Our side of the comparison with Line Art: reads a mesh that `compare.py` wrote, analyses it once,
//! then draws the strokes for each camera that a line on standard input gives.

use std::error::Error;
use std::io::BufRead;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use talos_core::{
    camera::{Camera, FilmBack, FrameSize, Lens, Projection},
    digest::Digest,
    geometry::{Mesh, Model, Part},
    image::{Visibility, rasterize_into},
    math::{DAffine3, DMat3, DQuat, DVec3},
    scene::SceneObject,
    stroke::{Anatomy, DrawOptions, Drawing, draw_prepared},
};

/// Above this dihedral an edge is a crease, on both sides of the comparison: 40°.
const CREASE_ANGLE: f64 = core::f64::consts::PI * 40.0 / 180.0;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A model and its place in the world.
struct Placed {
    id: String,
    model: Arc<Model>,
    world_from_model: DAffine3,
}

impl Placed {
    fn posed(&self) -> SceneObject {
        let pose = self.model.skeleton.rest();
        SceneObject {
            id: self.id.clone(),
            layer: "subject".into(),
            posed: Arc::new(self.model.posed(&pose, self.world_from_model)),
            model: self.model.clone(),
        }
    }
}

/// Takes little-endian numbers off the front of a file.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        let (head, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or("the mesh file ends early")?;
        self.0 = rest;
        Ok(*head)
    }

    fn index(&mut self) -> Outcome<u32> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    fn vector(&mut self) -> Outcome<DVec3> {
        Ok(DVec3::new(self.float()?, self.float()?, self.float()?))
    }

    fn float(&mut self) -> Outcome<f64> {
        Ok(f64::from_le_bytes(self.take()?))
    }

    fn placed(&mut self, number: usize) -> Outcome<Placed> {
        let (mut columns, mut rows) = ([DVec3::ZERO; 4], [[0.0; 4]; 3]);
        for value in rows.as_flattened_mut() {
            *value = self.float()?;
        }
        for (k, column) in columns.iter_mut().enumerate() {
            *column = DVec3::new(rows[0][k], rows[1][k], rows[2][k]);
        }
        let (vertices, triangles) = (self.index()?, self.index()?);
        let mut mesh = Mesh::default();
        for name in ["body", "ears"] {
            let mut part = Part::new(name, name);
            part.crease_angle = CREASE_ANGLE;
            mesh.add_part(part);
        }
        for _ in 0..vertices {
            mesh.positions.push(self.vector()?);
        }
        for _ in 0..triangles {
            mesh.triangles.push([self.index()?, self.index()?, self.index()?]);
        }
        for _ in 0..triangles {
            mesh.triangle_part.push(u16::from_le_bytes(self.take()?));
        }
        Ok(Placed {
            id: format!("suzanne_{number:03}"),
            model: Arc::new(Model::rigid(mesh, 2.0)),
            world_from_model: DAffine3 {
                matrix3: DMat3::from_cols(columns[0], columns[1], columns[2]),
                translation: columns[3],
            },
        })
    }
}

/// Focal length, sensor's width, position, quaternion (w first), as Blender states them.
fn projection(line: &str, size: FrameSize) -> Outcome<Projection> {
    let n: Vec<f64> = line
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [focal, width, x, y, z, qw, qx, qy, qz] = n[..] else {
        return Err("a camera is nine numbers".into());
    };
    let camera = Camera {
        film_back: FilmBack {
            width_mm: width,
            height_mm: width * f64::from(size.height) / f64::from(size.width),
        },
        lens: Lens {
            focal_length_mm: focal,
            ..Lens::default()
        },
        position: DVec3::new(x, y, z),
        orientation: DQuat::from_xyzw(qx, qy, qz, qw).normalize(),
    };
    Ok(camera.projection(size))
}

/// Tells two drawings apart.
fn digest(drawing: &Drawing) -> Digest {
    Digest::of_bytes(format!("{drawing:?}").as_bytes())
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, path, width, height] = &arguments[..] else {
        return Err("usage: line_art MESH WIDTH HEIGHT".into());
    };
    let size = FrameSize {
        width: width.parse()?,
        height: height.parse()?,
    };
    let file = std::fs::read(path)?;
    let mut bytes = Bytes(&file);
    let start = Instant::now();
    let placed: Vec<Placed> = (0..bytes.index()? as usize)
        .map(|number| bytes.placed(number))
        .collect::<Outcome<_>>()?;
    let models = start.elapsed().as_secs_f64();
    let anatomies: Vec<Arc<Anatomy>> = placed
        .par_iter()
        .map(|p| Arc::new(Anatomy::new(&p.model)))
        .collect();
    let prepare = start.elapsed().as_secs_f64();
    println!(r#"{{"models_s": {models}, "prepare_s": {prepare}}}"#);
    let mut last = Drawing::default();
    let mut memory = Visibility::empty();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line == "digest" {
            println!(r#"{{"digest": "{}"}}"#, digest(&last));
            continue;
        }
        let projection = projection(&line, size)?;
        let start = Instant::now();
        let objects: Vec<SceneObject> = placed.par_iter().map(Placed::posed).collect();
        let pose = start.elapsed().as_secs_f64();
        let visibility = rasterize_into(memory, &objects, &projection, size);
        let raster = start.elapsed().as_secs_f64() - pose;
        let drawing = draw_prepared(
            &objects,
            &anatomies,
            &projection,
            size,
            &visibility,
            &DrawOptions::default(),
        );
        let draw = start.elapsed().as_secs_f64() - pose - raster;
        let points: usize = drawing.strokes.iter().map(|s| s.points.len()).sum();
        println!(
            r#"{{"pose_s": {pose}, "raster_s": {raster}, "draw_s": {draw}, "strokes": {}, "points": {points}}}"#,
            drawing.strokes.len(),
        );
        last = drawing;
        memory = visibility;
    }
    Ok(())
}
