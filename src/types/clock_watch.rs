//! Notices that the machine's clock was set.

use std::time::{Duration, Instant};

use super::{Clock, Timestamp};

/// By how much the clock may drift, or be slewed, between two looks.
const TOLERANCE: Duration = Duration::from_secs(5);

/// Compares the clock, which somebody may set, with the time that has passed.
#[derive(Clone, Copy, Debug)]
pub struct ClockWatch {
    now: Timestamp,
    instant: Instant,
}

impl ClockWatch {
    /// Watches from now on.
    #[must_use]
    pub fn begin(clock: &dyn Clock) -> Self {
        Self { now: clock.now(), instant: clock.instant() }
    }

    /// By how many milliseconds the clock was set since the last look, forward or, below 0, back; `None` when it was not.
    pub fn step(&mut self, clock: &dyn Clock) -> Option<i64> {
        let before = std::mem::replace(self, Self::begin(clock));
        let passed = self.instant.saturating_duration_since(before.instant).as_millis();
        let shown = self.now.millis().saturating_sub(before.now.millis());
        let step = shown.saturating_sub(i64::try_from(passed).unwrap_or(i64::MAX));
        (u128::from(step.unsigned_abs()) > TOLERANCE.as_millis()).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    struct Shown(Mutex<(Timestamp, Instant)>);

    impl Clock for Shown {
        fn now(&self) -> Timestamp {
            self.0.lock().expect("nobody panicked").0
        }

        fn instant(&self) -> Instant {
            self.0.lock().expect("nobody panicked").1
        }
    }

    #[test]
    fn a_clock_that_was_set_is_noticed_once() {
        let start = Instant::now();
        let clock = Shown(Mutex::new((Timestamp::from_millis(0), start)));
        let mut watch = ClockWatch::begin(&clock);
        let mut look = |shown: i64, passed: u64| {
            let shown = (Timestamp::from_millis(shown), start + Duration::from_millis(passed));
            *clock.0.lock().expect("nobody panicked") = shown;
            watch.step(&clock)
        };
        assert_eq!(look(60_000, 60_000), None);
        assert_eq!(look(124_000, 120_000), None, "it drifts");
        assert_eq!(look(1_000_184_000, 180_000), Some(1_000_000_000));
        assert_eq!(look(1_000_244_000, 240_000), None);
        assert_eq!(look(300_000, 300_000), Some(-1_000_004_000));
    }
}
