//! Fire and smoke from the Navier–Stokes equations, with the same bits everywhere.
//!
//! A [`FluidSetup`] and a [`FluidState`] go in, [`step`] gives the next state and a
//! [`StepReport`] that says how well it was solved. The state is integers only: scene values
//! enter once, at [`Emitter`]s; floats appear again in a [`FireVolume`], made for drawing.
//! A [`Simulation`] reaches any frame from its nearest checkpoint.
//!
//! A step carries velocity and gas along themselves (limited MacCormack), lets emitters
//! blow, burns fuel, adds buoyancy and spin, and projects: what is left of the divergence is
//! measured on the integers that are kept.

mod advect;
mod checkpoint;
mod combust;
mod detail;
mod draw;
mod emitter;
pub mod fixed;
mod forces;
mod grid;
#[cfg(test)]
mod laws;
mod lights;
mod look;
mod march;
mod multigrid;
mod noise;
mod project;
mod sample;
mod setup;
mod simulation;
mod solver;
mod state;
mod volume;

pub use draw::draw_fire;
pub use emitter::Emitter;
pub use fixed::Fixed;
pub use lights::{MAX_LIGHTS, PointLight, fire_lights};
pub use look::{FireLook, FlameSeen};
pub use setup::{FirePhysics, FluidError, FluidSetup};
pub use simulation::Simulation;
pub use solver::{Mass, StepReport, step};
pub use state::FluidState;
pub use volume::FireVolume;
