//! The geometry of SVG's basic shapes and paths, as chains of cubic Béziers in frame pixels.

use kurbo::{Affine, BezPath, PathEl, Point};
use roxmltree::Node;

use super::{SvgError, transform::numbers};
use crate::math::DVec2;

/// Coordinates of a drawing stay below this, pixels: what `lines.json` can hold.
const FARTHEST_PX: f64 = 1e7;

/// Handles of a cubic quarter circle against its radius: the worst radial error is 0.02 %, spread
/// evenly, half of what the usual 0.5523 has.
const QUARTER: f64 = 0.551_915_024_493_510_6;

/// One continuous piece of an element.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// Control points, 3n + 1.
    pub(super) points: Vec<DVec2>,
    /// Whether it is closed.
    pub(super) closed: bool,
}

/// Whether an element is one that [`pieces`] understands.
pub(super) fn is_shape(name: &str) -> bool {
    matches!(
        name,
        "path" | "circle" | "ellipse" | "rect" | "line" | "polyline" | "polygon"
    )
}

/// An element's pieces, `frame_from_element` applied.
pub(super) fn pieces(node: Node<'_, '_>, frame_from_element: Affine) -> Result<Vec<Piece>, SvgError> {
    let path = match node.tag_name().name() {
        "path" => {
            let d = node.attribute("d").unwrap_or_default();
            BezPath::from_svg(d).map_err(|e| refusal(node, "d", &e.to_string()))?
        }
        "circle" => {
            let r = positive(node, "r")?;
            ellipse(centre(node)?, r, r)
        }
        "ellipse" => ellipse(centre(node)?, positive(node, "rx")?, positive(node, "ry")?),
        "rect" => rectangle(node)?,
        "line" => {
            let ends = [
                Point::new(length(node, "x1")?, length(node, "y1")?),
                Point::new(length(node, "x2")?, length(node, "y2")?),
            ];
            straight(&ends, false)
        }
        name => straight(&point_list(node)?, name == "polygon"),
    };
    let far = |p: Point| !(p.x.abs() < FARTHEST_PX && p.y.abs() < FARTHEST_PX);
    // the identity is left out: a product with it would turn −0 into 0
    let path = if frame_from_element == Affine::IDENTITY {
        path
    } else {
        frame_from_element * path
    };
    let pieces = chains(&path);
    let points = || pieces.iter().flat_map(|p| &p.points);
    if points().any(|p| far(Point::new(p.x, p.y))) {
        let attribute = if node.has_attribute("d") { "d" } else { "points" };
        return Err(refusal(node, attribute, "it reaches beyond 10000000 pixels"));
    }
    Ok(pieces)
}

/// Corners of a `points` list.
pub(super) fn point_list(node: Node<'_, '_>) -> Result<Vec<Point>, SvgError> {
    let text = node.attribute("points").unwrap_or_default();
    let refuse = || refusal(node, "points", "it is no list of pairs of numbers");
    let list = numbers(text).filter(|n| n.len() % 2 == 0).ok_or_else(refuse)?;
    Ok(list.chunks_exact(2).map(|p| Point::new(p[0], p[1])).collect())
}

/// A length in pixels; 0 where it is absent, as SVG has it.
pub(super) fn length(node: Node<'_, '_>, attribute: &str) -> Result<f64, SvgError> {
    let text = node.attribute(attribute).unwrap_or("0").trim();
    let refuse = || refusal(node, attribute, "it is no length in pixels");
    let number = text.strip_suffix("px").unwrap_or(text);
    let value: f64 = number.parse().map_err(|_| refuse())?;
    value.is_finite().then_some(value).ok_or_else(refuse)
}

fn centre(node: Node<'_, '_>) -> Result<Point, SvgError> {
    Ok(Point::new(length(node, "cx")?, length(node, "cy")?))
}

fn positive(node: Node<'_, '_>, attribute: &str) -> Result<f64, SvgError> {
    let value = length(node, attribute)?;
    if value > 0.0 {
        Ok(value)
    } else {
        Err(refusal(node, attribute, "it must be larger than 0"))
    }
}

/// What is wrong with an attribute of an element.
pub(super) fn refusal(node: Node<'_, '_>, attribute: &str, reason: &str) -> SvgError {
    SvgError::Attribute {
        line: line_of(node),
        element: title(node),
        attribute: attribute.into(),
        reason: reason.into(),
    }
}

/// Line of the file that an element begins in.
pub(super) fn line_of(node: Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

/// An element's name, and its id where it has one.
pub(super) fn title(node: Node<'_, '_>) -> String {
    let short = |text: &str| text.chars().take(80).collect::<String>();
    let name = short(node.tag_name().name());
    match node.attribute("id") {
        Some(id) => format!("{name} {}", short(id)),
        None => name,
    }
}

fn straight(corners: &[Point], closed: bool) -> BezPath {
    let mut path = BezPath::new();
    for (k, &corner) in corners.iter().enumerate() {
        if k == 0 {
            path.move_to(corner);
        } else {
            path.line_to(corner);
        }
    }
    if closed && !corners.is_empty() {
        path.close_path();
    }
    path
}

fn ellipse(centre: Point, rx: f64, ry: f64) -> BezPath {
    let at = |x: f64, y: f64| Point::new(centre.x + rx * x, centre.y + ry * y);
    let mut path = BezPath::new();
    path.move_to(at(1.0, 0.0));
    for [x, y] in [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]] {
        let (x1, y1) = (-y, x);
        path.curve_to(
            at(x + QUARTER * x1, y + QUARTER * y1),
            at(x1 + QUARTER * x, y1 + QUARTER * y),
            at(x1, y1),
        );
    }
    path.close_path();
    path
}

/// A rectangle; rounded corners are elliptical quarters.
fn rectangle(node: Node<'_, '_>) -> Result<BezPath, SvgError> {
    let (x, y) = (length(node, "x")?, length(node, "y")?);
    let (w, h) = (positive(node, "width")?, positive(node, "height")?);
    let one = if node.has_attribute("rx") { "rx" } else { "ry" };
    let other = if node.has_attribute("ry") { "ry" } else { "rx" };
    let (rx, ry) = (
        length(node, one)?.clamp(0.0, w / 2.0),
        length(node, other)?.clamp(0.0, h / 2.0),
    );
    let mut path = BezPath::new();
    let corners = [
        (x + w, y, 1.0, 0.0),
        (x + w, y + h, 0.0, 1.0),
        (x, y + h, -1.0, 0.0),
        (x, y, 0.0, -1.0),
    ];
    if rx * ry <= 0.0 {
        return Ok(straight(&corners.map(|(x, y, ..)| Point::new(x, y)), true));
    }
    for (k, (cx, cy, dx, dy)) in corners.into_iter().enumerate() {
        // the side arrives along (dx, dy) and turns right
        let corner = Point::new(cx, cy);
        let from = Point::new(cx - dx * rx, cy - dy * ry);
        let to = Point::new(cx - dy * rx, cy + dx * ry);
        if k == 0 {
            path.move_to(from);
        } else {
            path.line_to(from);
        }
        path.curve_to(from.lerp(corner, QUARTER), to.lerp(corner, QUARTER), to);
    }
    path.close_path();
    Ok(path)
}

/// The continuous pieces of a path, every element a cubic; pieces without length are dropped.
fn chains(path: &BezPath) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let vector = |p: Point| DVec2::new(p.x, p.y);
    for element in path.elements() {
        if let PathEl::MoveTo(p) = element {
            pieces.push(piece_at(vector(*p)));
            continue;
        }
        if pieces.last().is_none_or(|p| p.closed) {
            let start = pieces.last().map_or(DVec2::ZERO, |p| p.points[0]);
            pieces.push(piece_at(start));
        }
        let Some(piece) = pieces.last_mut() else { continue };
        let from = piece.points[piece.points.len() - 1];
        match element {
            PathEl::LineTo(p) => piece.points.extend(line(from, vector(*p))),
            PathEl::QuadTo(a, p) => {
                let (a, p) = (vector(*a), vector(*p));
                piece
                    .points
                    .extend([from.lerp(a, 2.0 / 3.0), p.lerp(a, 2.0 / 3.0), p]);
            }
            PathEl::CurveTo(a, b, p) => piece.points.extend([*a, *b, *p].map(vector)),
            PathEl::ClosePath | PathEl::MoveTo(_) => {
                if from != piece.points[0] {
                    let start = piece.points[0];
                    piece.points.extend(line(from, start));
                }
                piece.closed = true;
            }
        }
    }
    pieces.retain(|p| p.points.len() >= 4);
    pieces
}

fn piece_at(start: DVec2) -> Piece {
    Piece {
        points: vec![start],
        closed: false,
    }
}

fn line(from: DVec2, to: DVec2) -> [DVec2; 3] {
    [from.lerp(to, 1.0 / 3.0), from.lerp(to, 2.0 / 3.0), to]
}
