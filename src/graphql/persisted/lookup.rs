//! Finds the document that a request means.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    Trusted,
    hash::{bare, sha256},
    recent::Recent,
};
use crate::graphql::{
    error::{ErrorCode, RequestError},
    limits::{MAX_REGISTERED, MAX_REGISTERED_BYTES},
    request::{DocumentId, Request},
};

/// What is known of documents before they come.
#[derive(Debug)]
pub(in crate::graphql) enum PersistedDocuments {
    /// Any document runs, and clients may register theirs.
    Registered(Mutex<Recent>),
    /// Only these run.
    Trusted(Trusted),
}

/// The text of a document.
#[derive(Debug)]
pub(in crate::graphql) struct ResolvedDocument {
    pub(in crate::graphql) text: Arc<str>,
    /// Under which hash the client wants to register it.
    register: Option<String>,
}

impl PersistedDocuments {
    /// An empty one, for documents that clients register.
    pub(in crate::graphql) fn registered() -> Self {
        Self::Registered(Mutex::new(Recent::new(MAX_REGISTERED, MAX_REGISTERED_BYTES)))
    }

    /// The document that a request means.
    pub(in crate::graphql) fn find(
        &self,
        request: &Request,
        max_bytes: usize,
    ) -> Result<ResolvedDocument, RequestError> {
        let (query, id) = (request.query.as_deref(), request.document_id.as_ref());
        let recent = match self {
            Self::Trusted(trusted) => {
                let text = trusted.find(query, id.map(DocumentId::text))?;
                return Ok(ResolvedDocument { text, register: None });
            }
            Self::Registered(recent) => recent,
        };
        match (query, id) {
            // What is too large will be refused for that, and is not worth hashing.
            (Some(query), Some(DocumentId::Hash(hash))) if query.len() <= max_bytes => {
                registering(query, hash)
            }
            (Some(query), _) => Ok(ResolvedDocument { text: query.into(), register: None }),
            (None, id) => {
                let hash = bare(id.map_or("", DocumentId::text)).to_ascii_lowercase();
                let text = recent.lock().unwrap_or_else(PoisonError::into_inner).get(&hash);
                // This very message is what some clients go by.
                let unknown =
                    || RequestError::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound");
                Ok(ResolvedDocument { text: text.ok_or_else(unknown)?, register: None })
            }
        }
    }

    /// Keeps the text of a valid document that a client wants to register.
    pub(in crate::graphql) fn keep(&self, resolved: &ResolvedDocument) {
        if let (Self::Registered(recent), Some(hash)) = (self, &resolved.register) {
            recent.lock().unwrap_or_else(PoisonError::into_inner).put(hash, &resolved.text);
        }
    }
}

/// A hash that is not the text's would give others a document that they did not ask for.
fn registering(query: &str, hash: &str) -> Result<ResolvedDocument, RequestError> {
    let own = sha256(query);
    if !own.eq_ignore_ascii_case(bare(hash)) {
        return Err(RequestError::new(
            ErrorCode::PersistedQueryHashMismatch,
            "sha256Hash is not the SHA-256 of query; send that of exactly this text, in hexadecimal",
        ));
    }
    Ok(ResolvedDocument { text: query.into(), register: Some(own) })
}
