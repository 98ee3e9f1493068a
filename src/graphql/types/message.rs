use async_graphql::{ID, Object};

use super::{Conversation, DateTime, DirectConversation, Recipient, User};
use crate::{domain::MessageView, graphql::id::global, types::ClientMessageId};

#[derive(Clone)]
pub(in crate::graphql) struct Message(pub(in crate::graphql) MessageView);

/// A text that one user sent to another, or to themselves.
#[Object]
impl Message {
    /// The idempotency key that its sender gave, if any: match it with what you sent optimistically. Meant for its
    /// sender: once requests carry a user, everybody else sees `null`.
    async fn client_message_id(&self) -> Option<&str> {
        self.0.message.client_message_id.as_ref().map(ClientMessageId::as_str)
    }

    /// The conversation it belongs to.
    async fn conversation(&self) -> Conversation {
        Conversation::DirectConversation(DirectConversation(self.0.conversation()))
    }

    /// Never changes. Starts with `msg_`.
    pub(super) async fn id(&self) -> ID {
        global(self.0.message.id)
    }

    /// Who it was sent to.
    async fn recipient(&self) -> Recipient {
        Recipient::User(User(self.0.recipient.clone()))
    }

    /// Who sent it.
    async fn sender(&self) -> User {
        User(self.0.sender.clone())
    }

    /// When the server accepted it, by the server's clock.
    async fn sent_at(&self) -> DateTime {
        DateTime(self.0.message.sent_at)
    }

    /// Its place in its conversation: 1, 2, 3 … without holes. The order that everybody in it shares; sort and merge the
    /// messages of one conversation by it. Across conversations keep the order of the list you read.
    async fn seq(&self) -> i64 {
        self.0.message.seq
    }

    /// What it says, exactly as it was sent: 1–5,000 characters (Unicode scalar values).
    async fn text(&self) -> &str {
        self.0.message.text.as_str()
    }
}
