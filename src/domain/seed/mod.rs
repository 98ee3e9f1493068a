//! A world to measure with: as many people, chatrooms and messages as one likes, and always the same ones.

mod fill;
mod passing;
mod people;
mod skew;
mod speech;
mod world;

pub use fill::{Seeded, seed};
pub use world::Plan;
