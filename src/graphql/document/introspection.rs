//! Whether a document asks for the schema.

use async_graphql::{
    Pos,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use crate::graphql::error::{ErrorCode, RequestError};

/// Refuses a document with `__schema` or `__type`, wherever it stands; `__typename` is part of every client.
pub(super) fn refuse(document: &ExecutableDocument) -> Result<(), RequestError> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    let Some(place) = operations.chain(fragments).find_map(asking) else {
        return Ok(());
    };
    let message = "introspection is switched off here: __schema and __type are not answered; __typename is";
    Err(RequestError::new(ErrorCode::IntrospectionDisabled, message).at([place]))
}

/// Recurses as deep as braces are nested, which the scan has bounded.
fn asking(set: &SelectionSet) -> Option<Pos> {
    set.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => {
            let name = &field.node.name;
            let is_asking = name.node == "__schema" || name.node == "__type";
            is_asking.then_some(name.pos).or_else(|| asking(&field.node.selection_set.node))
        }
        Selection::InlineFragment(inline) => asking(&inline.node.selection_set.node),
        Selection::FragmentSpread(_) => None,
    })
}
