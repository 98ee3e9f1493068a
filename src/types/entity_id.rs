//! Ids of which only the prefix tells what they name.

use std::{fmt, str::FromStr};

use super::{
    ChatroomId, ConversationKey, DirectConversationId, Id, IdError, Kind, MessageId, RecipientKey, UserId,
    id::{ChatroomKind, DirectConversationKind, GlobalId, MessageKind, UserKind, parse},
};

/// Defines an id that is of one of several kinds.
macro_rules! one_of {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident($id:ty, $kind:ty),)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant($id),)+
        }

        impl GlobalId for $name {
            const PREFIXES: &'static [&'static str] = &[$(<$kind as Kind>::PREFIX),+];
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let parsed = parse(text)?;
                match parsed.type_prefix() {
                    $(<$kind as Kind>::PREFIX => Ok(Self::$variant(Id::new(parsed.uuid()))),)+
                    other => Err(IdError::WrongKind { actual: other.to_owned(), expected: Self::PREFIXES }),
                }
            }
        }

        impl $name {
            /// Writes its text.
            pub fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
                match self {
                    $(Self::$variant(id) => id.write(out),)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.write(f)
            }
        }

        $(impl From<$id> for $name {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        })+
    };
}

one_of! {
    /// The id of anything that has one.
    EntityId {
        /// `user_…`
        User(UserId, UserKind),
        /// `room_…`
        Chatroom(ChatroomId, ChatroomKind),
        /// `dm_…`
        DirectConversation(DirectConversationId, DirectConversationKind),
        /// `msg_…`
        Message(MessageId, MessageKind),
    }
}

one_of! {
    /// The id of whoever a message can be sent to.
    RecipientId {
        /// One person.
        User(UserId, UserKind),
        /// Everybody in a room.
        Chatroom(ChatroomId, ChatroomKind),
    }
}

one_of! {
    /// The id of a conversation.
    ConversationId {
        /// Everybody in a room.
        Chatroom(ChatroomId, ChatroomKind),
        /// Two people, or one with themselves.
        Direct(DirectConversationId, DirectConversationKind),
    }
}

impl RecipientId {
    /// The id as tables have it.
    #[must_use]
    pub fn key(self) -> RecipientKey {
        match self {
            Self::User(id) => id.cast(),
            Self::Chatroom(id) => id.cast(),
        }
    }
}

impl ConversationId {
    /// The id as tables have it.
    #[must_use]
    pub fn key(self) -> ConversationKey {
        match self {
            Self::Chatroom(id) => id.cast(),
            Self::Direct(id) => id.cast(),
        }
    }
}

impl From<RecipientId> for EntityId {
    fn from(id: RecipientId) -> Self {
        match id {
            RecipientId::User(id) => id.into(),
            RecipientId::Chatroom(id) => id.into(),
        }
    }
}

impl From<ConversationId> for EntityId {
    fn from(id: ConversationId) -> Self {
        match id {
            ConversationId::Chatroom(id) => id.into(),
            ConversationId::Direct(id) => id.into(),
        }
    }
}
