//! The listeners, by user and by chatroom.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tokio::sync::mpsc::Sender;

use super::{
    EphemeralEvent, EventRecord,
    backlog::{Backlog, Payload, Slot},
    ephemeral_event::Audience,
    hub::MAILBOX,
    joined_chatrooms::JoinedChatrooms,
};
use crate::types::{ConversationKey, UserId};

/// What is put into a mailbox: something that is told, or the word that there was more than could wait.
pub(super) type Letter = Option<Arc<Slot>>;

/// The hub's side of a listener.
struct Subscriber {
    number: u64,
    /// The one conversation they listen to; all of theirs, when there is none.
    only: Option<ConversationKey>,
    mailbox: Sender<Letter>,
    /// The mailbox was full: nothing more is put there until they have read the log.
    lags: bool,
}

/// Somebody, with all of their listeners.
struct Person {
    subscribers: Vec<Subscriber>,
    chatrooms: Arc<JoinedChatrooms>,
    /// What they joined and left since the first of the listeners registered, until it is known where they
    /// were before.
    changes_since_registration: Option<HashMap<ConversationKey, (i64, bool)>>,
    /// The position at which it was known.
    placed_at: i64,
}

/// All listeners, found by whom and where they are.
#[derive(Default)]
pub(super) struct Registry {
    /// The position up to which the log was published.
    pub(super) tail: i64,
    next: u64,
    people: HashMap<UserId, Person>,
    by_chatroom: HashMap<ConversationKey, HashSet<UserId>>,
    pub(super) backlog: Backlog,
}

impl Registry {
    pub(super) fn starting_at(tail: i64) -> Self {
        Self { tail, ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// How many listen.
    pub(super) fn listeners(&self) -> usize {
        self.people.values().map(|person| person.subscribers.len()).sum()
    }

    /// A listener of somebody, and the chatrooms of all of their listeners.
    pub(super) fn add(
        &mut self,
        user_id: UserId,
        only: Option<ConversationKey>,
        mailbox: Sender<Letter>,
    ) -> (u64, Arc<JoinedChatrooms>) {
        let number = self.next;
        self.next += 1;
        let person = self.people.entry(user_id).or_insert_with(Person::new);
        person.subscribers.push(Subscriber { number, only, mailbox, lags: false });
        (number, Arc::clone(&person.chatrooms))
    }

    pub(super) fn remove(&mut self, user_id: UserId, number: u64) {
        let Some(person) = self.people.get_mut(&user_id) else { return };
        person.subscribers.retain(|subscriber| subscriber.number != number);
        if !person.subscribers.is_empty() {
            return;
        }
        for chatroom in person.chatrooms.published().iter() {
            take_out(&mut self.by_chatroom, *chatroom, user_id);
        }
        self.people.remove(&user_id);
    }

    /// A listener whose mailbox was full has emptied it, and reads the log up to the tail.
    pub(super) fn has_emptied(&mut self, user_id: UserId, number: u64) {
        let person = self.people.get_mut(&user_id);
        let mut subscribers = person.into_iter().flat_map(|person| &mut person.subscribers);
        if let Some(subscriber) = subscribers.find(|subscriber| subscriber.number == number) {
            subscriber.lags = false;
        }
    }

    /// Tells the hub in which chatrooms somebody was at a position of the log; what they joined and left after that, it
    /// has seen itself. Returns the position after which their listener receives everything.
    ///
    /// The first of their listeners says where they are, and receives what comes after that. A later one may
    /// have read further in the log than was told by then, or not as far as the first one had read.
    pub(super) fn place(&mut self, user_id: UserId, chatrooms: &[ConversationKey], as_of: i64) -> i64 {
        let heard_after = self.tail.max(as_of);
        let Some(person) = self.people.get_mut(&user_id) else { return heard_after };
        if as_of > self.tail {
            person.chatrooms.read_ahead(chatrooms, as_of, self.tail);
        }
        let Some(changes) = person.changes_since_registration.take() else {
            return heard_after.max(person.placed_at);
        };
        person.placed_at = as_of;
        let later =
            |chatroom: &ConversationKey| changes.get(chatroom).filter(|(position, _)| *position > as_of);
        for chatroom in chatrooms.iter().filter(|chatroom| later(chatroom).is_none()) {
            self.enter(user_id, *chatroom);
        }
        heard_after
    }

    fn enter(&mut self, user_id: UserId, chatroom: ConversationKey) {
        if let Some(person) = self.people.get(&user_id) {
            person.chatrooms.insert(chatroom);
            self.by_chatroom.entry(chatroom).or_default().insert(user_id);
        }
    }

    fn leave(&mut self, user_id: UserId, chatroom: ConversationKey, position: i64) {
        if let Some(person) = self.people.get(&user_id) {
            person.chatrooms.remove(chatroom, position);
            take_out(&mut self.by_chatroom, chatroom, user_id);
        }
    }

    /// Delivers an event to its audience. A user who joins by it gets it; a user who leaves by it gets
    /// nothing after it.
    pub(super) fn publish(&mut self, record: &Arc<EventRecord>) {
        let (key, position) = (record.conversation.key, record.event.position);
        let movement = record.event.movement();
        if let Some((user_id, true)) = movement {
            self.note_change(user_id, key, (position, true));
            self.enter(user_id, key);
        }
        self.deliver(record);
        if let Some((user_id, false)) = movement {
            self.note_change(user_id, key, (position, false));
            self.leave(user_id, key, position);
        }
        self.tail = position;
    }

    fn note_change(&mut self, user_id: UserId, chatroom: ConversationKey, change: (i64, bool)) {
        if let Some(known) =
            self.people.get_mut(&user_id).and_then(|person| person.changes_since_registration.as_mut())
        {
            known.insert(chatroom, change);
        }
    }

    fn deliver(&mut self, record: &Arc<EventRecord>) {
        let key = record.conversation.key;
        let people = &mut self.people;
        // Nothing waits for nobody.
        let mut slot = None;
        let mut deliver = |user_id: &UserId| {
            let subscribers = people.get_mut(user_id).into_iter().flat_map(|person| &mut person.subscribers);
            for subscriber in subscribers.filter(|subscriber| subscriber.listens_to(key)) {
                let slot =
                    slot.get_or_insert_with(|| self.backlog.place(Payload::Record(Arc::clone(record))));
                subscriber.deliver(slot);
            }
        };
        match record.conversation.pair() {
            Some([one, other]) if one == other => deliver(&one),
            Some(pair) => pair.iter().for_each(deliver),
            None => self.by_chatroom.get(&key).into_iter().flatten().for_each(deliver),
        }
    }

    /// Delivers an ephemeral event to its audience, once to each listener. Slow subscribers may miss it.
    pub(super) fn relay(&self, event: &Arc<EphemeralEvent>, audience: &Audience) {
        let hearing = self.hearing(audience);
        if hearing.is_empty() {
            return;
        }
        let slot = self.backlog.place(Payload::Ephemeral(Arc::clone(event)));
        for own in hearing.chunk_by(|one, other| one.0 == other.0) {
            let person = own.first().and_then(|(user_id, _)| self.people.get(user_id));
            for subscriber in person.into_iter().flat_map(|person| &person.subscribers) {
                if own.binary_search_by_key(&subscriber.number, |(_, number)| *number).is_ok() {
                    subscriber.try_deliver(&slot);
                }
            }
        }
    }

    /// The listeners in an audience: whose they are, and their numbers; each once, in order.
    fn hearing(&self, audience: &Audience) -> Vec<(UserId, u64)> {
        let mut hearing = Vec::new();
        for key in &audience.chatrooms {
            for user_id in self.by_chatroom.get(key).into_iter().flatten() {
                hearing.extend(self.listeners_of(*user_id, Some(*key)));
            }
        }
        for (user_id, key) in &audience.users {
            hearing.extend(self.listeners_of(*user_id, Some(*key)));
        }
        if let Some(causer) = audience.causer {
            hearing.retain(|(user_id, _)| *user_id != causer);
            if audience.tells_causer {
                hearing.extend(self.listeners_of(causer, None));
            }
        }
        hearing.sort_unstable();
        hearing.dedup();
        hearing
    }

    /// Somebody's listeners: those to a conversation, or all.
    fn listeners_of(
        &self,
        user_id: UserId,
        conversation: Option<ConversationKey>,
    ) -> impl Iterator<Item = (UserId, u64)> {
        let subscribers = self.people.get(&user_id).into_iter().flat_map(|person| &person.subscribers);
        let subscribers =
            subscribers.filter(move |subscriber| conversation.is_none_or(|key| subscriber.listens_to(key)));
        subscribers.map(move |subscriber| (user_id, subscriber.number))
    }
}

fn take_out(
    index: &mut HashMap<ConversationKey, HashSet<UserId>>,
    chatroom: ConversationKey,
    user_id: UserId,
) {
    if let Some(users) = index.get_mut(&chatroom) {
        users.remove(&user_id);
        if users.is_empty() {
            index.remove(&chatroom);
        }
    }
}

impl Person {
    fn new() -> Self {
        Self {
            subscribers: Vec::with_capacity(1),
            chatrooms: Arc::default(),
            changes_since_registration: Some(HashMap::new()),
            placed_at: 0,
        }
    }
}

impl Subscriber {
    fn listens_to(&self, conversation: ConversationKey) -> bool {
        self.only.is_none_or(|only| only == conversation)
    }

    /// Puts a record into the mailbox. Its last place is for the word that there was more: so whoever empties
    /// the mailbox finds that word in it, and cannot miss it while it is being written.
    fn deliver(&mut self, slot: &Arc<Slot>) {
        if self.lags {
            return;
        }
        self.lags = self.mailbox.capacity() <= 1;
        let letter = (!self.lags).then(|| Arc::clone(slot));
        // A listener that has just gone receives nothing.
        drop(self.mailbox.try_send(letter));
    }

    /// Puts an ephemeral event into the mailbox, unless it is half full: the rest is kept for records, which
    /// must not be missed.
    fn try_deliver(&self, slot: &Arc<Slot>) {
        if !self.lags && self.mailbox.capacity() > MAILBOX / 2 {
            drop(self.mailbox.try_send(Some(Arc::clone(slot))));
        }
    }
}
