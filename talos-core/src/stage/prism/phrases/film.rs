//! Style, emotion and camera words.

use super::super::findings::Span;
use super::super::reading::{Chunk, EmotionSeen};
use super::super::sense::{Link, Sense};
use super::Reader;
use crate::artefact::MoveKind;

impl Reader<'_> {
    /// What speaks of the film: style, emotion, camera.
    pub(super) fn film(&mut self, at: usize) {
        let term = &self.terms[at];
        match term.sense {
            Sense::Emotion(name) => {
                let after_from =
                    at.checked_sub(1).and_then(|i| self.sense(i)) == Some(Sense::Link(Link::From));
                let from = after_from || term.text.ends_with("에서");
                self.out.emotions.push(EmotionSeen { name, from });
            }
            Sense::Style(style) => self.out.styles.push((style, Span::of(term))),
            Sense::Shot(shot) => self.out.shots.push(shot),
            Sense::Angle(angle) => self.out.angles.push(angle),
            Sense::Move(kind, amount) => self.camera_move(kind, amount, at),
            Sense::OneTake => self.out.one_take = true,
            Sense::Camera => self.camera(at),
            Sense::Arc(arc) => self.out.arc = Some(arc),
            _ => {}
        }
    }

    /// The camera as a subject; looked at, it is a thing.
    pub(super) fn camera(&mut self, at: usize) {
        let term = &self.terms[at];
        let object = if term.form.korean {
            term.form.particles.object || term.form.particles.towards
        } else {
            self.relation_before(at).is_some()
        };
        self.out.chunks.push(if object {
            Chunk::Thing(term.form)
        } else {
            Chunk::Camera
        });
    }

    pub(super) fn camera_move(&mut self, kind: MoveKind, amount: f64, at: usize) {
        let factor = self.speed_near(at);
        let sign = self.turn_near(at, kind);
        self.out.moves.push((kind, amount * factor * sign));
    }

    pub(super) fn speed_near(&self, at: usize) -> f64 {
        let around = [at.checked_sub(2), at.checked_sub(1), Some(at + 1)];
        let mut speeds = around.into_iter().flatten().filter_map(|i| match self.sense(i) {
            Some(Sense::Speed(factor)) => Some(factor),
            _ => None,
        });
        speeds.next_back().unwrap_or(1.0)
    }

    /// Left pans and trucks go to the left: positive pans do, positive trucks don't.
    pub(super) fn turn_near(&self, at: usize, kind: MoveKind) -> f64 {
        let around = [at.checked_sub(2), at.checked_sub(1), Some(at + 1), Some(at + 2)];
        let turn = around.into_iter().flatten().find_map(|i| match self.sense(i) {
            Some(Sense::Turn(turn)) => Some(turn),
            _ => None,
        });
        match (turn, kind) {
            (Some(turn), MoveKind::Pan | MoveKind::WhipPan | MoveKind::Orbit) => -turn,
            (Some(turn), MoveKind::Truck | MoveKind::Tilt | MoveKind::Crane | MoveKind::Roll) => turn,
            _ => 1.0,
        }
    }

    /// `the camera follows her`, 카메라가 다가간다: verbs whose subject is the camera are its moves.
    pub(super) fn camera_acts(&mut self) {
        let mut kept = Vec::new();
        let mut camera = false;
        for chunk in std::mem::take(&mut self.out.chunks) {
            match &chunk {
                Chunk::Camera => {
                    camera = true;
                    continue;
                }
                Chunk::Verb(word, _, _) if camera => {
                    if let Some((kind, amount)) = word.camera {
                        self.out.moves.push((kind, amount));
                    }
                    camera = false;
                    continue;
                }
                Chunk::Stop | Chunk::Comma | Chunk::Link(Link::While) => camera = false,
                Chunk::Who(_, form) => camera &= form.particles.object,
                _ => {}
            }
            kept.push(chunk);
        }
        self.out.chunks = kept;
    }
}
