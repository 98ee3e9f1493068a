//! What should be stored. Ids are learned from the answers that give them out.

use std::collections::BTreeMap;

use messenger::types::Timestamp;
use serde_json::{Value, json};

pub const NAMES: [&str; 5] = ["aaron", "betty", "carol", "dave", "emil"];

/// A place in [`NAMES`].
pub type Person = usize;

/// A conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A place among the rooms.
    Room(usize),
    /// The lesser number first.
    Direct(Person, Person),
}

impl Place {
    pub fn between(one: Person, other: Person) -> Self {
        Self::Direct(one.min(other), one.max(other))
    }
}

#[derive(Clone, Debug)]
pub struct Room {
    pub id: Value,
    pub name: &'static str,
    pub creator: Person,
    pub created_at: Timestamp,
    /// The longest-standing first, with when they joined.
    pub members: Vec<(Person, Timestamp)>,
    pub owner: Option<Person>,
    /// Who has left, and how many messages there were then.
    pub left: BTreeMap<Person, usize>,
}

impl Room {
    pub fn has(&self, person: Person) -> bool {
        self.members.iter().any(|(member, _)| *member == person)
    }
}

#[derive(Clone, Debug)]
pub struct Message {
    pub id: Value,
    pub place: Place,
    pub from: Person,
    /// Whoever it is for, when it is for one person.
    pub to: Option<Person>,
    pub seq: usize,
    pub text: &'static str,
    pub key: Option<&'static str>,
    /// A place among the messages.
    pub reply: Option<usize>,
    /// As it was sent.
    pub first_text: &'static str,
    pub sent_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    /// Who reacted, and with what, in the order in which they did.
    pub reactions: Vec<(Person, &'static str)>,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub people: Vec<Value>,
    /// In the order in which they were created.
    pub rooms: Vec<Room>,
    pub directs: BTreeMap<Place, Value>,
    /// In the order in which they were accepted.
    pub messages: Vec<Message>,
    pub read: BTreeMap<(Place, Person), usize>,
    /// When something was last sent or made, by a clock that only counts.
    activity: BTreeMap<Place, usize>,
    ticks: usize,
    /// The event log.
    pub events: Vec<Value>,
}

impl Model {
    pub fn new(people: Vec<Value>) -> Self {
        Self { people, ..Self::default() }
    }

    pub fn id_of(&self, place: Place) -> &Value {
        match place {
            Place::Room(room) => &self.rooms[room].id,
            Place::Direct(..) => &self.directs[&place],
        }
    }

    /// All conversations that there are.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.activity.keys().copied()
    }

    /// Who can read a conversation.
    pub fn readers(&self, place: Place) -> Vec<Person> {
        match place {
            Place::Room(room) => self.rooms[room].members.iter().map(|(member, _)| *member).collect(),
            Place::Direct(one, other) if one == other => vec![one],
            Place::Direct(one, other) => vec![one, other],
        }
    }

    /// All messages of a conversation, newest first.
    pub fn history(&self, place: Place) -> impl Iterator<Item = &Message> {
        self.messages.iter().rev().filter(move |message| message.place == place)
    }

    pub fn latest_seq(&self, place: Place) -> usize {
        self.history(place).count()
    }

    pub fn read_up_to(&self, place: Place, person: Person) -> usize {
        self.read.get(&(place, person)).copied().unwrap_or(0)
    }

    pub fn unread(&self, place: Place, person: Person) -> usize {
        let read = self.read_up_to(place, person);
        self.history(place).filter(|message| message.seq > read && message.from != person).count()
    }

    /// Somebody's conversations, latest activity first.
    pub fn inbox(&self, person: Person) -> Vec<Place> {
        let mut places: Vec<Place> =
            self.places().filter(|place| self.readers(*place).contains(&person)).collect();
        places.sort_by_key(|place| std::cmp::Reverse(self.activity[place]));
        places
    }

    /// Something was sent or made here.
    pub fn touch(&mut self, place: Place) {
        self.ticks += 1;
        self.activity.insert(place, self.ticks);
    }

    /// An entry of the event log; what is not said in `more` is null.
    pub fn log(&mut self, kind: &str, place: Place, actor: Person, now: Timestamp, more: &Value) {
        self.events.push(json!({
            "kind": kind,
            "conversation": self.id_of(place),
            "happenedAt": now.millis(),
            "actor": self.people[actor],
            "member": more["member"],
            "message": more["message"],
            "seq": more["seq"],
            "detail": more["detail"],
        }));
    }

    /// The same about a message.
    pub fn log_message(
        &mut self,
        kind: &str,
        number: usize,
        actor: Person,
        now: Timestamp,
        detail: Option<&str>,
    ) {
        let Message { id, place, seq, .. } = &self.messages[number];
        let (place, more) = (*place, json!({ "message": id, "seq": seq, "detail": detail }));
        self.log(kind, place, actor, now, &more);
    }
}
