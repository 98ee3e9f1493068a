//! The command line.

mod application;
mod command_line;
mod document_policy;
mod environment;
mod example_setup;
mod greeting;
mod keys;
mod migrate;
mod outcome;
mod seed;
mod serve;
mod token;
mod variables;

pub use command_line::{command, run};
