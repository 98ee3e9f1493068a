//! The search index follows the messages. SQLite only.
//!
//! What a commit changes is indexed in it, up to a few KiB of text; the writer indexes the rest in transactions of their own
//! while no write waits. So nobody's commit waits for the words of somebody else's batch. A search reads what is not indexed
//! yet from the messages, see `models/message_words.rs`: what is committed is found.

use diesel::{
    ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
    sqlite::SqliteConnection,
};

use super::Connection;
use crate::types;

/// Messages that are indexed in one transaction while the index is built: about a third of a second of work, and a line in
/// the log.
const BATCH: i64 = 10_000;

/// Bytes of text that are indexed in one transaction: 16 KiB take 40 ms where each character begins a word, and 8 ms in
/// Latin. A text that is longer is indexed alone.
const STEP: i64 = 16 * 1024;

/// Bytes of text that may wait for the index: a search reads them within 0.1 s. What goes beyond is indexed in the commit.
const BACKLOG: i64 = 2 * 1024 * 1024;

diesel::table! {
    /// What the triggers on `messages` have noted since it was last indexed, or a migration for the index to be built anew.
    unindexed_messages (number) {
        number -> BigInt,
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The words of a text, which the trigger that indexes a message asks for.
    fn search_words(text: Text) -> Text;
}

/// Messages that wait, up to one of them.
#[derive(QueryableByName)]
struct Waiting {
    /// The last of them; none when nothing waits.
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
    /// The bytes of their texts.
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// Gives the connection that writes the function that indexing needs.
pub(super) fn register(connection: &mut SqliteConnection) -> QueryResult<()> {
    search_words_utils::register_impl(connection, |text: String| types::search_words(&text))
}

/// Indexes a step of what waits, the oldest first; returns the bytes of text that wait after that.
///
/// Called once for the writes of a group, right before their commit. Triggers do the work, message by message, as the table
/// is emptied; the migration tells why it is not done as each message is written.
pub(super) fn catch_up(connection: &mut Connection) -> QueryResult<u64> {
    let Connection::Sqlite(connection) = connection;
    let all = waiting(connection)?;
    let next = match all.bytes {
        ..=STEP => Waiting { ..all },
        bytes => oldest(connection, STEP.max(bytes - BACKLOG))?,
    };
    let indexed = unindexed_messages::table.filter(unindexed_messages::number.nullable().le(next.last));
    diesel::delete(indexed).execute(connection)?;
    Ok((all.bytes - next.bytes).unsigned_abs())
}

/// All that wait.
fn waiting(connection: &mut SqliteConnection) -> QueryResult<Waiting> {
    sql_query("SELECT max(number) AS last, ifnull(sum(bytes), 0) AS bytes FROM unindexed_messages")
        .get_result(connection)
}

/// The oldest that wait, until they have so many bytes.
fn oldest(connection: &mut SqliteConnection, bytes: i64) -> QueryResult<Waiting> {
    let statement = "SELECT max(number) AS last, ifnull(sum(bytes), 0) AS bytes FROM (
            SELECT number, bytes, sum(bytes) OVER (ORDER BY number ROWS UNBOUNDED PRECEDING) - bytes AS before
            FROM unindexed_messages
        ) WHERE before < ?";
    sql_query(statement).bind::<BigInt, _>(bytes).get_result(connection)
}

/// Builds what a migration or a killed process has left to be indexed, and logs how far it is. Nobody else
/// may use the database yet.
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
    // Nothing checkpoints the WAL yet, which would grow to the size of the index.
    connection.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
    Ok(indexed)
}

#[cfg(test)]
mod tests;
