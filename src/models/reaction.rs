//! `reactions`: who reacted to which message, and with what. `reaction_groups`: how many did with each emoji.

use diesel::{
    QueryResult,
    dsl::{exists, select},
    prelude::*,
};

use crate::{
    store::{
        Connection, among, in_chunks,
        schema::{reaction_groups, reactions},
    },
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

/// One of the first reactions to a message with an emoji, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct CountedReaction {
    /// To what.
    pub message_id: MessageId,
    /// With what.
    pub emoji: Emoji,
    /// How many reacted to the message with it.
    pub count: i64,
    /// The place in the event log.
    pub position: i64,
    /// Who.
    pub user_id: UserId,
}

/// Stores a new reaction, and counts it.
pub fn insert(connection: &mut Connection, reaction: &Reaction) -> QueryResult<()> {
    diesel::insert_into(reactions::table).values(reaction).execute(connection)?;
    if add_to_count(connection, reaction.message_id, &reaction.emoji, 1)? {
        return Ok(());
    }
    let first = (
        reaction_groups::message_id.eq(reaction.message_id),
        reaction_groups::emoji.eq(&reaction.emoji),
        reaction_groups::count.eq(1),
    );
    diesel::insert_into(reaction_groups::table).values(first).execute(connection).map(drop)
}

/// Changes how many reacted with an emoji; tells whether anybody had.
fn add_to_count(
    connection: &mut Connection,
    message_id: MessageId,
    emoji: &Emoji,
    more: i64,
) -> QueryResult<bool> {
    let group = reaction_groups::table
        .filter(reaction_groups::message_id.eq(message_id))
        .filter(reaction_groups::emoji.eq(emoji));
    let changed = diesel::update(group).set(reaction_groups::count.eq(reaction_groups::count + more));
    Ok(changed.execute(connection)? > 0)
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
    if diesel::delete(gone).execute(connection)? == 0 {
        return Ok(false);
    }
    add_to_count(connection, message_id, emoji, -1)?;
    let unused = reaction_groups::table
        .filter(reaction_groups::message_id.eq(message_id))
        .filter(reaction_groups::emoji.eq(emoji))
        .filter(reaction_groups::count.eq(0));
    diesel::delete(unused).execute(connection)?;
    Ok(true)
}

/// Takes back all reactions to a message.
pub fn delete_all(connection: &mut Connection, message_id: MessageId) -> QueryResult<()> {
    let of_message = reactions::table.filter(reactions::message_id.eq(message_id));
    diesel::delete(of_message).execute(connection)?;
    let of_message = reaction_groups::table.filter(reaction_groups::message_id.eq(message_id));
    diesel::delete(of_message).execute(connection).map(drop)
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

/// The emoji with which anybody has reacted to a message.
pub fn emoji_of(connection: &mut Connection, message_id: MessageId) -> QueryResult<Vec<Emoji>> {
    reaction_groups::table
        .filter(reaction_groups::message_id.eq(message_id))
        .select(reaction_groups::emoji)
        .load(connection)
}

/// The first few reactions to each of these messages with each emoji: those to one message with one emoji together, the first one
/// first.
pub fn first_of_each(
    connection: &mut Connection,
    message_ids: &[MessageId],
    few: i64,
) -> QueryResult<Vec<CountedReaction>> {
    in_chunks(message_ids, |message_ids| {
        let one = diesel::alias!(reactions as one);
        let first = one
            .filter(one.field(reactions::message_id).eq(reaction_groups::message_id))
            .filter(one.field(reactions::emoji).eq(reaction_groups::emoji))
            .order(one.field(reactions::position).asc())
            .limit(few)
            .select(one.field(reactions::position));
        let of_group = reactions::message_id
            .eq(reaction_groups::message_id)
            .and(reactions::emoji.eq(reaction_groups::emoji))
            .and(reactions::position.eq_any(first));
        reaction_groups::table
            .inner_join(reactions::table.on(of_group))
            .filter(among(reaction_groups::message_id, message_ids))
            .order((reaction_groups::message_id, reaction_groups::emoji, reactions::position))
            .select((
                reaction_groups::message_id,
                reaction_groups::emoji,
                reaction_groups::count,
                reactions::position,
                reactions::user_id,
            ))
            .load(connection)
    })
}

/// With what somebody has reacted to these messages.
pub fn own(
    connection: &mut Connection,
    message_ids: &[MessageId],
    user_id: UserId,
) -> QueryResult<Vec<(MessageId, Emoji)>> {
    in_chunks(message_ids, |message_ids| {
        reactions::table
            .filter(among(reactions::message_id, message_ids))
            .filter(reactions::user_id.eq(user_id))
            .select((reactions::message_id, reactions::emoji))
            .load(connection)
    })
}
