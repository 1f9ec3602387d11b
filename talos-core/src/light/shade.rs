//! Deferred shading: what every pixel's surfaces look like, flat and lit.

use std::borrow::Cow;

use rayon::prelude::*;

use super::even::evened;
use super::material::{Material, Materials, gentle};
use super::rays::Rays;
use super::rig::{LightRig, PointLight};
use super::shadow::Shadows;
use super::sky::Sky;
use super::surface::{Surface, Triangle};
use super::tone::Bands;
use super::water::Waves;
use crate::artefact::StyleProfile;
use crate::camera::Projection;
use crate::image::{Image, Visibility};
use crate::math::scalar::single::{exp, smoothstep};
use crate::math::{DVec3, Vec2, Vec3};
use crate::palette::{PaletteBook, treat_light};
use crate::scene::SceneObject;

/// All that shading needs of a frame.
#[derive(Clone, Copy)]
pub struct ShadeInput<'a> {
    /// What is seen at every sample.
    pub visibility: &'a Visibility,
    /// The objects, in the order the visibility was made with.
    pub objects: &'a [SceneObject],
    /// World → pixels.
    pub projection: &'a Projection,
    /// Colours, in their style.
    pub palette: &'a PaletteBook,
    /// The sky behind and above.
    pub sky: &'a Sky,
    /// Key, fill, rim, haze.
    pub rig: &'a LightRig,
    /// Key shadows.
    pub shadows: &'a Shadows,
    /// Fires and lamps.
    pub point_lights: &'a [PointLight],
    /// Time of the frame in seconds of the film: clouds drift, waves run.
    pub time_s: f64,
}

/// A frame's colours before lines, effects and finish.
#[derive(Clone, Debug, PartialEq)]
pub struct ShadedFrame {
    /// Flat paint (CHROMA), premultiplied by coverage: the sky is clear.
    pub flat: Image,
    /// Lit surfaces before the sky (RAYGEN), opaque.
    pub lit: Image,
    /// Depth of the nearest surface of each pixel in metres; infinite for sky.
    pub depth_m: Vec<f32>,
    /// Share of haze before that surface, [0, 1].
    pub haze: Vec<f32>,
    /// Share of the shadow tone, [0, 1]; 0 for sky. What screens of dots follow.
    pub shadow: Vec<f32>,
}

/// Paint and light of one surface under a pixel.
#[derive(Clone, Copy, Debug)]
struct Shaded {
    flat: Vec3,
    lit: Vec3,
    depth_m: f32,
    haze: f32,
    shadow: f32,
}

impl Shaded {
    const NONE: Self = Self {
        flat: Vec3::ZERO,
        lit: Vec3::ZERO,
        depth_m: f32::INFINITY,
        haze: 0.0,
        shadow: 0.0,
    };
}

/// Samples of one pixel that show the same piece of surface.
#[derive(Clone, Copy)]
struct Group {
    number: u32,
    object: usize,
    part: usize,
    triangle: Triangle,
    /// Samples of this piece.
    count: u32,
    /// Samples of this very triangle, and the sum of their places.
    own: f64,
    sum: (f64, f64),
}

/// Shades a frame.
#[must_use]
pub fn shade(input: &ShadeInput<'_>) -> ShadedFrame {
    let size = input.visibility.size;
    let (width, height) = (size.width as usize, size.height as usize);
    let half = sky_grid(input.visibility);
    let half_width = width.div_ceil(2);
    let needed = |x: u32, y: u32| {
        half.get(y as usize * half_width + x as usize)
            .copied()
            .unwrap_or(false)
    };
    let mut lit = input.sky.render(input.projection, size, input.time_s, &needed);
    let mut flat = Image::new(size);
    let mut depth_m = vec![f32::INFINITY; width * height];
    let mut haze = vec![0.0; width * height];
    let mut shadow = vec![0.0; width * height];
    let shader = Shader::new(input);
    let rows = lit
        .pixels
        .par_chunks_mut(width)
        .zip(flat.pixels.par_chunks_mut(width));
    let planes = depth_m
        .par_chunks_mut(width)
        .zip(haze.par_chunks_mut(width))
        .zip(shadow.par_chunks_mut(width));
    rows.zip(planes)
        .enumerate()
        .for_each(|(y, ((lit, flat), ((depth, haze), shadow)))| {
            let mut last = 0;
            for x in 0..width {
                let pixel = shader.pixel(x as u32, y as u32, &mut last);
                let cover = pixel.cover;
                if cover > 0.0 {
                    let behind = Vec3::new(lit[x][0], lit[x][1], lit[x][2]) * (1.0 - cover);
                    let color = pixel.sum.lit + behind;
                    lit[x] = [color.x, color.y, color.z, 1.0];
                    flat[x] = [pixel.sum.flat.x, pixel.sum.flat.y, pixel.sum.flat.z, cover];
                    depth[x] = pixel.sum.depth_m;
                    haze[x] = pixel.sum.haze;
                    shadow[x] = pixel.sum.shadow;
                }
            }
        });
    ShadedFrame {
        flat,
        lit,
        depth_m,
        haze,
        shadow,
    }
}

/// Which 2×2 blocks of pixels show any sky.
fn sky_grid(visibility: &Visibility) -> Vec<bool> {
    let side = Visibility::SIDE;
    let (w, h) = (visibility.size.width, visibility.size.height);
    let block = |x: u32, y: u32| {
        let (right, bottom) = ((2 * x + 2).min(w) * side, (2 * y + 2).min(h) * side);
        (2 * y * side..bottom).any(|sy| {
            let start = visibility.index(2 * x * side, sy);
            let end = start + (right - 2 * x * side) as usize;
            visibility.triangle[start..end].contains(&Visibility::NONE)
        })
    };
    (0..h.div_ceil(2))
        .into_par_iter()
        .flat_map_iter(|y| (0..w.div_ceil(2)).map(move |x| block(x, y)))
        .collect()
}

struct Pixel {
    cover: f32,
    sum: Shaded,
}

pub(super) struct Shader<'a> {
    pub(super) input: &'a ShadeInput<'a>,
    pub(super) materials: Materials,
    pub(super) rays: Rays,
    pub(super) bands: Bands,
    pub(super) waves: Waves,
    pub(super) style: &'a StyleProfile,
    /// Share of windows that the hour lights.
    pub(super) lit_windows: f32,
    pub(super) lights: Vec<(Vec3, PointLight)>,
    /// Vertex normals to shade with, by object.
    normals: Vec<Cow<'a, [DVec3]>>,
}

pub(super) fn single(v: DVec3) -> Vec3 {
    Vec3::new(v.x as f32, v.y as f32, v.z as f32)
}

impl<'a> Shader<'a> {
    fn new(input: &'a ShadeInput<'a>) -> Self {
        let style = input.palette.style();
        Self {
            materials: Materials::new(input.objects, input.palette),
            rays: Rays::new(input.projection),
            bands: Bands::new(&style.tones),
            waves: Waves::new(input.time_s, 1.0, 0x0a7e),
            style,
            lit_windows: 0.03 + 0.97 * smoothstep(0.12, 0.85, input.rig.darkness),
            lights: input
                .point_lights
                .iter()
                .map(|l| (single(l.position), tinted(l, style)))
                .collect(),
            normals: input.objects.par_iter().map(normals_to_shade).collect(),
            input,
        }
    }

    /// Averages the surfaces under a pixel's samples, each shaded once.
    fn pixel(&self, x: u32, y: u32, last: &mut usize) -> Pixel {
        if let Some(number) = self.uniform(x, y) {
            return self.whole(number, x, y, last);
        }
        let (groups, count) = self.groups(x, y, last);
        let mut pixel = Pixel {
            cover: 0.0,
            sum: Shaded::NONE,
        };
        let all = (Visibility::SIDE * Visibility::SIDE) as f32;
        for group in groups.iter().flatten().take(count) {
            let share = group.count as f32 / all;
            let Some(shaded) = self.surface(group) else {
                continue;
            };
            pixel.cover += share;
            pixel.sum.flat += shaded.flat * share;
            pixel.sum.shadow += shaded.shadow * share;
            pixel.sum.lit += shaded.lit * share;
            if shaded.depth_m < pixel.sum.depth_m {
                pixel.sum.depth_m = shaded.depth_m;
                pixel.sum.haze = shaded.haze;
            }
        }
        pixel
    }

    /// The triangle number that all samples of a pixel share, if they do.
    fn uniform(&self, x: u32, y: u32) -> Option<u32> {
        let (visibility, side) = (self.input.visibility, Visibility::SIDE as usize);
        let first = visibility.index(x * Visibility::SIDE, y * Visibility::SIDE);
        let stride = visibility.size.width as usize * side;
        let number = visibility.triangle[first];
        let row = |j: usize| {
            visibility.triangle[first + j * stride..][..side]
                .iter()
                .all(|&t| t == number)
        };
        (0..side).all(row).then_some(number)
    }

    /// A pixel filled by one triangle, or by the sky.
    fn whole(&self, number: u32, x: u32, y: u32, last: &mut usize) -> Pixel {
        let middle = (f64::from(x) + 0.5, f64::from(y) + 0.5);
        let shaded = self
            .group(number, middle, last)
            .and_then(|group| self.surface(&group));
        match shaded {
            Some(sum) => Pixel { cover: 1.0, sum },
            None => Pixel {
                cover: 0.0,
                sum: Shaded::NONE,
            },
        }
    }

    /// The pieces of surface that a pixel's samples show.
    fn groups(&self, x: u32, y: u32, last: &mut usize) -> ([Option<Group>; 4], usize) {
        let visibility = self.input.visibility;
        let side = Visibility::SIDE;
        let mut groups: [Option<Group>; 4] = [None; 4];
        let mut count = 0;
        for sample in 0..side * side {
            let (i, j) = (sample % side, sample / side);
            let number = visibility.triangle[visibility.index(x * side + i, y * side + j)];
            if number == Visibility::NONE {
                continue;
            }
            let place = |k: u32, at: u32| f64::from(at) + (f64::from(k) + 0.5) / f64::from(side);
            let at = (place(i, x), place(j, y));
            let same = |g: &&mut Option<Group>| g.as_ref().is_some_and(|g| g.number == number);
            if let Some(group) = groups[..count].iter_mut().find(same).and_then(Option::as_mut) {
                group.count += 1;
                group.own += 1.0;
                group.sum = (group.sum.0 + at.0, group.sum.1 + at.1);
                continue;
            }
            let Some(found) = self.group(number, at, last) else {
                continue;
            };
            match groups[..count].iter_mut().flatten().find(|g| g.joins(&found)) {
                Some(group) => group.count += 1,
                None => {
                    groups[count] = Some(found);
                    count += 1;
                }
            }
        }
        (groups, count)
    }

    /// The piece of surface of a triangle number; `last` is the object found before, mostly the same.
    fn group(&self, number: u32, at: (f64, f64), last: &mut usize) -> Option<Group> {
        if number == Visibility::NONE {
            return None;
        }
        let first = &self.input.visibility.first_triangle;
        if !(first.get(*last)? <= &number && &number < first.get(*last + 1)?) {
            *last = self.input.visibility.locate(number)?.0;
        }
        let (object, index) = (*last, (number - first[*last]) as usize);
        let thing = self.input.objects.get(object)?;
        let part = usize::from(*thing.model.mesh.triangle_part.get(index)?);
        Some(Group {
            number,
            object,
            part,
            triangle: Triangle::new(thing, index),
            count: 1,
            own: 1.0,
            sum: at,
        })
    }

    /// Shades one piece of surface.
    fn surface(&self, group: &Group) -> Option<Shaded> {
        let material = self.materials.get(group.object, group.part)?;
        let (x, y) = (group.sum.0 / group.own, group.sum.1 / group.own);
        let at = group.triangle.at(
            &self.normals[group.object],
            &self.rays,
            self.input.projection.forward,
            x,
            y,
        );
        Some(self.shade(group, material, &at, x, y))
    }

    fn shade(&self, group: &Group, material: &Material, at: &Surface, x: f64, y: f64) -> Shaded {
        let ray = single(self.rays.toward(x, y));
        let view = -ray / ray.length_squared().max(1e-20).sqrt();
        let face = single(group.triangle.face);
        let normal = shading_normal(at.normal, face, view, material);
        let distance_m = at.depth_m * ray.length_squared().sqrt();
        let point = Point {
            position: at.position,
            pixel: self.rays.pixel_on(at.position, group.triangle.face, x, y),
            normal,
            view,
            distance_m,
        };
        let uv = || self.uv(group, at, x, y);
        let (flat, light, shadow) = self.finish(&point, material, uv);
        let haze = self.haze(&point);
        Shaded {
            flat,
            lit: light.lerp(self.veil(-view), haze),
            depth_m: at.depth_m,
            haze,
            shadow,
        }
    }

    fn uv(&self, group: &Group, at: &Surface, x: f64, y: f64) -> (Vec2, Vec2) {
        group
            .triangle
            .uv(&self.input.objects[group.object], &self.rays, at, x, y)
    }

    /// Share of haze between the viewer and a point; thinner high above the ground.
    fn haze(&self, point: &Point) -> f32 {
        let height = (0.5 * (point.position.y + self.rays.origin.y).max(0.0)) as f32;
        let thin = 1.0 / (1.0 + height / 140.0);
        1.0 - exp(-point.distance_m * thin / self.input.rig.haze_m)
    }

    /// Colour of the haze along a direction: the sky just above the horizon there.
    fn veil(&self, d: Vec3) -> Vec3 {
        let level = Vec3::new(d.x, 0.045, d.z);
        self.input
            .sky
            .gradient(level / level.length_squared().max(1e-12).sqrt())
    }
}

/// A point as light meets it.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) position: DVec3,
    /// How far it moves over a pixel to the right and over one down, metres.
    pub(super) pixel: [DVec3; 2],
    pub(super) normal: Vec3,
    pub(super) view: Vec3,
    pub(super) distance_m: f32,
}

impl Group {
    /// Whether another piece is so much the same that one shading serves both.
    fn joins(&self, other: &Self) -> bool {
        self.object == other.object
            && self.part == other.part
            && self.triangle.face.dot(other.triangle.face) > 0.97
    }
}

/// The normal to shade with: towards the viewer, and the face's own at hard edges.
fn shading_normal(vertex: Vec3, face: Vec3, view: Vec3, material: &Material) -> Vec3 {
    let mut normal = if vertex.dot(face) < material.hard_edge_cos {
        face
    } else {
        vertex
    };
    if material.thin && face.dot(view) < 0.0 {
        normal = -normal;
    }
    let away = normal.dot(view);
    if away < 0.0 {
        // interpolation may turn a normal past the silhouette: bring it back to the edge
        normal = (normal - view * away).normalize_or(face);
    }
    normal
}

/// Subjects are shaded with evened normals: their terminators are what the eye follows.
fn normals_to_shade(object: &SceneObject) -> Cow<'_, [DVec3]> {
    let posed = &object.posed;
    if object.layer == "subject" {
        Cow::Owned(evened(&posed.normals, &object.model.mesh.triangles))
    } else {
        Cow::Borrowed(&posed.normals)
    }
}

/// A fire in the style's colours.
fn tinted(light: &PointLight, style: &StyleProfile) -> PointLight {
    let color = treat_light(light.color.map(f64::from), &gentle(&style.palette));
    PointLight {
        color: color.map(|x| x as f32),
        ..*light
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::{PlaceKind, SubjectKind, TimeOfDay, Weather};
    use crate::camera::FrameSize;
    use crate::digest::Canonical;
    use crate::geometry::{Mesh, Part, Pattern};
    use crate::image::{ComposeInput, Finish, compose_anima, rasterize};
    use crate::light::testing;
    use crate::palette::{ColorControl, luminance};
    use crate::random::Seed;

    const SIZE: FrameSize = FrameSize {
        width: 96,
        height: 54,
    };

    fn scene(pattern: &Pattern) -> Vec<SceneObject> {
        let mut mesh = Mesh::default();
        let part = mesh.add_part(Part {
            pattern: pattern.clone(),
            ..Part::new("ground", "ground")
        });
        let corner = |x: f64, z: f64| DVec3::new(x, 0.0, z);
        let (near, far) = (60.0, -60.0);
        testing::quad(
            &mut mesh,
            part,
            [
                corner(far, near),
                corner(near, near),
                corner(near, far),
                corner(far, far),
            ],
        );
        let windows = Pattern::Windows {
            cell_m: [2.0, 3.0],
            share: [0.5, 0.5],
            lit: 0.6,
            key: 3,
        };
        vec![
            testing::object("land", "background", mesh),
            testing::tower(
                "city.a",
                DVec3::new(-9.0, 0.0, -22.0),
                DVec3::new(7.0, 14.0, 7.0),
                windows,
            ),
            testing::ball("dragon_a", DVec3::new(0.5, 2.0, -3.0), 1.6, "body"),
        ]
    }

    struct Setup {
        objects: Vec<SceneObject>,
        visibility: Visibility,
        projection: Projection,
        palette: PaletteBook,
        sky: Sky,
        rig: LightRig,
        shadows: Shadows,
    }

    fn setup(style: &str, time: TimeOfDay, pattern: &Pattern) -> Setup {
        let place = testing::place(PlaceKind::City, time, Weather::Clear);
        let style = StyleProfile::named(style).expect("known");
        let spec = testing::spec(
            place.clone(),
            vec![testing::member("dragon_a", SubjectKind::Dragon, "blue")],
        );
        let objects = scene(pattern);
        let projection = testing::view(SIZE, DVec3::new(0.0, 3.0, 9.0), DVec3::new(0.0, 2.5, -3.0));
        let rig = LightRig::for_scene(&place, 1.0, &style, 3.0).cheated(projection.forward);
        Setup {
            visibility: rasterize(&objects, &projection, SIZE),
            palette: PaletteBook::new(&spec, &style, &ColorControl::default()),
            sky: Sky::new(&place, &style, 3.0, Seed(5)),
            shadows: Shadows::for_frame(&objects, rig.key_direction, &projection),
            objects,
            projection,
            rig,
        }
    }

    fn shaded(s: &Setup, lights: &[PointLight], time_s: f64) -> ShadedFrame {
        shade(&ShadeInput {
            visibility: &s.visibility,
            objects: &s.objects,
            projection: &s.projection,
            palette: &s.palette,
            sky: &s.sky,
            rig: &s.rig,
            shadows: &s.shadows,
            point_lights: lights,
            time_s,
        })
    }

    fn mean(image: &Image) -> f64 {
        let sum: f64 = image
            .pixels
            .iter()
            .map(|p| luminance([p[0], p[1], p[2]].map(f64::from)))
            .sum();
        sum / image.pixels.len() as f64
    }

    #[test]
    fn every_style_and_pattern_shades_to_finite_light() {
        let patterns = [
            Pattern::Flat,
            Pattern::Water,
            Pattern::Patches { scale_m: 2.0 },
            Pattern::Flecks { scale_m: 0.5 },
        ];
        for (i, style) in StyleProfile::built_in().iter().enumerate() {
            let s = setup(
                &style.name,
                [TimeOfDay::Night, TimeOfDay::Sunset][i % 2],
                &patterns[i % 4],
            );
            let frame = shaded(&s, &[], 0.5);
            for p in frame.lit.pixels.iter().chain(&frame.flat.pixels) {
                assert!(
                    p.iter().all(|c| c.is_finite() && *c >= 0.0),
                    "{} {p:?}",
                    style.name
                );
            }
            assert!(
                frame.lit.pixels.iter().all(|p| p[3] == 1.0),
                "the picture is opaque"
            );
            assert!(
                frame.flat.pixels.iter().all(|p| p[0] <= p[3] + 1e-4),
                "premultiplied"
            );
            assert!(frame.depth_m.iter().any(|d| d.is_infinite()) && frame.depth_m.iter().any(|d| *d < 10.0));
            assert!(mean(&frame.lit) > 0.008, "{} is not lost in black", style.name);
        }
    }

    #[test]
    fn a_fire_lights_what_is_near_and_day_is_brighter_than_night() {
        let night = setup("ghibli", TimeOfDay::Night, &Pattern::Flat);
        let fire = PointLight {
            position: DVec3::new(2.5, 2.0, -1.0),
            color: [1.0, 0.5, 0.15],
            intensity: 3.0,
            radius_m: 0.8,
        };
        let (without, with) = (shaded(&night, &[], 0.0), shaded(&night, &[fire], 0.0));
        let warmer = without
            .lit
            .pixels
            .iter()
            .zip(&with.lit.pixels)
            .filter(|(a, b)| b[0] > a[0] + 0.05)
            .count();
        assert!(warmer > 100, "{warmer}");
        assert!(
            without
                .lit
                .pixels
                .iter()
                .zip(&with.lit.pixels)
                .all(|(a, b)| b[0] >= a[0] - 1e-6)
        );
        let day = setup("ghibli", TimeOfDay::Day, &Pattern::Flat);
        assert!(mean(&shaded(&day, &[], 0.0).lit) > 2.0 * mean(&without.lit));
    }

    #[test]
    fn cast_shadows_have_no_stair_steps() {
        let mut s = setup("comic", TimeOfDay::Day, &Pattern::Flat);
        let frame = shaded(&s, &[], 0.0);
        s.shadows = Shadows::default();
        let without = shaded(&s, &[], 0.0);
        // where a shadow's edge crosses the ground, every row of pixels passes through half tones
        let share = |x: usize, y: usize| {
            let at = y * SIZE.width as usize + x;
            frame.shadow[at] - without.shadow[at]
        };
        let (mut edges, mut soft) = (0, 0);
        for y in 40..54 {
            for x in 1..SIZE.width as usize {
                let (a, b) = (share(x - 1, y), share(x, y));
                edges += usize::from((a - b).abs() > 0.9);
                soft += usize::from((0.1..0.9).contains(&b));
            }
        }
        assert!(soft > 8 && edges * 4 < soft, "{edges} hard, {soft} soft");
    }

    fn digest(s: &Setup, time_s: f64) -> String {
        let frame = shaded(s, &[], time_s);
        let finish = Finish::new(s.palette.style(), SIZE, Seed(5));
        let input = ComposeInput {
            frame: &frame,
            ink: &[],
            layers: &[],
            grain_phase: 2,
        };
        let picture = compose_anima(&input, &finish);
        Canonical::new("picture/1")
            .bytes(picture.bytes())
            .finish()
            .to_string()
    }

    #[test]
    fn any_number_of_threads_gives_the_same_picture() {
        let s = setup("watercolor", TimeOfDay::Dusk, &Pattern::Water);
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            pool.install(|| digest(&s, 1.25))
        };
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(7));
        assert_ne!(one, digest(&s, 2.5), "water and clouds move");
    }
}
