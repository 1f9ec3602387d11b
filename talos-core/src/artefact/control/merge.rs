//! Two people's changes of one film laid together.

use std::collections::BTreeMap;

use super::{Change, ColorPalette, Control, Edit};

/// What to do where two controls want different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeRule {
    /// Nothing: the conflicts are listed.
    Refuse,
    /// What is here stays.
    Ours,
    /// What comes replaces what is here.
    Theirs,
}

/// Something that two controls want differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Address of a parameter, or the strokes that two edits are of.
    pub what: String,
    /// What is here.
    pub ours: String,
    /// What comes.
    pub theirs: String,
}

impl Control {
    /// This control with another's changes: overrides and parameters by address, edits by what they
    /// say. What both want the same is kept once, so merging twice changes nothing. Edits of the other
    /// whose id is taken get a new one. Two edits conflict when they make the same kind of change, or
    /// one deletes, and they may meet on a stroke in a frame; each kind lies in a space of its own, so
    /// others go together.
    ///
    /// # Errors
    /// The conflicts, when the rule is to refuse.
    pub fn merged(&self, other: &Self, rule: MergeRule) -> Result<Self, Vec<Conflict>> {
        let mut result = self.clone();
        let mut conflicts = Vec::new();
        result.merge_parameters(other, rule, &mut conflicts);
        for (address, value) in &other.overrides {
            let ours = self.overrides.get(address).filter(|ours| *ours != value);
            conflicts.extend(ours.map(|ours| Conflict {
                what: address.clone(),
                ours: ours.to_string(),
                theirs: value.to_string(),
            }));
            if ours.is_none() || rule == MergeRule::Theirs {
                result.overrides.insert(address.clone(), value.clone());
            }
        }
        result.merge_edits(other, rule, &mut conflicts);
        if rule == MergeRule::Refuse && !conflicts.is_empty() {
            return Err(conflicts);
        }
        Ok(result)
    }

    fn merge_parameters(&mut self, other: &Self, rule: MergeRule, conflicts: &mut Vec<Conflict>) {
        let mut take = |what: &str, ours: String, theirs: String, here: bool, comes: bool| {
            let differs = comes && here && ours != theirs;
            if differs {
                conflicts.push(Conflict {
                    what: what.into(),
                    ours,
                    theirs,
                });
            }
            comes && (!here || (differs && rule == MergeRule::Theirs))
        };
        let (ours, theirs) = (&self.parameters, &other.parameters);
        let (a, b) = (ours.line_pressure_avg, theirs.line_pressure_avg);
        let words = |p: Option<f64>| p.map_or_else(String::new, |p| p.to_string());
        let pressure = take("line/pressure_avg", words(a), words(b), a.is_some(), b.is_some());
        let (a, b) = (&ours.emotion_tension_curve, &theirs.emotion_tension_curve);
        let (here, comes) = (!a.is_empty(), !b.is_empty());
        let tension = take(
            "emotion/tension_curve",
            format!("{a:?}"),
            format!("{b:?}"),
            here,
            comes,
        );
        let (a, b, none) = (ours.color_palette, theirs.color_palette, ColorPalette::default());
        let mut number = |what: &str, a: f64, b: f64, none: f64| {
            take(what, a.to_string(), b.to_string(), a != none, b != none)
        };
        let hue = number("palette/hue_shift", a.hue_shift, b.hue_shift, none.hue_shift);
        let saturation = number(
            "palette/saturation_boost",
            a.saturation_boost,
            b.saturation_boost,
            none.saturation_boost,
        );
        let mine = &mut self.parameters;
        if pressure {
            mine.line_pressure_avg = theirs.line_pressure_avg;
        }
        if tension {
            mine.emotion_tension_curve
                .clone_from(&theirs.emotion_tension_curve);
        }
        if hue {
            mine.color_palette.hue_shift = b.hue_shift;
        }
        if saturation {
            mine.color_palette.saturation_boost = b.saturation_boost;
        }
    }

    fn merge_edits(&mut self, other: &Self, rule: MergeRule, conflicts: &mut Vec<Conflict>) {
        let ours = self.edits.clone();
        let mut theirs: Vec<&Edit> = other.edits.iter().collect();
        theirs.sort_by_key(|e| e.number());
        // what both have, and under which id it is here
        let mut renamed = BTreeMap::new();
        let mut shared = vec![false; ours.len()];
        theirs.retain(|edit| {
            let edit = retargeted(edit, &renamed);
            let same = ours.iter().position(|o| o.says_the_same(&edit));
            if let Some(index) = same {
                shared[index] = true;
                renamed.insert(edit.id, ours[index].id.clone());
            }
            same.is_none()
        });
        self.edits_made = self.edits_made.max(other.edits_made);
        for edit in theirs {
            let edit = retargeted(edit, &renamed);
            // what both have stays, whatever comes beside it
            let own = ours.iter().zip(&shared).filter(|(_, shared)| !**shared);
            let against: Vec<&Edit> = own.map(|(o, _)| o).filter(|o| clash(o, &edit)).collect();
            conflicts.extend(against.iter().map(|o| Conflict {
                what: o.target.to_string(),
                ours: words(o),
                theirs: words(&edit),
            }));
            if rule == MergeRule::Theirs {
                self.edits.retain(|e| !against.iter().any(|a| a.id == e.id));
            }
            if rule == MergeRule::Theirs || against.is_empty() {
                let id = if ours.iter().any(|o| o.id == edit.id) {
                    self.edits_made = self.edits_made.saturating_add(1);
                    format!("e{}", self.edits_made)
                } else {
                    edit.id.clone()
                };
                renamed.insert(edit.id.clone(), id.clone());
                self.edits.push(Edit { id, ..edit });
            }
        }
    }
}

/// An edit of a line that an edit added, where that one has a new id.
fn retargeted(edit: &Edit, renamed: &BTreeMap<String, String>) -> Edit {
    let mut edit = edit.clone();
    if let Some((subject, id)) = edit
        .target
        .stroke_id
        .as_deref()
        .and_then(|s| s.split_once(".added."))
        && let Some(id) = renamed.get(id)
    {
        edit.target.stroke_id = Some(format!("{subject}.added.{id}"));
    }
    edit
}

/// An edit in a line of words.
fn words(edit: &Edit) -> String {
    format!(
        "{} ({}, frames {}-{})",
        edit.id, edit.change, edit.first_frame, edit.last_frame
    )
}

/// Whether two edits cannot both be meant.
fn clash(a: &Edit, b: &Edit) -> bool {
    let adds = |e: &Edit| matches!(e.change, Change::Add { .. });
    let deletes = |e: &Edit| matches!(e.change, Change::Delete {});
    let same = a.change.name() == b.change.name() || deletes(a) || deletes(b);
    let (x, y) = (a.frames(), b.frames());
    let overlap = x.start() <= y.end() && y.start() <= x.end();
    same && overlap && !adds(a) && !adds(b) && a.target.may_meet(&b.target)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::artefact::Target;

    fn control(edits: &[(&str, Change, std::ops::RangeInclusive<u32>)]) -> Control {
        let mut control = Control::default();
        for (i, (stroke, change, frames)) in edits.iter().enumerate() {
            control.edits.push(Edit {
                id: format!("e{}", i + 1),
                ..Edit::new(Target::stroke(*stroke), frames.clone(), change.clone())
            });
            control.edits_made += 1;
        }
        control
    }

    fn bend(delta_curvature: f64) -> Change {
        Change::Bend {
            delta_curvature,
            delta_pressure: 0.0,
        }
    }

    #[test]
    fn what_does_not_touch_is_kept_and_merging_twice_changes_nothing() {
        let mut ours = control(&[("a.brow", bend(1.0), 1..=5), ("a.mouth", bend(0.5), 1..=5)]);
        let mut theirs = control(&[
            ("a.brow", bend(2.0), 6..=9),
            ("a.mouth", bend(0.5), 1..=5),
            ("a.brow", Change::Width { factor: 2.0 }, 1..=9),
        ]);
        ours.overrides.insert("light/exposure".into(), json!(1));
        theirs.overrides.insert("ink/width".into(), json!(2));
        theirs.parameters.line_pressure_avg = Some(0.4);
        let merged = ours.merged(&theirs, MergeRule::Refuse).expect("no conflict");
        assert_eq!(merged.edits.len(), 4);
        assert_eq!(merged.overrides.len(), 2);
        assert_eq!(merged.parameters.line_pressure_avg, Some(0.4));
        let ids: std::collections::BTreeSet<&str> = merged.edits.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids.len(), 4, "every id once");
        assert_eq!(merged.merged(&theirs, MergeRule::Refuse), Ok(merged.clone()));
        assert_eq!(ours.merged(&ours, MergeRule::Refuse), Ok(ours.clone()));
    }

    #[test]
    fn conflicts_are_told_or_settled_by_the_rule() {
        let mut ours = control(&[("a.brow", bend(1.0), 1..=5), ("b.tail", bend(1.0), 1..=5)]);
        let mut theirs = control(&[
            ("a.brow", bend(-1.0), 5..=9),
            ("c.wing", Change::Delete {}, 1..=2),
        ]);
        ours.overrides.insert("light/exposure".into(), json!(1));
        theirs.overrides.insert("light/exposure".into(), json!(2));
        let conflicts = ours
            .merged(&theirs, MergeRule::Refuse)
            .expect_err("two conflicts");
        let of: Vec<&str> = conflicts.iter().map(|c| c.what.as_str()).collect();
        assert_eq!(of, ["light/exposure", "a.brow"]);
        let kept = ours.merged(&theirs, MergeRule::Ours).expect("settled");
        assert!(kept.edits.iter().any(|e| e.change == bend(1.0)) && kept.edits.len() == 3);
        assert_eq!(kept.overrides["light/exposure"], json!(1));
        assert_eq!(kept.merged(&theirs, MergeRule::Ours), Ok(kept.clone()));
        let taken = ours.merged(&theirs, MergeRule::Theirs).expect("settled");
        assert!(taken.edits.iter().any(|e| e.change == bend(-1.0)) && taken.edits.len() == 3);
        assert_eq!(taken.overrides["light/exposure"], json!(2));
        assert_eq!(taken.merged(&theirs, MergeRule::Theirs), Ok(taken.clone()));
    }

    #[test]
    fn a_query_meets_the_strokes_of_its_subject_only() {
        let girl = Target::subject("girl_a");
        assert!(girl.may_meet(&Target::stroke("girl_a.brow.left")));
        assert!(!girl.may_meet(&Target::stroke("girl_ab.brow.left")));
        assert!(!girl.may_meet(&Target::subject("wolf_a")));
        let layer = Target {
            layer: Some("subject".into()),
            ..Target::default()
        };
        assert!(layer.may_meet(&girl) && layer.may_meet(&Target::stroke("x")));
    }
}
