use async_graphql::Interface;

use super::{Chatroom, Conversation, DirectConversation, Message, User};
use crate::graphql::id::GlobalId;

/// Anything that has an id of its own. Fetch it again with `node(id:)`.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "GlobalId",
    desc = "A TypeID: a prefix that tells the kind, `_`, and 26 characters. Never changes, and is unique across all kinds; \
            a good key for a cache."
))]
pub(in crate::graphql) enum Node {
    Chatroom(Chatroom),
    DirectConversation(DirectConversation),
    Message(Message),
    User(User),
}

impl From<Conversation> for Node {
    fn from(conversation: Conversation) -> Self {
        match conversation {
            Conversation::Chatroom(chatroom) => Self::Chatroom(chatroom),
            Conversation::DirectConversation(direct) => Self::DirectConversation(direct),
        }
    }
}
