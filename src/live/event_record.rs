//! An event of the log with the rows it refers to, read once for all listeners.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use diesel::QueryResult;

use super::RenderedAnswers;
use crate::{
    models::{Chatroom, Conversation, Event, Message, User, chatroom, message, user},
    store::Connection,
    types::UserId,
};

/// About how many bytes a user takes that a record refers to.
const PERSON_BYTES: usize = size_of::<User>() + 64;

/// An event, and the things it refers to as they were when it was read.
#[derive(Debug)]
pub struct EventRecord {
    /// The event.
    pub event: Event,
    /// Where it happened.
    pub conversation: Conversation,
    /// The chatroom, when it happened in one.
    pub chatroom: Option<Arc<Chatroom>>,
    /// The message it is about.
    pub message: Option<Arc<Message>>,
    /// The users that it refers to.
    pub participants: Vec<Arc<User>>,
    /// The answers to it that were rendered so far.
    pub answers: RenderedAnswers,
}

impl EventRecord {
    /// Reads what rows of the log refer to, with as many statements for many as for one.
    pub fn load(connection: &mut Connection, rows: Vec<(Event, Conversation)>) -> QueryResult<Vec<Self>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: BTreeSet<_> = rows.iter().filter_map(|(event, _)| event.message_id).collect();
        let messages: HashMap<_, _> = message::find_all(connection, &ids.into_iter().collect::<Vec<_>>())?
            .into_iter()
            .map(|message| (message.id, Arc::new(message)))
            .collect();
        let rooms = rows.iter().filter(|(_, conversation)| conversation.pair().is_none());
        let rooms: BTreeSet<_> = rooms.map(|(_, conversation)| conversation.key.cast()).collect();
        let chatrooms: HashMap<_, _> =
            chatroom::find_all(connection, &rooms.into_iter().collect::<Vec<_>>())?
                .into_iter()
                .map(|chatroom| (chatroom.id, Arc::new(chatroom)))
                .collect();
        let mut records: Vec<Self> = rows
            .into_iter()
            .map(|(event, conversation)| Self {
                chatroom: chatrooms.get(&conversation.key.cast()).cloned(),
                message: event.message_id.and_then(|id| messages.get(&id).cloned()),
                participants: Vec::new(),
                answers: RenderedAnswers::default(),
                event,
                conversation,
            })
            .collect();
        Self::load_participants(connection, &mut records)?;
        Ok(records)
    }

    fn load_participants(connection: &mut Connection, records: &mut [Self]) -> QueryResult<()> {
        let ids: BTreeSet<UserId> = records.iter().flat_map(Self::referenced_users).collect();
        let users: HashMap<_, _> = user::find_all(connection, &ids.into_iter().collect::<Vec<_>>())?
            .into_iter()
            .map(|user| (user.id, Arc::new(user)))
            .collect();
        for record in records {
            record.participants =
                record.referenced_users().iter().filter_map(|id| users.get(id).cloned()).collect();
        }
        Ok(())
    }

    fn referenced_users(&self) -> BTreeSet<UserId> {
        let pair = self.conversation.pair().into_iter().flatten();
        let sender = self.message.as_ref().map(|message| message.sender_id);
        pair.chain([self.event.actor_id]).chain(self.event.member_id).chain(sender).collect()
    }

    /// About how many bytes it takes, without the answers to it.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let message =
            self.message.as_ref().map_or(0, |message| size_of::<Message>() + message.text.as_str().len());
        let detail = self.event.detail.as_ref().map_or(0, String::len);
        size_of::<Self>() + message + detail + self.participants.len() * PERSON_BYTES
    }

    /// The user with this id, if the event refers to them.
    #[must_use]
    pub fn person(&self, id: UserId) -> Option<&Arc<User>> {
        self.participants.iter().find(|user| user.id == id)
    }

    /// Whether somebody did it, or it is about them: what they are told of it may be for their eyes only.
    #[must_use]
    pub fn involves(&self, id: UserId) -> bool {
        let sender = self.message.as_ref().map(|message| message.sender_id);
        [Some(self.event.actor_id), self.event.member_id, sender].contains(&Some(id))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::types::{ConversationKey, EventKind, Id, Timestamp};

    /// Somebody who reads their own notes.
    pub(in crate::live) const AARON: UserId = Id::new(Uuid::from_u128(1));

    /// Something that Aaron did, at a position of the log, with a detail of so many bytes.
    pub(in crate::live) fn record(position: i64, length: usize) -> Arc<EventRecord> {
        let conversation = Conversation::between(AARON.cast(), AARON, AARON, AARON.cast());
        made(conversation, position, EventKind::ConversationRead, "x".repeat(length))
    }

    /// Something that Aaron did in a chatroom, or that was done to him, at a position of the log.
    pub(in crate::live) fn record_in(
        key: ConversationKey,
        position: i64,
        kind: EventKind,
    ) -> Arc<EventRecord> {
        made(Conversation::of_chatroom(key), position, kind, String::new())
    }

    fn made(conversation: Conversation, position: i64, kind: EventKind, detail: String) -> Arc<EventRecord> {
        let event = Event {
            position,
            conversation_id: conversation.key,
            kind,
            happened_at: Timestamp::from_millis(0),
            actor_id: AARON,
            member_id: Some(AARON),
            message_id: None,
            seq: None,
            detail: Some(detail),
        };
        let (chatroom, message, participants) = (None, None, Vec::new());
        Arc::new(EventRecord {
            event,
            conversation,
            chatroom,
            message,
            participants,
            answers: RenderedAnswers::default(),
        })
    }
}
