//! How a conversation on a socket ends.

use super::close::Close;
use crate::http::intake::Refusal;

/// How a conversation ends.
pub(super) enum Ending {
    /// The client has said good-bye, or is gone.
    Left,
    /// The server says why.
    Close(Close),
    /// The same, to a client whose bytes can be read no further.
    Unreadable(Close),
}

/// How a socket ends of which nothing more can be read, `most` bytes being the most of a message.
pub(super) fn unreadable(error: axum::Error, refusal: Option<Refusal>, most: usize) -> Ending {
    let error = error.into_inner();
    let close = match refusal {
        Some(Refusal::TooLong) => Some(Close::too_long(most)),
        Some(Refusal::Overloaded) => Some(Close::overloaded()),
        None => error.downcast_ref().and_then(Close::for_error),
    };
    close.map_or(Ending::Left, Ending::Unreadable)
}

impl From<Close> for Ending {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// It could not be sent: nobody is there, or nobody takes it.
impl From<axum::Error> for Ending {
    fn from(_: axum::Error) -> Self {
        Self::Left
    }
}
