//! What users and operators live through, told between named actors against a real server on a real port and a real
//! database file.

#![allow(clippy::expect_used, clippy::panic, reason = "a story ends where it does not go as told")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod acting;
mod bad_settings;
mod bad_start;
mod batch;
mod chaos;
mod chatrooms;
mod clocks;
mod connections;
mod crash;
mod documentation;
mod documents;
mod edits;
mod erased;
mod example;
mod fan_out;
mod faults;
mod fuzz;
mod heads;
mod history;
mod hostile;
mod inbox;
mod invitations;
mod key_sets;
mod lanes;
mod large_answers;
mod limits;
mod live;
mod long_lists;
mod members;
mod model;
mod moments;
mod name_masking;
mod one_server;
mod open_mode;
mod origins;
mod pages;
mod persisted;
mod plans;
mod presence;
mod rates;
mod reactions;
mod recent;
mod rendering;
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
mod token_command;
mod token_expiry;
mod tokens;
mod transport;
mod trusted;
mod typing;
mod untrusted_json;
mod upgrade;
mod usernames;
mod users;
mod variables;
