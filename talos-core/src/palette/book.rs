//! The palette of a film: one colour, and its ramp, for every slot of every subject and place.

use std::collections::BTreeMap;

use super::ramp::Ramp;
use super::slots::{self, Chosen};
use super::space::Oklch;
use super::treatment::{Shift, treat};
use super::words::color_word;
use crate::artefact::{CastMember, CutSpec, Finding, Place, Status, StyleProfile};
use crate::scene::SceneObject;

/// What a person and the story change about colour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColorControl {
    /// Turn of every hue, in turns.
    pub hue_shift: f64,
    /// Added share of chroma: 0.1 is a tenth more; −1 leaves greys.
    pub saturation_boost: f64,
    /// What the film's emotion asks for.
    pub mood: Shift,
    /// Colour word or `#rrggbb` by address `subject/<id>/palette/<slot>` or `place/palette/<slot>`.
    /// A colour set by hand is used as given: neither shift, emotion nor style touches it.
    pub overrides: BTreeMap<String, String>,
}

/// Resolves slots to colours for one film and style.
#[derive(Clone, Debug)]
pub struct PaletteBook {
    cast: Vec<(CastMember, Shift)>,
    place: Place,
    style: StyleProfile,
    shift: Shift,
    overrides: BTreeMap<String, String>,
}

impl PaletteBook {
    /// The palette of a film in a style, under a control.
    #[must_use]
    pub fn new(spec: &CutSpec, style: &StyleProfile, control: &ColorControl) -> Self {
        let by_hand = Shift {
            hue_turns: control.hue_shift,
            chroma: 1.0 + control.saturation_boost.max(-1.0),
            lightness: 0.0,
        };
        Self {
            cast: spec
                .cast
                .iter()
                .map(|m| (m.clone(), apart(&spec.cast, m)))
                .collect(),
            place: spec.place.clone(),
            style: style.clone(),
            shift: by_hand.then(control.mood),
            overrides: control.overrides.clone(),
        }
    }

    /// The style.
    #[must_use]
    pub fn style(&self) -> &StyleProfile {
        &self.style
    }

    /// The colour of a slot of an object; ids as in [`SceneObject::id`].
    #[must_use]
    pub fn color(&self, object_id: &str, slot: &str) -> Oklch {
        let member = self.member(object_id);
        if let Some(color) = self.overridden(member, slot) {
            return color;
        }
        let (chosen, own) = match member {
            Some((member, own)) => (slots::subject(member, slot, &self.place), *own),
            None => (None, Shift::default()),
        };
        let natural = || slots::place(&self.place, slot).map(|color| Chosen { color, named: false });
        let fallback = || Chosen {
            color: slots::fallback(slot),
            named: false,
        };
        let chosen = chosen.or_else(natural).unwrap_or_else(fallback);
        treat(
            own.then(self.shift).apply(chosen.color),
            &self.style.palette,
            chosen.named,
        )
    }

    /// Shadow, base and light of a slot of an object.
    #[must_use]
    pub fn ramp(&self, object_id: &str, slot: &str) -> Ramp {
        let ramp = Ramp::new(self.color(object_id, slot), &self.style.tones);
        if slot == "skin" { ramp.softened(0.5) } else { ramp }
    }

    /// Slots that no subject or place knows, one finding each.
    #[must_use]
    pub fn findings(&self, objects: &[SceneObject]) -> Vec<Finding> {
        let mut unknown = BTreeMap::new();
        for object in objects {
            let owner = self.owner(&object.id);
            for part in &object.model.mesh.parts {
                if !self.knows(&object.id, &part.slot) {
                    unknown.insert((owner.to_owned(), part.slot.clone()), ());
                }
            }
        }
        unknown
            .into_keys()
            .map(|(owner, slot)| unknown_slot(&owner, &slot))
            .collect()
    }

    /// What an object's colours belong to: its cast member's id, or `"place"`.
    #[must_use]
    pub fn owner<'a>(&'a self, object_id: &'a str) -> &'a str {
        self.member(object_id)
            .map_or("place", |(member, _)| member.id.as_str())
    }

    fn knows(&self, object_id: &str, slot: &str) -> bool {
        let member = self.member(object_id);
        self.overridden(member, slot).is_some()
            || slots::place(&self.place, slot).is_some()
            || member.is_some_and(|(m, _)| slots::subject(m, slot, &self.place).is_some())
    }

    fn member(&self, object_id: &str) -> Option<&(CastMember, Shift)> {
        let root = object_id.split('.').next().unwrap_or(object_id);
        self.cast.iter().find(|(member, _)| member.id == root)
    }

    fn overridden(&self, member: Option<&(CastMember, Shift)>, slot: &str) -> Option<Oklch> {
        let address = match member {
            Some((member, _)) => format!("subject/{}/palette/{slot}", member.id),
            None => format!("place/palette/{slot}"),
        };
        self.overrides.get(&address).and_then(|word| color_word(word))
    }
}

/// A small shift that tells apart members of one kind and colour: two blue dragons are a sky blue
/// and a deep blue one. The first keeps the colour as asked.
fn apart(cast: &[CastMember], member: &CastMember) -> Shift {
    let alike =
        |m: &&CastMember| m.kind == member.kind && m.colors == member.colors && m.variant == member.variant;
    let index = cast
        .iter()
        .filter(alike)
        .position(|m| m.id == member.id)
        .unwrap_or(0);
    match index {
        0 => Shift::default(),
        1 => Shift {
            hue_turns: -0.035,
            chroma: 0.95,
            lightness: -0.085,
        },
        _ => {
            let draw = crate::random::Seed(0).stream("palette/apart").item(index as u64);
            Shift {
                hue_turns: draw.range(0, -0.02, 0.02),
                chroma: draw.range(1, 0.85, 1.1),
                lightness: draw.range(2, -0.07, 0.03),
            }
        }
    }
}

fn unknown_slot(owner: &str, slot: &str) -> Finding {
    Finding {
        status: Status::Degraded,
        code: "unknown_slot".into(),
        text: format!("{owner}/{slot}"),
        start: 0,
        end: 0,
        message: format!(
            "no palette has the slot `{slot}` of {owner}: painted a neutral; set its colour in control.json"
        ),
        nearest: Vec::new(),
    }
}
