//! A cache of messages: most reads are of the newest messages of a conversation, by all of its members.
//!
//! An index says which messages a page has, without a look at their rows; the rows that are remembered need not be read. A
//! page of 100 takes four fifths of the CPU for it, and a page of a history less than half: see `docs/performance.md`.
//!
//! What is read must be of one moment, or a cursor that was handed out with it would skip a change. So whoever changes a
//! message says so before the change can be seen, and again when it is committed or taken back. In between nobody remembers
//! anything, and nobody is given what was remembered after their own moment.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use diesel::QueryResult;
use foldhash::fast::RandomState;

use super::Message;
use crate::{store::Connection, types::MessageId};

/// The bytes after which a generation ends; there are two of them.
const GENERATION_BYTES: usize = 8 * 1024 * 1024;
/// What a message takes beside its texts.
const ROW_BYTES: usize =
    mem::size_of::<Message>() + 4 * mem::size_of::<usize>() + mem::size_of::<Remembered>();

/// The messages that this process caches, 16 MiB of them at most. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct MessageCache(Arc<RwLock<State>>);

type Generation = HashMap<MessageId, Remembered, RandomState>;

/// When the young generation is full it becomes the old one, and what was old is forgotten, unless it was asked for since.
#[derive(Debug, Default)]
struct State {
    young: Generation,
    young_bytes: usize,
    old: Generation,
    /// How many changes have begun, and have ended.
    version: u64,
    /// How many have begun and not ended.
    under_way: usize,
}

#[derive(Clone, Debug)]
struct Remembered {
    message: Arc<Message>,
    /// When it was remembered.
    version: u64,
}

impl MessageCache {
    /// Reads messages in a transaction that has not begun to read.
    #[must_use]
    pub fn reader(&self) -> MessageReader {
        MessageReader { cache: self.clone(), version: self.read().version }
    }

    /// Says that a message is going to be changed. To be kept until that is committed or taken back.
    pub fn changing(&self, id: MessageId) -> Changing {
        let mut state = self.write();
        state.version += 1;
        state.under_way += 1;
        state.young.remove(&id);
        state.old.remove(&id);
        Changing(self.clone())
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change that can still be taken back.
#[derive(Debug)]
#[must_use]
pub struct Changing(MessageCache);

impl Drop for Changing {
    fn drop(&mut self) {
        let mut state = self.0.write();
        state.version += 1;
        state.under_way -= 1;
    }
}

impl State {
    fn find(&self, id: MessageId, version: u64) -> Found {
        let (found, is_old) = match (self.young.get(&id), self.old.get(&id)) {
            (Some(found), _) => (found, false),
            (None, Some(found)) => (found, true),
            (None, None) => return Found::Nothing,
        };
        match found.version <= version {
            true if is_old => Found::Old(Arc::clone(&found.message)),
            true => Found::Young(Arc::clone(&found.message)),
            false => Found::Nothing,
        }
    }

    /// Remembers what was read since a turn; gives back what is forgotten for it.
    fn remember(&mut self, version: u64, messages: &[Arc<Message>]) -> Generation {
        // Somebody may have changed it since.
        if self.version != version || self.under_way > 0 {
            return Generation::default();
        }
        for message in messages {
            let remembered = Remembered { message: Arc::clone(message), version };
            if self.young.insert(message.id, remembered).is_none() {
                self.young_bytes += ROW_BYTES + message.text.as_str().len();
            }
        }
        if self.young_bytes < GENERATION_BYTES {
            return Generation::default();
        }
        self.young_bytes = 0;
        mem::replace(&mut self.old, mem::take(&mut self.young))
    }
}

enum Found {
    Young(Arc<Message>),
    /// It is forgotten soon, unless it is remembered anew.
    Old(Arc<Message>),
    Nothing,
}

/// Reads messages, from memory where it can.
#[derive(Clone, Debug)]
pub struct MessageReader {
    cache: MessageCache,
    version: u64,
}

impl MessageReader {
    /// Those of the messages that exist, in the order of their ids; `read` reads those that are not remembered.
    pub fn find_each(
        &self,
        connection: &mut Connection,
        ids: &[MessageId],
        read: impl FnOnce(&mut Connection, &[MessageId]) -> QueryResult<Vec<Message>>,
    ) -> QueryResult<Vec<Arc<Message>>> {
        let Remains { cached, mut again, missing } = self.look_up(ids);
        if missing.is_empty() {
            self.remember(&again);
            return Ok(cached);
        }
        let read: Vec<_> = read(connection, &missing)?.into_iter().map(Arc::new).collect();
        again.extend_from_slice(&read);
        self.remember(&again);
        let all = cached.into_iter().chain(read).map(|message| (message.id, message));
        let mut all: HashMap<_, _, RandomState> = all.collect();
        Ok(ids.iter().filter_map(|id| all.remove(id)).collect())
    }

    fn look_up(&self, ids: &[MessageId]) -> Remains {
        let state = self.cache.read();
        let cached = Vec::with_capacity(ids.len());
        let mut remains = Remains { cached, again: Vec::new(), missing: Vec::new() };
        for id in ids {
            match state.find(*id, self.version) {
                Found::Young(message) => remains.cached.push(message),
                Found::Old(message) => {
                    remains.again.push(Arc::clone(&message));
                    remains.cached.push(message);
                }
                Found::Nothing => remains.missing.push(*id),
            }
        }
        remains
    }

    /// Remembers messages that were read, or were written and have been committed.
    pub fn remember(&self, messages: &[Arc<Message>]) {
        if messages.is_empty() {
            return;
        }
        // In two steps: what is forgotten is freed when the lock is no longer held.
        let forgotten = self.cache.write().remember(self.version, messages);
        drop(forgotten);
    }
}

/// What is remembered of messages, and what is not.
struct Remains {
    cached: Vec<Arc<Message>>,
    /// Those of the known that are forgotten soon, unless they are remembered anew.
    again: Vec<Arc<Message>>,
    missing: Vec<MessageId>,
}
