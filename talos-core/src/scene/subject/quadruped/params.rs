//! What makes one four-legged animal differ from another.

/// Kinds of four-legged animal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Species {
    /// A long muzzle, erect ears, a ruff and a bushy tail.
    Wolf,
    /// A short muzzle, hanging ears, a tail carried high.
    Dog,
    /// A round head, large ears, slit pupils, a long thin tail.
    Cat,
    /// A long face on a long neck, a mane, hooves.
    Horse,
}

/// Measures of a four-legged animal.
#[derive(Clone, Debug, PartialEq)]
pub struct QuadrupedParams {
    /// Its kind.
    pub species: Species,
    /// Height at the withers, metres.
    pub withers_m: f64,
    /// Fullness of its fur: 0 sleek, 1 usual, 1.5 a winter coat. Scales tufts and ruff.
    pub fur: f64,
}

impl QuadrupedParams {
    /// A grey wolf.
    #[must_use]
    pub fn wolf() -> Self {
        Self {
            species: Species::Wolf,
            withers_m: 0.82,
            fur: 1.0,
        }
    }

    /// A middling dog.
    #[must_use]
    pub fn dog() -> Self {
        Self {
            species: Species::Dog,
            withers_m: 0.52,
            fur: 0.7,
        }
    }

    /// A house cat.
    #[must_use]
    pub fn cat() -> Self {
        Self {
            species: Species::Cat,
            withers_m: 0.26,
            fur: 0.6,
        }
    }

    /// A riding horse.
    #[must_use]
    pub fn horse() -> Self {
        Self {
            species: Species::Horse,
            withers_m: 1.55,
            fur: 1.0,
        }
    }

    /// The animal of this name; `None` for others.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "wolf" => Some(Self::wolf()),
            "dog" => Some(Self::dog()),
            "cat" => Some(Self::cat()),
            "horse" => Some(Self::horse()),
            _ => None,
        }
    }

    /// Way made in one turn of `phase` while walking, metres: about the height of the withers
    /// (Alexander & Jayes 1983: relative stride grows with speed alike in all of them).
    #[must_use]
    pub fn walk_stride_m(&self) -> f64 {
        self.withers_m * 1.0
    }

    /// Way made in one turn of `phase` while trotting, metres.
    #[must_use]
    pub fn trot_stride_m(&self) -> f64 {
        self.withers_m * 1.7
    }

    /// Way made in one turn of `phase` while galloping, metres.
    #[must_use]
    pub fn gallop_stride_m(&self) -> f64 {
        self.withers_m * 3.2
    }
}
