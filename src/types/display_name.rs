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
        if is_showable(&text, Self::MAX_CHARACTERS) { Ok(Self(text)) } else { Err(DisplayNameError) }
    }
}

/// Whether a text can stand on one line as a name: not blank, not too long, and no control characters.
pub(super) fn is_showable(text: &str, max_characters: usize) -> bool {
    let fits = text.chars().take(max_characters + 1).count() <= max_characters;
    let is_blank = text.chars().all(char::is_whitespace);
    fits && !is_blank && !text.chars().any(char::is_control)
}

/// Who gives no display name is shown by their username.
impl From<&Username> for DisplayName {
    fn from(username: &Username) -> Self {
        Self(username.as_str().to_owned())
    }
}
