//! The parameters of a GraphQL request, the same in a body, in a query string, and in a message over a WebSocket.

use async_graphql::{Name, Value, Variables, indexmap::IndexMap};

use crate::graphql::{DocumentId, Request};

/// A JSON object that a client sent. It is the library's own type, which gives no key a meaning of its own; see
/// `types/json.rs`.
pub(super) type Fields = IndexMap<Name, Value>;

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
pub(super) fn request(mut parameters: Fields) -> Result<Request, NoRequest> {
    let mut extensions = take_object(&mut parameters, "extensions")?;
    let document_id = document_id(&mut parameters, &mut extensions)?;
    let query = match parameters.swap_remove("query") {
        Some(Value::String(query)) => Some(query),
        None | Some(Value::Null) if document_id.is_some() => None,
        _ => return Err(NoRequest::Query),
    };
    let operation_name = match parameters.swap_remove("operationName") {
        Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
        None | Some(Value::Null) => None,
        Some(_) => return Err(NoRequest::OperationName),
    };
    let variables = take_object(&mut parameters, "variables")?;
    let variables = Variables::from_value(Value::Object(variables));
    Ok(Request { query, document_id, operation_name, variables, last_event_id: None })
}

/// The id of the document: that of automatic persisted queries, as Apollo Client sends it
/// (<https://www.apollographql.com/docs/apollo-server/performance/apq>), or the one of the GraphQL-over-HTTP specification.
fn document_id(parameters: &mut Fields, extensions: &mut Fields) -> Result<Option<DocumentId>, NoRequest> {
    match extensions.swap_remove("persistedQuery") {
        Some(Value::Object(persisted)) => {
            let is_known_version = persisted.get("version") == Some(&Value::from(1));
            return match persisted.get("sha256Hash") {
                Some(Value::String(hash)) if is_known_version => Ok(Some(DocumentId::Hash(hash.clone()))),
                _ => Err(NoRequest::PersistedQuery),
            };
        }
        None | Some(Value::Null) => {}
        Some(_) => return Err(NoRequest::PersistedQuery),
    }
    match parameters.swap_remove("documentId") {
        Some(Value::String(id)) => Ok(Some(DocumentId::Name(id))),
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(NoRequest::DocumentId),
    }
}

/// What is missing or null is empty.
pub(super) fn take_object(parameters: &mut Fields, name: &'static str) -> Result<Fields, NoRequest> {
    match parameters.swap_remove(name) {
        Some(Value::Object(values)) => Ok(values),
        None | Some(Value::Null) => Ok(Fields::new()),
        Some(_) => Err(NoRequest::Object(name)),
    }
}
