//! Plans of four-legged animals: where joints and flesh are, in shares of the height at the withers.

use super::params::Species;
use crate::math::DVec3;

/// A point of flesh: height, forward place, radius.
pub(super) type Flesh = [f64; 3];

/// Joints of a leg on the left side, from the trunk to the toes' tips.
#[derive(Clone, Copy, Debug)]
pub(super) struct LegPlan {
    /// Blade of the shoulder, or the hip's crest: turns a little with the leg.
    pub(super) root: [f64; 3],
    /// Shoulder or hip.
    pub(super) upper: [f64; 3],
    /// Elbow or knee.
    pub(super) middle: [f64; 3],
    /// Wrist or hock.
    pub(super) lower: [f64; 3],
    /// Knuckles; a horse's fetlock.
    pub(super) knuckle: [f64; 3],
    /// Tips of the toes.
    pub(super) toe: [f64; 3],
    /// Radii at upper, half-way, middle, half-way, lower, half-way, knuckle.
    pub(super) radii: [f64; 7],
}

/// Everything about one kind of animal.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Flesh of the trunk from rump to breast.
    pub(super) trunk: Vec<Flesh>,
    /// Width of the trunk as a share of its depth.
    pub(super) width: f64,
    /// Flesh of the neck from breast to skull.
    pub(super) neck: Vec<Flesh>,
    pub(super) front: LegPlan,
    pub(super) hind: LegPlan,
    /// Joint of skull and neck.
    pub(super) skull: [f64; 3],
    /// Balls and cones of the head: from (x, y, z, radius) to (x, y, z, radius), mirrored; and fillets.
    pub(super) head: Vec<([f64; 4], [f64; 4], f64)>,
    /// Lower jaw: hinge and tip with radii.
    pub(super) jaw: [[f64; 4]; 2],
    /// Nose: centre and half axes.
    pub(super) nose: [[f64; 3]; 2],
    /// Eye: place near the surface, half width, half height, slant (radians, outer corner up).
    pub(super) eye: ([f64; 3], f64, f64, f64),
    /// How much of the eye the upper lid leaves open: 1 all, 0.5 a stern look.
    pub(super) open: f64,
    /// Width of the pupil as a share of the eye's height; below 0.3 it is a slit.
    pub(super) pupil: f64,
    /// Ear: middle of its base, tip, half width, direction its opening looks to.
    pub(super) ear: ([f64; 3], [f64; 3], f64, [f64; 3]),
    /// Middle line of the tail and its radii.
    pub(super) tail: Vec<([f64; 3], f64)>,
}

impl Plan {
    /// The plan of a species.
    pub(super) fn of(species: Species) -> Self {
        match species {
            Species::Wolf => wolf(),
            Species::Dog => dog().with_head_moved(-0.035, -0.03),
            Species::Cat => cat().with_head_moved(-0.05, -0.07),
            Species::Horse => horse(),
        }
    }

    /// The same with everything on the head moved up and forward.
    fn with_head_moved(mut self, up: f64, ahead: f64) -> Self {
        let place = |p: &mut [f64; 3]| {
            p[1] += up;
            p[2] += ahead;
        };
        let cone = |p: &mut [f64; 4]| {
            p[1] += up;
            p[2] += ahead;
        };
        for (a, b, _) in &mut self.head {
            cone(a);
            cone(b);
        }
        self.jaw.iter_mut().for_each(cone);
        for p in [
            &mut self.skull,
            &mut self.nose[0],
            &mut self.eye.0,
            &mut self.ear.0,
            &mut self.ear.1,
        ] {
            place(p);
        }
        let last = self.neck.len() - 1;
        self.neck[last][0] += up;
        self.neck[last][1] += ahead;
        self.neck[last - 1][0] += 0.5 * up;
        self.neck[last - 1][1] += 0.5 * ahead;
        self
    }
}

/// A plan's point in model space.
pub(super) fn at(p: [f64; 3], withers: f64) -> DVec3 {
    DVec3::from_array(p) * withers
}

fn wolf() -> Plan {
    Plan {
        trunk: vec![
            [0.795, -0.52, 0.140],
            [0.815, -0.40, 0.168],
            [0.825, -0.21, 0.152],
            [0.790, -0.01, 0.188],
            [0.745, 0.17, 0.222],
            [0.770, 0.37, 0.185],
        ],
        width: 0.70,
        neck: vec![[0.845, 0.43, 0.205], [0.965, 0.56, 0.185], [1.06, 0.69, 0.150]],
        front: LegPlan {
            root: [0.095, 0.93, 0.26],
            upper: [0.115, 0.68, 0.43],
            middle: [0.120, 0.50, 0.25],
            lower: [0.105, 0.245, 0.275],
            knuckle: [0.105, 0.055, 0.305],
            toe: [0.108, 0.028, 0.405],
            radii: [0.105, 0.090, 0.066, 0.053, 0.040, 0.036, 0.044],
        },
        hind: LegPlan {
            root: [0.085, 0.88, -0.37],
            upper: [0.105, 0.78, -0.42],
            middle: [0.125, 0.53, -0.26],
            lower: [0.105, 0.275, -0.55],
            knuckle: [0.105, 0.055, -0.495],
            toe: [0.108, 0.028, -0.395],
            radii: [0.145, 0.130, 0.092, 0.060, 0.042, 0.037, 0.044],
        },
        skull: [0.0, 1.08, 0.74],
        head: vec![
            ([0.0, 1.115, 0.770, 0.122], [0.0, 1.122, 0.845, 0.104], 0.0),
            ([0.055, 1.055, 0.790, 0.105], [0.034, 1.058, 0.885, 0.086], 0.06),
            ([0.0, 1.072, 0.900, 0.082], [0.0, 1.048, 1.125, 0.050], 0.05),
            ([0.026, 1.030, 0.960, 0.056], [0.020, 1.024, 1.115, 0.042], 0.03),
            ([0.056, 1.158, 0.862, 0.034], [0.034, 1.142, 0.912, 0.028], 0.045),
        ],
        jaw: [[0.0, 0.998, 0.890, 0.058], [0.0, 0.992, 1.085, 0.034]],
        nose: [[0.0, 1.068, 1.164], [0.036, 0.027, 0.025]],
        eye: ([0.064, 1.116, 0.930], 0.030, 0.0185, 0.50),
        open: 0.62,
        pupil: 0.55,
        ear: (
            [0.080, 1.195, 0.760],
            [0.122, 1.372, 0.745],
            0.066,
            [0.35, 0.0, 1.0],
        ),
        tail: vec![
            ([0.0, 0.865, -0.570], 0.060),
            ([0.0, 0.785, -0.720], 0.078),
            ([0.0, 0.650, -0.820], 0.098),
            ([0.0, 0.500, -0.880], 0.104),
            ([0.0, 0.355, -0.910], 0.080),
            ([0.0, 0.200, -0.935], 0.006),
        ],
    }
}

fn dog() -> Plan {
    Plan {
        trunk: vec![
            [0.775, -0.50, 0.145],
            [0.800, -0.38, 0.168],
            [0.800, -0.20, 0.160],
            [0.775, -0.01, 0.188],
            [0.745, 0.16, 0.215],
            [0.770, 0.34, 0.185],
        ],
        width: 0.74,
        neck: vec![[0.84, 0.40, 0.175], [0.98, 0.51, 0.140], [1.10, 0.60, 0.120]],
        hind: LegPlan {
            root: [0.085, 0.86, -0.36],
            upper: [0.108, 0.76, -0.41],
            middle: [0.128, 0.52, -0.26],
            lower: [0.108, 0.265, -0.53],
            knuckle: [0.108, 0.055, -0.475],
            toe: [0.110, 0.028, -0.370],
            radii: [0.140, 0.125, 0.090, 0.064, 0.048, 0.043, 0.050],
        },
        front: LegPlan {
            root: [0.095, 0.92, 0.24],
            upper: [0.118, 0.68, 0.40],
            middle: [0.122, 0.50, 0.23],
            lower: [0.110, 0.245, 0.255],
            knuckle: [0.110, 0.055, 0.285],
            toe: [0.112, 0.028, 0.390],
            radii: [0.105, 0.092, 0.070, 0.059, 0.047, 0.043, 0.050],
        },
        skull: [0.0, 1.12, 0.63],
        head: vec![
            ([0.0, 1.185, 0.660, 0.138], [0.0, 1.180, 0.720, 0.118], 0.0),
            ([0.055, 1.105, 0.680, 0.098], [0.036, 1.095, 0.765, 0.082], 0.06),
            ([0.0, 1.110, 0.790, 0.080], [0.0, 1.090, 0.940, 0.054], 0.05),
            ([0.030, 1.075, 0.840, 0.054], [0.022, 1.070, 0.935, 0.044], 0.02),
        ],
        jaw: [[0.0, 1.040, 0.765, 0.058], [0.0, 1.035, 0.905, 0.036]],
        nose: [[0.0, 1.115, 0.985], [0.036, 0.027, 0.024]],
        eye: ([0.074, 1.165, 0.790], 0.030, 0.030, 0.10),
        open: 0.95,
        pupil: 0.75,
        ear: (
            [0.112, 1.270, 0.650],
            [0.165, 1.080, 0.705],
            0.070,
            [0.8, 0.1, 0.5],
        ),
        tail: vec![
            ([0.0, 0.865, -0.56], 0.048),
            ([0.0, 0.960, -0.68], 0.060),
            ([0.0, 1.080, -0.72], 0.072),
            ([0.0, 1.190, -0.68], 0.076),
            ([0.0, 1.270, -0.60], 0.060),
            ([0.0, 1.320, -0.50], 0.010),
        ],
    }
}

fn cat() -> Plan {
    Plan {
        trunk: vec![
            [0.760, -0.62, 0.135],
            [0.780, -0.46, 0.165],
            [0.790, -0.22, 0.155],
            [0.770, 0.03, 0.165],
            [0.750, 0.25, 0.178],
            [0.780, 0.42, 0.155],
        ],
        width: 0.80,
        neck: vec![[0.84, 0.47, 0.145], [0.93, 0.57, 0.135], [1.01, 0.66, 0.130]],
        front: LegPlan {
            root: [0.085, 0.90, 0.30],
            upper: [0.110, 0.68, 0.44],
            middle: [0.115, 0.48, 0.28],
            lower: [0.105, 0.220, 0.315],
            knuckle: [0.105, 0.060, 0.340],
            toe: [0.105, 0.035, 0.435],
            radii: [0.092, 0.082, 0.066, 0.058, 0.051, 0.047, 0.053],
        },
        hind: LegPlan {
            root: [0.080, 0.85, -0.46],
            upper: [0.105, 0.75, -0.52],
            middle: [0.130, 0.50, -0.34],
            lower: [0.110, 0.240, -0.60],
            knuckle: [0.110, 0.060, -0.545],
            toe: [0.110, 0.035, -0.445],
            radii: [0.135, 0.125, 0.095, 0.066, 0.052, 0.047, 0.053],
        },
        skull: [0.0, 1.03, 0.68],
        head: vec![
            ([0.0, 1.085, 0.740, 0.175], [0.0, 1.070, 0.790, 0.150], 0.0),
            ([0.075, 1.030, 0.775, 0.120], [0.050, 1.025, 0.815, 0.110], 0.07),
            ([0.030, 1.000, 0.900, 0.056], [0.024, 1.004, 0.925, 0.046], 0.05),
            ([0.0, 1.050, 0.880, 0.048], [0.0, 1.022, 0.940, 0.026], 0.05),
        ],
        jaw: [[0.0, 0.972, 0.825, 0.056], [0.0, 0.966, 0.908, 0.034]],
        nose: [[0.0, 1.034, 0.968], [0.021, 0.014, 0.012]],
        eye: ([0.088, 1.085, 0.900], 0.054, 0.046, 0.22),
        open: 0.88,
        pupil: 0.27,
        ear: (
            [0.105, 1.200, 0.730],
            [0.155, 1.425, 0.720],
            0.090,
            [0.3, 0.0, 1.0],
        ),
        tail: vec![
            ([0.0, 0.820, -0.70], 0.050),
            ([0.0, 0.760, -0.92], 0.046),
            ([0.0, 0.700, -1.14], 0.044),
            ([0.0, 0.740, -1.36], 0.042),
            ([0.0, 0.900, -1.52], 0.042),
            ([0.0, 1.110, -1.53], 0.004),
        ],
    }
}

fn horse() -> Plan {
    Plan {
        trunk: vec![
            [0.830, -0.555, 0.130],
            [0.835, -0.43, 0.172],
            [0.820, -0.24, 0.168],
            [0.790, -0.02, 0.188],
            [0.780, 0.20, 0.200],
            [0.800, 0.38, 0.168],
        ],
        width: 0.80,
        neck: vec![
            [0.88, 0.44, 0.165],
            [1.08, 0.57, 0.118],
            [1.24, 0.68, 0.090],
            [1.32, 0.75, 0.078],
        ],
        front: LegPlan {
            root: [0.080, 0.95, 0.24],
            upper: [0.110, 0.70, 0.41],
            middle: [0.115, 0.56, 0.26],
            lower: [0.100, 0.315, 0.275],
            knuckle: [0.098, 0.120, 0.270],
            toe: [0.098, 0.010, 0.335],
            radii: [0.105, 0.088, 0.068, 0.050, 0.036, 0.0245, 0.030],
        },
        hind: LegPlan {
            root: [0.080, 0.92, -0.40],
            upper: [0.110, 0.82, -0.44],
            middle: [0.128, 0.60, -0.29],
            lower: [0.100, 0.350, -0.555],
            knuckle: [0.100, 0.120, -0.525],
            toe: [0.100, 0.010, -0.455],
            radii: [0.140, 0.130, 0.092, 0.060, 0.040, 0.027, 0.031],
        },
        skull: [0.0, 1.31, 0.77],
        head: vec![
            ([0.0, 1.320, 0.790, 0.078], [0.0, 1.275, 0.845, 0.070], 0.0),
            ([0.012, 1.225, 0.815, 0.072], [0.010, 1.195, 0.860, 0.060], 0.05),
            ([0.0, 1.275, 0.860, 0.062], [0.0, 1.115, 1.000, 0.046], 0.04),
            ([0.014, 1.110, 0.995, 0.043], [0.012, 1.075, 1.030, 0.040], 0.03),
        ],
        jaw: [[0.0, 1.190, 0.885, 0.052], [0.0, 1.076, 1.000, 0.031]],
        nose: [[0.026, 1.090, 1.052], [0.010, 0.014, 0.008]],
        eye: ([0.062, 1.268, 0.868], 0.024, 0.019, 0.0),
        open: 0.85,
        pupil: 0.8,
        ear: (
            [0.042, 1.385, 0.760],
            [0.056, 1.500, 0.765],
            0.026,
            [0.5, 0.0, 1.0],
        ),
        tail: vec![
            ([0.0, 0.915, -0.62], 0.034),
            ([0.0, 0.880, -0.72], 0.036),
            ([0.0, 0.760, -0.79], 0.034),
            ([0.0, 0.610, -0.82], 0.028),
            ([0.0, 0.450, -0.83], 0.018),
            ([0.0, 0.300, -0.83], 0.006),
        ],
    }
}
