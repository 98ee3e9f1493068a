//! How many requests of one user run at a time.

use std::time::Duration;

use tokio::time::timeout;

use super::error::RequestError;
use crate::{
    config::Limits,
    rates::{RateKey, TooManyWait, Turn, Turns},
};

/// How many requests of one user run at a time. A request that costs little in values may still take 13 ms of CPU and 1 MiB:
/// 480 of them at a time made other users wait for 4 seconds, and took 640 MiB.
const AT_A_TIME: usize = 8;
/// From how many values on a request is expensive. A page of 100 messages with their senders has about 1,000.
const EXPENSIVE: usize = 5_000;
/// How many expensive requests of one user run at a time. One takes up to 20 ms of CPU and counts as one query: 40 of them at
/// a time made other users wait for more than a second.
const EXPENSIVE_AT_A_TIME: usize = 2;

/// Lets the requests of a user wait for each other, and not other users for them. What a service does is not counted. Cheap to
/// clone.
#[derive(Clone)]
pub(super) struct Running {
    all: Turns,
    expensive: Turns,
    /// How long a request may wait.
    patience: Duration,
}

impl Running {
    pub(super) fn new(limits: &Limits) -> Self {
        let patience = Duration::from_secs(limits.execution_seconds as u64);
        Self { all: Turns::of(AT_A_TIME), expensive: Turns::of(EXPENSIVE_AT_A_TIME), patience }
    }

    /// Waits until a request may be read and run; it runs as long as the turn is kept. Refuses it when too many of the user's
    /// wait already, or when it has waited for as long as a request may run.
    pub(super) async fn turn(&self, rate_key: Option<RateKey>) -> Result<Option<Turn>, RequestError> {
        let Some(RateKey::User(user_id)) = rate_key else { return Ok(None) };
        let turn = timeout(self.patience, self.all.wait(user_id)).await.unwrap_or(Err(TooManyWait));
        turn.map(Some).map_err(|TooManyWait| {
            RequestError::overloaded("too many of your requests wait already; nothing was run, try again")
        })
    }

    /// The same for a request that may give so many values, before it runs.
    pub(super) async fn expensive_turn(
        &self,
        rate_key: Option<RateKey>,
        values: usize,
    ) -> Result<Option<Turn>, RequestError> {
        let Some(RateKey::User(user_id)) = rate_key.filter(|_| values >= EXPENSIVE) else {
            return Ok(None);
        };
        self.expensive.wait(user_id).await.map(Some).map_err(|TooManyWait| {
            RequestError::overloaded(
                "too many of your larger requests wait already; nothing was run, try again",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::*;
    use crate::types::UserId;

    #[test]
    fn the_third_expensive_request_of_a_user_waits_and_nobody_elses() {
        let running = Running::new(&Limits::default());
        let [aaron, betty] = [1, 2].map(|number| Some(RateKey::User(UserId::new(Uuid::from_u128(number)))));
        let turn = |rate_key, values| running.expensive_turn(rate_key, values).now_or_never();
        let first = turn(aaron, EXPENSIVE).expect("at once").expect("a turn");
        let second = turn(aaron, EXPENSIVE).expect("at once").expect("a turn");
        assert!(turn(aaron, EXPENSIVE).is_none(), "it waits");
        assert!(turn(betty, EXPENSIVE).expect("at once").is_ok_and(|turn| turn.is_some()));
        assert!(turn(aaron, EXPENSIVE - 1).expect("at once").is_ok_and(|turn| turn.is_none()));
        assert!(turn(None, EXPENSIVE).expect("at once").is_ok_and(|turn| turn.is_none()));
        drop(first);
        assert!(turn(aaron, EXPENSIVE).is_some(), "its turn");
        drop(second);
    }

    #[test]
    fn the_ninth_request_of_a_user_waits_and_nobody_elses() {
        let running = Running::new(&Limits::default());
        let [aaron, betty] = [1, 2].map(|number| Some(RateKey::User(UserId::new(Uuid::from_u128(number)))));
        let turn = |rate_key| running.turn(rate_key).now_or_never();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let _guard = runtime.enter();
        let mut turns: Vec<_> =
            (0..AT_A_TIME).map(|_| turn(aaron).expect("at once").expect("a turn")).collect();
        assert!(turn(aaron).is_none(), "it waits");
        assert!(turn(betty).expect("at once").is_ok_and(|turn| turn.is_some()));
        assert!(turn(None).expect("at once").is_ok_and(|turn| turn.is_none()));
        turns.pop();
        assert!(turn(aaron).is_some(), "its turn");
    }
}
