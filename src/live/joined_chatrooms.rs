//! The chatrooms that a user has joined.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::types::ConversationKey;

/// The chatrooms that a user has joined, as far as the log was published: one set for all of their listeners.
/// Followers check it as well, before they send an event that has waited.
#[derive(Debug, Default)]
pub(super) struct JoinedChatrooms(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    published: Arc<HashSet<ConversationKey>>,
    /// Chatrooms that they were in at a position of the log that was not told yet: a listener who came last has read it.
    ahead: HashMap<ConversationKey, i64>,
}

impl JoinedChatrooms {
    pub(super) fn contains(&self, chatroom: ConversationKey) -> bool {
        let rooms = self.lock();
        rooms.published.contains(&chatroom) || rooms.ahead.contains_key(&chatroom)
    }

    /// The set as it is now. While somebody holds it, the next change copies it.
    pub(super) fn published(&self) -> Arc<HashSet<ConversationKey>> {
        Arc::clone(&self.lock().published)
    }

    /// They were in these chatrooms at a position that will be told after the tail. They may leave one of them before it, and
    /// be back by then.
    pub(super) fn read_ahead(&self, chatrooms: &[ConversationKey], position: i64, tail: i64) {
        let mut rooms = self.lock();
        rooms.ahead.retain(|_, known| *known > tail);
        for chatroom in chatrooms {
            let known = rooms.ahead.entry(*chatroom).or_insert(position);
            *known = position.max(*known);
        }
    }

    pub(super) fn insert(&self, chatroom: ConversationKey) {
        Arc::make_mut(&mut self.lock().published).insert(chatroom);
    }

    /// They have left a chatroom at a position. Where they are known to be in it later, they will be back.
    pub(super) fn remove(&self, chatroom: ConversationKey, position: i64) {
        let mut rooms = self.lock();
        Arc::make_mut(&mut rooms.published).remove(&chatroom);
        if rooms.ahead.get(&chatroom).is_some_and(|known| *known <= position) {
            rooms.ahead.remove(&chatroom);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
