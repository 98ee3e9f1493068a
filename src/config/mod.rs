//! Configuration: read once, from flags, then the environment, then `.env`.

mod database;
mod log;
mod server;

pub use database::{ConfigError, DatabaseArgs, database_file};
pub use log::LogArgs;
pub use server::ServerArgs;

/// A setting that was left empty counts as not set.
fn set(value: Option<&String>) -> Option<&str> {
    value.map(|value| value.trim()).filter(|value| !value.is_empty())
}
