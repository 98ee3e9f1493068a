//! How often one may do what: token buckets, in this process.

mod bucket;
mod limits;

pub use bucket::{Counted, TooOften};
pub use limits::Rates;
