//! How many fields a document has after its fragments are written out.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use crate::graphql::{
    error::{ErrorCode, RequestError},
    limits::MAX_FIELDS,
};

/// Refuses a document that would grow too large, or whose fragments go in circles.
///
/// Every fragment is counted once and its size remembered, so this takes no longer than reading the document.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), RequestError> {
    let mut count = Count { document, sizes: HashMap::new() };
    let mut fields = 0_usize;
    for (_, operation) in document.operations.iter() {
        fields = fields.saturating_add(count.set(&operation.node.selection_set.node)?);
    }
    // Fragments that no operation spreads are walked by the validator, too.
    for name in document.fragments.keys() {
        count.fragment(name)?;
    }
    if fields > MAX_FIELDS {
        return Err(RequestError::new(
            ErrorCode::DocumentTooLarge,
            format!(
                "the document has {fields} fields with its fragments written out; at most {MAX_FIELDS} are allowed"
            ),
        ));
    }
    Ok(())
}

struct Count<'a> {
    document: &'a ExecutableDocument,
    /// `None` while a fragment is being counted.
    sizes: HashMap<&'a Name, Option<usize>>,
}

impl<'a> Count<'a> {
    /// Recurses as deep as braces are nested, which the scan has bounded, for each of a bounded number of fragments.
    fn set(&mut self, set: &'a SelectionSet) -> Result<usize, RequestError> {
        let mut fields = 0_usize;
        for selection in &set.items {
            let more = match &selection.node {
                Selection::Field(field) => 1 + self.set(&field.node.selection_set.node)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            };
            fields = fields.saturating_add(more);
        }
        Ok(fields)
    }

    fn fragment(&mut self, name: &Name) -> Result<usize, RequestError> {
        // An unknown fragment is for the validator to report.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(0);
        };
        match self.sizes.insert(name, None) {
            None => {}
            Some(None) => return Err(in_circles(name)),
            Some(known) => {
                self.sizes.insert(name, known);
                return Ok(known.unwrap_or_default());
            }
        }
        let fields = self.set(&fragment.node.selection_set.node)?;
        self.sizes.insert(name, Some(fields));
        Ok(fields)
    }
}

fn in_circles(name: &Name) -> RequestError {
    RequestError::new(ErrorCode::GraphqlValidationFailed, format!("the fragment \"{name}\" spreads itself"))
}
