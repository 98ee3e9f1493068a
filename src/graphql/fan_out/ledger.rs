//! The subscriptions that run: whose they are, and which documents are kept for them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest, Sha256};

use super::plan::Plan;
use crate::{
    graphql::{
        document::Document,
        error::{ErrorCode, RequestError},
        limits::{MAX_PLAN_BYTES, MAX_PLAN_BYTES_OF_USER},
    },
    types::UserId,
};

/// The SHA-256 of a document and the name of its operation.
type Key = [u8; 32];

/// A subscription that is to be kept: its document, as it was sent and as it was read.
pub(in crate::graphql) struct Subscribed {
    pub(in crate::graphql) text: Arc<str>,
    pub(in crate::graphql) operation_name: Option<String>,
    pub(in crate::graphql) document: Arc<Document>,
    /// How many values each event may give.
    pub(in crate::graphql) values: usize,
}

/// How much may be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Subscriptions of one user.
    pub(super) subscriptions: usize,
    /// Bytes of the documents of one user's subscriptions.
    pub(super) bytes_of_user: usize,
    /// Bytes of all documents.
    pub(super) bytes: usize,
}

/// The subscriptions that run, and their plans, each once.
#[derive(Debug)]
pub(super) struct Ledger {
    bounds: Bounds,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    plans: HashMap<Key, Shared>,
    bytes: usize,
    people: HashMap<UserId, Person>,
}

/// A plan, and how many subscriptions follow it.
#[derive(Debug)]
struct Shared {
    plan: Arc<Plan>,
    followers: usize,
}

/// Somebody's subscriptions, by their plans.
#[derive(Debug, Default)]
struct Person {
    followed: HashMap<Key, usize>,
    bytes: usize,
}

/// One subscription's place in the ledger, and its plan; both go when it is dropped.
pub(in crate::graphql) struct Entered {
    pub(super) plan: Arc<Plan>,
    ledger: Arc<Ledger>,
    user_id: UserId,
    key: Key,
}

impl Ledger {
    /// An empty one, for so many subscriptions of each user.
    pub(super) fn new(subscriptions: usize) -> Self {
        let (bytes_of_user, bytes) = (MAX_PLAN_BYTES_OF_USER, MAX_PLAN_BYTES);
        Self::within(Bounds { subscriptions, bytes_of_user, bytes })
    }

    fn within(bounds: Bounds) -> Self {
        Self { bounds, state: Mutex::default() }
    }

    /// Enters a subscription of somebody; refuses one that is too many. `None` when its document has no such
    /// operation.
    pub(super) fn enter(
        self: &Arc<Self>,
        user_id: UserId,
        subscribed: &Subscribed,
    ) -> Result<Option<Entered>, RequestError> {
        let name = subscribed.operation_name.as_deref();
        let key = key(&subscribed.text, name);
        let known = self.lock().plans.get(&key).map(|shared| Arc::clone(&shared.plan));
        // Made without the lock: others need not wait for it.
        let made = || Plan::of(&subscribed.text, name, &subscribed.document.content).map(Arc::new);
        let Some(plan) = known.or_else(made) else { return Ok(None) };
        self.lock().enter(self.bounds, user_id, key, &plan)?;
        Ok(Some(Entered { plan, ledger: Arc::clone(self), user_id, key }))
    }

    /// How many subscriptions run, and how many bytes are kept for them.
    pub(super) fn kept(&self) -> (usize, usize) {
        let state = self.lock();
        (state.plans.values().map(|shared| shared.followers).sum(), state.bytes)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn enter(
        &mut self,
        bounds: Bounds,
        user_id: UserId,
        key: Key,
        plan: &Arc<Plan>,
    ) -> Result<(), RequestError> {
        let bytes = plan.bytes();
        let person = self.people.get(&user_id);
        let (subscriptions, own) =
            person.map_or((0, 0), |person| (person.followed.values().sum(), person.bytes));
        let is_new_to_them = person.is_none_or(|person| !person.followed.contains_key(&key));
        let most = bounds.subscriptions;
        if subscriptions >= most {
            return Err(too_many(format!(
                "{most} subscriptions of this user run (serverInfo.limits.userSubscriptions); end one of them first"
            )));
        }
        if is_new_to_them && own + bytes > bounds.bytes_of_user {
            return Err(too_many(format!(
                "the documents of this user's subscriptions would have more than {} bytes; subscribe with the same document \
                 and other variables, or end some of them first",
                bounds.bytes_of_user
            )));
        }
        if !self.plans.contains_key(&key) && self.bytes + bytes > bounds.bytes {
            return Err(too_many(format!(
                "the documents of all subscriptions on this server would have more than {} bytes; try again later",
                bounds.bytes
            )));
        }
        self.add(user_id, key, plan);
        Ok(())
    }

    fn add(&mut self, user_id: UserId, key: Key, plan: &Arc<Plan>) {
        let bytes = plan.bytes();
        let shared = self.plans.entry(key).or_insert_with(|| {
            self.bytes += bytes;
            Shared { plan: Arc::clone(plan), followers: 0 }
        });
        shared.followers += 1;
        let person = self.people.entry(user_id).or_default();
        let followed = person.followed.entry(key).or_insert_with(|| {
            person.bytes += bytes;
            0
        });
        *followed += 1;
    }

    fn remove(&mut self, user_id: UserId, key: Key) {
        let Some(shared) = self.plans.get_mut(&key) else { return };
        let bytes = shared.plan.bytes();
        shared.followers -= 1;
        if shared.followers == 0 {
            self.plans.remove(&key);
            self.bytes -= bytes;
        }
        let Some(person) = self.people.get_mut(&user_id) else { return };
        if let Some(followed) = person.followed.get_mut(&key) {
            *followed -= 1;
            if *followed == 0 {
                person.followed.remove(&key);
                person.bytes -= bytes;
            }
        }
        if person.followed.is_empty() {
            self.people.remove(&user_id);
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.ledger.lock().remove(self.user_id, self.key);
    }
}

fn key(text: &str, operation_name: Option<&str>) -> Key {
    let mut hash = Sha256::new();
    hash.update(text);
    if let Some(name) = operation_name {
        // No document holds this byte.
        hash.update([0]);
        hash.update(name);
    }
    hash.finalize().into()
}

fn too_many(message: String) -> RequestError {
    RequestError::new(ErrorCode::TooManyOperations, message)
}

#[cfg(test)]
mod tests;
