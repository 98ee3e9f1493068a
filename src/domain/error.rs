//! Which error goes where: a refusal is an answer for the caller, a fault is for the operator.

use crate::{
    store::StoreError,
    types::{EntityId, MessageId, UserId, Username},
};

/// Why a use case did not do what it was asked. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    /// The caller asked for what cannot be done.
    #[error("{refusal}")]
    Refused {
        /// Which of the items that were handed in, counted from 0.
        item: usize,
        /// What was wrong with it.
        refusal: Refusal,
    },
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

/// An expected "no", with the facts that explain it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing with this id, or nothing that the acting user may see.
    #[error("{}", unknown(id, *party))]
    Unknown {
        /// The id.
        id: EntityId,
        /// What it was to be.
        party: Party,
    },
    /// Somebody has the username.
    #[error("the username {} is taken; choose another one", .0.as_str())]
    UsernameTaken(Username),
    /// The sender has used the idempotency key for something else.
    #[error(
        "this clientMessageId was used for another message; a retry must repeat the recipient, the text and replyToId, \
         and a new message needs a new key"
    )]
    IdempotencyConflict {
        /// The message that the key belongs to; `None` when it is one of the same batch, which was not sent.
        message_id: Option<MessageId>,
    },
    /// The acting user may not read this.
    #[error(
        "messages to another person are yours to read only where you sent them: give your own id as senderId, or as recipientId"
    )]
    Forbidden,
    /// The acting user is in the chatroom, and does not own it.
    #[error("only the owner of the chatroom may do this")]
    NotOwner,
    /// Somebody is not in the chatroom.
    #[error("{0} is not a member of the chatroom")]
    NotMember(UserId),
    /// The message was deleted.
    #[error("the message was deleted; it can be neither edited nor reacted to")]
    MessageDeleted(MessageId),
    /// There is no message at this place.
    #[error("readUpTo is {actual}; it must be from 0 to {latest}, the latestSeq of the conversation")]
    SeqOutOfRange {
        /// What was asked for.
        actual: i64,
        /// The seq of the newest message.
        latest: i64,
    },
    /// A search took longer than it may.
    #[error(
        "this search would look through too much and was stopped; use longer words, or search in one conversation with conversationId"
    )]
    SearchTooExpensive,
    /// As many searches of the user wait as may.
    #[error("your other searches are not done yet, and no more of them may wait; try again when they are")]
    TooManySearches,
    /// A message has as many different emoji as it may have.
    #[error("the message has {max} different reactions already; use one of them")]
    TooManyReactions {
        /// How many it may have.
        max: u32,
    },
}

/// What an id was to be in a use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The acting user.
    User,
    /// Who sends.
    Sender,
    /// Who a message is for.
    Recipient,
    /// The only one to become or to stop being a member.
    Member,
    /// One of those who are to become members, counted from 0.
    Members(usize),
    /// A chatroom.
    Chatroom,
    /// A conversation.
    Conversation,
    /// The message to change.
    Message,
    /// The message that is answered.
    ReplyTo,
}

impl Refusal {
    /// There is nothing with this id.
    pub fn unknown(id: impl Into<EntityId>, party: Party) -> Self {
        Self::Unknown { id: id.into(), party }
    }
}

/// Says what there is not; the same for what there is, and the acting user may not see.
fn unknown(id: &EntityId, party: Party) -> String {
    match (id, party) {
        (EntityId::User(_), _) => format!("there is no user {id}"),
        (EntityId::Chatroom(_), _) => format!("there is no chatroom {id}, or the acting user is not in it"),
        (EntityId::DirectConversation(_), _) => {
            format!("there is no conversation {id}, or the acting user does not take part in it")
        }
        (EntityId::Message(_), Party::ReplyTo) => format!("there is no message {id} in this conversation"),
        (EntityId::Message(_), _) => {
            format!("there is no message {id}, or it is not the acting user's to do this")
        }
    }
}

impl DomainError {
    /// The same, of item number `item`.
    #[must_use]
    pub(super) fn of_item(self, item: usize) -> Self {
        match self {
            Self::Refused { refusal, .. } => Self::Refused { item, refusal },
            fault @ Self::Fault(_) => fault,
        }
    }
}

impl From<Refusal> for DomainError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { item: 0, refusal }
    }
}

impl From<diesel::result::Error> for DomainError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Fault(error.into())
    }
}
