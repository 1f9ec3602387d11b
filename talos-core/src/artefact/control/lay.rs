//! Overrides laid over a spec.

use serde::Deserialize;
use serde_json::Value;

use super::Control;
use crate::artefact::{Cut, CutSpec, EmotionKey};

impl Control {
    /// The spec with the overrides that concern it laid over. Overrides whose address no longer
    /// exists are returned beside it, not lost.
    #[must_use]
    pub fn laid_over(&self, spec: &CutSpec) -> (CutSpec, Vec<String>) {
        let known = self.list(spec);
        let mut result = spec.clone();
        let mut lost = Vec::new();
        for (address, value) in &self.overrides {
            if known.iter().any(|p| &p.address == address) {
                lay(&mut result, address, value);
            } else {
                lost.push(address.clone());
            }
        }
        result.emotion = self.with_tension(spec).emotion;
        (result, lost)
    }

    /// The spec with the tension curve as its arousal.
    pub(super) fn with_tension(&self, spec: &CutSpec) -> CutSpec {
        let mut result = spec.clone();
        let curve = &self.parameters.emotion_tension_curve;
        if !curve.is_empty() {
            result.emotion.keys = tension_keys(spec, curve);
        }
        result
    }
}

/// Arousal from a tension curve, tension 0 … 1 as arousal −1 … 1; valence and dominance as planned.
fn tension_keys(spec: &CutSpec, curve: &[f64]) -> Vec<EmotionKey> {
    let last = (curve.len() - 1).max(1) as f64;
    let planned = |at: f64| {
        let keys = &spec.emotion.keys;
        keys.iter().rev().find(|k| k.at <= at).or(keys.first()).copied()
    };
    let neutral = EmotionKey {
        at: 0.0,
        valence: 0.0,
        arousal: 0.0,
        dominance: 0.0,
    };
    curve
        .iter()
        .enumerate()
        .map(|(i, &tension)| {
            let at = i as f64 / last;
            EmotionKey {
                at,
                arousal: tension * 2.0 - 1.0,
                ..planned(at).unwrap_or(neutral)
            }
        })
        .collect()
}

/// Writes one override into a spec; addresses that are not part of it are left to their stage.
fn lay(spec: &mut CutSpec, address: &str, value: &Value) {
    let parts: Vec<&str> = address.split('/').collect();
    match parts.as_slice() {
        ["style", "name"] => assign(&mut spec.style, value),
        ["place", "time_of_day"] => assign(&mut spec.place.time_of_day, value),
        ["place", "weather"] => assign(&mut spec.place.weather, value),
        ["place", "ground_cover"] => assign(&mut spec.place.ground_cover, value),
        ["subject", id, rest @ ..] => {
            let Some(member) = spec.cast.iter_mut().find(|m| m.id == *id) else {
                return;
            };
            match rest {
                ["scale"] => assign(&mut member.scale, value),
                ["palette", slot] => {
                    if let Some(color) = value.as_str() {
                        member.colors.insert((*slot).into(), color.into());
                    }
                }
                _ => {}
            }
        }
        ["cut", id, "camera", field] => {
            let Some(cut) = spec.cuts.iter_mut().find(|c| c.cut_id == *id) else {
                return;
            };
            lay_camera(cut, field, value);
        }
        _ => {}
    }
}

fn lay_camera(cut: &mut Cut, field: &str, value: &Value) {
    match field {
        "focal_length_mm" => assign(&mut cut.focal_length_mm, value),
        "f_stop" => assign(&mut cut.f_stop, value),
        "azimuth" => assign(&mut cut.azimuth, value),
        "angle" => assign(&mut cut.angle, value),
        "shot_size" => assign(&mut cut.shot_size, value),
        _ => {
            let index = field
                .strip_prefix("move_")
                .and_then(|f| f.strip_suffix("_amount"));
            let index = index.and_then(|i| i.parse::<usize>().ok());
            if let Some(step) = index.and_then(|i| cut.moves.get_mut(i)) {
                assign(&mut step.amount, value);
            }
        }
    }
}

fn assign<T: for<'a> Deserialize<'a>>(slot: &mut T, value: &Value) {
    if let Ok(read) = serde_json::from_value(value.clone()) {
        *slot = read;
    }
}
