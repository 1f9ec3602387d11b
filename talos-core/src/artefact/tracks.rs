//! `tracks.json`: the names of a cut's strokes, when each is seen, and what happens to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stroke::{TRACK_TICK_HZ, TrackEventKind, Tracks};

/// The names of a cut's strokes: schema `tracks/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CutTracks {
    /// Always `"tracks/1"`.
    pub schema: String,
    /// Version of the engine that followed them.
    pub engine_version: String,
    /// Cut, e.g. `"S01_C02"`.
    pub cut_id: String,
    /// Ticks a second at which strokes were compared.
    pub tick_hz: f64,
    /// Number of ticks.
    pub ticks: u32,
    /// How well names last.
    pub quality: TracksQuality,
    /// Every name, in order of birth.
    pub names: Vec<TrackName>,
    /// What happened, in order of time.
    pub events: Vec<TrackEntry>,
}

/// Quality figures of a cut's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TracksQuality {
    /// Number of names.
    pub names: u32,
    /// Share of the names seen at a tick that are seen at the next, [0, 1].
    pub persistence: f64,
    /// Lines seen for the first time, after the first tick.
    pub appear: u32,
    /// Lines seen no more.
    pub vanish: u32,
    /// Lines seen again.
    pub reappear: u32,
    /// Pieces that went on under a name of their own.
    pub split: u32,
    /// Lines that went on as pieces of others.
    pub merge: u32,
}

/// A name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackName {
    /// Id of its strokes.
    pub stroke_id: String,
    /// The line that it split off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Stretches of frames in which it is seen, first and last.
    pub frames: Vec<[u32; 2]>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackEntry {
    /// Frame number, from 1: the frame nearest to the first tick at which it is so.
    pub frame: u32,
    /// What happens.
    pub kind: TrackEventKind,
    /// To which name.
    pub stroke_id: String,
    /// The line that it split off or merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

impl CutTracks {
    /// The schema's name and version.
    pub const SCHEMA: &str = "tracks/1";

    /// The artefact of a cut's tracks; `frame_of` is the frame nearest to a tick.
    #[must_use]
    pub fn new(cut_id: &str, tracks: &Tracks, frame_of: impl Fn(u32) -> u32) -> Self {
        let name = |index: u32| tracks.names()[index as usize].name.clone();
        let names = tracks.names().iter().map(|lineage| TrackName {
            stroke_id: lineage.name.clone(),
            parent: lineage.parent.map(name),
            frames: lineage
                .lives
                .iter()
                .map(|&(a, b)| [frame_of(a), frame_of(b)])
                .collect(),
        });
        let events = tracks.events().iter().map(|event| TrackEntry {
            frame: frame_of(event.tick),
            kind: event.kind,
            stroke_id: name(event.name),
            other: event.other.map(name),
        });
        Self {
            schema: Self::SCHEMA.into(),
            engine_version: crate::ENGINE_VERSION.into(),
            cut_id: cut_id.into(),
            tick_hz: TRACK_TICK_HZ,
            ticks: tracks.ticks(),
            quality: TracksQuality::of(tracks),
            names: names.collect(),
            events: events.collect(),
        }
    }
}

impl TracksQuality {
    /// The figures of a cut.
    #[must_use]
    pub fn of(tracks: &Tracks) -> Self {
        let count = |kind: TrackEventKind| {
            let events = tracks.events().iter();
            events.filter(|e| e.kind == kind && e.tick > 0).count() as u32
        };
        Self {
            names: tracks.names().len() as u32,
            persistence: (tracks.persistence() * 1e4).round() / 1e4,
            appear: count(TrackEventKind::Appear),
            vanish: count(TrackEventKind::Vanish),
            reappear: count(TrackEventKind::Reappear),
            split: count(TrackEventKind::Split),
            merge: count(TrackEventKind::Merge),
        }
    }
}
