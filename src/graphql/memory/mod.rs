//! How much memory answers take: each answer has a most of bytes, and all answers share a budget.
//!
//! [`Meter`] belongs to one request. What writes its answer tells the meter how much it has written, and stops when the
//! meter refuses more. [`Budget`] belongs to the server; a meter reserves from it what goes beyond [`STEP`], and gives it
//! back when the answer has been sent. Long answers are written one at a time.

mod budget;
mod given_up;
mod hold;
mod long_writes;
mod meter;

pub(super) use budget::{Budget, STEP};
pub(super) use given_up::GivenUp;
pub use hold::Hold;
pub(super) use meter::Meter;
