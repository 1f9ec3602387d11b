//! SVG's `transform` lists (SVG 1.1, section 7.6): a point on the page from one in the element.

use kurbo::Affine;

use crate::math::scalar;

/// Transforms of a list at most; no editor writes more than a few.
const MOST: usize = 64;

/// The transform of a list such as `translate(3 4) rotate(30)`; `None` where it is none.
pub(super) fn parsed(text: &str) -> Option<Affine> {
    let mut result = Affine::IDENTITY;
    let mut rest = text.trim();
    for _ in 0..MOST {
        if rest.is_empty() {
            return Some(result);
        }
        let (name, after) = rest.split_once('(')?;
        let (arguments, after) = after.split_once(')')?;
        result *= one(name.trim(), &numbers(arguments)?)?;
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    None
}

/// Numbers parted by blanks or commas.
pub(super) fn numbers(text: &str) -> Option<Vec<f64>> {
    let parts = text.split(|c: char| c.is_whitespace() || c == ',');
    parts
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<f64>().ok().filter(|v| v.is_finite()))
        .collect()
}

fn one(name: &str, n: &[f64]) -> Option<Affine> {
    let turn = |degrees: f64| {
        let (sin, cos) = scalar::sin_cos(degrees.to_radians());
        Affine::new([cos, sin, -sin, cos, 0.0, 0.0])
    };
    let slant = |degrees: f64| scalar::tan(degrees.to_radians());
    Some(match (name, n) {
        ("matrix", &[a, b, c, d, e, f]) => Affine::new([a, b, c, d, e, f]),
        ("translate", &[x]) => Affine::translate((x, 0.0)),
        ("translate", &[x, y]) => Affine::translate((x, y)),
        ("scale", &[s]) => Affine::scale(s),
        ("scale", &[x, y]) => Affine::scale_non_uniform(x, y),
        ("rotate", &[angle]) => turn(angle),
        ("rotate", &[angle, x, y]) => Affine::translate((x, y)) * turn(angle) * Affine::translate((-x, -y)),
        ("skewX", &[angle]) => Affine::new([1.0, 0.0, slant(angle), 1.0, 0.0, 0.0]),
        ("skewY", &[angle]) => Affine::new([1.0, slant(angle), 0.0, 1.0, 0.0, 0.0]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kurbo::Point;

    #[test]
    fn lists_apply_from_right_to_left() {
        let at = |text: &str| parsed(text).map(|t| t * Point::new(1.0, 0.0));
        let near = |found: Option<Point>, x: f64, y: f64| {
            let p = found.expect("a transform");
            assert!((p.x - x).abs() < 1e-12 && (p.y - y).abs() < 1e-12, "{p:?}");
        };
        near(at(""), 1.0, 0.0);
        near(at("translate(3,4) scale(2)"), 5.0, 4.0);
        near(at(" rotate(90) translate(1 0)"), 0.0, 2.0);
        near(at("rotate(90 1 1)"), 2.0, 1.0);
        near(at("matrix(0 1 -1 0 5 6), skewY(45)"), 4.0, 7.0);
    }

    #[test]
    fn nonsense_is_none() {
        for text in [
            "rotate",
            "rotate(",
            "rotate(x)",
            "scale()",
            "spin(3)",
            "scale(1e999)",
            ")(",
        ] {
            assert!(parsed(text).is_none(), "{text}");
        }
        assert!(parsed(&"scale(1)".repeat(100)).is_none());
    }
}
