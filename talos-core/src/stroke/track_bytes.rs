//! A bake of tracks as bytes, for the store.

use super::footprint::{Anchor, Family};
use super::track::{Lineage, State, TrackEvent, TrackEventKind, Tracked, Tracks};
use crate::camera::FrameSize;

/// First bytes of a bake.
const MAGIC: &[u8; 8] = b"TALOSTK1";

/// Stands for no name.
const NONE: u32 = u32::MAX;

const KINDS: [TrackEventKind; 5] = [
    TrackEventKind::Appear,
    TrackEventKind::Vanish,
    TrackEventKind::Reappear,
    TrackEventKind::Split,
    TrackEventKind::Merge,
];

impl Tracks {
    /// Canonical bytes, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(MAGIC.to_vec());
        out.words(&[self.size.width, self.size.height, self.names.len() as u32]);
        for lineage in &self.names {
            out.words(&[lineage.name.len() as u32]);
            out.0.extend_from_slice(lineage.name.as_bytes());
            out.words(&[lineage.parent.unwrap_or(NONE), lineage.lives.len() as u32]);
            lineage.lives.iter().for_each(|&(a, b)| out.words(&[a, b]));
        }
        out.words(&[self.events.len() as u32]);
        for event in &self.events {
            let kind = KINDS.iter().position(|k| *k == event.kind).unwrap_or(0) as u32;
            out.words(&[event.tick, kind, event.name, event.other.unwrap_or(NONE)]);
        }
        out.words(&[self.ticks.len() as u32]);
        for strokes in &self.ticks {
            out.words(&[strokes.len() as u32]);
            strokes.iter().for_each(|stroke| out.stroke(stroke));
        }
        out.0
    }

    /// Tracks from bytes; `None` when they are not what [`Self::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader(bytes.strip_prefix(MAGIC)?);
        let [width, height, names] = input.words()?;
        let names = input.list(names, |input| {
            let [length] = input.words()?;
            let name = std::str::from_utf8(input.take(length as usize)?).ok()?.to_owned();
            let [parent, lives] = input.words()?;
            let lives = input.list(lives, |input| input.words().map(|[a, b]| (a, b)))?;
            Some(Lineage {
                name,
                parent: (parent != NONE).then_some(parent),
                lives,
            })
        })?;
        let [events] = input.words()?;
        let events = input.list(events, |input| {
            let [tick, kind, name, other] = input.words()?;
            Some(TrackEvent {
                tick,
                kind: *KINDS.get(kind as usize)?,
                name,
                other: (other != NONE).then_some(other),
            })
        })?;
        let [ticks] = input.words()?;
        let ticks = input.list(ticks, |input| {
            let [strokes] = input.words()?;
            input.list(strokes, Reader::stroke)
        })?;
        let known = |name: u32| (name as usize) < names.len();
        let sound = input.0.is_empty()
            && ticks.iter().flatten().all(|s: &Tracked| known(s.name))
            && events.iter().all(|e| known(e.name) && e.other.is_none_or(known))
            && names.iter().all(|n| n.parent.is_none_or(known));
        sound.then_some(Self {
            size: FrameSize { width, height },
            names,
            events,
            ticks,
        })
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn words(&mut self, words: &[u32]) {
        words
            .iter()
            .for_each(|w| self.0.extend_from_slice(&w.to_le_bytes()));
    }

    fn stroke(&mut self, stroke: &Tracked) {
        let Family { object, kind } = stroke.family;
        self.words(&[
            stroke.name,
            object,
            kind,
            stroke.spot_px.to_bits(),
            match stroke.state {
                State::Drawn => NONE,
                State::Quiet => NONE - 1,
                State::Held(host) => host,
            },
            stroke.places.len() as u32,
        ]);
        for place in &stroke.places {
            self.words(&place.vertices);
            let weights = place.weights.map(u16::to_le_bytes);
            self.0.extend_from_slice(weights.as_flattened());
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn words<const N: usize>(&mut self) -> Option<[u32; N]> {
        let mut words = [0; N];
        for word in &mut words {
            *word = u32::from_le_bytes(self.take(4)?.try_into().ok()?);
        }
        Some(words)
    }

    /// A list of entries; it ends with the bytes, however long it claims to be.
    fn list<T>(&mut self, count: u32, mut entry: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..count).map(|_| entry(self)).collect()
    }

    fn stroke(&mut self) -> Option<Tracked> {
        let [name, object, kind, spot_px, state, places] = self.words()?;
        let places = self.list(places, |input| {
            let vertices = input.words()?;
            let [s0, s1, t0, t1] = input.take(4)?.try_into().ok()?;
            Some(Anchor {
                vertices,
                weights: [u16::from_le_bytes([s0, s1]), u16::from_le_bytes([t0, t1])],
            })
        })?;
        Some(Tracked {
            name,
            family: Family { object, kind },
            spot_px: f32::from_bits(spot_px),
            places,
            state: match state {
                NONE => State::Drawn,
                host if host == NONE - 1 => State::Quiet,
                host => State::Held(host),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracks() -> Tracks {
        let lineage = |name: &str, parent| Lineage {
            name: name.into(),
            parent,
            lives: vec![(0, 1)],
        };
        Tracks {
            size: FrameSize {
                width: 96,
                height: 54,
            },
            names: vec![lineage("용.body.contour.001", None), lineage("b", Some(0))],
            events: vec![TrackEvent {
                tick: 1,
                kind: TrackEventKind::Split,
                name: 1,
                other: Some(0),
            }],
            ticks: vec![
                vec![Tracked {
                    name: 1,
                    family: Family { object: 3, kind: 16 },
                    spot_px: 2.5,
                    places: vec![Anchor {
                        vertices: [1, 2, 3],
                        weights: [4, 65535],
                    }],
                    state: State::Held(0),
                }],
                vec![],
            ],
        }
    }

    #[test]
    fn bytes_come_back_as_they_were_and_no_damage_passes_for_a_panic() {
        let bytes = tracks().to_bytes();
        assert_eq!(Tracks::from_bytes(&bytes), Some(tracks()));
        for cut in 0..bytes.len() {
            assert_eq!(Tracks::from_bytes(&bytes[..cut]), None, "cut at {cut}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] = 0xff;
            _ = Tracks::from_bytes(&damaged);
        }
    }
}
