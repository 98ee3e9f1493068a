//! What is stored, as answers show it.

use messenger::types::Timestamp;
use serde_json::{Value, json};

use super::model::{Model, NAMES, Person, Place};

/// The parts of answers that are compared; `show` and its siblings below give the same.
pub const FRAGMENTS: &str = "
    fragment M on Message {
        id seq text sentAt editedAt deletedAt clientMessageId
        sender { username }
        recipient { ... on User { username } ... on Chatroom { id } }
        conversation { id }
        replyTo { id seq text deletedAt }
        reactions { emoji count viewerHasReacted firstUsers { username } }
    }
    fragment R on Conversation {
        __typename id latestSeq readUpTo unreadCount lastMessage { id text }
        ... on DirectConversation { participants { username } }
        ... on Chatroom { name memberCount }
    }
    fragment S on Chatroom {
        id name memberCount createdAt createdBy { username }
        members { edges { role joinedAt node { username } } }
    }
    fragment E on UserError {
        __typename code path
        ... on IdempotencyConflict { messageId }
        ... on InvalidId { expectedPrefixes }
        ... on InvitationRefused { userId }
        ... on NotFound { unknownId }
        ... on SeqOutOfRange { latestSeq }
        ... on TooManyReactions { max }
    }
    fragment P on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

fn person(person: Person) -> Value {
    json!({ "username": NAMES[person] })
}

impl Model {
    /// A message as somebody sees it (`M`).
    pub fn show(&self, number: usize, viewer: Option<Person>) -> Value {
        let message = &self.messages[number];
        let id = self.id_of(message.place);
        let is_told_key = viewer.is_none_or(|viewer| viewer == message.from);
        let replied = message.reply.map(|number| &self.messages[number]);
        let group = |emoji: &str| {
            let with = message.reactions.iter().filter(|(_, used)| *used == emoji);
            let people: Vec<Person> = with.map(|(person, _)| *person).collect();
            json!({
                "emoji": emoji,
                "count": people.len(),
                "viewerHasReacted": viewer.is_some_and(|viewer| people.contains(&viewer)),
                "firstUsers": people.into_iter().map(person).collect::<Vec<_>>(),
            })
        };
        json!({
            "id": message.id,
            "seq": message.seq,
            "text": message.text,
            "sentAt": message.sent_at.to_string(),
            "editedAt": message.edited_at.map(|time| time.to_string()),
            "deletedAt": message.deleted_at.map(|time| time.to_string()),
            "clientMessageId": message.key.filter(|_| is_told_key),
            "sender": person(message.from),
            "recipient": message.to.map_or_else(|| json!({ "id": id }), person),
            "conversation": { "id": id },
            "replyTo": replied.map(|replied| json!({
                "id": replied.id,
                "seq": replied.seq,
                "text": replied.text,
                "deletedAt": replied.deleted_at.map(|time| time.to_string()),
            })),
            "reactions": message.emoji().into_iter().map(group).collect::<Vec<_>>(),
        })
    }

    /// All messages of a conversation as somebody sees them, newest first.
    pub fn show_history(&self, place: Place, viewer: Option<Person>) -> Vec<Value> {
        let numbers = (0..self.messages.len()).rev();
        let here = numbers.filter(|number| self.messages[*number].place == place);
        here.map(|number| self.show(number, viewer)).collect()
    }

    /// A conversation and where somebody stands in it (`R`).
    pub fn show_reading(&self, place: Place, viewer: Person) -> Value {
        let last = self.history(place).next();
        let mut shown = json!({
            "id": self.id_of(place),
            "latestSeq": self.latest_seq(place),
            "readUpTo": self.read_up_to(place, viewer),
            "unreadCount": self.unread(place, viewer),
            "lastMessage": last.map(|last| json!({ "id": last.id, "text": last.text })),
        });
        match place {
            Place::Room(number) => {
                shown["__typename"] = json!("Chatroom");
                shown["name"] = json!(self.rooms[number].name);
                shown["memberCount"] = json!(self.rooms[number].members.len());
            }
            Place::Direct(..) => {
                shown["__typename"] = json!("DirectConversation");
                // By their ids, which ascend as people are created.
                shown["participants"] = self.readers(place).into_iter().map(person).collect();
            }
        }
        shown
    }

    /// A room (`S`).
    pub fn show_standing(&self, number: usize) -> Value {
        let room = &self.rooms[number];
        json!({
            "id": room.id,
            "name": room.name,
            "memberCount": room.members.len(),
            "createdAt": room.created_at.to_string(),
            "createdBy": person(room.creator),
            "members": { "edges": self.show_members(number) },
        })
    }

    /// A room and where somebody stands in it (`S` and `R`).
    pub fn show_room(&self, number: usize, viewer: Person) -> Value {
        let mut shown = self.show_standing(number);
        let reading = self.show_reading(Place::Room(number), viewer);
        for (field, value) in reading.as_object().into_iter().flatten() {
            shown[field] = value.clone();
        }
        shown
    }

    pub fn show_members(&self, number: usize) -> Vec<Value> {
        let room = &self.rooms[number];
        let member = |(member, joined_at): &(Person, Timestamp)| {
            let role = if room.owner == Some(*member) { "OWNER" } else { "MEMBER" };
            json!({ "role": role, "joinedAt": joined_at.to_string(), "node": person(*member) })
        };
        room.members.iter().map(member).collect()
    }
}
