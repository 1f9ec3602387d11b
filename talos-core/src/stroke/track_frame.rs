//! The names of one frame's strokes, from the tick nearest to it: any frame alone agrees with all others.

use std::collections::BTreeSet;

use super::Stroke;
use super::name::Draft;
use super::pairing::{Course, Overlaps, RADIUS_PX};
use super::track::{State, Tracked, Tracks};
use crate::camera::{FrameSize, Projection};
use crate::scene::SceneObject;

/// Share of the shorter of a frame's stroke and a tracked one that must run along the other.
const LEAST_SHARE: f64 = 0.25;

/// What a frame is told by its cut's tracks: how the strokes of the nearest tick run in it.
pub(super) struct Guide<'a> {
    tracks: &'a Tracks,
    pub(super) tracked: &'a [Tracked],
    pub(super) known: Vec<Course>,
    pub(super) size: FrameSize,
    tick: u32,
}

impl Tracks {
    /// The guide of a frame whose nearest tick is `tick`.
    pub(super) fn guide(
        &self,
        tick: u32,
        objects: &[SceneObject],
        projection: &Projection,
        size: FrameSize,
    ) -> Guide<'_> {
        let scale = size.scale() / self.size.scale();
        let last = self.ticks.len().saturating_sub(1);
        let tracked = self.ticks.get((tick as usize).min(last)).map_or(&[][..], |t| t);
        Guide {
            tracks: self,
            tracked,
            known: tracked
                .iter()
                .map(|s| s.course(objects, projection, scale))
                .collect(),
            size,
            tick,
        }
    }
}

impl Guide<'_> {
    /// Names a frame's strokes and sorts them by name.
    pub(super) fn named(&self, mut drafts: Vec<Draft>, objects: &[SceneObject]) -> Vec<Stroke> {
        drafts.sort_by(|a, b| {
            (b.footprint.length.total_cmp(&a.footprint.length)).then_with(|| a.place.cmp(&b.place))
        });
        let (known, tracked, size) = (&self.known, self.tracked, self.size);
        let drawn: Vec<Course> = drafts.iter().map(|d| d.footprint.course(objects)).collect();
        let overlaps = Overlaps::between(known, &drawn, RADIUS_PX * size.scale());
        let mut names: Vec<Option<String>> = vec![None; drafts.len()];
        let mut dropped = vec![false; drafts.len()];
        for (a, b) in overlaps.pairs(known, &drawn, LEAST_SHARE) {
            names[b] = Some(self.name_of(tracked[a].name));
            dropped[b] = tracked[a].state == State::Quiet;
        }
        let hosts = overlaps.hosts_of_second(drawn.len());
        let mut used: BTreeSet<String> = names.iter().flatten().cloned().collect();
        for (b, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_none()) {
            let base = match hosts[b] {
                Some((a, _)) => format!("{}.piece_{}", self.name_of(tracked[a].name), self.tick),
                None => format!("{}.loose_{}", drafts[b].place.prefix, self.tick),
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
            .zip(dropped)
            .filter(|(_, dropped)| !dropped)
            .map(|((draft, name), _)| Stroke {
                stroke_id: name.unwrap_or_default(),
                ..draft.stroke
            })
            .collect();
        strokes.sort_by(|a, b| a.stroke_id.cmp(&b.stroke_id));
        strokes
    }

    fn name_of(&self, index: u32) -> String {
        self.tracks
            .names
            .get(index as usize)
            .map_or_else(String::new, |n| n.name.clone())
    }
}
