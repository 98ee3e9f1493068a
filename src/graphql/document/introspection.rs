//! Whether a document asks for the schema.

use apollo_compiler::{
    ast::{Document, Selection},
    parser::SourceSpan,
};

use super::{positions::Positions, walk};
use crate::graphql::error::{ErrorCode, RequestError};

/// Where a document first asks for `__schema` or `__type`; `__typename` is part of every client.
fn place(document: &Document) -> Option<SourceSpan> {
    let mut place = None;
    walk::selections(document, &mut |selection| {
        if let Selection::Field(field) = selection
            && (field.name == "__schema" || field.name == "__type")
        {
            place = place.or_else(|| field.name.location());
        }
    });
    place
}

/// Whether a document asks for the schema.
pub(super) fn is_asked(document: &Document) -> bool {
    place(document).is_some()
}

/// Refuses a document that asks for the schema.
pub(super) fn refuse(document: &Document, positions: &Positions<'_>) -> Result<(), RequestError> {
    let Some(place) = place(document) else {
        return Ok(());
    };
    let message = "introspection is switched off here: __schema and __type are not answered; __typename is";
    let place = positions.at(place.offset());
    Err(RequestError::new(ErrorCode::IntrospectionDisabled, message).at([place]))
}
