//! What is set up before a command runs: `.env` and the logs.

use std::{collections::BTreeSet, fs, io::IsTerminal};

use tracing::Level;
use tracing_subscriber::{
    EnvFilter,
    filter::{FilterExt, LevelFilter, filter_fn},
    fmt,
    prelude::*,
};

use super::outcome::CliError;
use crate::config::LogArgs;

/// What settings may be made in, in the folder the program was started in.
const DOTENV: &str = ".env";

/// Reads `.env`; what is in the environment already stays.
pub(super) fn load_dotenv(settings: &BTreeSet<String>) -> Result<(), CliError> {
    let refused = |reason: String| CliError::Other(format!("{DOTENV} cannot be read: {reason}"));
    let lines = dotenvy::from_path_iter(DOTENV).and_then(Iterator::collect::<dotenvy::Result<Vec<_>>>);
    match lines {
        Ok(lines) => check_dotenv(settings, &lines).map_err(refused)?,
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(dotenvy::Error::LineParse(..)) => return Err(refused(malformed())),
        Err(error) => return Err(refused(error.to_string())),
    }
    dotenvy::from_path(DOTENV).map_err(|error| refused(error.to_string()))
}

/// Refuses what no environment can hold, and settings that are made twice: shells take the last value, and this file's
/// reader the first.
fn check_dotenv(settings: &BTreeSet<String>, lines: &[(String, String)]) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for (name, value) in lines {
        if value.contains('\0') {
            return Err(format!("the value of {name} has a NUL character"));
        }
        if settings.contains(name) && !names.insert(name) {
            return Err(format!("{name} is set twice; remove one of the lines"));
        }
    }
    Ok(())
}

/// Says where a line is that cannot be read, and shows nothing of it: it follows the longest beginning of the file that
/// can be read.
fn malformed() -> String {
    let text = fs::read_to_string(DOTENV).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let is_read = |count: &usize| {
        let beginning = lines[..*count].join("\n");
        dotenvy::from_read_iter(beginning.as_bytes()).all(|line| line.is_ok())
    };
    let number = (0..lines.len()).rev().find(is_read).unwrap_or_default() + 1;
    format!("line {number} is no NAME=value; put a value with spaces between quotes")
}

/// Starts to write logs, to stderr.
pub(super) fn start_logs(log: &LogArgs) -> Result<(), CliError> {
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
