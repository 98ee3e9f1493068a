//! Answers to subscriptions, one event at a time.

use std::sync::Arc;

use async_graphql::{
    Context, EmptyMutation, EmptySubscription, Error, Name, Object, Request, Response, Result, Schema,
    ValidationMode, Value, Variables, parser::types::ExecutableDocument,
};
use futures_util::{FutureExt, Stream, stream};
use serde_json::value::to_raw_value;

use super::{
    kind::kind_of,
    plan::{Plan, Plans},
};
use crate::{
    app::App,
    domain::{DomainError, Followed, Follower},
    graphql::{
        answer::{Answer, finish},
        error::RequestId,
        loaders,
        resolver_error::domain_error,
        types::{Conversation, EventEdge, Node},
    },
    live::Wording,
    types::{LogId, UserId},
};

/// The root of the schema that answers: named as the documents have it, whose fragments may be on it.
pub(in crate::graphql) struct Telling;

#[Object(name = "Subscription")]
impl Telling {
    /// What is told now.
    #[expect(clippy::unused_async, reason = "the library awaits it")]
    async fn events(&self, ctx: &Context<'_>) -> Result<EventEdge> {
        let told = ctx.data::<Told>()?;
        let followed = told.what.as_ref().map_err(|error| domain_error(Arc::clone(error)))?;
        let log = ctx.data::<App>()?.log;
        EventEdge::new(followed, log, told.user_id).ok_or_else(|| Error::new("what is told of has gone"))
    }
}

/// What is told to a follower. Part of the request's data.
struct Told {
    what: Result<Followed, Arc<DomainError>>,
    user_id: UserId,
}

/// Answers what followers ask of events.
pub(in crate::graphql) struct Teller {
    schema: Schema<Telling, EmptyMutation, EmptySubscription>,
    plans: Plans,
    log: LogId,
}

impl Teller {
    pub(in crate::graphql) fn new(app: App) -> Self {
        let log = app.log;
        let schema = Schema::build(Telling, EmptyMutation, EmptySubscription)
            .register_output_type::<Node>()
            .register_output_type::<Conversation>()
            // The document was validated as a subscription before it began.
            .validation_mode(ValidationMode::Fast);
        Self { schema: loaders::provide(schema, &app).data(app).finish(), plans: Plans::default(), log }
    }

    /// What a subscription asks, by its text.
    pub(in crate::graphql) fn plan(
        &self,
        text: &str,
        operation_name: Option<&str>,
        document: &ExecutableDocument,
    ) -> Option<Arc<Plan>> {
        self.plans.plan(text, operation_name, document)
    }
}

/// Somebody to be told, and how.
pub(in crate::graphql) struct Audience {
    pub(in crate::graphql) teller: Arc<Teller>,
    pub(in crate::graphql) plan: Arc<Plan>,
    /// Not as a tree: one of those takes a kilobyte for each follower.
    pub(in crate::graphql) variables: Box<[(Name, Value)]>,
    pub(in crate::graphql) request_id: RequestId,
}

/// The most bytes of an answer that is kept for others: what is longer, each writes for themselves.
const MAX_SHARED_BYTES: usize = 64 * 1024;

impl Audience {
    /// What a follower hears, until nothing more comes or something fails.
    pub(in crate::graphql) fn tell(self, follower: Follower) -> impl Stream<Item = Answer> + Send {
        let follower = Some(Box::new(follower));
        stream::unfold((Arc::new(self), follower), |(audience, follower)| async move {
            let mut follower = follower?;
            let user_id = follower.user_id();
            match audience.next(&mut follower).await {
                Ok(answer) => Some((answer?, (audience, Some(follower)))),
                Err(fault) => {
                    let last = audience.execute(Told { what: Err(Arc::new(fault)), user_id }).await;
                    Some((finish(last, &audience.request_id).into_lost(), (audience, None)))
                }
            }
        })
    }

    async fn next(self: &Arc<Self>, follower: &mut Follower) -> Result<Option<Answer>, DomainError> {
        while let Some(followed) = follower.next().await? {
            if let Some(answer) = self.answer(followed, follower.user_id()).await {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    /// The answer to an event: that which was written for everybody, or one for this follower alone. `None` for what refers
    /// to something that has gone, and for what is not kept and not asked for.
    async fn answer(self: &Arc<Self>, followed: Followed, user_id: UserId) -> Option<Answer> {
        let kind = kind_of(&followed);
        if matches!(followed, Followed::Notice(_)) && kind.is_some_and(|kind| !self.plan.asks_for(kind)) {
            return None;
        }
        let asked = kind.and_then(|kind| self.plan.alike(kind));
        if let (Some(asked), Some(wordings)) = (asked, followed.wordings(user_id))
            && let Some(wording) = wordings
                .get_or_write(asked, || Arc::clone(self).write(followed.clone(), user_id).boxed())
                .await
        {
            return wording.map(Answer::Written);
        }
        EventEdge::new(&followed, self.teller.log, user_id)?;
        let response = self.execute(Told { what: Ok(followed), user_id }).await;
        Some(finish(response, &self.request_id))
    }

    /// Writes an answer for everybody; `None` when each must write their own.
    async fn write(self: Arc<Self>, followed: Followed, user_id: UserId) -> Option<Wording> {
        if EventEdge::new(&followed, self.teller.log, user_id).is_none() {
            return Some(None);
        }
        let response = self.execute(Told { what: Ok(followed), user_id }).await;
        let written = to_raw_value(&response).ok().filter(|_| response.errors.is_empty())?;
        (written.get().len() <= MAX_SHARED_BYTES).then(|| Some(written.into()))
    }

    async fn execute(&self, told: Told) -> Response {
        let mut variables = Variables::default();
        variables.extend(self.variables.iter().cloned());
        let mut request = Request::new("").variables(variables).data(told);
        request.set_parsed_query(self.plan.document());
        // Boxed, because most answers are written by somebody else, and each follower would hold the place for it.
        Box::pin(self.teller.schema.execute(request)).await
    }
}
