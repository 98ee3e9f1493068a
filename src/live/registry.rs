//! Who listens to what.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::mpsc::{Sender, error::TrySendError};

use super::{Entry, Heard, Notice, hub::MAILBOX, notice::Audience};
use crate::types::{ConversationKey, UserId};

/// What the hub knows of a listener.
pub(super) struct Ear {
    pub(super) user_id: UserId,
    /// The one conversation they listen to; all of theirs, when there is none.
    pub(super) only: Option<ConversationKey>,
    pub(super) mailbox: Sender<Heard>,
    /// Set when the mailbox was full: nothing more is put there until they have read the log.
    pub(super) lags: Arc<AtomicBool>,
    /// The chatrooms they are told of.
    pub(super) chatrooms: Arc<Rooms>,
    /// What they joined and left since they came, until it is known where they were before.
    pub(super) moved: Option<HashMap<ConversationKey, (i64, bool)>>,
}

/// The chatrooms that a listener is in, as far as the log was told. The listener looks at it as well, before they tell what
/// has waited.
#[derive(Debug, Default)]
pub(super) struct Rooms(Mutex<HashSet<ConversationKey>>);

impl Rooms {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashSet<ConversationKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All listeners, found by whom and where they are.
#[derive(Default)]
pub(super) struct Registry {
    /// The position up to which the log was told.
    pub(super) tail: i64,
    next: u64,
    ears: HashMap<u64, Ear>,
    by_user: HashMap<UserId, HashSet<u64>>,
    by_chatroom: HashMap<ConversationKey, HashSet<u64>>,
}

impl Registry {
    pub(super) fn starting_at(tail: i64) -> Self {
        Self { tail, ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ears.is_empty()
    }

    pub(super) fn add(&mut self, ear: Ear) -> u64 {
        let number = self.next;
        self.next += 1;
        self.by_user.entry(ear.user_id).or_default().insert(number);
        self.ears.insert(number, ear);
        number
    }

    pub(super) fn remove(&mut self, number: u64) {
        let Some(ear) = self.ears.remove(&number) else {
            return;
        };
        take_out(&mut self.by_user, &ear.user_id, number);
        for chatroom in ear.chatrooms.lock().iter() {
            take_out(&mut self.by_chatroom, chatroom, number);
        }
    }

    /// Tells the hub in which chatrooms a listener was at a position of the log; what they joined and left after that, it has
    /// seen itself.
    pub(super) fn place(&mut self, number: u64, chatrooms: &[ConversationKey], as_of: i64) {
        let Some(moved) = self.ears.get_mut(&number).and_then(|ear| ear.moved.take()) else {
            return;
        };
        let later =
            |chatroom: &ConversationKey| moved.get(chatroom).filter(|(position, _)| *position > as_of);
        for chatroom in chatrooms.iter().filter(|chatroom| later(chatroom).is_none()) {
            self.enter(number, *chatroom);
        }
    }

    fn enter(&mut self, number: u64, chatroom: ConversationKey) {
        if let Some(ear) = self.ears.get_mut(&number)
            && ear.only.is_none_or(|only| only == chatroom)
        {
            ear.chatrooms.lock().insert(chatroom);
            self.by_chatroom.entry(chatroom).or_default().insert(number);
        }
    }

    fn leave(&mut self, number: u64, chatroom: ConversationKey) {
        if let Some(ear) = self.ears.get_mut(&number) {
            ear.chatrooms.lock().remove(&chatroom);
            take_out(&mut self.by_chatroom, &chatroom, number);
        }
    }

    /// Tells everybody concerned, and no one else. Who joins by it hears of it, and who leaves by it hears nothing after it.
    pub(super) fn tell(&mut self, entry: &Arc<Entry>) {
        let (key, position) = (entry.conversation.key, entry.event.position);
        let movement = entry.event.movement();
        if let Some((user_id, true)) = movement {
            self.move_all(user_id, position, |registry, number| registry.enter(number, key), key, true);
        }
        match entry.conversation.pair() {
            Some([one, other]) if one == other => self.tell_user(one, entry),
            Some(pair) => pair.into_iter().for_each(|user_id| self.tell_user(user_id, entry)),
            None => {
                for number in self.by_chatroom.get(&key).into_iter().flatten() {
                    deliver(&self.ears, *number, entry);
                }
            }
        }
        if let Some((user_id, false)) = movement {
            self.move_all(user_id, position, |registry, number| registry.leave(number, key), key, false);
        }
        self.tail = position;
    }

    /// Tells those concerned, each once, what is not in the log. Who is busy with other things misses it.
    pub(super) fn pass_on(&self, notice: &Arc<Notice>, audience: &Audience) {
        for number in self.hearing(audience) {
            if let Some(ear) = self.ears.get(&number) {
                whisper(ear, notice);
            }
        }
    }

    /// The listeners in an audience.
    fn hearing(&self, audience: &Audience) -> HashSet<u64> {
        let in_chatrooms = audience.chatrooms.iter().filter_map(|key| self.by_chatroom.get(key)).flatten();
        let in_person = audience.people.iter().flat_map(|(user_id, key)| {
            let ears = self.by_user.get(user_id).into_iter().flatten();
            ears.filter(move |number| self.listens_to(**number, *key))
        });
        let mut numbers: HashSet<u64> = in_chatrooms.chain(in_person).copied().collect();
        for number in audience.causer.iter().filter_map(|user_id| self.by_user.get(user_id)).flatten() {
            if audience.tells_causer {
                numbers.insert(*number);
            } else {
                numbers.remove(number);
            }
        }
        numbers
    }

    fn listens_to(&self, number: u64, conversation: ConversationKey) -> bool {
        self.ears.get(&number).is_some_and(|ear| ear.only.is_none_or(|only| only == conversation))
    }

    fn tell_user(&self, user_id: UserId, entry: &Arc<Entry>) {
        for number in self.by_user.get(&user_id).into_iter().flatten() {
            deliver(&self.ears, *number, entry);
        }
    }

    fn move_all(
        &mut self,
        user_id: UserId,
        position: i64,
        step: impl Fn(&mut Self, u64),
        chatroom: ConversationKey,
        joined: bool,
    ) {
        let numbers: Vec<u64> = self.by_user.get(&user_id).into_iter().flatten().copied().collect();
        for number in numbers {
            if let Some(moved) = self.ears.get_mut(&number).and_then(|ear| ear.moved.as_mut()) {
                moved.insert(chatroom, (position, joined));
            }
            step(self, number);
        }
    }
}

fn take_out<K: std::hash::Hash + Eq>(index: &mut HashMap<K, HashSet<u64>>, key: &K, number: u64) {
    if let Some(numbers) = index.get_mut(key) {
        numbers.remove(&number);
        if numbers.is_empty() {
            index.remove(key);
        }
    }
}

/// Puts an entry into a mailbox. One that is full stays as it is: its owner goes back to the log.
fn deliver(ears: &HashMap<u64, Ear>, number: u64, entry: &Arc<Entry>) {
    let Some(ear) = ears.get(&number) else {
        return;
    };
    if ear.only.is_some_and(|only| only != entry.conversation.key) || ear.lags.load(Ordering::Relaxed) {
        return;
    }
    if let Err(TrySendError::Full(_)) = ear.mailbox.try_send(Heard::Entry(Arc::clone(entry))) {
        ear.lags.store(true, Ordering::Relaxed);
    }
}

/// Puts a notice into a mailbox, unless it is half full: the rest is kept for entries, which must not be missed.
fn whisper(ear: &Ear, notice: &Arc<Notice>) {
    let has_room = ear.mailbox.capacity() > MAILBOX / 2;
    if has_room && !ear.lags.load(Ordering::Relaxed) {
        // A listener who has just gone hears nothing.
        drop(ear.mailbox.try_send(Heard::Notice(Arc::clone(notice))));
    }
}
