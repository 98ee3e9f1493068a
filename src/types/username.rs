//! How people refer to each other.

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Text};

/// A username: 1–32 of `[a-z0-9_.-]`, folded to lower case on the way in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Username(String);

/// Why a text cannot be a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a username has 1 to {} characters, each one of a-z, 0-9, '_', '.' and '-'; upper case letters are folded to lower case",
    Username::MAX_CHARACTERS
)]
pub struct UsernameError;

impl Username {
    /// The most characters a username may have.
    pub const MAX_CHARACTERS: usize = 32;

    /// Folds ASCII letters to lower case and checks the rest.
    ///
    /// Only ASCII is folded: Unicode would turn the Kelvin sign into a `k`, and two texts into one name.
    pub fn parse(text: &str) -> Result<Self, UsernameError> {
        let folded = text.to_ascii_lowercase();
        let right_length = (1..=Self::MAX_CHARACTERS).contains(&folded.len());
        if right_length && folded.bytes().all(is_allowed) {
            return Ok(Self(folded));
        }
        Err(UsernameError)
    }

    /// The username, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn trusted(text: String) -> Self {
        Self(text)
    }
}

fn is_allowed(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-')
}
