//! `reactions`: who reacted to which message, and with what.

use diesel::{
    QueryResult,
    dsl::{count, exists, select},
    prelude::*,
};

use crate::{
    store::{Connection, among, in_chunks, schema::reactions},
    types::{Emoji, MessageId, UserId},
};

/// A row of `reactions`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = reactions)]
pub struct Reaction {
    /// To what.
    pub message_id: MessageId,
    /// With what.
    pub emoji: Emoji,
    /// The place in the event log: gives reactions their order, the first one first.
    pub position: i64,
    /// Who.
    pub user_id: UserId,
}

/// Stores a new reaction.
pub fn insert(connection: &mut Connection, reaction: &Reaction) -> QueryResult<()> {
    diesel::insert_into(reactions::table).values(reaction).execute(connection).map(drop)
}

/// Takes a reaction back; tells whether it was there.
pub fn delete(
    connection: &mut Connection,
    message_id: MessageId,
    user_id: UserId,
    emoji: &Emoji,
) -> QueryResult<bool> {
    let gone = reactions::table
        .filter(reactions::message_id.eq(message_id))
        .filter(reactions::user_id.eq(user_id))
        .filter(reactions::emoji.eq(emoji));
    Ok(diesel::delete(gone).execute(connection)? > 0)
}

/// Takes back all reactions to a message.
pub fn delete_all(connection: &mut Connection, message_id: MessageId) -> QueryResult<()> {
    diesel::delete(reactions::table.filter(reactions::message_id.eq(message_id)))
        .execute(connection)
        .map(drop)
}

/// Whether somebody has reacted with this emoji.
pub fn is_there(
    connection: &mut Connection,
    message_id: MessageId,
    user_id: UserId,
    emoji: &Emoji,
) -> QueryResult<bool> {
    let there = reactions::table
        .filter(reactions::message_id.eq(message_id))
        .filter(reactions::user_id.eq(user_id))
        .filter(reactions::emoji.eq(emoji));
    select(exists(there)).get_result(connection)
}

/// Whether anybody has reacted with this emoji.
pub fn is_used(connection: &mut Connection, message_id: MessageId, emoji: &Emoji) -> QueryResult<bool> {
    let used =
        reactions::table.filter(reactions::message_id.eq(message_id)).filter(reactions::emoji.eq(emoji));
    select(exists(used)).get_result(connection)
}

/// How many different emoji a message has.
pub fn count_emoji(connection: &mut Connection, message_id: MessageId) -> QueryResult<i64> {
    reactions::table
        .filter(reactions::message_id.eq(message_id))
        .select(count(reactions::emoji).aggregate_distinct())
        .first(connection)
}

/// All reactions to these messages: those to one message with one emoji together, the first one first.
pub fn find_all(connection: &mut Connection, message_ids: &[MessageId]) -> QueryResult<Vec<Reaction>> {
    in_chunks(message_ids, |message_ids| {
        reactions::table
            .filter(among(reactions::message_id, message_ids))
            .order((reactions::message_id, reactions::emoji, reactions::position))
            .load(connection)
    })
}
