//! How large and how deep a document is after its fragments are written out, before anything follows them.

use std::collections::HashMap;

use apollo_compiler::{
    Name,
    ast::{Definition, Document, Field, FragmentDefinition, Selection},
};
use async_graphql::Pos;

use super::{positions::Positions, walk};
use crate::{
    config::Limits,
    graphql::{
        error::{ErrorCode, RequestError},
        limits::MAX_NESTING,
    },
};

/// How large a selection is when its fragments are written out.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Fields, inline fragments and spreads.
    selections: usize,
    /// Fields with an alias.
    aliases: usize,
    /// Levels of fields.
    depth: usize,
    /// Levels of fields, inline fragments and spreads.
    levels: usize,
}

/// Refuses a document that would grow too large or too deep, or whose fragments go in circles.
///
/// Every fragment is measured once and its size remembered, so this takes no longer than reading the document. What
/// follows fragments after this recurses no deeper than [`MAX_NESTING`].
pub(super) fn check(
    document: &Document,
    positions: &Positions<'_>,
    limits: &Limits,
) -> Result<(), RequestError> {
    let mut measure = Measure { fragments: HashMap::new(), known: HashMap::new(), positions, limits };
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            // Of two with one name, which validation refuses, the longer might not be measured: none is followed then.
            let earlier = measure.fragments.insert(&fragment.name, fragment);
            if earlier.is_some() {
                return Err(measure.refuse_second(fragment));
            }
        }
    }
    let size = measure.document(document)?;
    within(size, limits)
}

fn within(size: Size, limits: &Limits) -> Result<(), RequestError> {
    let table = [
        (
            size.selections > limits.document_fields,
            ErrorCode::TooManyFields,
            format!(
                "the document has more than {} fields and fragments when they are written out",
                limits.document_fields
            ),
        ),
        (
            // The selections of the operation itself are no level of recursion.
            size.levels > limits.document_recursion + 1,
            ErrorCode::RecursionTooDeep,
            format!("selections and fragments are nested more than {} deep", limits.document_recursion),
        ),
        (
            size.aliases > limits.document_aliases,
            ErrorCode::TooManyAliases,
            format!("the document has more than {} aliases", limits.document_aliases),
        ),
        (
            size.depth > limits.document_depth,
            ErrorCode::DocumentTooDeep,
            format!("selections are nested more than {} deep", limits.document_depth),
        ),
    ];
    let broken = table.into_iter().find(|(is_broken, ..)| *is_broken);
    broken.map_or(Ok(()), |(_, code, message)| Err(RequestError::new(code, message)))
}

struct Measure<'a> {
    fragments: HashMap<&'a Name, &'a FragmentDefinition>,
    /// `None` while a fragment is being measured.
    known: HashMap<&'a Name, Option<Size>>,
    positions: &'a Positions<'a>,
    limits: &'a Limits,
}

impl<'a> Measure<'a> {
    /// What all operations come to. Fragments that none of them spreads are measured as well: validation walks them, too.
    fn document(&mut self, document: &'a Document) -> Result<Size, RequestError> {
        let mut sum = Size::default();
        for definition in &document.definitions {
            match definition {
                Definition::OperationDefinition(operation) => {
                    sum = sum.beside(self.set(&operation.selection_set, 1)?);
                }
                Definition::FragmentDefinition(fragment) => {
                    let alone = self.fragment(&fragment.name, 1)?;
                    sum.selections = sum.selections.max(alone.selections);
                }
                _ => {}
            }
        }
        Ok(sum)
    }

    /// Measures a selection that stands at this level.
    fn set(&mut self, set: &'a [Selection], level: usize) -> Result<Size, RequestError> {
        require_level(level)?;
        let mut size = Size::default();
        for selection in set {
            self.check_directives(selection)?;
            let within = match selection {
                Selection::Field(field) => self.field(field, level)?,
                Selection::InlineFragment(inline) => self.set(&inline.selection_set, level + 1)?,
                // A spread counts like a field: a bomb can consist of nothing else.
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name, level + 1)?,
            };
            size = size.beside(Size {
                selections: within.selections.saturating_add(1),
                levels: within.levels + 1,
                ..within
            });
        }
        Ok(size)
    }

    fn field(&mut self, field: &'a Field, level: usize) -> Result<Size, RequestError> {
        let within = self.set(field.selection_set.as_deref().unwrap_or_default(), level + 1)?;
        let aliases = within.aliases.saturating_add(usize::from(field.alias.is_some()));
        Ok(Size { aliases, depth: within.depth + 1, ..within })
    }

    fn fragment(&mut self, name: &Name, level: usize) -> Result<Size, RequestError> {
        // An unknown fragment is for validation to report.
        let Some((&name, &fragment)) = self.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        match self.known.get(name) {
            None => {}
            Some(None) => return Err(self.in_circles(name)),
            Some(Some(size)) => return require_level(level + size.levels).map(|()| *size),
        }
        self.known.insert(name, None);
        let size = self.set(&fragment.selection_set, level)?;
        self.known.insert(name, Some(size));
        Ok(size)
    }

    fn check_directives(&self, selection: &Selection) -> Result<(), RequestError> {
        let most = self.limits.field_directives;
        if walk::directives(selection).len() <= most {
            return Ok(());
        }
        let message = format!("a field or fragment has more than {most} directives");
        let place = selection.location().map(|location| self.positions.at(location.offset()));
        Err(RequestError::new(ErrorCode::TooManyDirectives, message).at(place))
    }

    fn in_circles(&self, name: &Name) -> RequestError {
        let message = format!("the fragment \"{name}\" spreads itself");
        RequestError::new(ErrorCode::GraphqlValidationFailed, message).at(self.place(name))
    }

    fn refuse_second(&self, fragment: &FragmentDefinition) -> RequestError {
        let message = format!("There can be only one fragment named \"{}\".", fragment.name);
        RequestError::new(ErrorCode::GraphqlValidationFailed, message).at(self.place(&fragment.name))
    }

    fn place(&self, name: &Name) -> Option<Pos> {
        name.location().map(|location| self.positions.at(location.offset()))
    }
}

impl Size {
    /// This and that in one selection.
    fn beside(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            depth: self.depth.max(other.depth),
            levels: self.levels.max(other.levels),
        }
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
