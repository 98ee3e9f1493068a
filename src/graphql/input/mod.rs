//! Reads the input of a mutation, and collects everything that is wrong with it.

mod explain;
mod path;
mod payload;
mod reader;

pub(super) use path::InputPath;
pub(super) use payload::{Outcome, payload};
pub(super) use reader::{BatchSize, Reader};
