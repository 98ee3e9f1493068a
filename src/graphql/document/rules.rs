//! What the schema asks of an operation, beyond what the library checks.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{
    Name, Variables,
    parser::{
        parse_schema,
        types::{OperationDefinition, OperationType, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};

use super::{
    Document,
    cost::{self, Lists},
    introspection, roots,
    usages::Places,
    variables::InputTypes,
};
use crate::{
    config::Limits,
    graphql::error::{ErrorCode, RequestError},
};

/// What the schema says about input and lists.
pub(in crate::graphql) struct Rules {
    inputs: InputTypes,
    places: Places,
    lists: Lists,
    /// The types that are objects.
    objects: HashSet<Name>,
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
        let lists = Lists::of(&types);
        let objects = types.into_iter().filter(|definition| matches!(definition.kind, TypeKind::Object(_)));
        let objects = objects.map(|definition| definition.name.node).collect();
        Self { inputs, places, lists, objects, introspection, limits }
    }

    /// Reads a text, and refuses what could hurt whoever looks at it.
    pub(in crate::graphql) fn read(&self, text: &str) -> Result<Document, RequestError> {
        Document::read(text, &self.limits, &self.lists, &self.objects)
    }

    /// Refuses an operation that does not fit the schema, whatever its variables are.
    pub(in crate::graphql) fn check_operation(
        &self,
        document: &Document,
        operation: &OperationDefinition,
    ) -> Result<(), RequestError> {
        self.check_introspection(document)?;
        roots::check(&document.content, operation)?;
        self.places.check(&document.content, operation)
    }

    /// Refuses variables that do not fit an operation, and an operation that would give too much with them. Gives how many
    /// values it may give.
    pub(in crate::graphql) fn check_variables(
        &self,
        document: &Document,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<usize, RequestError> {
        self.inputs.check(operation, variables)?;
        let cost = cost::of(&document.content, operation, variables, &self.lists);
        cost::check(cost, operation.ty, &self.limits)?;
        Ok(cost)
    }

    /// Refuses a subscription in a text that is too long to be kept for as long as the subscription lasts.
    pub(in crate::graphql) fn check_length(
        &self,
        text: &str,
        operation: &OperationDefinition,
    ) -> Result<(), RequestError> {
        let most = self.limits.subscription_bytes;
        if operation.ty != OperationType::Subscription || text.len() <= most {
            return Ok(());
        }
        Err(RequestError::new(
            ErrorCode::DocumentTooLarge,
            format!(
                "a document whose subscription runs has at most {most} bytes (serverInfo.limits.subscriptionBytes), and this \
                 one has {}; send the subscription in a document of its own",
                text.len()
            ),
        ))
    }

    /// Refuses a document of which some operation does not fit the schema.
    pub(in crate::graphql) fn check_document(&self, document: &Document) -> Result<(), RequestError> {
        let mut operations = document.content.operations.iter();
        operations.try_for_each(|(_, operation)| self.check_operation(document, &operation.node))
    }

    fn check_introspection(&self, document: &Document) -> Result<(), RequestError> {
        if self.introspection { Ok(()) } else { introspection::refuse(&document.content) }
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
