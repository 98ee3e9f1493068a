//! The error of a request that was refused before anything ran, and what requests are called.

use std::fmt;

use async_graphql::Pos;
use serde::Serialize;

use super::ErrorCode;
use crate::{auth::TokenError, graphql::document::NameMasking, rates::RateLimited, types::JsonError};

/// Names one request, in the log and in what the client is told.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long a client waits before it repeats what was refused with `OVERLOADED`: answers are sent, and their memory is free,
/// within a second unless the client is slow.
pub(in crate::graphql) const OVERLOADED_RETRY_MS: u64 = 1_000;

/// What the last error of an answer says of the errors that are not told.
pub(in crate::graphql) fn and_more(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => " (and at least 1 more error)".to_owned(),
        more => format!(" (and at least {more} more errors)"),
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
#[serde(rename_all = "camelCase")]
struct Extensions {
    code: ErrorCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl From<RequestError> for Vec<RequestError> {
    fn from(error: RequestError) -> Self {
        vec![error]
    }
}

impl RequestError {
    /// An error with this code; the message says what was wrong and what is allowed.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            locations: Vec::new(),
            extensions: Extensions { code, retry_after_ms: None },
        }
    }

    /// The error of somebody who does something too often.
    #[must_use]
    pub fn rate_limited(error: RateLimited) -> Self {
        let mut refused = Self::new(ErrorCode::RateLimited, error.to_string());
        refused.extensions.retry_after_ms = Some(error.millis());
        refused
    }

    /// The error of a request for which there is no memory at the moment. The message says whose share is used up.
    #[must_use]
    pub fn overloaded(message: impl Into<String>) -> Self {
        let mut refused = Self::new(ErrorCode::Overloaded, message);
        refused.extensions.retry_after_ms = Some(OVERLOADED_RETRY_MS);
        refused
    }

    /// The error of JSON that cannot be taken; `what` says which, such as "the body".
    #[must_use]
    pub fn bad_json(what: &str, error: JsonError) -> Self {
        let code = match error {
            JsonError::HalfCharacter { .. } => ErrorCode::TextNotStorable,
            _ => ErrorCode::BadRequest,
        };
        Self::new(code, format!("{what} {error}"))
    }

    /// After how many seconds the request may be sent again, if that is what stands against it.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.extensions.retry_after_ms.map(|millis| millis.div_ceil(1_000))
    }

    /// What a subscription is told whose token expires.
    #[must_use]
    pub fn expired() -> Self {
        Self::new(ErrorCode::Unauthenticated, TokenError::Expired.to_string())
    }

    /// What kind of error it is.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.extensions.code
    }

    /// What was wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the document it is, if it is at one place.
    pub(in crate::graphql) fn place(&self) -> Option<Pos> {
        self.locations.first().copied()
    }

    /// Has the message say that there are at least so many more errors.
    pub(in crate::graphql) fn add_more(&mut self, more: usize) {
        self.message.push_str(&and_more(more));
    }

    /// Takes out the names that it may not tell.
    pub(in crate::graphql) fn mask(&mut self, masking: &NameMasking) {
        self.message = masking.mask(std::mem::take(&mut self.message));
    }

    /// The same, pointing at places in the document.
    #[must_use]
    pub(in crate::graphql) fn at(mut self, locations: impl IntoIterator<Item = Pos>) -> Self {
        self.locations.extend(locations);
        self
    }
}
