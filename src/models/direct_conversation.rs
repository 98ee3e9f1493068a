//! `direct_conversations`: which two people a conversation is between.

use diesel::{OptionalExtension, QueryResult, prelude::*};

use crate::{
    store::{Connection, schema::direct_conversations},
    types::{DirectConversationId, UserId},
};

/// A row of `direct_conversations`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = direct_conversations)]
pub struct DirectConversation {
    /// The primary key.
    pub conversation_id: DirectConversationId,
    /// The participant with the lesser id.
    pub lower_user_id: UserId,
    /// The other one; the same in a note to self.
    pub higher_user_id: UserId,
}

impl DirectConversation {
    /// The conversation between two people, named in either order.
    #[must_use]
    pub fn between(conversation_id: DirectConversationId, one: UserId, other: UserId) -> Self {
        Self { conversation_id, lower_user_id: one.min(other), higher_user_id: one.max(other) }
    }
}

/// Stores a new direct conversation.
pub fn insert(connection: &mut Connection, conversation: DirectConversation) -> QueryResult<()> {
    diesel::insert_into(direct_conversations::table).values(conversation).execute(connection).map(drop)
}

/// The conversation with this id.
pub fn find(
    connection: &mut Connection,
    id: DirectConversationId,
) -> QueryResult<Option<DirectConversation>> {
    direct_conversations::table.find(id).first(connection).optional()
}

/// The id of the conversation between two people, named in either order.
pub fn find_between(
    connection: &mut Connection,
    one: UserId,
    other: UserId,
) -> QueryResult<Option<DirectConversationId>> {
    direct_conversations::table
        .filter(direct_conversations::lower_user_id.eq(one.min(other)))
        .filter(direct_conversations::higher_user_id.eq(one.max(other)))
        .select(direct_conversations::conversation_id)
        .first(connection)
        .optional()
}
