//! Time that passes while one looks on.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::types::{Clock, Timestamp};

/// A clock that goes on by one step whenever somebody looks at it, and stands still at its end.
pub(super) struct Passing {
    now: AtomicI64,
    step: i64,
    end: i64,
}

impl Passing {
    /// From one point in time to another in so many steps.
    pub(super) fn between(start: Timestamp, end: Timestamp, steps: usize) -> Self {
        let (start, end) = (start.millis(), end.millis());
        let steps = i64::try_from(steps).unwrap_or(i64::MAX).max(1);
        Self { now: AtomicI64::new(start), step: (end - start) / steps, end }
    }
}

impl Clock for Passing {
    fn now(&self) -> Timestamp {
        let shown = self.now.fetch_add(self.step, Ordering::Relaxed);
        Timestamp::from_millis(shown.min(self.end))
    }
}
