//! Keys that one request asks for, loaded together.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use futures_util::{
    FutureExt, StreamExt,
    future::{BoxFuture, Shared, WeakShared},
    stream::FuturesUnordered,
};
use tokio::task::yield_now;

use super::Key;
use crate::{app::App, domain::DomainError};

/// The most rows of one batch, those of the largest page: what goes beyond is loaded in batches of its own, one after the other.
/// So no read is longer than that of a page, and the rows of one batch can go before those of the next one come.
const MOST_ROWS: u32 = 1_000;

/// The batches of keys of one kind, of one request.
pub(in crate::graphql) struct Batches<K: Key> {
    /// The one that takes more keys, if any does.
    open: Mutex<Option<Batch<K>>>,
    /// Which of them is loading; made when there is one.
    turn: OnceLock<Arc<tokio::sync::Mutex<()>>>,
}

impl<K: Key> Default for Batches<K> {
    fn default() -> Self {
        Self { open: Mutex::default(), turn: OnceLock::new() }
    }
}

impl<K: Key> Batches<K> {
    /// Loads the value of a key, with the keys that others ask for at the same time.
    pub(super) async fn load(&self, app: &App, key: K) -> Result<Option<K::Value>, Arc<DomainError>> {
        let found = self.join(app, &key).await?;
        Ok(found.get(&key).cloned())
    }

    /// The batch in which a key is loaded.
    fn join(&self, app: &App, key: &K) -> Shared<Loading<K>> {
        let mut open = lock(&self.open);
        if let Some(loading) = open.as_ref().and_then(|batch| batch.take_in(key)) {
            return loading;
        }
        let keys = Arc::new(Mutex::new(Some(Keys::of(key.clone()))));
        let turn = Arc::clone(self.turn.get_or_init(Arc::default));
        let loading = load(app.clone(), Arc::clone(&keys), turn).boxed().shared();
        *open = loading.downgrade().map(|loading| Batch { keys, loading });
        loading
    }
}

/// What comes of a batch. What is loaded is dropped when everybody has taken theirs.
type Loading<K> = BoxFuture<'static, Result<Found<K>, Arc<DomainError>>>;
type Found<K> = Arc<HashMap<K, <K as Key>::Value>>;

struct Batch<K: Key> {
    /// `None` when they are being loaded.
    keys: Arc<Mutex<Option<Keys<K>>>>,
    loading: WeakShared<Loading<K>>,
}

struct Keys<K> {
    distinct: HashSet<K>,
    rows: u32,
    /// How often one of them was asked for.
    asked: usize,
}

impl<K: Key> Batch<K> {
    /// Takes one key more, unless it is full or loading, or nobody waits for it any more.
    fn take_in(&self, key: &K) -> Option<Shared<Loading<K>>> {
        let loading = self.loading.upgrade()?;
        lock(&self.keys).as_mut()?.add(key).then_some(loading)
    }
}

impl<K: Key> Keys<K> {
    fn of(key: K) -> Self {
        Self { rows: key.rows(), distinct: HashSet::from([key]), asked: 1 }
    }

    fn add(&mut self, key: &K) -> bool {
        let more = if self.distinct.contains(key) { 0 } else { key.rows() };
        if self.rows.saturating_add(more) > MOST_ROWS {
            return false;
        }
        self.rows += more;
        self.asked += 1;
        self.distinct.insert(key.clone());
        true
    }
}

/// Loads a batch when no more keys come.
async fn load<K: Key>(
    app: App,
    keys: Arc<Mutex<Option<Keys<K>>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
) -> Result<Found<K>, Arc<DomainError>> {
    // The fields of a page ask in one go, unless there are so many that they let other tasks run in between.
    let asked = || lock(&keys).as_ref().map_or(0, |keys| keys.asked);
    let mut before = 0;
    while before != asked() {
        before = asked();
        next_turn().await;
    }
    let _turn = turn.lock().await;
    let keys = lock(&keys).take().map(|keys| keys.distinct.into_iter().collect());
    K::load(&app, keys.unwrap_or_default()).await.map(Arc::new).map_err(Arc::new)
}

/// Returns when all tasks have had a turn. Everybody who waits for a batch polls it, so `yield_now` alone would return at the second
/// poll of the same turn; in its set it is polled only when it was woken.
async fn next_turn() {
    FuturesUnordered::from_iter([yield_now()]).next().await;
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
