//! Which fields of an event are the same for all followers.

/// The type of a field that has no fields of its own.
pub(super) const LEAF: &str = "";

/// The type in which the choice between events is made.
pub(super) const EVENT: &str = "Event";

/// The type of the root.
pub(super) const ROOT: &str = "Subscription";

/// For each type the fields whose values are the same for everybody who is told of an event and not involved in it, and what
/// they may ask of those.
///
/// A field that is missing here is not shared, which is slower and never wrong. Missing must be whatever depends on the
/// acting user (`unreadCount`, `viewerHasReacted`), may be withheld from some (`User.presence`), or takes arguments. A story
/// compares all of this with what is told to each follower alone.
pub(super) const SHAREABLE: [(&str, &[(&str, &str)]); 25] = [
    (ROOT, &[("events", "EventEdge")]),
    ("EventEdge", &[("cursor", LEAF), ("event", EVENT), ("happenedAt", LEAF)]),
    (EVENT, &[]),
    ("ChatroomRenamed", &[("chatroom", "Chatroom"), ("name", LEAF), ("user", "User")]),
    ("ConversationRead", &[("conversation", "Conversation"), ("readUpTo", LEAF), ("user", "User")]),
    ("MemberJoined", &[("chatroom", "Chatroom"), ("invitedBy", "User"), ("member", "User")]),
    (
        "MemberLeft",
        &[("chatroomId", LEAF), ("member", "User"), ("removedBy", "User"), ("visibleChatroom", "Chatroom")],
    ),
    ("MessageDeleted", &[("message", "Message")]),
    ("MessageEdited", &[("message", "Message")]),
    ("MessageSent", &[("message", "Message")]),
    ("OwnerChanged", &[("chatroom", "Chatroom"), ("owner", "User")]),
    ("PresenceChanged", &[("user", VISIBLE_USER)]),
    ("ReactionAdded", &[("emoji", LEAF), ("message", "Message"), ("user", "User")]),
    ("ReactionRemoved", &[("emoji", LEAF), ("message", "Message"), ("user", "User")]),
    ("TypingChanged", &[("conversation", "Conversation"), ("isTyping", LEAF), ("user", "User")]),
    ("Chatroom", &[("createdAt", LEAF), ("id", LEAF), ("memberCount", LEAF), ("name", LEAF)]),
    ("Conversation", &[("id", LEAF)]),
    ("DirectConversation", &[("id", LEAF), ("participants", "User")]),
    ("Message", MESSAGE),
    (ANSWERED, ANSWERED_MESSAGE),
    ("Node", &[("id", LEAF)]),
    ("Presence", &[("since", LEAF), ("status", LEAF), ("text", LEAF)]),
    ("Recipient", &[]),
    ("User", USER),
    (VISIBLE_USER, VISIBLE_USER_FIELDS),
];

/// Who is told is not its sender, so its key is hidden from all of them.
const MESSAGE: &[(&str, &str)] = &[
    ("clientMessageId", LEAF),
    ("conversation", "Conversation"),
    ("deletedAt", LEAF),
    ("editedAt", LEAF),
    ("id", LEAF),
    ("recipient", "Recipient"),
    ("replyTo", ANSWERED),
    ("sender", "User"),
    ("sentAt", LEAF),
    ("seq", LEAF),
    ("text", LEAF),
];

/// The message that another one answers: who is told may have sent it, and then sees its key.
const ANSWERED: &str = "Message, answered";
const ANSWERED_MESSAGE: &[(&str, &str)] = &[
    ("deletedAt", LEAF),
    ("editedAt", LEAF),
    ("id", LEAF),
    ("sender", "User"),
    ("sentAt", LEAF),
    ("seq", LEAF),
    ("text", LEAF),
];

const USER: &[(&str, &str)] = &[("createdAt", LEAF), ("displayName", LEAF), ("id", LEAF), ("username", LEAF)];

/// Somebody whose presence everybody who is told of it may see.
const VISIBLE_USER: &str = "User, visible";
const VISIBLE_USER_FIELDS: &[(&str, &str)] =
    &[("createdAt", LEAF), ("displayName", LEAF), ("id", LEAF), ("presence", "Presence"), ("username", LEAF)];

/// The type of a shareable field; `None` when the field is not shareable.
pub(super) fn type_of(parent: &str, field: &str) -> Option<&'static str> {
    let (_, fields) = SHAREABLE.iter().find(|(name, _)| *name == parent)?;
    fields.iter().find(|(name, _)| *name == field).map(|(_, of_type)| *of_type)
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::types::{BaseType, TypeKind, TypeSystemDefinition};

    use super::*;
    use crate::graphql::schema::parsed;

    fn named(base: &BaseType) -> String {
        match base {
            BaseType::Named(name) => name.to_string(),
            BaseType::List(item) => named(&item.base),
        }
    }

    /// The fields of a type of the schema, and what they give; a union has none.
    fn fields(name: &str) -> Vec<(String, String)> {
        let definitions = parsed().definitions;
        let kind = definitions.into_iter().find_map(|definition| match definition {
            TypeSystemDefinition::Type(of_type) if of_type.node.name.node == name => Some(of_type.node.kind),
            _ => None,
        });
        let fields = match kind {
            Some(TypeKind::Object(object)) => object.fields,
            Some(TypeKind::Interface(interface)) => interface.fields,
            Some(TypeKind::Union(_)) => Vec::new(),
            _ => panic!("there is no {name}"),
        };
        let fields = fields.into_iter().map(|field| field.node);
        fields.map(|field| (field.name.node.to_string(), named(&field.ty.node.base))).collect()
    }

    #[test]
    fn what_is_alike_is_in_the_schema() {
        for (name, shareable) in SHAREABLE {
            let known = fields(name.split(',').next().unwrap_or_default());
            for (field, of_type) in shareable {
                let Some((_, real)) = known.iter().find(|(known, _)| known == field) else {
                    panic!("{name} has no {field}: {known:?}")
                };
                let is_leaf = !SHAREABLE.iter().any(|(name, _)| name == real);
                let expected = if is_leaf { LEAF } else { real };
                assert_eq!(of_type.split(',').next(), Some(expected), "{name}.{field}");
            }
        }
    }
}
