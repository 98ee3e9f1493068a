//! Configuration: read once, from flags, then the environment, then `.env`.

mod database;
mod events;
mod given;
mod limits;
mod log;
mod server;

pub use database::{ConfigError, DatabaseArgs, database_file};
pub use events::EventArgs;
pub use limits::{LimitArgs, Limits};
pub use log::LogArgs;
pub use server::ServerArgs;
