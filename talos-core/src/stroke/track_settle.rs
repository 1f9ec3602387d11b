//! After a cut has been followed to its end: what lives for a moment only is no line of its own.

use std::collections::BTreeMap;

use super::footprint::Tip;
use super::track::{State, TrackEventKind, Tracks};

/// Ticks that a line must live to have a name of its own, when it is but a piece of another: a quarter of
/// a second. What a contour of a mesh sheds and takes back lives for one to three.
const LEAST_PIECE_TICKS: u32 = 6;

/// Ticks that a short line must live to be drawn: what shows for less than an eighth of a second blinks.
const LEAST_TICKS: u32 = 3;

/// Lines up to this long count as short, pixels at 1080 lines.
const SHORT_PX: f64 = 40.0;

/// A name's first tick, its last, and its greatest length in pixels of the bake.
#[derive(Clone, Copy)]
struct Span {
    first: u32,
    last: u32,
    length: f64,
}

impl Tracks {
    /// Gives pieces that live for a moment back to their lines, makes short lines that blink quiet, and
    /// counts lives.
    pub(super) fn settle(&mut self, ends: &[BTreeMap<u32, [Tip; 2]>]) {
        let spans = self.spans();
        let owner = self.owners(&spans, ends);
        let find = |mut name: u32| {
            while let Some(next) = owner[name as usize].filter(|n| *n < name) {
                name = next;
            }
            name
        };
        for strokes in &mut self.ticks {
            let mut at: BTreeMap<u32, usize> = BTreeMap::new();
            for (i, stroke) in strokes.iter().enumerate() {
                at.insert(stroke.name, i);
            }
            for i in (0..strokes.len()).rev() {
                let owner = find(strokes[i].name);
                if owner == strokes[i].name {
                    continue;
                }
                match at.get(&owner) {
                    Some(&to) => {
                        let places = std::mem::take(&mut strokes[i].places);
                        strokes[to].places.extend(places);
                    }
                    None => {
                        strokes[i].name = owner;
                        at.insert(owner, i);
                    }
                }
            }
            strokes.retain(|s| !s.places.is_empty());
            for stroke in strokes.iter_mut() {
                if let State::Held(host) = stroke.state {
                    stroke.state = State::Held(find(host));
                }
            }
        }
        self.quieten();
        self.count_lives();
        let gone: Vec<bool> = self.names.iter().map(|n| n.lives.is_empty()).collect();
        self.events.retain_mut(|event| {
            event.other = event.other.map(find).filter(|o| *o != event.name);
            find(event.name) == event.name && !gone[event.name as usize]
        });
        for name in &mut self.names {
            name.parent = name.parent.map(find);
        }
        self.renumber();
    }

    fn spans(&self) -> Vec<Option<Span>> {
        let mut spans: Vec<Option<Span>> = vec![None; self.names.len()];
        for (tick, strokes) in self.ticks.iter().enumerate() {
            for stroke in strokes {
                let length = f64::from(stroke.spot_px) * stroke.places.len() as f64;
                let span = spans[stroke.name as usize].get_or_insert(Span {
                    first: tick as u32,
                    last: tick as u32,
                    length,
                });
                span.last = tick as u32;
                span.length = span.length.max(length);
            }
        }
        spans
    }

    /// For each name the older one that it is but a piece of, for a moment.
    fn owners(&self, spans: &[Option<Span>], ends: &[BTreeMap<u32, [Tip; 2]>]) -> Vec<Option<u32>> {
        let scale = self.size.scale();
        let mut host: Vec<Option<u32>> = self.names.iter().map(|n| n.parent).collect();
        for event in &self.events {
            if event.kind == TrackEventKind::Merge && host[event.name as usize].is_none() {
                host[event.name as usize] = event.other;
            }
        }
        (0..self.names.len())
            .map(|i| {
                let span = spans[i]?;
                let whole = span.last + 1 == self.ticks.len() as u32 || span.first == 0;
                let brief = span.last - span.first + 1 < LEAST_PIECE_TICKS && !whole;
                // a frame can join it to its line only where both go on in each other
                let joins = |host: u32| {
                    (span.first..=span.last).all(|tick| {
                        let at = &ends[tick as usize];
                        match (at.get(&(i as u32)), at.get(&host)) {
                            (Some(p), Some(q)) => p.iter().any(|p| q.iter().any(|q| p.continues(q, scale))),
                            (piece, _) => piece.is_none(),
                        }
                    })
                };
                host[i].filter(|&host| brief && joins(host))
            })
            .collect()
    }

    /// Short lines that blink are not drawn.
    fn quieten(&mut self) {
        let short = SHORT_PX * self.size.scale();
        let end = self.ticks.len() as u32;
        let spans = self.spans();
        let blinks = |name: u32| {
            spans[name as usize].is_some_and(|s| {
                s.last - s.first + 1 < LEAST_TICKS && s.first > 0 && s.last + 1 < end && s.length <= short
            })
        };
        for stroke in self.ticks.iter_mut().flatten() {
            if blinks(stroke.name) && !stroke.family.is_authored() {
                stroke.state = State::Quiet;
            }
        }
    }

    fn count_lives(&mut self) {
        self.names.iter_mut().for_each(|n| n.lives.clear());
        for (tick, strokes) in self.ticks.iter().enumerate() {
            for stroke in strokes.iter().filter(|s| s.state != State::Quiet) {
                extend(&mut self.names[stroke.name as usize].lives, tick as u32);
            }
        }
    }

    /// Drops names that nothing bears; quiet ones stay behind all others.
    fn renumber(&mut self) {
        let mut used = vec![false; self.names.len()];
        self.ticks
            .iter()
            .flatten()
            .for_each(|s| used[s.name as usize] = true);
        let mut number: Vec<Option<u32>> = vec![None; self.names.len()];
        let mut count = 0;
        for quiet in [false, true] {
            for i in 0..used.len() {
                if used[i] && self.names[i].lives.is_empty() == quiet {
                    number[i] = Some(count);
                    count += 1;
                }
            }
        }
        let mut names: Vec<_> = std::mem::take(&mut self.names)
            .into_iter()
            .enumerate()
            .filter_map(|(i, name)| Some((number[i]?, name)))
            .collect();
        names.sort_by_key(|n| n.0);
        self.names = names.into_iter().map(|n| n.1).collect();
        let of = |name: u32| number[name as usize];
        for name in &mut self.names {
            name.parent = name.parent.and_then(of);
        }
        self.events.retain_mut(|event| {
            event.other = event.other.and_then(of);
            of(event.name).map(|name| event.name = name).is_some()
        });
        for stroke in self.ticks.iter_mut().flatten() {
            stroke.name = of(stroke.name).unwrap_or(stroke.name);
            if let State::Held(host) = stroke.state {
                stroke.state = of(host).map_or(State::Drawn, State::Held);
            }
        }
    }
}

/// Adds a tick to stretches of ticks.
fn extend(lives: &mut Vec<(u32, u32)>, tick: u32) {
    match lives.last_mut().filter(|(_, last)| last + 1 == tick) {
        Some(life) => life.1 = tick,
        None => lives.push((tick, tick)),
    }
}
