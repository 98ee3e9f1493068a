use std::sync::Arc;

use async_graphql::{SimpleObject, Union};

use super::{Chatroom, Conversation, DateTime, Message, User};
use crate::{
    domain::{ConversationView, Followed, MessageView},
    graphql::{
        cursor::EventCursor,
        id::{GlobalId, global},
        viewer::Viewer,
    },
    live::{EphemeralEvent, EventRecord},
    types::{EventKind, EventPosition, LogId, UserId},
};

/// Something that happened, and its place in the log.
#[derive(SimpleObject)]
pub(in crate::graphql) struct EventEdge {
    /// The place in the log: keep the last one you have, and hand it to `after` when you subscribe again. `null` for events
    /// that are not kept.
    cursor: Option<String>,
    /// What happened.
    event: Event,
    /// When, by the server's clock; `null` where that says nothing.
    happened_at: Option<DateTime>,
}

/// Something that happened. Ask for `__typename`, and for the fields of those that you handle; others may come to be.
#[derive(Union)]
pub(in crate::graphql) enum Event {
    CaughtUp(CaughtUp),
    ChatroomRenamed(ChatroomRenamed),
    ConversationRead(ConversationRead),
    MemberJoined(MemberJoined),
    MemberLeft(MemberLeft),
    MessageDeleted(MessageDeleted),
    MessageEdited(MessageEdited),
    MessageSent(MessageSent),
    OwnerChanged(OwnerChanged),
    PresenceChanged(PresenceChanged),
    ReactionAdded(ReactionAdded),
    ReactionRemoved(ReactionRemoved),
    ResetRequired(ResetRequired),
    TypingChanged(TypingChanged),
}

/// Everything that was missed has been told; what comes now is live. The first event of a subscription without `after`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CaughtUp {
    /// The place in the log up to which everything was told; the edge's cursor.
    position: String,
}

/// A chatroom has another name.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ChatroomRenamed {
    /// The chatroom, as it is now.
    chatroom: Chatroom,
    /// The name that it was given.
    name: String,
    /// Who renamed it.
    user: User,
}

/// Somebody has read further in a conversation.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ConversationRead {
    /// The conversation.
    conversation: Conversation,
    /// The greatest `seq` that they have read.
    read_up_to: i64,
    /// Who has read.
    user: User,
}

/// Somebody became a member of a chatroom.
#[derive(SimpleObject)]
pub(in crate::graphql) struct MemberJoined {
    /// The chatroom, as it is now.
    chatroom: Chatroom,
    /// Who let them in.
    invited_by: User,
    /// The new member.
    member: User,
}

/// Somebody is no member of a chatroom any more. Who left hears nothing of it after this.
#[derive(SimpleObject)]
pub(in crate::graphql) struct MemberLeft {
    /// The chatroom's id.
    chatroom_id: GlobalId,
    /// Who left.
    member: User,
    /// Who removed them; themselves, when they left.
    removed_by: User,
    /// The chatroom, as it is now; `null` to who left, and may not see it any more.
    visible_chatroom: Option<Chatroom>,
}

/// A chatroom has another owner, because the one before left.
#[derive(SimpleObject)]
pub(in crate::graphql) struct OwnerChanged {
    /// The chatroom, as it is now.
    chatroom: Chatroom,
    /// The new owner.
    owner: User,
}

/// A contact of the acting user shows another presence: they came or went, or chose another status
/// or text. Not told of the acting user themselves, but for what they choose on another device. Not kept: it is told while you
/// listen, and `cursor` is `null`. Read `User.presence` of those you show once you have caught up, and of those
/// who come later.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PresenceChanged {
    /// Who; their `presence` is as it is now.
    user: User,
}

/// The server cannot tell what came after the cursor: it is too old, or of another server, or you have joined and left
/// more than 2,000 chatrooms since. Read everything you show anew, as if you had just started; the subscription goes on
/// by itself, from this event's cursor.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ResetRequired {
    /// What to do, in English, for people.
    advice: String,
}

/// Somebody else began to type in a conversation of the acting user, or stopped. `false` follows by itself: 5 seconds after they
/// last said so with `setTyping`, or when their message comes. Not kept: it is told while you listen, and `cursor` is `null`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct TypingChanged {
    /// Where.
    conversation: Conversation,
    /// Whether they began.
    is_typing: bool,
    /// Who.
    user: User,
}

/// Writes the events that are about a message and nothing else.
macro_rules! message_events {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(in crate::graphql) struct $name {
            /// The message, as it is now.
            message: Message,
        }
    )+};
}

message_events! {
    /// A message was deleted.
    MessageDeleted;
    /// The text of a message was replaced.
    MessageEdited;
    /// A message was sent.
    MessageSent;
}

/// Writes the events that are about reactions.
macro_rules! reaction_events {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(in crate::graphql) struct $name {
            /// The emoji.
            emoji: String,
            /// The message, with all its reactions as they are now.
            message: Message,
            /// Whose reaction it is.
            user: User,
        }
    )+};
}

reaction_events! {
    /// Somebody reacted to a message.
    ReactionAdded;
    /// Somebody took a reaction back.
    ReactionRemoved;
}

impl EventEdge {
    /// Where in the log it stands what a follower is told; `None` for what is not kept.
    pub(in crate::graphql) fn position(followed: &Followed, log: LogId) -> Option<EventPosition> {
        match followed {
            Followed::Record(record) => Some(log.at(record.event.position)),
            Followed::CaughtUp { position } | Followed::ResetRequired { position } => Some(log.at(*position)),
            Followed::Ephemeral(_) => None,
        }
    }

    /// What a follower of this log is told, as the acting user sees it. `None` for what refers to something that has gone.
    pub(in crate::graphql) fn new(followed: &Followed, log: LogId, user_id: UserId) -> Option<Self> {
        let cursor = |position| EventCursor::of(log.at(position)).to_string();
        match followed {
            Followed::Record(record) => Some(Self {
                cursor: Some(cursor(record.event.position)),
                event: Event::of_record(record, user_id)?,
                happened_at: Some(DateTime(record.event.happened_at)),
            }),
            Followed::Ephemeral(event) => {
                let event = Event::of_notice(event, user_id.into())?;
                Some(Self { cursor: None, event, happened_at: None })
            }
            Followed::CaughtUp { position } => {
                let position = cursor(*position);
                let event = Event::CaughtUp(CaughtUp { position: position.clone() });
                Some(Self { cursor: Some(position), event, happened_at: None })
            }
            Followed::ResetRequired { position } => {
                let advice =
                    "the server cannot tell what came after this cursor; read what you show anew".to_owned();
                let event = Event::ResetRequired(ResetRequired { advice });
                Some(Self { cursor: Some(cursor(*position)), event, happened_at: None })
            }
        }
    }
}

impl Event {
    fn of_notice(event: &EphemeralEvent, viewer: Viewer) -> Option<Self> {
        Some(match event {
            EphemeralEvent::Presence(event) => Self::PresenceChanged(PresenceChanged {
                user: User::in_sight(Arc::clone(&event.user), viewer),
            }),
            EphemeralEvent::Typing(event) => Self::TypingChanged(TypingChanged {
                conversation: Conversation::new(ConversationView::of_typing(event)?, viewer),
                is_typing: event.is_typing,
                user: User::new(Arc::clone(&event.typist), viewer),
            }),
        })
    }

    fn of_record(record: &EventRecord, user_id: UserId) -> Option<Self> {
        let viewer = Viewer::from(user_id);
        let person = |id| record.person(id).map(|user| User::new(Arc::clone(user), viewer));
        let user = person(record.event.actor_id)?;
        let message = || MessageView::of_record(record).map(|view| Message::new(view, viewer));
        let chatroom = || record.chatroom.clone().map(|row| Chatroom::new(row, viewer));
        let member = || person(record.event.member_id?);
        let detail = || record.event.detail.clone();
        Some(match record.event.kind {
            EventKind::MessageSent => Self::MessageSent(MessageSent { message: message()? }),
            EventKind::MessageEdited => Self::MessageEdited(MessageEdited { message: message()? }),
            EventKind::MessageDeleted => Self::MessageDeleted(MessageDeleted { message: message()? }),
            EventKind::ReactionAdded => {
                Self::ReactionAdded(ReactionAdded { emoji: detail()?, message: message()?, user })
            }
            EventKind::ReactionRemoved => {
                Self::ReactionRemoved(ReactionRemoved { emoji: detail()?, message: message()?, user })
            }
            EventKind::ConversationRead => Self::ConversationRead(ConversationRead {
                conversation: Conversation::new(ConversationView::of_record(record)?, viewer),
                read_up_to: record.event.seq?,
                user,
            }),
            EventKind::MemberJoined => Self::MemberJoined(MemberJoined {
                chatroom: chatroom()?,
                invited_by: user,
                member: member()?,
            }),
            EventKind::MemberLeft => Self::MemberLeft(MemberLeft {
                chatroom_id: global(record.conversation.id()),
                member: member()?,
                removed_by: user,
                visible_chatroom: chatroom().filter(|_| record.event.member_id != Some(user_id)),
            }),
            EventKind::OwnerChanged => {
                Self::OwnerChanged(OwnerChanged { chatroom: chatroom()?, owner: member()? })
            }
            EventKind::ChatroomRenamed => {
                Self::ChatroomRenamed(ChatroomRenamed { chatroom: chatroom()?, name: detail()?, user })
            }
        })
    }
}
