//! The name of a chatroom.

use super::{display_name::is_showable, stored::stored_text};

stored_text! {
    /// A chatroom's name: 1–64 Unicode scalar values, at least one that is seen, and none that hide or turn the line.
    ChatroomName
}

/// Why a text cannot be a chatroom's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a chatroom's name has 1 to {} characters, at least one of them visible; no control characters, line separators or bidi \
     controls, and no invisible characters outside of emoji",
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
