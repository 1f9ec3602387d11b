//! Joins contours whose ends continue one another.
//!
//! On a polygonal surface the zero set of n·v ends at false cusps where a smooth surface's outline
//! goes on (Bénard & Hertzmann 2019, section 5). Two ends of one object that meet, or that point at
//! each other over a short gap at the same depth with nothing in between, are one line.

use super::trace::{Sample, Trace};
use crate::math::DVec2;

/// Ends nearer than this are joined unless the line would turn back by more than 60°. Pixels at 1080 lines.
const MEET_PX: f64 = 4.0;

/// Ends that point at each other are joined over gaps up to this. Pixels at 1080 lines.
const BRIDGE_PX: f64 = 26.0;

/// Cosine of the greatest angle between an end's direction and the bridge: 32°.
const AIM_COSINE: f64 = 0.85;

/// Share by which depths of joined ends may differ.
const DEPTH_SHARE: f64 = 0.06;

/// An end of a run: the first sample or the last.
#[derive(Clone, Copy, Debug)]
struct End {
    run: usize,
    last: bool,
    pixel: DVec2,
    /// Unit direction out of the line.
    out: DVec2,
    inverse_depth: f64,
}

/// Joins what belongs together; `free` tells whether a bridge between two samples is unhindered.
/// Runs keep their order, a joined one takes the place of its first.
pub(super) fn join(runs: &[Trace], scale: f64, step: f64, free: impl Fn(&Sample) -> bool) -> Vec<Trace> {
    let ends = ends(runs);
    let mut partner: Vec<[Option<(usize, bool)>; 2]> = vec![[None; 2]; runs.len()];
    for (_, a, b) in pairs(&ends, scale) {
        let (a, b) = (ends[a], ends[b]);
        let taken =
            partner[a.run][usize::from(a.last)].is_some() || partner[b.run][usize::from(b.last)].is_some();
        if !taken
            && bridge(&sample_of(runs, &a), &sample_of(runs, &b), step)
                .iter()
                .all(&free)
        {
            partner[a.run][usize::from(a.last)] = Some((b.run, b.last));
            partner[b.run][usize::from(b.last)] = Some((a.run, a.last));
        }
    }
    assemble(runs, &partner, step)
}

fn ends(runs: &[Trace]) -> Vec<End> {
    let mut ends = Vec::new();
    for (run, trace) in runs.iter().enumerate() {
        let count = trace.samples.len();
        if trace.closed || count < 3 {
            continue;
        }
        for last in [false, true] {
            let reach = 4.min(count - 1);
            let (tip, inner) = if last {
                (count - 1, count - 1 - reach)
            } else {
                (0, reach)
            };
            let tip = &trace.samples[tip];
            let out = (tip.pixel - trace.samples[inner].pixel).normalize_or_zero();
            ends.push(End {
                run,
                last,
                pixel: tip.pixel,
                out,
                inverse_depth: tip.inverse_depth,
            });
        }
    }
    ends.sort_by(|a, b| {
        a.pixel
            .x
            .total_cmp(&b.pixel.x)
            .then((a.run, a.last).cmp(&(b.run, b.last)))
    });
    ends
}

/// Pairs of ends that continue each other, best first: (cost, end, end).
fn pairs(ends: &[End], scale: f64) -> Vec<(f64, usize, usize)> {
    let mut pairs = Vec::new();
    for (i, a) in ends.iter().enumerate() {
        for (j, b) in ends.iter().enumerate().skip(i + 1) {
            if b.pixel.x - a.pixel.x > BRIDGE_PX * scale {
                break;
            }
            if let Some(cost) = cost(a, b, scale) {
                pairs.push((cost, i, j));
            }
        }
    }
    pairs.sort_by(|p, q| p.0.total_cmp(&q.0).then((p.1, p.2).cmp(&(q.1, q.2))));
    pairs
}

fn cost(a: &End, b: &End, scale: f64) -> Option<f64> {
    let gap = b.pixel - a.pixel;
    let distance = gap.length();
    let straight = -a.out.dot(b.out);
    let near =
        a.inverse_depth.min(b.inverse_depth) > (1.0 - DEPTH_SHARE) * a.inverse_depth.max(b.inverse_depth);
    let meets = distance < MEET_PX * scale && straight > 0.5;
    let aim = gap.normalize_or_zero();
    let aimed = distance < BRIDGE_PX * scale && a.out.dot(aim) > AIM_COSINE && -b.out.dot(aim) > AIM_COSINE;
    (near && (meets || aimed)).then_some(distance * (2.0 - straight))
}

fn sample_of(runs: &[Trace], end: &End) -> Sample {
    let samples = &runs[end.run].samples;
    samples[if end.last { samples.len() - 1 } else { 0 }]
}

/// Samples between two ends, neither included.
fn bridge(a: &Sample, b: &Sample, step: f64) -> Vec<Sample> {
    let gap = b.pixel - a.pixel;
    let count = (gap.length() / step).round();
    (1..count as usize)
        .map(|k| {
            let t = k as f64 / count;
            Sample {
                pixel: a.pixel + gap * t,
                inverse_depth: a.inverse_depth + (b.inverse_depth - a.inverse_depth) * t,
                link: if t < 0.5 { a.link } else { b.link },
                pressure: a.pressure,
                corner: false,
                real: true,
            }
        })
        .collect()
}

fn assemble(runs: &[Trace], partner: &[[Option<(usize, bool)>; 2]], step: f64) -> Vec<Trace> {
    let mut used = vec![false; runs.len()];
    let mut result: Vec<(usize, Trace)> = Vec::new();
    // open lines first, from an end without a partner; what is left then are loops
    for loops in [false, true] {
        for start in 0..runs.len() {
            let open = partner[start].iter().any(Option::is_none);
            if !used[start] && (loops || open) {
                let from_last = partner[start][0].is_some() && open;
                result.push(follow(runs, partner, step, (start, from_last), &mut used));
            }
        }
    }
    result.sort_by_key(|r| r.0);
    result.into_iter().map(|r| r.1).collect()
}

fn follow(
    runs: &[Trace],
    partner: &[[Option<(usize, bool)>; 2]],
    step: f64,
    (start, start_from_last): (usize, bool),
    used: &mut [bool],
) -> (usize, Trace) {
    let mut line = Trace {
        samples: Vec::new(),
        closed: runs[start].closed,
    };
    let (mut at, mut from_last, mut first) = (start, start_from_last, start);
    loop {
        used[at] = true;
        first = first.min(at);
        let mut samples = runs[at].samples.clone();
        if from_last {
            samples.reverse();
        }
        if let (Some(a), Some(b)) = (line.samples.last().copied(), samples.first()) {
            line.samples.extend(bridge(&a, b, step));
        }
        line.samples.extend(samples);
        match partner[at][usize::from(!from_last)] {
            Some((next, last)) if !used[next] => (at, from_last) = (next, last),
            Some(_) => {
                // back at the start: a loop
                if let (Some(a), Some(b)) = (line.samples.last().copied(), line.samples.first().copied()) {
                    line.samples.extend(bridge(&a, &b, step));
                }
                line.closed = true;
                return (first, line);
            }
            None => return (first, line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: [f64; 2], to: [f64; 2]) -> Trace {
        let (a, b) = (DVec2::from(from), DVec2::from(to));
        let sample = |k: i32| Sample {
            pixel: a + (b - a) * (f64::from(k) / 20.0),
            inverse_depth: 0.1,
            link: 0,
            pressure: 1.0,
            corner: false,
            real: true,
        };
        Trace {
            samples: (0..=20).map(sample).collect(),
            closed: false,
        }
    }

    #[test]
    fn ends_that_continue_each_other_become_one_line() {
        let runs = vec![
            line([0.0, 0.0], [40.0, 0.0]),
            line([100.0, 2.0], [55.0, 1.0]),
            line([60.0, 40.0], [60.0, 9.0]),
        ];
        let joined = join(&runs, 1.0, 2.0, |_| true);
        assert_eq!(joined.len(), 2);
        assert!((joined[0].length() - 100.0).abs() < 0.5);
        assert_eq!(
            join(&runs, 1.0, 2.0, |_| false).len(),
            3,
            "an occluder in the gap keeps them apart"
        );
    }

    #[test]
    fn a_ring_of_runs_closes() {
        let corner = |i: usize| [[0.0, 0.0], [50.0, 10.0], [60.0, 60.0], [5.0, 50.0]][i % 4];
        let runs: Vec<Trace> = (0..4).map(|i| line(corner(i), corner(i + 1))).collect();
        let joined = join(&runs, 1.0, 2.0, |_| true);
        // right angles are corners, not continuations
        assert_eq!(joined.len(), 4);
        let octagon = |i: i32| {
            let (s, c) = crate::math::scalar::sin_cos(f64::from(i) * core::f64::consts::FRAC_PI_4);
            [100.0 + 50.0 * c, 100.0 + 50.0 * s]
        };
        let runs: Vec<Trace> = (0..8).map(|i| line(octagon(i), octagon(i + 1))).collect();
        let joined = join(&runs, 1.0, 2.0, |_| true);
        assert!(joined.len() == 1 && joined[0].closed);
    }
}
