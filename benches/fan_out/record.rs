//! What the subscribers received, and when.

use std::{
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::timeout};

use crate::Outcome;

/// The receipts of all subscribers: which message, and when.
#[derive(Default)]
pub struct Record {
    receipts: Mutex<(Vec<(u32, Instant)>, usize)>,
    complete: Notify,
}

impl Record {
    /// So many receipts more are awaited.
    pub fn expect(&self, more: usize) {
        let mut receipts = self.lock();
        receipts.1 = receipts.0.len() + more;
        receipts.0.reserve(more);
    }

    pub fn add(&self, number: u32) {
        let mut receipts = self.lock();
        receipts.0.push((number, Instant::now()));
        if receipts.0.len() == receipts.1 {
            self.complete.notify_one();
        }
    }

    /// Waits until all have come.
    pub async fn complete(&self) -> Outcome<()> {
        let minutes = Duration::from_mins(5);
        timeout(minutes, self.complete.notified())
            .await
            .map_err(|_| format!("only {} receipts came", self.lock().0.len()))?;
        Ok(())
    }

    pub fn take(&self) -> Vec<(u32, Instant)> {
        std::mem::take(&mut self.lock().0)
    }

    fn lock(&self) -> MutexGuard<'_, (Vec<(u32, Instant)>, usize)> {
        self.receipts.lock().expect("nobody panicked")
    }
}

/// The value below which so large a part of the sorted ones is.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn percentile(sorted: &[f64], part: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * part;
    sorted[place.round() as usize]
}
