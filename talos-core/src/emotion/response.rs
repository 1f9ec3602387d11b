//! Responses: what an emotion does to camera, editing, line, colour, light and motion.
//!
//! Each is a function with an address, a unit, a range and a source, and says in which direction
//! it moves with each coordinate. An override from `control.json` takes its place.

use super::Vad;
use super::munsell::tone;
use crate::math::scalar;

/// What emotion moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ResponseKind {
    /// Shake of a handheld camera, radians RMS.
    ShakeRad,
    /// Speed of camera moves, a factor.
    MoveSpeed,
    /// Mean length of a shot, seconds.
    ShotLengthS,
    /// Width of lines, a factor.
    LineWeight,
    /// Mean pressure of the pen, a share.
    PenPressure,
    /// Shift of OKLCH lightness.
    LightnessShift,
    /// Factor on OKLCH chroma.
    ChromaFactor,
    /// Contrast of key over fill light, a factor of what the hour has.
    KeyFillRatio,
    /// Strength of fire, smoke and magic, a factor.
    EffectIntensity,
    /// Size of a subject's movements, a factor.
    MotionAmplitude,
    /// Tempo of a subject's movements, a factor.
    MotionTempo,
}

/// One response.
#[derive(Clone, Copy, Debug)]
pub struct Response {
    /// What it moves.
    pub kind: ResponseKind,
    /// Its address in `control.json`.
    pub address: &'static str,
    /// Its unit: `"rad"`, `"s"`, `"factor"`, `"share"` or `"OKLCH L"`.
    pub unit: &'static str,
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Direction with rising valence, arousal, dominance: −1 falls, 0 stays, +1 rises. Where the
    /// range ends the value stays.
    pub trend: [i8; 3],
    /// Where the direction and the numbers come from.
    pub source: &'static str,
    function: fn(Vad) -> f64,
}

impl Response {
    /// The value for an emotion, within [`Self::low`] … [`Self::high`].
    #[must_use]
    pub fn of(&self, vad: Vad) -> f64 {
        (self.function)(vad).clamp(self.low, self.high)
    }
}

/// Value between `low` at x = −1 and `high` at x = 1, in even ratios (a factor's natural scale).
fn geometric(low: f64, high: f64, x: f64) -> f64 {
    low * scalar::pow(high / low, 0.5 * (x + 1.0))
}

/// Every response, in a fixed order. The numbers inside are the house's choice, each checked
/// on pictures; the sources give the direction.
pub const RESPONSES: [Response; 11] = [
    Response {
        kind: ResponseKind::ShakeRad,
        address: "response/shake_rad",
        unit: "rad",
        low: 0.0,
        high: 0.02,
        trend: [-1, 1, -1],
        // 0.02 rad RMS is 40 pixels at 35 mm and 1080 lines: a running operator. The square keeps
        // calm scenes locked off and lets only the upper half of tension show.
        source: "handheld practice: shake reads as threat and lack of control (Bordwell 2002, intensified continuity)",
        function: |e| {
            let unrest = scalar::saturate(0.35 + 0.5 * e.arousal - 0.15 * e.valence - 0.15 * e.dominance);
            0.02 * unrest * unrest
        },
    },
    Response {
        kind: ResponseKind::MoveSpeed,
        address: "response/move_speed",
        unit: "factor",
        low: 0.5,
        high: 2.0,
        trend: [0, 1, 0],
        source: "Detenber, Simons & Bennett 1998: faster picture motion, higher felt arousal",
        function: |e| geometric(0.5, 2.0, e.arousal),
    },
    Response {
        kind: ResponseKind::ShotLengthS,
        address: "response/shot_length_s",
        unit: "s",
        low: 2.0,
        high: 6.0,
        trend: [0, -1, 0],
        // 2 s at the most excited, as action films are cut, 4 s at rest, as the mean of recent films,
        // 6 s at the calmest, as slow drama.
        source: "Cutting, DeLong & Nothelfer 2010; Lang et al. 1999: faster cutting, higher arousal",
        function: |e| 4.0 - 2.0 * e.arousal,
    },
    Response {
        kind: ResponseKind::LineWeight,
        address: "response/line_weight",
        unit: "factor",
        low: 0.7,
        high: 1.5,
        trend: [-1, 1, 1],
        source: "Poffenberger & Barrows 1924: heavy lines are powerful and serious, thin lines gentle and playful",
        function: |e| scalar::exp2(0.35 * e.dominance + 0.2 * e.arousal - 0.15 * e.valence),
    },
    Response {
        kind: ResponseKind::PenPressure,
        address: "response/pen_pressure",
        unit: "share",
        low: 0.3,
        high: 0.95,
        trend: [0, 1, 1],
        source: "graphonomics: pen pressure rises with arousal and assertion (Likforman-Sulem et al. 2017)",
        function: |e| 0.62 + 0.2 * e.arousal + 0.12 * e.dominance,
    },
    Response {
        kind: ResponseKind::LightnessShift,
        address: "response/lightness_shift",
        unit: "OKLCH L",
        low: -0.08,
        high: 0.08,
        // Brightness calms and saturation excites; in the least squares the two nearly cancel, and
        // arousal lightens by less than 0.002.
        trend: [1, 1, -1],
        // One standard deviation of Munsell value in the study's chips is about 0.2 in OKLab L. A seventh
        // of it: the palette keeps its colours' names (blue stays blue at night).
        source: "Valdez & Mehrabian 1994, least squares for brightness; one deviation is 0.03 in OKLCH L",
        function: |e| 0.03 * tone(e).brightness,
    },
    Response {
        kind: ResponseKind::ChromaFactor,
        address: "response/chroma_factor",
        unit: "factor",
        low: 0.7,
        high: 1.4,
        trend: [1, 1, 1],
        source: "Valdez & Mehrabian 1994, least squares for saturation; one deviation is a factor of 2^0.1 on OKLCH C",
        function: |e| scalar::exp2(0.1 * tone(e).saturation),
    },
    Response {
        kind: ResponseKind::KeyFillRatio,
        address: "response/key_fill_ratio",
        unit: "factor",
        low: 0.6,
        high: 1.7,
        trend: [-1, 1, 1],
        // A third of a stop for each: the hour and the style set the ratio, the mood tilts it.
        source: "low key where feeling is unpleasant and tense, high key where it is at ease (Alton, Painting with Light, 1949)",
        function: |e| scalar::exp2(0.25 * e.arousal - 0.35 * e.valence + 0.1 * e.dominance),
    },
    Response {
        kind: ResponseKind::EffectIntensity,
        address: "response/effect_intensity",
        unit: "factor",
        low: 0.5,
        high: 1.8,
        trend: [0, 1, 1],
        source: "house choice: effects carry the energy and the power of what happens",
        function: |e| scalar::exp2(0.65 * e.arousal + 0.2 * e.dominance),
    },
    Response {
        kind: ResponseKind::MotionAmplitude,
        address: "response/motion_amplitude",
        unit: "factor",
        low: 0.6,
        high: 1.5,
        trend: [1, 1, 1],
        source: "Wallbott 1998: expansive movement for elation, pride and rage, small for sadness, shame and fear",
        function: |e| scalar::exp2(0.35 * e.arousal + 0.25 * e.dominance + 0.1 * e.valence),
    },
    Response {
        kind: ResponseKind::MotionTempo,
        address: "response/motion_tempo",
        unit: "factor",
        low: 0.6,
        high: 1.6,
        trend: [1, 1, 0],
        source: "Pollick et al. 2001: arousal is read from the speed of movement; Montepare et al. 1987: happy gaits are quick",
        function: |e| scalar::exp2(0.55 * e.arousal + 0.1 * e.valence),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    fn random_vad(i: u64) -> Vad {
        let stream = Seed(3).stream("test/vad").item(i);
        Vad::new(
            stream.range(0, -1.0, 1.0),
            stream.range(1, -1.0, 1.0),
            stream.range(2, -1.0, 1.0),
        )
    }

    #[test]
    fn each_moves_as_it_claims_and_stays_in_range() {
        for response in &RESPONSES {
            let mut moved = [false; 3];
            for i in 0..200 {
                let e = random_vad(i);
                let value = response.of(e);
                assert!(
                    (response.low..=response.high).contains(&value),
                    "{}",
                    response.address
                );
                let raised = [
                    Vad::new(e.valence + 0.1, e.arousal, e.dominance),
                    Vad::new(e.valence, e.arousal + 0.1, e.dominance),
                    Vad::new(e.valence, e.arousal, e.dominance + 0.1),
                ];
                for (axis, other) in raised.into_iter().enumerate() {
                    let change = response.of(other) - value;
                    let trend = f64::from(response.trend[axis]);
                    let as_claimed = if trend == 0.0 {
                        change == 0.0
                    } else {
                        change * trend >= 0.0
                    };
                    assert!(
                        as_claimed,
                        "{} along axis {axis} at {e:?}: {change}",
                        response.address
                    );
                    moved[axis] |= change != 0.0;
                }
            }
            assert_eq!(moved, response.trend.map(|t| t != 0), "{}", response.address);
        }
    }

    #[test]
    fn the_whole_range_is_used_and_neutral_is_neutral() {
        let corner = |i: u64, bit: u64| if i >> bit & 1 == 1 { 1.0 } else { -1.0 };
        for response in &RESPONSES {
            let values = (0..8).map(|i| response.of(Vad::new(corner(i, 0), corner(i, 1), corner(i, 2))));
            let (least, most) = values.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
            let span = response.high - response.low;
            assert!(
                most - least > 0.7 * span,
                "{}: {least} … {most}",
                response.address
            );
            let neutral = response.of(Vad::default());
            if response.unit == "factor" {
                assert!((neutral - 1.0).abs() < 1e-12, "{}: {neutral}", response.address);
            }
        }
    }

    #[test]
    fn addresses_are_unique_and_every_response_names_its_source() {
        let mut addresses: Vec<_> = RESPONSES.iter().map(|r| r.address).collect();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), RESPONSES.len());
        assert!(RESPONSES.iter().all(|r| !r.source.is_empty() && r.low < r.high));
    }

    #[test]
    fn emotions_by_name_film_as_a_director_would() {
        let of = |name: &str, kind: ResponseKind| {
            let vad = super::super::lookup(name).expect("in the table").vad;
            RESPONSES.iter().find(|r| r.kind == kind).expect("listed").of(vad)
        };
        assert!(of("terrified", ResponseKind::ShakeRad) > 4.0 * of("serene", ResponseKind::ShakeRad));
        assert!(of("excited", ResponseKind::ShotLengthS) < 0.6 * of("lonely", ResponseKind::ShotLengthS));
        assert!(of("happy", ResponseKind::LightnessShift) > of("sad", ResponseKind::LightnessShift));
        assert!(of("lonely", ResponseKind::ChromaFactor) < 1.0);
        assert!(of("eerie", ResponseKind::KeyFillRatio) > 1.2 * of("joyful", ResponseKind::KeyFillRatio));
        assert!(of("heroic", ResponseKind::LineWeight) > of("tender", ResponseKind::LineWeight));
    }

    #[test]
    fn golden_responses() {
        // Caught: nothing yet. Moves with the table of emotions or any response's numbers; last when palette, light
        // and cutting took theirs from here.
        let mut canonical = crate::digest::Canonical::new("test/responses");
        for emotion in super::super::named_emotions() {
            let values = RESPONSES.iter().map(|r| r.of(emotion.vad)).collect::<Vec<_>>();
            canonical.text(emotion.name).numbers(&values);
        }
        assert_eq!(canonical.finish().to_string(), GOLDEN);
    }

    const GOLDEN: &str = "2ac30b16e8637f0c2af3e041ece31538a28d9912527385cf575fa80941570cf2";
}
