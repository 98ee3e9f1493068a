//! A messaging backend: one binary, one GraphQL schema.
//!
//! The modules, top to bottom; each imports only from rooms below it (see `docs/architecture.md`).

#![warn(unreachable_pub)]

#[cfg(not(unix))]
compile_error!("Messenger runs on Linux and macOS: its signals, file modes and locks are those of Unix");

pub mod cli;

pub mod http;

pub mod graphql;

pub mod domain;

pub mod app;

pub mod auth;
pub mod live;
pub mod presence;
pub mod rates;

pub mod models;

pub mod store;

pub mod config;
pub mod types;
