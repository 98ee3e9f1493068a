//! How a selection is written.

use std::cell::OnceCell;

use super::{Asked, Out, recurring::Again};
use crate::graphql::memory::GivenUp;

/// How what is asked of a value is written.
pub(in crate::graphql) enum Plan<'a> {
    /// It has no fields.
    Leaf,
    /// Its fields, one after the other.
    Object(Vec<Piece<'a>>),
    /// It is of one of several types.
    OneOf(Choice<'a>),
    /// It may have been written already.
    Again(Box<Again<'a>>),
}

/// A part of an object's text.
pub(in crate::graphql) struct Piece<'a> {
    /// What stands before the value: the key. Of `__typename`, the value as well.
    pub(super) before: String,
    /// Which column the value is in, and what is asked of it.
    pub(super) value: Option<(usize, Plan<'a>)>,
}

/// What is asked of a value that is of one of several types.
///
/// It is planned for a type when there is a value of it. To plan for all of them would take twice as long with each choice
/// that stands below another one, and hardly any of it would be written.
pub(in crate::graphql) struct Choice<'a> {
    asked: Asked<'a>,
    /// For each type, in the order of the choice's own list; `None` for one of which too much is asked.
    plans: Vec<OnceCell<Option<Plan<'a>>>>,
}

impl<'a> Choice<'a> {
    pub(in crate::graphql) fn new(asked: &Asked<'a>, types: usize) -> Self {
        Self { asked: asked.clone(), plans: std::iter::repeat_with(OnceCell::new).take(types).collect() }
    }

    /// Writes a value that is of this type of the list.
    pub(in crate::graphql) fn write<T: Written>(
        &self,
        of_type: usize,
        value: &T,
        out: &mut Out<'_>,
    ) -> Result<(), Stop> {
        let plan = self.plans.get(of_type).ok_or(Waits)?.get_or_init(|| T::plan(&self.asked));
        value.write(plan.as_ref().ok_or(Waits)?, out)
    }
}

/// Something has to be waited for, or could fail: this is for the library.
#[derive(Debug)]
pub(in crate::graphql) struct Waits;

/// Why something is not written.
#[derive(Debug)]
pub(in crate::graphql) enum Stop {
    /// See [`Waits`].
    Waits,
    /// It is so long that other requests would wait for it.
    Long,
    /// The answer is too large, or took too long; the meter knows.
    GivenUp,
}

impl From<Waits> for Stop {
    fn from(_: Waits) -> Self {
        Self::Waits
    }
}

impl From<GivenUp> for Stop {
    fn from(_: GivenUp) -> Self {
        Self::GivenUp
    }
}

/// A value that can be written as JSON without waiting, as far as it is known.
pub(in crate::graphql) trait Written {
    /// How what is asked is written; `None` when a part of it is in no table.
    fn plan<'a>(asked: &Asked<'a>) -> Option<Plan<'a>>;

    /// Writes it as [`Written::plan`] said.
    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), Stop>;
}
