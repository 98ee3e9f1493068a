//! Which variables may not be null, although their type says that they may.
//!
//! GraphQL specification (September 2025), section 5.8.5, "All Variable Usages Are Allowed": a variable that may be null may
//! stand where null may not if it has a default, or the place has one. An explicit null is found only when the executor comes
//! to that place, after a mutation's earlier fields have run: so it is refused with the variables.

use std::collections::HashSet;

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Argument, InputValueDefinition, Type, Value},
    executable::{Directive, ExecutableDocument, Operation, Selection, SelectionSet},
};

use super::positions::Positions;
use crate::graphql::error::{ErrorCode, RequestError};

/// The variables that an operation has where null may not stand.
#[derive(Default)]
pub(super) struct Usages<'a> {
    not_null: HashSet<&'a Name>,
    /// Those of them that stand where nothing else would be taken in their place.
    without_default: HashSet<&'a Name>,
}

impl<'a> Usages<'a> {
    pub(super) fn of(schema: &'a Schema, document: &'a ExecutableDocument, operation: &'a Operation) -> Self {
        let mut walk = Walk { schema, document, seen: HashSet::new(), usages: Self::default() };
        walk.directives(&operation.directives);
        walk.set(&operation.selection_set);
        walk.usages
    }

    /// Whether a variable must not be null.
    pub(super) fn must_not_be_null(&self, name: &Name) -> bool {
        self.not_null.contains(name)
    }

    /// Refuses a variable whose default is null where null may not stand: the library takes any default for one that helps.
    pub(super) fn check_defaults(
        &self,
        operation: &Operation,
        positions: &Positions<'_>,
    ) -> Vec<RequestError> {
        let wrong = operation.variables.iter().filter(|variable| {
            let is_null = variable.default_value.as_ref().is_some_and(|value| value.is_null());
            is_null && self.without_default.contains(&variable.name)
        });
        let refusals = wrong.map(|variable| {
            let message =
                format!("Variable \"${}\" is null by default and stands where null may not.", variable.name);
            let place = variable.location().map(|location| positions.at(location.offset()));
            RequestError::new(ErrorCode::GraphqlValidationFailed, message).at(place)
        });
        refusals.collect()
    }
}

struct Walk<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    /// A fragment needs one look: its type is its own.
    seen: HashSet<&'a Name>,
    usages: Usages<'a>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments, &field.definition.arguments);
                    field.selection_set.iter().for_each(|set| self.set(set));
                }
                Selection::InlineFragment(inline) => self.set(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.seen.insert(&spread.fragment_name)
                    {
                        self.directives(&fragment.directives);
                        self.set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a [Node<Directive>]) {
        for directive in directives {
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(&mut self, given: &'a [Node<Argument>], known: &'a [Node<InputValueDefinition>]) {
        for argument in given {
            if let Some(definition) = known.iter().find(|definition| definition.name == argument.name) {
                let has_default = definition.default_value.is_some();
                self.value(&argument.value, &definition.ty, definition.ty.is_non_null(), has_default);
            }
        }
    }

    fn value(&mut self, value: &'a Value, wanted: &'a Type, must_be_there: bool, has_default: bool) {
        match value {
            Value::Variable(name) if must_be_there => {
                self.usages.not_null.insert(name);
                if !has_default {
                    self.usages.without_default.insert(name);
                }
            }
            Value::List(items) if wanted.is_list() => {
                let item = wanted.item_type();
                for value in items {
                    self.value(value, item, item.is_non_null(), false);
                }
            }
            Value::Object(fields) => {
                let Some(input) = self.schema.get_input_object(wanted.inner_named_type()) else { return };
                for (name, value) in fields {
                    if let Some(field) = input.fields.get(name) {
                        let must_be_there = field.ty.is_non_null() || input.is_one_of();
                        self.value(value, &field.ty, must_be_there, field.default_value.is_some());
                    }
                }
            }
            _ => {}
        }
    }
}
