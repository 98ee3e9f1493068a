//! How a selection is written.

use super::Asked;

/// How what is asked of a value is written.
#[derive(Debug)]
pub(in crate::graphql) enum Plan {
    /// It has no fields.
    Leaf,
    /// Its fields, one after the other.
    Object(Vec<Piece>),
    /// For each type that it can be, in the order of the type's own list; `None` for one of which too much is asked.
    OneOf(Vec<Option<Plan>>),
}

/// A part of an object's text.
#[derive(Debug)]
pub(in crate::graphql) struct Piece {
    /// What stands before the value: the key. Of `__typename`, the value as well.
    pub(super) before: String,
    /// Which column the value is in, and what is asked of it.
    pub(super) value: Option<(usize, Plan)>,
}

/// Something has to be waited for, or could fail: this is for the library.
#[derive(Debug)]
pub(in crate::graphql) struct Waits;

/// A value that can be written as JSON without waiting, as far as it is known.
pub(in crate::graphql) trait Written {
    /// How what is asked is written; `None` when a part of it is in no table.
    fn plan(asked: &Asked<'_>) -> Option<Plan>;

    /// Writes it as [`Written::plan`] said.
    fn write(&self, plan: &Plan, out: &mut String) -> Result<(), Waits>;
}
