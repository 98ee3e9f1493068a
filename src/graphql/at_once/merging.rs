//! Whether the library would have to put two texts into one.

use async_graphql::parser::types::ExecutableDocument;

use super::{Asked, asked::AskedField};

/// What a request's document asks for twice. Part of the request's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum Merging {
    /// No page.
    Nothing,
    /// Perhaps the same page: the library merges the fields of both, which it cannot do with a text.
    Pages,
}

impl Merging {
    /// What a document asks for twice; `gives_page` says of a field by its name whether it is a page.
    ///
    /// Fragments that are about different types count as if they were about one.
    pub(in crate::graphql) fn of(
        document: &ExecutableDocument,
        gives_page: impl Fn(&str) -> bool + Copy,
    ) -> Self {
        let mut operations = document.operations.iter();
        let found = operations.any(|(_, operation)| {
            let set = &operation.node.selection_set.node;
            merges(&Asked::of_any_type(set, &document.fragments), gives_page)
        });
        if found { Self::Pages } else { Self::Nothing }
    }
}

fn merges(asked: &Asked<'_>, gives_page: impl Fn(&str) -> bool + Copy) -> bool {
    let is_merged = |field: &AskedField<'_>| {
        (field.times > 1 && gives_page(&field.field.name.node)) || merges(&field.asked, gives_page)
    };
    asked.fields("").iter().any(is_merged)
}
