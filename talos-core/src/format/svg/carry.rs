//! Strokes that were written as a circle or a triangle, and follow that shape.

use kurbo::Affine;
use roxmltree::Node;

use super::{
    SvgError,
    element::{Piece, length, point_list, refusal},
};
use crate::{artefact::Line, math::DVec2, stroke::Primitive};

/// The control points of a stroke that was written as a circle or triangle: its own where the shape
/// stands as it was, else carried along with it. `None` where the element is drawn otherwise now.
pub(super) fn shape_points(
    node: Node<'_, '_>,
    old: &Line,
    frame_from_element: Affine,
) -> Result<Option<Piece>, SvgError> {
    let carry = match (&old.primitive, node.tag_name().name()) {
        (
            Some(Primitive::Circle {
                centre, radius_px, ..
            }),
            "circle",
        ) => {
            let (c, r) = (
                DVec2::new(length(node, "cx")?, length(node, "cy")?),
                length(node, "r")?,
            );
            let (centre, radius) = (DVec2::from(*centre), *radius_px);
            if c == centre && r == radius {
                Affine::IDENTITY
            } else {
                Affine::translate((c.x, c.y))
                    * Affine::scale(r / radius)
                    * Affine::translate((-centre.x, -centre.y))
            }
        }
        (Some(Primitive::Triangle { corners, .. }), "polygon") => {
            let now: Vec<DVec2> = point_list(node)?.iter().map(|p| DVec2::new(p.x, p.y)).collect();
            match <[DVec2; 3]>::try_from(now) {
                Ok(now) => between(corners.map(DVec2::from), now),
                Err(_) => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    let carry = frame_from_element * carry;
    let place = |p: &[f64; 2]| {
        if carry == Affine::IDENTITY {
            return DVec2::from(*p);
        }
        let p = carry * kurbo::Point::new(p[0], p[1]);
        DVec2::new(p.x, p.y)
    };
    let piece = Piece {
        points: old.points.iter().map(place).collect(),
        closed: old.closed,
    };
    let near = |p: &DVec2| p.abs().max_element() < 1e7;
    if !piece.points.iter().all(near) {
        return Err(refusal(node, "points", "it reaches beyond 10000000 pixels"));
    }
    Ok(Some(piece))
}

/// The affine map of one triangle onto another; the identity where they are the same.
fn between(from: [DVec2; 3], to: [DVec2; 3]) -> Affine {
    if from == to {
        return Affine::IDENTITY;
    }
    let basis = |t: [DVec2; 3]| {
        let (u, v) = (t[1] - t[0], t[2] - t[0]);
        Affine::new([u.x, u.y, v.x, v.y, t[0].x, t[0].y])
    };
    basis(to) * basis(from).inverse()
}
