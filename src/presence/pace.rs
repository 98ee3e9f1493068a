//! How often the changes of one person are told.

use std::time::{Duration, Instant};

/// How many changes are told as they happen, after a pause.
const BURST: u32 = 10;
/// How long one further change takes to be allowed.
const INTERVAL: Duration = Duration::from_secs(1);

/// A token bucket: [`BURST`] changes at once, then one for each [`INTERVAL`].
///
/// A change is told to everybody who shares a conversation with the person. Without this, one member who switches between
/// two states 20 times a second keeps a room of 800 listeners busy.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    /// When the bucket is full again.
    full_at: Option<Instant>,
}

impl Pace {
    /// Takes a token, or says when there is one.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Instant> {
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now)) + INTERVAL;
        let allowed_until = now + INTERVAL * BURST;
        if full_at > allowed_until {
            return Err(now + (full_at - allowed_until));
        }
        self.full_at = Some(full_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_told_at_once_and_then_one_change_a_second() {
        let start = Instant::now();
        let mut pace = Pace::default();
        for _ in 0..BURST {
            assert_eq!(pace.take(start), Ok(()));
        }
        assert_eq!(pace.take(start), Err(start + INTERVAL));
        assert_eq!(pace.take(start + INTERVAL / 2), Err(start + INTERVAL));
        assert_eq!(pace.take(start + INTERVAL), Ok(()));
        assert_eq!(pace.take(start + INTERVAL), Err(start + INTERVAL * 2));
        let later = start + INTERVAL * 100;
        assert_eq!((0..20).filter(|_| pace.take(later).is_ok()).count(), BURST as usize);
    }
}
