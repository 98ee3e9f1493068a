//! `message_words`: which words are in which message. SQLite's FTS5 only; the migration tells how it is kept.

use diesel::{
    OptionalExtension, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary, Text},
};

use super::{
    membership,
    message_search::{Scope, Search},
};
use crate::{
    store::Connection,
    types::{Bounds, Id, Kind, MessageId, SearchText},
};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Binary)]
    message_id: MessageId,
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
    let expression = format!("text : ({}) AND scope : ({})", words(&search.text), scope(connection, search)?);
    let below = match bounds.after {
        Some(after) => number_from(connection, after)?,
        None => i64::MAX,
    };
    let Connection::Sqlite(connection) = connection;
    let found = sql_query(
        "SELECT message_id FROM message_words JOIN searchable_messages ON number = message_words.rowid \
         WHERE message_words MATCH ? AND message_words.rowid < ? ORDER BY message_words.rowid DESC LIMIT ?",
    )
    .bind::<Text, _>(expression)
    .bind::<BigInt, _>(below)
    .bind::<BigInt, _>(bounds.probe())
    .load::<Found>(connection)?;
    Ok(found.into_iter().map(|found| found.message_id).collect())
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

fn scope(connection: &mut Connection, search: &Search) -> QueryResult<String> {
    let places = match search.scope {
        Scope::Conversation(key) => vec![token('c', key)],
        Scope::ReadableBy(user_id) => {
            let chatrooms = membership::all_chatrooms(connection, user_id)?;
            let chatrooms = chatrooms.into_iter().map(|id| token('c', id));
            std::iter::once(token('p', user_id)).chain(chatrooms).collect()
        }
    };
    let places = places.join(" OR ");
    Ok(match search.sender_id {
        Some(sender_id) => format!("{} AND ({places})", token('s', sender_id)),
        None => places,
    })
}

/// The word in `scope` for an id in this role, as the migration makes it.
fn token<K: Kind>(role: char, id: Id<K>) -> String {
    format!("\"\u{e000}{role}{}\"", id.uuid().simple())
}

#[cfg(test)]
mod tests;
