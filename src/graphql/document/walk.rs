//! Visits what a document is made of, as it was written: spreads are not followed.

use apollo_compiler::{
    Node,
    ast::{Argument, Definition, Directive, Document, Selection, Value, VariableDefinition},
    parser::SourceSpan,
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
pub(super) fn values<'a>(document: &'a Document, visit: &mut impl FnMut(&'a Node<Value>)) {
    for variable in variables(document) {
        variable.default_value.iter().for_each(|default| inner(default, visit));
    }
    arguments(document, &mut |_, arguments| {
        for argument in arguments {
            inner(&argument.value, visit);
        }
    });
}

/// Visits the arguments of every field and directive, with the place of the field or directive that has them.
pub(super) fn arguments<'a>(
    document: &'a Document,
    visit: &mut impl FnMut(Option<SourceSpan>, &'a [Node<Argument>]),
) {
    for definition in &document.definitions {
        of_directives(definition.directives(), visit);
    }
    for variable in variables(document) {
        of_directives(&variable.directives, visit);
    }
    selections(document, &mut |selection| {
        of_directives(directives(selection), visit);
        if let Selection::Field(field) = selection {
            visit(field.location(), &field.arguments);
        }
    });
}

fn variables(document: &Document) -> impl Iterator<Item = &Node<VariableDefinition>> {
    let operations = document.definitions.iter().filter_map(Definition::as_operation_definition);
    operations.flat_map(|operation| &operation.variables)
}

/// The directives of a selection.
pub(super) fn directives(selection: &Selection) -> &[Node<Directive>] {
    match selection {
        Selection::Field(field) => &field.directives,
        Selection::InlineFragment(inline) => &inline.directives,
        Selection::FragmentSpread(spread) => &spread.directives,
    }
}

fn of_directives<'a>(
    directives: &'a [Node<Directive>],
    visit: &mut impl FnMut(Option<SourceSpan>, &'a [Node<Argument>]),
) {
    for directive in directives {
        visit(directive.location(), &directive.arguments);
    }
}

fn inner<'a>(value: &'a Node<Value>, visit: &mut impl FnMut(&'a Node<Value>)) {
    visit(value);
    match &**value {
        Value::List(items) => items.iter().for_each(|item| inner(item, visit)),
        Value::Object(fields) => fields.iter().for_each(|(_, value)| inner(value, visit)),
        _ => {}
    }
}
