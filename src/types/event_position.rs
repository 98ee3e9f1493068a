//! Positions in the event log.

/// Which log: drawn when a database is made, so that a position in one log is not taken for one in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogId(pub i64);

impl LogId {
    /// A position in this log.
    #[must_use]
    pub fn at(self, position: i64) -> EventPosition {
        EventPosition { log: self, position }
    }
}

/// A position in one of the event logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventPosition {
    /// The log.
    pub log: LogId,
    /// The position of the event that comes before it, 0 at the start.
    pub position: i64,
}
