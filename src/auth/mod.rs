//! Tokens: the keys that sign them, what they claim, and whether to believe them.
//!
//! Nothing here knows how a token came in, or whom it stands for.

mod claims;
mod issue;
mod key;
mod key_ring;
mod key_set;
mod token_cache;
mod token_error;
mod verifier;

pub use issue::{Grant, NoSecret, issue};
pub use token_error::TokenError;
pub use verifier::{Auth, Verified};
