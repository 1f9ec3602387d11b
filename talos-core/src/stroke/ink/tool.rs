//! Drawing tools: each is a named set of the parameters that tell its line from another's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::InkStyle;

/// What lines are drawn with. A style profile chooses one; width, taper, boil and colour stay its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InkTool {
    /// A dip pen: pressure alone moves its even, black line.
    #[default]
    Pen,
    /// A wet brush: fast on straights, where it runs thin, slow and full in bends; far lines are lighter.
    Brush,
    /// A pencil: grainy, palest at its rims, lines crossing at corners.
    Pencil,
    /// A brush that runs dry: streaks of its hairs, which break towards the end.
    DryBrush,
}

impl InkTool {
    /// Every tool.
    pub const ALL: [Self; 4] = [Self::Pen, Self::Brush, Self::Pencil, Self::DryBrush];

    /// A style with this tool's parameters in place of its own.
    #[must_use]
    pub fn held_by(self, style: InkStyle) -> InkStyle {
        match self {
            Self::Pen => style,
            Self::Brush => InkStyle {
                speed_thinning: 0.75,
                depth_thinning: 0.25,
                texture: 0.06,
                taper_px: style.taper_px * 1.5,
                ..style
            },
            Self::Pencil => InkStyle {
                speed_thinning: 0.2,
                grain: 0.7,
                // its grey needs room to read as a line
                width_px: style.width_px * 1.3,
                min_width_px: style.min_width_px * 1.4,
                texture: 0.12,
                overshoot_px: 3.0,
                ..style
            },
            Self::DryBrush => InkStyle {
                speed_thinning: 0.55,
                depth_thinning: 0.2,
                streaks: 0.85,
                texture: 0.14,
                ..style
            },
        }
    }
}
