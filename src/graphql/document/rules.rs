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
    introspection, roots,
    usages::Places,
    variables::InputTypes,
};
use crate::{config::Limits, graphql::error::RequestError};

/// What the schema says about input and lists.
pub(in crate::graphql) struct Rules {
    inputs: InputTypes,
    places: Places,
    lists: Lists,
    /// Whether a document may ask for the schema.
    pub(in crate::graphql) introspection: bool,
    pub(in crate::graphql) limits: Arc<Limits>,
}

impl Rules {
    /// Reads them from the schema's own text. Without introspection they tell no names of it.
    pub(in crate::graphql) fn of(sdl: &str, introspection: bool, limits: Arc<Limits>) -> Self {
        let types = types_of(sdl);
        let inputs = InputTypes::of(&types, introspection);
        let places = Places::of(&types, introspection);
        Self { inputs, places, lists: Lists::of(&types), introspection, limits }
    }

    /// Refuses variables that do not fit an operation of the document, and an operation that would give too much.
    pub(in crate::graphql) fn check(
        &self,
        document: &Document,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), RequestError> {
        self.check_introspection(document)?;
        roots::check(&document.0, operation)?;
        self.places.check(&document.0, operation)?;
        self.inputs.check(operation, variables)?;
        cost::check(&document.0, operation, variables, &self.lists, self.limits.document_complexity)
    }

    /// The same of all operations of a document, as far as it does not depend on variables.
    pub(in crate::graphql) fn check_document(&self, document: &Document) -> Result<(), RequestError> {
        self.check_introspection(document)?;
        let mut operations = document.0.operations.iter();
        operations.try_for_each(|(_, operation)| {
            roots::check(&document.0, &operation.node)?;
            self.places.check(&document.0, &operation.node)
        })
    }

    /// Whether a field of this name gives a page of a list.
    pub(in crate::graphql) fn gives_page(&self, field: &str) -> bool {
        self.lists.contains(field)
    }

    fn check_introspection(&self, document: &Document) -> Result<(), RequestError> {
        if self.introspection { Ok(()) } else { introspection::refuse(&document.0) }
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
