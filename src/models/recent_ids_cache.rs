//! A cache of the ids of the newest messages to a recipient: every page that is opened begins with them.
//!
//! To ask the index takes a quarter of such a page (see `docs/performance.md`); here it is remembered as long as nothing is
//! sent to the recipient. Only ids are: what the messages say is another matter (`message_cache`).
//!
//! A list must be of the moment that its reader reads in, or a cursor that was handed out with it would skip a message. So
//! whoever sends says so before the message can be seen, and again when it is committed or taken back. In between nobody
//! remembers a list of that recipient, and nobody is given one that was remembered after their own moment. A reader's moment
//! must have begun before they look here: else a message could come between the two.

#[cfg(test)]
mod tests;

use std::{
    array,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use diesel::QueryResult;
use foldhash::fast::RandomState;

use crate::{
    store::Connection,
    types::{MessageId, RecipientKey, UserId},
};

/// Recipients are told apart by so many locks.
const STRIPES: usize = 64;
/// The most lists behind one lock, 4 MiB behind all. When there would be more, all of them go.
const MOST: usize = 40;
/// The most ids in a list that is remembered.
const LONGEST: usize = 101;

/// The lists of ids that this process caches. Cheap to clone.
#[derive(Clone)]
pub struct RecentIdsCache(Arc<[Mutex<Stripe>; STRIPES]>);

/// The newest messages of a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecentIdsKey {
    /// Who they were sent to.
    pub recipient_id: RecipientKey,
    /// Only those of this sender.
    pub sender_id: Option<UserId>,
    /// How many there are at most.
    pub count: i64,
}

#[derive(Debug, Default)]
struct Stripe {
    lists: HashMap<RecentIdsKey, Remembered, RandomState>,
    /// How often somebody began to send, and ended.
    version: u64,
    /// How many have begun and not ended.
    under_way: usize,
}

#[derive(Debug)]
struct Remembered {
    ids: Vec<MessageId>,
    /// When it was remembered.
    version: u64,
}

impl RecentIdsCache {
    /// Reads lists of a recipient in a transaction that has not begun to read.
    #[must_use]
    pub fn reader(&self, recipient_id: RecipientKey) -> RecentIdsReader {
        RecentIdsReader { cache: self.clone(), version: self.stripe(recipient_id).version }
    }

    /// Says that messages are going to be sent. To be kept until that is committed or taken back.
    pub fn sending(&self, recipient_ids: impl IntoIterator<Item = RecipientKey>) -> Sending {
        let recipient_ids: Vec<_> = recipient_ids.into_iter().collect();
        for recipient_id in &recipient_ids {
            let mut stripe = self.stripe(*recipient_id);
            stripe.version += 1;
            stripe.under_way += 1;
            stripe.lists.retain(|list, _| list.recipient_id != *recipient_id);
        }
        Sending { cache: self.clone(), recipient_ids }
    }

    fn stripe(&self, recipient_id: RecipientKey) -> MutexGuard<'_, Stripe> {
        // An id ends with what was drawn by lot.
        let number = usize::from(recipient_id.uuid().as_bytes()[15]) % STRIPES;
        self.0[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for RecentIdsCache {
    fn default() -> Self {
        Self(Arc::new(array::from_fn(|_| Mutex::default())))
    }
}

impl fmt::Debug for RecentIdsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentIdsCache").finish_non_exhaustive()
    }
}

/// Messages that can still be taken back.
#[derive(Debug)]
#[must_use]
pub struct Sending {
    cache: RecentIdsCache,
    recipient_ids: Vec<RecipientKey>,
}

impl Drop for Sending {
    fn drop(&mut self) {
        for recipient_id in &self.recipient_ids {
            let mut stripe = self.cache.stripe(*recipient_id);
            stripe.version += 1;
            stripe.under_way -= 1;
        }
    }
}

/// Reads lists of a recipient, from memory where it can.
#[derive(Clone, Debug)]
pub struct RecentIdsReader {
    cache: RecentIdsCache,
    version: u64,
}

impl RecentIdsReader {
    /// The ids of a list; `read` reads it when it is not remembered. Something must have been read in the transaction before.
    pub fn find(
        &self,
        connection: &mut Connection,
        key: RecentIdsKey,
        read: impl FnOnce(&mut Connection) -> QueryResult<Vec<MessageId>>,
    ) -> QueryResult<Vec<MessageId>> {
        if let Some(ids) = self.recall(key) {
            return Ok(ids);
        }
        let ids = read(connection)?;
        self.remember(key, &ids);
        Ok(ids)
    }

    fn recall(&self, key: RecentIdsKey) -> Option<Vec<MessageId>> {
        let stripe = self.cache.stripe(key.recipient_id);
        let remembered = stripe.lists.get(&key)?;
        (remembered.version <= self.version).then(|| remembered.ids.clone())
    }

    fn remember(&self, key: RecentIdsKey, ids: &[MessageId]) {
        let mut stripe = self.cache.stripe(key.recipient_id);
        // Somebody may have sent something since.
        if stripe.version != self.version || stripe.under_way > 0 || ids.len() > LONGEST {
            return;
        }
        if stripe.lists.len() >= MOST {
            stripe.lists.clear();
        }
        stripe.lists.insert(key, Remembered { ids: ids.to_vec(), version: self.version });
    }
}
