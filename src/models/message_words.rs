//! `message_words`: which words are in which message. SQLite's FTS5 only; the migration tells how it is kept.

use std::{cmp::Reverse, collections::BTreeSet, iter};

use diesel::{
    OptionalExtension, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary, Text},
    sqlite::SqliteConnection,
};

use super::{
    membership,
    message_search::{Scope, Search},
};
use crate::{
    store::Connection,
    types::{Bounds, Id, Kind, MessageId, SearchText, search_words},
};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Binary)]
    message_id: MessageId,
}

/// A message that waits for the index, with what the index will have of it.
#[derive(QueryableByName)]
struct Unindexed {
    #[diesel(embed)]
    found: Found,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Text)]
    scope: String,
}

#[derive(QueryableByName)]
struct Numbered {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The ids of the messages that are searched for, newest first, one more than the limit.
pub(super) fn find(
    connection: &mut Connection,
    search: &Search,
    bounds: &Bounds<MessageId>,
) -> QueryResult<Vec<MessageId>> {
    let scope = ScopeWords::of(connection, search)?;
    let below = match bounds.after {
        Some(after) => number_from(connection, after)?,
        None => i64::MAX,
    };
    let Connection::Sqlite(connection) = connection;
    let mut found = find_unindexed(connection, &search.text, &scope, below)?;
    found.extend(find_indexed(connection, &search.text, &scope, below, bounds.fetch_limit())?);
    found.sort_unstable_by_key(|found| Reverse(found.number));
    let probe = usize::try_from(bounds.fetch_limit()).unwrap_or(usize::MAX);
    Ok(found.into_iter().take(probe).map(|found| found.message_id).collect())
}

/// The newest of those that the index has as they are.
fn find_indexed(
    connection: &mut SqliteConnection,
    text: &SearchText,
    scope: &ScopeWords,
    below: i64,
    limit: i64,
) -> QueryResult<Vec<Found>> {
    sql_query(
        "SELECT number, message_id FROM message_words JOIN searchable_messages ON number = message_words.rowid \
         WHERE message_words MATCH ? AND message_words.rowid < ? \
         AND message_words.rowid NOT IN (SELECT number FROM unindexed_messages) \
         ORDER BY message_words.rowid DESC LIMIT ?",
    )
    .bind::<Text, _>(format!("text : ({}) AND scope : ({})", words(text), scope.expression()))
    .bind::<BigInt, _>(below)
    .bind::<BigInt, _>(limit)
    .load(connection)
}

/// All of those that wait for the index: the writer bounds their bytes.
fn find_unindexed(
    connection: &mut SqliteConnection,
    text: &SearchText,
    scope: &ScopeWords,
    below: i64,
) -> QueryResult<Vec<Found>> {
    let waiting: Vec<Unindexed> = sql_query(
        "SELECT number, message_id, text, scope FROM unindexed_messages \
         JOIN searchable_messages USING (number) JOIN message_index_entries USING (number) \
         WHERE number < ? AND deleted_at IS NULL",
    )
    .bind::<BigInt, _>(below)
    .load(connection)?;
    let is_found = |entry: &Unindexed| scope.includes(&entry.scope) && text.is_in(&search_words(&entry.text));
    Ok(waiting.into_iter().filter(is_found).map(|entry| entry.found).collect())
}

/// The number of a message; of the next one, when there is none with this id.
fn number_from(connection: &mut Connection, id: MessageId) -> QueryResult<i64> {
    let Connection::Sqlite(connection) = connection;
    let numbered =
        sql_query("SELECT number FROM searchable_messages WHERE message_id >= ? ORDER BY message_id LIMIT 1")
            .bind::<Binary, _>(id)
            .get_result::<Numbered>(connection)
            .optional()?;
    Ok(numbered.map_or(i64::MAX, |numbered| numbered.number))
}

/// Every word, each also as the beginning of a longer one. They have neither quotes nor anything else that is syntax.
fn words(text: &SearchText) -> String {
    let words = text.words().iter().map(|word| format!("\"{word}\" *"));
    words.collect::<Vec<_>>().join(" ")
}

/// Which words the `scope` of a message has, as the migration makes them.
struct ScopeWords {
    /// One of these, of which there may be thousands.
    places: BTreeSet<String>,
    /// And this one.
    sender: Option<String>,
}

impl ScopeWords {
    fn of(connection: &mut Connection, search: &Search) -> QueryResult<Self> {
        let places = match search.scope {
            Scope::Conversation(key) => BTreeSet::from([scope_word('c', key)]),
            Scope::ReadableBy(user_id) => {
                let chatrooms = membership::all_chatrooms(connection, user_id)?;
                let chatrooms = chatrooms.into_iter().map(|id| scope_word('c', id));
                iter::once(scope_word('p', user_id)).chain(chatrooms).collect()
            }
        };
        Ok(Self { places, sender: search.sender_id.map(|id| scope_word('s', id)) })
    }

    /// As the index is asked for them.
    fn expression(&self) -> String {
        let quoted = |word: &String| format!("\"{word}\"");
        let places = self.places.iter().map(quoted).collect::<Vec<_>>().join(" OR ");
        match &self.sender {
            Some(sender) => format!("{} AND ({places})", quoted(sender)),
            None => places,
        }
    }

    /// Whether the scope of a message has them.
    fn includes(&self, scope: &str) -> bool {
        let is_sent_by = |sender: &String| scope.split(' ').any(|word| word == sender);
        self.sender.iter().all(is_sent_by) && scope.split(' ').any(|word| self.places.contains(word))
    }
}

/// The word for an id in this role.
fn scope_word<K: Kind>(role: char, id: Id<K>) -> String {
    format!("\u{e000}{role}{}", id.uuid().simple())
}

#[cfg(test)]
mod tests;
