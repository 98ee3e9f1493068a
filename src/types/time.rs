//! Points in time, and the clock they come from.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, SecondsFormat, Utc};
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

    /// Writes its text: RFC 3339 in UTC with milliseconds.
    pub fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        if let Some(text) = four_digits(self.0) {
            return out.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?);
        }
        let time = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        out.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }

    /// The point `span` after this one.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
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
        self.write(f)
    }
}

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;
/// Days in 400 years, after which the calendar repeats itself.
const DAYS_IN_ERA: u32 = 146_097;

/// The text of a time whose year has four digits: a page has a hundred of them, and this takes a tenth of what the
/// library's own takes.
fn four_digits(millis: i64) -> Option<[u8; 24]> {
    let days = u32::try_from(millis.div_euclid(86_400_000) + DAYS_TO_1970).ok()?;
    let millis = u32::try_from(millis.rem_euclid(86_400_000)).ok()?;
    let (year, month, day) = date(days);
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let (minutes, second) = (seconds / 60, seconds % 60);
    let (hour, minute) = (minutes / 60, minutes % 60);
    let mut text = *b"0000-00-00T00:00:00.000Z";
    let pairs =
        [(0, year / 100), (2, year % 100), (5, month), (8, day), (11, hour), (14, minute), (17, second)];
    for (place, number) in pairs {
        (text[place], text[place + 1]) = (digit(number / 10), digit(number % 10));
    }
    (text[20], text[21], text[22]) = (digit(millis / 100), digit(millis / 10 % 10), digit(millis % 10));
    (year < 10_000).then_some(text)
}

/// Year, month and day of a day after 0000-03-01
/// (<https://howardhinnant.github.io/date_algorithms.html#civil_from_days>): in years that begin in March, a leap day is the last.
fn date(days: u32) -> (u32, u32, u32) {
    let (era, day_of_era) = (days / DAYS_IN_ERA, days % DAYS_IN_ERA);
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / (DAYS_IN_ERA - 1);
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u32::from(month <= 2), month, day)
}

/// A number below ten.
fn digit(number: u32) -> u8 {
    b"0123456789"[number as usize % 10]
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

/// Returns when the clock shows this time, or a later one; also when as much time has passed as there was left at first,
/// whatever the clock shows by then.
pub async fn reached(clock: Arc<dyn Clock>, time: Timestamp) {
    let end = deadline(&*clock, time);
    loop {
        // In this order: a clock that goes on between the two makes the wait too short, and never too long.
        let (instant, now) = (clock.instant(), clock.now());
        let Ok(left @ 1..) = u64::try_from(time.millis().saturating_sub(now.millis())) else { return };
        if end.is_some_and(|end| instant >= end) {
            return;
        }
        let next = instant + Duration::from_millis(left).min(LOOK_AGAIN);
        clock.wait_until(end.map_or(next, |end| next.min(end))).await;
    }
}

/// When the clock will show this time, if nobody sets it; `None` when that is too far away to be counted.
pub fn deadline(clock: &dyn Clock, time: Timestamp) -> Option<Instant> {
    let (instant, now) = (clock.instant(), clock.now());
    let left = u64::try_from(time.millis().saturating_sub(now.millis())).unwrap_or_default();
    instant.checked_add(Duration::from_millis(left))
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
        fn a_time_is_written_as_the_library_writes_it(millis in prop_oneof![any::<i64>(), -62_200_000_000_000..253_500_000_000_000_i64, 0..4_102_444_800_000_i64]) {
            let time = DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default();
            let expected = time.to_rfc3339_opts(SecondsFormat::Millis, true);
            prop_assert_eq!(Timestamp(millis).to_string(), expected);
        }
    }
}
