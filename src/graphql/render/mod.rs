//! Renders pages as JSON in one pass, where no field of the selection needs a resolver.
//!
//! The library asks each field of each item in a future of its own: 0.28 µs a field, which is most of what a
//! page of 100 messages costs. So `object!` defines a type's fields once for two ways: as resolvers for the
//! library, and as a table of functions that render. [`RenderedPage`] takes the second way when the whole
//! selection is in tables and all of its values are loaded, and else the first. A property test checks that
//! both give the same bytes.

mod leaf;
mod memoized;
mod merging;
mod object;
mod out;
mod page;
mod passing;
mod plan;
mod selection_ref;
#[cfg(test)]
mod tests;
mod text;

pub(super) use memoized::{Memoize, Memoized};
pub(super) use merging::Merging;
pub(super) use object::{FieldEntry, FieldTable, object, one_of, plan_fields, write_fields};
pub(super) use out::Out;
pub(super) use page::{RenderedPage, Weigh};
pub(super) use passing::{Text, keep, pass};
pub(super) use plan::{Choice, NeedsResolver, NotRendered, Plan, RenderJson};
pub(super) use selection_ref::SelectionRef;
