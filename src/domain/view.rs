//! Rows together with the people in them, so that nobody has to ask for them one by one.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use diesel::QueryResult;

use crate::{
    models::{Message, User, user},
    store::Connection,
    types::{DirectConversationId, UserId},
};

/// A message with its people.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The row.
    pub message: Message,
    /// Who sent it.
    pub sender: Arc<User>,
    /// Who it was sent to.
    pub recipient: Arc<User>,
}

impl MessageView {
    /// The conversation it belongs to.
    #[must_use]
    pub fn conversation(&self) -> DirectConversationView {
        DirectConversationView::new(self.message.conversation_id, &self.sender, &self.recipient)
    }
}

/// A direct conversation with its people.
#[derive(Clone, Debug)]
pub struct DirectConversationView {
    /// Its id.
    pub id: DirectConversationId,
    /// One user in a note to self, else two, by id.
    pub participants: Vec<Arc<User>>,
}

impl DirectConversationView {
    fn new(id: DirectConversationId, one: &Arc<User>, other: &Arc<User>) -> Self {
        let mut participants = vec![Arc::clone(one), Arc::clone(other)];
        participants.sort_by_key(|user| user.id);
        participants.dedup_by_key(|user| user.id);
        Self { id, participants }
    }
}

/// Users by id, each loaded once.
pub(super) struct People(HashMap<UserId, Arc<User>>);

impl People {
    /// Loads these users with one statement.
    pub(super) fn load(
        connection: &mut Connection,
        ids: impl IntoIterator<Item = UserId>,
    ) -> QueryResult<Self> {
        let distinct: Vec<UserId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let users = user::find_all(connection, &distinct)?;
        Ok(Self(users.into_iter().map(|user| (user.id, Arc::new(user))).collect()))
    }

    /// Loads senders and recipients of messages with one statement.
    pub(super) fn of_messages<'a>(
        connection: &mut Connection,
        messages: impl IntoIterator<Item = &'a Message>,
    ) -> QueryResult<Self> {
        Self::load(
            connection,
            messages.into_iter().flat_map(|message| [message.sender_id, message.recipient_id]),
        )
    }

    pub(super) fn get(&self, id: UserId) -> Option<&Arc<User>> {
        self.0.get(&id)
    }

    /// The message with its people; `None` when they were not loaded.
    pub(super) fn view(&self, message: Message) -> Option<MessageView> {
        let sender = Arc::clone(self.get(message.sender_id)?);
        let recipient = Arc::clone(self.get(message.recipient_id)?);
        Some(MessageView { message, sender, recipient })
    }

    /// The conversation with its people; `None` when they were not loaded.
    pub(super) fn conversation(
        &self,
        id: DirectConversationId,
        one: UserId,
        other: UserId,
    ) -> Option<DirectConversationView> {
        Some(DirectConversationView::new(id, self.get(one)?, self.get(other)?))
    }
}
