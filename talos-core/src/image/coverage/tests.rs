use super::*;
use crate::random::Seed;

const SIZE: FrameSize = FrameSize {
    width: 40,
    height: 30,
};

fn mask(points: &[[f64; 2]]) -> Mask {
    let mut outline = Outline::new(SIZE);
    let points: Vec<DVec2> = points.iter().map(|&[x, y]| DVec2::new(x, y)).collect();
    outline.polygon(&points).expect("in range");
    let mut mask = Mask::new(SIZE);
    mask.unite(&outline.spans());
    mask
}

fn at(mask: &Mask, x: usize, y: usize) -> u8 {
    mask.coverage[y * SIZE.width as usize + x]
}

#[test]
fn a_rectangle_covers_each_pixel_by_its_share() {
    let m = mask(&[[2.5, 3.25], [7.0, 3.25], [7.0, 6.5], [2.5, 6.5]]);
    assert_eq!(
        [
            at(&m, 2, 4),
            at(&m, 3, 4),
            at(&m, 6, 4),
            at(&m, 7, 4),
            at(&m, 1, 4)
        ],
        [128, 255, 255, 0, 0]
    );
    assert_eq!(
        [at(&m, 4, 3), at(&m, 4, 6), at(&m, 4, 7), at(&m, 2, 3)],
        [191, 128, 0, 96]
    );
    let reversed = mask(&[[2.5, 6.5], [7.0, 6.5], [7.0, 3.25], [2.5, 3.25]]);
    assert_eq!(m, reversed);
}

#[test]
fn area_is_kept_for_any_polygon_and_its_parts_beyond_the_frame_are_cut() {
    let stream = Seed(7).stream("polygon");
    for k in 0..200_u64 {
        let p = |i: u64| {
            [
                stream.range(k * 8 + 2 * i, 1.0, 39.0),
                stream.range(k * 8 + 2 * i + 1, 1.0, 29.0),
            ]
        };
        let [a, b, c] = [p(0), p(1), p(2)];
        let area = ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs() * 0.5;
        let m = mask(&[a, b, c]);
        let sum: f64 = m.coverage.iter().map(|&v| f64::from(v) / 255.0).sum();
        assert!((sum - area).abs() < 0.3 + area * 2e-3, "{sum} {area}");
    }
    // a triangle that surrounds the frame fills it, whichever way it is wound
    let around = mask(&[[-500.0, -400.0], [600.0, -400.0], [20.0, 900.0]]);
    assert!(around.coverage.iter().all(|&v| v == 255));
    let half = mask(&[[-90_000.0, 15.0], [90_000.0, 15.0], [0.0, 90_000.0]]);
    assert!(at(&half, 20, 14) == 0 && at(&half, 20, 15) == 255 && at(&half, 39, 29) == 255);
}

#[test]
fn clipping_is_cutting() {
    // a shape pushed over the frame's sides covers inside it what it covered there before
    let shape = |dx: f64, dy: f64| {
        let stream = Seed(3).stream("shape");
        (0..7)
            .map(|i| {
                [
                    stream.range(2 * i, -9.0, 49.0) + dx,
                    stream.range(2 * i + 1, -9.0, 39.0) + dy,
                ]
            })
            .collect::<Vec<_>>()
    };
    let here = mask(&shape(0.0, 0.0));
    for (dx, dy) in [(13, 0), (-13, 0), (0, 11), (0, -11), (15, -9)] {
        let there = mask(&shape(f64::from(dx), f64::from(dy)));
        for y in 0..30_i32 {
            for x in 0..40_i32 {
                let (u, v) = (x + dx, y + dy);
                if (0..40).contains(&u) && (0..30).contains(&v) {
                    let (a, b) = (
                        at(&here, x as usize, y as usize),
                        at(&there, u as usize, v as usize),
                    );
                    assert!(a.abs_diff(b) <= 2, "{x} {y}: {a} {b}");
                }
            }
        }
    }
}

#[test]
fn overlapping_loops_are_filled_once_and_doubles_change_nothing() {
    let mut outline = Outline::new(SIZE);
    let square =
        |x: f64| [[x, 5.0], [x + 10.0, 5.0], [x + 10.0, 15.0], [x, 15.0]].map(|[x, y]| DVec2::new(x, y));
    outline.polygon(&square(5.0)).expect("in range");
    outline.polygon(&square(10.0)).expect("in range");
    let mut m = Mask::new(SIZE);
    m.unite(&outline.clone().spans());
    assert!((5..20).all(|x| at(&m, x, 10) == 255));
    let before = m.clone();
    m.unite(&outline.spans());
    assert_eq!(m, before);
}

#[test]
fn no_number_is_refused_and_nothing_is_added() {
    for bad in [f64::NAN, f64::INFINITY, 1e9, -1e300] {
        let mut outline = Outline::new(SIZE);
        let points = [DVec2::ZERO, DVec2::new(bad, 3.0), DVec2::new(5.0, 5.0)];
        assert!(matches!(
            outline.polygon(&points),
            Err(CoverageError::Point { .. })
        ));
        let mut path = BezPath::new();
        path.move_to((0.0, 0.0));
        path.curve_to((1.0, 1.0), (bad, 3.0), (5.0, 5.0));
        assert!(outline.path(&path, 0.1).is_err());
        assert!(outline.spans().is_empty());
    }
    assert!(Outline::new(SIZE).spans().is_empty());
}

#[test]
fn a_circle_of_curves_has_its_area() {
    use kurbo::Shape;
    let circle = kurbo::Circle::new((20.0, 15.0), 10.0).to_path(1e-3);
    let mut m = Mask::new(SIZE);
    m.unite(&fill(&circle, SIZE).expect("in range"));
    let sum: f64 = m.coverage.iter().map(|&v| f64::from(v) / 255.0).sum();
    assert!((sum - 314.159).abs() < 0.7, "{sum}");
}
