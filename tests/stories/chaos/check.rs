//! What everybody was told is what is stored.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

use serde_json::{Value, json};

use super::{Deed, Fixtures, Histories, Sender, Subscriber, Told, messages};

/// Something that happened once: its kind, the id of what it is about, and where.
type Happening = (&'static str, String, String);

pub fn assert_nothing_is_lost(fixtures: &Fixtures, histories: &Histories) {
    assert_stored_once(fixtures, histories);
    let stays =
        |subscriber: &&Subscriber| subscriber.user_id != fixtures.guest_id && subscriber.only.is_none();
    let witness = fixtures.subscribers.iter().find(stays).expect("somebody who stays");
    for subscriber in &fixtures.subscribers {
        assert_one_order(subscriber, witness);
        assert_told_once(subscriber, fixtures, histories);
        assert_in_the_room(subscriber, witness, fixtures);
    }
    for one in &fixtures.subscribers {
        fixtures.subscribers.iter().for_each(|other| assert_one_order(one, other));
    }
}

/// Every message that was acknowledged, as it was; and no other.
fn assert_stored_once(fixtures: &Fixtures, histories: &Histories) {
    let mut acknowledged: BTreeMap<String, Value> = BTreeMap::new();
    let done = fixtures.senders.iter().flat_map(|sender| sender.done.borrow().clone());
    for (deed, payload) in done {
        match deed {
            Deed::Send { texts, .. } => {
                for ((key, said), message) in texts.iter().zip(messages(&payload)) {
                    let mut message = message.clone();
                    message["text"] = json!(said);
                    assert_eq!(acknowledged.insert(text(&message["id"]), message), None, "{key} is another");
                }
            }
            Deed::Edit { message, text: said } => {
                acknowledged.get_mut(&text(&message["id"])).expect("a message")["text"] = json!(said);
            }
            _ => {}
        }
    }
    let mut stored = BTreeMap::new();
    for message in histories.values().flatten() {
        assert_eq!(stored.insert(text(&message["id"]), message.clone()), None, "stored twice");
    }
    let [stored, acknowledged] =
        [stored, acknowledged].map(|messages| messages.into_values().collect::<Vec<_>>());
    assert_same(&stored, &acknowledged, "the database");
}

/// All that happens outside of the chatroom, and for who stays also in it: each once, messages as they are stored.
fn assert_told_once(subscriber: &Subscriber, fixtures: &Fixtures, histories: &Histories) {
    let is_guest = subscriber.user_id == fixtures.guest_id;
    let concerns = |place: &String| {
        let follows = subscriber.only.as_ref().is_none_or(|only| only == place);
        follows
            && if *place == fixtures.chatroom_id {
                !is_guest
            } else {
                takes_part(subscriber, &histories[place])
            }
    };
    let happened = fixtures.senders.iter().flat_map(happenings);
    let mut expected: Vec<Happening> = happened.filter(|(_, _, place)| concerns(place)).collect();
    let told = subscriber.told();
    let told: Vec<&Told> =
        told.iter().filter(|told| !is_guest || told.place() != fixtures.chatroom_id).collect();
    let mut heard: Vec<_> = told.iter().map(|told| (told.kind(), told.about(), told.place())).collect();
    expected.sort_unstable();
    heard.sort_unstable();
    let expected: Vec<_> = expected.iter().map(|(kind, about, place)| (*kind, &**about, &**place)).collect();
    assert_same(&heard, &expected, subscriber.name);
    for (place, history) in histories.iter().filter(|(place, _)| concerns(place)) {
        assert_like_history(&told, place, history, subscriber.name);
    }
}

/// The messages of a conversation in the order of their seqs, with the text that each has in the end.
fn assert_like_history(told: &[&Told], place: &str, history: &[Value], name: &str) {
    let here = || told.iter().filter(|told| told.place() == place);
    let sent: Vec<Value> = here()
        .filter(|told| told.kind() == "MessageSent")
        .map(|told| told.event["message"].clone())
        .collect();
    assert_same(&sent, &history.iter().map(as_told).collect::<Vec<_>>(), name);
    let texts: BTreeMap<&str, &str> =
        here().filter_map(|told| Some((told.about(), told.text.as_deref()?))).collect();
    let stored = history.iter().map(|message| (&message["id"], &message["text"]));
    let stored = stored.map(|(id, said)| (id.as_str().expect("an id"), said.as_str().expect("a text")));
    assert!(texts == stored.collect(), "{name} shows an old text in {place}");
}

/// In the chatroom everybody hears the same, the guest while they are in it.
fn assert_in_the_room(subscriber: &Subscriber, witness: &Subscriber, fixtures: &Fixtures) {
    let in_room = |subscriber: &Subscriber| -> Vec<(String, Value)> {
        let told = subscriber.told();
        let told = told.iter().filter(|told| told.place() == fixtures.chatroom_id);
        told.map(|told| (told.cursor.clone(), told.event.clone())).collect()
    };
    let (told, mut expected) = (in_room(subscriber), in_room(witness));
    if subscriber.user_id == fixtures.guest_id {
        let heard: BTreeSet<&str> = told.iter().map(|(cursor, _)| &**cursor).collect();
        expected = to_the_guest(expected, &heard);
    }
    assert_same(&told, &expected, subscriber.name);
}

/// What the guest must have been told: each time that they left, and all since they came back for the last time. What
/// happened while they were in before that was kept from them where they read it, or it still waited, when they were out again.
fn to_the_guest(all: Vec<(String, Value)>, heard: &BTreeSet<&str>) -> Vec<(String, Value)> {
    let comes = |event: &Value| event["__typename"] == "MemberJoined";
    let last = all.iter().rposition(|(_, event)| event["__typename"] == "MemberLeft").unwrap_or(0);
    let (mut is_inside, mut told) = (true, Vec::new());
    for (number, (cursor, event)) in all.into_iter().enumerate() {
        let leaves = event["__typename"] == "MemberLeft";
        is_inside = !leaves && (is_inside || comes(&event));
        if leaves || is_inside && (number >= last || heard.contains(&*cursor)) {
            told.push((cursor, event));
        }
    }
    told
}

/// What two were told, they were told alike and in one order; and ids are the order of arrival.
fn assert_one_order(one: &Subscriber, other: &Subscriber) {
    let told = [one.told(), other.told()];
    let [ones, others] = [0, 1].map(|number| {
        let cursors: Vec<&str> = told[number].iter().map(|told| &*told.cursor).collect();
        let distinct: BTreeSet<&str> = cursors.iter().copied().collect();
        assert_eq!(distinct.len(), cursors.len(), "{} or {} is told twice", one.name, other.name);
        distinct
    });
    let shared = |number: usize| {
        let told = told[number].iter().filter(|told| ones.contains(&*told.cursor));
        let told = told.filter(|told| others.contains(&*told.cursor));
        told.map(|told| (&told.cursor, &told.event)).collect::<Vec<_>>()
    };
    assert_same(&shared(0), &shared(1), one.name);
    let sent = told[0].iter().filter(|told| told.kind() == "MessageSent");
    assert!(sent.is_sorted_by(|one, next| one.about() < next.about()), "{}", one.name);
}

/// Fails with the first difference: all of it would be megabytes.
fn assert_same<T: Debug + PartialEq>(told: &[T], expected: &[T], who: &str) {
    let alike = told.iter().zip(expected).take_while(|(one, other)| one == other).count();
    let (one, other) = (told.get(alike), expected.get(alike));
    assert!(one.is_none() && other.is_none(), "{who} has as number {alike}: {one:?} and not {other:?}");
}

/// What somebody did, as it is told.
fn happenings(sender: &Sender) -> Vec<Happening> {
    let of = |kind, message: &Value| (kind, text(&message["id"]), text(&message["conversation"]["id"]));
    let happened = |(deed, payload): &(Deed, Value)| match deed {
        Deed::Send { .. } => messages(payload).map(|message| of("MessageSent", message)).collect(),
        Deed::Edit { message, .. } => vec![of("MessageEdited", message)],
        Deed::React { message } => vec![of("ReactionAdded", message)],
        Deed::Admit { chatroom_id, member_id } => {
            vec![("MemberJoined", member_id.clone(), chatroom_id.clone())]
        }
        Deed::Remove { chatroom_id, member_id } => {
            vec![("MemberLeft", member_id.clone(), chatroom_id.clone())]
        }
    };
    sender.done.borrow().iter().flat_map(happened).collect()
}

fn takes_part(subscriber: &Subscriber, history: &[Value]) -> bool {
    history.iter().any(|message| {
        [&message["sender"]["id"], &message["recipient"]["id"]].contains(&&json!(subscriber.user_id))
    })
}

/// A stored message with what is asked of those that are told.
fn as_told(message: &Value) -> Value {
    let fields = ["id", "seq", "sender", "conversation"];
    fields.into_iter().map(|field| (field.to_owned(), message[field].clone())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
