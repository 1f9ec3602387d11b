//! CHROMA, RAYGEN and ANIMA: colour, light and the picture, from lines and a scene.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{
    axis,
    film::{Pictures, Prepared},
    stokes::Effects,
};
use crate::{
    artefact::{Control, CutSpec, Lines, StyleProfile, Weather},
    emotion::ResponseKind,
    fluid::{self, FireLook, draw_fire, fire_lights},
    image::{
        ComposeInput, Finish, Image, InkLayer, Mask, Picture, compose_anima, compose_chroma, compose_layers,
    },
    light::{LightRig, PointLight, ShadeInput, ShadedFrame, Shadows, Sky, shade, weather_layer},
    math::scalar,
    palette::{ColorControl, PaletteBook, Shift},
    random::Seed,
    scene::SceneObject,
    stroke::{InkStyle, Stroke, ink_layers},
    time::Frame,
};

/// Everything about a film's look that no frame changes.
pub(super) struct Look {
    style: StyleProfile,
    palette: PaletteBook,
    sky: Sky,
    rig: LightRig,
    finish: Finish,
    weather: Weather,
    ink_width: f64,
    exposure: f32,
    seed: Seed,
}

impl Look {
    /// `mood` gives the responses of the film's middle; `colors` are those that imported models bring, by palette
    /// address.
    pub(super) fn new(
        spec: &CutSpec,
        control: &Control,
        style: StyleProfile,
        mood: &dyn Fn(ResponseKind) -> f64,
        colors: BTreeMap<String, String>,
        seed: Seed,
    ) -> Self {
        let by_hand = control
            .overrides
            .iter()
            .filter_map(|(address, value)| Some((address.clone(), value.as_str()?.to_owned())))
            .filter(|(address, _)| address.contains("/palette/"));
        let mut overrides = colors;
        overrides.extend(by_hand);
        let color = ColorControl {
            hue_shift: control.parameters.color_palette.hue_shift,
            saturation_boost: control.parameters.color_palette.saturation_boost,
            mood: Shift {
                lightness: mood(ResponseKind::LightnessShift),
                chroma: mood(ResponseKind::ChromaFactor),
                ..Shift::default()
            },
            overrides,
        };
        let azimuth = light_azimuth(spec);
        Self {
            palette: PaletteBook::new(spec, &style, &color),
            sky: Sky::new(&spec.place, &style, azimuth, seed),
            rig: LightRig::for_scene(&spec.place, mood(ResponseKind::KeyFillRatio), &style, azimuth),
            finish: Finish::new(&style, spec.frame_size, seed),
            weather: spec.place.weather,
            ink_width: control.number("ink/width").unwrap_or(1.0),
            exposure: scalar::exp2(control.number("light/exposure").unwrap_or(0.0)) as f32,
            style,
            seed,
        }
    }

    pub(super) fn seed(&self) -> Seed {
        self.seed
    }

    pub(super) fn style(&self) -> &StyleProfile {
        &self.style
    }

    /// A frame's pictures.
    pub(super) fn pictures(
        &self,
        prepared: &Prepared,
        lines: &Lines,
        effects: Option<&Effects>,
        line_weight: f64,
    ) -> Pictures {
        let fires: Vec<PointLight> = effects.map(|e| self.fires(e)).unwrap_or_default();
        let mut shaded = self.shade(prepared, &fires);
        let (chroma, masks) = self.chroma(prepared.frame, lines, &shaded, line_weight);
        let effects = self.effects(prepared, &shaded, effects);
        let layers: Vec<&Image> = effects.iter().collect();
        let stokes = compose_layers(&layers, shaded.lit.size);
        if self.exposure != 1.0 {
            shaded.lit.pixels.par_iter_mut().for_each(|p| {
                *p = [
                    p[0] * self.exposure,
                    p[1] * self.exposure,
                    p[2] * self.exposure,
                    p[3],
                ];
            });
        }
        let phase = prepared.frame.index() / 2;
        let raygen = self.finish.develop(&shaded.lit, &shaded.shadow, phase);
        let ink: Vec<InkLayer<'_>> = masks
            .iter()
            .map(|(_, mask)| InkLayer { mask, opacity: 1.0 })
            .collect();
        let input = ComposeInput {
            frame: &shaded,
            ink: &ink,
            layers: &layers,
            grain_phase: phase,
        };
        Pictures {
            chroma,
            stokes,
            raygen,
            anima: compose_anima(&input, &self.finish),
        }
    }

    /// Paint and light of every surface.
    fn shade(&self, prepared: &Prepared, fires: &[PointLight]) -> ShadedFrame {
        let rig = self.rig.cheated(prepared.cut_view);
        // an overcast sky lights from everywhere: only the subjects themselves darken the ground
        let casters: Vec<SceneObject> = prepared
            .objects
            .iter()
            .filter(|o| !self.overcast() || o.layer == "subject")
            .cloned()
            .collect();
        let shadows = Shadows::for_frame(&casters, rig.key_direction, &prepared.projection);
        shade(&ShadeInput {
            visibility: &prepared.visibility,
            objects: &prepared.objects,
            projection: &prepared.projection,
            palette: &self.palette,
            sky: &self.sky,
            rig: &rig,
            shadows: &shadows,
            point_lights: fires,
            time_s: prepared.time_s,
        })
    }

    fn overcast(&self) -> bool {
        !matches!(self.weather, Weather::Clear | Weather::Wind)
    }

    /// Flat colour with lines, and the lines' coverage by layer, from back to front.
    fn chroma(
        &self,
        frame: Frame,
        lines: &Lines,
        shaded: &ShadedFrame,
        line_weight: f64,
    ) -> (Picture, Vec<(String, Mask)>) {
        let strokes = lines.strokes();
        let size = shaded.lit.size;
        let masks: Vec<(String, Mask)> = axis::LAYERS
            .into_par_iter()
            .map(|layer| {
                let own: Vec<Stroke> = strokes.iter().filter(|s| s.layer == layer).cloned().collect();
                let style = self.ink_style(layer, line_weight, None);
                let style = style.seen_through(&lines.camera_projection_matrix);
                let mask = ink_layers(&own, &style, size, frame.0, self.seed).pop();
                (
                    layer.to_owned(),
                    mask.map_or_else(|| Mask::new(size), |(_, mask)| mask),
                )
            })
            .collect();
        let ink: Vec<InkLayer<'_>> = masks
            .iter()
            .map(|(_, mask)| InkLayer { mask, opacity: 1.0 })
            .collect();
        (compose_chroma(shaded, &ink, &self.finish), masks)
    }

    /// The style's ink for a layer; in another style where one is given.
    pub(super) fn ink_style(&self, layer: &str, line_weight: f64, style: Option<&StyleProfile>) -> InkStyle {
        let style = style.unwrap_or(&self.style);
        style.ink_of(layer, line_weight * self.ink_width)
    }

    /// Fire and weather, premultiplied, from back to front.
    fn effects(&self, prepared: &Prepared, shaded: &ShadedFrame, effects: Option<&Effects>) -> Vec<Image> {
        let size = shaded.lit.size;
        let depth = |x: u32, y: u32| f64::from(shaded.depth_m[(y * size.width + x) as usize]);
        let mut layers = Vec::new();
        if let Some(effects) = effects {
            layers.push(draw_fire(
                &effects.fire,
                &prepared.projection,
                size,
                &depth,
                &self.fire_look(),
            ));
        }
        layers.extend(weather_layer(
            self.weather,
            &self.rig,
            &prepared.projection,
            size,
            prepared.time_s,
            self.seed,
            &shaded.depth_m,
        ));
        layers
    }

    /// The lights of a fire, in the measure that shading takes: at their own radius.
    fn fires(&self, effects: &Effects) -> Vec<PointLight> {
        let card = |light: fluid::PointLight| PointLight {
            position: light.position,
            color: light.color,
            intensity: light.intensity / (light.radius_m * light.radius_m) as f32,
            radius_m: light.radius_m as f32,
        };
        fire_lights(&effects.fire, &self.fire_look())
            .into_iter()
            .map(card)
            .collect()
    }

    /// Fire in the style: smoke takes the sky's light.
    fn fire_look(&self) -> FireLook {
        let ambient = self.rig.fill_sky * 0.35;
        FireLook {
            ambient: ambient.to_array(),
            ..FireLook::default()
        }
    }
}

/// Where the sun or moon stands: behind the action, a third of the frame aside, as seen from the first cut's side of
/// the line, so that it is in the picture and rims the subjects.
fn light_azimuth(spec: &CutSpec) -> f64 {
    let side = spec.cuts.first().map_or(1.0, |c| c.azimuth.signum());
    // the line of action runs along +X in a fight and along +Z on a way; a camera on its positive side
    // looks back across it
    let fights = spec
        .actions
        .iter()
        .any(|a| a.action == crate::artefact::Action::Fight);
    let line = if fights { 0.5 * scalar::PI } else { 0.0 };
    let camera = spec.cuts.first().map_or(0.0, |c| c.azimuth);
    line + camera + scalar::PI - 0.22 * side
}
