//! How long people waited.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Two percentiles and a greatest value, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Waits {
    pub p50: f64,
    pub p99: f64,
    pub most: f64,
}

impl Waits {
    /// Of these waits. Somebody who asks every so often and waits for an answer first would count one long wait once; so
    /// the requests that they would have sent meanwhile count as well, with what would have been left to wait.
    pub fn of(waits: &[Duration], every: Duration) -> Self {
        let mut all = Vec::with_capacity(waits.len());
        for wait in waits {
            let mut left = *wait;
            loop {
                all.push(left.as_secs_f64() * 1e3);
                match left.checked_sub(every) {
                    Some(rest) if rest > Duration::ZERO => left = rest,
                    _ => break,
                }
            }
        }
        all.sort_unstable_by(f64::total_cmp);
        let at = |part: f64| percentile(&all, part);
        Self { p50: at(0.5), p99: at(0.99), most: at(1.0) }
    }
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn percentile(sorted: &[f64], part: f64) -> f64 {
    let place = sorted.len().saturating_sub(1) as f64 * part;
    sorted.get(place.round() as usize).copied().unwrap_or_default()
}
