//! The users and chatrooms of the rows that were read.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use diesel::QueryResult;
use foldhash::fast::RandomState;

use crate::{
    domain::{ConversationView, DirectConversationView},
    models::{Chatroom, Conversation, Message, User, UserReader, UsersById, chatroom},
    store::Connection,
    types::{ChatroomId, ConversationId, RecipientId, UserId},
};

/// Users and chatrooms by id, each loaded once.
#[derive(Debug, Default)]
pub(super) struct Participants {
    pub(super) users: UsersById,
    pub(super) chatrooms: HashMap<ChatroomId, Arc<Chatroom>, RandomState>,
}

impl Participants {
    /// Users and a chatroom that were read already.
    pub(super) fn of(users: &[Arc<User>], chatroom: Option<&Arc<Chatroom>>) -> Self {
        Self {
            users: users.iter().map(|user| (user.id, Arc::clone(user))).collect(),
            chatrooms: chatroom.into_iter().map(|chatroom| (chatroom.id, Arc::clone(chatroom))).collect(),
        }
    }

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
    pub(super) fn of_messages(
        connection: &mut Connection,
        reader: &UserReader,
        messages: &[Arc<Message>],
    ) -> QueryResult<Arc<Self>> {
        let mut recipients = Vec::new();
        for recipient in messages.iter().map(|message| message.recipient()) {
            // Of most pages there is one.
            if recipients.last() != Some(&recipient) {
                recipients.push(recipient);
            }
        }
        let senders = messages.iter().map(|message| message.sender_id);
        let users = senders.chain(recipients.iter().copied().filter_map(user_of));
        Self::load(connection, reader, users, recipients.iter().copied().filter_map(chatroom_of))
            .map(Arc::new)
    }

    /// Loads participants and chatrooms of conversations.
    pub(super) fn of_conversations(
        connection: &mut Connection,
        reader: &UserReader,
        conversations: &[Conversation],
    ) -> QueryResult<Self> {
        Self::of_conversations_with(connection, reader, conversations, &[])
    }

    /// Loads participants and chatrooms of conversations, and senders of messages in them.
    pub(super) fn of_conversations_with(
        connection: &mut Connection,
        reader: &UserReader,
        conversations: &[Conversation],
        messages: &[Arc<Message>],
    ) -> QueryResult<Self> {
        let chatrooms = conversations.iter().filter_map(|conversation| match conversation.id() {
            ConversationId::Chatroom(id) => Some(id),
            ConversationId::Direct(_) => None,
        });
        let users = conversations.iter().filter_map(Conversation::pair).flatten();
        let senders = messages.iter().map(|message| message.sender_id);
        Self::load(connection, reader, users.chain(senders), chatrooms)
    }

    pub(super) fn user(&self, id: UserId) -> Option<&Arc<User>> {
        self.users.get(&id)
    }

    pub(super) fn chatroom(&self, id: ChatroomId) -> Option<&Arc<Chatroom>> {
        self.chatrooms.get(&id)
    }

    /// Whether somebody to whom a message can be sent is among them.
    pub(super) fn has(&self, id: RecipientId) -> bool {
        match id {
            RecipientId::User(id) => self.users.contains_key(&id),
            RecipientId::Chatroom(id) => self.chatrooms.contains_key(&id),
        }
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

fn user_of(recipient: RecipientId) -> Option<UserId> {
    match recipient {
        RecipientId::User(id) => Some(id),
        RecipientId::Chatroom(_) => None,
    }
}

fn chatroom_of(recipient: RecipientId) -> Option<ChatroomId> {
    match recipient {
        RecipientId::User(_) => None,
        RecipientId::Chatroom(id) => Some(id),
    }
}

fn distinct<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
