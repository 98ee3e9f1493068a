//! The answers to one request, as they come.

use std::{
    fmt,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};

use async_graphql::parser::types::OperationType;
use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{self, BoxStream},
};

use super::{
    answer::Answer,
    error::{ErrorCode, RequestError, RequestId},
    resolver_error::INTERNAL,
};

/// The answers to a request, one after the other.
pub struct Answers {
    stream: BoxStream<'static, Answer>,
    /// Whether it goes on until somebody ends it.
    pub is_subscription: bool,
    /// Why nothing was begun, where that is known before the first answer is asked for.
    pub refusal: Option<RequestError>,
}

impl Answers {
    /// A panic in the middle is the last of these answers, and harms nobody else on the same connection.
    pub(super) fn new(
        answers: impl Stream<Item = Answer> + Send + 'static,
        kind: OperationType,
        request_id: RequestId,
    ) -> Self {
        let caught = AssertUnwindSafe(answers).catch_unwind();
        let is_subscription = kind == OperationType::Subscription;
        let answer = move |answer: Result<Answer, _>| match answer {
            Ok(answer) => answer,
            Err(_) if is_subscription => panicked(&request_id).into_lost(),
            Err(_) => panicked(&request_id),
        };
        Self { stream: caught.map(answer).boxed(), is_subscription, refusal: None }
    }

    /// The same until `end`, which has the last word. What is no subscription ends by itself.
    #[must_use]
    pub fn until(self, end: impl Future<Output = Answer> + Send + 'static) -> Self {
        if !self.is_subscription {
            return self;
        }
        let answers = stream::unfold(Some((self.stream, end.boxed())), |state| async move {
            let (mut stream, mut end) = state?;
            tokio::select! {
                biased;
                last = &mut end => Some((last, None)),
                answer = stream.next() => answer.map(|answer| (answer, Some((stream, end)))),
            }
        });
        Self { stream: answers.boxed(), ..self }
    }

    /// One answer that is there already.
    #[must_use]
    pub fn only(answer: Answer) -> Self {
        Self { stream: stream::iter([answer]).boxed(), is_subscription: false, refusal: None }
    }

    /// The same, for a request of which nothing was begun.
    pub(super) fn refused(answer: Answer) -> Self {
        let refusal = match &answer {
            Answer::Refused { errors } => errors.first().cloned(),
            _ => None,
        };
        Self { refusal, ..Self::only(answer) }
    }
}

/// What the panic said is in the log already, from the hook that `cli` sets.
fn panicked(request_id: &RequestId) -> Answer {
    tracing::error!(%request_id, "a request panicked");
    Answer::broken_off(ErrorCode::Internal, INTERNAL, request_id)
}

impl Stream for Answers {
    type Item = Answer;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Answer>> {
        self.stream.poll_next_unpin(cx)
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").field("is_subscription", &self.is_subscription).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_the_last_answer() {
        let panics = stream::once(async { panic!("on purpose") });
        let answers = Answers::new(panics, OperationType::Query, RequestId("1-1".to_owned()));
        let answers: Vec<Answer> = answers.collect().await;
        let told = serde_json::to_value(&answers).expect("JSON");
        let error = serde_json::json!({
            "message": INTERNAL,
            "extensions": { "code": "INTERNAL", "requestId": "1-1" },
        });
        assert_eq!(told, serde_json::json!([{ "data": null, "errors": [error] }]));
    }
}
