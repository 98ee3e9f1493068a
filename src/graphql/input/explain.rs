//! What is wrong, as an error in a payload.

use super::{InputPath, reader::BatchSizeError};
use crate::{
    domain::Refusal,
    graphql::{
        error::ErrorCode,
        id::global,
        types::{
            ChatroomFull, IdempotencyConflict, InvalidId, InvalidInput, InvitationRefused, MessageTooLong,
            NotFound, RateLimited, Refused, SeqOutOfRange, TooManyChatrooms, TooManyReactions, UserError,
            UsernameTaken,
        },
        viewer::{ActingUserRequired, NotYours},
    },
    rates,
    types::{
        ChatroomNameError, ClientMessageIdError, DisplayNameError, EmojiError, ExternalIdError, IdError,
        MessageText, MessageTextError, PresenceTextError, UsernameError,
    },
};

/// Something wrong that can be told as an error in a payload.
pub(in crate::graphql) trait Explain {
    /// The error, at its place in the input.
    fn explain(self, path: InputPath) -> UserError;
}

/// The error that carries no facts of its own.
fn invalid(code: ErrorCode, message: &impl ToString, path: InputPath) -> UserError {
    UserError::InvalidInput(InvalidInput { code, message: message.to_string(), path: path.0 })
}

impl Explain for (IdError, &'static [&'static str]) {
    fn explain(self, path: InputPath) -> UserError {
        let (error, prefixes) = self;
        UserError::InvalidId(InvalidId {
            code: (&error).into(),
            message: error.to_string(),
            path: path.0,
            expected_prefixes: prefixes.iter().map(|prefix| (*prefix).to_owned()).collect(),
        })
    }
}

impl Explain for MessageTextError {
    fn explain(self, path: InputPath) -> UserError {
        match self {
            Self::TooLong { actual } => UserError::MessageTooLong(MessageTooLong {
                code: self.into(),
                message: self.to_string(),
                path: path.0,
                actual,
                max: MessageText::MAX_CHARACTERS,
            }),
            Self::Blank | Self::Nul => invalid(self.into(), &self, path),
        }
    }
}

/// Errors of texts that have one code each.
macro_rules! explain_as {
    ($($error:ty => $code:ident,)+) => {$(
        impl Explain for $error {
            fn explain(self, path: InputPath) -> UserError {
                invalid(ErrorCode::$code, &self, path)
            }
        }
    )+};
}

explain_as! {
    UsernameError => UsernameInvalid,
    DisplayNameError => DisplayNameInvalid,
    ChatroomNameError => ChatroomNameInvalid,
    ClientMessageIdError => ClientMessageIdInvalid,
    EmojiError => EmojiInvalid,
    ExternalIdError => ExternalIdInvalid,
    PresenceTextError => PresenceTextInvalid,
    BatchSizeError => BatchSizeInvalid,
    ActingUserRequired => ActingUserRequired,
}

impl Explain for NotYours {
    fn explain(self, path: InputPath) -> UserError {
        UserError::Refused(Refused { code: ErrorCode::Forbidden, message: self.to_string(), path: path.0 })
    }
}

impl Explain for rates::RateLimited {
    fn explain(self, path: InputPath) -> UserError {
        UserError::RateLimited(RateLimited {
            code: ErrorCode::RateLimited,
            message: self.to_string(),
            path: path.0,
            retry_after_ms: self.millis(),
        })
    }
}

impl Explain for Refusal {
    fn explain(self, path: InputPath) -> UserError {
        let (code, message, path) = ((&self).into(), self.to_string(), path.0);
        match self {
            Self::Unknown { id, .. } => {
                UserError::NotFound(NotFound { code, message, path, unknown_id: global(id) })
            }
            Self::UsernameTaken(username) => {
                let username = username.as_str().to_owned();
                UserError::UsernameTaken(UsernameTaken { code, message, path, username })
            }
            Self::IdempotencyConflict { message_id } => {
                let message_id = message_id.map(global);
                UserError::IdempotencyConflict(IdempotencyConflict { code, message, path, message_id })
            }
            Self::ExternalIdTaken(_)
            | Self::Forbidden
            | Self::UsernameOfHost
            | Self::ExternalIdOfHost
            | Self::NotOwner
            | Self::NotMember(_)
            | Self::NotSender
            | Self::MessageDeleted(_)
            | Self::SearchTooExpensive
            | Self::TooManySearches => UserError::Refused(Refused { code, message, path }),
            Self::InvitationRefused { user_id, .. } => {
                let user_id = global(user_id);
                UserError::InvitationRefused(InvitationRefused { code, message, path, user_id })
            }
            Self::ChatroomFull { max } => UserError::ChatroomFull(ChatroomFull { code, message, path, max }),
            Self::TooManyChatrooms { user_id, max, .. } => {
                let user_id = global(user_id);
                UserError::TooManyChatrooms(TooManyChatrooms { code, message, path, max, user_id })
            }
            Self::SeqOutOfRange { latest, .. } => {
                UserError::SeqOutOfRange(SeqOutOfRange { code, message, path, latest_seq: latest })
            }
            Self::TooManyReactions { max } => {
                UserError::TooManyReactions(TooManyReactions { code, message, path, max })
            }
        }
    }
}
