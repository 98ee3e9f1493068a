//! What is set up before a command runs: `.env` and the log.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::{
    EnvFilter,
    filter::{FilterExt, LevelFilter, filter_fn},
    fmt,
    prelude::*,
};

use super::outcome::CliError;
use crate::config::LogArgs;

/// Reads `.env` in the folder the program was started in; what is in the environment already stays.
pub(super) fn load_dotenv() -> Result<(), CliError> {
    match dotenvy::from_path(".env") {
        Ok(()) => Ok(()),
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(dotenvy::Error::LineParse(_, at)) => Err(CliError::Other(format!(
            ".env cannot be read: a line is no NAME=value, near its character {at}"
        ))),
        Err(error) => Err(CliError::Other(format!(".env cannot be read: {error}"))),
    }
}

/// Starts the log, to stderr.
pub(super) fn start_log(log: &LogArgs) -> Result<(), CliError> {
    let refused = |reason: String| {
        let setting = LogArgs::FILTER;
        CliError::Other(format!(
            "{setting}: {reason}; use error, warn, info, debug, trace or off, also by part as in \
             info,messenger::sql=trace"
        ))
    };
    let text = log.filter()?;
    // The filter takes a misspelt level for the name of a part, and would log nothing at all.
    let misspelt = |part: &&str| !part.contains('=') && part.trim().parse::<LevelFilter>().is_err();
    if let Some(part) = text.split(',').find(misspelt) {
        return Err(refused(format!("{part} is no level")));
    }
    let filter = EnvFilter::try_new(text).map_err(|error| refused(error.to_string()))?;
    // Libraries trace whole messages, with the tokens in them; what is ours knows what it says.
    let is_discreet =
        filter_fn(|told| told.target().starts_with("messenger") || *told.level() <= Level::INFO);
    let stderr = std::io::stderr;
    let lines = fmt::layer().with_ansi(stderr().is_terminal()).with_writer(stderr);
    tracing_subscriber::registry().with(lines.with_filter(filter.and(is_discreet))).init();
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    Ok(())
}
