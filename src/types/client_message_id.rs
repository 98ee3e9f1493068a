//! The sender's idempotency key.

use super::stored::stored_text;

stored_text! {
    /// An idempotency key: 1–64 Unicode scalar values without control characters, unique per sender for ever.
    ClientMessageId
}

/// Why a text cannot be an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a clientMessageId has 1 to {} characters and no control characters; a UUID made by the client is a good one",
    ClientMessageId::MAX_CHARACTERS
)]
pub struct ClientMessageIdError;

impl ClientMessageId {
    /// The most Unicode scalar values a key may have.
    pub const MAX_CHARACTERS: usize = 64;

    /// Takes a key that keeps the rules.
    pub fn parse(text: String) -> Result<Self, ClientMessageIdError> {
        let length = text.chars().take(Self::MAX_CHARACTERS + 1).count();
        if !(1..=Self::MAX_CHARACTERS).contains(&length) || text.chars().any(char::is_control) {
            return Err(ClientMessageIdError);
        }
        Ok(Self(text))
    }
}
