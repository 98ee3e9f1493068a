//! How a conversation on a socket ends.

use axum::extract::ws::Message;

use super::close::Close;

/// How a conversation ends.
pub(super) enum Ending {
    /// The client has said good-bye, or is gone.
    Left,
    /// The server says why.
    Close(Close),
    /// The same, to a client whose bytes can be read no further.
    Unreadable(Close),
}

/// What was received, or how it ends.
pub(super) fn read(received: Option<Result<Message, axum::Error>>) -> Result<Message, Ending> {
    match received {
        Some(Ok(message)) => Ok(message),
        Some(Err(error)) => Err(unreadable(error)),
        None => Err(Ending::Left),
    }
}

fn unreadable(error: axum::Error) -> Ending {
    let error = error.into_inner();
    let close = error.downcast_ref().and_then(Close::for_error);
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
