//! Solving a shot: from subjects over the cut to a steady path and a distance that holds them.

use super::framing::{Displacement, FrameGoal, Window, eye_at, filled, frame_largest, holding_distance};
use super::moves::{MoveState, Moves};
use super::shot_plan::{ShotPlan, finite_or};
use super::smoothing::{averaged, envelope};
use super::two_shot::two_shot;
use super::view::{View, yaw_of};
use super::{Region, ShotScale, SubjectBounds, shot_scale};
use crate::artefact::MoveKind;
use crate::curve::UniformSpline;
use crate::math::{DVec2, DVec3, roots, scalar};

/// Samples a second of the subjects' motion. The paths are averaged over half a second or more, so
/// finer sampling would change nothing.
const TICK_HZ: f64 = 24.0;
/// Most samples of a cut: longer cuts are sampled more coarsely.
const MAX_TICKS: usize = 4096;
/// Half width of the average that a camera follows by default, seconds: slower than a step or a
/// wing beat, quicker than a change of direction.
const STEADY_S: f64 = 0.6;
/// The same for a rigid follow.
const RIGID_S: f64 = 0.12;
/// Half width of changes of distance, seconds.
const BREATH_S: f64 = 0.5;
/// Middle part of the frame in which everyone of a group stays.
const GROUP_MARGIN: f64 = 0.94;
/// Middle part in which the whole of a single subject stays in a full or wider shot.
const WHOLE_MARGIN: f64 = 0.98;
/// Middle part in which the centre of what is framed stays in every shot of one subject.
const CENTRE_MARGIN: f64 = 0.7;
/// Fill of a place without subjects.
const PLACE_FILL: f64 = 0.95;

/// The framing that everything else displaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Base {
    pub(super) yaw: f64,
    pub(super) elevation: f64,
    pub(super) placement: DVec2,
    pub(super) distance_m: f64,
}

/// A solved shot: C² paths over the cut.
pub(super) struct Solved {
    pub(super) base: Base,
    pub(super) window: Window,
    pub(super) anchor: UniformSpline<DVec3>,
    pub(super) distance: UniformSpline<f64>,
    pub(super) lift: UniformSpline<f64>,
    pub(super) focus: UniformSpline<DVec3>,
    pub(super) moves: Moves,
    pub(super) fill: f64,
    pub(super) notes: Vec<String>,
    /// What is framed in the middle of the cut.
    pub(super) middle: Vec<Region>,
}

/// The subjects over the cut and what they ask for.
struct Scene<'a> {
    plan: &'a ShotPlan<'a>,
    moves: Moves,
    window: Window,
    scale: ShotScale,
    step_s: f64,
    /// Regions to frame, by tick and subject.
    regions: Vec<Vec<Region>>,
    headings: Vec<DVec3>,
    /// Yaw of the line of action.
    line_yaw: f64,
    anchors: Vec<DVec3>,
    /// Whether the camera stands on a tripod.
    locked: bool,
    notes: Vec<String>,
}

impl Solved {
    pub(super) fn new(plan: &ShotPlan<'_>, window: Window) -> Self {
        let mut scene = Scene::sample(plan, window);
        let mut base = scene.base();
        if scene.too_tight_for_all(&base) {
            scene.keep_first();
            base = scene.base();
        }
        if plan.moves.iter().any(|m| m.kind == MoveKind::Static) {
            scene.stand_still(&base);
        }
        let distances = scene.distances(&base);
        scene.note_width(&base, &distances);
        let lifts = scene.lifts(&base, &distances);
        let focus: Vec<DVec3> = scene.regions.iter().map(|regions| regions[0].centre).collect();
        let spline = |points| scene.spline(points);
        Self {
            base,
            window,
            anchor: scene.spline(scene.anchors.clone()),
            distance: spline(distances),
            lift: spline(lifts),
            focus: scene.spline(averaged(&focus, scene.ticks(RIGID_S))),
            fill: scene.scale.fill,
            middle: scene.regions[scene.middle()].clone(),
            moves: scene.moves,
            notes: scene.notes,
        }
    }
}

impl<'a> Scene<'a> {
    fn sample(plan: &'a ShotPlan<'a>, window: Window) -> Self {
        let duration = plan.duration_s();
        let count = ((duration * TICK_HZ).ceil() as usize + 1).clamp(3, MAX_TICKS) | 1;
        let step_s = duration / (count - 1) as f64;
        let start = finite_or(plan.start_s, 0.0);
        let mut bounds: Vec<Vec<SubjectBounds>> = (0..count)
            .map(|i| (plan.subjects)(start + i as f64 * step_s))
            .collect();
        let present = bounds.iter().map(Vec::len).min().unwrap_or(0);
        let scale = if present == 0 {
            place_scale()
        } else {
            shot_scale(plan.shot_size)
        };
        for tick in &mut bounds {
            tick.truncate(present);
            if present == 0 {
                tick.push(plan.place);
            }
            tick.iter_mut().for_each(|b| *b = b.sane());
        }
        let mut scene = Self {
            plan,
            moves: Moves::new(plan.moves, start, duration, plan.speed),
            window,
            scale,
            step_s,
            regions: bounds
                .iter()
                .map(|tick| tick.iter().map(|b| b.part(scale.part)).collect())
                .collect(),
            headings: bounds.iter().map(|tick| tick[0].heading).collect(),
            line_yaw: 0.0,
            anchors: Vec::new(),
            locked: false,
            notes: Vec::new(),
        };
        scene.line_yaw = scene.find_line_yaw();
        scene.anchors = scene.steady_path();
        scene
    }

    fn spline<P: crate::curve::SplinePoint>(&self, points: Vec<P>) -> UniformSpline<P> {
        let start = finite_or(self.plan.start_s, 0.0);
        UniformSpline::new(start, self.step_s, points).expect("a cut has at least three samples")
    }

    fn ticks(&self, seconds: f64) -> usize {
        (seconds / self.step_s).round().min(1e3) as usize
    }

    fn middle(&self) -> usize {
        self.regions.len() / 2
    }

    fn is_group(&self) -> bool {
        self.regions[0].len() > 1
    }

    fn move_state(&self, tick: usize) -> MoveState {
        self.moves
            .at(finite_or(self.plan.start_s, 0.0) + tick as f64 * self.step_s)
    }

    /// The path that the camera keeps in its frame: the middle of the regions, averaged over a
    /// window that narrows with the share of following.
    fn steady_path(&self) -> Vec<DVec3> {
        let mean = |regions: &Vec<Region>| {
            regions.iter().map(|r| r.centre).sum::<DVec3>() * (1.0 / regions.len() as f64)
        };
        let raw: Vec<DVec3> = self.regions.iter().map(mean).collect();
        let steady = averaged(&raw, self.ticks(STEADY_S));
        let follow = scalar::saturate(self.moves.amount(MoveKind::Follow));
        if follow == 0.0 {
            return steady;
        }
        let rigid = averaged(&raw, self.ticks(RIGID_S));
        steady
            .iter()
            .zip(&rigid)
            .map(|(s, r)| s.lerp(*r, follow))
            .collect()
    }

    /// Whether a close shot of several would have to stand more than twice as far away as its size asks for:
    /// then it is no close shot.
    fn too_tight_for_all(&self, base: &Base) -> bool {
        if !self.is_group() || self.scale.part > 0.4 {
            return false;
        }
        let middle = self.middle();
        let view = View::from_angles(base.yaw, base.elevation);
        let goal = FrameGoal {
            fill: self.scale.fill,
            placement: base.placement,
        };
        let first = &self.regions[middle][..1];
        let alone = frame_largest(first, first[0].centre, &view, self.window, goal);
        alone.distance_m < 0.5 * base.distance_m
    }

    /// Frames the most important subject alone, from the same side of the line.
    fn keep_first(&mut self) {
        self.regions.iter_mut().for_each(|tick| tick.truncate(1));
        self.anchors = self.steady_path();
        self.notes
            .push("a close shot frames its first subject alone: the others are too far from it".to_owned());
    }

    /// A camera on a tripod, if what it frames does not leave the frame by that.
    fn stand_still(&mut self, base: &Base) {
        let mean = self.anchors.iter().copied().sum::<DVec3>() * (1.0 / self.anchors.len() as f64);
        let travel = self.anchors.iter().map(|a| a.distance(mean)).fold(0.0, f64::max);
        // a third of the frame's height: further, and the subject would touch the frame's edge
        if travel <= base.distance_m * self.window.height / 3.0 {
            self.anchors.fill(mean);
            self.locked = true;
        } else {
            self.notes.push(format!(
                "static camera follows its subject, which moves {:.1} m during the cut and would leave the frame",
                2.0 * travel
            ));
        }
    }

    fn find_line_yaw(&self) -> f64 {
        let middle = &self.regions[self.middle()];
        let asked = self.plan.line.filter(|v| v.is_finite()).and_then(yaw_of);
        let between = || match middle.as_slice() {
            [a, b] => {
                let line = b.centre - a.centre;
                let apart = line.x * line.x + line.z * line.z
                    > 0.01 * (a.radius_m + b.radius_m) * (a.radius_m + b.radius_m);
                if apart { yaw_of(line) } else { None }
            }
            _ => None,
        };
        let heading = || yaw_of(self.headings.iter().map(|h| h.normalize_or_zero()).sum());
        asked.or_else(between).or_else(heading).unwrap_or(0.0)
    }

    /// The framing in the middle of the cut, raised until the camera is above the ground.
    fn base(&self) -> Base {
        let (elevation, _) = self.plan.elevation_and_roll();
        let clear = |elevation: f64| {
            let base = self.base_at(elevation);
            let anchor = self.anchors[self.middle()];
            let view = View::from_angles(base.yaw, elevation);
            -self.lift_needed(
                eye_at(anchor, &view, self.window, base.placement, base.distance_m),
                anchor,
            )
        };
        // 70° is nearly overhead: if the ground is higher still, the camera is lifted instead
        let highest = elevation.max(1.2);
        if clear(elevation) >= 0.0 {
            return self.base_at(elevation);
        }
        // the upper side of the root, so that what is left below is nothing
        let raised = roots::bisect(|e| if clear(e) >= -1e-9 { 1.0 } else { -1.0 }, elevation, highest);
        self.base_at((raised + 1e-9).min(highest))
    }

    fn base_at(&self, elevation: f64) -> Base {
        let yaw = self.line_yaw + finite_or(self.plan.azimuth, 0.0);
        match self.regions[self.middle()].as_slice() {
            [_] => self.single(yaw, elevation),
            [a, b] => self.pair([a, b], yaw, elevation),
            _ => self.group(yaw, elevation, DVec2::ZERO),
        }
    }

    /// One subject, with room on the side that it faces.
    fn single(&self, yaw: f64, elevation: f64) -> Base {
        let middle = self.middle();
        let anchor = self.anchors[middle];
        let region = Region {
            centre: anchor,
            ..self.regions[middle][0]
        };
        let view = View::from_angles(yaw, elevation);
        let solve = |placement| {
            let goal = FrameGoal {
                fill: self.scale.fill,
                placement,
            };
            frame_largest(&[region], anchor, &view, self.window, goal)
        };
        let centred = solve(DVec2::ZERO);
        let extent = super::framing::Extent::of(&region.points(), centred.position, &view, self.window);
        let size = extent.map_or(DVec2::ONE, |e| e.size());
        // close shots move less: a face at a third leaves half of the frame to nothing
        let third = if self.scale.part < 0.5 {
            1.0 / 12.0
        } else {
            1.0 / 6.0
        };
        let room = |size: f64, most: f64| (0.5 * (0.96 - size)).clamp(0.0, most);
        let facing = self.headings[middle].normalize_or_zero().dot(view.right);
        let lead = if self.plan.subjects_present() {
            -facing * room(size.x, third)
        } else {
            0.0
        };
        let rise = self.scale.rise;
        // a region larger than the frame has no room to keep: its placement is free
        let rise = if size.y > 0.96 {
            rise
        } else {
            rise.signum() * rise.abs().min(room(size.y, 0.5))
        };
        let placement = DVec2::new(lead, rise);
        Base {
            yaw,
            elevation,
            placement,
            distance_m: solve(placement).distance_m,
        }
    }

    /// Two subjects, one on each side of the frame at the distance that their size asks for.
    fn pair(&self, [a, b]: [&Region; 2], yaw: f64, elevation: f64) -> Base {
        let plain = self.group(yaw, elevation, DVec2::ZERO);
        let offset = self.anchors[self.middle()] - 0.5 * (a.centre + b.centre);
        let targets = [a.centre + offset, b.centre + offset];
        let mut base = plain;
        // widest at first: from there the distance and the spread settle in a few rounds
        let mut spread = 1.0 / 6.0;
        for _ in 0..12 {
            let Some(shot) = two_shot(targets, yaw, elevation, self.window, spread) else {
                return plain;
            };
            base = self.group(shot.yaw, elevation, shot.placement);
            spread = (spread * shot.distance_m / base.distance_m).clamp(1e-3, 0.3);
        }
        let view = View::from_angles(base.yaw, elevation);
        let eye = eye_at(
            self.anchors[self.middle()],
            &view,
            self.window,
            base.placement,
            base.distance_m,
        );
        // along the line of action the torus leads into the nearer subject: frame them plainly then
        let near =
            |region: &Region| eye.distance(region.centre) < 1.5 * region.radius_m.max(0.5 * region.height_m);
        if near(a) || near(b) { plain } else { base }
    }

    /// Any number of subjects: as large as asked, or as large as holds everyone.
    fn group(&self, yaw: f64, elevation: f64, placement: DVec2) -> Base {
        let middle = self.middle();
        let anchor = self.anchors[middle];
        let view = View::from_angles(yaw, elevation);
        let goal = FrameGoal {
            fill: self.scale.fill,
            placement,
        };
        let wanted = frame_largest(&self.regions[middle], anchor, &view, self.window, goal).distance_m;
        let base = Base {
            yaw,
            elevation,
            placement,
            distance_m: wanted,
        };
        Base {
            distance_m: wanted.max(self.held_distance(&base, middle, anchor)),
            ..base
        }
    }

    /// The least distance at a tick that keeps in frame what must stay in it.
    fn held_distance(&self, base: &Base, tick: usize, anchor: DVec3) -> f64 {
        let regions = &self.regions[tick];
        let moved = self.move_state(tick);
        if self.is_group() {
            let points: Vec<DVec3> = regions.iter().flat_map(Region::points).collect();
            return self.hold(base, &points, anchor, &moved, GROUP_MARGIN);
        }
        let centre = self.hold(base, &[regions[0].centre], anchor, &moved, CENTRE_MARGIN);
        // a pan may leave its subject; a whole figure is kept whole only while the camera rests
        let whole = if self.scale.part >= 1.0 && self.scale.fill < WHOLE_MARGIN {
            self.hold(base, &regions[0].points(), anchor, &MoveState::REST, WHOLE_MARGIN)
        } else {
            0.0
        };
        centre.max(whole)
    }

    fn hold(&self, base: &Base, points: &[DVec3], anchor: DVec3, moved: &MoveState, margin: f64) -> f64 {
        // a crane keeps its aim: from the subject it is another elevation and another distance
        let (sin, cos) = scalar::sin_cos(base.elevation);
        let (rise, reach) = (
            sin * moved.distance_scale + moved.crane,
            cos * moved.distance_scale,
        );
        let view = View::from_angles(base.yaw + moved.orbit, scalar::atan2(rise, reach));
        let window = Window {
            width: self.window.width / moved.focal_scale,
            height: self.window.height / moved.focal_scale,
        };
        let (_, roll) = self.plan.elevation_and_roll();
        let shift = DVec2::new(
            base.placement.x - moved.truck / self.window.width,
            base.placement.y,
        );
        let displacement = Displacement {
            placement: shift * moved.focal_scale,
            distance_scale: scalar::hypot(rise, reach),
            roll: roll + moved.roll,
        };
        holding_distance(points, anchor, &view, window, &displacement, margin)
    }

    /// Distance at every tick: that of the framing, or more while it takes more to hold everyone.
    fn distances(&self, base: &Base) -> Vec<f64> {
        let ticks = self.anchors.iter().enumerate();
        let least: Vec<f64> = ticks
            .map(|(i, a)| self.held_distance(base, i, *a).max(base.distance_m))
            .collect();
        if self.locked {
            return vec![least.iter().copied().fold(0.0, f64::max); least.len()];
        }
        envelope(&least, self.ticks(BREATH_S))
    }

    /// Says when holding everyone makes the shot clearly wider than asked.
    fn note_width(&mut self, base: &Base, distances: &[f64]) {
        let middle = self.middle();
        let view = View::from_angles(base.yaw, base.elevation);
        let eye = eye_at(
            self.anchors[middle],
            &view,
            self.window,
            base.placement,
            distances[middle],
        );
        let (fill, _) = size_residual(&self.regions[middle], eye, &view, self.window, self.scale.fill);
        if self.is_group() && fill < 0.75 * self.scale.fill {
            self.notes.push(format!(
                "the shot is wider than asked, to hold everyone: the largest subject fills {:.0} % of the frame, not {:.0} %",
                100.0 * fill,
                100.0 * self.scale.fill
            ));
        }
    }

    /// How much higher an eye must be to stand above the ground and see its target over it.
    fn lift_needed(&self, eye: DVec3, target: DVec3) -> f64 {
        let clearance = (0.25 * self.regions[self.middle()][0].height_m).clamp(0.05, 0.3);
        let height = |p: DVec3| finite_or((self.plan.ground)(p.x, p.z), f64::MIN);
        let standing = height(eye) + clearance - eye.y;
        // nearer to the target than three quarters, lifting the eye no longer helps
        let over = (1..=6).map(|k| {
            let share = f64::from(k) * 0.125;
            let p = eye.lerp(target, share);
            (height(p) + 0.5 * clearance - p.y) / (1.0 - share)
        });
        over.fold(standing, f64::max)
    }

    /// Lift at every tick, so that no move takes the camera below the ground.
    fn lifts(&self, base: &Base, distances: &[f64]) -> Vec<f64> {
        let needed = |i: usize| {
            let moved = self.move_state(i);
            let eye = unlifted_eye(base, self.window, &moved, self.anchors[i], distances[i]);
            self.lift_needed(eye, self.anchors[i]).max(0.0)
        };
        let raw: Vec<f64> = (0..self.anchors.len()).map(needed).collect();
        envelope(&raw, self.ticks(BREATH_S))
    }
}

fn place_scale() -> ShotScale {
    ShotScale {
        part: 1.0,
        fill: PLACE_FILL,
        rise: 0.0,
    }
}

impl ShotPlan<'_> {
    fn subjects_present(&self) -> bool {
        !(self.subjects)(finite_or(self.start_s, 0.0)).is_empty()
    }
}

/// Where the camera stands after its moves, before it is lifted over the ground.
pub(super) fn unlifted_eye(
    base: &Base,
    window: Window,
    moved: &MoveState,
    anchor: DVec3,
    distance_m: f64,
) -> DVec3 {
    let view = View::from_angles(base.yaw + moved.orbit, base.elevation);
    let shift = DVec3::new(
        base.placement.x * window.width - moved.truck,
        base.placement.y * window.height,
        -moved.distance_scale,
    );
    anchor - view.compose(shift * distance_m) + DVec3::Y * (moved.crane * distance_m)
}

/// What is missing in a frame: of the size asked for, or of the edge that held the group back.
pub(super) fn size_residual(
    regions: &[Region],
    eye: DVec3,
    view: &View,
    window: Window,
    fill: f64,
) -> (f64, f64) {
    let largest = regions
        .iter()
        .map(|r| filled(r, eye, view, window))
        .fold(0.0, f64::max);
    let missing = (largest - fill).abs();
    if regions.len() < 2 {
        return (largest, missing);
    }
    let points: Vec<DVec3> = regions.iter().flat_map(Region::points).collect();
    let reach = super::framing::Extent::of(&points, eye, view, window)
        .map_or(f64::INFINITY, |e| 2.0 * e.high.max(-e.low).max_element());
    (largest, missing.min((reach - GROUP_MARGIN).abs()))
}
