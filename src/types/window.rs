//! What "recent" means.

use std::time::Duration;

use super::Timestamp;

/// The two readings of "recent messages".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecentWindow {
    /// The newest so many messages, 1–100.
    Last(u32),
    /// Everything of the last so many times 24 hours, 1–30.
    Days(u32),
}

/// Why a window is out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecentWindowError {
    /// `last` outside 1–100.
    #[error("last is {actual}; it must be from 1 to {}", RecentWindow::MAX_LAST)]
    Last {
        /// What was asked for.
        actual: i32,
    },
    /// `days` outside 1–30.
    #[error("days is {actual}; it must be from 1 to {}", RecentWindow::MAX_DAYS)]
    Days {
        /// What was asked for.
        actual: i32,
    },
}

impl RecentWindow {
    /// The most messages that "the last N" may name.
    pub const MAX_LAST: u32 = 100;
    /// The most days that "the last N days" may name.
    pub const MAX_DAYS: u32 = 30;

    /// The newest `actual` messages.
    pub fn last(actual: i32) -> Result<Self, RecentWindowError> {
        within(actual, Self::MAX_LAST).map(Self::Last).ok_or(RecentWindowError::Last { actual })
    }

    /// Everything of the last `actual` × 24 hours.
    pub fn days(actual: i32) -> Result<Self, RecentWindowError> {
        within(actual, Self::MAX_DAYS).map(Self::Days).ok_or(RecentWindowError::Days { actual })
    }

    /// The most messages in the window, when it is bounded by their number.
    #[must_use]
    pub fn size(self) -> Option<u32> {
        match self {
            Self::Last(count) => Some(count),
            Self::Days(_) => None,
        }
    }

    /// When the window begins, seen from `now`, when it is bounded by time.
    #[must_use]
    pub fn since(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Last(_) => None,
            Self::Days(days) => Some(now.before(Duration::from_secs(u64::from(days) * 24 * 60 * 60))),
        }
    }
}

fn within(actual: i32, max: u32) -> Option<u32> {
    u32::try_from(actual).ok().filter(|count| (1..=max).contains(count))
}
