//! How each finish answers light: paint, eyes, lamps, walls with windows, water.

use super::material::{Finish, Material};
use super::pattern::{Glazing, flecks, patches};
use super::shade::{Point, Shader, single};
use super::tone::Tone;
use crate::math::scalar::single::smoothstep;
use crate::math::{DVec3, Vec2, Vec3};
use crate::palette::{Ramp, luminance};

/// Row of the sample in each column of a pixel: eight rooks, from one corner to the other.
const ROOKS: [usize; 8] = [0, 4, 2, 6, 1, 5, 3, 7];

impl Shader<'_> {
    /// Flat and lit colour of a point, and its share of the shadow tone. `uv` gives surface coordinates and
    /// the pixel's width in them, where a finish needs them.
    pub(super) fn finish(
        &self,
        point: &Point,
        material: &Material,
        uv: impl Fn() -> (Vec2, Vec2),
    ) -> (Vec3, Vec3, f32) {
        if let Finish::Water = material.finish {
            let (flat, light) = self.water(point, material);
            return (flat, light, 0.0);
        }
        let lighting = self.light(point, material);
        let paint = |ramp: &Ramp| self.paint(&lighting, point, material, ramp);
        let (flat, light) = match material.finish {
            Finish::Eye => self.eye(&lighting, point, material),
            Finish::Glowing(strength) => self.glowing(&lighting, point, material, strength),
            Finish::Patches(scale_m) => {
                let (uv, width) = uv();
                let share = patches(uv, width, scale_m, material.key);
                paint(&material.ramp.lerp(&material.second, share))
            }
            Finish::Flecks(scale_m) => {
                let (uv, width) = uv();
                paint(&material.ramp.scaled(flecks(uv, width, scale_m, material.key)))
            }
            Finish::Windows(windows) => {
                let (uv, width) = uv();
                let lit = windows.lit * self.lit_windows;
                let glazing = windows.sample(uv, width, lit, &self.materials.windows);
                self.wall(&lighting, point, material, &glazing)
            }
            Finish::Plain | Finish::Water => paint(&material.ramp),
        };
        (flat, light, 1.0 - lighting.tone.base)
    }

    /// The light that falls on a point: key in bands, fill, street glow, fires.
    fn light(&self, point: &Point, material: &Material) -> Lighting {
        let rig = self.input.rig;
        let n_dot_l = point.normal.dot(rig.key_direction);
        let hard = if self.bands.turned_away(n_dot_l, 0.0) {
            Tone {
                base: 0.0,
                light: 0.0,
            }
        } else {
            let lift = (point.normal * 0.4 + rig.key_direction) * material.lift_m;
            let lift = DVec3::new(f64::from(lift.x), f64::from(lift.y), f64::from(lift.z));
            self.bands.tone(n_dot_l, self.reached(point, lift), 0.0)
        };
        let tone = hard.lightened(1.0 - rig.shade);
        let mut irradiance = rig.ambient(point.normal) + rig.key * tone.base + self.street(point);
        if material.thin {
            // light that comes through a membrane from behind
            irradiance += rig.key * (0.32 * smoothstep(0.05, 0.6, -n_dot_l));
        }
        if material.subject {
            irradiance *= rig.subject_level;
        }
        Lighting {
            tone,
            irradiance,
            fires: self.fires(point, material.thin),
        }
    }

    /// Share of the key light that reaches a pixel's piece of surface: where two opposite corners disagree, the mean of
    /// eight places, one in each of its eighth columns and rows.
    fn reached(&self, point: &Point, lift: DVec3) -> f32 {
        let [right, down] = point.pixel;
        let eighth = |i: usize| (i as f64 + 0.5) / 8.0 - 0.5;
        let at = |i: usize| {
            let place = point.position + lift + right * eighth(i) + down * eighth(ROOKS[i]);
            self.input.shadows.light(place, point.normal)
        };
        let (first, last) = (at(0), at(7));
        if first == last && (first == 0.0 || first == 1.0) {
            return first;
        }
        (1..7).fold(first + last, |sum, i| sum + at(i)) / 8.0
    }

    /// Paint under light; subjects carry a rim.
    fn paint(&self, lighting: &Lighting, point: &Point, material: &Material, ramp: &Ramp) -> (Vec3, Vec3) {
        let (flat, mut light) = lighting.on(ramp);
        if material.subject {
            light += self.rim(point, flat, material.thin);
        }
        (flat, light)
    }

    /// Glow from the streets below.
    fn street(&self, point: &Point) -> Vec3 {
        let rig = self.input.rig;
        if rig.street_glow == Vec3::ZERO {
            return Vec3::ZERO;
        }
        let height = (point.position.y as f32).max(0.0) / rig.street_height_m;
        rig.street_glow * ((0.62 - 0.38 * point.normal.y) / (1.0 + height * height + height))
    }

    /// A bright edge where a subject turns away from the viewer, towards the rim light.
    fn rim(&self, point: &Point, base: Vec3, thin: bool) -> Vec3 {
        let rig = self.input.rig;
        let turned = 1.0 - point.normal.dot(point.view).max(0.0);
        let towards = smoothstep(-0.05, 0.35, point.normal.dot(rig.rim_direction));
        let edge = smoothstep(0.62, 0.78, turned) * towards;
        let kicker = self.kicker(turned, base) * (1.0 - towards);
        let strength = if thin { 0.3 } else { 1.0 };
        rig.rim * (base * 0.7 + Vec3::splat(0.30)) * ((edge + kicker) * strength)
    }

    /// A thin edge on the side away from the rim light, for dark paint in the dark alone: a black cat at night
    /// is drawn by its edges, as cinematographers do with a second light from behind ("kicker").
    fn kicker(&self, turned: f32, base: Vec3) -> f32 {
        let dark_paint = smoothstep(0.10, 0.02, luminance(base.to_array().map(f64::from)) as f32);
        0.4 * smoothstep(0.70, 0.84, turned) * dark_paint * self.input.rig.darkness
    }

    /// Light of fires, in two bands, falling with the square of the distance.
    fn fires(&self, point: &Point, thin: bool) -> Vec3 {
        let mut sum = Vec3::ZERO;
        let here = single(point.position);
        for (place, light) in &self.lights {
            let to = *place - here;
            let distance_sq = to.length_squared();
            let radius_sq = light.radius_m * light.radius_m;
            let near = light.intensity * radius_sq / (radius_sq + distance_sq);
            // below a thirtieth of paper white its edge is not seen
            let strength = near * smoothstep(0.012, 0.05, near);
            if strength <= 0.0 {
                continue;
            }
            let mut n_dot_l = point.normal.dot(to) / distance_sq.max(1e-9).sqrt();
            if thin {
                n_dot_l = n_dot_l.abs();
            }
            let band =
                0.10 + 0.52 * smoothstep(-0.12, 0.02, n_dot_l) + 0.38 * smoothstep(0.48, 0.60, n_dot_l);
            sum += Vec3::from(light.color) * (strength * band);
        }
        sum
    }

    fn eye(&self, lighting: &Lighting, point: &Point, material: &Material) -> (Vec3, Vec3) {
        let (flat, light) = self.paint(lighting, point, material, &material.ramp);
        let half = (self.input.rig.key_direction + point.view + Vec3::Y * 0.4).normalize_or_zero();
        let glint = smoothstep(0.955, 0.975, half.dot(point.normal));
        // eyes are never lost in shade: the face is what is looked at
        let level = 0.75 * (self.input.rig.key + self.input.rig.fill_sky);
        let seen = light.max(flat * level);
        (
            flat.lerp(Vec3::ONE, glint),
            seen.lerp(Vec3::splat(1.1), glint * 0.9),
        )
    }

    fn glowing(
        &self,
        lighting: &Lighting,
        point: &Point,
        material: &Material,
        strength: f32,
    ) -> (Vec3, Vec3) {
        let (flat, light) = self.paint(lighting, point, material, &material.ramp);
        let glow = 0.25 + 2.0 * self.input.rig.darkness * self.style.light.emissive as f32;
        (flat, light + flat * (strength * glow))
    }

    /// A wall with windows: dark glass mirrors the sky, lit glass shines.
    fn wall(
        &self,
        lighting: &Lighting,
        point: &Point,
        material: &Material,
        glazing: &Glazing,
    ) -> (Vec3, Vec3) {
        let (wall, wall_light) = lighting.on(&material.ramp);
        let (glass, glass_light) = lighting.on(&material.second);
        let facing = point.normal.dot(point.view).clamp(0.0, 1.0);
        let mirror = self.input.sky.gradient(reflect(-point.view, point.normal));
        let dark = glass_light * 0.7 + mirror * (0.16 + 0.5 * fresnel(facing));
        let dull = glazing.glass - glazing.lit;
        let shown = if glazing.lit > 1e-4 {
            glazing.light / glazing.lit
        } else {
            Vec3::ZERO
        };
        let flat = wall * (1.0 - glazing.glass) + glass * dull + shown.min(Vec3::ONE) * glazing.lit;
        // by day a lit window hardly shows
        let shine = 0.35 + 0.65 * self.input.rig.darkness;
        let light = wall_light * (1.0 - glazing.glass) + dark * dull + glazing.light * shine;
        (flat, light)
    }

    /// Water: depth colour in bands, mirrored sky, glitter towards sun or moon, foam on crests.
    fn water(&self, point: &Point, material: &Material) -> (Vec3, Vec3) {
        let (rig, sky) = (self.input.rig, self.input.sky);
        let grazing = point.view.y.abs().max(0.02);
        let footprint_m = point.distance_m * self.rays.pixel_angle() / grazing.sqrt();
        let place = Vec2::new(point.position.x as f32, point.position.z as f32);
        let ripple = self.waves.at(place, footprint_m);
        let normal = ripple.normal;
        let facing = normal.dot(point.view).max(0.0);
        let mut bounce = reflect(-point.view, normal);
        bounce.y = bounce.y.abs().max(0.02);
        let mirror = sky.gradient(bounce);
        let body = Vec3::from(material.ramp.shadow).lerp(
            Vec3::from(material.ramp.base),
            smoothstep(-0.2, 0.5, ripple.crest),
        );
        let depth = body * (rig.ambient(Vec3::Y) + rig.key * 0.55);
        let grade = 0.08 + 0.92 * fresnel((facing + ripple.rough * 0.5).min(1.0));
        // two soft steps between depth and mirror: painted water, not a photograph of it
        let stepped = 0.10 + 0.34 * smoothstep(0.10, 0.20, grade) + 0.34 * smoothstep(0.34, 0.52, grade);
        let near = smoothstep(420.0, 60.0, point.distance_m);
        let seen = grade.min(0.86) + (stepped - grade.min(0.86)) * near;
        let mut light = depth.lerp(mirror, seen);
        let half = (sky.disc_direction() + point.view).normalize_or_zero();
        let spread = 0.0016 + 0.020 * ripple.rough;
        let glitter = smoothstep(1.0 - spread * 2.0, 1.0 - spread, half.dot(normal));
        if glitter > 0.0 {
            // near by the mirror image breaks up into flakes that the waves carry
            let drift = Vec2::new(0.35, 0.2) * self.input.time_s as f32;
            let flakes = smoothstep(
                0.40,
                0.56,
                super::noise::fbm2(place * 1.9 + drift, 2, material.key ^ 1),
            );
            let close = smoothstep(60.0, 12.0, point.distance_m);
            let share = glitter * (1.0 + (flakes - 1.0) * close);
            light += rig.glitter * (share * (0.35 + 0.65 * smoothstep(0.12, 0.0, ripple.rough)));
        }
        light += Vec3::from(material.ramp.base) * self.fires(&Point { normal, ..*point }, false);
        let lace = 1.0 - (2.0 * super::noise::fbm2(place * 0.55, 3, material.key) - 1.0).abs() * 7.0;
        let close = smoothstep(140.0, 25.0, point.distance_m);
        let foam = smoothstep(0.0, 0.45, lace) * smoothstep(0.30, 0.62, ripple.crest) * close;
        let foam_light = Vec3::from(material.second.base) * (rig.ambient(Vec3::Y) + rig.key * 0.8);
        light = light.lerp(foam_light, foam * 0.75);
        (
            Vec3::from(material.ramp.base).lerp(Vec3::from(material.second.base), foam),
            light,
        )
    }
}

/// What falls on a point.
#[derive(Clone, Copy)]
struct Lighting {
    tone: Tone,
    irradiance: Vec3,
    fires: Vec3,
}

impl Lighting {
    /// Flat and lit colour of a ramp under this light.
    fn on(&self, ramp: &Ramp) -> (Vec3, Vec3) {
        let base = Vec3::from(ramp.base);
        // fire is so strong and coloured that paint alone would swallow it: a blue dragon would stay dark
        let by_fire = base * 0.8 + Vec3::splat(0.16);
        (
            base,
            self.tone.paint(ramp) * self.irradiance + by_fire * self.fires,
        )
    }
}

fn reflect(d: Vec3, n: Vec3) -> Vec3 {
    d - n * (2.0 * d.dot(n))
}

/// Schlick 1994, without the constant part.
fn fresnel(facing: f32) -> f32 {
    let x = 1.0 - facing;
    let x2 = x * x;
    x2 * x2 * x
}
