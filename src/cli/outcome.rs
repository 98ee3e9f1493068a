//! What a command says, and why it fails.

use std::io::Write;

use crate::{config::ConfigError, store::OpenError};

/// Why the program ended; reads as one line.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{0}")]
    Other(String),
}

/// Prints to stdout. A reader that has gone away, as `head` does, is no error.
pub(super) fn say(text: &str) -> Result<(), CliError> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::Other(error.to_string()))
        }
        _ => Ok(()),
    }
}
