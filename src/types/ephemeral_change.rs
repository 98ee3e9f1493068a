//! Changes that no log keeps.

use super::{ConversationKey, UserId};

/// A user who types in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Typist {
    /// The user.
    pub user_id: UserId,
    /// The conversation.
    pub conversation: ConversationKey,
}

/// A change that is published only to those who listen just now, and that no log keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EphemeralChange {
    /// The presence of a user changed.
    Presence {
        /// The user.
        user_id: UserId,
        /// Whether the user chose it, and did not only connect or disconnect.
        by_choice: bool,
    },
    /// A user began to type, or stopped.
    Typing {
        /// The user, and the conversation.
        typist: Typist,
        /// Whether the user began.
        is_typing: bool,
    },
}
