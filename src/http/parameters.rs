//! The parameters of a GraphQL request, the same in a body, in a query string, and in a message over a WebSocket.

use async_graphql::Variables;
use serde_json::{Map, Value};

use crate::graphql::{DocumentId, Request};

/// What makes an object no GraphQL request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoRequest {
    #[error("\"query\" must be a string that holds a GraphQL document")]
    Query,
    #[error("\"operationName\" must be a string")]
    OperationName,
    #[error("\"documentId\" must be a string")]
    DocumentId,
    #[error("\"extensions.persistedQuery\" must be {{version: 1, sha256Hash: \"…\"}}")]
    PersistedQuery,
    #[error("\"{0}\" must be an object")]
    Object(&'static str),
}

/// The request that these parameters make.
pub(super) fn request(mut parameters: Map<String, Value>) -> Result<Request, NoRequest> {
    let mut extensions = take_object(&mut parameters, "extensions")?;
    let document_id = document_id(&mut parameters, &mut extensions)?;
    let query = match parameters.remove("query") {
        Some(Value::String(query)) => Some(query),
        None | Some(Value::Null) if document_id.is_some() => None,
        _ => return Err(NoRequest::Query),
    };
    let operation_name = match parameters.remove("operationName") {
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        None | Some(Value::Null) => None,
        Some(_) => return Err(NoRequest::OperationName),
    };
    let variables = take_object(&mut parameters, "variables")?;
    let variables = Variables::from_json(Value::Object(variables));
    Ok(Request { query, document_id, operation_name, variables })
}

/// The id of the document: that of automatic persisted queries, as Apollo Client sends it
/// (<https://www.apollographql.com/docs/apollo-server/performance/apq>), or the one of the GraphQL-over-HTTP specification.
fn document_id(
    parameters: &mut Map<String, Value>,
    extensions: &mut Map<String, Value>,
) -> Result<Option<DocumentId>, NoRequest> {
    match extensions.remove("persistedQuery") {
        Some(Value::Object(persisted)) => {
            let is_known_version = persisted.get("version").and_then(Value::as_u64) == Some(1);
            return match persisted.get("sha256Hash") {
                Some(Value::String(hash)) if is_known_version => Ok(Some(DocumentId::Hash(hash.clone()))),
                _ => Err(NoRequest::PersistedQuery),
            };
        }
        None | Some(Value::Null) => {}
        Some(_) => return Err(NoRequest::PersistedQuery),
    }
    match parameters.remove("documentId") {
        Some(Value::String(id)) => Ok(Some(DocumentId::Name(id))),
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(NoRequest::DocumentId),
    }
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
