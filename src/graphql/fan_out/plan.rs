//! The selection of a subscription, prepared once for all who subscribe with the same document.

use std::{fmt, sync::Arc};

use async_graphql::{
    Name,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use sha2::{Digest, Sha256};

use super::{kind::KINDS, selection::shareable_selection, usage::variables_of_events};
use crate::live::SelectionHash;

/// What a subscription asks of an event. Its document is kept as a text: read, it would take a hundred times
/// as much.
pub(in crate::graphql) struct Plan {
    /// The document.
    pub(super) text: Arc<str>,
    operation_name: Option<Box<str>>,
    /// What it asks of each type of event.
    of_kinds: [OfKind; KINDS.len()],
    /// The variables that it uses below its root field. The others have done their part when it has begun.
    pub(super) variables: Box<[Name]>,
}

/// What a subscription asks of one type of event.
#[derive(Clone, Copy, Default)]
struct OfKind {
    /// Equal when the answers are, where the answer is the same for everybody.
    shareable: Option<SelectionHash>,
    /// Whether it asks nothing but what the event is.
    is_nothing: bool,
}

impl Plan {
    /// The plan of a document that is sound; `None` when it has no such operation.
    pub(super) fn of(
        text: &Arc<str>,
        operation_name: Option<&str>,
        document: &ExecutableDocument,
    ) -> Option<Self> {
        let operation = operation_of(document, operation_name)?;
        let of_kinds = KINDS.map(|kind| match shareable_selection(document, operation, kind) {
            Some(asked) => {
                OfKind { shareable: Some(Sha256::digest(asked.text).into()), is_nothing: asked.is_nothing }
            }
            None => OfKind::default(),
        });
        Some(Self {
            text: Arc::clone(text),
            operation_name: operation_name.map(Into::into),
            of_kinds,
            variables: variables_of_events(document, operation).into(),
        })
    }

    /// Whether it asks for anything that an event of this type has.
    pub(super) fn asks_for(&self, kind: usize) -> bool {
        self.of_kinds.get(kind).is_none_or(|asked| !asked.is_nothing)
    }

    /// What it asks of events of a type, if the answer is the same for everybody.
    pub(super) fn shareable(&self, kind: usize) -> Option<&SelectionHash> {
        self.of_kinds.get(kind)?.shareable.as_ref()
    }

    /// The document, in which the subscription is a query about one event.
    pub(super) fn query(&self, document: &ExecutableDocument) -> Option<ExecutableDocument> {
        let mut document = document.clone();
        let mut operation = match document.operations {
            DocumentOperations::Single(operation) => operation,
            DocumentOperations::Multiple(mut operations) => match &self.operation_name {
                Some(name) => operations.remove(&Name::new(name))?,
                None => operations.into_values().next()?,
            },
        };
        operation.node.ty = OperationType::Query;
        document.operations = DocumentOperations::Single(operation);
        Some(document)
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let names: usize = self.variables.iter().map(|name| size_of::<Name>() + name.len()).sum();
        size_of::<Self>() + self.text.len() + names
    }
}

fn operation_of<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(&Name::new(name)),
        (DocumentOperations::Multiple(operations), None) => operations.values().next(),
    };
    operation.map(|operation| &operation.node)
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("text", &self.text).finish_non_exhaustive()
    }
}
