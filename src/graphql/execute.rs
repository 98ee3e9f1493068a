//! From a request to an answer, the same for every transport.

use std::sync::Arc;

use async_graphql::{Pos, Response, ServerError, Value, Variables};

use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use super::{
    document::{Document, Rules, is_query},
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

/// Which operations a transport may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Any.
    Everything,
    /// Only queries.
    Queries,
}

/// What came of a request.
#[derive(Debug)]
pub enum Answer {
    /// Nothing was executed; there is no `data`.
    Refused(Vec<RequestError>),
    /// The operation is of a kind that the transport may not run.
    NotAllowed,
    /// The operation was executed.
    Executed(Box<Response>),
}

/// The answers to a request, one after the other.
pub type Answers = BoxStream<'static, Answer>;

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
        let acting_user = request.acting_user.clone();
        match self.prepare(request, allowed) {
            Ok(Some(request)) => self.run_as(acting_user.as_deref(), request, request_id).await,
            Ok(None) => Answer::NotAllowed,
            Err(error) => Answer::Refused(vec![error]),
        }
    }

    /// The same for a transport that can carry more than one answer: a subscription gives one for each event, everything
    /// else gives one. Dropping the stream ends the subscription.
    #[must_use]
    pub fn follow(&self, request: Request, allowed: Allowed, request_id: RequestId) -> Answers {
        let api = self.clone();
        stream::once(async move { api.begin(request, allowed, request_id).await }).flatten().boxed()
    }

    async fn begin(self, request: Request, allowed: Allowed, request_id: RequestId) -> Answers {
        let acting_user = request.acting_user.clone();
        let only = |answer| stream::iter([answer]).boxed();
        let prepared = match self.prepare(request, allowed) {
            Ok(Some(prepared)) => prepared,
            Ok(None) => return only(Answer::NotAllowed),
            Err(error) => return only(Answer::Refused(vec![error])),
        };
        match self.identify(acting_user.as_deref(), &request_id).await {
            Ok(viewer) => {
                let responses = self.schema.execute_stream(prepared.data(viewer));
                responses.map(move |response| finish(response, &request_id)).boxed()
            }
            Err(answer) => only(answer),
        }
    }

    async fn run_as(
        &self,
        acting_user: Option<&str>,
        request: async_graphql::Request,
        request_id: &RequestId,
    ) -> Answer {
        match self.identify(acting_user, request_id).await {
            Ok(viewer) => finish(self.schema.execute(request.data(viewer)).await, request_id),
            Err(answer) => answer,
        }
    }

    /// Whom the request acts as, or the answer that it gets instead.
    async fn identify(&self, acting_user: Option<&str>, request_id: &RequestId) -> Result<Viewer, Answer> {
        match Viewer::of_header(&self.app, acting_user).await {
            Ok(Ok(viewer)) => Ok(viewer),
            Ok(Err(unknown)) => Err(Answer::Refused(vec![unknown])),
            Err(fault) => {
                let error = domain_error(fault).into_server_error(Pos::default());
                Err(finish(Response::from_errors(vec![error]), request_id))
            }
        }
    }

    /// The request as the library takes it; `None` when the transport may not run it.
    fn prepare(
        &self,
        request: Request,
        allowed: Allowed,
    ) -> Result<Option<async_graphql::Request>, RequestError> {
        let document = Document::read(&request.query)?;
        let operation = document.operation(request.operation_name.as_deref())?;
        if allowed == Allowed::Queries && !is_query(operation) {
            return Ok(None);
        }
        self.rules.check(&document, operation, &request.variables)?;
        let mut prepared = async_graphql::Request::new(request.query).variables(request.variables);
        prepared.operation_name = request.operation_name;
        prepared.set_parsed_query(document.0);
        Ok(Some(prepared))
    }
}

/// What a response of the library is to a client.
fn finish(mut response: Response, request_id: &RequestId) -> Answer {
    if was_refused(&response) {
        return Answer::Refused(response.errors.into_iter().take(MAX_ERRORS).map(refusal).collect());
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
