//! A clock that moves when a story says so.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use messenger::types::{Clock, Timestamp};
use tokio::sync::watch;

/// Starts at noon of 2026-01-31, UTC.
#[derive(Debug)]
pub struct TestClock {
    time: AtomicI64,
    start: Instant,
    /// How far it was moved forward; going back does not take from it.
    elapsed: watch::Sender<Duration>,
}

const NOON: i64 = 1_769_860_800_000;

impl Default for TestClock {
    fn default() -> Self {
        let (time, elapsed) = (AtomicI64::new(NOON), watch::Sender::default());
        Self { time, start: Instant::now(), elapsed }
    }
}

impl TestClock {
    pub fn forward(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("a span");
        self.set(Timestamp::from_millis(self.now().millis() + millis));
        self.elapsed.send_modify(|elapsed| *elapsed += span);
    }

    pub fn back(&self, span: Duration) {
        self.set(self.now().before(span));
    }

    fn set(&self, time: Timestamp) {
        self.time.store(time.millis(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.time.load(Ordering::SeqCst))
    }

    fn instant(&self) -> Instant {
        self.start + *self.elapsed.borrow()
    }

    fn wait_until(&self, then: Instant) -> BoxFuture<'static, ()> {
        let (start, mut elapsed) = (self.start, self.elapsed.subscribe());
        async move { drop(elapsed.wait_for(|elapsed| start + *elapsed >= then).await) }.boxed()
    }
}
