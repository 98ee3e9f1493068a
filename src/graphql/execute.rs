//! From a request to an answer, the same for every transport.

use std::sync::Arc;

use async_graphql::{Pos, Response, ServerError, Value, Variables, parser::types::OperationType};
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use serde::Serialize;

use super::{
    answers::Answers,
    document::{Document, Rules},
    error::{ErrorCode, RequestError, RequestId},
    limits::{MAX_DEPTH, MAX_ERRORS, MAX_RECURSION},
    resolver_error::{domain_error, log_faults, restore_path},
    schema::{MessengerSchema, export, schema},
    viewer::Viewer,
};
use crate::app::App;

/// A GraphQL request, however it came in.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document.
    pub query: String,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// What its variables are.
    pub variables: Variables,
    /// The id or the name of the user it acts as, where it is said for the whole request.
    pub acting_user: Option<String>,
}

/// Which operations a transport may run, beside queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// It may change something.
    pub mutations: bool,
    /// It can carry more than one answer.
    pub subscriptions: bool,
}

impl Allowed {
    /// Any operation.
    pub const EVERYTHING: Self = Self { mutations: true, subscriptions: true };

    fn check(self, kind: OperationType) -> Result<(), RequestError> {
        match kind {
            OperationType::Mutation if !self.mutations => Err(RequestError::new(
                ErrorCode::MethodNotAllowed,
                "GET only runs queries; send a mutation by POST",
            )),
            OperationType::Subscription if !self.subscriptions => Err(RequestError::new(
                ErrorCode::SubscriptionNeedsStream,
                "a subscription has many answers: send it over a WebSocket with the sub-protocol graphql-transport-ws, \
                 or with the header Accept: text/event-stream",
            )),
            _ => Ok(()),
        }
    }
}

/// What came of a request. Written as JSON, it is what the client gets.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// Nothing was executed; there is no `data`.
    Refused {
        /// Why not.
        errors: Vec<RequestError>,
    },
    /// The operation was executed.
    Executed(Box<Response>),
}

impl From<RequestError> for Answer {
    fn from(error: RequestError) -> Self {
        Self::Refused { errors: vec![error] }
    }
}

/// A request that may run.
struct Prepared {
    request: async_graphql::Request,
    kind: OperationType,
    acting_user: Option<String>,
}

/// The GraphQL API over an application. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    app: App,
    schema: MessengerSchema,
    rules: Arc<Rules>,
}

impl Api {
    /// The API over this application.
    #[must_use]
    pub fn new(app: App) -> Self {
        let schema = schema(app.clone());
        let rules = Arc::new(Rules::of(&export(&schema)));
        Self { app, schema, rules }
    }

    /// Guards, validates and executes a request.
    pub async fn execute(&self, request: Request, allowed: Allowed, request_id: &RequestId) -> Answer {
        let prepared = match self.prepare(request, allowed) {
            Ok(prepared) => prepared,
            Err(error) => return error.into(),
        };
        match self.identify(prepared.acting_user.as_deref(), request_id).await {
            Ok(viewer) => finish(self.schema.execute(prepared.request.data(viewer)).await, request_id),
            Err(answer) => answer,
        }
    }

    /// The same for a transport that can carry more than one answer: a subscription gives one for each event, everything
    /// else gives one. Dropping the answers ends the operation.
    #[must_use]
    pub fn follow(&self, request: Request, allowed: Allowed, request_id: RequestId) -> Answers {
        match self.prepare(request, allowed) {
            Ok(prepared) => {
                let (kind, id) = (prepared.kind, request_id.clone());
                let begun = self.clone().begin(prepared, request_id);
                Answers::new(stream::once(begun).flatten(), kind, id)
            }
            Err(error) => Answers::only(error.into()),
        }
    }

    /// Refuses a user to act as whom there is not, before anything is asked for.
    pub async fn admit(&self, acting_user: Option<&str>, request_id: &RequestId) -> Result<(), Answer> {
        self.identify(acting_user, request_id).await.map(drop)
    }

    async fn begin(self, prepared: Prepared, request_id: RequestId) -> BoxStream<'static, Answer> {
        match self.identify(prepared.acting_user.as_deref(), &request_id).await {
            Ok(viewer) => {
                let responses = self.schema.execute_stream(prepared.request.data(viewer));
                responses.map(move |response| finish(response, &request_id)).boxed()
            }
            Err(answer) => stream::iter([answer]).boxed(),
        }
    }

    /// Whom the request acts as, or the answer that it gets instead.
    async fn identify(&self, acting_user: Option<&str>, request_id: &RequestId) -> Result<Viewer, Answer> {
        match Viewer::of_header(&self.app, acting_user).await {
            Ok(Ok(viewer)) => Ok(viewer),
            Ok(Err(unknown)) => Err(unknown.into()),
            Err(fault) => {
                let error = domain_error(fault).into_server_error(Pos::default());
                Err(finish(Response::from_errors(vec![error]), request_id))
            }
        }
    }

    /// The request as the library takes it, when it is sound and the transport may run it.
    fn prepare(&self, request: Request, allowed: Allowed) -> Result<Prepared, RequestError> {
        let document = Document::read(&request.query)?;
        let operation = document.operation(request.operation_name.as_deref())?;
        let kind = operation.ty;
        allowed.check(kind)?;
        self.rules.check(&document, operation, &request.variables)?;
        let mut prepared = async_graphql::Request::new(request.query).variables(request.variables);
        prepared.operation_name = request.operation_name;
        prepared.set_parsed_query(document.0);
        Ok(Prepared { request: prepared, kind, acting_user: request.acting_user })
    }
}

/// What a response of the library is to a client.
fn finish(mut response: Response, request_id: &RequestId) -> Answer {
    if was_refused(&response) {
        let errors = response.errors.into_iter().take(MAX_ERRORS).map(refusal).collect();
        return Answer::Refused { errors };
    }
    response.errors.iter_mut().for_each(restore_path);
    log_faults(&mut response.errors, request_id);
    response.errors.truncate(MAX_ERRORS);
    response.errors.iter_mut().for_each(ensure_code);
    Answer::Executed(Box::new(response))
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// Whether validation stopped the request: errors of an execution have a path, and those of resolvers a code.
fn was_refused(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty() && error.extensions.is_none())
}

/// What the library says of a document that does not fit, with a code.
fn refusal(error: ServerError) -> RequestError {
    let (code, message) = match error.message.as_str() {
        "Query is nested too deep." => {
            (ErrorCode::DocumentTooDeep, format!("selections are nested more than {MAX_DEPTH} deep"))
        }
        message if message.starts_with("The recursion depth of the query") => (
            ErrorCode::DocumentTooDeep,
            format!("selections and fragments are nested more than {MAX_RECURSION} deep"),
        ),
        _ => (ErrorCode::GraphqlValidationFailed, error.message),
    };
    RequestError::new(code, message).at(error.locations)
}

/// Arguments that the library itself refuses while executing carry no code.
fn ensure_code(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_none() {
        extensions.set("code", ErrorCode::ArgumentsInvalid);
    }
}
