//! The application and the runtime that commands work with.

use std::sync::Arc;

use rand::{SeedableRng, rngs::StdRng};
use tokio::runtime::Runtime;

use super::outcome::CliError;
use crate::{
    app::App,
    auth::Auth,
    config::DatabaseArgs,
    store::{StatementObserver, StoreConfig},
    types::SystemClock,
};

/// A store on this database, with the usual times.
pub(super) fn store_config(database: &DatabaseArgs) -> Result<StoreConfig, CliError> {
    Ok(StoreConfig { readers: readers(), ..StoreConfig::new(&database.file()?) })
}

/// The application over a store. Blocks.
#[expect(clippy::disallowed_methods, reason = "this is where randomness comes in")]
pub(super) fn open(config: &StoreConfig, auth: Auth) -> Result<App, CliError> {
    let randomness = Box::new(StdRng::from_rng(&mut rand::rng()));
    Ok(App::open(config, Arc::new(SystemClock), auth, randomness, StatementObserver::log())?)
}

/// Two readers for each processor, so that one that waits for the disk does not leave it idle.
fn readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(processors * 2).unwrap_or(2).clamp(2, 16)
}

/// What asynchronous work runs on.
pub(super) fn runtime() -> Result<Runtime, CliError> {
    Runtime::new().map_err(|error| CliError::Other(format!("cannot start: {error}")))
}
