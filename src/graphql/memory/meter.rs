//! What one answer may take, and how much of it it has taken.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use async_graphql::parser::types::OperationType;
use tokio::{
    task::coop::{consume_budget, has_budget_remaining},
    time::{Instant, timeout_at},
};

use super::{
    budget::{Budget, Reservation},
    given_up::GivenUp,
};
use crate::{config::Limits, rates::RateKey};

/// What a value in the library's tree takes beside a long text: a place in a map with its key (about 100 bytes), and a short text
/// such as an id.
const VALUE_BYTES: usize = 160;

/// So many values cost one unit of a task's budget, of which it has 128 each time it runs: it lets others run after 1,024 values,
/// which take about 0.3 ms.
const PASSES: usize = 8;

/// Counts the bytes of one answer and the memory that it takes. Part of the request's data.
///
/// Whoever writes a part of the answer counts it here. What is refused once is refused for good: the whole answer is given up.
#[derive(Debug)]
pub(in crate::graphql) struct Meter {
    kind: OperationType,
    most: usize,
    seconds: usize,
    deadline: Instant,
    /// The bytes of the answer's JSON, as far as they are known before it is written as a whole.
    written: AtomicUsize,
    /// The memory that is taken.
    taken: AtomicUsize,
    reservation: Reservation,
    /// The values of the library's tree.
    passed: AtomicUsize,
    given_up: OnceLock<GivenUp>,
}

impl Meter {
    /// For an answer that begins now, to an operation of this kind, and to somebody who is counted like this. That to a
    /// subscription is the answer to one event.
    pub(in crate::graphql) fn start(
        kind: OperationType,
        limits: &Limits,
        budget: &Arc<Budget>,
        holder: Option<RateKey>,
    ) -> Arc<Self> {
        let seconds = limits.execution_seconds;
        Arc::new(Self {
            kind,
            most: limits.answer_bytes,
            seconds,
            deadline: Instant::now() + Duration::from_secs(seconds as u64),
            written: AtomicUsize::new(0),
            taken: AtomicUsize::new(0),
            reservation: Reservation::none(Arc::clone(budget), holder),
            passed: AtomicUsize::new(0),
            given_up: OnceLock::new(),
        })
    }

    /// What kind of operation is answered.
    pub(in crate::graphql) fn kind(&self) -> OperationType {
        self.kind
    }

    /// The most bytes that the answer may have.
    pub(in crate::graphql) fn most(&self) -> usize {
        self.most
    }

    /// How much memory is taken.
    pub(in crate::graphql) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Whether some of the memory is reserved, and so has to be given back.
    pub(in crate::graphql) fn is_reserving(&self) -> bool {
        self.reservation.bytes() > 0
    }

    /// Counts bytes of the answer that have been written, or are going to be.
    pub(in crate::graphql) fn write(&self, bytes: usize) -> Result<(), GivenUp> {
        let written = self.written.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if written > self.most {
            return Err(self.refuse_size());
        }
        Ok(())
    }

    /// Takes back what was counted of a part of the answer that is written in another way after all.
    pub(in crate::graphql) fn forget(&self, written: usize, taken: usize) {
        self.written.fetch_sub(written, Ordering::Relaxed);
        self.free(taken);
    }

    /// Counts memory that has been taken.
    pub(in crate::graphql) fn take(&self, bytes: usize) -> Result<(), GivenUp> {
        let taken = self.taken.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.reservation.resize(taken).map_err(|full| self.give_up(GivenUp::Overloaded(full)))
    }

    /// Counts memory that has become free.
    pub(in crate::graphql) fn free(&self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        let taken = self.taken.fetch_sub(bytes, Ordering::Relaxed) - bytes;
        // Less is never refused.
        let _ = self.reservation.resize(taken);
    }

    /// Counts memory that is taken until what is given back is dropped.
    pub(in crate::graphql) fn hold(&self, bytes: usize) -> Result<Held<'_>, GivenUp> {
        let held = Held { meter: self, bytes };
        self.take(bytes).map(|()| held)
    }

    /// Counts a value of the library's tree, and lets other tasks run after some: the library comes to each field of a page in
    /// one go.
    pub(in crate::graphql) async fn pass(&self) {
        if self.take(VALUE_BYTES).is_err() {
            self.stop::<()>().await;
        }
        let passed = self.passed.fetch_add(1, Ordering::Relaxed);
        if passed.is_multiple_of(PASSES) || !has_budget_remaining() {
            consume_budget().await;
        }
    }

    /// Waits for the end of a request that has been given up: whoever watches it ends it.
    pub(in crate::graphql) async fn stop<T>(&self) -> T {
        debug_assert!(self.given_up.get().is_some(), "somebody gave up");
        std::future::pending().await
    }

    /// Whether the answer has been given up, or should have been ready by now.
    pub(in crate::graphql) fn check(&self) -> Result<(), GivenUp> {
        if let Some(given_up) = self.given_up.get() {
            return Err(*given_up);
        }
        if Instant::now() > self.deadline {
            return Err(self.give_up(GivenUp::TooLong { seconds: self.seconds }));
        }
        Ok(())
    }

    /// Gives up what has more bytes than it may have.
    pub(in crate::graphql) fn refuse_size(&self) -> GivenUp {
        self.give_up(GivenUp::TooLarge { most: self.most })
    }

    /// Waits for a turn and writes something long, while the other tasks of this thread run on another one.
    pub(in crate::graphql) async fn write_long<T>(&self, write: impl FnOnce() -> T) -> T {
        self.reservation.write_long(write).await
    }

    fn give_up(&self, why: GivenUp) -> GivenUp {
        *self.given_up.get_or_init(|| why)
    }

    /// Runs what makes the answer, until it is ready or given up. What was made by then is dropped.
    pub(in crate::graphql) async fn watch<T>(&self, running: impl Future<Output = T>) -> Result<T, GivenUp> {
        let mut running = pin!(running);
        let watched = poll_fn(|context| {
            let polled = running.as_mut().poll(context);
            match self.given_up.get() {
                Some(given_up) => Poll::Ready(Err(*given_up)),
                None => polled.map(Ok),
            }
        });
        timeout_at(self.deadline, watched)
            .await
            .unwrap_or_else(|_| Err(self.give_up(GivenUp::TooLong { seconds: self.seconds })))
    }
}

/// Memory that is taken for a while.
#[derive(Debug)]
pub(in crate::graphql) struct Held<'a> {
    meter: &'a Meter,
    bytes: usize,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.meter.free(self.bytes);
    }
}
