//! Rows together with the people and chatrooms in them, so that nobody has to ask for them one by one.

use std::{
    collections::{BTreeSet, HashMap},
    iter,
    sync::Arc,
};

use diesel::QueryResult;

use crate::{
    domain::{DomainError, Place},
    live::{Entry, TypingNotice},
    models::{Chatroom, Conversation, Message, User, UserReader, UsersById, chatroom},
    store::Connection,
    types::{ChatroomId, ConversationId, ConversationKey, DirectConversationId, RecipientId, UserId},
};

/// A message with who is in it.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The row; it is large, and a page hands it on several times.
    pub message: Arc<Message>,
    /// Who sent it.
    pub sender: Arc<User>,
    /// Who it was sent to.
    pub recipient: RecipientView,
}

/// Whoever a message can be sent to.
#[derive(Clone, Debug)]
pub enum RecipientView {
    /// One person.
    User(Arc<User>),
    /// Everybody in a room.
    Chatroom(Arc<Chatroom>),
}

/// A conversation with who is in it.
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
    /// Where it was said.
    #[must_use]
    pub fn place(&self) -> Place {
        match &self.recipient {
            RecipientView::Chatroom(chatroom) => Place::In(chatroom.id),
            RecipientView::User(recipient) => Place::Between([self.sender.id, recipient.id]),
        }
    }

    /// The people in it.
    pub(super) fn people(&self) -> impl Iterator<Item = &Arc<User>> {
        let recipient = match &self.recipient {
            RecipientView::User(recipient) => Some(recipient),
            RecipientView::Chatroom(_) => None,
        };
        iter::once(&self.sender).chain(recipient)
    }

    /// The conversation it belongs to.
    #[must_use]
    pub fn conversation(&self) -> ConversationView {
        match &self.recipient {
            RecipientView::Chatroom(chatroom) => ConversationView::Chatroom(Arc::clone(chatroom)),
            RecipientView::User(recipient) => ConversationView::Direct(DirectConversationView::new(
                self.message.conversation_id.cast(),
                &self.sender,
                recipient,
            )),
        }
    }
}

/// What an event of the log is about, as somebody sees it.
impl MessageView {
    /// The message of an event.
    #[must_use]
    pub fn of_entry(entry: &Entry) -> Option<Self> {
        let message = entry.message.clone()?;
        let sender = entry.person(message.sender_id)?.clone();
        let recipient = match message.recipient() {
            RecipientId::User(id) => RecipientView::User(entry.person(id)?.clone()),
            RecipientId::Chatroom(_) => RecipientView::Chatroom(entry.chatroom.clone()?),
        };
        Some(Self { message, sender, recipient })
    }
}

impl ConversationView {
    /// The conversation of an event.
    #[must_use]
    pub fn of_entry(entry: &Entry) -> Option<Self> {
        Self::of(&entry.conversation, entry.chatroom.as_ref(), |id| entry.person(id))
    }

    /// The conversation in which somebody types.
    #[must_use]
    pub fn of_typing(notice: &TypingNotice) -> Option<Self> {
        Self::of(&notice.conversation, notice.chatroom.as_ref(), |id| notice.person(id))
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
    fn new(id: DirectConversationId, one: &Arc<User>, other: &Arc<User>) -> Self {
        let mut participants = vec![Arc::clone(one), Arc::clone(other)];
        participants.sort_by_key(|user| user.id);
        participants.dedup_by_key(|user| user.id);
        Self { id, participants }
    }
}

/// Users and chatrooms by id, each loaded once.
#[derive(Default)]
pub(super) struct Parties {
    users: UsersById,
    chatrooms: HashMap<ChatroomId, Arc<Chatroom>>,
}

impl Parties {
    /// Loads these users with one statement, and these chatrooms with another.
    pub(super) fn load(
        connection: &mut Connection,
        reader: &UserReader,
        users: impl IntoIterator<Item = UserId>,
        chatrooms: impl IntoIterator<Item = ChatroomId>,
    ) -> QueryResult<Self> {
        let users = reader.find_all(connection, users)?;
        let chatrooms = chatroom::find_all(connection, &distinct(chatrooms))?;
        let chatrooms = chatrooms.into_iter().map(|chatroom| (chatroom.id, Arc::new(chatroom)));
        Ok(Self { users, chatrooms: chatrooms.collect() })
    }

    /// Loads senders and recipients of messages.
    pub(super) fn of_messages<'a>(
        connection: &mut Connection,
        reader: &UserReader,
        messages: impl IntoIterator<Item = &'a Message>,
    ) -> QueryResult<Self> {
        let (mut users, mut chatrooms) = (Vec::new(), Vec::new());
        for message in messages {
            users.push(message.sender_id);
            match message.recipient() {
                RecipientId::User(id) => users.push(id),
                RecipientId::Chatroom(id) => chatrooms.push(id),
            }
        }
        Self::load(connection, reader, users, chatrooms)
    }

    /// Loads participants and chatrooms of conversations.
    pub(super) fn of_conversations(
        connection: &mut Connection,
        reader: &UserReader,
        conversations: &[Conversation],
    ) -> QueryResult<Self> {
        let chatrooms = conversations.iter().filter_map(|conversation| match conversation.id() {
            ConversationId::Chatroom(id) => Some(id),
            ConversationId::Direct(_) => None,
        });
        let users = conversations.iter().filter_map(Conversation::pair).flatten();
        Self::load(connection, reader, users, chatrooms)
    }

    pub(super) fn user(&self, id: UserId) -> Option<&Arc<User>> {
        self.users.get(&id)
    }

    pub(super) fn chatroom(&self, id: ChatroomId) -> Option<&Arc<Chatroom>> {
        self.chatrooms.get(&id)
    }

    pub(super) fn recipient(&self, id: RecipientId) -> Option<RecipientView> {
        match id {
            RecipientId::User(id) => self.user(id).cloned().map(RecipientView::User),
            RecipientId::Chatroom(id) => self.chatroom(id).cloned().map(RecipientView::Chatroom),
        }
    }

    /// The message with who is in it; `None` when they were not loaded.
    pub(super) fn message(&self, message: impl Into<Arc<Message>>) -> Option<MessageView> {
        let message = message.into();
        let sender = Arc::clone(self.user(message.sender_id)?);
        let recipient = self.recipient(message.recipient())?;
        Some(MessageView { message, sender, recipient })
    }

    /// The conversation with who is in it; `None` when they were not loaded.
    pub(super) fn conversation(&self, conversation: &Conversation) -> Option<ConversationView> {
        let Some([one, other]) = conversation.pair() else {
            return self.chatroom(conversation.key.cast()).cloned().map(ConversationView::Chatroom);
        };
        let (one, other) = (self.user(one)?, self.user(other)?);
        Some(ConversationView::Direct(DirectConversationView::new(conversation.key.cast(), one, other)))
    }
}

/// One message with who is in it.
pub(super) fn view_message(
    connection: &mut Connection,
    reader: &UserReader,
    message: Message,
) -> QueryResult<Option<MessageView>> {
    Ok(Parties::of_messages(connection, reader, [&message])?.message(message))
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
    let parties = Parties::of_conversations(connection, &UserReader::of_table(), conversations)?;
    parties.conversation(conversation).ok_or_else(missing)
}

fn missing() -> DomainError {
    diesel::result::Error::NotFound.into()
}

fn distinct<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
