//! Whether a document that was parsed has every token of its text.
//!
//! The parser leaves out some of what it cannot read, and says nothing of it: an argument without a value, such as
//! `user(id) { name }`. So the tokens of what it read are counted, and compared with those of the text.

use apollo_compiler::{
    Node,
    ast::{
        Argument, Definition, Directive, Document, Field, OperationDefinition, OperationType, Selection,
        Type, Value, VariableDefinition,
    },
    parser::SourceSpan,
};

use super::scan;

/// The sign `...`, which the scan counts as three.
const SPREAD: usize = 3;

/// How a document that has lost something differs from its text, and the smallest selection or definition around it.
pub(super) struct Lost(pub(super) Option<SourceSpan>);

/// Refuses a document that has not all of the tokens of its text.
pub(super) fn check(document: &Document, text: &str, tokens: usize) -> Result<(), Lost> {
    let mut read = 0;
    for definition in &document.definitions {
        read += match definition {
            Definition::OperationDefinition(definition) => operation(definition, text),
            Definition::FragmentDefinition(fragment) => {
                // `fragment`, its name, `on` and a type.
                4 + usize::from(fragment.description.is_some())
                    + directives(&fragment.directives)
                    + set(&fragment.selection_set)
            }
            // Validation refuses all others.
            _ => return Ok(()),
        };
    }
    if read == tokens { Ok(()) } else { Err(Lost(place(document, text))) }
}

fn place(document: &Document, text: &str) -> Option<SourceSpan> {
    let sets = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some((&operation.selection_set, definition.location())),
        Definition::FragmentDefinition(fragment) => Some((&fragment.selection_set, definition.location())),
        _ => None,
    });
    let mut first = None;
    for (set, location) in sets {
        if let Some(place) = smallest(set, text) {
            return Some(place);
        }
        first = first.or(location);
    }
    first
}

/// The smallest of these selections that has lost something. Looks again only into what has.
fn smallest(set: &[Selection], text: &str) -> Option<SourceSpan> {
    let has_lost = |item: &&Selection| {
        let span = item.location();
        let written = span.and_then(|span| text.get(span.offset()..span.end_offset()));
        written.is_some_and(|written| scan::tokens(written) != selection(item))
    };
    let lost = set.iter().find(has_lost)?;
    let within = match lost {
        Selection::Field(field) => field.selection_set.as_deref().unwrap_or_default(),
        Selection::InlineFragment(inline) => &inline.selection_set,
        Selection::FragmentSpread(_) => &[],
    };
    smallest(within, text).or_else(|| lost.location())
}

fn operation(operation: &Node<OperationDefinition>, text: &str) -> usize {
    let variables: usize = operation.variables.iter().map(|it| variable(it)).sum();
    usize::from(operation.description.is_some())
        + usize::from(!is_shorthand(operation, text))
        + usize::from(operation.name.is_some())
        + in_brackets(variables)
        + directives(&operation.directives)
        + set(&operation.selection_set)
}

/// Whether an operation is nothing but a selection.
fn is_shorthand(operation: &Node<OperationDefinition>, text: &str) -> bool {
    let written = operation.location().and_then(|location| text.get(location.offset()..));
    operation.operation_type == OperationType::Query
        && operation.name.is_none()
        && operation.description.is_none()
        && written.is_some_and(|written| scan::first_token(written).starts_with('{'))
}

fn variable(variable: &VariableDefinition) -> usize {
    let default = variable.default_value.as_ref().map_or(0, |default| 1 + value(default));
    // `$`, the name and `:`.
    3 + usize::from(variable.description.is_some())
        + of_type(&variable.ty)
        + default
        + directives(&variable.directives)
}

fn set(set: &[Selection]) -> usize {
    2 + set.iter().map(selection).sum::<usize>()
}

fn selection(selection: &Selection) -> usize {
    match selection {
        Selection::Field(it) => field(it),
        Selection::FragmentSpread(spread) => SPREAD + 1 + directives(&spread.directives),
        Selection::InlineFragment(inline) => {
            let condition = if inline.type_condition.is_some() { 2 } else { 0 };
            SPREAD + condition + directives(&inline.directives) + set(&inline.selection_set)
        }
    }
}

fn field(field: &Field) -> usize {
    let alias = if field.alias.is_some() { 2 } else { 0 };
    alias
        + 1
        + arguments(&field.arguments)
        + directives(&field.directives)
        + field.selection_set.as_deref().map_or(0, set)
}

fn directives(directives: &[Node<Directive>]) -> usize {
    directives.iter().map(|directive| 2 + arguments(&directive.arguments)).sum()
}

fn arguments(arguments: &[Node<Argument>]) -> usize {
    in_brackets(arguments.iter().map(|argument| 2 + value(&argument.value)).sum())
}

/// With the brackets, which are there when something is in them.
fn in_brackets(tokens: usize) -> usize {
    if tokens == 0 { 0 } else { 2 + tokens }
}

fn value(of: &Value) -> usize {
    match of {
        Value::Variable(_) => 2,
        Value::Int(number) => scan::tokens(number.as_str()),
        Value::Float(number) => scan::tokens(number.as_str()),
        Value::List(items) => 2 + items.iter().map(|item| value(item)).sum::<usize>(),
        Value::Object(fields) => 2 + fields.iter().map(|(_, item)| 2 + value(item)).sum::<usize>(),
        Value::Null | Value::Enum(_) | Value::String(_) | Value::Boolean(_) => 1,
    }
}

fn of_type(wanted: &Type) -> usize {
    match wanted {
        Type::Named(_) => 1,
        Type::NonNullNamed(_) => 2,
        Type::List(item) => 2 + of_type(item),
        Type::NonNullList(item) => 3 + of_type(item),
    }
}
