//! How often one may do what: token buckets, in this process. And what each user may do one at a time.

mod bucket;
mod limits;
mod pace;
mod turns;

pub use bucket::{RateKey, RateLimited};
pub use limits::Rates;
pub use turns::{TooManyWait, Turn, Turns};
