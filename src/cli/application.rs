//! The application and the runtime that commands work with.

use std::{sync::Arc, time::Duration};

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

/// How long to wait for another program that has locked the database.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// The application over a database. Blocks.
#[expect(clippy::disallowed_methods, reason = "this is where randomness comes in")]
pub(super) fn open(database: &DatabaseArgs, auth: Auth) -> Result<App, CliError> {
    let config = StoreConfig { file: database.file()?, readers: readers(), lock_timeout: LOCK_TIMEOUT };
    let randomness = Box::new(StdRng::from_rng(&mut rand::rng()));
    Ok(App::open(&config, Arc::new(SystemClock), auth, randomness, StatementObserver::log())?)
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
