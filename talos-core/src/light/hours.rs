//! The colours of the hours: what sky, sun and shade look like at each time of day and weather.
//!
//! Painted, not computed: the gradients of background art, which exaggerate what Rayleigh and
//! Mie scattering do. sRGB hex, brought to linear light when a sky is made.

use crate::artefact::{TimeOfDay, Weather};

/// The painter's notes for an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hour {
    /// Sky overhead, half-way, and at the horizon.
    pub(crate) zenith: &'static str,
    pub(crate) middle: &'static str,
    pub(crate) horizon: &'static str,
    /// Glow around the sun or moon, and its strength.
    pub(crate) glow: &'static str,
    pub(crate) glow_strength: f64,
    /// Clouds towards the light and away from it.
    pub(crate) cloud_light: &'static str,
    pub(crate) cloud_shade: &'static str,
    /// Key light's tint, fill light's tint, bounce from the ground.
    pub(crate) key: &'static str,
    pub(crate) fill: &'static str,
    pub(crate) bounce: &'static str,
    /// What a white card facing the key sends back; 1 is paper white.
    pub(crate) level: f64,
    /// Key-to-fill ratio before mood and style.
    pub(crate) ratio: f64,
    /// Elevation of the disc in the sky and of the key light, degrees. The key stands higher than a
    /// low sun: cels lit at 4° would be all shadow.
    pub(crate) disc_elevation: f64,
    pub(crate) key_elevation: f64,
    /// How dark it is, 0 day … 1 night: windows and stars.
    pub(crate) darkness: f64,
}

const DAWN: Hour = Hour {
    zenith: "#5a74bd",
    middle: "#b9a3d0",
    horizon: "#ffc6a4",
    glow: "#ffdfae",
    glow_strength: 0.75,
    cloud_light: "#ffd9c4",
    cloud_shade: "#9c8fc0",
    key: "#ffd0b0",
    fill: "#a9a8e6",
    bounce: "#c9a8a8",
    level: 0.92,
    ratio: 1.55,
    disc_elevation: 5.0,
    key_elevation: 24.0,
    darkness: 0.25,
};

const MORNING: Hour = Hour {
    zenith: "#3f86d8",
    middle: "#84bdf0",
    horizon: "#f4ecd6",
    glow: "#fff0c4",
    glow_strength: 0.5,
    cloud_light: "#fffaf0",
    cloud_shade: "#b4c8e4",
    key: "#fff0d2",
    fill: "#b4ccf4",
    bounce: "#cfc9ac",
    level: 1.02,
    ratio: 1.7,
    disc_elevation: 22.0,
    key_elevation: 36.0,
    darkness: 0.0,
};

const DAY: Hour = Hour {
    zenith: "#2468c8",
    middle: "#55a2ea",
    horizon: "#bfe3f5",
    glow: "#ffffff",
    glow_strength: 0.35,
    cloud_light: "#ffffff",
    cloud_shade: "#a6c2e2",
    key: "#fffaf0",
    fill: "#b8d0f2",
    bounce: "#c6cdb4",
    level: 1.08,
    ratio: 1.75,
    disc_elevation: 48.0,
    key_elevation: 52.0,
    darkness: 0.0,
};

const SUNSET: Hour = Hour {
    zenith: "#39509a",
    middle: "#cf6f8e",
    horizon: "#ff9a55",
    glow: "#ffd274",
    glow_strength: 0.85,
    cloud_light: "#ffb67a",
    cloud_shade: "#85568c",
    key: "#ffb878",
    fill: "#9a8ccc",
    bounce: "#c08a78",
    level: 0.90,
    ratio: 1.9,
    disc_elevation: 6.0,
    key_elevation: 22.0,
    darkness: 0.35,
};

const DUSK: Hour = Hour {
    zenith: "#1c2a66",
    middle: "#5a4f98",
    horizon: "#e48a86",
    glow: "#ffb08a",
    glow_strength: 0.5,
    cloud_light: "#c98aa6",
    cloud_shade: "#4a4a86",
    key: "#c4b4f4",
    fill: "#7c84d8",
    bounce: "#8a6c94",
    level: 0.50,
    ratio: 1.5,
    disc_elevation: 14.0,
    key_elevation: 34.0,
    darkness: 0.75,
};

const NIGHT: Hour = Hour {
    zenith: "#081438",
    middle: "#0f2456",
    horizon: "#1f407c",
    glow: "#9ec4ff",
    glow_strength: 0.26,
    cloud_light: "#5677b2",
    cloud_shade: "#172a58",
    key: "#b4ccff",
    fill: "#6486dc",
    bounce: "#46508c",
    level: 0.34,
    ratio: 1.9,
    disc_elevation: 21.0,
    key_elevation: 44.0,
    darkness: 1.0,
};

impl Hour {
    pub(crate) fn of(time: TimeOfDay) -> &'static Self {
        match time {
            TimeOfDay::Dawn => &DAWN,
            TimeOfDay::Morning => &MORNING,
            TimeOfDay::Day => &DAY,
            TimeOfDay::Sunset => &SUNSET,
            TimeOfDay::Dusk => &DUSK,
            TimeOfDay::Night => &NIGHT,
        }
    }
}

/// What weather does to an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Veil {
    /// Share of grey in the sky.
    pub(crate) grey: f64,
    /// Factor of the sky's brightness under it.
    pub(crate) sky: f64,
    /// Factor of light on the ground.
    pub(crate) level: f64,
    /// Share of the key that stays directed.
    pub(crate) directed: f64,
    /// Cover of clouds, [0, 1].
    pub(crate) cover: f64,
    /// Distance in metres over which haze takes 63 % of a colour.
    pub(crate) haze_m: f64,
    /// Speed of clouds, relative.
    pub(crate) wind: f64,
}

impl Veil {
    pub(crate) fn of(weather: Weather) -> Self {
        let clear = Self {
            grey: 0.0,
            sky: 1.0,
            level: 1.0,
            directed: 1.0,
            cover: 0.42,
            haze_m: 1400.0,
            wind: 1.0,
        };
        match weather {
            Weather::Clear => clear,
            Weather::Wind => Self {
                cover: 0.5,
                wind: 3.5,
                ..clear
            },
            Weather::Cloudy => Self {
                grey: 0.6,
                sky: 0.86,
                level: 0.88,
                directed: 0.5,
                cover: 0.86,
                haze_m: 900.0,
                wind: 1.2,
            },
            Weather::Rain => Self {
                grey: 0.82,
                sky: 0.66,
                level: 0.74,
                directed: 0.38,
                cover: 1.0,
                haze_m: 230.0,
                wind: 1.6,
            },
            Weather::Storm => Self {
                grey: 0.85,
                sky: 0.46,
                level: 0.60,
                directed: 0.42,
                cover: 1.0,
                haze_m: 260.0,
                wind: 4.0,
            },
            Weather::Snow => Self {
                grey: 0.66,
                sky: 0.95,
                level: 0.94,
                directed: 0.5,
                cover: 0.95,
                haze_m: 260.0,
                wind: 0.8,
            },
            Weather::Fog => Self {
                grey: 0.78,
                sky: 0.95,
                level: 0.88,
                directed: 0.35,
                cover: 0.8,
                haze_m: 55.0,
                wind: 0.5,
            },
        }
    }
}
