//! What the schema asks of an operation, beyond what the library checks.

use std::sync::Arc;

use async_graphql::{
    Variables,
    parser::{
        parse_schema,
        types::{OperationDefinition, TypeDefinition, TypeSystemDefinition},
    },
};

use super::{
    Document,
    cost::{self, Lists},
    usages::Places,
    variables::InputTypes,
};
use crate::{config::Limits, graphql::error::RequestError};

/// What the schema says about input and lists.
pub(in crate::graphql) struct Rules {
    inputs: InputTypes,
    places: Places,
    lists: Lists,
    limits: Arc<Limits>,
}

impl Rules {
    /// Reads them from the schema's own text.
    pub(in crate::graphql) fn of(sdl: &str, limits: Arc<Limits>) -> Self {
        let types = types_of(sdl);
        Self { inputs: InputTypes::of(&types), places: Places::of(&types), lists: Lists::of(&types), limits }
    }

    /// Refuses variables that do not fit an operation of the document, and an operation that would give too much.
    pub(in crate::graphql) fn check(
        &self,
        document: &Document,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), RequestError> {
        self.places.check(&document.0, operation)?;
        self.inputs.check(operation, variables)?;
        cost::check(&document.0, operation, variables, &self.lists, self.limits.document_complexity)
    }
}

/// The schema exports what it can read; the stories of variables and of hostile requests fail if it ever does not.
fn types_of(sdl: &str) -> Vec<TypeDefinition> {
    let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
    let types = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    types.collect()
}
