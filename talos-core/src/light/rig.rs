//! The light rig of a scene: key, fill, rim, ambient light, haze, and fires.

use super::hours::{Hour, Veil};
use super::sky::{direction, painted};
use crate::artefact::{GroundCover, Place, PlaceKind, StyleProfile, Weather};
use crate::math::{DVec3, Vec3, scalar};
use crate::palette::{luminance, treat_light};

/// A light at a place: fire, a lamp.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointLight {
    /// Where, metres.
    pub position: DVec3,
    /// Linear Rec.709, largest component about 1.
    pub color: [f32; 3],
    /// What a white card facing it at `radius_m` sends back; 1 is paper white.
    pub intensity: f32,
    /// Radius of what glows, metres: nearer than that the light grows no further.
    pub radius_m: f32,
}

/// Directed and ambient light. Irradiances are such that a white card under 1 is paper white.
#[derive(Clone, Debug, PartialEq)]
pub struct LightRig {
    /// Unit direction to the key light.
    pub key_direction: Vec3,
    /// Irradiance of the key on a surface facing it.
    pub key: Vec3,
    /// Fill from above and from below; surfaces take a share by their normal.
    pub fill_sky: Vec3,
    /// See `fill_sky`.
    pub fill_ground: Vec3,
    /// Unit direction that rim light comes from.
    pub rim_direction: Vec3,
    /// Radiance of a rim.
    pub rim: Vec3,
    /// Glow from the streets of a city at night, strongest at the ground.
    pub street_glow: Vec3,
    /// Height in metres over which the street glow fades to a third.
    pub street_height_m: f32,
    /// Distance in metres over which haze takes 63 % of a colour.
    pub haze_m: f32,
    /// Radiance of a glint of the sun or moon on water.
    pub glitter: Vec3,
    /// Factor of light on subjects: at night and under grey skies they are painted brighter than what lies behind them, or two
    /// blue dragons would drown in a blue city.
    pub subject_level: f32,
    /// How strong the shadow tone is, 1 under a clear sky: light from a grey one comes from everywhere.
    pub shade: f32,
    /// How dark the hour is, 0 day … 1 night: how many windows are lit, how strongly lamps show.
    pub darkness: f32,
}

fn vec(rgb: [f64; 3]) -> Vec3 {
    Vec3::new(rgb[0] as f32, rgb[1] as f32, rgb[2] as f32)
}

impl LightRig {
    /// The rig of a place in a style, with `contrast` as a factor of the hour's ratio of key to fill
    /// ([`crate::emotion::ResponseKind::KeyFillRatio`]) and the sun or moon at `azimuth`
    /// (radians from +Z towards +X, as the sky's).
    #[must_use]
    pub fn for_scene(place: &Place, contrast: f64, style: &StyleProfile, azimuth: f64) -> Self {
        let (hour, veil) = (Hour::of(place.time_of_day), Veil::of(place.weather));
        let tint = |hex: &str| {
            let color = painted_light(hex, veil.grey, style);
            color / luminance(color.to_array().map(f64::from)).max(1e-6) as f32
        };
        let level = (hour.level * veil.level) as f32;
        let hardness = 1.0 + (hour.ratio * contrast * style.light.ratio - 1.0) * veil.directed;
        let ratio = hardness.clamp(1.12, 6.0) as f32;
        let fill = level / ratio;
        let snow = place.ground_cover == GroundCover::Snow || place.weather == Weather::Snow;
        let bounce = if snow {
            tint(hour.fill) * 0.9
        } else {
            tint(hour.bounce) * 0.62
        };
        // the key stands 50° beside the disc: a moon behind the subject still models its front
        let beside = azimuth + 50.0_f64.to_radians();
        let lit_city = place.kind == PlaceKind::City && hour.darkness > 0.5;
        let street = if lit_city {
            vec(treat_light([0.30, 0.17, 0.15], &style.palette))
        } else {
            Vec3::ZERO
        };
        Self {
            key_direction: direction(beside, hour.key_elevation.to_radians()),
            key: tint(hour.key) * (level - fill),
            fill_sky: tint(hour.fill) * fill,
            fill_ground: bounce * fill,
            rim_direction: direction(azimuth, 0.7),
            rim: tint(hour.glow)
                * (style.light.rim * (1.25 - 0.32 * hour.level) * (1.0 - 0.6 * veil.grey)) as f32,
            street_glow: street * (hour.darkness * (1.0 - 0.3 * veil.grey)) as f32,
            street_height_m: 42.0,
            haze_m: haze_length(place, &veil, style),
            glitter: tint(hour.glow) * ((0.5 + 1.2 * hour.level) * (1.0 - veil.grey)) as f32,
            shade: (0.3 + 0.7 * veil.directed) as f32,
            subject_level: (1.0 + 0.8 * hour.darkness.max(0.45 * veil.grey)) as f32,
            darkness: hour.darkness.max(veil.grey * 0.3) as f32,
        }
    }

    /// The rig with its key cheated towards the viewer, as cinematographers do from cut to cut: seen from
    /// above, the key comes from at most 70° beside the camera, on the side where it was; what the camera
    /// looks at is modelled, not a silhouette. `view` is the cut's direction of view; keep it for the whole
    /// cut, or the shadows turn with the camera.
    #[must_use]
    pub fn cheated(&self, view: DVec3) -> Self {
        let back = -view;
        let camera = scalar::atan2(back.x, back.z);
        let key = self.key_direction;
        let azimuth = scalar::atan2(f64::from(key.x), f64::from(key.z));
        let elevation = scalar::asin(f64::from(key.y).clamp(-1.0, 1.0));
        let beside = (azimuth - camera + scalar::PI).rem_euclid(scalar::TAU) - scalar::PI;
        let limit = 70.0_f64.to_radians();
        if beside.abs() <= limit || back.x.abs() + back.z.abs() < 1e-6 {
            return self.clone();
        }
        Self {
            key_direction: direction(camera + limit.copysign(beside), elevation),
            ..self.clone()
        }
    }

    /// Fill light on a surface with this normal.
    #[inline]
    #[must_use]
    pub fn ambient(&self, normal: Vec3) -> Vec3 {
        self.fill_ground.lerp(self.fill_sky, 0.5 + 0.5 * normal.y)
    }
}

fn painted_light(hex: &str, grey: f64, style: &StyleProfile) -> Vec3 {
    // lights keep more colour than paint does under grey skies
    let color = painted(hex, grey * 0.7, 1.0, &neutral_range(style));
    color.max(Vec3::splat(1e-4))
}

/// The style without its lightness range, which is for paint.
fn neutral_range(style: &StyleProfile) -> StyleProfile {
    let mut style = style.clone();
    style.palette.lightness = [0.0, 1.0];
    style
}

fn haze_length(place: &Place, veil: &Veil, style: &StyleProfile) -> f32 {
    let air = match place.kind {
        PlaceKind::City => 0.55,
        PlaceKind::Forest => 0.10,
        PlaceKind::Mountain => 1.6,
        PlaceKind::Sea => 1.5,
        PlaceKind::Field | PlaceKind::Sky => 1.0,
    };
    // a forest's haze hangs between near trees; fog is as thick everywhere
    let air = if veil.haze_m < 100.0 {
        1.0
    } else if veil.haze_m < 300.0 {
        f64::max(air, 0.4)
    } else {
        air
    };
    (veil.haze_m * air / style.light.haze.max(0.05)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::TimeOfDay;

    fn place(time_of_day: TimeOfDay, weather: Weather) -> Place {
        Place {
            kind: PlaceKind::Field,
            above: false,
            ground_cover: GroundCover::Bare,
            time_of_day,
            weather,
        }
    }

    fn contrast(rig: &LightRig) -> f64 {
        let of = |c: Vec3| luminance(c.to_array().map(f64::from));
        (of(rig.key) + of(rig.fill_sky)) / of(rig.fill_sky)
    }

    #[test]
    fn mood_and_weather_move_the_contrast_as_said() {
        let style = StyleProfile::named("ghibli").expect("known");
        let rig = |factor, weather| LightRig::for_scene(&place(TimeOfDay::Day, weather), factor, &style, 0.0);
        let neutral = contrast(&rig(1.0, Weather::Clear));
        assert!(contrast(&rig(1.5, Weather::Clear)) > neutral);
        assert!(contrast(&rig(0.7, Weather::Clear)) < neutral);
        assert!(contrast(&rig(1.0, Weather::Rain)) < neutral);
    }

    #[test]
    fn a_cheated_key_lights_what_the_camera_sees() {
        let style = StyleProfile::named("ghibli").expect("known");
        for azimuth in [0.0, 1.0, 2.5, 4.0] {
            let rig = LightRig::for_scene(&place(TimeOfDay::Night, Weather::Clear), 1.0, &style, azimuth);
            for angle in 0..12 {
                let (z, x) = scalar::sin_cos(f64::from(angle) * 0.52);
                let cheated = rig.cheated(DVec3::new(x, -0.2, z));
                let towards = cheated.key_direction.dot(Vec3::new(-x as f32, 0.0, -z as f32));
                assert!(towards > 0.2, "{azimuth} {angle}: {towards}");
                assert!((cheated.key_direction.y - rig.key_direction.y).abs() < 1e-5);
                assert!((cheated.key_direction.length() - 1.0).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn fog_is_thicker_than_rain_and_rain_than_clear_air() {
        let style = StyleProfile::named("ghibli").expect("known");
        let haze = |weather| LightRig::for_scene(&place(TimeOfDay::Day, weather), 1.0, &style, 0.0).haze_m;
        assert!(haze(Weather::Fog) < haze(Weather::Rain) && haze(Weather::Rain) < haze(Weather::Clear));
    }
}
