//! How large and how deep a document is after its fragments are written out.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use crate::{
    config::Limits,
    graphql::{
        error::{ErrorCode, RequestError},
        limits::MAX_NESTING,
    },
};

/// Refuses a document that would grow too large or too deep, or whose fragments go in circles.
///
/// Every fragment is measured once and its size remembered, so this takes no longer than reading the document. Whoever
/// follows fragments after this recurses no deeper than [`MAX_NESTING`].
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), RequestError> {
    let mut measure = Measure { document, known: HashMap::new() };
    let mut fields = 0_usize;
    for (_, operation) in document.operations.iter() {
        fields = fields.saturating_add(measure.set(&operation.node.selection_set.node, 1)?.fields);
    }
    // Fragments that no operation spreads are walked by the validator, too.
    for name in document.fragments.keys() {
        fields = fields.max(measure.fragment(name, 1)?.fields);
    }
    let most = limits.document_fields;
    if fields > most {
        return Err(RequestError::new(
            ErrorCode::TooManyFields,
            format!("the document has more than {most} fields and fragments when they are written out"),
        ));
    }
    Ok(())
}

/// How large a selection is when its fragments are written out.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Fields, inline fragments and spreads.
    fields: usize,
    /// Levels of selections.
    depth: usize,
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    /// `None` while a fragment is being measured.
    known: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Measure<'a> {
    /// Measures a selection that stands at this level.
    fn set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Size, RequestError> {
        require_level(level)?;
        let mut size = Size::default();
        for selection in &set.items {
            // A spread counts like a field: a bomb can consist of nothing else.
            let within = match &selection.node {
                Selection::Field(field) => self.set(&field.node.selection_set.node, level + 1)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, level + 1)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, level + 1)?
                }
            };
            size.fields = size.fields.saturating_add(1).saturating_add(within.fields);
            size.depth = size.depth.max(1 + within.depth);
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &Name, level: usize) -> Result<Size, RequestError> {
        // An unknown fragment is for the validator to report.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        match self.known.get(name) {
            None => {}
            Some(None) => return Err(in_circles(name)),
            Some(Some(size)) => return require_level(level + size.depth).map(|()| *size),
        }
        self.known.insert(name, None);
        let size = self.set(&fragment.node.selection_set.node, level)?;
        self.known.insert(name, Some(size));
        Ok(size)
    }
}

fn require_level(level: usize) -> Result<(), RequestError> {
    // A field without a selection is one level below its parent, so the deepest level itself is empty.
    if level <= MAX_NESTING + 1 {
        return Ok(());
    }
    let message =
        format!("the document is nested more than {MAX_NESTING} deep when its fragments are written out");
    Err(RequestError::new(ErrorCode::DocumentTooDeep, message))
}

fn in_circles(name: &Name) -> RequestError {
    RequestError::new(ErrorCode::GraphqlValidationFailed, format!("the fragment \"{name}\" spreads itself"))
}
