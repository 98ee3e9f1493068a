//! Whether a document asks for the schema.

use apollo_compiler::ast::{Document, Selection};

use super::{positions::Positions, walk};
use crate::graphql::error::{ErrorCode, RequestError};

/// Refuses a document with `__schema` or `__type`, wherever it stands; `__typename` is part of every client.
pub(super) fn refuse(document: &Document, positions: &Positions<'_>) -> Result<(), RequestError> {
    let mut place = None;
    walk::selections(document, &mut |selection| {
        if let Selection::Field(field) = selection
            && (field.name == "__schema" || field.name == "__type")
        {
            place = place.or_else(|| field.name.location());
        }
    });
    let Some(place) = place else {
        return Ok(());
    };
    let message = "introspection is switched off here: __schema and __type are not answered; __typename is";
    let place = positions.at(place.offset());
    Err(RequestError::new(ErrorCode::IntrospectionDisabled, message).at([place]))
}
