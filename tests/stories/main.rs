//! What users and operators live through, told between named actors against a real server on a real port and a real
//! database file.

#![allow(clippy::expect_used, clippy::panic, reason = "a story ends where it does not go as told")]

mod stage;

mod bad_start;
mod batch;
mod connections;
mod crash;
mod documentation;
mod example;
mod faults;
mod history;
mod hostile;
mod model;
mod plans;
mod recent;
mod send;
mod settings;
mod start;
mod store;
mod transport;
mod users;
mod variables;
