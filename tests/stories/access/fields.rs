//! Whose every field of every type is.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{fields, is_root};

/// Who may see what a field gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Everybody who is let in.
    Profile,
    /// The person, and who acts for the host and for nobody else: a service that names nobody.
    Private,
    /// Those who share a chatroom with the person, or a direct conversation in which both have written.
    Presence,
    /// Those who may read the conversation.
    Conversation,
    /// The acting user alone: it is about them.
    Own,
    /// Whoever was given the thing around it. It has nothing of its own to show: what is inside of it is asked on its own.
    Frame,
}

use Class::{Conversation, Frame, Own, Presence, Private, Profile};

type OfType = (&'static str, &'static [(Class, &'static str)]);

#[rustfmt::skip]
const THINGS: &[OfType] = &[
    ("Chatroom", &[
        (Conversation, "createdAt createdBy id lastMessage latestSeq memberCount members messages name"),
        (Own, "readUpTo unreadCount"),
    ]),
    ("Conversation", &[(Conversation, "id lastMessage latestSeq messages"), (Own, "readUpTo unreadCount")]),
    ("DirectConversation", &[
        (Conversation, "id lastMessage latestSeq messages participants"),
        (Own, "readUpTo unreadCount"),
    ]),
    ("Message", &[
        (Conversation, "conversation deletedAt editedAt id reactions recipient replyTo sender sentAt seq text"),
        (Own, "clientMessageId"),
    ]),
    ("Node", &[(Frame, "id")]),
    ("Presence", &[(Presence, "since status text")]),
    ("ReactionGroup", &[(Conversation, "count emoji firstUsers"), (Own, "viewerHasReacted")]),
    ("User", &[
        (Profile, "createdAt displayName id username"),
        (Private, "externalId invitationsFrom"),
        (Presence, "presence"),
    ]),
];

#[rustfmt::skip]
const LISTS: &[OfType] = &[
    ("ChatroomConnection", &[(Frame, "edges eventCursor nodes pageInfo")]),
    ("ChatroomEdge", &[(Frame, "cursor node")]),
    ("ChatroomMemberConnection", &[(Conversation, "edges eventCursor nodes pageInfo")]),
    ("ChatroomMemberEdge", &[(Conversation, "cursor joinedAt node role")]),
    ("ConversationConnection", &[(Frame, "edges eventCursor nodes pageInfo")]),
    ("ConversationEdge", &[(Frame, "cursor node")]),
    ("MessageConnection", &[(Frame, "edges eventCursor nodes pageInfo")]),
    ("MessageEdge", &[(Frame, "cursor node")]),
    ("PageInfo", &[(Frame, "endCursor hasNextPage hasPreviousPage startCursor")]),
    ("UserConnection", &[(Profile, "edges eventCursor nodes pageInfo")]),
    ("UserEdge", &[(Profile, "cursor node")]),
];

#[rustfmt::skip]
const EVENTS: &[OfType] = &[
    ("CaughtUp", &[(Frame, "position")]),
    ("ChatroomRenamed", &[(Conversation, "chatroom name user")]),
    ("ConversationRead", &[(Conversation, "conversation readUpTo user")]),
    ("EventEdge", &[(Frame, "cursor event happenedAt")]),
    ("MemberJoined", &[(Conversation, "chatroom invitedBy member")]),
    ("MemberLeft", &[(Conversation, "chatroomId member removedBy visibleChatroom")]),
    ("MessageDeleted", &[(Conversation, "message")]),
    ("MessageEdited", &[(Conversation, "message")]),
    ("MessageSent", &[(Conversation, "message")]),
    ("OwnerChanged", &[(Conversation, "chatroom owner")]),
    ("PresenceChanged", &[(Presence, "user")]),
    ("ReactionAdded", &[(Conversation, "emoji message user")]),
    ("ReactionRemoved", &[(Conversation, "emoji message user")]),
    ("ResetRequired", &[(Frame, "advice")]),
    ("TypingChanged", &[(Conversation, "conversation isTyping user")]),
];

/// What a mutation answers is for whom acts; its errors say only what they gave.
#[rustfmt::skip]
const PAYLOADS: &[OfType] = &[
    ("AddReactionPayload", &[(Frame, "errors message")]),
    ("CreateChatroomPayload", &[(Frame, "chatroom errors")]),
    ("CreateUserPayload", &[(Frame, "errors user")]),
    ("DeleteMessagePayload", &[(Frame, "errors message")]),
    ("EditMessagePayload", &[(Frame, "errors message")]),
    ("InviteToChatroomPayload", &[(Frame, "chatroom errors")]),
    ("LeaveChatroomPayload", &[(Frame, "chatroomId errors")]),
    ("MarkReadPayload", &[(Frame, "conversation errors")]),
    ("RemoveFromChatroomPayload", &[(Frame, "chatroom errors")]),
    ("RemoveReactionPayload", &[(Frame, "errors message")]),
    ("RenameChatroomPayload", &[(Frame, "chatroom errors")]),
    ("SendMessagePayload", &[(Frame, "deduplicated errors message")]),
    ("SendMessagesPayload", &[(Frame, "errors results")]),
    ("SendMessagesResult", &[(Frame, "deduplicated message")]),
    ("SetPresencePayload", &[(Frame, "errors user")]),
    ("SetTypingPayload", &[(Frame, "conversation errors")]),
    ("UpdateUserPayload", &[(Frame, "errors user")]),
];

#[rustfmt::skip]
const ERRORS: &[OfType] = &[
    ("ChatroomFull", &[(Frame, "code max message path")]),
    ("IdempotencyConflict", &[(Frame, "code message path"), (Own, "messageId")]),
    ("InvalidId", &[(Frame, "code expectedPrefixes message path")]),
    ("InvalidInput", &[(Frame, "code message path")]),
    ("InvitationRefused", &[(Frame, "code message path userId")]),
    ("MessageTooLong", &[(Frame, "actual code max message path")]),
    ("NotFound", &[(Frame, "code message path unknownId")]),
    ("RateLimited", &[(Frame, "code message path"), (Own, "retryAfterMs")]),
    ("Refused", &[(Frame, "code message path")]),
    ("SeqOutOfRange", &[(Frame, "code message path"), (Conversation, "latestSeq")]),
    ("TooManyChatrooms", &[(Frame, "code max message path userId")]),
    ("TooManyReactions", &[(Frame, "code max message path")]),
    ("UserError", &[(Frame, "code message path")]),
    ("UsernameTaken", &[(Frame, "code message path username")]),
];

/// What is the same for everybody, whatever it is called.
const OF_THE_SERVER: [&str; 2] = ["Limits.", "ServerInfo."];

/// Every field with its class.
pub fn classes() -> BTreeMap<String, Class> {
    let types = [THINGS, LISTS, EVENTS, PAYLOADS, ERRORS].concat();
    let fields = types.into_iter().flat_map(|(name, classes)| {
        let of_class = |(class, fields): &(Class, &'static str)| {
            let class = *class;
            fields.split(' ').map(move |field| (format!("{name}.{field}"), class)).collect::<Vec<_>>()
        };
        classes.iter().flat_map(of_class).collect::<Vec<_>>()
    });
    fields.collect()
}

#[test]
fn every_field_has_a_class() {
    let is_of_server = |field: &String| OF_THE_SERVER.iter().any(|name| field.starts_with(name));
    let in_schema: BTreeSet<String> =
        fields().into_iter().filter(|field| !is_root(field) && !is_of_server(field)).collect();
    let listed: BTreeSet<String> = classes().into_keys().collect();
    assert_eq!(listed, in_schema, "say in tests/stories/access/fields.rs who may see it");
}
