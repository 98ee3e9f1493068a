//! Ids as requests name them, and what is told when something is refused.

use serde_json::{Value, json};

use super::{
    model::{Model, Person, Place},
    step::{Target, Who},
};

/// What an id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Person(Person),
    Place(Place),
    /// A place among the messages.
    Message(usize),
}

/// An id.
#[derive(Clone, Debug)]
pub struct Named {
    pub id: String,
    pub thing: Option<Thing>,
}

pub const USER: &[&str] = &["user"];
pub const ROOM: &[&str] = &["room"];
pub const CONVERSATION: &[&str] = &["room", "dm"];
pub const RECIPIENT: &[&str] = &["user", "room"];
pub const MESSAGE: &[&str] = &["msg"];

const NOTHING: &str = "01h455vb4pex5vsknk084sn02q";

impl Named {
    fn is_one_of(&self, prefixes: &[&str]) -> bool {
        self.prefix().is_some_and(|prefix| prefixes.contains(&prefix))
    }

    fn prefix(&self) -> Option<&str> {
        self.id.split_once('_').map(|(prefix, _)| prefix)
    }

    pub fn person(&self) -> Option<Person> {
        match self.thing? {
            Thing::Person(person) => Some(person),
            _ => None,
        }
    }

    /// Who acts, who must exist.
    pub fn existing(&self, wrong: &Wrong) -> Outcome<Person> {
        self.person().ok_or_else(|| vec![wrong.not_found("userId", self)])
    }

    pub fn place(&self) -> Option<Place> {
        match self.thing? {
            Thing::Place(place) => Some(place),
            _ => None,
        }
    }

    pub fn room(&self) -> Option<usize> {
        match self.place()? {
            Place::Room(room) => Some(room),
            Place::Direct(..) => None,
        }
    }

    pub fn message(&self) -> Option<usize> {
        match self.thing? {
            Thing::Message(number) => Some(number),
            _ => None,
        }
    }
}

impl Model {
    pub fn name(&self, thing: Thing) -> Named {
        let id = match thing {
            Thing::Person(person) => &self.people[person],
            Thing::Place(place) => self.id_of(place),
            Thing::Message(number) => &self.messages[number].id,
        };
        Named { id: id.as_str().unwrap_or_default().to_owned(), thing: Some(thing) }
    }

    pub fn aim(&self, target: Target) -> Named {
        let unknown = |prefix: &str| Named { id: format!("{prefix}_{NOTHING}"), thing: None };
        match target {
            Target::Person(number) => self.name(Thing::Person(number)),
            Target::Room(_) if self.rooms.is_empty() => unknown("room"),
            Target::Room(number) => self.name(Thing::Place(Place::Room(number % self.rooms.len()))),
            Target::Direct(one, other) => {
                let place = Place::between(one, other);
                let is_there = self.directs.contains_key(&place);
                if is_there { self.name(Thing::Place(place)) } else { unknown("dm") }
            }
            Target::Message(_) if self.messages.is_empty() => unknown("msg"),
            Target::Message(back) => {
                let count = self.messages.len();
                self.name(Thing::Message(count - 1 - back % count))
            }
            Target::Around(_) if self.messages.is_empty() => unknown("room"),
            Target::Around(back) => {
                let count = self.messages.len();
                self.name(Thing::Place(self.messages[count - 1 - back % count].place))
            }
            Target::Unknown(prefix) => unknown(prefix),
            Target::Crossed(prefix, number) => {
                let ids = self.places().map(|place| self.name(Thing::Place(place)));
                let mut others: Vec<Named> = ids.filter(|named| named.prefix() != Some(prefix)).collect();
                if others.is_empty() {
                    return unknown(prefix);
                }
                let named = others.swap_remove(number % others.len());
                Named { id: named.id.replacen(named.prefix().unwrap_or_default(), prefix, 1), thing: None }
            }
            Target::Junk => Named { id: "nonsense".to_owned(), thing: None },
        }
    }

    /// One of those who fit, or anybody when nobody does.
    pub fn pick(&self, who: Who, fitting: &[Person]) -> Named {
        match who {
            Who::Fitting(number) if fitting.is_empty() => {
                self.aim(Target::Person(number % self.people.len()))
            }
            Who::Fitting(number) => self.aim(Target::Person(fitting[number % fitting.len()])),
            Who::Anyone(target) => self.aim(target),
        }
    }
}

/// What is wrong with an input, at the place of the input.
#[derive(Debug)]
pub struct Wrong {
    at: Vec<String>,
    pub errors: Vec<Value>,
}

impl Wrong {
    /// An input that stands here.
    pub fn at(path: &[&str]) -> Self {
        Self { at: path.iter().map(|&step| step.to_owned()).collect(), errors: Vec::new() }
    }

    pub fn input() -> Self {
        Self::at(&["input"])
    }

    /// An error at a field, or at an item of it.
    pub fn error(&self, kind: &str, code: &str, field: &str) -> Value {
        let path: Vec<&str> = self.at.iter().map(String::as_str).chain(field.split('.')).collect();
        json!({ "__typename": kind, "code": code, "path": path })
    }

    pub fn not_found(&self, field: &str, named: &Named) -> Value {
        let mut error = self.error("NotFound", "NOT_FOUND", field);
        error["unknownId"] = json!(named.id);
        error
    }

    /// Notes an id that is none, or of another kind than these.
    pub fn id(&mut self, field: &str, named: &Named, prefixes: &[&str]) {
        if named.is_one_of(prefixes) {
            return;
        }
        let code = if named.prefix().is_some() { "ID_WRONG_KIND" } else { "ID_MALFORMED" };
        let mut error = self.error("InvalidId", code, field);
        error["expectedPrefixes"] = json!(prefixes);
        self.errors.push(error);
    }

    /// Notes a value that breaks a rule.
    pub fn invalid_unless(&mut self, is_valid: bool, code: &str, field: &str) {
        if !is_valid {
            self.errors.push(self.error("InvalidInput", code, field));
        }
    }

    /// Notes what is wrong with so many people, of whom there must be some.
    pub fn people(&mut self, people: &[Named], least: usize) {
        let fits = (least..=100).contains(&people.len());
        self.invalid_unless(fits, "BATCH_SIZE_INVALID", "memberIds");
        if fits {
            for (number, named) in people.iter().enumerate() {
                self.id(&format!("memberIds.{number}"), named, USER);
            }
        }
    }

    /// Whether anything was wrong so far.
    pub fn check(&self) -> Outcome<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors.clone()) }
    }
}

/// What a mutation gives, or the errors in its payload.
pub type Outcome<T = Value> = Result<T, Vec<Value>>;
