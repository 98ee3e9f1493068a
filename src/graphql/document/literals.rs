//! What is wrong with values wherever they stand: the library misses it.

use std::collections::HashSet;

use apollo_compiler::ast::{Document, Value};

use super::{positions::Positions, walk};
use crate::graphql::error::{ErrorCode, RequestError};

/// Input objects that have a field twice
/// (<https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness>).
pub(super) fn fields_given_twice(document: &Document, positions: &Positions<'_>) -> Vec<RequestError> {
    let mut refusals = Vec::new();
    walk::values(document, &mut |value| {
        let Value::Object(fields) = &**value else { return };
        let mut seen = HashSet::with_capacity(fields.len());
        let again = fields.iter().find(|(name, _)| !seen.insert(name));
        refusals.extend(again.map(|(name, _)| {
            let message = format!("There can be only one input field named \"{name}\".");
            let place = name.location().map(|location| positions.at(location.offset()));
            RequestError::new(ErrorCode::GraphqlValidationFailed, message).at(place)
        }));
    });
    refusals
}
