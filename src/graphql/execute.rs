//! From a request to an answer, the same for every transport.

use std::sync::Arc;

use async_graphql::{Pos, Response};
use futures_util::{
    FutureExt, StreamExt,
    future::{self, BoxFuture},
    stream::{self, BoxStream},
};
use tokio::task::yield_now;

use super::{
    answer::{Answer, finish},
    answers::Answers,
    document_policy::DocumentPolicy,
    error::{RequestError, RequestId},
    fan_out::{Audience, EventRenderer, FollowerHandover, Subscribed},
    loaders::Loaders,
    memory::{Budget, Hold, Meter},
    prepare::Prepared,
    request::{Allowed, Request},
    request_count::RequestCount,
    resolver_error::domain_error,
    running::Running,
    schema::{MessengerSchema, schema},
    viewer::{Credentials, Session},
};
use crate::{
    app::App,
    config::Limits,
    domain::Follower,
    rates::{RateKey, RateLimited, Turn},
    types::reached,
};

/// The GraphQL API over an application. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    pub(super) app: App,
    pub(super) schema: MessengerSchema,
    pub(super) policy: Arc<DocumentPolicy>,
    renderer: Arc<EventRenderer>,
    budget: Arc<Budget>,
    running: Running,
}

impl Api {
    /// The API over this application, for any document.
    #[must_use]
    pub fn new(app: App) -> Self {
        let policy = DocumentPolicy::open(true, Arc::clone(&app.limits));
        Self::behind(policy, app)
    }

    /// The same for the documents that pass this gate.
    #[must_use]
    pub fn behind(policy: DocumentPolicy, app: App) -> Self {
        let policy = Arc::new(policy);
        let schema = schema(app.clone(), &policy);
        let budget = Arc::new(Budget::new(&app.limits));
        let renderer = Arc::new(EventRenderer::new(app.clone(), Arc::clone(&policy), Arc::clone(&budget)));
        let running = Running::new(&app.limits);
        Self { app, schema, policy, renderer, budget, running }
    }

    /// What one client may ask for and hold.
    #[must_use]
    pub fn limits(&self) -> &Arc<Limits> {
        &self.app.limits
    }

    /// How many subscriptions run, and how many bytes are kept of their documents.
    #[must_use]
    pub fn kept_for_subscriptions(&self) -> (usize, usize) {
        self.renderer.kept()
    }

    /// Counts a request that is refused before there is a document: `RATE_LIMITED` when the user has no more of them.
    pub fn count_refused(&self, session: Session) -> Result<(), RequestError> {
        RequestCount::new(&self.app.rates, session).take()
    }

    /// Validates and executes a request.
    pub async fn execute(
        &self,
        session: Session,
        request: Request,
        allowed: Allowed,
        request_id: &RequestId,
    ) -> Answer {
        let turn = match self.running.turn(session.rate_key(None)).await {
            Ok(turn) => turn,
            // What is refused counts like what runs.
            Err(refused) => {
                let counted = RequestCount::new(&self.app.rates, session).take();
                return counted.err().unwrap_or(refused).into();
            }
        };
        let prepared = self.prepare(session, request, allowed);
        if prepared.as_ref().map_or(true, |prepared| prepared.is_new) {
            // To read a document may have taken milliseconds.
            yield_now().await;
        }
        match prepared {
            Ok(prepared) => self.run(session, prepared, turn, request_id).await,
            Err(refused) => refused,
        }
    }

    /// Runs a query or a mutation to its end. Begins nothing when there is no memory for the answer.
    async fn run(
        &self,
        session: Session,
        prepared: Prepared,
        _turn: Option<Turn>,
        request_id: &RequestId,
    ) -> Answer {
        let holder = session.rate_key(None);
        if let Err(full) = self.budget.check(holder) {
            return RequestError::overloaded(format!("{full}; nothing was run")).into();
        }
        let meter = Meter::start(prepared.kind, &self.app.limits, &self.budget, holder);
        let request = prepared.request.data(session).data(Loaders::default()).data(Arc::clone(&meter));
        let running = async {
            let _turn = self.running.expensive_turn(holder, prepared.weight).await?;
            Ok::<_, RequestError>(self.schema.execute(request).await)
        };
        let answer = match meter.watch(running).await {
            Ok(Ok(mut response)) => {
                prepared.described.put_into(&mut response);
                finish(response, request_id)
            }
            Ok(Err(refused)) => Answer::from(refused),
            Err(given_up) => Answer::given_up(given_up, meter.kind(), request_id),
        };
        answer.covered(&prepared.masking).rendered(&meter, request_id).await
    }

    /// The same for a transport that can carry more than one answer: a subscription gives one for each event, everything
    /// else gives one. Dropping the answers ends the operation; the end of the session does not.
    #[must_use]
    pub fn follow(
        &self,
        session: Session,
        request: Request,
        allowed: Allowed,
        request_id: RequestId,
    ) -> Answers {
        match self.prepare(session, request, allowed) {
            Ok(prepared) => {
                let (kind, id) = (prepared.kind, request_id.clone());
                // Boxed, because what begins a subscription is large, and gone when it has begun.
                let begun = Box::pin(self.clone().begin(session, prepared, request_id));
                Answers::new(stream::once(begun).flatten(), kind, id)
            }
            Err(refused) => Answers::refused(refused),
        }
    }

    async fn begin(
        self,
        session: Session,
        mut prepared: Prepared,
        request_id: RequestId,
    ) -> BoxStream<'static, Answer> {
        let Some(subscribed) = prepared.subscribed.take() else {
            let answer = match self.running.turn(session.rate_key(None)).await {
                Ok(turn) => self.run(session, prepared, turn, &request_id).await,
                Err(refused) => refused.into(),
            };
            return stream::iter([answer]).boxed();
        };
        match self.subscribe(session, prepared, subscribed, request_id).await {
            Ok((audience, follower)) => audience.tell(follower).boxed(),
            Err(answer) => stream::iter(answer).boxed(),
        }
    }

    /// Begins to follow, and keeps what is needed for that; else gives the only answer.
    async fn subscribe(
        &self,
        session: Session,
        prepared: Prepared,
        subscribed: Subscribed,
        request_id: RequestId,
    ) -> Result<(Audience, Box<Follower>), Option<Answer>> {
        let variables = prepared.request.variables.clone();
        let handover = FollowerHandover::default();
        let mut responses = self.schema.execute_stream(prepared.request.data(session).data(handover.clone()));
        // A resolver that began says nothing itself.
        if let Some(refusal) = responses.next().await {
            let refused = finish(refusal, &request_id).into_not_begun();
            return Err(Some(refused.covered(&prepared.masking)));
        }
        drop(responses);
        let follower = handover.take().ok_or(None)?;
        let user_id = follower.user_id();
        let refused = |error: RequestError| Some(error.into());
        let entered = self.renderer.enter(user_id, &subscribed).map_err(refused)?.ok_or(None)?;
        let rate_key = session.rate_key(Some(user_id));
        let how = (request_id, rate_key, subscribed.values);
        let audience =
            Audience::new(Arc::clone(&self.renderer), entered, &variables, how).map_err(refused)?;
        Ok((audience, Box::new(follower)))
    }

    /// Holds memory for what a transport keeps of answers beyond their sending; none at first.
    #[must_use]
    pub fn hold(&self, session: Session) -> Hold {
        Hold::none(Arc::clone(&self.budget), session.rate_key(None))
    }

    /// Counts a WebSocket that somebody opens.
    pub fn count_connect(&self, session: Session) -> Result<(), RateLimited> {
        session.rate_key(None).map_or(Ok(()), |rate_key| self.app.rates.connects(rate_key, 1))
    }

    /// Counts a message over a WebSocket: for the user whose session it is, or before there is one for the address.
    pub fn count_message(
        &self,
        session: Option<Session>,
        caller: Option<RateKey>,
    ) -> Result<(), RateLimited> {
        let rate_key = session.map_or(caller, |session| session.rate_key_or(caller));
        rate_key.map_or(Ok(()), |rate_key| self.app.rates.messages(rate_key, 1))
    }

    /// Returns when the session has ended.
    #[must_use]
    pub fn ended(&self, session: Session) -> BoxFuture<'static, ()> {
        match session.until() {
            Some(until) => reached(Arc::clone(&self.app.clock), until).boxed(),
            None => future::pending().boxed(),
        }
    }

    /// The session that the credentials open, or the answer that a request gets instead.
    pub async fn admit(&self, credentials: &Credentials, request_id: &RequestId) -> Result<Session, Answer> {
        match Session::open(&self.app, credentials).await {
            Ok(Ok(session)) => Ok(session),
            Ok(Err(refused)) => Err(refused.into()),
            Err(fault) => {
                let error = domain_error(fault).into_server_error(Pos::default());
                Err(finish(Response::from_errors(vec![error]), request_id))
            }
        }
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}
