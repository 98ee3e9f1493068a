//! What becomes of the answer to an event that is given up.

use async_graphql::parser::types::OperationType;

use crate::graphql::{answer::Answer, error::RequestId, memory::GivenUp};

/// The answer to an event, or the error that is told in its place. One that takes too long ends the subscription, whether
/// while it is executed or while it is written: what its client is told to do then loses nothing.
pub(super) fn in_its_place(
    answer: Result<Answer, GivenUp>,
    request_id: &RequestId,
) -> Result<Answer, GivenUp> {
    match answer {
        Err(given_up @ GivenUp::TooLong { .. }) => Err(given_up),
        answer => Ok(answer
            .unwrap_or_else(|given_up| Answer::given_up(given_up, OperationType::Subscription, request_id))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_graphql::Response;

    use super::*;
    use crate::{
        config::Limits,
        graphql::memory::{Budget, Meter},
    };

    #[tokio::test]
    async fn an_answer_that_takes_too_long_to_write_ends_the_subscription() {
        let id = RequestId("1-1".to_owned());
        let written = async |limits: Limits| {
            let budget = Arc::new(Budget::new(&limits));
            let meter = Meter::start(OperationType::Subscription, &limits, &budget, None);
            let answer = Answer::Executed(Box::new(Response::new("x".repeat(100))));
            in_its_place(answer.render(&meter).await, &id)
        };
        let too_slow = written(Limits { execution_seconds: 0, ..Limits::default() }).await;
        assert!(matches!(too_slow, Err(GivenUp::TooLong { .. })), "{too_slow:?}");
        // The next events are told.
        let too_large = written(Limits { answer_bytes: 50, ..Limits::default() }).await;
        assert!(matches!(too_large, Ok(Answer::Executed(_))), "{too_large:?}");
        let written = written(Limits::default()).await;
        assert!(matches!(written, Ok(Answer::Rendered(_))), "{written:?}");
    }
}
