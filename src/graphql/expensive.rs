//! Expensive requests: a few of each user run at a time.

use super::error::RequestError;
use crate::rates::{Counted, TooManyWait, Turn, Turns};

/// From how many values on a request is expensive. A page of 100 messages with their senders has about 1,000.
const EXPENSIVE: usize = 5_000;
/// How many expensive requests of one user run at a time. One takes up to 20 ms of CPU and counts as one query: 40 of them at
/// a time made other users wait for more than a second.
const AT_A_TIME: usize = 2;

/// Lets the expensive requests of a user wait for each other, and not other users for them. Cheap to clone.
#[derive(Clone)]
pub(super) struct Expensive(Turns);

impl Default for Expensive {
    fn default() -> Self {
        Self(Turns::of(AT_A_TIME))
    }
}

impl Expensive {
    /// Waits until a request that may give so many values may run; it runs as long as the turn is kept. Refuses it when
    /// too many of the user's wait already. What a service does is not counted.
    pub(super) async fn turn(
        &self,
        counted: Option<Counted>,
        values: usize,
    ) -> Result<Option<Turn>, RequestError> {
        let Some(Counted::User(user_id)) = counted.filter(|_| values >= EXPENSIVE) else {
            return Ok(None);
        };
        let turn = self.0.wait(user_id).await.map_err(|TooManyWait| {
            RequestError::overloaded(
                "too many of your larger requests wait already; nothing was run, try again",
            )
        });
        turn.map(Some)
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
        let expensive = Expensive::default();
        let [aaron, betty] = [1, 2].map(|number| Some(Counted::User(UserId::new(Uuid::from_u128(number)))));
        let turn = |counted, values| expensive.turn(counted, values).now_or_never();
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
}
