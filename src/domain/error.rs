//! Which error goes where: a refusal is an answer for the caller, a fault is for the operator.

use crate::{
    store::StoreError,
    types::{EntityId, ExternalId, MessageId, UserId, Username},
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
    #[error("{}", unknown(id, *role))]
    Unknown {
        /// The id.
        id: EntityId,
        /// What it was to be.
        role: IdRole,
    },
    /// Somebody else has the username, or gave it up not long ago.
    #[error("the username {} is taken, or was given up less than 30 days ago; choose another one", .0.as_str())]
    UsernameTaken(Username),
    /// Somebody else has the external id.
    #[error("the externalId {} is that of another user", .0.as_str())]
    ExternalIdTaken(ExternalId),
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
    /// Usernames are the host's to change.
    #[error(
        "only a service changes usernames on this server; displayName, the name that is shown, is yours to change"
    )]
    UsernameOfHost,
    /// Whom the host means by an id is the host's to say.
    #[error("only a service sets an externalId: a token whose scope has messenger:service")]
    ExternalIdOfHost,
    /// The acting user is in the chatroom, and does not own it.
    #[error("only the owner of the chatroom may do this")]
    NotOwner,
    /// The acting user may see the message, and did not send it.
    #[error("only the user who sent a message may edit or delete it")]
    NotSender,
    /// Somebody does not let the acting user add them to a chatroom.
    #[error("{}", invitation_refused(*user_id, *has_left))]
    InvitationRefused {
        /// Who.
        user_id: UserId,
        /// What they were to be.
        role: IdRole,
        /// Whether that is because they have left this chatroom, and not because of their settings.
        has_left: bool,
    },
    /// A chatroom would have more members than it may.
    #[error("a chatroom has at most {max} members")]
    ChatroomFull {
        /// How many it may have.
        max: usize,
    },
    /// Somebody is in as many chatrooms as a user may be in.
    #[error(
        "{user_id} is in {max} chatrooms already, the most that a user may be in; they must leave one first"
    )]
    TooManyChatrooms {
        /// Who.
        user_id: UserId,
        /// What they were to be.
        role: IdRole,
        /// How many a user may be in.
        max: usize,
    },
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
pub enum IdRole {
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
    pub fn unknown(id: impl Into<EntityId>, role: IdRole) -> Self {
        Self::Unknown { id: id.into(), role }
    }
}

fn invitation_refused(user_id: UserId, has_left: bool) -> String {
    if has_left {
        return format!(
            "{user_id} has left this chatroom; only somebody to whom they have written since then adds them again"
        );
    }
    format!("{user_id} does not let the acting user add them to chatrooms (invitationsFrom)")
}

/// Says what there is not; the same for what there is, and the acting user may not see.
fn unknown(id: &EntityId, role: IdRole) -> String {
    match (id, role) {
        (EntityId::User(_), _) => format!("there is no user {id}"),
        (EntityId::Chatroom(_), _) => format!("there is no chatroom {id}, or the acting user is not in it"),
        (EntityId::DirectConversation(_), _) => {
            format!("there is no conversation {id}, or the acting user does not take part in it")
        }
        (EntityId::Message(_), IdRole::ReplyTo) => format!("there is no message {id} in this conversation"),
        (EntityId::Message(_), _) => {
            format!("there is no message {id}, or the acting user may not see it")
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
