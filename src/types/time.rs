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
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
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
