//! The names of one frame's strokes, from the tick nearest to it: any frame alone agrees with all others.

use std::collections::BTreeSet;

use super::name::Draft;
use super::pairing::{Course, Overlaps, RADIUS_PX};
use super::track::Tracks;
use super::{Stroke, StyleClass};
use crate::camera::{FrameSize, Projection};
use crate::scene::SceneObject;

/// Share of the shorter of a frame's stroke and a tracked one that must run along the other.
const LEAST_SHARE: f64 = 0.25;

impl Tracks {
    /// Names a frame's strokes and sorts them by name.
    pub(super) fn named(
        &self,
        tick: u32,
        mut drafts: Vec<Draft>,
        objects: &[SceneObject],
        projection: &Projection,
        size: FrameSize,
    ) -> Vec<Stroke> {
        drafts.sort_by(|a, b| {
            (b.footprint.length.total_cmp(&a.footprint.length)).then_with(|| a.place.cmp(&b.place))
        });
        let scale = size.scale() / self.size.scale();
        let last = self.ticks.len().saturating_sub(1);
        let tracked = self.ticks.get((tick as usize).min(last)).map_or(&[][..], |t| t);
        let known: Vec<Course> = tracked
            .iter()
            .map(|s| s.course(objects, projection, scale))
            .collect();
        let drawn: Vec<Course> = drafts.iter().map(|d| d.footprint.course(objects)).collect();
        let overlaps = Overlaps::between(&known, &drawn, RADIUS_PX * size.scale());
        let mut names: Vec<Option<String>> = vec![None; drafts.len()];
        for (a, b) in overlaps.pairs(&known, &drawn, LEAST_SHARE) {
            names[b] = Some(self.name_of(tracked[a].name));
        }
        let hosts = overlaps.hosts_of_second(drawn.len());
        let mut used: BTreeSet<String> = names.iter().flatten().cloned().collect();
        for (b, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_none()) {
            let base = match hosts[b] {
                Some((a, _)) => format!("{}.piece", self.name_of(tracked[a].name)),
                None => format!("{}.loose", drafts[b].place.fresh_name(StyleClass::Mark, |_| false)),
            };
            let mut number = 1;
            let fresh = loop {
                let fresh = format!("{base}_{number}");
                if used.insert(fresh.clone()) {
                    break fresh;
                }
                number += 1;
            };
            *name = Some(fresh);
        }
        let mut strokes: Vec<Stroke> = drafts
            .into_iter()
            .zip(names)
            .map(|(draft, name)| Stroke {
                stroke_id: name.unwrap_or_default(),
                ..draft.stroke
            })
            .collect();
        strokes.sort_by(|a, b| a.stroke_id.cmp(&b.stroke_id));
        strokes
    }

    fn name_of(&self, index: u32) -> String {
        self.names
            .get(index as usize)
            .map_or_else(String::new, |n| n.name.clone())
    }
}
