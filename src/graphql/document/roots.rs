//! How many things a subscription subscribes to.
//!
//! GraphQL specification (September 2025), section 5.2.4.1, "Single Root Field". The library does not have this rule.

use std::collections::HashSet;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
};

use crate::graphql::error::{ErrorCode, RequestError};

/// Refuses a subscription with several root fields: each of them would have answers of its own.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<(), RequestError> {
    if operation.ty != OperationType::Subscription {
        return Ok(());
    }
    let mut roots = Roots { document, names: HashSet::new(), seen: HashSet::new() };
    roots.gather(&operation.selection_set.node);
    if roots.names.len() > 1 {
        return Err(RequestError::new(
            ErrorCode::GraphqlValidationFailed,
            "a subscription has one root field; start another subscription for each of the others",
        )
        .at([operation.selection_set.pos]));
    }
    Ok(())
}

struct Roots<'a> {
    document: &'a ExecutableDocument,
    /// Under which names there will be answers.
    names: HashSet<&'a Name>,
    /// Fragments that were looked at.
    seen: HashSet<&'a Name>,
}

impl<'a> Roots<'a> {
    fn gather(&mut self, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => drop(self.names.insert(&field.node.response_key().node)),
                Selection::InlineFragment(inline) => self.gather(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            }
        }
    }

    fn fragment(&mut self, name: &'a Name) {
        if let Some(fragment) = self.document.fragments.get(name)
            && self.seen.insert(name)
        {
            self.gather(&fragment.node.selection_set.node);
        }
    }
}
