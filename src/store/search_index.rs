//! The search index follows the messages. SQLite only.

use diesel::{
    QueryDsl, QueryResult, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
    sqlite::SqliteConnection,
};

use super::Connection;
use crate::types;

/// Messages that are indexed in one transaction while the index is built: about a third of a second of work, and a line in
/// the log.
const BATCH: i64 = 10_000;

diesel::table! {
    /// What the triggers on `messages` have noted since the last commit, or a migration for the index to be built anew.
    unindexed_messages (number) {
        number -> BigInt,
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The words of a text, which the trigger that indexes a message asks for.
    fn search_words(text: Text) -> Text;
}

/// Gives the connection that writes the function that indexing needs.
pub(super) fn register(connection: &mut SqliteConnection) -> QueryResult<()> {
    search_words_utils::register_impl(connection, |text: String| types::search_words(&text))
}

/// Indexes what the writes of a group have changed: once for all of them, right before their commit.
///
/// Triggers do the work, message by message, as the table is emptied; the migration tells why it is not done as each message
/// is written.
pub(super) fn catch_up(connection: &mut Connection) -> QueryResult<()> {
    match connection {
        Connection::Sqlite(connection) => {
            diesel::delete(unindexed_messages::table).execute(connection).map(drop)
        }
    }
}

/// Builds what a migration has left to be indexed, and tells in the log how far it is. Nobody else may use the database yet.
///
/// Each batch is committed for itself: when this is interrupted, the next start goes on from there.
pub(super) fn build(connection: &mut Connection) -> QueryResult<()> {
    let Connection::Sqlite(connection) = connection;
    let all: i64 = unindexed_messages::table.count().get_result(connection)?;
    let mut done = 0;
    while done < all {
        let indexed = index_batch(connection)?;
        done += i64::try_from(indexed).unwrap_or(i64::MAX);
        tracing::info!(messages = done, of = all, "building the search index");
        if indexed == 0 {
            break;
        }
    }
    Ok(())
}

/// Indexes the oldest messages that wait; tells how many.
fn index_batch(connection: &mut SqliteConnection) -> QueryResult<usize> {
    let statement = "DELETE FROM unindexed_messages
        WHERE number IN (SELECT number FROM unindexed_messages ORDER BY number LIMIT ?)";
    let indexed = sql_query(statement).bind::<BigInt, _>(BATCH).execute(connection)?;
    // Nothing moves the log of the database yet, which would grow to the size of the index.
    connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
    Ok(indexed)
}
