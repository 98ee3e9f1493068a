//! Where in the log there is something for somebody: the positions alone, which cost little memory.

use diesel::{QueryResult, prelude::*};

use super::{
    super::{Conversation, conversation::Side},
    PositionRange,
};
use crate::{
    store::{
        Connection, MultiBackend, among, in_chunks,
        schema::{conversations, events},
    },
    types::{ConversationKey, UserId},
};

/// Where something happened in a part of the log, whom it is about and in which conversation it was, in order.
pub fn outline(
    connection: &mut Connection,
    range: PositionRange,
) -> QueryResult<Vec<(i64, Option<UserId>, Conversation)>> {
    events::table
        .inner_join(conversations::table.on(conversations::id.eq(events::conversation_id)))
        .filter(events::position.gt(range.after))
        .filter(events::position.le(range.up_to))
        .order(events::position.asc())
        .select((events::position, events::member_id, conversations::all_columns))
        .load(connection)
}

/// Where something happened in one conversation, in order, up to a limit.
pub fn of_one(
    connection: &mut Connection,
    key: ConversationKey,
    range: PositionRange,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    events::table
        .filter(events::conversation_id.eq(key))
        .filter(events::position.gt(range.after))
        .filter(events::position.le(range.up_to))
        .order(events::position.asc())
        .select(events::position)
        .limit(limit)
        .load(connection)
}

/// Where something happened in some conversations, in no order.
pub fn of_some(
    connection: &mut Connection,
    keys: &[ConversationKey],
    range: PositionRange,
) -> QueryResult<Vec<i64>> {
    in_chunks(keys, |keys| {
        events::table
            .filter(among(events::conversation_id, keys))
            .filter(events::position.gt(range.after))
            .filter(events::position.le(range.up_to))
            .select(events::position)
            .load(connection)
    })
}

/// Where something happened in somebody's direct conversations on one side, in no order.
pub fn beside(
    connection: &mut Connection,
    user_id: UserId,
    side: Side,
    range: PositionRange,
) -> QueryResult<Vec<i64>> {
    let mut query = events::table
        .inner_join(conversations::table.on(conversations::id.eq(events::conversation_id)))
        .filter(events::position.gt(range.after))
        .filter(events::position.le(range.up_to))
        .select(events::position)
        .into_boxed::<MultiBackend>();
    query = match side {
        Side::Lower => query.filter(conversations::lower_user_id.eq(user_id)),
        Side::Higher => query
            .filter(conversations::higher_user_id.eq(user_id))
            .filter(conversations::lower_user_id.ne(user_id)),
    };
    query.load(connection)
}
