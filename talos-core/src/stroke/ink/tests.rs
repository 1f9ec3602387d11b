//! Tools: what each does to a line, and that none touches another's.

use super::*;
use crate::math::DVec3;

const SIZE: FrameSize = FrameSize {
    width: 1920,
    height: 1080,
};

fn line(id: &str, points: &[(f64, f64)]) -> Stroke {
    let knots = points.len() / 3 + 1;
    Stroke {
        stroke_id: id.into(),
        layer: "subject".into(),
        style_class: StyleClass::Contour,
        points: points.iter().map(|&(x, y)| DVec2::new(x, y)).collect(),
        points_3d: vec![DVec3::new(0.0, 0.0, -6.0); points.len()],
        pressure: vec![0.8; knots],
        closed: false,
        width: 1.0,
        quality: None,
    }
}

/// A straight run that hooks into a tight bend.
fn hook() -> Stroke {
    line(
        "hook",
        &[
            (100.0, 100.0),
            (250.0, 100.0),
            (350.0, 100.0),
            (500.0, 100.0),
            (530.0, 100.0),
            (530.0, 140.0),
            (500.0, 140.0),
        ],
    )
}

fn straight(length: f64) -> Stroke {
    let x = |k: f64| (100.0 + length * k / 3.0, 300.0);
    line("straight", &[x(0.0), x(1.0), x(2.0), x(3.0)])
}

/// A right angle.
fn corner() -> Stroke {
    let at = [(100.0, 100.0), (200.0, 100.0), (300.0, 100.0), (400.0, 100.0)];
    let down = [(400.0, 200.0), (400.0, 300.0), (400.0, 400.0)];
    line("corner", &[&at[..], &down[..]].concat())
}

fn with(tool: InkTool) -> InkStyle {
    tool.held_by(InkStyle {
        width_px: 8.0,
        taper_px: 0.0,
        ..InkStyle::default()
    })
}

fn inked(stroke: &Stroke, style: &InkStyle) -> Mask {
    ink(std::slice::from_ref(stroke), style, SIZE, 1, Seed(3))
}

/// Ink in the columns and rows of a box, in pixels.
fn ink_in(mask: &Mask, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> f64 {
    let row = |y: usize| &mask.coverage[y * SIZE.width as usize..][x.clone()];
    y.flat_map(row).map(|c| f64::from(*c) / 255.0).sum()
}

#[test]
fn a_pen_is_the_style_itself() {
    let style = InkStyle::default();
    assert_eq!(InkTool::Pen.held_by(style.clone()), style);
    for tool in InkTool::ALL {
        let json = serde_json::to_string(&tool).expect("a name");
        assert_eq!(serde_json::from_str::<InkTool>(&json).ok(), Some(tool));
    }
}

#[test]
fn a_brush_is_thin_where_the_hand_is_fast() {
    let width = |style: &InkStyle, x: usize| ink_in(&inked(&hook(), style), x..x + 1, 80..120);
    let (pen, brush) = (with(InkTool::Pen), with(InkTool::Brush));
    let brush = InkStyle {
        texture: 0.0,
        ..brush
    };
    assert!((width(&pen, 300) - width(&pen, 490)).abs() < 0.1);
    let (run, bend) = (width(&brush, 300), width(&brush, 505));
    assert!(run < 0.7 * width(&pen, 300), "{run}");
    assert!(bend > 1.5 * run, "{bend} against {run}");
}

#[test]
fn far_lines_are_lighter_where_there_is_a_camera() {
    let near = straight(300.0);
    let mut far = near.clone();
    far.points_3d.iter_mut().for_each(|p| p.z = -96.0);
    let style = InkStyle {
        depth_thinning: 0.25,
        ..with(InkTool::Pen)
    };
    let through = style
        .clone()
        .seen_through(&[[0.0; 4], [0.0; 4], [0.0, 0.0, -1.0, 0.0]]);
    let amount = |stroke: &Stroke, style: &InkStyle| ink_in(&inked(stroke, style), 0..600, 250..350);
    assert_eq!(amount(&near, &style), amount(&far, &style));
    let ratio = amount(&far, &through) / amount(&near, &through);
    // a sixteenth part to the power of a quarter
    assert!((ratio - 0.5).abs() < 0.02, "{ratio}");
    let mut lost = near;
    lost.points_3d.truncate(1);
    assert!(
        amount(&lost, &through) > 0.0,
        "homes that are missing change nothing"
    );
}

#[test]
fn a_pencil_is_grainy_and_pale_at_its_rims() {
    let (solid, pencil) = (with(InkTool::Pen), with(InkTool::Pencil));
    let (a, b) = (inked(&straight(400.0), &solid), inked(&straight(400.0), &pencil));
    let share = ink_in(&b, 100..500, 290..310) / ink_in(&a, 100..500, 290..310);
    assert!((0.3..0.85).contains(&share), "{share} of the ink");
    // against the same line without its grain
    let even = InkStyle {
        grain: 0.0,
        ..pencil.clone()
    };
    let even = inked(&straight(400.0), &even);
    let left = |row: usize| ink_in(&b, 120..480, row..row + 1) / ink_in(&even, 120..480, row..row + 1);
    assert!(
        left(296) < 0.85 * left(300),
        "rim {}, middle {}",
        left(296),
        left(300)
    );
    // grains: the coverage changes along the middle of the line
    let row = &b.coverage[300 * SIZE.width as usize..][120..480];
    let changes = row.windows(2).filter(|w| w[0].abs_diff(w[1]) > 25).count();
    assert!(changes > 60, "{changes}");
}

#[test]
fn a_dry_brush_breaks_towards_its_end() {
    let mask = inked(&straight(900.0), &with(InkTool::DryBrush));
    let part = |from: usize| ink_in(&mask, from..from + 150, 280..320);
    let (start, end) = (part(120), part(830));
    assert!(
        end < 0.6 * start && end > 0.02 * start,
        "start {start}, end {end}"
    );
}

#[test]
fn corners_are_run_over() {
    let style = InkStyle {
        overshoot_px: 8.0,
        ..with(InkTool::Pen)
    };
    let beyond = |style: &InkStyle| ink_in(&inked(&corner(), style), 405..410, 90..110);
    assert!(beyond(&style) > 3.0 && beyond(&with(InkTool::Pen)) == 0.0);
}

#[test]
fn textures_belong_to_their_stroke_and_hold_with_the_boil() {
    let pencil = with(InkTool::Pencil);
    let at = |style: &InkStyle, frame: u32| ink(&[straight(300.0)], style, SIZE, frame, Seed(3));
    assert_eq!(at(&pencil, 1), at(&pencil, 9), "a steady line keeps its grain");
    let boiling = InkStyle {
        boil_px: 0.001,
        boil_frames: 3,
        ..pencil.clone()
    };
    assert_eq!(at(&boiling, 1), at(&boiling, 3), "held on threes");
    assert_ne!(at(&boiling, 3), at(&boiling, 4));
    // another stroke beside it changes nothing of this one
    let far = line(
        "other",
        &[(900.0, 900.0), (950.0, 900.0), (980.0, 900.0), (990.0, 900.0)],
    );
    let both = ink(&[straight(300.0), far], &pencil, SIZE, 1, Seed(3));
    let alone = at(&pencil, 1);
    assert_eq!(both.coverage[..500 * 1920], alone.coverage[..500 * 1920]);
}

#[test]
fn outlines_fill_what_the_mask_has() {
    for tool in InkTool::ALL {
        let strokes = [hook(), corner(), straight(200.0)];
        let mask = ink(&strokes, &with(tool), SIZE, 1, Seed(3));
        let outlines = ink_outlines(&strokes, &with(tool), SIZE, 1, Seed(3));
        assert_eq!(outlines.len(), 3);
        let mut drawn = Mask::new(SIZE);
        for polygons in &outlines {
            let mut outline = crate::image::coverage::Outline::new(SIZE);
            polygons.iter().for_each(|p| outline.polygon(p).expect("pixels"));
            drawn.unite(&outline.spans());
        }
        let sum = |m: &Mask| m.coverage.iter().map(|c| f64::from(*c)).sum::<f64>();
        let share = sum(&drawn) / sum(&mask);
        assert!((0.97..1.03).contains(&share), "{tool:?}: {share}");
    }
}

#[test]
fn degenerate_strokes_leave_finite_ink_or_none() {
    let dot = line("dot", &[(50.0, 50.0); 4]);
    let back = line("back", &[(50.0, 50.0), (90.0, 50.0), (90.0, 50.0), (50.0, 50.0)]);
    let mut closed = line(
        "closed",
        &[(50.0, 50.0), (51.0, 50.0), (50.0, 51.0), (50.0, 50.0)],
    );
    closed.closed = true;
    let lost = line("lost", &[(f64::NAN, 0.0), (1.0, 0.0), (2.0, 0.0), (1e300, 0.0)]);
    for tool in InkTool::ALL {
        for stroke in [&dot, &back, &closed, &lost] {
            let _ = inked(stroke, &with(tool));
            let outlines = ink_outlines(std::slice::from_ref(stroke), &with(tool), SIZE, 1, Seed(3));
            assert!(outlines.iter().flatten().flatten().all(|p| p.is_finite()));
        }
    }
}
