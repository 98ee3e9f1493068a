//! `events`: the log of everything that lasts, in the order in which it was committed.

use diesel::{QueryResult, prelude::*};

use super::Message;
use crate::{
    store::{Connection, schema::events},
    types::{ConversationKey, EventKind, MessageId, Timestamp, UserId},
};

/// An event that is not in the log yet.
#[derive(Clone, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = events)]
pub struct NewEvent {
    /// Where it happened.
    pub conversation_id: ConversationKey,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub happened_at: Timestamp,
    /// Who did it.
    pub actor_id: UserId,
    /// Whom it is about: who joined, left, or owns the chatroom now.
    pub member_id: Option<UserId>,
    /// The message it is about.
    pub message_id: Option<MessageId>,
    /// That message's seq; or how far was read.
    pub seq: Option<i64>,
    /// The emoji; or the chatroom's new name.
    pub detail: Option<String>,
}

impl NewEvent {
    /// Something that somebody did in a conversation; what else there is to say is `None`.
    #[must_use]
    pub fn new(
        kind: EventKind,
        conversation_id: ConversationKey,
        actor_id: UserId,
        happened_at: Timestamp,
    ) -> Self {
        Self {
            conversation_id,
            kind,
            happened_at,
            actor_id,
            member_id: None,
            message_id: None,
            seq: None,
            detail: None,
        }
    }

    /// Something that somebody did to a message.
    #[must_use]
    pub fn about(message: &Message, kind: EventKind, actor_id: UserId, happened_at: Timestamp) -> Self {
        Self {
            message_id: Some(message.id),
            seq: Some(message.seq),
            ..Self::new(kind, message.conversation_id, actor_id, happened_at)
        }
    }
}

/// Appends an event, in the transaction that makes it happen; gives its position.
pub fn append(connection: &mut Connection, event: &NewEvent) -> QueryResult<i64> {
    diesel::insert_into(events::table).values(event).returning(events::position).get_result(connection)
}
