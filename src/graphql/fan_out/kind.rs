//! The types of events that can be shared.

use crate::{domain::Followed, live::EphemeralEvent, types::EventKind};

/// Their names in the schema, sorted.
pub(super) const KINDS: [&str; 12] = [
    "ChatroomRenamed",
    "ConversationRead",
    "MemberJoined",
    "MemberLeft",
    "MessageDeleted",
    "MessageEdited",
    "MessageSent",
    "OwnerChanged",
    "PresenceChanged",
    "ReactionAdded",
    "ReactionRemoved",
    "TypingChanged",
];

/// Which of them something is, as a place in [`KINDS`]; `None` for what goes to one follower alone.
pub(super) fn kind_of(followed: &Followed) -> Option<usize> {
    name_of(followed).and_then(|name| KINDS.binary_search(&name).ok())
}

fn name_of(followed: &Followed) -> Option<&'static str> {
    match followed {
        Followed::Record(record) => Some(match record.event.kind {
            EventKind::ChatroomRenamed => "ChatroomRenamed",
            EventKind::ConversationRead => "ConversationRead",
            EventKind::MemberJoined => "MemberJoined",
            EventKind::MemberLeft => "MemberLeft",
            EventKind::MessageDeleted => "MessageDeleted",
            EventKind::MessageEdited => "MessageEdited",
            EventKind::MessageSent => "MessageSent",
            EventKind::OwnerChanged => "OwnerChanged",
            EventKind::ReactionAdded => "ReactionAdded",
            EventKind::ReactionRemoved => "ReactionRemoved",
        }),
        Followed::Ephemeral(event) => Some(match **event {
            EphemeralEvent::Presence(_) => "PresenceChanged",
            EphemeralEvent::Typing(_) => "TypingChanged",
        }),
        Followed::CaughtUp { .. } | Followed::ResetRequired { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_can_be_searched() {
        assert!(KINDS.is_sorted());
    }
}
