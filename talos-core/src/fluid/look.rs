//! How fire is painted: a ramp of flat bands, as in drawn animation.

/// Colours and edges of drawn fire. Colours are linear Rec.709; above 1 they glow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FireLook {
    /// The hottest band.
    pub core: [f32; 3],
    /// The body of the flame.
    pub mid: [f32; 3],
    /// The rim.
    pub edge: [f32; 3],
    /// Smoke in the shade.
    pub smoke: [f32; 3],
    /// Light of the surroundings on the smoke.
    pub ambient: [f32; 3],
    /// Temperature seen (1 a full flame) at which body, inner body and core begin; the rim is the rest.
    pub bands: [f32; 3],
    /// Width of a band's edge beyond antialiasing, as a share of its heat: 0 cuts like a knife, 1 is a gradient.
    pub softness: f32,
    /// Opacity of the flame's body, [0, 1].
    pub opacity: f32,
    /// Opacity of full flame, 1/m: larger shows its surface, smaller its depth.
    pub flame_per_m: f32,
    /// Opacity of smoke of density 1, 1/m.
    pub smoke_per_m: f32,
    /// Size of the licks that drawing adds, metres; 0 draws the solver's fire alone.
    pub lick_m: f32,
    /// Pixels along a side of a ray's square at 1080 lines. 2 is finer, 4 faster.
    pub coarseness: u32,
}

impl Default for FireLook {
    fn default() -> Self {
        Self {
            core: [7.0, 5.6, 2.9],
            // green stays so far below red that the body is orange where red is already as bright as a screen
            // shows; more of it, and body and inner body are one yellow
            mid: [1.9, 0.34, 0.012],
            edge: [1.1, 0.055, 0.006],
            smoke: [0.018, 0.016, 0.02],
            ambient: [0.03, 0.035, 0.055],
            bands: [0.36, 0.64, 0.90],
            softness: 0.02,
            opacity: 1.0,
            flame_per_m: 2.0,
            smoke_per_m: 0.9,
            lick_m: 0.9,
            coarseness: 3,
        }
    }
}

/// Opacity at which flame begins to be drawn. Less draws wisps, more thins the fire.
const RIM: f32 = 0.16;

/// 0 below an edge, 1 above, over a width `wide` of what is compared.
#[inline]
fn over(edge: f32, wide: f32, x: f32) -> f32 {
    let half = (wide * 0.5).max(1e-4);
    crate::math::scalar::single::smoothstep(edge - half, edge + half, x)
}

/// What a pixel sees of the flame, and how fast that changes from pixel to pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FlameSeen {
    /// Opacity, [0, 1].
    pub opacity: f32,
    /// Change of the opacity from a pixel to the next.
    pub opacity_slope: f32,
    /// Mean temperature: 1 a full flame.
    pub temperature: f32,
    /// Change of the temperature from a pixel to the next.
    pub temperature_slope: f32,
}

/// Pixels over which a band's edge goes from one colour to the next: less shows steps, more looks soft.
const EDGE_PX: f32 = 1.7;

#[inline]
fn mix(a: [f32; 3], b: [f32; 3], t: f32) -> [f32; 3] {
    [0, 1, 2].map(|n| a[n] + (b[n] - a[n]) * t)
}

impl FireLook {
    /// The fire in blue, for magic: the same bands.
    #[must_use]
    pub fn blue() -> Self {
        Self {
            core: [3.2, 5.6, 7.0],
            mid: [0.14, 1.1, 3.8],
            edge: [0.02, 0.12, 1.2],
            ..Self::default()
        }
    }

    /// Colour and opacity of flame; premultiplied.
    #[inline]
    #[must_use]
    pub fn flame(&self, seen: &FlameSeen) -> [f32; 4] {
        let cut = |slope: f32, edge: f32| (slope * EDGE_PX).min(0.5 * edge) + self.softness * edge;
        let rim = over(RIM, cut(seen.opacity_slope, RIM), seen.opacity);
        if rim <= 0.0 {
            return [0.0; 4];
        }
        // thin flame is cooler to the eye: bands follow the silhouette inward
        let heat = seen.temperature * (0.55 + 0.45 * seen.opacity.min(1.0));
        let on = |n: usize| over(self.bands[n], cut(seen.temperature_slope, self.bands[n]), heat);
        // the geometric mean keeps the hue that an arithmetic one washes out
        let warm = [0, 1, 2].map(|n| (self.mid[n] * self.core[n]).max(0.0).sqrt());
        let colour = mix(
            mix(mix(self.edge, self.mid, on(0)), warm, on(1)),
            self.core,
            on(2),
        );
        let alpha = rim * self.opacity * (0.92 + 0.08 * on(0));
        [colour[0] * alpha, colour[1] * alpha, colour[2] * alpha, alpha]
    }

    /// Colour and opacity of smoke of an optical depth, lit by fire (`glow`, 1 beside full flame) and by
    /// the surroundings where it faces upward (`upper`, [0, 1]); premultiplied.
    #[inline]
    #[must_use]
    pub fn smoke(&self, depth: f32, glow: f32, upper: f32) -> [f32; 4] {
        if depth <= 0.02 {
            return [0.0; 4];
        }
        // three soft steps
        let alpha =
            0.26 * over(0.10, 0.1, depth) + 0.28 * over(0.36, 0.18, depth) + 0.24 * over(0.9, 0.4, depth);
        let lit = over(0.56, 0.16, upper);
        let warm = 0.35 * over(0.08, 0.08, glow) + 0.65 * over(0.35, 0.2, glow);
        let fire = [0, 1, 2].map(|n| 0.07 * self.edge[n] + 0.035 * self.mid[n]);
        let colour = [0, 1, 2].map(|n| self.smoke[n] + self.ambient[n] * lit + fire[n] * warm);
        [colour[0] * alpha, colour[1] * alpha, colour[2] * alpha, alpha]
    }
}
