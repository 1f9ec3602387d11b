//! One frame's lines as its cut's tracks want them: what runs together for a moment only is cut, and what
//! falls apart for a moment is joined.

use super::chain::{Link, Sight};
use super::draft::Line;
use super::footprint::{Footprint, SAMPLES_PER_SPOT, Tip};
use super::pairing::{Course, Overlaps, RADIUS_PX, labels};
use super::trace::{Sample, Trace};
use super::track::State;
use super::track_frame::Guide;

/// Share of a piece that must lie along a line to be a piece of it.
const PIECE_SHARE: f64 = 0.6;

impl Guide<'_> {
    /// The lines of an object, cut and joined.
    pub(super) fn lines(
        &self,
        sight: &Sight<'_>,
        object: usize,
        links: &[Link],
        lines: Vec<Line>,
    ) -> Vec<Line> {
        let own: Vec<usize> = (0..self.tracked.len())
            .filter(|&i| self.tracked[i].family.object as usize == object)
            .collect();
        if own.is_empty() {
            return lines;
        }
        let known: Vec<Course> = own.iter().map(|&i| self.known[i].clone()).collect();
        let prints: Vec<Footprint> = lines
            .iter()
            .map(|l| Footprint::of(sight, object, (l.kind, l.mark), links, &l.run))
            .collect();
        let courses: Vec<Course> = prints.iter().map(|f| f.course_of(sight.object)).collect();
        let radius = RADIUS_PX * self.size.scale();
        let overlaps = Overlaps::between(&known, &courses, radius);
        let hosts = overlaps.hosts_of_second(courses.len());
        let mut groups: Vec<(Option<usize>, Line)> = Vec::new();
        for (b, line) in lines.into_iter().enumerate() {
            let whole = hosts[b].filter(|(_, px)| *px >= PIECE_SHARE * courses[b].length());
            let (kind, mark) = (line.kind, line.mark);
            let pieces = self.pieces(&own, &known, &courses[b], line.run);
            let host = whole.map(|(a, _)| a).filter(|_| pieces.len() == 1);
            groups.extend(pieces.into_iter().map(|run| (host, Line { kind, mark, run })));
        }
        self.joined(groups)
    }

    /// The pieces of a line that the tracks hold apart; the line itself where they do not.
    fn pieces(&self, own: &[usize], known: &[Course], course: &Course, run: Trace) -> Vec<Trace> {
        let is_held = |i: usize| matches!(self.tracked[own[i]].state, State::Held(_));
        let rivals: Vec<usize> = (0..own.len())
            .filter(|&i| known[i].family == course.family)
            .collect();
        if !rivals.iter().any(|&i| is_held(i)) {
            return vec![run];
        }
        let courses: Vec<Course> = rivals.iter().map(|&i| known[i].clone()).collect();
        let labels = labels(course, &courses, RADIUS_PX * self.size.scale(), None);
        let apart = |a: Option<usize>, b: Option<usize>| match (a, b) {
            (Some(a), Some(b)) => a != b && (is_held(rivals[a]) || is_held(rivals[b])),
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

    /// Joins pieces of one line of which the tracks say that it is whole.
    fn joined(&self, groups: Vec<(Option<usize>, Line)>) -> Vec<Line> {
        let mut lines: Vec<(Option<usize>, Line)> = Vec::new();
        for (host, line) in groups {
            let partner = lines.iter_mut().find(|(other, before)| {
                host.is_some() && *other == host && before.kind == line.kind && before.mark == line.mark
            });
            match partner {
                Some((_, before)) => match connect(&before.run, &line.run, self.size.scale()) {
                    Some(run) => before.run = run,
                    None => lines.push((host, line)),
                },
                None => lines.push((host, line)),
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// Both ends of a run.
fn tips(run: &Trace) -> Option<[Tip; 2]> {
    let last = run.samples.len().checked_sub(1)?;
    let tip = |at: usize, inner: usize| Tip {
        pixel: run.samples[at].pixel,
        out: (run.samples[at].pixel - run.samples[inner].pixel).normalize_or_zero(),
    };
    let reach = SAMPLES_PER_SPOT.min(last);
    Some([tip(0, reach), tip(last, last - reach)])
}

/// Two runs as one, where the nearest of their ends go on in each other.
fn connect(a: &Trace, b: &Trace, scale: f64) -> Option<Trace> {
    if a.closed || b.closed {
        return None;
    }
    let (p, q) = (tips(a)?, tips(b)?);
    let (_, i, k) = [(0, 0), (0, 1), (1, 0), (1, 1)]
        .into_iter()
        .filter(|&(i, k)| p[i].continues(&q[k], scale))
        .map(|(i, k)| ((p[i].pixel - q[k].pixel).length(), i, k))
        .min_by(|x, y| x.0.total_cmp(&y.0))?;
    let gap = (p[i].pixel - q[k].pixel).length();
    let (mut first, mut second) = (a.samples.clone(), b.samples.clone());
    if i == 0 {
        first.reverse();
    }
    if k == 1 {
        second.reverse();
    }
    let n = first.len();
    let (from, to) = (first[n - 1], second[0]);
    let step = super::trace::STEP_PX * scale;
    let count = (gap / step).round();
    first.extend((1..count as usize).map(|s| {
        let t = s as f64 / count;
        Sample {
            pixel: from.pixel + (to.pixel - from.pixel) * t,
            inverse_depth: from.inverse_depth + (to.inverse_depth - from.inverse_depth) * t,
            link: if t < 0.5 { from.link } else { to.link },
            pressure: from.pressure,
            corner: false,
            real: true,
        }
    }));
    first.extend(second);
    Some(Trace {
        samples: first,
        closed: false,
    })
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
            real: true,
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
