//! The selection on a value, and its fields for a type.

use std::collections::HashMap;

use async_graphql::{
    ContextSelectionSet, Name, Positioned,
    parser::types::{Field, FragmentDefinition, Selection, SelectionSet},
    registry::Registry,
};

/// The selection on a value: one selection set, or several of the same field that are merged.
#[derive(Clone)]
pub(in crate::graphql) struct SelectionRef<'a> {
    sets: Vec<&'a SelectionSet>,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    registry: &'a Registry,
}

/// A field, under one key of the answer.
pub(super) struct SelectedField<'a> {
    pub(super) key: &'a Name,
    pub(super) field: &'a Field,
    /// Whether the key stands for another field as well, or for the same with other arguments. No document may have that, but
    /// the library lets it pass where one of them is in a fragment.
    pub(super) is_contested: bool,
    /// The selection on its value.
    pub(super) selection: SelectionRef<'a>,
}

impl<'a> SelectionRef<'a> {
    /// The selection on the value that the library resolves.
    pub(super) fn of(ctx: &ContextSelectionSet<'a>) -> Self {
        Self {
            sets: vec![&ctx.item.node],
            fragments: &ctx.query_env.fragments,
            registry: &ctx.schema_env.registry,
        }
    }

    /// The selected fields of a type, each key once, in the order of the answer
    /// (<https://spec.graphql.org/September2025/#CollectFields()>). The library has removed already what is skipped.
    pub(super) fn fields(&self, of_type: &str) -> Vec<SelectedField<'a>> {
        let mut fields = Vec::new();
        self.sets.iter().for_each(|set| self.collect(set, of_type, &mut fields));
        fields
    }

    fn collect(&self, set: &'a SelectionSet, of_type: &str, fields: &mut Vec<SelectedField<'a>>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.add(&field.node, fields),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    if condition.is_none_or(|condition| self.includes(&condition.node.on.node, of_type)) {
                        self.collect(&inline.node.selection_set.node, of_type, fields);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.fragments.get(&spread.node.fragment_name.node) else {
                        continue;
                    };
                    if self.includes(&fragment.node.type_condition.node.on.node, of_type) {
                        self.collect(&fragment.node.selection_set.node, of_type, fields);
                    }
                }
            }
        }
    }

    fn add(&self, field: &'a Field, fields: &mut Vec<SelectedField<'a>>) {
        let key = &field.response_key().node;
        if let Some(known) = fields.iter_mut().find(|known| known.key == key) {
            known.is_contested |=
                known.field.name.node != field.name.node || known.field.arguments != field.arguments;
            known.selection.sets.push(&field.selection_set.node);
            return;
        }
        let selection = Self { sets: vec![&field.selection_set.node], ..*self };
        fields.push(SelectedField { key, field, is_contested: false, selection });
    }

    /// Whether a fragment on one type is about values of another.
    fn includes(&self, condition: &str, of_type: &str) -> bool {
        condition == of_type
            || self.registry.types.get(condition).is_some_and(|condition| condition.is_possible_type(of_type))
    }
}
