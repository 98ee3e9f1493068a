//! The name a user is shown by.

use super::{Username, stored::stored_text};

stored_text! {
    /// A display name: 1–64 Unicode scalar values, no control characters, not only white space.
    DisplayName
}

/// Why a text cannot be a display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a display name has 1 to {} characters, not only white space, and no control characters",
    DisplayName::MAX_CHARACTERS
)]
pub struct DisplayNameError;

impl DisplayName {
    /// The most Unicode scalar values a display name may have.
    pub const MAX_CHARACTERS: usize = 64;

    /// Takes a name that keeps the rules.
    pub fn parse(text: String) -> Result<Self, DisplayNameError> {
        let right_length = text.chars().take(Self::MAX_CHARACTERS + 1).count() <= Self::MAX_CHARACTERS;
        let blank = text.chars().all(char::is_whitespace);
        if blank || !right_length || text.chars().any(char::is_control) {
            return Err(DisplayNameError);
        }
        Ok(Self(text))
    }
}

/// Who gives no display name is shown by their username.
impl From<&Username> for DisplayName {
    fn from(username: &Username) -> Self {
        Self(username.as_str().to_owned())
    }
}
