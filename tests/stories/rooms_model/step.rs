//! What may happen. Everything is a number that the model turns into somebody or something that is there.

use std::ops::Range;

use proptest::{collection::vec, option, prelude::*};

use super::model::NAMES;

/// Names one thing, rightly or wrongly.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    Person(usize),
    /// Counted round and round, as all of them; nothing has the id as long as there is none.
    Room(usize),
    Direct(usize, usize),
    /// Counted back from the newest.
    Message(usize),
    /// The conversation of that message.
    Around(usize),
    /// An id with this prefix that nothing has.
    Unknown(&'static str),
    /// The id of some conversation, said to be of the kind with this prefix.
    Crossed(&'static str, usize),
    /// No id at all.
    Junk,
}

/// Somebody.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// One of those who can do it.
    Fitting(usize),
    Anyone(Target),
}

/// What a message answers.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// One of its own conversation, counted back, if there is any.
    Fitting(usize),
    Any(Target),
}

#[derive(Clone, Debug)]
pub struct Draft {
    pub to: Target,
    pub text: &'static str,
    pub key: Option<&'static str>,
    pub reply: Option<Reply>,
}

/// What is not as it was the first time.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Nothing,
    Recipient(Target),
    Text(&'static str),
    Reply(Option<Target>),
}

#[derive(Clone, Debug)]
pub enum Act {
    Create {
        name: &'static str,
        members: Vec<Target>,
    },
    Invite {
        room: Target,
        members: Vec<Target>,
    },
    Leave {
        room: Target,
    },
    Remove {
        room: Target,
        member: Who,
    },
    Rename {
        room: Target,
        name: &'static str,
    },
    Send(Draft),
    SendMany(Vec<(Who, Draft)>),
    /// Sends a message with a key again, counted back from the newest.
    Retry {
        message: usize,
        change: Change,
    },
    Edit {
        message: Target,
        text: &'static str,
    },
    Delete {
        message: Target,
    },
    /// So far back from the place after the newest message, counted round and round.
    Mark {
        place: Target,
        back: usize,
    },
    /// With so many emoji, one after the other.
    React {
        message: Target,
        emoji: Range<usize>,
    },
    Unreact {
        message: Target,
        emoji: usize,
    },
    ClockForward(u64),
    ClockBack(u64),
    /// With the clock set back by so many hours.
    Restart(u64),
}

#[derive(Clone, Debug)]
pub struct Step {
    pub who: Who,
    /// Whether the request names who acts in its header.
    pub by_header: bool,
    pub act: Act,
}

/// Mostly what is right; else an id of this kind that nothing has, or of another kind, or none.
fn target(
    right: impl Strategy<Value = Target>,
    prefix: &'static str,
    other: Target,
) -> impl Strategy<Value = Target> {
    prop_oneof![
        60 => right,
        1 => Just(Target::Unknown(prefix)),
        1 => (0..8usize).prop_map(move |number| Target::Crossed(prefix, number)),
        1 => Just(other),
        1 => Just(Target::Junk),
    ]
}

fn person() -> impl Strategy<Value = Target> {
    target((0..NAMES.len()).prop_map(Target::Person), "user", Target::Room(0))
}

fn people() -> impl Strategy<Value = Vec<Target>> {
    let too_many = vec![Target::Person(0); 101];
    prop_oneof![30 => vec(person(), 1..4), 2 => Just(Vec::new()), 1 => Just(too_many)]
}

fn room() -> impl Strategy<Value = Target> {
    target((0..4usize).prop_map(Target::Room), "room", Target::Direct(0, 1))
}

/// Few pairs, so that histories grow.
fn direct() -> impl Strategy<Value = Target> {
    let pairs = (0..3usize, 0..3usize).prop_map(|(one, other)| Target::Direct(one, other));
    target(pairs, "dm", Target::Person(0))
}

/// Mostly where something happened lately.
fn place() -> impl Strategy<Value = Target> {
    prop_oneof![3 => (0..8usize).prop_map(Target::Around), 1 => room(), 1 => direct()]
}

/// Only what happened lately, so that one message goes through several things.
fn message() -> impl Strategy<Value = Target> {
    target((0..10usize).prop_map(Target::Message), "msg", Target::Room(1))
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![5 => (0..8usize).prop_map(Who::Fitting), 2 => person().prop_map(Who::Anyone)]
}

fn text() -> impl Strategy<Value = &'static str> {
    prop_oneof![20 => prop_oneof![Just("one"), Just("two"), Just("drei 🙂")], 1 => Just(" ")]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![16 => prop_oneof![Just("lunch"), Just("night shift"), Just("räume 🙂")], 1 => Just(""), 1 => Just("a\tb")]
}

fn draft() -> impl Strategy<Value = Draft> {
    let persons = (0..3usize).prop_map(Target::Person);
    let to = prop_oneof![3 => room(), 2 => target(persons, "user", Target::Message(0))];
    let keys = option::weighted(0.4, prop_oneof![Just("k1"), Just("k2"), Just("k3"), Just("k4")]);
    let reply = prop_oneof![3 => (0..4usize).prop_map(Reply::Fitting), 1 => message().prop_map(Reply::Any)];
    let drafts = (to, text(), keys, option::weighted(0.25, reply));
    drafts.prop_map(|(to, text, key, reply)| Draft { to, text, key, reply })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => Just(Change::Nothing),
        1 => prop_oneof![room(), person()].prop_map(Change::Recipient),
        1 => text().prop_map(Change::Text),
        1 => option::of(message()).prop_map(Change::Reply),
    ]
}

/// Mostly the same few, seldom more of them than a message may have; the last one of all is none.
fn emoji() -> impl Strategy<Value = Range<usize>> {
    let burst = (0..3usize, 20..23usize).prop_map(|(first, count)| first..first + count);
    prop_oneof![40 => (0..3usize).prop_map(|one| one..one + 1), 5 => burst, 1 => Just(25..26)]
}

fn create() -> impl Strategy<Value = Act> {
    (name(), people()).prop_map(|(name, members)| Act::Create { name, members })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => create(),
        8 => (room(), people()).prop_map(|(room, members)| Act::Invite { room, members }),
        4 => room().prop_map(|room| Act::Leave { room }),
        5 => (room(), who()).prop_map(|(room, member)| Act::Remove { room, member }),
        5 => (room(), name()).prop_map(|(room, name)| Act::Rename { room, name }),
        36 => draft().prop_map(Act::Send),
        6 => vec((who(), draft()), 1..4).prop_map(Act::SendMany),
        8 => (0..6usize, change()).prop_map(|(message, change)| Act::Retry { message, change }),
        9 => (message(), text()).prop_map(|(message, text)| Act::Edit { message, text }),
        6 => message().prop_map(|message| Act::Delete { message }),
        12 => (place(), 0..7usize).prop_map(|(place, back)| Act::Mark { place, back }),
        14 => (message(), emoji()).prop_map(|(message, emoji)| Act::React { message, emoji }),
        7 => (message(), 0..3usize).prop_map(|(message, emoji)| Act::Unreact { message, emoji }),
        3 => (1..40u64).prop_map(Act::ClockForward),
        2 => (1..40u64).prop_map(Act::ClockBack),
        1 => restart(),
    ]
}

fn taken(act: impl Strategy<Value = Act>) -> impl Strategy<Value = Step> {
    (who(), any::<bool>(), act).prop_map(|(who, by_header, act)| Step { who, by_header, act })
}

fn restart() -> impl Strategy<Value = Act> {
    prop_oneof![Just(0), 1..40u64].prop_map(Act::Restart)
}

/// Rooms first, so that there is something to do; sometimes a server starts and finds nothing else.
pub fn steps(count: Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let first = (vec(taken(create()), 2), option::weighted(0.3, taken(restart())));
    let then = vec(taken(act()), count);
    (first, then).prop_map(|((rooms, restart), then)| [rooms, Vec::from_iter(restart), then].concat())
}
