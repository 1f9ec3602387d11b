//! Light: sky, rigs, shadows, shading, weather.

mod clouds;
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
pub use rig::{LightRig, PointLight, key_fill_ratio};
pub use shade::{ShadeInput, ShadedFrame, shade};
pub use shadow::{ShadowMap, Shadows};
pub use sky::{Sky, direction};
pub use weather::weather_layer;

/// Which way along azimuth the light lies: −1 … 1, 0 straight ahead or behind.
fn sky_side(from: f32, to: f32) -> f32 {
    let turn = to - from;
    let wrapped = if turn > 3.141_592_7 {
        turn - 6.283_185_5
    } else if turn < -3.141_592_7 {
        turn + 6.283_185_5
    } else {
        turn
    };
    (wrapped * 1.2).clamp(-1.0, 1.0)
}
