//! Memory that a transport keeps.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;

use super::{
    GivenUp,
    budget::{Budget, Holder, Reservation},
};
use crate::graphql::{Answer, RequestId};

/// Memory that a transport keeps for the answers that it sends, such as the buffer of a WebSocket. It is given back when this is
/// dropped.
#[derive(Debug)]
pub struct Hold(Reservation);

impl Hold {
    pub(in crate::graphql) fn none(budget: Arc<Budget>, holder: Holder) -> Self {
        Self(Reservation::none(budget, holder))
    }

    /// Makes sure that so many bytes are held, for an answer to an operation of this kind. Fails with the answer that is to be
    /// sent in place of the one for which there is no memory.
    pub fn grow_to(&self, bytes: usize, kind: OperationType, request_id: &RequestId) -> Result<(), Answer> {
        let grown = self.0.at_least(bytes);
        grown.map_err(|full| Answer::given_up(GivenUp::Overloaded(full), kind, request_id))
    }
}
