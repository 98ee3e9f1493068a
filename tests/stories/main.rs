//! What users and operators live through, told between named actors against a real server on a real port and a real
//! database file.

#![allow(clippy::expect_used, clippy::panic, reason = "a story ends where it does not go as told")]

mod stage;

mod batch;
mod connections;
mod documentation;
mod faults;
mod history;
mod hostile;
mod recent;
mod send;
mod transport;
mod users;
mod variables;
