//! A clock that moves when a story says so.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use messenger::types::{Clock, Timestamp};

/// Starts at noon of 2026-01-31, UTC.
#[derive(Debug)]
pub struct StageClock(AtomicI64);

const NOON: i64 = 1_769_860_800_000;

impl Default for StageClock {
    fn default() -> Self {
        Self(AtomicI64::new(NOON))
    }
}

impl StageClock {
    pub fn forward(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("a span");
        self.set(Timestamp::from_millis(self.now().millis() + millis));
    }

    pub fn back(&self, span: Duration) {
        self.set(self.now().before(span));
    }

    fn set(&self, time: Timestamp) {
        self.0.store(time.millis(), Ordering::SeqCst);
    }
}

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
