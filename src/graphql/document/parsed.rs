//! A document, read.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos,
    parser::{
        self, parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection},
    },
};

use super::{cost::Lists, scan, size};
use crate::{
    config::Limits,
    graphql::{
        at_once::Merging,
        error::{ErrorCode, RequestError},
    },
};

/// A document that is harmless to validate.
pub(in crate::graphql) struct Document {
    pub(in crate::graphql) content: ExecutableDocument,
    /// What it asks for twice.
    pub(in crate::graphql) merging: Merging,
}

impl Document {
    /// Scans, parses and measures a text.
    pub(super) fn read(
        text: &str,
        limits: &Limits,
        lists: &Lists,
        objects: &HashSet<Name>,
    ) -> Result<Self, RequestError> {
        scan::check(text, limits)?;
        let content = parse_query(text).map_err(|error| parse_error(&error))?;
        size::check(&content, limits)?;
        let merging = Merging::of(&content, |field| lists.contains(field), |name| objects.contains(name));
        Ok(Self { content, merging })
    }

    /// The operation that is to run.
    pub(in crate::graphql) fn operation(
        &self,
        name: Option<&str>,
    ) -> Result<&OperationDefinition, RequestError> {
        let found = match (&self.content.operations, name) {
            (DocumentOperations::Single(operation), None) => Some(operation),
            (DocumentOperations::Single(_), Some(_)) => None,
            (DocumentOperations::Multiple(operations), Some(name)) => operations.get(&Name::new(name)),
            (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
                operations.values().next()
            }
            (DocumentOperations::Multiple(_), None) => {
                return Err(RequestError::new(
                    ErrorCode::OperationNotFound,
                    "the document has several operations; name the one to run in operationName",
                ));
            }
        };
        found.map(|operation| &operation.node).ok_or_else(|| {
            let name = name.unwrap_or_default();
            RequestError::new(
                ErrorCode::OperationNotFound,
                format!("the document has no operation named \"{name}\""),
            )
        })
    }
}

/// Whether an operation changes nothing before something can be found to be wrong.
pub(in crate::graphql) fn may_fail_late(operation: &OperationDefinition) -> bool {
    match operation.ty {
        OperationType::Query => true,
        OperationType::Mutation => {
            let fields = operation.selection_set.node.items.as_slice();
            matches!(fields, [only] if matches!(only.node, Selection::Field(_)))
        }
        OperationType::Subscription => false,
    }
}

/// The parser's own text draws a picture over several lines; clients need one line and the place.
fn parse_error(error: &parser::Error) -> RequestError {
    let places: Vec<Pos> = error.positions().collect();
    let place = places
        .first()
        .map_or_else(String::new, |pos| format!(" at line {}, column {}", pos.line, pos.column));
    let text = error.to_string();
    let detail = text.lines().last().unwrap_or_default().trim_start_matches([' ', '=']).trim();
    RequestError::new(ErrorCode::GraphqlParseFailed, format!("syntax error{place}: {detail}")).at(places)
}
