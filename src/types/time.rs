//! Points in time, and the clock they come from.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Datelike, SecondsFormat, Timelike, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::BigInt};
use futures_util::{FutureExt, future::BoxFuture};

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point `millis` milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The same by reference, for a database to borrow.
    #[must_use]
    pub const fn as_millis(&self) -> &i64 {
        &self.0
    }

    /// The point `span` before this one.
    #[must_use]
    pub fn before(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-01-31T09:30:00.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        let text = four_digits(time).map(|text| str::from_utf8(&text).map(|text| f.write_str(text)));
        match text {
            Some(Ok(written)) => written,
            _ => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
        }
    }
}

/// The text of a time whose year has four digits: a page has a hundred of them, and this takes a tenth of what the
/// library's own takes.
fn four_digits(time: DateTime<Utc>) -> Option<[u8; 24]> {
    let year = u32::try_from(time.year()).ok().filter(|year| *year < 10_000)?;
    let mut text = *b"0000-00-00T00:00:00.000Z";
    let parts = [
        (0..4, year),
        (5..7, time.month()),
        (8..10, time.day()),
        (11..13, time.hour()),
        (14..16, time.minute()),
        (17..19, time.second()),
        (20..23, time.timestamp_subsec_millis()),
    ];
    for (place, mut number) in parts {
        for digit in text.get_mut(place)?.iter_mut().rev() {
            *digit += u8::try_from(number % 10).ok()?;
            number /= 10;
        }
    }
    Some(text)
}

/// Tells the time. The program has one; a test hands in its own.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Now, for measuring spans: nobody sets this one, and it means nothing outside this process.
    fn instant(&self) -> Instant {
        Instant::now()
    }

    /// Waits until then.
    fn wait_until(&self, then: Instant) -> BoxFuture<'static, ()> {
        tokio::time::sleep_until(then.into()).boxed()
    }
}

/// How long nobody looks whether the machine's clock was set.
const LOOK_AGAIN: Duration = Duration::from_mins(1);

/// Returns when the clock shows this time, or a later one.
pub async fn reached(clock: Arc<dyn Clock>, time: Timestamp) {
    loop {
        // In this order: a clock that goes on between the two makes the wait too short, and never too long.
        let (instant, now) = (clock.instant(), clock.now());
        let Ok(left @ 1..) = u64::try_from(time.millis().saturating_sub(now.millis())) else { return };
        clock.wait_until(instant + Duration::from_millis(left).min(LOOK_AGAIN)).await;
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is to ask")]
    fn now(&self) -> Timestamp {
        Timestamp(Utc::now().timestamp_millis())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_time_is_written_as_the_library_writes_it(millis in prop_oneof![any::<i64>(), 0..4_102_444_800_000_i64]) {
            let time = DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default();
            let expected = time.to_rfc3339_opts(SecondsFormat::Millis, true);
            prop_assert_eq!(Timestamp(millis).to_string(), expected);
        }
    }
}
