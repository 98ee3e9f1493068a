//! What users and operators live through, told between named actors against a real server on a real port and a real
//! database file.
#![allow(
    unreachable_pub,
    reason = "a test binary has no outside; `pub` is what the stage offers its stories"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a story that does not go on has failed; clippy only knows functions marked as tests"
)]

mod stage;

mod crash;
mod model;
mod plans;
mod recent;
mod send;
mod settings;
mod start;
mod store;
