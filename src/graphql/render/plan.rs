//! How a selection is rendered.

use std::cell::OnceCell;

use super::{Out, SelectionRef, memoized::MemoizedPlan};
use crate::graphql::memory::GivenUp;

/// How the selection on a value is rendered.
pub(in crate::graphql) enum Plan<'a> {
    /// It has no fields.
    Leaf,
    /// Its fields, one after the other.
    Object(Vec<Piece<'a>>),
    /// It is of one of several types.
    OneOf(Choice<'a>),
    /// It may have been rendered already.
    Memoized(Box<MemoizedPlan<'a>>),
}

/// A part of an object's text.
pub(in crate::graphql) struct Piece<'a> {
    /// What stands before the value: the key. Of `__typename`, the value as well.
    pub(super) before: String,
    /// The index of the field in the table, and the plan of its value.
    pub(super) value: Option<(usize, Plan<'a>)>,
}

/// The selection on a value that is of one of several types.
///
/// It is planned for a type when there is a value of it. To plan for all of them would take twice as long
/// with each choice that stands below another one, and hardly any of it would be written.
pub(in crate::graphql) struct Choice<'a> {
    selection: SelectionRef<'a>,
    /// For each type, in the order of the choice's own list; `None` for one of which too much is asked.
    plans: Vec<OnceCell<Option<Plan<'a>>>>,
}

impl<'a> Choice<'a> {
    pub(in crate::graphql) fn new(selection: &SelectionRef<'a>, types: usize) -> Self {
        Self {
            selection: selection.clone(),
            plans: std::iter::repeat_with(OnceCell::new).take(types).collect(),
        }
    }

    /// Writes a value that is of this type of the list.
    pub(in crate::graphql) fn write<T: RenderJson>(
        &self,
        of_type: usize,
        value: &T,
        out: &mut Out<'_>,
    ) -> Result<(), NotRendered> {
        let plan = self.plans.get(of_type).ok_or(NeedsResolver)?.get_or_init(|| T::plan(&self.selection));
        value.write(plan.as_ref().ok_or(NeedsResolver)?, out)
    }
}

/// A value is not loaded, or could fail: the library's resolvers answer it.
#[derive(Debug)]
pub(in crate::graphql) struct NeedsResolver;

/// Why something is not rendered.
#[derive(Debug)]
pub(in crate::graphql) enum NotRendered {
    /// See [`NeedsResolver`].
    NeedsResolver,
    /// It is so long that other requests would wait for it.
    Long,
    /// The answer is too large, or took too long; the meter knows.
    GivenUp,
}

impl From<NeedsResolver> for NotRendered {
    fn from(_: NeedsResolver) -> Self {
        Self::NeedsResolver
    }
}

impl From<GivenUp> for NotRendered {
    fn from(_: GivenUp) -> Self {
        Self::GivenUp
    }
}

/// A value that can be rendered as JSON without a resolver, as far as it is loaded.
pub(in crate::graphql) trait RenderJson {
    /// How the selection is rendered; `None` when a part of it is in no table.
    fn plan<'a>(selection: &SelectionRef<'a>) -> Option<Plan<'a>>;

    /// Renders it as [`RenderJson::plan`] said.
    fn write(&self, plan: &Plan<'_>, out: &mut Out<'_>) -> Result<(), NotRendered>;
}
