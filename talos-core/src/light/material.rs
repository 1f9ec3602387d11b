//! What a part of an object is painted with, looked up once a frame.

use std::collections::BTreeMap;

use super::noise::hash2;
use super::pattern::Windows;
use crate::digest::Digest;
use crate::geometry::Pattern;
use crate::math::{Vec2, Vec3};
use crate::palette::{PaletteBook, Ramp, linear_from_hex, treat_light};
use crate::scene::SceneObject;

/// How a part answers light.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Finish {
    /// Paint.
    Plain,
    /// Paint that gives off light of its own: lamps.
    Glowing(f32),
    /// Eyes: paint with a catch light.
    Eye,
    /// Walls with windows.
    Windows(Windows),
    /// Open water.
    Water,
    /// Two paints in patches.
    Patches(f32),
    /// Paint with darker flecks.
    Flecks(f32),
}

/// A part's paint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Material {
    pub(crate) ramp: Ramp,
    /// Second paint: the other patch, dark glass, foam.
    pub(crate) second: Ramp,
    pub(crate) finish: Finish,
    /// Subjects carry rim light.
    pub(crate) subject: bool,
    /// Cast shadows are looked up this far off the surface, metres: faces take the shade of trees, not the
    /// dirt of their own hair and lids.
    pub(crate) lift_m: f32,
    /// Thin: both sides are seen and light comes through.
    pub(crate) thin: bool,
    /// Vertex normals further than this from the face's, as a cosine, are not used: hard edges.
    pub(crate) hard_edge_cos: f32,
    pub(crate) key: u32,
}

/// Materials by object and part, and the colours of lit windows.
pub(crate) struct Materials {
    parts: Vec<Vec<Material>>,
    pub(crate) windows: Vec<Vec3>,
}

impl Materials {
    pub(crate) fn new(objects: &[SceneObject], palette: &PaletteBook) -> Self {
        let mut ramps = BTreeMap::new();
        let parts = objects
            .iter()
            .map(|object| of_object(object, palette, &mut ramps))
            .collect();
        let style = palette.style();
        let glow = |hex: &String| {
            let rgb = treat_light(linear_from_hex(hex).unwrap_or([1.0; 3]), &gentle(&style.palette));
            Vec3::new(rgb[0] as f32, rgb[1] as f32, rgb[2] as f32) * (1.75 * style.light.emissive) as f32
        };
        Self {
            parts,
            windows: style.light.window_colors.iter().map(glow).collect(),
        }
    }

    pub(crate) fn get(&self, object: usize, part: usize) -> Option<&Material> {
        self.parts.get(object)?.get(part)
    }
}

/// The treatment of lights that have a colour of their own, windows and fire: they keep most of it.
pub(crate) fn gentle(treatment: &crate::artefact::Treatment) -> crate::artefact::Treatment {
    let mut gentle = treatment.clone();
    gentle.saturation = 0.5 + 0.5 * gentle.saturation;
    gentle.harmony = None;
    gentle
}

type Ramps = BTreeMap<(String, String), Ramp>;

fn of_object(object: &SceneObject, palette: &PaletteBook, ramps: &mut Ramps) -> Vec<Material> {
    let owner = palette.owner(&object.id).to_owned();
    let mut ramp = |slot: &str| {
        *ramps
            .entry((owner.clone(), slot.to_owned()))
            .or_insert_with(|| palette.ramp(&object.id, slot))
    };
    let word = Digest::of_bytes(object.id.as_bytes()).0;
    let id_key = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
    let mesh = &object.model.mesh;
    let part = |(i, part): (usize, &crate::geometry::Part)| {
        let key = hash2(i as i32, 0, id_key);
        let slot = part.slot.as_str();
        let (finish, second) = match part.pattern {
            Pattern::Windows {
                cell_m,
                share,
                lit,
                key,
            } => (Finish::Windows(windows(cell_m, share, lit, key)), "window_dark"),
            Pattern::Water => (Finish::Water, "foam"),
            Pattern::Patches { scale_m } => (Finish::Patches(scale_m as f32), "ground_patch"),
            Pattern::Flecks { scale_m } => (Finish::Flecks(scale_m as f32), slot),
            _ => (by_slot(slot), slot),
        };
        Material {
            ramp: ramp(slot),
            second: ramp(second),
            finish,
            subject: object.layer == "subject",
            lift_m: if FACE.contains(&slot) { 0.16 } else { 0.0 },
            thin: part.two_sided,
            hard_edge_cos: hard_edge_cos(part.crease_angle),
            key,
        }
    };
    mesh.parts.iter().enumerate().map(part).collect()
}

/// Slots of a face.
const FACE: [&str; 6] = ["skin", "eye", "eye_white", "iris", "pupil", "mouth"];

fn by_slot(slot: &str) -> Finish {
    match slot {
        "lamp" | "window_lit" => Finish::Glowing(1.0),
        "eye" | "eye_white" | "iris" | "pupil" => Finish::Eye,
        _ => Finish::Plain,
    }
}

fn windows(cell_m: [f64; 2], share: [f64; 2], lit: f64, key: u32) -> Windows {
    let size = |x: f64| x.max(0.05) as f32;
    let part = |x: f64| x.clamp(0.01, 0.99) as f32;
    Windows {
        cell_m: Vec2::new(size(cell_m[0]), size(cell_m[1])),
        share: Vec2::new(part(share[0]), part(share[1])),
        lit: lit.clamp(0.0, 1.0) as f32,
        key,
    }
}

/// Half of the crease angle, as a cosine: a vertex shared by two faces that meet at the angle has a normal
/// half-way between theirs. −2 for parts without creases: vertex normals are always used.
fn hard_edge_cos(crease_angle: f64) -> f32 {
    if crease_angle >= 3.0 {
        -2.0
    } else {
        crate::math::scalar::cos(crease_angle * 0.5) as f32
    }
}
