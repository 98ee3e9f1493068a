//! Why the server closes a socket.

use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message};
use tungstenite::{Error, error::CapacityError};

use crate::{
    graphql::{ErrorCode, RequestError},
    http::credentials::NoCredentials,
    rates::RateLimited,
};

/// The most bytes of a reason: a control frame has 125, and the code takes two.
const MAX_REASON: usize = 123;

/// A code and a reason, as they are sent. Clients that use the library graphql-ws connect again by themselves after 1012,
/// 1013, 4403, 4408 and 4499, and give up after the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

impl Close {
    fn new(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// The server is about to stop.
    pub(super) fn restart() -> Self {
        Self::new(1012, "service restart: connect again")
    }

    /// The database cannot be asked who the client is.
    pub(super) fn unavailable() -> Self {
        Self::new(1013, "the server cannot tell who you are just now: try again later")
    }

    /// An operation broke off that can be taken up again.
    pub(super) fn lost() -> Self {
        Self::new(1013, "an operation broke off: connect again, and subscribe with your last cursor")
    }

    pub(super) fn internal() -> Self {
        Self::new(1011, "the server failed")
    }

    /// A message that the protocol does not know.
    pub(super) fn malformed(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(4400, reason)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized: send connection_init and wait for connection_ack before you subscribe")
    }

    /// A payload that does not say who sends it.
    pub(super) fn without_credentials(reason: NoCredentials) -> Self {
        match reason {
            NoCredentials::NoText => Self::forbidden(),
            NoCredentials::Twice => Self::new(
                4403,
                "Forbidden: Authorization or Messenger-User is there more than once; send it once",
            ),
        }
    }

    pub(super) fn forbidden() -> Self {
        Self::new(
            4403,
            "Forbidden: Messenger-User names no user: it takes an id, on an open server also a username",
        )
    }

    /// No session is opened, for this reason, which is short enough.
    pub(super) fn not_admitted(error: &RequestError) -> Self {
        match error.code() {
            ErrorCode::ActingUserUnknown => Self::forbidden(),
            _ => Self::new(4403, error.message().to_owned()),
        }
    }

    pub(super) fn init_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    pub(super) fn taken(id: &str) -> Self {
        Self::new(4409, format!("Subscriber for {id} already exists"))
    }

    pub(super) fn second_init() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    /// Somebody has so many sockets already.
    pub(super) fn too_many(most: usize) -> Self {
        Self::new(4429, format!("Too many sockets: a user may have {most}; close some of them first"))
    }

    /// Somebody opens sockets too often.
    pub(super) fn rate_limited(error: RateLimited) -> Self {
        Self::new(1013, format!("Sockets are opened {error}"))
    }

    /// Somebody sends messages too often.
    pub(super) fn too_many_messages(error: RateLimited) -> Self {
        Self::new(1013, format!("Messages are sent {error}"))
    }

    /// A client says much before it says who it is.
    pub(super) fn too_many_before(most: u8) -> Self {
        Self::new(4401, format!("Unauthorized: at most {most} messages may come before connection_ack"))
    }

    /// The message is longer than it may be at this point.
    pub(super) fn too_long(most: usize) -> Self {
        Self::new(1009, format!("a message may have {most} bytes"))
    }

    /// There is no memory for the rest of a message.
    pub(super) fn overloaded() -> Self {
        Self::new(1013, "the server receives as much as it can hold at a time: try again later")
    }

    /// As graphql-ws calls a socket that froze.
    pub(super) fn silent() -> Self {
        Self::new(4499, "Terminated: two pings were not answered")
    }

    /// What to say to bytes that are no messages; nothing, when the connection itself is broken.
    pub(super) fn for_error(error: &Error) -> Option<Self> {
        match error {
            Error::Capacity(CapacityError::MessageTooLong { max_size, .. }) => {
                Some(Self::too_long(*max_size))
            }
            Error::Utf8(_) => Some(Self::new(1007, "a message must be UTF-8")),
            Error::Protocol(error) => Some(Self::new(1002, error.to_string())),
            _ => None,
        }
    }

    /// The frame; what does not fit is cut off.
    pub(super) fn frame(&self) -> Message {
        let reason = &self.reason[..self.reason.floor_char_boundary(MAX_REASON)];
        Message::Close(Some(CloseFrame { code: self.code, reason: reason.into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_two_characters() {
        let Message::Close(Some(frame)) = Close::taken(&"é".repeat(100)).frame() else {
            panic!("no close frame");
        };
        assert_eq!(frame.reason.len(), MAX_REASON);
        assert!(frame.reason.starts_with("Subscriber for éé") && frame.reason.ends_with('é'));
    }
}
