//! Shot sizes: what part of the subject is seen, and how much of the frame it fills.

use crate::artefact::ShotSize;

/// A shot size as numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShotScale {
    /// Part of the subject's height that is framed, counted from the head: 1 all of it, 0 the head alone.
    pub part: f64,
    /// Share of the frame's height that this part fills (or of its width, if the part is wider
    /// than the frame's shape allows).
    pub fill: f64,
    /// Where the part's centre lies above (+) or below (−) the frame's centre, as a share of its height.
    pub rise: f64,
}

/// The scale of a shot size.
///
/// The parts are the customary cutting heights of a standing person (Bowen & Thompson, *Grammar
/// of the Shot*): never at a joint, so medium wide ends above the knee and medium above the
/// waist. In wide shots the figure stands low, to leave the sky its room; a face stands high,
/// so that its eyes are near the upper third.
#[must_use]
pub fn shot_scale(size: ShotSize) -> ShotScale {
    let (part, fill, rise) = match size {
        ShotSize::ExtremeWide => (1.0, 0.24, -0.10),
        ShotSize::Wide => (1.0, 0.42, -0.07),
        ShotSize::Full => (1.0, 0.80, 0.0),
        ShotSize::MediumWide => (0.70, 0.90, -0.02),
        ShotSize::Medium => (0.50, 0.92, -0.02),
        ShotSize::MediumCloseUp => (0.33, 0.92, -0.02),
        ShotSize::CloseUp => (0.0, 0.62, 0.03),
        ShotSize::ExtremeCloseUp => (0.0, 1.35, 0.05),
    };
    ShotScale { part, fill, rise }
}

/// Share of the frame's height that the *whole* height of a standing person has (a head is
/// 1/7.5 of it): above 1 when the frame cuts the figure.
#[must_use]
pub fn person_share(size: ShotSize) -> f64 {
    let scale = shot_scale(size);
    scale.fill / scale.part.max(1.0 / 7.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_size_is_closer_than_the_last() {
        let sizes = [
            ShotSize::ExtremeWide,
            ShotSize::Wide,
            ShotSize::Full,
            ShotSize::MediumWide,
            ShotSize::Medium,
            ShotSize::MediumCloseUp,
            ShotSize::CloseUp,
            ShotSize::ExtremeCloseUp,
        ];
        for pair in sizes.windows(2) {
            // a step of less than a quarter would not read as another size
            assert!(person_share(pair[1]) > 1.25 * person_share(pair[0]), "{pair:?}");
        }
    }
}
