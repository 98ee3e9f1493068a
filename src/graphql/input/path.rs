//! Places in the arguments of a mutation.

use crate::domain::{IdRole, Refusal};

/// A place in the arguments of a mutation.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct InputPath(pub(super) Vec<String>);

impl InputPath {
    /// The argument `input` itself.
    pub(in crate::graphql) fn input() -> Self {
        Self(vec!["input".into()])
    }

    /// A field of the object that is here.
    pub(in crate::graphql) fn field(&self, name: &str) -> Self {
        self.then(name.to_owned())
    }

    /// An item of the list that is here, counted from 0.
    pub(in crate::graphql) fn item(&self, number: usize) -> Self {
        self.then(number.to_string())
    }

    /// The field that holds an id of this part.
    fn role(&self, role: IdRole) -> Self {
        let field = match role {
            IdRole::User => "userId",
            IdRole::Sender => "senderId",
            IdRole::Recipient => "recipientId",
            IdRole::Member => "memberId",
            IdRole::Members(place) => return self.field("memberIds").item(place),
            IdRole::Chatroom => "chatroomId",
            IdRole::Conversation => "conversationId",
            IdRole::Message => "messageId",
            IdRole::ReplyTo => "replyToId",
        };
        self.field(field)
    }

    /// The field that a refusal is about.
    pub(super) fn of_refusal(&self, refusal: &Refusal) -> Self {
        let field = match refusal {
            Refusal::Unknown { role, .. }
            | Refusal::InvitationRefused { role, .. }
            | Refusal::TooManyChatrooms { role, .. } => return self.role(*role),
            Refusal::UsernameTaken(_) | Refusal::UsernameOfHost => "username",
            Refusal::ExternalIdTaken(_) | Refusal::ExternalIdOfHost => "externalId",
            Refusal::IdempotencyConflict { .. } => "clientMessageId",
            Refusal::Forbidden => "userId",
            Refusal::NotOwner => "chatroomId",
            Refusal::NotMember(_) => "memberId",
            Refusal::ChatroomFull { .. } => "memberIds",
            Refusal::MessageDeleted(_) | Refusal::NotSender => "messageId",
            Refusal::SeqOutOfRange { .. } => "readUpTo",
            Refusal::SearchTooExpensive | Refusal::TooManySearches => "text",
            Refusal::TooManyReactions { .. } => "emoji",
        };
        self.field(field)
    }

    fn then(&self, step: String) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}
