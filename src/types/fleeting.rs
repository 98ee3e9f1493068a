//! What happens and is not kept.

use super::{ConversationKey, UserId};

/// Somebody who types, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Typist {
    /// Who.
    pub user_id: UserId,
    /// Where.
    pub conversation: ConversationKey,
}

/// Something that those concerned hear of if they listen just now, and that no log keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fleeting {
    /// Somebody's presence is another one.
    Presence {
        /// Who.
        user_id: UserId,
        /// Whether they chose it, and did not only come or go.
        by_choice: bool,
    },
    /// Somebody began to type, or stopped.
    Typing {
        /// Who, and where.
        typist: Typist,
        /// Whether they began.
        is_typing: bool,
    },
}
