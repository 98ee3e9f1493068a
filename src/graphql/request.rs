//! A request, and what a transport may run.

use async_graphql::{Variables, parser::types::OperationType};

use super::error::{ErrorCode, RequestError};

/// A GraphQL request, however it came in.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The document, if it was sent.
    pub query: Option<String>,
    /// Under which id the document is known, or is to be.
    pub document_id: Option<DocumentId>,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// What its variables are.
    pub variables: Variables,
    /// Of a subscription: the cursor of the last event that the client was told, as its browser says when it connects again. It
    /// goes before the argument `after`, which is that of the first time.
    pub last_event_id: Option<String>,
}

/// The id of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentId {
    /// `extensions.persistedQuery.sha256Hash`: beside a document, it asks to register it.
    Hash(String),
    /// `documentId`.
    Name(String),
}

impl Request {
    /// Whether it asks to register its document, which is hashed for that.
    pub(super) fn registers(&self) -> bool {
        self.query.is_some() && matches!(self.document_id, Some(DocumentId::Hash(_)))
    }
}

impl DocumentId {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Hash(text) | Self::Name(text) => text,
        }
    }
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

    pub(super) fn check(self, kind: OperationType) -> Result<(), RequestError> {
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

/// The last event that the client was told. Part of a subscription's data.
pub(super) struct LastEventId(pub(super) String);
