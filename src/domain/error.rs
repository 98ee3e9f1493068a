//! Which error goes where: a refusal is an answer for the caller, a fault is for the operator.

use crate::{
    store::StoreError,
    types::{MessageId, UserId, Username},
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
    /// There is no such user.
    #[error("there is no user {id}")]
    UnknownUser {
        /// The id that nobody has.
        id: UserId,
        /// What the user was to be.
        party: Party,
    },
    /// Somebody has the username.
    #[error("the username {} is taken; choose another one", .0.as_str())]
    UsernameTaken(Username),
    /// The sender has used the idempotency key for something else.
    #[error(
        "this clientMessageId was used for another message; a retry must repeat the recipient and the text, and a new \
         message needs a new key"
    )]
    IdempotencyConflict {
        /// The message that the key belongs to; `None` when it is one of the same batch, which was not sent.
        message_id: Option<MessageId>,
    },
}

/// What a user is in a use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Whose profile it is.
    User,
    /// Who sends.
    Sender,
    /// Who a message is for.
    Recipient,
}

impl DomainError {
    /// Item number `item` is refused.
    #[must_use]
    pub fn refused(item: usize, refusal: Refusal) -> Self {
        Self::Refused { item, refusal }
    }
}

impl From<Refusal> for DomainError {
    fn from(refusal: Refusal) -> Self {
        Self::refused(0, refusal)
    }
}

impl From<diesel::result::Error> for DomainError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Fault(error.into())
    }
}
