//! Counts a request once: before its document is parsed, or before it is refused.

use async_graphql::parser::types::OperationType;

use super::{document::Operation, error::RequestError, viewer::Session};
use crate::rates::{Counted, Rates};

/// One token out of the bucket `queries` of whoever sends the request; taken at most once.
pub(super) struct RequestCount<'a> {
    rates: &'a Rates,
    counted: Option<Counted>,
    is_taken: bool,
}

impl<'a> RequestCount<'a> {
    /// Nothing is taken yet.
    pub(super) fn new(rates: &'a Rates, session: Session) -> Self {
        Self { rates, counted: session.counted(None), is_taken: false }
    }

    /// Takes the token, unless it was taken before; `RATE_LIMITED` when the bucket is empty.
    pub(super) fn take(&mut self) -> Result<(), RequestError> {
        if !self.is_taken
            && let Some(counted) = self.counted
        {
            self.rates.queries(counted, 1).map_err(RequestError::too_often)?;
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
