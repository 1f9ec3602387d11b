//! The names of one frame's strokes, from the tick nearest to it: any frame alone agrees with all others.

use std::collections::BTreeSet;

use super::footprint::{Family, Footprint, SAMPLES_PER_SPOT};
use super::name::Draft;
use super::pairing::{Course, Overlaps, RADIUS_PX, labels};
use super::trace::Trace;
use super::track::{State, Tracked, Tracks};
use super::{Stroke, StyleClass};
use crate::camera::{FrameSize, Projection};
use crate::scene::SceneObject;

/// Share of the shorter of a frame's stroke and a tracked one that must run along the other.
const LEAST_SHARE: f64 = 0.25;

/// What a frame is told by its cut's tracks: how the strokes of the nearest tick run in it.
pub(super) struct Guide<'a> {
    tracks: &'a Tracks,
    tracked: &'a [Tracked],
    known: Vec<Course>,
    size: FrameSize,
    /// Families in which a line is held apart from another.
    held: BTreeSet<Family>,
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
        let held = tracked.iter().filter(|s| matches!(s.state, State::Held(_)));
        Guide {
            tracks: self,
            tracked,
            known: tracked
                .iter()
                .map(|s| s.course(objects, projection, scale))
                .collect(),
            size,
            held: held.map(|s| s.family).collect(),
        }
    }
}

impl Guide<'_> {
    /// Whether lines of an object are held apart.
    pub(super) fn cuts(&self, object: usize) -> bool {
        let first = |kind| Family {
            object: object as u32,
            kind,
        };
        self.held.range(first(0)..=first(u32::MAX)).next().is_some()
    }

    /// The pieces of a line that the tracks hold apart; the line itself where they do not.
    pub(super) fn pieces(&self, object: &SceneObject, footprint: &Footprint, run: Trace) -> Vec<Trace> {
        if !self.held.contains(&footprint.family) {
            return vec![run];
        }
        let rivals: Vec<usize> = (0..self.known.len())
            .filter(|&i| self.known[i].family == footprint.family)
            .collect();
        let courses: Vec<Course> = rivals.iter().map(|&i| self.known[i].clone()).collect();
        let course = footprint.course_of(object);
        let labels = labels(&course, &courses, RADIUS_PX * self.size.scale(), None);
        let apart = |a: Option<usize>, b: Option<usize>| match (a, b) {
            (Some(a), Some(b)) if a != b => {
                let [a, b] = [a, b].map(|i| &self.tracked[rivals[i]]);
                matches!(a.state, State::Held(_)) || matches!(b.state, State::Held(_))
            }
            _ => false,
        };
        let count = labels.len();
        let cuts: Vec<usize> = (1..count)
            .filter(|&i| apart(labels[i - 1], labels[i]))
            .map(|i| (i * SAMPLES_PER_SPOT).min(run.samples.len() - 1))
            .collect();
        let wraps = run.closed && count > 1 && apart(labels[count - 1], labels[0]);
        cut(run, &cuts, wraps)
    }

    /// Names a frame's strokes and sorts them by name.
    pub(super) fn named(&self, mut drafts: Vec<Draft>, objects: &[SceneObject]) -> Vec<Stroke> {
        drafts.sort_by(|a, b| {
            (b.footprint.length.total_cmp(&a.footprint.length)).then_with(|| a.place.cmp(&b.place))
        });
        let (known, tracked, size) = (&self.known, self.tracked, self.size);
        let drawn: Vec<Course> = drafts.iter().map(|d| d.footprint.course(objects)).collect();
        let overlaps = Overlaps::between(known, &drawn, RADIUS_PX * size.scale());
        let mut names: Vec<Option<String>> = vec![None; drafts.len()];
        for (a, b) in overlaps.pairs(known, &drawn, LEAST_SHARE) {
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
        self.tracks
            .names
            .get(index as usize)
            .map_or_else(String::new, |n| n.name.clone())
    }
}

/// A run cut at samples, in order; a loop becomes open, and stays whole over its seam unless `wraps`.
fn cut(mut run: Trace, cuts: &[usize], wraps: bool) -> Vec<Trace> {
    let mut cuts = cuts.to_vec();
    if run.closed {
        let Some(first) = (if wraps { Some(0) } else { cuts.first().copied() }) else {
            return vec![run];
        };
        run.samples.rotate_left(first);
        run.samples.extend(run.samples.first().copied());
        cuts.iter_mut().for_each(|c| *c -= first);
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    for end in cuts.into_iter().chain([run.samples.len() - 1]).filter(|&c| c > 0) {
        if end > start {
            pieces.push(Trace {
                samples: run.samples[start..=end].to_vec(),
                closed: false,
            });
        }
        start = end;
    }
    if pieces.len() < 2 && !run.closed {
        return vec![run];
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::DVec2;
    use crate::stroke::trace::Sample;

    fn run(closed: bool) -> Trace {
        let sample = |i: u32| Sample {
            pixel: DVec2::new(f64::from(i), 0.0),
            inverse_depth: 0.1,
            link: 0,
            pressure: 1.0,
            corner: false,
        };
        Trace {
            samples: (0..12).map(sample).collect(),
            closed,
        }
    }

    #[test]
    fn pieces_share_their_ends_and_lose_nothing() {
        let ends = |pieces: &[Trace]| -> Vec<[f64; 2]> {
            let end = |t: &Trace| [t.samples[0].pixel.x, t.samples[t.samples.len() - 1].pixel.x];
            pieces.iter().map(end).collect()
        };
        assert_eq!(ends(&cut(run(false), &[4], false)), [[0.0, 4.0], [4.0, 11.0]]);
        assert_eq!(ends(&cut(run(true), &[4, 8], false)), [[4.0, 8.0], [8.0, 4.0]]);
        assert_eq!(ends(&cut(run(true), &[4], true)), [[0.0, 4.0], [4.0, 0.0]]);
        assert!(cut(run(true), &[], false)[0].closed);
        assert_eq!(ends(&cut(run(false), &[], false)), [[0.0, 11.0]]);
    }
}
