#![allow(dead_code, reason = "not every story needs everything that is on the stage")]
//! Where the stories are played: a server, its clock, and the people who use it.

mod actor;
mod clock;
mod process;
mod server;

pub use actor::{Actor, texts};
pub use clock::StageClock;
pub use process::{Process, run};
pub use server::Server;
