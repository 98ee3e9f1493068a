//! What came of a request.

use std::sync::Arc;

use async_graphql::{Response, ServerError, Value};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    error::{ErrorCode, RequestError, RequestId},
    limits::{MAX_DEPTH, MAX_ERRORS, MAX_RECURSION},
    resolver_error::{log_faults, restore_path},
};

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
    /// The same, written already: many are told it.
    Written(Arc<RawValue>),
}

impl From<RequestError> for Answer {
    fn from(error: RequestError) -> Self {
        Self::Refused { errors: vec![error] }
    }
}

/// What a response of the library is to a client.
pub(super) fn finish(mut response: Response, request_id: &RequestId) -> Answer {
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
