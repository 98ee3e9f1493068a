//! Rows together with the people and chatrooms in them, so that nobody has to ask for them one by one.

use std::{iter, sync::Arc};

use diesel::QueryResult;

use crate::{
    domain::{ConversationScope, DomainError, participants::Participants},
    live::{EventRecord, TypingEvent},
    models::{Chatroom, Conversation, Message, User, UserReader},
    store::Connection,
    types::{ConversationKey, DirectConversationId, RecipientId, UserId},
};

/// A message with its participants.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The row.
    pub message: Arc<Message>,
    /// Who sent it and who it was sent to, among others: the messages of a page share them. A reference of its own to each of
    /// them would be counted where all threads count.
    participants: Arc<Participants>,
}

/// Whoever a message can be sent to.
#[derive(Clone, Debug)]
pub enum RecipientView {
    /// One person.
    User(Arc<User>),
    /// Everybody in a room.
    Chatroom(Arc<Chatroom>),
}

/// A conversation with its participants.
#[derive(Clone, Debug)]
pub enum ConversationView {
    /// Two people, or one with themselves.
    Direct(DirectConversationView),
    /// A chatroom.
    Chatroom(Arc<Chatroom>),
}

/// A direct conversation with its people.
#[derive(Clone, Debug)]
pub struct DirectConversationView {
    /// Its id.
    pub id: DirectConversationId,
    /// One user in a note to self, else two, by id.
    pub participants: Vec<Arc<User>>,
}

impl MessageView {
    /// The message, with participants that include its sender and recipient; `None` when they do not.
    pub(super) fn new(message: impl Into<Arc<Message>>, participants: &Arc<Participants>) -> Option<Self> {
        let message = message.into();
        let are_known = participants.has(message.sender_id.into()) && participants.has(message.recipient());
        are_known.then(|| Self { message, participants: Arc::clone(participants) })
    }

    /// How many bytes of memory the message takes, with its text.
    #[must_use]
    pub fn weight(&self) -> usize {
        size_of::<Message>() + self.message.text.as_str().len()
    }

    /// Who sent it.
    #[must_use]
    pub fn sender(&self) -> &Arc<User> {
        &self.participants.users[&self.message.sender_id]
    }

    /// Who it was sent to.
    #[must_use]
    pub fn recipient(&self) -> RecipientView {
        match self.message.recipient() {
            RecipientId::User(id) => RecipientView::User(Arc::clone(&self.participants.users[&id])),
            RecipientId::Chatroom(id) => {
                RecipientView::Chatroom(Arc::clone(&self.participants.chatrooms[&id]))
            }
        }
    }

    /// Where it was said.
    #[must_use]
    pub fn scope(&self) -> ConversationScope {
        match self.message.recipient() {
            RecipientId::Chatroom(id) => ConversationScope::In(id),
            RecipientId::User(id) => ConversationScope::Between([self.message.sender_id, id]),
        }
    }

    /// Its sender and its recipient.
    pub(super) fn participants(&self) -> impl Iterator<Item = &Arc<User>> {
        let recipient = match self.message.recipient() {
            RecipientId::User(id) => self.participants.user(id),
            RecipientId::Chatroom(_) => None,
        };
        iter::once(self.sender()).chain(recipient)
    }

    /// The conversation it belongs to.
    #[must_use]
    pub fn conversation(&self) -> ConversationView {
        match self.recipient() {
            RecipientView::Chatroom(chatroom) => ConversationView::Chatroom(chatroom),
            RecipientView::User(recipient) => ConversationView::Direct(DirectConversationView::new(
                self.message.conversation_id.cast(),
                self.sender(),
                &recipient,
            )),
        }
    }
}

/// What an event of the log is about, as somebody sees it.
impl MessageView {
    /// The message of an event.
    #[must_use]
    pub fn of_record(record: &EventRecord) -> Option<Self> {
        let participants = Participants::of(&record.participants, record.chatroom.as_ref());
        Self::new(record.message.clone()?, &Arc::new(participants))
    }
}

impl ConversationView {
    /// The conversation of an event.
    #[must_use]
    pub fn of_record(record: &EventRecord) -> Option<Self> {
        Self::of(&record.conversation, record.chatroom.as_ref(), |id| record.person(id))
    }

    /// The conversation in which somebody types.
    #[must_use]
    pub fn of_typing(event: &TypingEvent) -> Option<Self> {
        Self::of(&event.conversation, event.chatroom.as_ref(), |id| event.person(id))
    }

    fn of<'a>(
        conversation: &Conversation,
        chatroom: Option<&Arc<Chatroom>>,
        person: impl Fn(UserId) -> Option<&'a Arc<User>>,
    ) -> Option<Self> {
        let Some([one, other]) = conversation.pair() else {
            return chatroom.cloned().map(Self::Chatroom);
        };
        let (one, other) = (person(one)?, person(other)?);
        Some(Self::Direct(DirectConversationView::new(conversation.key.cast(), one, other)))
    }

    /// The id as tables have it.
    #[must_use]
    pub fn key(&self) -> ConversationKey {
        match self {
            Self::Direct(view) => view.id.cast(),
            Self::Chatroom(chatroom) => chatroom.id.cast(),
        }
    }
}

impl DirectConversationView {
    pub(super) fn new(id: DirectConversationId, one: &Arc<User>, other: &Arc<User>) -> Self {
        let mut participants = vec![Arc::clone(one), Arc::clone(other)];
        participants.sort_by_key(|user| user.id);
        participants.dedup_by_key(|user| user.id);
        Self { id, participants }
    }
}

/// One message with who is in it.
pub(super) fn view_message(
    connection: &mut Connection,
    reader: &UserReader,
    message: impl Into<Arc<Message>>,
) -> QueryResult<Option<MessageView>> {
    let message = message.into();
    let participants = Participants::of_messages(connection, reader, std::slice::from_ref(&message))?;
    Ok(MessageView::new(message, &participants))
}

/// The same in a transaction that writes, where everybody in it is there, because the tables refer to each other.
pub(super) fn require_message_view(
    connection: &mut Connection,
    message: Message,
) -> Result<MessageView, DomainError> {
    view_message(connection, &UserReader::of_table(), message)?.ok_or_else(missing)
}

/// One conversation with who is in it, in a transaction that writes.
pub(super) fn require_conversation_view(
    connection: &mut Connection,
    conversation: &Conversation,
) -> Result<ConversationView, DomainError> {
    let conversations = std::slice::from_ref(conversation);
    let participants = Participants::of_conversations(connection, &UserReader::of_table(), conversations)?;
    participants.conversation(conversation).ok_or_else(missing)
}

pub(super) fn missing() -> DomainError {
    diesel::result::Error::NotFound.into()
}
