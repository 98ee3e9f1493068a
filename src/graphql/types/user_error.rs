#![allow(dead_code, reason = "`SimpleObject` writes a getter for every fact; the interface calls only some")]

use async_graphql::{Interface, SimpleObject};

use crate::graphql::{error::ErrorCode, id::GlobalId};

/// An expected failure of a mutation. When there is one, the mutation has changed nothing.
///
/// Ask for `__typename` and the fields of the types that you handle: they carry the facts that a form needs.
#[derive(Interface)]
#[graphql(
    field(name = "code", ty = "&ErrorCode", desc = "What kind of failure; decide by this."),
    field(
        name = "message",
        ty = "&String",
        desc = "What was wrong and what is allowed, in English, for people."
    ),
    field(
        name = "path",
        ty = "&Vec<String>",
        desc = "Where in the arguments: `[\"input\", \"text\"]`, or `[\"input\", \"messages\", \"3\", \"text\"]` in a list, \
                counted from 0."
    )
)]
pub(in crate::graphql) enum UserError {
    ChatroomFull(ChatroomFull),
    IdempotencyConflict(IdempotencyConflict),
    InvalidId(InvalidId),
    InvalidInput(InvalidInput),
    InvitationRefused(InvitationRefused),
    MessageTooLong(MessageTooLong),
    NotFound(NotFound),
    RateLimited(RateLimited),
    Refused(Refused),
    SeqOutOfRange(SeqOutOfRange),
    TooManyChatrooms(TooManyChatrooms),
    TooManyReactions(TooManyReactions),
    UsernameTaken(UsernameTaken),
}

/// Writes what every implementor has once.
macro_rules! user_errors {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fact_doc:meta])* $fact:ident: $ty:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(in crate::graphql) struct $name {
            /// What kind of failure; decide by this.
            pub(in crate::graphql) code: ErrorCode,
            /// What was wrong and what is allowed, in English, for people.
            pub(in crate::graphql) message: String,
            /// Where in the arguments: `["input", "text"]`, or `["input", "messages", "3", "text"]` in a list, counted
            /// from 0.
            pub(in crate::graphql) path: Vec<String>,
            $($(#[$fact_doc])* pub(in crate::graphql) $fact: $ty,)*
        }
    )+};
}

user_errors! {
    /// The chatroom would have more members than a chatroom may have. Code `CHATROOM_FULL`.
    ChatroomFull {
        /// How many it may have.
        max: usize,
    }
    /// The `clientMessageId` was used by this sender for another recipient, text or `replyToId`. A retry must repeat them
    /// exactly; a new message needs a new key. Code `IDEMPOTENCY_CONFLICT`.
    IdempotencyConflict {
        /// The message that the key belongs to; `null` when it is another one of the same batch, which was not sent either.
        message_id: Option<GlobalId>,
    }
    /// An id that cannot be one (`ID_MALFORMED`), or that is the id of another kind of thing (`ID_WRONG_KIND`).
    InvalidId {
        /// The prefixes that an id may have here, such as `user`.
        expected_prefixes: Vec<String>,
    }
    /// A value that breaks a rule; the code tells which.
    InvalidInput {}
    /// Somebody does not let the acting user add them to this chatroom: their `invitationsFrom` says so, or they have left the
    /// chatroom and have not written to the acting user since. Nobody was added. Code `INVITATION_REFUSED`.
    InvitationRefused {
        /// Who.
        user_id: GlobalId,
    }
    /// The text has too many characters. Code `TEXT_TOO_LONG`.
    MessageTooLong {
        /// How many Unicode scalar values the text has.
        actual: usize,
        /// How many it may have.
        max: usize,
    }
    /// Nothing has this id, or the acting user may not see it. Code `NOT_FOUND`.
    NotFound {
        /// The id that was given.
        unknown_id: GlobalId,
    }
    /// The acting user does this too often. Wait, then try again. Code `RATE_LIMITED`.
    RateLimited {
        /// After how many milliseconds it may be tried again.
        retry_after_ms: u64,
    }
    /// The input is sound, and things stand in a way that does not allow it: `NOT_OWNER`, `NOT_MEMBER`,
    /// `NOT_SENDER`, `MESSAGE_DELETED`, `EXTERNAL_ID_TAKEN`, `FORBIDDEN`.
    Refused {}
    /// There is no message at this place. Code `SEQ_OUT_OF_RANGE`.
    SeqOutOfRange {
        /// The `seq` of the conversation's newest message, the most that `readUpTo` may be.
        latest_seq: i64,
    }
    /// Somebody is in as many chatrooms as a user may be in. Nobody was added. Code `TOO_MANY_CHATROOMS`.
    TooManyChatrooms {
        /// How many a user may be in.
        max: usize,
        /// Who.
        user_id: GlobalId,
    }
    /// The message has as many different reactions as it may have. Code `TOO_MANY_REACTIONS`.
    TooManyReactions {
        /// How many it may have.
        max: u32,
    }
    /// Somebody else has this username, or gave it up less than 30 days ago. Code `USERNAME_TAKEN`.
    UsernameTaken {
        /// The username, folded to lower case.
        username: String,
    }
}
