//! Which variables a subscription uses for each event.

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::shareable::ROOT;

/// The variables that are used anywhere but in the arguments of root fields, in the order of their names.
/// Those say what is told, and are read once, when the subscription begins.
pub(super) fn variables_of_events(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Vec<Name> {
    let mut search = Search { document, seen: HashSet::new(), found: HashSet::new() };
    search.directives(&operation.directives);
    search.set(&operation.selection_set.node, true);
    let mut found: Vec<Name> = search.found.into_iter().cloned().collect();
    found.sort_unstable();
    found
}

struct Search<'a> {
    document: &'a ExecutableDocument,
    /// Fragments that were looked at.
    seen: HashSet<&'a Name>,
    found: HashSet<&'a Name>,
}

impl<'a> Search<'a> {
    /// Recurses no deeper than the document was found to be.
    fn set(&mut self, set: &'a SelectionSet, is_root: bool) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    self.directives(&field.node.directives);
                    if !is_root {
                        self.values(field.node.arguments.iter().map(|(_, value)| &value.node));
                    }
                    self.set(&field.node.selection_set.node, false);
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives);
                    self.set(&inline.node.selection_set.node, is_root);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives);
                    self.fragment(&spread.node.fragment_name.node);
                }
            }
        }
    }

    fn fragment(&mut self, name: &'a Name) {
        if let Some(fragment) = self.document.fragments.get(name)
            && self.seen.insert(name)
        {
            self.directives(&fragment.node.directives);
            let is_root = fragment.node.type_condition.node.on.node == ROOT;
            self.set(&fragment.node.selection_set.node, is_root);
        }
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) {
        for directive in directives {
            self.values(directive.node.arguments.iter().map(|(_, value)| &value.node));
        }
    }

    fn values(&mut self, values: impl Iterator<Item = &'a Value>) {
        for value in values {
            match value {
                Value::Variable(name) => drop(self.found.insert(name)),
                Value::List(items) => self.values(items.iter()),
                Value::Object(fields) => self.values(fields.values()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn arguments_of_the_root_are_used_once() {
        let table = [
            ("subscription ($a: ID, $b: ID) { events(userId: $a, after: $b) { cursor } }", vec![]),
            ("subscription ($a: Boolean!) { events { cursor @include(if: $a) } }", vec!["a"]),
            ("subscription ($a: Boolean!) { events @include(if: $a) { cursor } }", vec!["a"]),
            (
                "subscription ($a: ID, $b: Int, $c: Int, $d: Boolean!) { ...Root }
                 fragment Root on Subscription { events(userId: $a) { event { ...Sent @skip(if: $d) } } }
                 fragment Sent on MessageSent { message { conversation { ... on Chatroom {
                    messages(first: $b) { nodes { id } } other(in: {list: [$c]}) } } } }",
                vec!["b", "c", "d"],
            ),
        ];
        for (text, expected) in table {
            let document = parse_query(text).expect("a document");
            let (_, operation) = document.operations.iter().next().expect("an operation");
            assert_eq!(variables_of_events(&document, &operation.node), expected, "{text}");
        }
    }
}
