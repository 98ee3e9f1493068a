//! Somebody who is told what happens, one event after the other.

use std::{sync::Arc, time::Instant};

use async_graphql::{Name, Value, Variables, parser::types::OperationType};
use futures_util::{FutureExt, Stream, stream};
use serde_json::value::to_raw_value;

use super::{
    event_renderer::{EventData, EventRenderer},
    in_its_place::in_its_place,
    kind::kind_of,
    ledger::Entered,
};
use crate::{
    domain::{DomainError, Followed, Follower},
    graphql::{
        answer::{Answer, finish},
        error::{ErrorCode, RequestError, RequestId},
        limits::MAX_EVENT_VARIABLE_BYTES,
        memory::{GivenUp, Meter},
        types::EventEdge,
    },
    live::RenderedAnswer,
    rates::RateKey,
    types::UserId,
};

/// Somebody to be told, and how.
pub(in crate::graphql) struct Audience {
    renderer: Arc<EventRenderer>,
    entered: Entered,
    /// Not as a tree: one of those takes a kilobyte for each follower.
    variables: Box<[(Name, Value)]>,
    request_id: RequestId,
    /// In whose bucket its events count.
    rate_key: Option<RateKey>,
    /// How many values count for an event that is written for this follower alone.
    cost: u32,
}

/// The most bytes of an answer that is kept for others: what is longer, each writes for themselves.
const MAX_SHARED_BYTES: usize = 16 * 1024;

/// What an answer costs beside its values, in values: preparing it takes as long as 50 of them.
const ANSWER_VALUES: usize = 50;
/// What an answer costs that somebody else has written, in values.
const DELIVERY_VALUES: u32 = 5;
/// For how many of these is counted at once, so that the bucket is hardly ever looked at.
const DELIVERIES: u32 = 64;

/// What waits for somebody to be told.
struct Turn {
    audience: Arc<Audience>,
    follower: Box<Follower>,
    /// Nothing is told before this: what was told has emptied the bucket.
    rest: Option<Instant>,
    /// How many answers of others are counted for already.
    deliveries: u32,
}

/// Why a subscription ends.
enum End {
    Fault(DomainError),
    GivenUp(GivenUp),
}

impl From<GivenUp> for End {
    fn from(given_up: GivenUp) -> Self {
        Self::GivenUp(given_up)
    }
}

impl From<DomainError> for End {
    fn from(fault: DomainError) -> Self {
        Self::Fault(fault)
    }
}

impl Audience {
    /// Keeps of the variables what events need; refuses more than is kept.
    pub(in crate::graphql) fn new(
        renderer: Arc<EventRenderer>,
        entered: Entered,
        variables: &Variables,
        (request_id, rate_key, values): (RequestId, Option<RateKey>, usize),
    ) -> Result<Self, RequestError> {
        let used = entered.plan.variables.iter();
        let used = used.filter_map(|name| Some((name, variables.get(name)?)));
        let bytes: usize = used.clone().map(|(_, value)| bytes_of(value)).sum();
        if bytes > MAX_EVENT_VARIABLE_BYTES {
            return Err(RequestError::new(
                ErrorCode::VariablesInvalid,
                format!(
                    "the variables that a subscription uses below its root field have at most {MAX_EVENT_VARIABLE_BYTES} \
                     bytes in memory, and these have {bytes}; use fewer or shorter ones"
                ),
            ));
        }
        let variables = used.map(|(name, value)| (name.clone(), value.clone())).collect();
        let cost = u32::try_from(ANSWER_VALUES.saturating_add(values)).unwrap_or(u32::MAX);
        Ok(Self { renderer, entered, variables, request_id, rate_key, cost })
    }

    /// The answers to a follower's events, until there are no more or something fails.
    pub(in crate::graphql) fn tell(self, follower: Box<Follower>) -> impl Stream<Item = Answer> + Send {
        let first = Turn { audience: Arc::new(self), follower, rest: None, deliveries: 0 };
        stream::unfold(Some(first), |turn| async move {
            let mut turn = turn?;
            match turn.next().await {
                Ok(answer) => Some((answer?, Some(turn))),
                Err(end) => Some((turn.audience.last(end, turn.follower.user_id()).await, None)),
            }
        })
    }

    /// The last word to somebody who can take it up again where it was.
    async fn last(&self, end: End, user_id: UserId) -> Answer {
        let answer = match end {
            End::Fault(fault) => {
                let data = EventData { followed: Err(Arc::new(fault)), user_id };
                self.execute(data).await.map(|(_, answer)| answer)
            }
            End::GivenUp(given_up) => Err(given_up),
        };
        let given_up = |given_up| Answer::given_up(given_up, OperationType::Subscription, &self.request_id);
        answer.unwrap_or_else(given_up).into_lost()
    }

    /// An answer for one follower, and the meter that counts it. One that is too large is told as an error.
    async fn execute(&self, data: EventData) -> Result<(Arc<Meter>, Answer), GivenUp> {
        let (meter, outcome) = self.renderer.execute(&self.entered.plan, &self.variables, data).await;
        let answer = outcome.map(|response| finish(response, &self.request_id));
        Ok((meter, in_its_place(answer, &self.request_id)?))
    }

    /// The same, written as JSON.
    async fn render(&self, answer: Answer, meter: &Arc<Meter>) -> Result<Answer, GivenUp> {
        in_its_place(answer.render(meter).await, &self.request_id)
    }

    /// Writes an answer for everybody; `None` when each must write their own.
    async fn write(self: Arc<Self>, followed: Followed, user_id: UserId) -> Option<RenderedAnswer> {
        if EventEdge::new(&followed, self.renderer.log, user_id).is_none() {
            return Some(None);
        }
        let data = EventData { followed: Ok(followed), user_id };
        let (_meter, outcome) = self.renderer.execute(&self.entered.plan, &self.variables, data).await;
        let response = outcome.ok()?;
        let written = to_raw_value(&response).ok().filter(|_| response.errors.is_empty())?;
        (written.get().len() <= MAX_SHARED_BYTES).then(|| Some(written.into()))
    }
}

impl Turn {
    async fn next(&mut self) -> Result<Option<Answer>, End> {
        loop {
            // Before anything is taken out of the mailbox, so that whoever is slowed down holds nothing.
            if let Some(then) = self.rest.take() {
                self.follower.rest_until(then).await;
            }
            let Some(followed) = self.follower.next().await? else { return Ok(None) };
            if let Some(answer) = self.answer(followed).await? {
                return Ok(Some(answer));
            }
        }
    }

    /// The answer to an event: that which was written for everybody, or one for this follower alone. `None`
    /// for what refers to something that has gone, and for what is not kept and not asked for.
    async fn answer(&mut self, followed: Followed) -> Result<Option<Answer>, End> {
        let user_id = self.follower.user_id();
        let (kind, position) =
            (kind_of(&followed), EventEdge::position(&followed, self.audience.renderer.log));
        let plan = &self.audience.entered.plan;
        if matches!(followed, Followed::Ephemeral(_)) && kind.is_some_and(|kind| !plan.asks_for(kind)) {
            return Ok(None);
        }
        let selection = kind.and_then(|kind| plan.shareable(kind));
        if let (Some(selection), Some(answers)) = (selection, followed.answers(user_id)) {
            let mut is_begun = false;
            let begin = || {
                is_begun = true;
                Arc::clone(&self.audience).write(followed.clone(), user_id).boxed()
            };
            let answer = answers.get_or_render(selection, begin).await;
            self.count_shared(is_begun);
            if let Some(answer) = answer {
                return Ok(answer.map(|json| Answer::Written(json, position)));
            }
        }
        if EventEdge::new(&followed, self.audience.renderer.log, user_id).is_none() {
            return Ok(None);
        }
        self.count(self.audience.cost);
        let (meter, answer) = self.audience.execute(EventData { followed: Ok(followed), user_id }).await?;
        Ok(Some(self.audience.render(answer, &meter).await?.at(position)))
    }

    /// Counts an answer that is the same for many: as a whole for whoever began it.
    fn count_shared(&mut self, is_begun: bool) {
        if is_begun {
            self.count(self.audience.cost);
        } else if self.deliveries > 0 {
            self.deliveries -= 1;
        } else {
            self.deliveries = DELIVERIES - 1;
            self.count(DELIVERIES * DELIVERY_VALUES);
        }
    }

    /// Counts so many values. Nothing is refused and nothing is lost: the next event waits until the bucket
    /// has them.
    fn count(&mut self, values: u32) {
        if let Some(rate_key) = self.audience.rate_key
            && let Some(then) = self.audience.renderer.rates.event_values(rate_key, values)
        {
            self.rest = self.rest.max(Some(then));
        }
    }
}

/// How many bytes a value takes in memory.
fn bytes_of(value: &Value) -> usize {
    let more = match value {
        Value::String(text) => text.len(),
        Value::Binary(bytes) => bytes.len(),
        Value::List(items) => items.iter().map(bytes_of).sum(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| 3 * size_of::<Name>() + name.len() + bytes_of(value)).sum()
        }
        Value::Enum(name) => name.len(),
        Value::Null | Value::Number(_) | Value::Boolean(_) => 0,
    };
    size_of::<Value>() + more
}
