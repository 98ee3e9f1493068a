//! Configuration: read once, from flags, then the environment, then `.env`.

mod auth;
mod browsers;
mod database;
mod documents;
mod error;
mod events;
mod limits;
mod log;
mod origins;
mod proxies;
mod rates;
mod secret;
mod server;
mod setting;

pub use auth::{AuthArgs, AuthConfig, AuthConfigError, KeySource};
pub use browsers::BrowserArgs;
pub use database::{DatabaseArgs, DatabaseUrlError, database_file};
pub use documents::DocumentArgs;
pub use error::ConfigError;
pub use events::EventArgs;
pub use limits::{LimitArgs, Limits};
pub use log::LogArgs;
pub use origins::AllowedOrigins;
pub use proxies::ProxyArgs;
pub use rates::{Rate, RateArgs, RateConfig};
pub use secret::Secret;
pub use server::ServerArgs;
pub use setting::Setting;
