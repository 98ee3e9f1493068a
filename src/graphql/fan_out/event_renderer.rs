//! Renders the answers to subscriptions, one event at a time.

use std::sync::Arc;

use async_graphql::{
    Context, EmptyMutation, EmptySubscription, Error, Name, Object, Request, Response, Result, Schema,
    ValidationMode, Value, Variables, parser::types::OperationType,
};

use super::{
    ledger::{Entered, Ledger, Subscribed},
    plan::Plan,
};
use crate::{
    app::App,
    config::Limits,
    domain::{DomainError, Followed},
    graphql::{
        document_policy::DocumentPolicy,
        error::RequestError,
        limits::MAX_EVENT_SECONDS,
        loaders::Loaders,
        memory::{Budget, GivenUp, Meter},
        resolver_error::domain_error,
        types::{Conversation, EventEdge, Node},
    },
    rates::{RateKey, Rates},
    types::{LogId, UserId},
};

/// The root of the schema that answers: named as the documents have it, whose fragments may be on it.
pub(in crate::graphql) struct EventRoot;

#[Object(name = "Subscription")]
impl EventRoot {
    /// The event.
    #[expect(clippy::unused_async, reason = "the library awaits it")]
    async fn events(&self, ctx: &Context<'_>) -> Result<EventEdge> {
        let data = ctx.data::<EventData>()?;
        let followed = data.followed.as_ref().map_err(|error| domain_error(Arc::clone(error)))?;
        let log = ctx.data::<App>()?.log;
        EventEdge::new(followed, log, data.user_id).ok_or_else(|| Error::new("what is told of has gone"))
    }
}

/// What a follower gets. Part of the request's data.
pub(super) struct EventData {
    pub(super) followed: Result<Followed, Arc<DomainError>>,
    pub(super) user_id: UserId,
}

/// Renders events for followers.
pub(in crate::graphql) struct EventRenderer {
    schema: Schema<EventRoot, EmptyMutation, EmptySubscription>,
    policy: Arc<DocumentPolicy>,
    ledger: Arc<Ledger>,
    pub(super) rates: Arc<Rates>,
    pub(super) log: LogId,
    /// What the answer to one event may take.
    limits: Limits,
    budget: Arc<Budget>,
}

impl EventRenderer {
    pub(in crate::graphql) fn new(app: App, policy: Arc<DocumentPolicy>, budget: Arc<Budget>) -> Self {
        let (log, rates) = (app.log, Arc::clone(&app.rates));
        let execution_seconds = app.limits.execution_seconds.min(MAX_EVENT_SECONDS);
        let limits = Limits { execution_seconds, ..*app.limits };
        let ledger = Arc::new(Ledger::new(app.limits.user_subscriptions));
        let schema = Schema::build(EventRoot, EmptyMutation, EmptySubscription)
            .register_output_type::<Node>()
            .register_output_type::<Conversation>()
            // The document was validated as a subscription before it began.
            .validation_mode(ValidationMode::Fast);
        let schema = schema.data(app).finish();
        Self { schema, policy, ledger, rates, log, limits, budget }
    }

    /// Enters somebody's subscription; refuses one that is too many.
    pub(in crate::graphql) fn enter(
        &self,
        user_id: UserId,
        subscribed: &Subscribed,
    ) -> Result<Option<Entered>, RequestError> {
        self.ledger.enter(user_id, subscribed)
    }

    /// How many subscriptions run, and how many bytes are kept of their documents.
    pub(in crate::graphql) fn kept(&self) -> (usize, usize) {
        self.ledger.kept()
    }

    /// The answer to an event, unless it takes too much or too long, and the meter that counts it.
    pub(super) async fn execute(
        &self,
        plan: &Plan,
        variables: &[(Name, Value)],
        data: EventData,
    ) -> (Arc<Meter>, Result<Response, GivenUp>) {
        let holder = Some(RateKey::User(data.user_id));
        let meter = Meter::start(OperationType::Subscription, &self.limits, &self.budget, holder);
        let mut given = Variables::default();
        given.extend(variables.iter().cloned());
        let request = Request::new("").variables(given).data(data);
        let mut request = request.data(Loaders::default()).data(Arc::clone(&meter));
        // It ran before, so it can be read.
        let document = self.policy.read_again(&plan.text);
        if let Some(query) = document.and_then(|document| plan.query(&document.content)) {
            request.set_parsed_query(query);
        }
        // Boxed, because most answers are rendered for another follower, and each follower would hold the
        // place for it.
        let outcome = Box::pin(meter.watch(self.schema.execute(request))).await;
        (meter, outcome)
    }
}
