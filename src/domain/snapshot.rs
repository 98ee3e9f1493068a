//! What was read, and when that was in the order of all events.

use diesel::QueryResult;

use crate::{models::event, store::Connection};

/// Something that was read in one moment, and the position that the event log had then: whoever follows the log from there
/// misses nothing of it and hears nothing twice.
#[derive(Clone, Debug)]
pub struct Snapshot<T> {
    /// What was read.
    pub value: T,
    /// The position of the newest event.
    pub position: i64,
}

impl Snapshot<()> {
    /// The moment of the transaction that is open; it begins here, unless something was read before.
    pub(super) fn begin(connection: &mut Connection) -> QueryResult<Self> {
        Ok(Self { value: (), position: event::latest_position(connection)? })
    }
}

impl<T> Snapshot<T> {
    /// The same moment of something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Snapshot<U> {
        Snapshot { value: change(self.value), position: self.position }
    }
}
