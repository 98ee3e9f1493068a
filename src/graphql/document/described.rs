//! Where an answer holds the description of the schema.
//!
//! The library answers `__schema { description }` with a text of its own about introspection, and lets nobody set another.

use std::sync::Arc;

use apollo_compiler::executable::{ExecutableDocument, Operation};
use async_graphql::{Response, Value};

use super::roots;
use crate::graphql::schema::DESCRIPTION;

/// The places of an answer that hold the description of the schema: the key of `__schema`, and that of `description` in it.
#[derive(Clone, Debug, Default)]
pub(in crate::graphql) struct Described(Option<Arc<[(String, String)]>>);

impl Described {
    /// Those that an operation asks for, which hardly ever does.
    pub(super) fn by(document: &ExecutableDocument, operation: &Operation) -> Self {
        let mut places = Vec::new();
        for schema in roots::fields(document, operation) {
            let Some(set) = schema.selection_set.as_ref().filter(|_| schema.name == "__schema") else {
                continue;
            };
            let asked =
                roots::fields_of(document, set).into_iter().filter(|field| field.name == "description");
            places.extend(
                asked.map(|field| (schema.response_name().to_string(), field.response_name().to_string())),
            );
        }
        Self((!places.is_empty()).then(|| places.into()))
    }

    /// About how many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        let places = self.0.iter().flat_map(|places| places.iter());
        places.map(|(schema, own)| size_of::<(String, String)>() + schema.len() + own.len()).sum()
    }

    /// Puts the description of this schema there, as far as nothing was skipped.
    pub(in crate::graphql) fn put_into(&self, response: &mut Response) {
        for (schema, own) in self.0.iter().flat_map(|places| places.iter()) {
            let Value::Object(fields) = &mut response.data else { return };
            if let Some(Value::Object(schema)) = fields.get_mut(schema.as_str())
                && let Some(description) = schema.get_mut(own.as_str())
            {
                *description = DESCRIPTION.into();
            }
        }
    }
}
