//! The strokes of an SVG: its own, moved ones and new ones.

use std::collections::{BTreeMap, BTreeSet};

use kurbo::Affine;
use roxmltree::{Document, Node, ParsingOptions};

use super::{
    FRAME, INK, INKSCAPE, LAYER, LINE, SvgDrawing, SvgError, SvgNote, SvgNoteKind,
    carry::shape_points,
    depth::deepest,
    element::{Piece, is_shape, length, line_of, pieces, refusal, title},
    home,
    name::decoded,
    transform,
    write::ink_mark,
};
use crate::{
    artefact::{Line, Lines, LinesQuality},
    camera::{FrameSize, Projection},
    math::{DVec2, DVec3, scalar},
    stroke::{InkStyle, Stroke, StyleClass},
};

/// Bytes of a file at most: a busy 4K frame with its metadata has a tenth of this.
const MAX_BYTES: usize = 256 << 20;
/// Elements, attributes' text and comments of a file at most.
const MAX_NODES: u32 = 1_000_000;
/// Groups in one another at most.
const DEEPEST: usize = 64;
/// Strokes of a file at most; more is no drawing.
const MAX_STROKES: usize = 100_000;
/// What strokes outside every layer belong to, when the frame has no layer either.
const NO_LAYER: &str = "subject";

/// Reads an SVG. `base` is the frame it was drawn for, where that is known: strokes that an editor
/// has stripped of their metadata find theirs by id there, and an SVG that does not say which frame
/// it is of takes that one.
///
/// The document type may declare entities (Illustrator's do); their expansion is bounded, nothing
/// outside the file is ever read.
///
/// # Errors
/// See [`SvgError`].
pub fn read(text: &str, base: Option<&Lines>) -> Result<SvgDrawing, SvgError> {
    if text.len() > MAX_BYTES {
        return Err(too_much("bytes", MAX_BYTES));
    }
    if deepest(text) > DEEPEST {
        return Err(too_much("groups in one another", DEEPEST));
    }
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|e| SvgError::Syntax {
        reason: e.to_string(),
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(SvgError::NotSvg { root: title(root) });
    }
    let frame = frame_of(root, base)?;
    let mut reader = Reader::new(frame, base);
    let page = page(root, reader.frame.frame_size)?;
    let within = Within {
        frame_from_parent: page,
        depth: 0,
        layer: None,
        hidden: false,
    };
    reader.children(root, within)?;
    reader.finish()
}

fn too_much(what: &'static str, most: usize) -> SvgError {
    SvgError::TooMuch { what, most }
}

/// The frame that the SVG says it is of, else the base; without strokes.
fn frame_of(root: Node<'_, '_>, base: Option<&Lines>) -> Result<Lines, SvgError> {
    if let Some(json) = root.attribute(FRAME) {
        let mut frame = Lines::from_json(json)?;
        frame.lines.clear();
        return Ok(frame);
    }
    let base = base.ok_or(SvgError::NoFrame)?;
    Ok(Lines {
        lines: Vec::new(),
        ..base.clone()
    })
}

/// Pixels of the frame from units of the page: its view box fits the frame, centred.
fn page(root: Node<'_, '_>, size: FrameSize) -> Result<Affine, SvgError> {
    let (w, h) = (f64::from(size.width), f64::from(size.height));
    let shown = match root.attribute("viewBox") {
        Some(text) => {
            let list = transform::numbers(text).filter(|n| n.len() == 4 && n[2] > 0.0 && n[3] > 0.0);
            list.ok_or_else(|| refusal(root, "viewBox", "it is no box: x y width height"))?
        }
        None => match (length(root, "width"), length(root, "height")) {
            (Ok(w), Ok(h)) if w > 0.0 && h > 0.0 => vec![0.0, 0.0, w, h],
            _ => vec![0.0, 0.0, w, h],
        },
    };
    if shown == [0.0, 0.0, w, h] {
        return Ok(Affine::IDENTITY);
    }
    let scale = (w / shown[2]).min(h / shown[3]);
    let (x, y) = ((w - shown[2] * scale) / 2.0, (h - shown[3] * scale) / 2.0);
    Ok(Affine::translate((x, y)) * Affine::scale(scale) * Affine::translate((-shown[0], -shown[1])))
}

struct Reader<'a> {
    frame: Lines,
    projection: Projection,
    base: BTreeMap<&'a str, &'a Line>,
    base_lines: &'a [Line],
    /// Strokes drawn anew, which wait for the depths of the others.
    new: Vec<Stroke>,
    ids: BTreeSet<String>,
    /// Whether any stroke is not as it was.
    changed: bool,
    notes: Vec<SvgNote>,
}

impl<'a> Reader<'a> {
    fn new(frame: Lines, base: Option<&'a Lines>) -> Self {
        let base_lines = base.map_or(&[][..], |b| &b.lines);
        Self {
            projection: Projection {
                rows: frame.camera_projection_matrix,
                centre: None,
                forward: DVec3::NEG_Z,
            },
            frame,
            base: base_lines.iter().map(|l| (l.stroke_id.as_str(), l)).collect(),
            base_lines,
            new: Vec::new(),
            ids: BTreeSet::new(),
            changed: false,
            notes: Vec::new(),
        }
    }

    fn children(&mut self, parent: Node<'_, '_>, within: Within<'_>) -> Result<(), SvgError> {
        for node in parent.children().filter(Node::is_element) {
            self.element(node, within)?;
        }
        Ok(())
    }

    fn element(&mut self, node: Node<'_, '_>, mut within: Within<'_>) -> Result<(), SvgError> {
        let name = node.tag_name().name();
        let foreign = node
            .tag_name()
            .namespace()
            .is_some_and(|ns| !ns.ends_with("/svg"));
        if foreign || is_silent(name) {
            return Ok(());
        }
        within.hidden |= is_hidden(node);
        let own = node.attribute("transform").map(|text| {
            let refuse = || refusal(node, "transform", "it is no list of transforms");
            transform::parsed(text).ok_or_else(refuse)
        });
        let own = own.transpose()?;
        if let Some(own) = own {
            within.frame_from_parent *= own;
        }
        if matches!(name, "g" | "a" | "switch") {
            let layer = layer_of(node, within.depth);
            let inner = Within {
                depth: within.depth + 1,
                layer: layer.as_deref().or(within.layer),
                ..within
            };
            return self.children(node, inner);
        }
        // a layer that an artist hid is still drawn; what was never ours stays out
        let skipped = if within.hidden && !node.has_attribute(LINE) && !node.has_attribute(INK) {
            Some(SvgNoteKind::Hidden)
        } else {
            (!is_shape(name)).then_some(SvgNoteKind::LeftOut)
        };
        if let Some(what) = skipped {
            self.note(node, what);
            return Ok(());
        }
        match node.attribute(INK) {
            Some(mark) => self.ink(node, mark, own.unwrap_or(Affine::IDENTITY)),
            None => self.stroke(node, within),
        }
    }

    fn note(&mut self, node: Node<'_, '_>, what: SvgNoteKind) {
        self.notes.push(SvgNote {
            element: title(node),
            line: line_of(node),
            what,
        });
    }

    /// An outline of ink is not read; a changed one is said.
    fn ink(&mut self, node: Node<'_, '_>, mark: &str, moved: Affine) -> Result<(), SvgError> {
        let corners = pieces(node, moved)?;
        // every polygon of n points is read as n sides, the last one drawn by `Z`
        let points = corners.iter().flat_map(|p| p.points.iter().step_by(3).skip(1));
        let (count, sum) = ink_mark(points.copied());
        let told = transform::numbers(mark).unwrap_or_default();
        let same = told.len() == 3
            && told[0] == count as f64
            && (DVec2::new(told[1], told[2]) - sum).abs().max_element() <= 0.01 * (count as f64 + 1.0);
        if !same {
            self.note(node, SvgNoteKind::OutlineChanged);
        }
        Ok(())
    }

    fn stroke(&mut self, node: Node<'_, '_>, within: Within<'_>) -> Result<(), SvgError> {
        let (frame_from_element, layer) = (within.frame_from_parent, within.layer);
        let name = node.attribute("id").map(decoded).filter(|id| !id.is_empty());
        let kept: Option<Line> = node
            .attribute(LINE)
            .map(serde_json::from_str)
            .transpose()
            .map_err(|e| refusal(node, LINE, &e.to_string()))?;
        let sound = |line: &Line| {
            line.points.len() == line.points_3d.len() && line.pressure.len() * 3 == line.points.len() + 2
        };
        if kept.as_ref().is_some_and(|line| !sound(line)) {
            return Err(refusal(
                node,
                LINE,
                "its numbers of points, homes and pressures do not fit",
            ));
        }
        // a copy made in an editor has the metadata of its original, and an id of its own
        let old = match (&kept, &name) {
            (Some(line), Some(name)) if line.stroke_id != *name => None,
            (Some(line), _) => Some(line),
            (None, Some(name)) => self.base.get(name.as_str()).copied(),
            (None, None) => None,
        };
        let mut found = match old.and_then(|line| shape_points(node, line, frame_from_element).transpose()) {
            Some(piece) => vec![piece?],
            None => pieces(node, frame_from_element)?,
        };
        if found.is_empty() {
            self.note(node, SvgNoteKind::LeftOut);
            return Ok(());
        }
        if found.len() > 1 {
            self.note(node, SvgNoteKind::Divided);
        }
        let rest = found.split_off(1);
        let first = &found[0];
        let stem = old
            .map(|l| l.stroke_id.clone())
            .or(name)
            .unwrap_or_else(|| "drawn".into());
        let like = kept.as_ref().or(old);
        match old {
            Some(line) => {
                let mut line = self.of_old(line, first);
                if let Some(layer) = layer {
                    line.layer = layer.into();
                }
                line.stroke_id = self.free_name(node, &stem)?;
                self.frame.lines.push(line);
            }
            None => {
                let id = self.free_name(node, &stem)?;
                let stroke = new_stroke(node, id, first, like, layer, self.frame.frame_size);
                self.new.push(stroke);
            }
        }
        for (k, piece) in rest.iter().enumerate() {
            let id = self.free_name(node, &format!("{stem}.{}", k + 2))?;
            let stroke = new_stroke(node, id, piece, like, layer, self.frame.frame_size);
            self.new.push(stroke);
        }
        Ok(())
    }

    /// A stroke known before: as it was where nothing moved, else of its new course.
    fn of_old(&mut self, old: &Line, piece: &Piece) -> Line {
        let same = old.closed == piece.closed
            && old.points.len() == piece.points.len()
            && old
                .points
                .iter()
                .zip(&piece.points)
                .all(|(a, b)| DVec2::from(*a) == *b);
        if same {
            return old.clone();
        }
        self.changed = true;
        let stroke = home::moved(old, piece, &self.projection);
        Line::of(&stroke, self.frame.frame_size)
    }

    /// The name itself, or one that is free.
    fn free_name(&mut self, node: Node<'_, '_>, name: &str) -> Result<String, SvgError> {
        if self.ids.len() >= MAX_STROKES {
            return Err(too_much("strokes", MAX_STROKES));
        }
        let mut free = name.to_owned();
        if self.ids.contains(&free) {
            self.note(node, SvgNoteKind::Renamed);
            let mut numbers = (2..).map(|n| format!("{name}-{n}"));
            free = numbers.find(|n| !self.ids.contains(n)).unwrap_or(free);
        }
        self.ids.insert(free.clone());
        Ok(free)
    }

    fn finish(mut self) -> Result<SvgDrawing, SvgError> {
        let size = self.frame.frame_size;
        let front = self
            .frame
            .layers
            .last()
            .cloned()
            .unwrap_or_else(|| NO_LAYER.into());
        let known = if self.frame.lines.is_empty() {
            self.base_lines.to_vec()
        } else {
            self.frame.lines.clone()
        };
        let mut depths: BTreeMap<String, f64> = BTreeMap::new();
        self.changed |= !self.new.is_empty();
        for mut stroke in std::mem::take(&mut self.new) {
            if stroke.layer.is_empty() {
                stroke.layer.clone_from(&front);
            }
            let projection = &self.projection;
            let depth = depths
                .entry(stroke.layer.clone())
                .or_insert_with_key(|layer| home::middle_depth(&known, layer, projection));
            self.frame
                .lines
                .push(Line::of(&home::drawn(stroke, *depth, projection), size));
        }
        self.frame.lines.sort_by(|a, b| a.stroke_id.cmp(&b.stroke_id));
        let used: BTreeSet<String> = self.frame.lines.iter().map(|l| l.layer.clone()).collect();
        let before = self.frame.layers.len();
        let layers = &mut self.frame.layers;
        layers.extend(
            used.into_iter()
                .filter(|l| !layers.contains(l))
                .collect::<Vec<_>>(),
        );
        if self.frame.layers.len() > before {
            self.frame.layers.sort();
        }
        if self.changed || self.frame.lines.len() as u32 != self.frame.quality.strokes {
            self.frame.quality = LinesQuality {
                surface_p99_px: self.frame.quality.surface_p99_px,
                rejected: std::mem::take(&mut self.frame.quality.rejected),
                ..LinesQuality::of(&self.frame.strokes(), &self.projection)
            };
        }
        self.frame.validate()?;
        Ok(SvgDrawing {
            lines: self.frame,
            notes: self.notes,
        })
    }
}

/// A stroke that no frame had.
fn new_stroke(
    node: Node<'_, '_>,
    stroke_id: String,
    piece: &Piece,
    like: Option<&Line>,
    layer: Option<&str>,
    size: FrameSize,
) -> Stroke {
    let knots = piece.points.len() / 3 + 1;
    let class = node
        .attribute("class")
        .and_then(|c| serde_json::from_value::<StyleClass>(c.into()).ok());
    let pressure = match like {
        Some(line) => line.pressure.iter().sum::<f64>() / line.pressure.len().max(1) as f64,
        None => pressure_of(node, size.scale()),
    };
    let layer = layer.map(str::to_owned).or_else(|| like.map(|l| l.layer.clone()));
    Stroke {
        stroke_id,
        layer: layer.unwrap_or_default(),
        style_class: class.or(like.map(|l| l.style_class)).unwrap_or(StyleClass::Mark),
        points: piece.points.clone(),
        points_3d: Vec::new(),
        pressure: vec![pressure; knots],
        closed: piece.closed,
        width: 1.0,
        quality: None,
    }
}

/// The pressure that gives an element's stroke width in the neutral style; half where it has none.
fn pressure_of(node: Node<'_, '_>, scale: f64) -> f64 {
    let width = property(node, "stroke-width").and_then(|text| {
        let number = text.trim().trim_end_matches("px");
        number.parse::<f64>().ok().filter(|w| w.is_finite())
    });
    let neutral = InkStyle::default();
    width.map_or(0.5, |width| {
        let share = width / (scale * neutral.width_px);
        scalar::saturate((share - 1.0 + neutral.pressure_sensitivity) / neutral.pressure_sensitivity)
    })
}

/// A presentation attribute, or the same in `style`.
fn property<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let declared = node.attribute("style").and_then(|style| {
        style.split(';').find_map(|part| {
            let (key, value) = part.split_once(':')?;
            (key.trim() == name).then_some(value.trim())
        })
    });
    declared.or_else(|| node.attribute(name))
}

fn is_hidden(node: Node<'_, '_>) -> bool {
    property(node, "display") == Some("none") || property(node, "visibility") == Some("hidden")
}

/// Elements that draw nothing by themselves.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "defs"
            | "metadata"
            | "title"
            | "desc"
            | "style"
            | "script"
            | "symbol"
            | "clipPath"
            | "mask"
            | "marker"
            | "pattern"
            | "linearGradient"
            | "radialGradient"
            | "filter"
            | "view"
            | "cursor"
    )
}

/// Where an element stands.
#[derive(Clone, Copy)]
struct Within<'l> {
    frame_from_parent: Affine,
    depth: usize,
    layer: Option<&'l str>,
    hidden: bool,
}

/// The layer that a group is, if it is one: ours by its id, Inkscape's by its mark, any other editor's
/// by standing at the top with a name.
fn layer_of(node: Node<'_, '_>, depth: usize) -> Option<String> {
    let id = node.attribute("id");
    if let Some(layer) = id.and_then(|id| id.strip_prefix(LAYER)) {
        return Some(decoded(layer));
    }
    if node.attribute((INKSCAPE, "groupmode")) == Some("layer") {
        return node.attribute((INKSCAPE, "label")).or(id).map(str::to_owned);
    }
    id.filter(|id| depth == 0 && !id.is_empty()).map(decoded)
}
