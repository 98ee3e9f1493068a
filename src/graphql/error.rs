//! Which error a client sees: the closed list of codes, and how a domain error becomes an answer.

use std::{fmt, sync::Arc};

use async_graphql::{Enum, Error, ErrorExtensionValues, Pos, ServerError, Value};
use serde::{Serialize, Serializer};

use crate::{
    domain::{DomainError, Refusal},
    types::{IdError, MessageTextError},
};

/// Every way in which a request can fail.
///
/// Expected failures of a mutation come back in its payload, as `errors { code message path }`; then the mutation has
/// changed nothing. Everything else is an error beside `data`, with the code in `extensions.code`. Decide by the code: a
/// message is for people, and its wording may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ErrorCode {
    /// Arguments that exclude each other, or of which one is needed. Request error.
    ArgumentsInvalid,
    /// The HTTP request is not a GraphQL request: no JSON, no `query`, a batch. HTTP status 400.
    BadRequest,
    /// A batch must have 1 to 100 messages. Payload error.
    BatchSizeInvalid,
    /// A `clientMessageId` has 1 to 64 characters and no control characters. Payload error.
    ClientMessageIdInvalid,
    /// The cursor does not come from this list. Start again without it. Request error.
    CursorInvalid,
    /// A display name has 1 to 64 characters, one of them visible, and no control characters. Payload error.
    DisplayNameInvalid,
    /// The document asks for too many values at once: ask for smaller pages, or for less in each. Request error.
    DocumentTooComplex,
    /// The document is nested too deeply. Request error.
    DocumentTooDeep,
    /// The document has too many bytes, tokens, fragments or fields. Request error.
    DocumentTooLarge,
    /// The document is not GraphQL. Request error.
    GraphqlParseFailed,
    /// The document does not fit this schema. Request error.
    GraphqlValidationFailed,
    /// The `clientMessageId` was used for another message. Use a new one for new content. Payload error.
    IdempotencyConflict,
    /// This is no id. Payload error in a mutation, request error in a query.
    IdMalformed,
    /// The id is that of another kind of thing. Payload error in a mutation, request error in a query.
    IdWrongKind,
    /// The server failed. It is not your fault; quote `extensions.requestId` to the operator.
    Internal,
    /// Only GET and POST are served here, and GET only runs queries. HTTP status 405.
    MethodNotAllowed,
    /// None of the media types in the `Accept` header can be given. HTTP status 406.
    NotAcceptable,
    /// Nothing has this id. Payload error in a mutation, request error in a query that needs it.
    NotFound,
    /// `operationName` names none of the document's operations, or is missing where there are several. Request error.
    OperationNotFound,
    /// `first` or `last` is out of bounds. Request error.
    PageSizeInvalid,
    /// The body did not arrive in time. HTTP status 408.
    RequestTimeout,
    /// The body has more than 1 MiB. HTTP status 413.
    RequestTooLarge,
    /// A message has at least one character that is not white space. Payload error.
    TextBlank,
    /// The text holds U+0000, which cannot be stored. Payload error.
    TextNotStorable,
    /// A message has at most 5,000 characters. Payload error.
    TextTooLong,
    /// The database cannot be reached or written just now. Nothing was stored. Try again, a mutation with the same
    /// `clientMessageId`.
    Unavailable,
    /// The body must be `application/json`. HTTP status 415.
    UnsupportedMediaType,
    /// A username has 1 to 32 of `a-z`, `0-9`, `_`, `.` and `-`. Payload error in a mutation, request error in a query.
    UsernameInvalid,
    /// Somebody has this username. Payload error.
    UsernameTaken,
    /// A variable is missing or has the wrong type. Request error.
    VariablesInvalid,
    /// The window must be `{last: 1–100}` or `{days: 1–30}`. Request error.
    WindowInvalid,
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from(*self).serialize(serializer)
    }
}

impl From<&IdError> for ErrorCode {
    fn from(error: &IdError) -> Self {
        match error {
            IdError::Malformed => Self::IdMalformed,
            IdError::WrongKind { .. } => Self::IdWrongKind,
        }
    }
}

impl From<MessageTextError> for ErrorCode {
    fn from(error: MessageTextError) -> Self {
        match error {
            MessageTextError::Blank => Self::TextBlank,
            MessageTextError::TooLong { .. } => Self::TextTooLong,
            MessageTextError::Nul => Self::TextNotStorable,
        }
    }
}

impl From<&Refusal> for ErrorCode {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::UnknownUser { .. } => Self::NotFound,
            Refusal::UsernameTaken(_) => Self::UsernameTaken,
            Refusal::IdempotencyConflict { .. } => Self::IdempotencyConflict,
        }
    }
}

/// Names one request, in the log and in what the client is told.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A request that was refused before anything ran.
#[derive(Clone, Debug, Serialize)]
pub struct RequestError {
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Pos>,
    extensions: Extensions,
}

#[derive(Clone, Debug, Serialize)]
struct Extensions {
    code: ErrorCode,
}

impl RequestError {
    /// An error with this code; the message says what was wrong and what is allowed.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { message: message.into(), locations: Vec::new(), extensions: Extensions { code } }
    }

    /// The same, pointing at places in the document.
    #[must_use]
    pub(super) fn at(mut self, locations: impl IntoIterator<Item = Pos>) -> Self {
        self.locations.extend(locations);
        self
    }
}

/// A resolver's error with a code.
pub(super) fn coded(code: ErrorCode, message: impl fmt::Display) -> Error {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    Error { message: message.to_string(), source: None, extensions: Some(extensions) }
}

/// A resolver's error for what the domain said. A fault goes along as the source, for the log, and shows nothing of
/// itself.
pub(super) fn domain_error(error: impl Into<Arc<DomainError>>) -> Error {
    let error = error.into();
    match &*error {
        DomainError::Refused { refusal, .. } => coded(refusal.into(), refusal),
        DomainError::Fault(fault) if fault.is_passing() => Error {
            source: Some(error.clone()),
            ..coded(
                ErrorCode::Unavailable,
                "the database cannot be used just now; nothing was stored, try again (a message with the same clientMessageId)",
            )
        },
        DomainError::Fault(_) => {
            Error { source: Some(error.clone()), ..coded(ErrorCode::Internal, INTERNAL) }
        }
    }
}

/// What a client is told of a fault.
pub(super) const INTERNAL: &str = "the server failed; quote the requestId to its operator";

/// Logs the faults among the errors of an answer, once, and adds the id under which the log has them.
pub(super) fn log_faults(errors: &mut [ServerError], request_id: &RequestId) {
    for error in errors {
        let Some(fault) = error.source::<DomainError>() else {
            continue;
        };
        tracing::error!(%request_id, error = %fault, "a request failed");
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("requestId", request_id.0.as_str());
    }
}

/// The error of a nullable field, noted beside `null`: this version of the library would null the parent as well.
pub(super) fn noted<T>(
    ctx: &async_graphql::Context<'_>,
    result: async_graphql::Result<Option<T>>,
) -> Option<T> {
    result.unwrap_or_else(|error| {
        ctx.add_error(ctx.set_error_path(error.into_server_error(ctx.item.pos)));
        None
    })
}
