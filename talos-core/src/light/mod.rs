//! Light: sky, rigs, shadows, shading, weather.

mod clouds;
mod even;
mod finish;
mod hours;
mod material;
pub(crate) mod noise;
mod pattern;
mod rays;
mod rig;
mod shade;
mod shadow;
mod sky;
mod stars;
mod surface;
#[cfg(test)]
mod testing;
mod tone;
mod water;
mod weather;

pub use rays::Rays;
pub use rig::{LightRig, PointLight};
pub use shade::{ShadeInput, ShadedFrame, shade};
pub use shadow::{ShadowMap, Shadows};
pub use sky::{Sky, direction};
pub use weather::weather_layer;
