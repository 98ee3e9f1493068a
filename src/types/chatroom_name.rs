//! The name of a chatroom.

use super::{display_name::is_showable, stored::stored_text};

stored_text! {
    /// A chatroom's name: 1–64 Unicode scalar values, no control characters, not only white space.
    ChatroomName
}

/// Why a text cannot be a chatroom's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a chatroom's name has 1 to {} characters, not only white space, and no control characters",
    ChatroomName::MAX_CHARACTERS
)]
pub struct ChatroomNameError;

impl ChatroomName {
    /// The most Unicode scalar values a name may have.
    pub const MAX_CHARACTERS: usize = 64;

    /// Takes a name that keeps the rules.
    pub fn parse(text: String) -> Result<Self, ChatroomNameError> {
        if is_showable(&text, Self::MAX_CHARACTERS) { Ok(Self(text)) } else { Err(ChatroomNameError) }
    }
}
