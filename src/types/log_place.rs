//! Places in the log of events.

/// Which log: drawn when a database is made, so that the places of one are not taken for those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogId(pub i64);

impl LogId {
    /// The place at a position.
    #[must_use]
    pub fn at(self, position: i64) -> LogPlace {
        LogPlace { log: self, position }
    }
}

/// A place in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPlace {
    /// Which log.
    pub log: LogId,
    /// The position of the event that comes before it, 0 at the start.
    pub position: i64,
}
