//! Buckets that nobody is refused by: whoever takes more than there is waits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::RateKey;
use crate::{config::Rate, types::Clock};

/// The buckets for one thing that is counted and not refused.
///
/// A bucket is kept as the time at which it will be full again (the generic cell rate algorithm,
/// <https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>). It may owe tokens, so whoever waits does so
/// once, and in turn.
pub(super) struct Pace {
    rate: Rate,
    clock: Arc<dyn Clock>,
    full_at: Mutex<HashMap<RateKey, Instant>>,
}

impl Pace {
    pub(super) fn new(rate: Rate, clock: Arc<dyn Clock>) -> Self {
        Self { rate, clock, full_at: Mutex::default() }
    }

    /// Takes so many tokens. Gives the time at which the bucket has them, when that is not now.
    pub(super) fn take(&self, rate_key: RateKey, count: u32) -> Option<Instant> {
        let now = self.clock.instant();
        let mut full_at = self.lock();
        let full = full_at.entry(rate_key).or_insert(now);
        *full = (*full).max(now) + self.time_of(count);
        let owed = (*full - now).saturating_sub(self.time_of(self.rate.burst.get()));
        (!owed.is_zero()).then(|| now + owed)
    }

    /// Forgets whose bucket is full.
    pub(super) fn evict_idle(&self) {
        let now = self.clock.instant();
        let mut full_at = self.lock();
        full_at.retain(|_, full| *full > now);
        full_at.shrink_to_fit();
    }

    /// In which time so many tokens come.
    fn time_of(&self, count: u32) -> Duration {
        Duration::from_secs(count.into()) / self.rate.per_second.get()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RateKey, Instant>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
