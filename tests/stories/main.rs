//! What users and operators live through, told between named actors against a real server on a real port and a real
//! database file.

#![allow(clippy::expect_used, clippy::panic, reason = "a story ends where it does not go as told")]

mod stage;

mod access;
mod acting;
mod at_once;
mod bad_start;
mod batch;
mod chaos;
mod chatrooms;
mod connections;
mod crash;
mod discretion;
mod documentation;
mod documents;
mod edits;
mod example;
mod faults;
mod fuzz;
mod history;
mod hostile;
mod inbox;
mod key_sets;
mod limits;
mod live;
mod members;
mod model;
mod moments;
mod open_mode;
mod origins;
mod pages;
mod persisted;
mod plans;
mod presence;
mod rates;
mod reactions;
mod recent;
mod resets;
mod rooms_model;
mod search;
mod seed;
mod send;
mod server_sent_events;
mod services;
mod settings;
mod shared_commits;
mod sockets;
mod start;
mod store;
mod subscriptions;
mod telling;
mod token_command;
mod token_expiry;
mod tokens;
mod transport;
mod trusted;
mod typing;
mod untrusted_json;
mod upgrade;
mod users;
mod variables;
