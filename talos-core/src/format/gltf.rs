//! glTF 2.0 files as models: skinned, animated, in the project's own terms.
//!
//! Read from one slice; no other file is opened. glTF's axes are the project's (right-handed,
//! Y up, metres, facing +Z). The model stands on the ground, centred, whatever its origin in the
//! file. Every node of the scene becomes a bone, so rigid parts that move and skins are one.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::gltf::accessor::Dimensions;
use ::gltf::mesh::Mode;
use ::gltf::{Node, Primitive, Semantic};

use super::gltf_data::{File, GltfError};
use super::gltf_rig::{ClipRig, Trs};
use crate::geometry::{Bone, Mesh, Model, Part, Skeleton, Topology, Weights};
use crate::math::{DAffine3, DMat4, DQuat, DVec3};

/// The colour a file gives to a palette slot.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotColour {
    /// The slot: the material's name.
    pub slot: String,
    /// Base colour factor, linear Rec.709 with straight alpha.
    pub colour: [f32; 4],
}

/// What a glTF file holds.
#[derive(Clone, Debug)]
pub struct ImportedModel {
    /// Mesh, skeleton, weights.
    pub model: Model,
    /// Its animations; without any, the file's own pose.
    pub rig: Arc<ClipRig>,
    /// One for each material used, in the order of first use.
    pub colours: Vec<SlotColour>,
    /// What the file holds that is not shown, for people to read.
    pub notes: Vec<String>,
}

/// Most bones: weights name them with 16 bits.
const MAX_BONES: usize = 60_000;

/// A corner's bones with their weights, the heaviest first.
type Slots = [(u16, f64); 4];

/// Reads a `.glb`, or a `.gltf` whose buffers are embedded. `name` appears in messages.
///
/// # Errors
/// [`GltfError`] says what is wrong, where, and how to mend it.
pub fn read_glb(bytes: &[u8], name: &str) -> Result<ImportedModel, GltfError> {
    let file = File::read(bytes, name)?;
    let bones = Bones::new(&file)?;
    let mut builder = Builder::new(&file, &bones);
    for (bone, node) in bones.nodes.iter().enumerate() {
        builder.add_node(bone + 1, node)?;
    }
    builder.finish()
}

/// The scene's nodes in parent-before-child order. Bone 0 is the root that stands the model on the
/// ground; node `n` of the list is bone `n + 1`.
struct Bones<'a> {
    nodes: Vec<Node<'a>>,
    parents: Vec<usize>,
    /// By node index of the file.
    bone_of_node: Vec<Option<usize>>,
    /// Transforms of the file's own pose; the root's is the identity.
    locals: Vec<Trs>,
    /// File space from bone space at bind.
    binds: Vec<DAffine3>,
}

impl<'a> Bones<'a> {
    fn new(file: &'a File) -> Result<Self, GltfError> {
        let mut bones = Self {
            nodes: Vec::new(),
            parents: vec![0],
            bone_of_node: vec![None; file.document.nodes().count()],
            locals: vec![Trs {
                translation: DVec3::ZERO,
                rotation: DQuat::IDENTITY,
                scale: DVec3::ONE,
            }],
            binds: vec![DAffine3::IDENTITY],
        };
        let scene = file
            .document
            .default_scene()
            .or_else(|| file.document.scenes().next());
        let empty = || GltfError::Empty {
            name: file.name.clone(),
        };
        let mut queue: Vec<(Node<'a>, usize)> =
            scene.ok_or_else(empty)?.nodes().map(|node| (node, 0)).collect();
        let mut next = 0;
        while next < queue.len() {
            let (node, parent) = queue[next].clone();
            next += 1;
            let bone = bones.add(file, node.clone(), parent)?;
            queue.extend(node.children().map(|child| (child, bone)));
        }
        bones.bind(file)?;
        Ok(bones)
    }

    fn add(&mut self, file: &File, node: Node<'a>, parent: usize) -> Result<usize, GltfError> {
        let place = || format!("nodes[{}]", node.index());
        let bone = self.locals.len();
        if self.bone_of_node[node.index()].replace(bone).is_some() {
            return Err(file.broken(place(), "has two parents, or is its own ancestor"));
        }
        if bone > MAX_BONES {
            return Err(file.broken(place(), "more nodes than a skeleton may have; join meshes"));
        }
        let local = local(&node).ok_or_else(|| file.broken(place(), "its transform is not finite"))?;
        self.binds.push(self.binds[parent] * local.affine());
        self.locals.push(local);
        self.parents.push(parent);
        self.nodes.push(node);
        Ok(bone)
    }

    /// Joints bind where their skin says; where two skins share a joint, as the first says.
    fn bind(&mut self, file: &File) -> Result<(), GltfError> {
        let mut bound = vec![false; self.binds.len()];
        for skin in file.document.skins() {
            let matrices: Vec<[f32; 16]> = match skin.inverse_bind_matrices() {
                Some(accessor) => file.floats(&accessor, Dimensions::Mat4)?,
                None => vec![DMat4::IDENTITY.as_mat4().to_cols_array(); skin.joints().count()],
            };
            for (joint, matrix) in skin.joints().zip(matrices) {
                let bone = self.bone_of_node[joint.index()];
                if let Some(bone) = bone.filter(|&b| !bound[b]) {
                    let place = || format!("skins[{}].inverseBindMatrices", skin.index());
                    let inverse = DAffine3::from_mat4(DMat4::from_cols_array(&matrix.map(f64::from)));
                    self.binds[bone] = inverted(&inverse)
                        .ok_or_else(|| file.broken(place(), "holds a matrix without inverse"))?;
                    bound[bone] = true;
                }
            }
        }
        Ok(())
    }

    /// Skeleton whose rest is the bind pose, moved by `offset`.
    fn skeleton(&self, file: &File, offset: DVec3) -> Result<Skeleton, GltfError> {
        let mut names = BTreeMap::new();
        let mut bones = vec![Bone {
            name: "root".into(),
            parent: None,
            parent_from_bone: DAffine3::from_translation(offset),
        }];
        let mut inverse = vec![DAffine3::from_translation(-offset)];
        names.insert("root".to_owned(), ());
        for (n, node) in self.nodes.iter().enumerate() {
            let (bone, parent) = (n + 1, self.parents[n + 1]);
            let own = node
                .name()
                .map_or_else(|| format!("node_{}", node.index()), str::to_owned);
            let taken = names.insert(own.clone(), ()).is_some();
            let name = if taken {
                format!("{own}#{}", node.index())
            } else {
                own
            };
            let bad = || file.broken(format!("nodes[{}]", node.index()), "is scaled to nothing");
            let parent_inverse = inverted(&self.binds[parent]).ok_or_else(bad)?;
            inverse.push(inverted(&self.binds[bone]).ok_or_else(bad)? * DAffine3::from_translation(-offset));
            bones.push(Bone {
                name,
                parent: Some(parent as u16),
                parent_from_bone: parent_inverse * self.binds[bone],
            });
        }
        Ok(Skeleton::with_bind(bones, inverse))
    }
}

/// The inverse, where there is one.
fn inverted(affine: &DAffine3) -> Option<DAffine3> {
    let inverse = affine.inverse();
    (affine.matrix3.determinant().abs() > 1e-18 && inverse.is_finite()).then_some(inverse)
}

fn local(node: &Node<'_>) -> Option<Trs> {
    let (translation, rotation, scale) = match node.transform() {
        ::gltf::scene::Transform::Decomposed {
            translation,
            rotation,
            scale,
        } => (
            DVec3::from_array(translation.map(f64::from)),
            DQuat::from_array(rotation.map(f64::from)),
            DVec3::from_array(scale.map(f64::from)),
        ),
        ::gltf::scene::Transform::Matrix { matrix } => {
            let columns = matrix.map(|column| column.map(f64::from));
            let (scale, rotation, translation) =
                DAffine3::from_mat4(DMat4::from_cols_array_2d(&columns)).to_scale_rotation_translation();
            (translation, rotation, scale)
        }
    };
    let rotation = if rotation.length_squared() > 1e-12 {
        rotation.normalize()
    } else {
        DQuat::IDENTITY
    };
    (translation.is_finite() && rotation.is_finite() && scale.is_finite()).then_some(Trs {
        translation,
        rotation,
        scale,
    })
}

/// Collects meshes.
struct Builder<'a> {
    file: &'a File,
    bones: &'a Bones<'a>,
    mesh: Mesh,
    weights: Weights,
    colours: Vec<SlotColour>,
    notes: Vec<String>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a File, bones: &'a Bones<'a>) -> Self {
        Self {
            file,
            bones,
            mesh: Mesh::default(),
            weights: Weights::new(),
            colours: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn note(&mut self, text: String) {
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    fn add_node(&mut self, bone: usize, node: &Node<'a>) -> Result<(), GltfError> {
        let Some(mesh) = node.mesh() else {
            return Ok(());
        };
        for primitive in mesh.primitives() {
            let own = mesh
                .name()
                .map_or_else(|| format!("mesh_{}", mesh.index()), str::to_owned);
            let place = format!("meshes[{}].primitives[{}]", mesh.index(), primitive.index());
            if primitive.morph_targets().len() > 0 {
                self.note(format!("{own}: morph targets are not shown"));
            }
            let mut name = format!("{own}.{}", primitive.index());
            if self.mesh.parts.iter().any(|part| part.name == name) {
                name = format!("{name}.{bone}");
            }
            self.add_primitive(bone, node, &primitive, &name, &place)?;
        }
        Ok(())
    }

    fn add_primitive(
        &mut self,
        bone: usize,
        node: &Node<'a>,
        primitive: &Primitive<'a>,
        name: &str,
        place: &str,
    ) -> Result<(), GltfError> {
        let file = self.file;
        let broken = |reason| file.broken(place.to_owned(), reason);
        let Some(accessor) = primitive.get(&Semantic::Positions) else {
            return Err(broken("has no POSITION"));
        };
        let positions: Vec<[f32; 3]> = file.floats(&accessor, Dimensions::Vec3)?;
        let order: Vec<u32> = match primitive.indices() {
            Some(accessor) => file.integers::<1>(&accessor)?.into_iter().flatten().collect(),
            None => (0..positions.len() as u32).collect(),
        };
        if order.iter().any(|&n| n as usize >= positions.len()) {
            return Err(broken("names a vertex that is not there"));
        }
        let Some(triangles) = triangles(primitive.mode(), &order) else {
            self.note(format!("{name}: points and lines are not shown"));
            return Ok(());
        };
        let slots = self.slots(bone, node, primitive, positions.len(), place)?;
        let world = self.vertices(bone, node, &positions, &slots);
        let part = self.part(primitive, name);
        if self.mesh.parts.len() >= usize::from(u16::MAX) {
            return Err(broken("is one of too many primitives; join meshes"));
        }
        let part = self.mesh.add_part(part);
        self.weld(part, &world, &slots, &triangles);
        Ok(())
    }

    fn part(&mut self, primitive: &Primitive<'_>, name: &str) -> Part {
        let material = primitive.material();
        let slot = match (material.name(), material.index()) {
            (Some(name), _) => name.to_owned(),
            (None, Some(index)) => format!("material_{index}"),
            (None, None) => "default".to_owned(),
        };
        let metal = material.pbr_metallic_roughness();
        if metal.base_color_texture().is_some() {
            self.note(format!(
                "{slot}: its texture is not shown; the base colour factor is"
            ));
        }
        if !self.colours.iter().any(|c| c.slot == slot) {
            self.colours.push(SlotColour {
                slot: slot.clone(),
                colour: metal.base_color_factor().map(|x| x.clamp(0.0, 1.0)),
            });
        }
        let mut part = Part::new(name, slot);
        part.two_sided = material.double_sided();
        part
    }

    /// The bones of every vertex.
    fn slots(
        &self,
        bone: usize,
        node: &Node<'_>,
        primitive: &Primitive<'_>,
        count: usize,
        place: &str,
    ) -> Result<Vec<Slots>, GltfError> {
        let rigid = [(bone as u16, 1.0), (0, 0.0), (0, 0.0), (0, 0.0)];
        let joints = primitive.get(&Semantic::Joints(0));
        let weights = primitive.get(&Semantic::Weights(0));
        let (Some(skin), Some(joints), Some(weights)) = (node.skin(), joints, weights) else {
            return Ok(vec![rigid; count]);
        };
        let broken = |reason| self.file.broken(place.to_owned(), reason);
        let bone_of_joint: Vec<Option<usize>> = skin
            .joints()
            .map(|joint| self.bones.bone_of_node[joint.index()])
            .collect();
        let joints = self.file.integers::<4>(&joints)?;
        let weights: Vec<[f32; 4]> = self.file.floats(&weights, Dimensions::Vec4)?;
        if joints.len() != count || weights.len() != count {
            return Err(broken("has not one joint set and weight set for each vertex"));
        }
        let mut all = Vec::with_capacity(count);
        for (joints, weights) in joints.into_iter().zip(weights) {
            let mut slots = [(0, 0.0); 4];
            for n in 0..4 {
                let weight = f64::from(weights[n].max(0.0));
                if weight > 0.0 {
                    let bone = bone_of_joint.get(joints[n] as usize).copied().flatten();
                    let bone = bone.ok_or_else(|| broken("names a joint that is not in the scene"))?;
                    slots[n] = (bone as u16, weight);
                }
            }
            let total: f64 = slots.iter().map(|s| s.1).sum();
            if total > 0.0 {
                slots.iter_mut().for_each(|s| s.1 /= total);
                slots.sort_by(|a, b| b.1.total_cmp(&a.1));
                all.push(slots);
            } else {
                all.push(rigid);
            }
        }
        Ok(all)
    }

    /// Vertices in file space at bind. A skinned mesh is there already, wherever its node stands.
    fn vertices(&self, bone: usize, node: &Node<'_>, positions: &[[f32; 3]], slots: &[Slots]) -> Vec<DVec3> {
        let skinned = node.skin().is_some();
        let place = self.bones.binds[bone];
        let point = |(p, slots): (&[f32; 3], &Slots)| {
            let p = DVec3::from_array(p.map(f64::from));
            let rides_on_its_node = !skinned || (usize::from(slots[0].0) == bone && slots[0].1 == 1.0);
            if rides_on_its_node {
                place.transform_point3(p)
            } else {
                p
            }
        };
        positions.iter().zip(slots).map(point).collect()
    }

    /// Adds triangles; vertices of one place and one set of weights become one, so that seams of
    /// normals and textures are no borders to the pen.
    fn weld(&mut self, part: u16, world: &[DVec3], slots: &[Slots], triangles: &[[u32; 3]]) {
        let key = |n: usize| {
            let bits = |x: f64| (x + 0.0).to_bits();
            (world[n].to_array().map(bits), slots[n].map(|s| (s.0, bits(s.1))))
        };
        let mut merged = BTreeMap::new();
        for corners in triangles {
            let corners = corners.map(|n| {
                let n = n as usize;
                *merged.entry(key(n)).or_insert_with(|| {
                    self.weights.push(slots[n]);
                    self.mesh.add_vertex(world[n])
                })
            });
            let [a, b, c] = corners;
            if a != b && b != c && c != a {
                self.mesh.add_triangle(part, corners);
            }
        }
    }

    fn finish(mut self) -> Result<ImportedModel, GltfError> {
        if self.mesh.triangles.is_empty() {
            let name = self.file.name.clone();
            return Err(GltfError::Empty { name });
        }
        let mut low = DVec3::INFINITY;
        let mut high = DVec3::NEG_INFINITY;
        for &p in &self.mesh.positions {
            low = low.min(p);
            high = high.max(p);
        }
        if !(high - low).is_finite() || (high - low).max_element() > 1e6 {
            return Err(self
                .file
                .broken("scene".into(), "is larger than 1,000 km; check its scale"));
        }
        let offset = DVec3::new(-(low.x + high.x) * 0.5, -low.y, -(low.z + high.z) * 0.5);
        self.mesh.positions.iter_mut().for_each(|p| *p += offset);
        let skeleton = self.bones.skeleton(self.file, offset)?;
        let mut rest = self.bones.locals.clone();
        rest[0].translation = offset;
        let rig = ClipRig::read(self.file, rest, &self.bones.bone_of_node)?;
        let topology = Arc::new(Topology::new(&self.mesh.triangles));
        Ok(ImportedModel {
            model: Model {
                mesh: self.mesh,
                topology,
                skeleton,
                weights: self.weights,
                marks: Vec::new(),
                sockets: Vec::new(),
                size_m: (high - low).max_element(),
            },
            rig: Arc::new(rig),
            colours: self.colours,
            notes: self.notes,
        })
    }
}

/// Triangles of a primitive; `None` for points and lines.
fn triangles(mode: Mode, order: &[u32]) -> Option<Vec<[u32; 3]>> {
    let strip = |n: usize, w: &[u32]| {
        if n.is_multiple_of(2) {
            [w[0], w[1], w[2]]
        } else {
            [w[1], w[0], w[2]]
        }
    };
    match mode {
        Mode::Triangles => Some(order.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect()),
        Mode::TriangleStrip => Some(order.windows(3).enumerate().map(|(n, w)| strip(n, w)).collect()),
        Mode::TriangleFan => {
            let rim = order.get(1..).unwrap_or_default();
            Some(rim.windows(2).map(|w| [order[0], w[0], w[1]]).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "gltf_tests.rs"]
mod tests;
