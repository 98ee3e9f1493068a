//! Token buckets, one for each rate key.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration, time::Instant};

use governor::{Quota, RateLimiter, clock, state::keyed::DashMapStateStore};

use crate::{
    config::Rate,
    types::{Clock, UserId},
};

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateKey {
    /// A user.
    User(UserId),
    /// An address. Of IPv6 addresses the first half, because one client has all of the rest.
    Address(IpAddr),
}

impl RateKey {
    /// The key of an address.
    #[must_use]
    pub fn address(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(six) => {
                let [a, b, c, d, ..] = six.segments();
                [a, b, c, d, 0, 0, 0, 0].into()
            }
        })
    }
}

/// The bucket has too few tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too often: try again in {} ms", retry_after.as_millis())]
pub struct RateLimited {
    /// After which time it has enough; at least a millisecond.
    pub retry_after: Duration,
}

impl RateLimited {
    /// The time in milliseconds.
    #[must_use]
    pub fn millis(self) -> u64 {
        u64::try_from(self.retry_after.as_millis()).unwrap_or(u64::MAX)
    }
}

/// The buckets for one thing that is counted.
pub(super) struct Buckets {
    limiter: RateLimiter<RateKey, DashMapStateStore<RateKey>, Ticks>,
    burst: NonZeroU32,
}

impl Buckets {
    pub(super) fn new(rate: Rate, clock: Arc<dyn Clock>) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self {
            limiter: RateLimiter::new(quota, DashMapStateStore::default(), Ticks(clock)),
            burst: rate.burst,
        }
    }

    /// Takes so many tokens out, or says when there will be enough. More than the bucket holds are as many as it holds:
    /// otherwise a large batch could never be sent.
    pub(super) fn take(&self, rate_key: RateKey, count: u32) -> Result<(), RateLimited> {
        let Some(count) = NonZeroU32::new(count.min(self.burst.get())) else {
            return Ok(());
        };
        match self.limiter.check_key_n(&rate_key, count) {
            Ok(Err(not_until)) => {
                let wait = not_until.wait_time_from(clock::Clock::now(self.limiter.clock()));
                Err(RateLimited { retry_after: wait.max(Duration::from_millis(1)) })
            }
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    /// Removes the buckets that are full again.
    pub(super) fn evict_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// The program's clock as the library wants it.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl clock::Clock for Ticks {
    type Instant = Instant;

    fn now(&self) -> Instant {
        self.0.instant()
    }
}
