//! A frame's lines as SVG.

use std::fmt::Write;

use super::{FRAME, INK, INKSCAPE, LAYER, LINE, SvgError, name::encoded};
use crate::{
    artefact::{Line, Lines},
    math::DVec2,
    random::Seed,
    stroke::{InkStyle, Primitive, Stroke, ink_outlines},
};

/// What is drawn of each stroke.
#[derive(Clone, Copy)]
pub enum SvgInk<'a> {
    /// Centre lines of even width: what is best to work on.
    Centres,
    /// Outlines of the ink, the centre lines invisible below them.
    Outlines {
        /// The ink of a layer.
        ink: &'a dyn Fn(&str) -> InkStyle,
        /// The film's seed.
        seed: Seed,
    },
}

/// The SVG of a frame's lines, in `color` (`#rrggbb`).
///
/// # Errors
/// [`SvgError::Lines`] where the lines are not valid.
pub fn write(lines: &Lines, drawn: SvgInk<'_>, color: &str) -> Result<String, SvgError> {
    lines.validate()?;
    let size = lines.frame_size;
    let (w, h) = (size.width, size.height);
    let head = Lines {
        lines: Vec::new(),
        ..lines.clone()
    };
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:inkscape=\"{INKSCAPE}\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\" {FRAME}='{}'>",
        json(&head)?
    );
    for layer in back_to_front(&lines.layers) {
        let own: Vec<&Line> = lines.lines.iter().filter(|l| l.layer == *layer).collect();
        let _ = writeln!(
            svg,
            "<g id=\"{LAYER}{}\" inkscape:groupmode=\"layer\" inkscape:label=\"{}\" fill=\"none\" \
             stroke=\"{color}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
            encoded(layer),
            escaped(layer)
        );
        match drawn {
            SvgInk::Centres => centres(&mut svg, &own, size.scale())?,
            SvgInk::Outlines { ink, seed } => {
                let strokes: Vec<Stroke> = own.iter().map(|l| Stroke::from(*l)).collect();
                let inked = ink_outlines(&strokes, &ink(layer), size, lines.frame, seed);
                outlines(&mut svg, &own, &inked, color)?;
            }
        }
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// Layers in the order in which they cover one another: those that films draw, then any other.
fn back_to_front(layers: &[String]) -> Vec<&String> {
    let mut order: Vec<&String> = layers.iter().collect();
    order.sort_by_key(|layer| layer_rank(layer));
    order
}

/// A layer's place from back to front; unknown ones lie in front.
pub(in crate::format) fn layer_rank(layer: &str) -> usize {
    let known = ["background", "midground", "subject"];
    known.iter().position(|k| *k == layer).unwrap_or(known.len())
}

fn centres(svg: &mut String, lines: &[&Line], scale: f64) -> Result<(), SvgError> {
    for line in lines {
        let style = InkStyle::default();
        let mean = line.pressure.iter().sum::<f64>() / line.pressure.len() as f64;
        let width = (style.width(line.style_class, mean) * line.width * scale * 100.0).round() / 100.0;
        let shape = shape(line);
        let kept = kept(line)?;
        let _ = writeln!(svg, "<{shape} stroke-width=\"{width}\" {kept}/>");
    }
    Ok(())
}

fn outlines(
    svg: &mut String,
    lines: &[&Line],
    inked: &[Vec<Vec<DVec2>>],
    color: &str,
) -> Result<(), SvgError> {
    for (line, polygons) in lines.iter().zip(inked) {
        let (count, sum) = ink_mark(polygons.iter().flatten().copied());
        let mut d = String::new();
        for polygon in polygons {
            for (k, p) in polygon.iter().enumerate() {
                let _ = write!(d, "{}{} {}", if k == 0 { "M" } else { "L" }, p.x, p.y);
            }
            d.push('Z');
        }
        let _ = writeln!(
            svg,
            "<g>\n<path {INK}=\"{count} {} {}\" fill=\"{color}\" stroke=\"none\" d=\"{d}\"/>",
            sum.x, sum.y
        );
        let _ = writeln!(svg, "<{} stroke=\"none\" {}/>\n</g>", shape(line), kept(line)?);
    }
    Ok(())
}

/// What tells an outline from a changed one: an editor may write the same points with other words.
pub(super) fn ink_mark(points: impl Iterator<Item = DVec2>) -> (usize, DVec2) {
    let (count, sum) = points.fold((0, DVec2::ZERO), |(n, sum), p| (n + 1, sum + p));
    (count, (sum * 100.0).round() / 100.0)
}

/// Name, id, class and geometry of a stroke's element.
fn shape(line: &Line) -> String {
    let class = serde_json::to_value(line.style_class).unwrap_or_default();
    let class = class.as_str().unwrap_or_default();
    let id = encoded(&line.stroke_id);
    match &line.primitive {
        Some(Primitive::Circle {
            centre, radius_px, ..
        }) => format!(
            "circle id=\"{id}\" class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{radius_px}\"",
            centre[0], centre[1]
        ),
        Some(Primitive::Triangle { corners, .. }) => {
            let corners = corners.map(|c| format!("{},{}", c[0], c[1])).join(" ");
            format!("polygon id=\"{id}\" class=\"{class}\" points=\"{corners}\"")
        }
        None => format!("path id=\"{id}\" class=\"{class}\" d=\"{}\"", path_data(line)),
    }
}

fn path_data(line: &Line) -> String {
    let mut d = String::new();
    for (k, [x, y]) in line.points.iter().enumerate() {
        let command = match k {
            0 => "M",
            1 => " C",
            _ => " ",
        };
        let _ = write!(d, "{command}{x} {y}");
    }
    if line.closed {
        d.push_str(" Z");
    }
    d
}

/// The stroke as an attribute.
fn kept(line: &Line) -> Result<String, SvgError> {
    Ok(format!("{LINE}='{}'", json(line)?))
}

/// JSON for an attribute in single quotes; all that XML 1.0 cannot hold is escaped as JSON does.
fn json<T: serde::Serialize>(value: &T) -> Result<String, SvgError> {
    let text = serde_json::to_string(value).map_err(|e| SvgError::Syntax {
        reason: e.to_string(),
    })?;
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' => safe.push_str("&apos;"),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(safe, "\\u{:04x}", u32::from(c));
            }
            other => safe.push(other),
        }
    }
    Ok(safe)
}

/// Text for an attribute, for the eye alone.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            '"' => safe.push_str("&quot;"),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
