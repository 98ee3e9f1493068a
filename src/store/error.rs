//! What can go wrong below the queries.

use std::path::PathBuf;

use diesel::result::Error as DieselError;

/// Why work was not done. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, with its reason.
    #[error(transparent)]
    Database(#[from] DieselError),
    /// The transaction that carried this and other work was not committed, for the given reason.
    #[error("the transaction was not committed: {0}")]
    NotCommitted(String),
    /// The database could not be opened again after a fault.
    #[error("no connection to the database: {0}")]
    NoConnection(String),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// The database file is not where it was opened, for the given reason.
    #[error("{0}")]
    Displaced(String),
    /// The read took longer than it may, and was stopped.
    #[error("the read took too long and was stopped")]
    TooLate,
    /// More reads of its kind wait than may.
    #[error("too many reads wait for the database")]
    Overloaded,
    /// The work panicked.
    #[error("the work panicked: {0}")]
    Panicked(String),
}

/// Why a group of writes fails when another write in it panics.
pub(super) const PANICKED_BESIDE: &str = "another write of the same group panicked";

/// Why it fails when another one fails after it has changed something that cannot be taken back alone.
pub(super) const FAILED_BESIDE: &str = "another write of the same group failed half done";

/// Part of why a group of writes fails when the database file is not where it was opened.
pub(super) const DISPLACED: &str = "while it is in use";

/// What is said when the cause lies outside the work and may go away by itself; but for the first three,
/// SQLite says it.
const PASSING_FAULTS: [&str; 9] = [
    PANICKED_BESIDE,
    FAILED_BESIDE,
    DISPLACED,
    "database is locked",
    "database table is locked",
    "disk is full",
    "disk I/O error",
    "readonly database",
    "unable to open database file",
];

impl StoreError {
    /// Whether trying again later may help: a full disk, a foreign lock, a store that is being closed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        let reason = match self {
            Self::Closed | Self::NoConnection(_) | Self::Displaced(_) | Self::Overloaded => return true,
            Self::Panicked(_) | Self::TooLate => return false,
            Self::NotCommitted(reason) => reason.clone(),
            Self::Database(error) => error.to_string(),
        };
        PASSING_FAULTS.iter().any(|fault| reason.contains(fault))
    }
}

/// Why a database was not opened. Reads as one line, for the person who started the program.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the database {}: {reason}", file.display())]
pub struct OpenError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it, and what helps.
    pub reason: String,
}
