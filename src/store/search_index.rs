//! The search index follows the messages.

use diesel::{QueryResult, RunQueryDsl};

use super::Connection;

diesel::table! {
    /// What the triggers on `messages` have noted since the last commit.
    unindexed_messages (number) {
        number -> BigInt,
    }
}

/// Indexes what the writes of a group have changed: once for all of them, right before their commit.
///
/// SQLite only. Triggers do the work, message by message, as the table is emptied; the migration tells why it is not done
/// as each message is written.
pub(super) fn catch_up(connection: &mut Connection) -> QueryResult<()> {
    match connection {
        Connection::Sqlite(connection) => {
            diesel::delete(unindexed_messages::table).execute(connection).map(drop)
        }
    }
}
