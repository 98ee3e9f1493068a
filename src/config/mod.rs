//! Configuration: read once, from flags, then the environment, then `.env`.

mod database;
mod given;
mod log;
mod server;

pub use database::{ConfigError, DatabaseArgs, database_file};
pub use log::LogArgs;
pub use server::ServerArgs;
