//! The parameters of a GraphQL request, the same in a body, in a query string, and in a message over a WebSocket.

use async_graphql::Variables;
use serde_json::{Map, Value};

use crate::graphql::Request;

/// What makes an object no GraphQL request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoRequest {
    #[error("\"query\" must be a string that holds a GraphQL document")]
    Query,
    #[error("\"operationName\" must be a string")]
    OperationName,
    #[error("\"{0}\" must be an object")]
    Object(&'static str),
}

/// The request that these parameters make.
pub(super) fn request(mut parameters: Map<String, Value>) -> Result<Request, NoRequest> {
    let Some(Value::String(query)) = parameters.remove("query") else {
        return Err(NoRequest::Query);
    };
    let operation_name = match parameters.remove("operationName") {
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        None | Some(Value::Null) => None,
        Some(_) => return Err(NoRequest::OperationName),
    };
    let variables = take_object(&mut parameters, "variables")?;
    take_object(&mut parameters, "extensions")?;
    Ok(Request {
        query,
        operation_name,
        variables: Variables::from_json(Value::Object(variables)),
        acting_user: None,
    })
}

/// What is missing or null is empty.
pub(super) fn take_object(
    parameters: &mut Map<String, Value>,
    name: &'static str,
) -> Result<Map<String, Value>, NoRequest> {
    match parameters.remove(name) {
        Some(Value::Object(values)) => Ok(values),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(NoRequest::Object(name)),
    }
}
