//! Names that last: the strokes of a cut followed from tick to tick, baked once.
//!
//! At a fixed tick the strokes are sketched. Those of a tick are carried to the next by the motion of
//! the model and the camera, so what is compared is left over from both: strokes that then run along
//! each other are one line. The greatest overlap keeps the name; what else overlaps has split off or
//! merged. A line that comes back from behind something takes its old name, one that was swallowed by
//! another never does: so no name dies and is reborn while what it names is in sight.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::anatomy::Anatomy;
use super::draw::sketch;
use super::footprint::{Anchor, Family, Footprint, Tip, seen_at};
use super::name::Draft;
use super::pairing::{Course, Overlaps, RADIUS_PX, labels};
use crate::camera::{FrameSize, Projection};
use crate::image::rasterize;
use crate::scene::SceneObject;

/// Ticks a second, whatever the frame rate: at 24 a wing that beats once a second turns by less than
/// 15° in a tick, which is what the search radius is made for; twice as many cost twice as much.
pub const TRACK_TICK_HZ: f64 = 24.0;

/// Share of the shorter stroke that must run along the other for both to be one: a line of which a
/// quarter is left after an occluder has passed is still that line.
const LEAST_SHARE: f64 = 0.25;

/// The same for a line that comes back: nothing but its place speaks for it.
const RETURN_SHARE: f64 = 0.5;

/// Share of a stroke that must lie along another for it to have split off or merged.
const PART_SHARE: f64 = 0.5;

/// A line that slides over the surface may come back this many times further off than it moves in a tick.
const RETURN_REACH: f64 = 2.0;

/// Ticks for which a line that ran into another is held apart from it: a third of a second. Contours of
/// a mesh join and part again within two or three; more would keep lines cut that have long been one.
const PATIENCE: u32 = 8;

/// Ticks that are sketched before they are compared: what is held at once are their posed objects.
const BATCH: u32 = 16;

/// A scene at an instant and how it is seen.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Every object, posed; the same ones in the same order at every tick.
    pub objects: Vec<SceneObject>,
    /// The camera.
    pub projection: Projection,
}

/// What happens to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrackEventKind {
    /// A line is seen for the first time.
    Appear,
    /// It is seen no more.
    Vanish,
    /// It is seen again, after something hid it.
    Reappear,
    /// A piece of another line goes on under a name of its own.
    Split,
    /// It goes on as a piece of another line.
    Merge,
}

/// An event in the life of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackEvent {
    /// The first tick at which it is so.
    pub tick: u32,
    /// What happens.
    pub kind: TrackEventKind,
    /// Index of the name.
    pub name: u32,
    /// Index of the line that it split off or merged into.
    pub other: Option<u32>,
}

/// A name and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// The id of its strokes.
    pub name: String,
    /// The line that it split off.
    pub parent: Option<u32>,
    /// Stretches of ticks at which it is seen, first and last.
    pub lives: Vec<(u32, u32)>,
}

/// A named stroke at a tick.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tracked {
    /// Index of its name.
    pub(super) name: u32,
    pub(super) family: Family,
    /// Pixels of the bake that a place stands for.
    pub(super) spot_px: f32,
    pub(super) places: Vec<Anchor>,
    pub(super) state: State,
}

/// How a named stroke is there at a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Drawn of its own.
    Drawn,
    /// Drawn as a piece of another, from which frames cut it off: it was apart shortly before and will be
    /// shortly after.
    Held(u32),
    /// Seen for too short a time to be drawn at all.
    Quiet,
}

/// The names of a cut's strokes, and where each runs at every tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracks {
    /// Size of the pictures that it was baked from.
    pub(super) size: FrameSize,
    pub(super) names: Vec<Lineage>,
    pub(super) events: Vec<TrackEvent>,
    pub(super) ticks: Vec<Vec<Tracked>>,
}

impl Tracks {
    /// Follows the strokes of `ticks` moments through pictures of a size.
    #[must_use]
    pub fn bake(
        anatomies: &[Arc<Anatomy>],
        size: FrameSize,
        ticks: u32,
        scene: &(dyn Fn(u32) -> Moment + Sync),
    ) -> Self {
        let mut follower = Follower::new(size);
        for first in (0..ticks).step_by(BATCH as usize) {
            let batch: Vec<(Moment, Vec<Draft>)> = (first..ticks.min(first + BATCH))
                .into_par_iter()
                .map(|tick| {
                    let moment = scene(tick);
                    let visibility = rasterize(&moment.objects, &moment.projection, size);
                    let drafts = sketch(&moment.objects, anatomies, &moment.projection, &visibility);
                    (moment, drafts)
                })
                .collect();
            batch
                .into_iter()
                .for_each(|(moment, drafts)| follower.follow(&moment, drafts));
        }
        follower.finished()
    }

    /// Every name, by index.
    #[must_use]
    pub fn names(&self) -> &[Lineage] {
        &self.names
    }

    /// What happened to them, in order of time.
    #[must_use]
    pub fn events(&self) -> &[TrackEvent] {
        &self.events
    }

    /// Number of ticks.
    #[must_use]
    pub fn ticks(&self) -> u32 {
        self.ticks.len() as u32
    }

    /// Share of the names seen at a tick that are seen at the next; 1 where there is none.
    #[must_use]
    pub fn persistence(&self) -> f64 {
        let drawn = |strokes: &[Tracked]| -> BTreeSet<u32> {
            let shown = strokes.iter().filter(|s| s.state != State::Quiet);
            shown.map(|s| s.name).collect()
        };
        let (mut kept, mut total) = (0, 0);
        for pair in self.ticks.windows(2) {
            let (before, after) = (drawn(&pair[0]), drawn(&pair[1]));
            kept += before.intersection(&after).count();
            total += before.len();
        }
        if total == 0 {
            1.0
        } else {
            kept as f64 / total as f64
        }
    }

    /// Names seen at a tick, in order of their index.
    #[must_use]
    pub fn seen(&self, tick: u32) -> Vec<&str> {
        let strokes = self.ticks.get(tick as usize).into_iter().flatten();
        let mut seen: Vec<u32> = strokes
            .filter(|s| s.state != State::Quiet)
            .map(|s| s.name)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        seen.iter()
            .map(|&n| self.names[n as usize].name.as_str())
            .collect()
    }
}

impl Tracked {
    /// The stroke as it runs when its model is posed as it is now.
    pub(super) fn course(&self, objects: &[SceneObject], projection: &Projection, scale: f64) -> Course {
        let length = f64::from(self.spot_px) * scale * self.places.len() as f64;
        let object = objects.get(self.family.object as usize);
        let size_m = object.map_or(1.0, |o| o.model.size_m);
        let places = self
            .places
            .iter()
            .map(|anchor| object.and_then(|o| seen_at(anchor, o, projection)));
        Course::new(self.family, places, length, size_m)
    }
}

impl Footprint {
    /// The stroke as it runs on its picture.
    pub(super) fn course(&self, objects: &[SceneObject]) -> Course {
        objects
            .get(self.family.object as usize)
            .map_or_else(|| self.course_in(1.0), |o| self.course_of(o))
    }

    /// The same, when its object is known.
    pub(super) fn course_of(&self, object: &SceneObject) -> Course {
        self.course_in(object.model.size_m)
    }

    fn course_in(&self, size_m: f64) -> Course {
        let places = self.spots.iter().map(|s| Some((s.pixel, s.inverse_depth)));
        Course::new(self.family, places, self.length, size_m)
    }
}

/// A line out of sight.
struct Lost {
    stroke: Tracked,
}

/// Goes from tick to tick.
struct Follower {
    tracks: Tracks,
    lost: Vec<Lost>,
    taken: BTreeSet<String>,
    /// Lines that are kept though they are not drawn of their own, since which tick.
    pending: BTreeMap<u32, u32>,
    /// The ends of every tick's drawn lines, by name.
    ends: Vec<BTreeMap<u32, [Tip; 2]>>,
}

impl Follower {
    fn new(size: FrameSize) -> Self {
        Self {
            tracks: Tracks {
                size,
                names: Vec::new(),
                events: Vec::new(),
                ticks: Vec::new(),
            },
            lost: Vec::new(),
            taken: BTreeSet::new(),
            pending: BTreeMap::new(),
            ends: Vec::new(),
        }
    }

    fn follow(&mut self, moment: &Moment, mut drafts: Vec<Draft>) {
        drafts.retain(|d| !d.footprint.spots.is_empty());
        // births are named in order of length: the longest line gets the name of its cell
        drafts.sort_by(|a, b| {
            (b.footprint.length.total_cmp(&a.footprint.length)).then_with(|| a.place.cmp(&b.place))
        });
        let scale = self.tracks.size.scale();
        let tick = self.tracks.ticks.len() as u32;
        let seen: Vec<Course> = drafts
            .iter()
            .map(|d| d.footprint.course(&moment.objects))
            .collect();
        let before = self.tracks.ticks.last().cloned().unwrap_or_default();
        let carried: Vec<Course> = before
            .iter()
            .map(|s| s.course(&moment.objects, &moment.projection, 1.0))
            .collect();
        let overlaps = Overlaps::between(&carried, &seen, RADIUS_PX * scale);
        let mut names: Vec<Option<u32>> = vec![None; drafts.len()];
        let mut heir: Vec<Option<usize>> = vec![None; before.len()];
        for (a, b) in overlaps.pairs(&carried, &seen, LEAST_SHARE) {
            names[b] = Some(before[a].name);
            heir[a] = Some(b);
            self.pending.remove(&before[a].name);
        }
        self.welcome_back(tick, moment, &seen, &mut names);
        let hosts = overlaps.hosts_of_second(seen.len());
        for b in 0..drafts.len() {
            if names[b].is_none() {
                let host = hosts[b].filter(|(_, px)| *px >= PART_SHARE * seen[b].length());
                let parent = host.map(|(a, _)| before[a].name);
                names[b] = Some(self.born(tick, &drafts[b], parent));
            }
        }
        let mut strokes: Vec<Tracked> = drafts
            .iter()
            .zip(&names)
            .filter_map(|(draft, name)| Some(tracked(&draft.footprint, (*name)?)))
            .collect();
        let ends = drafts
            .iter()
            .zip(&names)
            .filter_map(|(draft, name)| Some(((*name)?, draft.footprint.tips())))
            .collect();
        self.ends.push(ends);
        let mut held = Vec::new();
        for (a, stroke) in before.into_iter().enumerate().filter(|(a, _)| heir[*a].is_none()) {
            let hidden = overlaps.covered(a) < PART_SHARE * carried[a].length().max(1e-9);
            let host = overlaps.host_of_first(a).map(|(b, _)| b).filter(|_| !hidden);
            match host {
                Some(host) => held.push((a, host, stroke)),
                None => {
                    self.finish(tick, stroke.name, None);
                    self.lost.push(Lost { stroke });
                }
            }
        }
        self.hold_apart(tick, held, (&carried, &seen), &heir, &mut strokes);
        self.tracks.ticks.push(strokes);
    }

    /// Keeps lines that have just run into others (`held`: their course, their host and themselves) apart
    /// from these: each takes the places of its host that are nearest to it.
    fn hold_apart(
        &mut self,
        tick: u32,
        held: Vec<(usize, usize, Tracked)>,
        (carried, seen): (&[Course], &[Course]),
        heir: &[Option<usize>],
        strokes: &mut Vec<Tracked>,
    ) {
        let radius = RADIUS_PX * self.tracks.size.scale();
        let hosts: BTreeSet<usize> = held.iter().map(|h| h.1).collect();
        let mut parts: BTreeMap<usize, Vec<Anchor>> = BTreeMap::new();
        for &host in &hosts {
            let claims = |a: usize| heir[a] == Some(host) || held.iter().any(|h| h.0 == a && h.1 == host);
            let own = (0..carried.len()).filter(|&a| heir[a] == Some(host));
            let rivals: Vec<usize> = (0..carried.len()).filter(|&a| claims(a)).collect();
            let courses: Vec<Course> = rivals.iter().map(|&a| carried[a].clone()).collect();
            let first = own.map(|a| rivals.iter().position(|&r| r == a)).next().flatten();
            let labels = labels(&seen[host], &courses, radius, first);
            let places = std::mem::take(&mut strokes[host].places);
            for (place, label) in places.into_iter().zip(labels) {
                match label.filter(|l| Some(*l) != first) {
                    Some(label) => parts.entry(rivals[label]).or_default().push(place),
                    None => strokes[host].places.push(place),
                }
            }
        }
        for (a, host, stroke) in held {
            let places = parts.remove(&a).unwrap_or_default();
            let host_name = strokes[host].name;
            if places.is_empty() || strokes[host].places.is_empty() {
                strokes[host].places.extend(places);
                self.finish(tick, stroke.name, Some(host_name));
                continue;
            }
            let piece = Tracked {
                places,
                spot_px: strokes[host].spot_px,
                state: State::Held(host_name),
                ..stroke
            };
            self.keep(tick, piece, host_name, strokes);
        }
    }

    /// Keeps a line apart from its host for a while, in case they part again.
    fn keep(&mut self, tick: u32, piece: Tracked, host: u32, strokes: &mut Vec<Tracked>) {
        let (name, since) = (piece.name, *self.pending.entry(piece.name).or_insert(tick));
        strokes.push(piece);
        if tick + 1 - since > PATIENCE {
            // its places go back to those which hold them now
            withdraw(strokes, name);
            self.finish(tick, name, Some(host));
        }
    }

    /// Ends a line when it was last drawn: it runs into a host, or is seen no more.
    fn finish(&mut self, tick: u32, name: u32, host: Option<u32>) {
        let since = self.pending.remove(&name).unwrap_or(tick);
        for strokes in &mut self.tracks.ticks[since as usize..] {
            withdraw(strokes, name);
        }
        let kind = if host.is_some() {
            TrackEventKind::Merge
        } else {
            TrackEventKind::Vanish
        };
        self.event(since, kind, name, host);
    }

    /// Ends what is still kept, counts lives, sorts events.
    fn finished(mut self) -> Tracks {
        let last = self.tracks.ticks.last().cloned().unwrap_or_default();
        for stroke in last {
            if let State::Held(host) = stroke.state {
                self.finish(self.tracks.ticks.len() as u32, stroke.name, Some(host));
            }
        }
        self.tracks.settle(&self.ends);
        self.tracks.events.sort_by_key(|e| (e.tick, e.kind, e.name));
        self.tracks
    }

    /// Gives lines that come back their names; forgets those whose place another line has taken.
    fn welcome_back(&mut self, tick: u32, moment: &Moment, seen: &[Course], names: &mut [Option<u32>]) {
        let scale = self.tracks.size.scale();
        let lost: Vec<Course> = self
            .lost
            .iter()
            .map(|l| l.stroke.course(&moment.objects, &moment.projection, 1.0))
            .collect();
        let fresh: Vec<usize> = (0..seen.len()).filter(|&b| names[b].is_none()).collect();
        let mut returned = vec![false; seen.len()];
        let strangers: Vec<Course> = fresh.iter().map(|&b| seen[b].clone()).collect();
        let mut back = vec![false; lost.len()];
        for (reach, slides) in [(1.0, false), (RETURN_REACH, true)] {
            let overlaps = Overlaps::between(&lost, &strangers, reach * RADIUS_PX * scale);
            for (a, b) in overlaps.pairs(&lost, &strangers, RETURN_SHARE) {
                if names[fresh[b]].is_none() && !back[a] && (!slides || lost[a].family.slides()) {
                    let name = self.lost[a].stroke.name;
                    names[fresh[b]] = Some(name);
                    (back[a], returned[fresh[b]]) = (true, true);
                    self.event(tick, TrackEventKind::Reappear, name, None);
                }
            }
        }
        let others: Vec<Course> = (0..seen.len())
            .filter(|&b| !returned[b])
            .map(|b| seen[b].clone())
            .collect();
        let covered = Overlaps::between(&lost, &others, 0.5 * RADIUS_PX * scale);
        let mut index = 0;
        self.lost.retain(|_| {
            index += 1;
            let a = index - 1;
            let swallowed = covered.covered(a) >= PART_SHARE * lost[a].length() && lost[a].length() > 0.0;
            !back[a] && !swallowed
        });
    }

    fn born(&mut self, tick: u32, draft: &Draft, parent: Option<u32>) -> u32 {
        let name = draft
            .place
            .fresh_name(draft.stroke.style_class, |name| self.taken.contains(name));
        self.taken.insert(name.clone());
        let index = self.tracks.names.len() as u32;
        self.tracks.names.push(Lineage {
            name,
            parent,
            lives: Vec::new(),
        });
        let kind = if parent.is_some() {
            TrackEventKind::Split
        } else {
            TrackEventKind::Appear
        };
        self.event(tick, kind, index, parent);
        index
    }

    fn event(&mut self, tick: u32, kind: TrackEventKind, name: u32, other: Option<u32>) {
        self.tracks.events.push(TrackEvent {
            tick,
            kind,
            name,
            other,
        });
    }
}

fn tracked(footprint: &Footprint, name: u32) -> Tracked {
    Tracked {
        name,
        family: footprint.family,
        spot_px: (footprint.length / footprint.spots.len() as f64) as f32,
        places: footprint.spots.iter().map(|s| s.anchor).collect(),
        state: State::Drawn,
    }
}

/// Takes a line that is not drawn of its own out of a tick; what holds its places gets them back.
fn withdraw(strokes: &mut Vec<Tracked>, name: u32) {
    let Some(index) = strokes
        .iter()
        .position(|s| s.name == name && s.state != State::Drawn)
    else {
        return;
    };
    let stroke = strokes.remove(index);
    for other in strokes.iter_mut() {
        if let State::Held(host) = &mut other.state
            && *host == name
            && let State::Held(next) = stroke.state
        {
            *host = next;
        }
    }
    if let State::Held(host) = stroke.state
        && let Some(host) = strokes.iter_mut().find(|s| s.name == host)
    {
        host.places.extend(stroke.places);
    }
}
