//! Whether the library would have to put two texts into one.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
};

/// What a request's document asks for twice. Part of the request's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum Merging {
    /// No page.
    Nothing,
    /// Perhaps the same page: the library merges the fields of both, which it cannot do with a text.
    Pages,
}

impl Merging {
    /// What a document asks for twice. Says of a field by its name whether it gives a page, and of a type by its name whether
    /// it is an object.
    pub(in crate::graphql) fn of(
        document: &ExecutableDocument,
        gives_page: impl Fn(&str) -> bool,
        is_object: impl Fn(&str) -> bool,
    ) -> Self {
        let search = Search { document, gives_page, is_object };
        let mut operations = document.operations.iter();
        let found = operations.any(|(_, operation)| search.merges(&[&operation.node.selection_set.node]));
        if found { Self::Pages } else { Self::Nothing }
    }
}

struct Search<'a, P, O> {
    document: &'a ExecutableDocument,
    gives_page: P,
    is_object: O,
}

/// A field, and the object that it is asked of, where a fragment says which: no other object has it.
type Asking<'a> = (Option<&'a Name>, &'a Field);

impl<'a, P: Fn(&str) -> bool, O: Fn(&str) -> bool> Search<'a, P, O> {
    /// Whether these selections of one value ask for a page twice, there or below.
    fn merges(&self, sets: &[&'a SelectionSet]) -> bool {
        let mut by_key = HashMap::new();
        for set in sets {
            self.collect(set, None, &mut by_key);
        }
        by_key.values().any(|asking| {
            let gives_page = asking.iter().any(|(_, field)| (self.gives_page)(&field.name.node));
            let below: Vec<&SelectionSet> =
                asking.iter().map(|(_, field)| &field.selection_set.node).collect();
            (gives_page && meet(asking)) || self.merges(&below)
        })
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        object: Option<&'a Name>,
        by_key: &mut HashMap<&'a Name, Vec<Asking<'a>>>,
    ) {
        for selection in &set.items {
            let (condition, set) = match &selection.node {
                Selection::Field(field) => {
                    by_key.entry(&field.node.response_key().node).or_default().push((object, &field.node));
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    (inline.node.type_condition.as_ref(), &inline.node.selection_set)
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) else {
                        continue;
                    };
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set)
                }
            };
            let condition = condition.map(|condition| &condition.node.on.node);
            let object = condition.filter(|name| (self.is_object)(name)).or(object);
            self.collect(&set.node, object, by_key);
        }
    }
}

/// Whether one object may be asked for two of these. There are few objects, so two of many have the same one.
fn meet(asking: &[Asking<'_>]) -> bool {
    let meets = |(index, (object, _)): (usize, &Asking<'_>)| {
        let mut others = asking.iter().take(index);
        others.any(|(other, _)| object.is_none() || other.is_none() || object == other)
    };
    asking.iter().enumerate().any(meets)
}
