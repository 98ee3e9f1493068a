//! Counts a request once: before its document is parsed, or before it is refused.

use async_graphql::parser::types::OperationType;

use super::{document::Operation, error::RequestError, viewer::Session};
use crate::rates::{RateKey, Rates};

/// One token out of the bucket `queries` of whoever sends the request; taken at most once.
pub(super) struct RequestCount<'a> {
    rates: &'a Rates,
    rate_key: Option<RateKey>,
    is_taken: bool,
}

impl<'a> RequestCount<'a> {
    /// Nothing is taken yet.
    pub(super) fn new(rates: &'a Rates, session: Session) -> Self {
        Self { rates, rate_key: session.rate_key(None), is_taken: false }
    }

    /// Takes the token, unless it was taken before; `RATE_LIMITED` when the bucket is empty.
    pub(super) fn take(&mut self) -> Result<(), RequestError> {
        if !self.is_taken
            && let Some(rate_key) = self.rate_key
        {
            self.rates.queries(rate_key, 1).map_err(RequestError::rate_limited)?;
        }
        self.is_taken = true;
        Ok(())
    }
}

/// Whether resolvers count this operation, in `sends` or `mutations`: each field of `Mutation` counts, and one that stands
/// plainly in the operation is certain to run.
pub(super) fn is_counted_by_resolvers(operation: &Operation) -> bool {
    operation.kind == OperationType::Mutation && operation.has_plain_field
}
