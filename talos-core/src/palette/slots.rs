//! The colour of every palette slot before style: who or where it belongs to decides.

use super::space::Oklch;
use super::words::color_word;
use crate::artefact::{CastMember, GroundCover, Place, PlaceKind, SubjectKind, Weather};

fn lch(l: f64, c: f64, h: f64) -> Oklch {
    Oklch::new(l, c, h)
}

/// A colour and whether the prompt names it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chosen {
    /// The colour.
    pub color: Oklch,
    /// Asked for in words, or derived from such a colour.
    pub named: bool,
}

/// Slots of a subject that show its main colour.
const MAIN: &[&str] = &["body", "wing", "fin", "mane", "belly", "membrane"];
/// Slots of a person that show the colour of the clothes when only one is given.
const CLOTHES: &[&str] = &["coat", "dress"];

/// The colour of a subject's slot; `None` for a slot no subject has.
#[must_use]
pub(super) fn subject(member: &CastMember, slot: &str, place: &Place) -> Option<Chosen> {
    let word = |slot: &str| member.colors.get(slot).and_then(|w| color_word(w));
    if let Some(color) = word(slot) {
        return Some(Chosen { color, named: true });
    }
    let human = member.kind == SubjectKind::Human;
    if let Some(color) = word("body").filter(|_| human && CLOTHES.contains(&slot)) {
        return Some(Chosen { color, named: true });
    }
    if !human && MAIN.contains(&slot) {
        let named = word("body");
        let body = named.unwrap_or_else(|| body_of(member.kind));
        return Some(Chosen {
            color: from_body(member.kind, slot, body),
            named: named.is_some(),
        });
    }
    let color = if human { person(member, slot, place) } else { None };
    color
        .or_else(|| creature(member.kind, slot))
        .map(|color| Chosen { color, named: false })
}

/// The main colour of a kind that nobody named.
fn body_of(kind: SubjectKind) -> Oklch {
    match kind {
        SubjectKind::Dragon => lch(0.52, 0.12, 165.0),
        SubjectKind::Bird => lch(0.94, 0.01, 240.0),
        SubjectKind::Cat => lch(0.72, 0.12, 62.0),
        SubjectKind::Dog => lch(0.70, 0.095, 70.0),
        SubjectKind::Wolf => lch(0.58, 0.02, 255.0),
        SubjectKind::Horse => lch(0.46, 0.08, 48.0),
        SubjectKind::Fish => lch(0.69, 0.17, 45.0),
        SubjectKind::Human | SubjectKind::Asset => lch(0.70, 0.03, 250.0),
    }
}

/// Slots that follow the main colour: bellies pale and warm, membranes deep, manes dark.
fn from_body(kind: SubjectKind, slot: &str, body: Oklch) -> Oklch {
    let pale = body.l > 0.85;
    match (slot, kind) {
        ("belly", SubjectKind::Dragon) => {
            let warm = lch(0.86, 0.06, 88.0);
            Oklch::new(
                body.l + (warm.l - body.l) * 0.62,
                0.05 + body.c * 0.18,
                body.h + hue_step(body.h, 88.0, 0.35),
            )
        }
        ("belly", _) => Oklch::new((body.l + 0.22).min(0.97), body.c * 0.35, body.h),
        ("membrane", _) => Oklch::new(body.l * 0.86, body.c * 0.95, body.h - 14.0),
        ("mane", SubjectKind::Horse) => Oklch::new(body.l * 0.5, body.c * 0.7, body.h),
        ("mane", _) if pale => Oklch::new(body.l * 0.97, body.c, body.h),
        ("mane", _) => Oklch::new(body.l * 0.72, body.c, body.h),
        ("wing", SubjectKind::Bird) if pale => Oklch::new(body.l * 0.83, body.c + 0.012, 250.0),
        ("wing", _) => Oklch::new(body.l * 0.92, body.c, body.h),
        ("fin", _) => Oklch::new((body.l * 1.12).min(0.95), body.c * 0.9, body.h + 12.0),
        _ => body,
    }
}

/// A share of the shortest way between two hues, degrees.
fn hue_step(from: f64, to: f64, share: f64) -> f64 {
    super::space::hue_difference(from, to) * share
}

/// What creatures have by nature.
fn creature(kind: SubjectKind, slot: &str) -> Option<Oklch> {
    Some(match (slot, kind) {
        ("horn", _) => lch(0.84, 0.045, 88.0),
        ("claw", SubjectKind::Dragon) => lch(0.80, 0.035, 85.0),
        ("claw", _) => lch(0.36, 0.02, 60.0),
        ("eye", SubjectKind::Dragon) => lch(0.83, 0.165, 92.0),
        ("eye", SubjectKind::Wolf) => lch(0.80, 0.14, 84.0),
        ("eye", SubjectKind::Cat) => lch(0.80, 0.14, 125.0),
        ("eye", _) => lch(0.30, 0.03, 50.0),
        ("iris", SubjectKind::Cat | SubjectKind::Wolf | SubjectKind::Dragon) => lch(0.80, 0.15, 88.0),
        ("iris", _) => lch(0.42, 0.07, 55.0),
        ("eye_white", _) => lch(0.97, 0.006, 230.0),
        ("pupil", _) => lch(0.17, 0.015, 270.0),
        ("mouth", _) => lch(0.40, 0.12, 20.0),
        ("tongue", _) => lch(0.62, 0.14, 15.0),
        ("tooth", _) => lch(0.97, 0.018, 95.0),
        ("nose", SubjectKind::Cat) => lch(0.70, 0.08, 15.0),
        ("nose", _) => lch(0.24, 0.015, 280.0),
        ("beak", _) => lch(0.78, 0.15, 72.0),
        ("skin", _) => lch(0.88, 0.05, 58.0),
        ("hair", _) => lch(0.30, 0.035, 45.0),
        ("coat", _) => lch(0.55, 0.10, 30.0),
        ("dress", _) => lch(0.80, 0.05, 250.0),
        ("trousers", _) => lch(0.40, 0.05, 262.0),
        ("shoe", _) => lch(0.36, 0.05, 40.0),
        _ => return None,
    })
}

/// What people have by nature and wear by the weather: a raincoat is yellow, snow asks for red wool.
fn person(member: &CastMember, slot: &str, place: &Place) -> Option<Oklch> {
    let wet = matches!(place.weather, Weather::Rain | Weather::Storm);
    let cold = place.weather == Weather::Snow || place.ground_cover == GroundCover::Snow;
    let old = member.variant.starts_with("old");
    let young = matches!(member.variant.as_str(), "girl" | "boy");
    let woman = matches!(member.variant.as_str(), "girl" | "woman" | "old_woman");
    Some(match slot {
        "hair" if old => lch(0.82, 0.01, 250.0),
        "hair" if young => lch(0.33, 0.045, 42.0),
        "coat" if wet => lch(0.84, 0.150, 92.0),
        "coat" if cold => lch(0.53, 0.165, 26.0),
        "coat" if young => lch(0.60, 0.135, 32.0),
        "coat" if woman => lch(0.66, 0.07, 60.0),
        "coat" => lch(0.42, 0.05, 255.0),
        "dress" if young => lch(0.93, 0.02, 95.0),
        "dress" => lch(0.52, 0.09, 285.0),
        "mouth" => lch(0.55, 0.10, 22.0),
        "shoe" if wet => lch(0.50, 0.13, 28.0),
        "iris" | "eye" => lch(0.44, 0.07, 50.0),
        "body" => return creature(member.kind, "skin"),
        _ => return None,
    })
}

/// The colour of a place's slot; `None` for a slot no place has.
#[must_use]
pub(super) fn place(place: &Place, slot: &str) -> Option<Oklch> {
    let snow = place.ground_cover == GroundCover::Snow || place.weather == Weather::Snow;
    if snow {
        match slot {
            "ground" | "grass" | "path" => return Some(lch(0.955, 0.014, 240.0)),
            "ground_patch" => return Some(lch(0.90, 0.028, 248.0)),
            "leaf" => return Some(lch(0.52, 0.055, 175.0)),
            "leaf_b" => return Some(lch(0.90, 0.016, 235.0)),
            "bush" => return Some(lch(0.78, 0.03, 210.0)),
            "roof" => return Some(lch(0.94, 0.012, 240.0)),
            _ => {}
        }
    }
    Some(match (slot, place.kind) {
        ("ground", PlaceKind::City) => lch(0.50, 0.012, 265.0),
        ("ground", PlaceKind::Forest) => lch(0.50, 0.065, 112.0),
        ("ground", PlaceKind::Mountain) => lch(0.62, 0.075, 125.0),
        ("ground", PlaceKind::Sea) => lch(0.82, 0.055, 85.0),
        ("ground", _) => lch(0.68, 0.125, 130.0),
        ("ground_patch", PlaceKind::City) => lch(0.46, 0.012, 265.0),
        ("ground_patch", PlaceKind::Forest) => lch(0.43, 0.07, 130.0),
        ("ground_patch", PlaceKind::Mountain) => lch(0.56, 0.06, 105.0),
        ("ground_patch", _) => lch(0.62, 0.125, 138.0),
        ("grass", _) => lch(0.66, 0.135, 132.0),
        ("path", _) => lch(0.70, 0.05, 75.0),
        ("road", _) => lch(0.44, 0.012, 270.0),
        ("building", _) => lch(0.64, 0.030, 255.0),
        ("building_b", _) => lch(0.68, 0.045, 62.0),
        ("building_c", _) => lch(0.54, 0.040, 295.0),
        ("roof", PlaceKind::City) => lch(0.46, 0.022, 270.0),
        ("roof", _) => lch(0.52, 0.10, 35.0),
        ("window_dark", _) => lch(0.44, 0.050, 248.0),
        ("window_lit", _) => lch(0.90, 0.090, 88.0),
        ("antenna", _) => lch(0.36, 0.015, 270.0),
        ("flower", _) => lch(0.84, 0.105, 358.0),
        ("lamp", _) => lch(0.94, 0.075, 90.0),
        ("trunk", _) => lch(0.40, 0.050, 55.0),
        ("leaf", PlaceKind::Forest) => lch(0.56, 0.115, 142.0),
        ("leaf", _) => lch(0.62, 0.130, 138.0),
        ("leaf_b", _) => lch(0.67, 0.135, 126.0),
        ("bush", _) => lch(0.52, 0.105, 148.0),
        ("rock", _) => lch(0.58, 0.018, 270.0),
        ("rock_b", _) => lch(0.50, 0.022, 285.0),
        ("snow", _) => lch(0.96, 0.012, 240.0),
        ("cloud", _) => lch(0.975, 0.008, 240.0),
        ("water", _) => lch(0.50, 0.085, 232.0),
        ("foam", _) => lch(0.96, 0.012, 215.0),
        _ => return None,
    })
}

/// What a slot no one knows is painted with: a grey whose tint comes from its name alone.
#[must_use]
pub(super) fn fallback(slot: &str) -> Oklch {
    let word = crate::random::Seed(0).stream("palette/unknown_slot").child(slot);
    Oklch::new(word.range(0, 0.5, 0.7), 0.03, word.range(1, 0.0, 360.0))
}
