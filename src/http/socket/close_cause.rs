//! Why a WebSocket closes.

use super::close::Close;
use crate::http::intake::Refusal;

/// Why a WebSocket closes.
pub(super) enum CloseCause {
    /// The client closed the socket, or is gone.
    Left,
    /// The server says why.
    Close(Close),
    /// The server says why, and reads no further bytes.
    Unreadable(Close),
}

/// How a socket ends of which nothing more can be read, `most` bytes being the most of a message.
pub(super) fn unreadable(error: axum::Error, refusal: Option<Refusal>, most: usize) -> CloseCause {
    let error = error.into_inner();
    let close = match refusal {
        Some(Refusal::TooLong) => Some(Close::too_long(most)),
        Some(Refusal::Overloaded) => Some(Close::overloaded()),
        None => error.downcast_ref().and_then(Close::for_error),
    };
    close.map_or(CloseCause::Left, CloseCause::Unreadable)
}

impl From<Close> for CloseCause {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// A frame could not be sent: the client is gone, or does not read.
impl From<axum::Error> for CloseCause {
    fn from(_: axum::Error) -> Self {
        Self::Left
    }
}
