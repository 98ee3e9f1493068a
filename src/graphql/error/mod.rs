//! How a request fails: the closed list of codes, and the error of a request that was refused before anything ran.

mod code;
mod request_error;

pub use code::ErrorCode;
pub(in crate::graphql) use request_error::{OVERLOADED_RETRY_MS, and_more};
pub use request_error::{RequestError, RequestId};
