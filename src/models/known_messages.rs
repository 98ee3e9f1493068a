//! Messages that were read already: most of what is read are the newest of a conversation, by everybody who is in it.
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

/// The messages that this process remembers, 16 MiB of them at most. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct KnownMessages(Arc<RwLock<Kept>>);

type Generation = HashMap<MessageId, Remembered, RandomState>;

/// When the young generation is full it becomes the old one, and what was old is forgotten, unless it was asked for since.
#[derive(Debug, Default)]
struct Kept {
    young: Generation,
    young_bytes: usize,
    old: Generation,
    /// How many changes have begun, and have ended.
    turn: u64,
    /// How many have begun and not ended.
    under_way: usize,
}

#[derive(Clone, Debug)]
struct Remembered {
    message: Arc<Message>,
    /// When it was remembered.
    turn: u64,
}

impl KnownMessages {
    /// Reads messages in a transaction that has not begun to read.
    #[must_use]
    pub fn reader(&self) -> MessageReader {
        MessageReader { known: self.clone(), turn: self.read().turn }
    }

    /// Says that a message is going to be changed. To be kept until that is committed or taken back.
    pub fn changing(&self, id: MessageId) -> Changing {
        let mut kept = self.write();
        kept.turn += 1;
        kept.under_way += 1;
        kept.young.remove(&id);
        kept.old.remove(&id);
        Changing(self.clone())
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change that can still be taken back.
#[derive(Debug)]
#[must_use]
pub struct Changing(KnownMessages);

impl Drop for Changing {
    fn drop(&mut self) {
        let mut kept = self.0.write();
        kept.turn += 1;
        kept.under_way -= 1;
    }
}

impl Kept {
    fn find(&self, id: MessageId, turn: u64) -> Found {
        let (found, is_old) = match (self.young.get(&id), self.old.get(&id)) {
            (Some(found), _) => (found, false),
            (None, Some(found)) => (found, true),
            (None, None) => return Found::Nothing,
        };
        match found.turn <= turn {
            true if is_old => Found::Old(Arc::clone(&found.message)),
            true => Found::Young(Arc::clone(&found.message)),
            false => Found::Nothing,
        }
    }

    /// Remembers what was read since a turn; gives back what is forgotten for it.
    fn remember(&mut self, turn: u64, messages: &[Arc<Message>]) -> Generation {
        // Somebody may have changed it since.
        if self.turn != turn || self.under_way > 0 {
            return Generation::default();
        }
        for message in messages {
            let remembered = Remembered { message: Arc::clone(message), turn };
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
    known: KnownMessages,
    turn: u64,
}

impl MessageReader {
    /// Those of the messages that exist, in the order of their ids; `read` reads those that are not remembered.
    pub fn find_each(
        &self,
        connection: &mut Connection,
        ids: &[MessageId],
        read: impl FnOnce(&mut Connection, &[MessageId]) -> QueryResult<Vec<Message>>,
    ) -> QueryResult<Vec<Arc<Message>>> {
        let Remains { known, mut again, missing } = self.look_up(ids);
        if missing.is_empty() {
            self.remember(&again);
            return Ok(known);
        }
        let read: Vec<_> = read(connection, &missing)?.into_iter().map(Arc::new).collect();
        again.extend_from_slice(&read);
        self.remember(&again);
        let all = known.into_iter().chain(read).map(|message| (message.id, message));
        let mut all: HashMap<_, _, RandomState> = all.collect();
        Ok(ids.iter().filter_map(|id| all.remove(id)).collect())
    }

    fn look_up(&self, ids: &[MessageId]) -> Remains {
        let kept = self.known.read();
        let known = Vec::with_capacity(ids.len());
        let mut remains = Remains { known, again: Vec::new(), missing: Vec::new() };
        for id in ids {
            match kept.find(*id, self.turn) {
                Found::Young(message) => remains.known.push(message),
                Found::Old(message) => {
                    remains.again.push(Arc::clone(&message));
                    remains.known.push(message);
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
        let forgotten = self.known.write().remember(self.turn, messages);
        drop(forgotten);
    }
}

/// What is remembered of messages, and what is not.
struct Remains {
    known: Vec<Arc<Message>>,
    /// Those of the known that are forgotten soon, unless they are remembered anew.
    again: Vec<Arc<Message>>,
    missing: Vec<MessageId>,
}
