//! Visits what a document is made of, as it was written: spreads are not followed.

use apollo_compiler::{
    Node,
    ast::{Argument, Definition, Directive, Document, Selection, Value},
};

/// Visits every selection. Recurses as deep as braces are nested, which the scan has bounded.
pub(super) fn selections<'a>(document: &'a Document, visit: &mut impl FnMut(&'a Selection)) {
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => within(&operation.selection_set, visit),
            Definition::FragmentDefinition(fragment) => within(&fragment.selection_set, visit),
            _ => {}
        }
    }
}

fn within<'a>(set: &'a [Selection], visit: &mut impl FnMut(&'a Selection)) {
    for selection in set {
        visit(selection);
        match selection {
            Selection::Field(field) => within(field.selection_set.as_deref().unwrap_or_default(), visit),
            Selection::InlineFragment(inline) => within(&inline.selection_set, visit),
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Visits every value: of the arguments of fields and directives, and the defaults of variables.
pub(super) fn values<'a>(document: &'a Document, visit: &mut impl FnMut(&'a Value)) {
    for definition in &document.definitions {
        of_directives(definition.directives(), visit);
        if let Definition::OperationDefinition(operation) = definition {
            for variable in &operation.variables {
                of_directives(&variable.directives, visit);
                variable.default_value.iter().for_each(|default| inner(default, visit));
            }
        }
    }
    selections(document, &mut |selection| {
        of_directives(directives(selection), visit);
        if let Selection::Field(field) = selection {
            of_arguments(&field.arguments, visit);
        }
    });
}

/// The directives of a selection.
pub(super) fn directives(selection: &Selection) -> &[Node<Directive>] {
    match selection {
        Selection::Field(field) => &field.directives,
        Selection::InlineFragment(inline) => &inline.directives,
        Selection::FragmentSpread(spread) => &spread.directives,
    }
}

fn of_directives<'a>(directives: &'a [Node<Directive>], visit: &mut impl FnMut(&'a Value)) {
    for directive in directives {
        of_arguments(&directive.arguments, visit);
    }
}

fn of_arguments<'a>(arguments: &'a [Node<Argument>], visit: &mut impl FnMut(&'a Value)) {
    for argument in arguments {
        inner(&argument.value, visit);
    }
}

fn inner<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    visit(value);
    match value {
        Value::List(items) => items.iter().for_each(|item| inner(item, visit)),
        Value::Object(fields) => fields.iter().for_each(|(_, value)| inner(value, visit)),
        _ => {}
    }
}
