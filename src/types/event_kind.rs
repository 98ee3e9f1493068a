//! What can happen.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::Text,
};

/// Defines the kinds and the words by which the log names them.
macro_rules! event_kinds {
    ($($(#[$doc:meta])* $kind:ident = $word:literal,)+) => {
        /// A kind of lasting change to a conversation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Text)]
        pub enum EventKind {
            $($(#[$doc])* $kind,)+
        }

        impl EventKind {
            /// The word for it in the log.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)+
                }
            }

            fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$kind),)+
                    _ => None,
                }
            }
        }
    };
}

event_kinds! {
    /// A message was sent.
    MessageSent = "message_sent",
    /// A message has another text.
    MessageEdited = "message_edited",
    /// A message has no text any more.
    MessageDeleted = "message_deleted",
    /// Somebody reacted to a message.
    ReactionAdded = "reaction_added",
    /// Somebody took a reaction back.
    ReactionRemoved = "reaction_removed",
    /// Somebody has read further.
    ConversationRead = "conversation_read",
    /// Somebody is a member now.
    MemberJoined = "member_joined",
    /// Somebody is no member any more.
    MemberLeft = "member_left",
    /// A chatroom has another owner.
    OwnerChanged = "owner_changed",
    /// A chatroom has another name.
    ChatroomRenamed = "chatroom_renamed",
}

impl<DB: Backend> ToSql<Text, DB> for EventKind
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.word().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for EventKind
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let word = String::from_sql(bytes)?;
        Self::of_word(&word).ok_or_else(|| format!("the event log has the unknown word {word}").into())
    }
}
