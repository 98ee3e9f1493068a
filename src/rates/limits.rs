//! What is counted.

use std::{fmt, sync::Arc, time::Instant};

use super::{RateKey, RateLimited, bucket::Buckets, pace::Pace};
use crate::{config::RateConfig, types::Clock};

/// How often one may do what. Nothing is counted that has no rate.
#[derive(Default)]
pub struct Rates {
    sends: Option<Buckets>,
    mutations: Option<Buckets>,
    invites: Option<Buckets>,
    queries: Option<Buckets>,
    connects: Option<Buckets>,
    messages: Option<Buckets>,
    requests: Option<Buckets>,
    event_values: Option<Pace>,
}

/// Writes a function for each thing that is counted.
macro_rules! rate_key {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        impl Rates {
            /// Buckets for what has a rate.
            #[must_use]
            pub fn new(config: RateConfig, clock: &Arc<dyn Clock>) -> Self {
                Self {
                    $($name: config.$name.map(|rate| Buckets::new(rate, Arc::clone(clock))),)+
                    event_values: config.event_values.map(|rate| Pace::new(rate, Arc::clone(clock))),
                }
            }

            /// Forgets everybody whose buckets are full.
            pub fn evict_idle(&self) {
                $(self.$name.iter().for_each(Buckets::evict_idle);)+
                self.event_values.iter().for_each(Pace::evict_idle);
            }

            $(
                $(#[$doc])*
                pub fn $name(&self, rate_key: RateKey, count: u32) -> Result<(), RateLimited> {
                    self.$name.as_ref().map_or(Ok(()), |buckets| buckets.take(rate_key, count))
                }
            )+
        }
    };
}

rate_key! {
    /// Counts messages that are sent.
    sends;
    /// Counts other mutations.
    mutations;
    /// Counts people who are added to chatrooms.
    invites;
    /// Counts queries, and subscriptions that begin.
    queries;
    /// Counts WebSockets that are opened.
    connects;
    /// Counts messages over WebSockets.
    messages;
    /// Counts requests from one address, whoever they turn out to come from.
    requests;
}

impl Rates {
    /// Counts values of events that are written for one user alone. Nothing is refused: gives the time until
    /// which they are to be told nothing more, when that is not now.
    pub fn event_values(&self, rate_key: RateKey, count: u32) -> Option<Instant> {
        self.event_values.as_ref()?.take(rate_key, count)
    }
}

impl fmt::Debug for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rates").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        num::NonZeroU32,
        sync::Mutex,
        time::{Duration, Instant},
    };

    use super::*;
    use crate::{config::Rate, types::Timestamp};

    struct Stopped(Mutex<Instant>);

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(0)
        }

        fn instant(&self) -> Instant {
            *self.0.lock().expect("nobody panicked")
        }
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let start = Instant::now();
        let clock = Arc::new(Stopped(Mutex::new(start)));
        let rate = |number| NonZeroU32::new(number).expect("a number");
        let config = RateConfig {
            sends: Some(Rate { per_second: rate(2), burst: rate(10) }),
            ..RateConfig::default()
        };
        let shared: Arc<dyn Clock> = clock.clone();
        let rates = Rates::new(config, &shared);
        let [aaron, betty] =
            ["10.0.0.1", "10.0.0.2"].map(|text| RateKey::address(text.parse().expect("one")));

        assert_eq!(rates.sends(aaron, 8), Ok(()));
        assert_eq!(rates.sends(aaron, 4), Err(RateLimited { retry_after: Duration::from_secs(1) }));
        assert_eq!(rates.sends(aaron, 2), Ok(()), "what was refused took nothing");
        assert_eq!(rates.sends(betty, 1_000), Ok(()), "as much as there is");
        assert_eq!(rates.sends(betty, 1), Err(RateLimited { retry_after: Duration::from_millis(500) }));
        assert_eq!(rates.queries(aaron, 1_000), Ok(()), "not counted");
        *clock.0.lock().expect("nobody panicked") += Duration::from_millis(500);
        assert_eq!(rates.sends(betty, 1), Ok(()));
        rates.evict_idle();
        assert!(rates.sends(aaron, 2).is_err(), "who is not idle is not forgotten");
    }

    #[test]
    fn whoever_takes_more_than_there_is_waits_in_turn() {
        let start = Instant::now();
        let clock = Arc::new(Stopped(Mutex::new(start)));
        let number = |number| NonZeroU32::new(number).expect("a number");
        let config = RateConfig {
            event_values: Some(Rate { per_second: number(10), burst: number(100) }),
            ..RateConfig::default()
        };
        let shared: Arc<dyn Clock> = clock.clone();
        let rates = Rates::new(config, &shared);
        let [aaron, betty] =
            ["10.0.0.1", "10.0.0.2"].map(|text| RateKey::address(text.parse().expect("one")));
        let after = |seconds| Some(start + Duration::from_secs(seconds));

        assert_eq!(rates.event_values(aaron, 60), None);
        assert_eq!(rates.event_values(aaron, 40), None, "all of it");
        assert_eq!(rates.event_values(aaron, 10), after(1));
        assert_eq!(rates.event_values(aaron, 20), after(3), "after the one before");
        assert_eq!(rates.event_values(betty, 100), None, "a bucket of her own");
        *clock.0.lock().expect("nobody panicked") += Duration::from_secs(5);
        rates.evict_idle();
        assert_eq!(
            rates.event_values(aaron, 21),
            Some(start + Duration::from_millis(5_100)),
            "what came since is there"
        );
        *clock.0.lock().expect("nobody panicked") += Duration::from_secs(100);
        rates.evict_idle();
        assert_eq!(rates.event_values(aaron, 100), None, "it is full again, and not more");
    }

    #[test]
    fn one_client_has_half_of_an_ipv6_address() {
        let of = |text: &str| RateKey::address(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
    }
}
