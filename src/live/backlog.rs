//! What waits in mailboxes. It is bounded in bytes for all listeners together: the oldest makes place for the
//! newest.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{EphemeralEvent, EventRecord, RenderedAnswers};

/// The most bytes of events, and of the answers to them that are shared, that wait for listeners: for all of
/// them together. At 1 KiB for a short message, a listener may be 32,000 events of the whole server behind
/// before they are sent back to the log, and 1,600 of the longest messages.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// About what an ephemeral event takes: somebody, and a conversation with the people in it.
const EPHEMERAL_BYTES: usize = 1_024;

/// How many slots are looked through at least before those that nobody waits for are taken out.
const COMPACT_AT: usize = 1_024;

/// What a slot holds.
#[derive(Clone)]
pub(super) enum Payload {
    Record(Arc<EventRecord>),
    Ephemeral(Arc<EphemeralEvent>),
}

/// A place for a payload. All mailboxes that it waits in share one slot.
pub(super) struct Slot {
    /// `None` when it had to make place.
    payload: Mutex<Option<Payload>>,
    /// Whether it must not be missed.
    pub(super) is_logged: bool,
}

/// Counts what waits for listeners. Cheap to clone.
#[derive(Clone)]
pub(super) struct Backlog(Arc<Inner>);

struct Inner {
    bytes: AtomicUsize,
    max_bytes: usize,
    waiting: Mutex<Waiting>,
}

struct Waiting {
    /// In the order in which they were told. Mailboxes own them; here are also those that nobody waits for
    /// any more.
    slots: VecDeque<Weak<Slot>>,
    compact_at: usize,
}

/// The bytes that something takes until it is dropped.
pub(super) struct Charge {
    backlog: Backlog,
    bytes: AtomicUsize,
}

impl Payload {
    fn answers(&self) -> &RenderedAnswers {
        match self {
            Self::Record(record) => &record.answers,
            Self::Ephemeral(event) => event.answers(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Record(record) => record.bytes(),
            Self::Ephemeral(_) => EPHEMERAL_BYTES,
        }
    }
}

impl Default for Backlog {
    fn default() -> Self {
        Self::of(MAX_BYTES)
    }
}

impl Backlog {
    fn of(max_bytes: usize) -> Self {
        let waiting = Mutex::new(Waiting { slots: VecDeque::new(), compact_at: COMPACT_AT });
        Self(Arc::new(Inner { bytes: AtomicUsize::new(0), max_bytes, waiting }))
    }

    /// A place for something that is told, to be put into mailboxes.
    pub(super) fn place(&self, payload: Payload) -> Arc<Slot> {
        let is_logged = matches!(payload, Payload::Record(_));
        payload.answers().charge_to(Charge::new(self, payload.bytes()));
        let slot = Arc::new(Slot { payload: Mutex::new(Some(payload)), is_logged });
        self.lock().add(Arc::downgrade(&slot));
        self.trim();
        slot
    }

    /// How many bytes wait.
    pub(super) fn bytes(&self) -> usize {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Empties the oldest slots until what waits is within its bound.
    fn trim(&self) {
        let mut over = self.bytes().saturating_sub(self.0.max_bytes);
        if over == 0 {
            return;
        }
        let mut waiting = self.lock();
        while over > 0
            && let Some(oldest) = waiting.slots.pop_front()
        {
            over = over.saturating_sub(oldest.upgrade().map_or(0, |slot| slot.empty()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn add(&mut self, slot: Weak<Slot>) {
        if self.slots.len() >= self.compact_at {
            self.slots.retain(|slot| slot.strong_count() > 0);
            self.compact_at = COMPACT_AT + 2 * self.slots.len();
        }
        self.slots.push_back(slot);
    }
}

impl Slot {
    /// What is told; `None` when it had to make place for what came later.
    pub(super) fn payload(&self) -> Option<Payload> {
        self.lock().clone()
    }

    /// Lets go of what is told; gives how many bytes it took.
    fn empty(&self) -> usize {
        let Some(payload) = self.lock().take() else { return 0 };
        payload.answers().close()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Payload>> {
        self.payload.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Charge {
    fn new(backlog: &Backlog, bytes: usize) -> Self {
        let charge = Self { backlog: backlog.clone(), bytes: AtomicUsize::new(0) };
        charge.add(bytes);
        charge
    }

    /// How many bytes it counts.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// It takes more than before; [`Self::trim`] is to follow.
    pub(super) fn add(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.backlog.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// It takes less than before.
    pub(super) fn shrink(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.backlog.0.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Lets older things make place, if there is too much.
    pub(super) fn trim(&self) {
        self.backlog.trim();
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.shrink(self.bytes());
    }
}

impl fmt::Debug for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Charge").field("bytes", &self.bytes()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::{RawValue, to_raw_value};

    use super::*;
    use crate::live::event_record::tests::record;

    fn answer(length: usize) -> Arc<RawValue> {
        to_raw_value(&"x".repeat(length)).expect("JSON").into()
    }

    /// Whether each of the slots still has what is told.
    fn full(slots: &[Arc<Slot>]) -> Vec<bool> {
        slots.iter().map(|slot| slot.payload().is_some()).collect()
    }

    #[test]
    fn the_oldest_makes_place_for_the_newest() {
        let each = record(1, 1_000).bytes();
        let backlog = Backlog::of(3 * each);
        let slots: Vec<_> =
            (1..=5).map(|position| backlog.place(Payload::Record(record(position, 1_000)))).collect();
        assert_eq!(full(&slots), [false, false, true, true, true]);
        assert_eq!(backlog.bytes(), 3 * each);
        drop(slots);
        assert_eq!(backlog.bytes(), 0, "what nobody waits for takes nothing");
    }

    #[tokio::test]
    async fn answers_that_are_shared_count() {
        let backlog = Backlog::of(100_000);
        let slots = [1, 2].map(|position| backlog.place(Payload::Record(record(position, 0))));
        let small = backlog.bytes();
        let payload = |place: usize| slots[place].payload().expect("it waits");
        let Payload::Record(older) = payload(0) else { panic!("a record") };
        let write = |length| move || Box::pin(async move { Some(Some(answer(length))) }) as _;
        older.answers.get_or_render(&[0; 32], write(60_000)).await.expect("it is shared");
        assert_eq!(backlog.bytes(), small + 60_002, "with its quotes");
        let Payload::Record(newer) = payload(1) else { panic!("a record") };
        newer.answers.get_or_render(&[0; 32], write(60_000)).await.expect("it is shared");
        assert_eq!(full(&slots), [false, true]);
        drop(older.answers.get_or_render(&[0; 32], write(1)).await);
        assert_eq!(backlog.bytes(), small + 60_002, "what made place keeps nothing any more");
        drop((older, newer, slots));
        assert_eq!(backlog.bytes(), 0);
    }

    #[test]
    fn slots_that_nobody_waits_for_are_taken_out() {
        let backlog = Backlog::of(MAX_BYTES);
        let slow = backlog.place(Payload::Record(record(0, 0)));
        for position in 1..10_000 {
            drop(backlog.place(Payload::Record(record(position, 0))));
        }
        assert!(backlog.lock().slots.len() <= COMPACT_AT + 3);
        assert!(slow.payload().is_some());
    }
}
