//! Writes pages as JSON at once, where nothing in them has to be waited for.
//!
//! The library asks each field of each item in a future of its own: 0.28 µs a field, which is most of what a page of 100
//! messages costs. So `object!` defines a type's fields once for two ways: as resolvers for the library, and as a table of
//! functions that write. [`AtOnce`] takes the second way when the whole selection is in tables and everything that it asks
//! for is known, and else the first. A property test holds the two equal.

mod asked;
mod flat;
mod leaf;
mod merging;
mod object;
mod out;
mod passing;
mod plan;
mod recurring;
#[cfg(test)]
mod tests;
mod text;

pub(super) use asked::Asked;
pub(super) use flat::{AtOnce, Weigh};
pub(super) use merging::Merging;
pub(super) use object::{Column, Columns, object, one_of, plan_columns, write_columns};
pub(super) use out::Out;
pub(super) use passing::{Text, keep, pass};
pub(super) use plan::{Choice, Plan, Stop, Waits, Written};
pub(super) use recurring::{Recurring, Recurs};
