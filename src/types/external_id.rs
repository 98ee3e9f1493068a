//! What the host application calls a user.

use super::stored::stored_text;

stored_text! {
    /// The host application's own id of a user: 1–255 Unicode scalar values without control characters.
    #[derive(Hash)]
    ExternalId
}

/// Why a text cannot be such an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an external id has 1 to {} characters and no control characters", ExternalId::MAX_CHARACTERS)]
pub struct ExternalIdError;

impl ExternalId {
    /// The most Unicode scalar values such an id may have.
    pub const MAX_CHARACTERS: usize = 255;

    /// Takes an id that keeps the rules.
    pub fn parse(text: String) -> Result<Self, ExternalIdError> {
        let length = text.chars().take(Self::MAX_CHARACTERS + 1).count();
        if !(1..=Self::MAX_CHARACTERS).contains(&length) || text.chars().any(char::is_control) {
            return Err(ExternalIdError);
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_as_it_is() {
        for text in ["7", "auth0|5f7c8ec7", "b51c0e0b-4a5e-4f0c-9d8e-3f0b8c9d7a11", "Ünïcode 👋"] {
            assert_eq!(ExternalId::parse(text.to_owned()).expect(text).as_str(), text);
        }
        for text in ["", "a\0", "a\nb", &"x".repeat(256)] {
            assert_eq!(ExternalId::parse(text.to_owned()), Err(ExternalIdError), "{text:?}");
        }
    }
}
