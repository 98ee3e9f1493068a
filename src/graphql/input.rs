//! Reads the input of a mutation, and collects everything that is wrong with it.

use async_graphql::{ID, Result};

use super::{
    error::ErrorCode,
    id::global,
    resolver_error::domain_error,
    types::{
        IdempotencyConflict, InvalidId, InvalidInput, MessageTooLong, NotFound, UserError, UsernameTaken,
    },
};
use crate::{
    domain::{DomainError, Party, Refusal},
    types::{
        ClientMessageIdError, DisplayNameError, Id, IdError, Kind, MessageText, MessageTextError,
        UsernameError,
    },
};

/// A place in the arguments of a mutation.
#[derive(Clone, Debug)]
pub(super) struct InputPath(Vec<String>);

impl InputPath {
    /// The argument `input` itself.
    pub(super) fn input() -> Self {
        Self(vec!["input".into()])
    }

    /// A field of the object that is here.
    pub(super) fn field(&self, name: &str) -> Self {
        self.then(name.to_owned())
    }

    /// An item of the list that is here, counted from 0.
    pub(super) fn item(&self, number: usize) -> Self {
        self.then(number.to_string())
    }

    fn then(&self, step: String) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

/// Reads fields, and keeps what is wrong with them.
#[derive(Default)]
pub(super) struct Reader {
    /// What was wrong so far.
    pub(super) errors: Vec<UserError>,
}

impl Reader {
    /// A field that must be there. `None` after an error.
    pub(super) fn field<T, E: Explain>(&mut self, path: InputPath, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.errors.push(error.explain(path))).ok()
    }

    /// A field that may be missing. `None` after an error.
    #[expect(clippy::option_option, reason = "wrong and missing are two things")]
    pub(super) fn optional<T, E: Explain>(
        &mut self,
        path: InputPath,
        value: Option<Result<T, E>>,
    ) -> Option<Option<T>> {
        match value {
            None => Some(None),
            Some(value) => self.field(path, value).map(Some),
        }
    }

    /// A field that holds an id.
    pub(super) fn id<K: Kind>(&mut self, path: InputPath, id: &ID) -> Option<Id<K>> {
        self.field(path, id.parse().map_err(|error| (error, K::PREFIX)))
    }
}

/// The refusal of the domain as an error in the payload; a fault stays an error beside `data`.
pub(super) fn refused(error: DomainError, item: impl FnOnce(usize) -> InputPath) -> Result<Vec<UserError>> {
    match error {
        DomainError::Refused { item: number, refusal } => {
            let path = item(number).field(field_of(&refusal));
            Ok(vec![refusal.explain(path)])
        }
        fault @ DomainError::Fault(_) => Err(domain_error(fault)),
    }
}

/// The input field that a refusal is about.
fn field_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownUser { party: Party::User, .. } => "userId",
        Refusal::UnknownUser { party: Party::Sender, .. } => "senderId",
        Refusal::UnknownUser { party: Party::Recipient, .. } => "recipientId",
        Refusal::UsernameTaken(_) => "username",
        Refusal::IdempotencyConflict { .. } => "clientMessageId",
    }
}

/// Something wrong that can be told as an error in a payload.
pub(super) trait Explain {
    /// The error, at its place in the input.
    fn explain(self, path: InputPath) -> UserError;
}

/// The error that carries no facts of its own.
fn invalid(code: ErrorCode, message: &impl ToString, path: InputPath) -> UserError {
    UserError::InvalidInput(InvalidInput { code, message: message.to_string(), path: path.0 })
}

impl Explain for (IdError, &'static str) {
    fn explain(self, path: InputPath) -> UserError {
        let (error, prefix) = self;
        UserError::InvalidId(InvalidId {
            code: (&error).into(),
            message: error.to_string(),
            path: path.0,
            expected_prefixes: vec![prefix.to_owned()],
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

impl Explain for UsernameError {
    fn explain(self, path: InputPath) -> UserError {
        invalid(ErrorCode::UsernameInvalid, &self, path)
    }
}

impl Explain for DisplayNameError {
    fn explain(self, path: InputPath) -> UserError {
        invalid(ErrorCode::DisplayNameInvalid, &self, path)
    }
}

impl Explain for ClientMessageIdError {
    fn explain(self, path: InputPath) -> UserError {
        invalid(ErrorCode::ClientMessageIdInvalid, &self, path)
    }
}

/// A list of the wrong length.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchSizeError {
    pub(super) actual: usize,
    pub(super) max: u32,
}

impl Explain for BatchSizeError {
    fn explain(self, path: InputPath) -> UserError {
        let Self { actual, max } = self;
        let message = format!("there are {actual} messages; send 1 to {max} at once");
        invalid(ErrorCode::BatchSizeInvalid, &message, path)
    }
}

impl Explain for Refusal {
    fn explain(self, path: InputPath) -> UserError {
        let (code, message, path) = ((&self).into(), self.to_string(), path.0);
        match self {
            Self::UnknownUser { id, .. } => {
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
        }
    }
}
