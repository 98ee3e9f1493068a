//! How often one may do what: token buckets, in this process.

mod bucket;
mod limits;
mod pace;

pub use bucket::{Counted, TooOften};
pub use limits::Rates;
