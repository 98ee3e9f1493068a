//! The fields at the root of an operation, its fragments written out.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    Name, Node,
    ast::Value,
    executable::{ExecutableDocument, Field, Operation, Selection, SelectionSet},
    parser::SourceSpan,
};

use super::{diagnostics::differing_arguments, positions::Positions};
use crate::graphql::error::{ErrorCode, RequestError};

/// The fields at the root of an operation, in the order of the answer.
pub(super) fn fields<'a>(document: &'a ExecutableDocument, operation: &'a Operation) -> Vec<&'a Node<Field>> {
    fields_of(document, &operation.selection_set)
}

/// The fields of a selection, its fragments written out.
pub(super) fn fields_of<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet) -> Vec<&'a Node<Field>> {
    let mut roots = Roots { document, seen: HashSet::new(), fields: Vec::new() };
    roots.gather(set);
    roots.fields
}

struct Roots<'a> {
    document: &'a ExecutableDocument,
    seen: HashSet<&'a Name>,
    fields: Vec<&'a Node<Field>>,
}

impl<'a> Roots<'a> {
    fn gather(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => self.fields.push(field),
                Selection::InlineFragment(inline) => self.gather(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.seen.insert(&spread.fragment_name)
                    {
                        self.gather(&fragment.selection_set);
                    }
                }
            }
        }
    }
}

/// What is wrong with the root of an operation: what the library misses, or takes for wrong where it is not.
///
/// Several fields of a subscription under one name are one field, whose selections count together
/// (<https://spec.graphql.org/September2025/#sec-Single-Root-Field>).
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &Operation,
    positions: &Positions<'_>,
) -> Vec<RequestError> {
    let fields = fields(document, operation);
    if operation.is_subscription() {
        let second = fields.iter().find(|field| field.response_name() != fields[0].response_name());
        let message = "a subscription has one root field; start another subscription for each of the others";
        return second.map(|field| refusal(message, field.location(), positions)).into_iter().collect();
    }
    // What is like the first of a name is like all others that are: each is compared once.
    let mut firsts = HashMap::new();
    let mut refusals = Vec::new();
    for field in fields {
        let first = *firsts.entry(field.response_name()).or_insert(field);
        if !alike(first, field) {
            let message = differing_arguments(field.response_name());
            refusals.push(refusal(&message, field.location(), positions));
        }
    }
    refusals
}

/// Whether the lists in the arguments of two fields are as long; all else has been compared. Only fields of the root take
/// lists.
fn alike(one: &Field, other: &Field) -> bool {
    one.arguments.iter().all(|argument| {
        let same = other.arguments.iter().find(|other| other.name == argument.name);
        same.is_none_or(|same| as_long(&argument.value, &same.value))
    })
}

fn as_long(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| as_long(one, other))
        }
        (Value::Object(one), Value::Object(other)) => one.iter().all(|(name, value)| {
            let same = other.iter().find(|(other, _)| other == name);
            same.is_none_or(|(_, same)| as_long(value, same))
        }),
        _ => true,
    }
}

fn refusal(message: &str, place: Option<SourceSpan>, positions: &Positions<'_>) -> RequestError {
    let place = place.map(|place| positions.at(place.offset()));
    RequestError::new(ErrorCode::GraphqlValidationFailed, message).at(place)
}

/// Whether a field stands in an operation itself, on no condition, so that it is certain to run.
pub(super) fn has_plain_field(operation: &Operation) -> bool {
    operation.selection_set.selections.iter().any(|selection| match selection {
        Selection::Field(field) => field.directives.is_empty() && field.name != "__typename",
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
    })
}
