//! What makes one person differ from another.

/// Cut of the hair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hairstyle {
    /// To the jaw, with a fringe.
    Bob,
    /// Down the back, with a fringe.
    Long,
    /// Short and tousled.
    Tousled,
    /// Short, swept to one side.
    Short,
    /// Drawn back into a bun.
    Bun,
    /// A wreath around a bald crown, with a beard.
    Wreath,
}

/// What is worn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outfit {
    /// A flared coat over a dress, socks and ankle boots.
    FlaredCoat,
    /// A fitted coat over a long skirt.
    LongSkirt,
    /// A short jacket and trousers.
    Jacket,
    /// A coat to mid-thigh and trousers.
    Overcoat,
}

/// Measures and manners of a person; lengths in metres, proportions as shares.
#[derive(Clone, Debug, PartialEq)]
pub struct HumanParams {
    /// Standing height without hair, metres.
    pub height_m: f64,
    /// Height counted in heads: a small child has 5, a grown person 7.5. Fewer is younger.
    pub heads: f64,
    /// Hip joint's height as a share of the body's height.
    pub leg_share: f64,
    /// Distance between the shoulder joints as a share of the height.
    pub shoulder_share: f64,
    /// Half width of the waist as a share of the height.
    pub waist_share: f64,
    /// Fullness of the chest: 0 a child's or man's, 1 a woman's.
    pub bust: f64,
    /// Width of the jaw and the neck against a child's, about 0.95 … 1.1.
    pub jaw: f64,
    /// Size of the eyes against a child's, about 0.6 … 1.
    pub eyes: f64,
    /// Length of the nose against a child's, about 1 … 2.
    pub nose: f64,
    /// Pen pressure of the brows, [0, 1].
    pub brow_pressure: f64,
    /// Forward bend of the back at rest, radians.
    pub stoop: f64,
    /// Lines of age in the face: 0 none, 1 deep.
    pub age: f64,
    /// Hair.
    pub hair: Hairstyle,
    /// Clothes.
    pub outfit: Outfit,
}

impl HumanParams {
    /// A person by the cast's word: `"girl"`, `"boy"`, `"woman"`, `"man"`, `"old_woman"`,
    /// `"old_man"`; any other word gives the woman.
    #[must_use]
    pub fn variant(name: &str) -> Self {
        match name {
            "girl" => Self::girl(),
            "boy" => Self {
                height_m: 1.38,
                shoulder_share: 0.176,
                jaw: 1.01,
                eyes: 0.94,
                brow_pressure: 0.85,
                hair: Hairstyle::Tousled,
                outfit: Outfit::Jacket,
                ..Self::girl()
            },
            "man" => Self::man(),
            "old_woman" => Self {
                height_m: 1.52,
                heads: 6.3,
                leg_share: 0.485,
                waist_share: 0.078,
                jaw: 1.0,
                eyes: 0.6,
                nose: 1.5,
                stoop: 0.22,
                age: 1.0,
                hair: Hairstyle::Bun,
                outfit: Outfit::LongSkirt,
                ..Self::woman()
            },
            "old_man" => Self {
                height_m: 1.62,
                heads: 6.5,
                leg_share: 0.49,
                waist_share: 0.08,
                eyes: 0.55,
                jaw: 1.04,
                nose: 1.9,
                brow_pressure: 1.0,
                stoop: 0.2,
                age: 1.0,
                hair: Hairstyle::Wreath,
                ..Self::man()
            },
            _ => Self::woman(),
        }
    }

    fn girl() -> Self {
        Self {
            height_m: 1.35,
            heads: 5.5,
            leg_share: 0.48,
            shoulder_share: 0.166,
            waist_share: 0.066,
            bust: 0.0,
            jaw: 1.0,
            eyes: 1.0,
            nose: 1.0,
            brow_pressure: 0.7,
            stoop: 0.0,
            age: 0.0,
            hair: Hairstyle::Bob,
            outfit: Outfit::FlaredCoat,
        }
    }

    fn woman() -> Self {
        Self {
            height_m: 1.66,
            heads: 6.9,
            leg_share: 0.525,
            shoulder_share: 0.186,
            waist_share: 0.062,
            bust: 1.0,
            jaw: 0.97,
            eyes: 0.8,
            nose: 1.3,
            brow_pressure: 0.65,
            hair: Hairstyle::Long,
            outfit: Outfit::LongSkirt,
            ..Self::girl()
        }
    }

    fn man() -> Self {
        Self {
            height_m: 1.78,
            heads: 7.2,
            leg_share: 0.52,
            shoulder_share: 0.218,
            waist_share: 0.075,
            bust: 0.0,
            jaw: 1.06,
            eyes: 0.64,
            nose: 1.6,
            brow_pressure: 0.95,
            hair: Hairstyle::Short,
            outfit: Outfit::Overcoat,
            ..Self::girl()
        }
    }

    /// How grown the face is: 0 a child, 1 from about half a child's eyes on.
    pub(super) fn adult(&self) -> f64 {
        ((1.0 - self.eyes) / 0.45).clamp(0.0, 1.0)
    }

    /// Way made in one turn of `phase` (two steps) while walking, metres. Walkers choose steps of
    /// two fifths of their height at most (Inman, Ralston & Todd 1981); a stroll has about a third.
    #[must_use]
    pub fn walk_stride_m(&self) -> f64 {
        self.height_m * (0.64 - 0.14 * self.age)
    }

    /// Way made in one turn of `phase` (two steps) while running, metres.
    #[must_use]
    pub fn run_stride_m(&self) -> f64 {
        let skirt = if self.outfit == Outfit::LongSkirt {
            0.35
        } else {
            0.0
        };
        self.height_m * (1.35 - 0.40 * self.age - skirt)
    }
}
