//! From a request to what may run.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;

use super::{
    answer::Answer,
    document::{Described, NameMasking},
    execute::Api,
    fan_out::Subscribed,
    request::{Allowed, LastEventId, Request},
    request_count::{RequestCount, is_counted_by_resolvers},
    viewer::Session,
};

/// A request that may run.
pub(super) struct Prepared {
    pub(super) request: async_graphql::Request,
    pub(super) kind: OperationType,
    /// Where its answer describes the schema.
    pub(super) described: Described,
    /// Whether its document was read for it, which takes long.
    pub(super) is_new: bool,
    /// How many values it may give, for its turn: without bound where it asks for the schema.
    pub(super) weight: usize,
    /// What is to be kept of it, when it is a subscription.
    pub(super) subscribed: Option<Subscribed>,
    /// What its errors may tell.
    pub(super) masking: NameMasking,
}

impl Api {
    /// The request as the library takes it, when it is sound and the transport may run it. Each request is counted before its
    /// document is parsed or it is refused; mutations that run are counted where it is known how many messages they send.
    pub(super) fn prepare(
        &self,
        session: Session,
        request: Request,
        allowed: Allowed,
    ) -> Result<Prepared, Answer> {
        let mut count = RequestCount::new(&self.app.rates, session);
        let prepared = self.check(request, allowed, &mut count);
        if prepared.is_err() {
            count.take()?;
        }
        prepared
    }

    fn check(
        &self,
        request: Request,
        allowed: Allowed,
        count: &mut RequestCount<'_>,
    ) -> Result<Prepared, Answer> {
        if request.registers() {
            count.take()?;
        }
        let found = self.policy.find(&request)?;
        let known = self.policy.cached(&found);
        let is_new = known.is_none();
        let document = if let Some(known) = known {
            known
        } else {
            count.take()?;
            self.policy.read(&found)?
        };
        let name = request.operation_name;
        let operation = document.operation(name.as_deref())?;
        if !is_counted_by_resolvers(operation) {
            count.take()?;
        }
        allowed.check(operation.kind)?;
        let (mut variables, values) = self.policy.variables(&found, operation, request.variables)?;
        document.set_alternatives(&mut variables);
        self.policy.register(&found);
        let (kind, described) = (operation.kind, operation.described.clone());
        let subscribed = (kind == OperationType::Subscription).then(|| Subscribed {
            text: Arc::clone(&found.text),
            operation_name: name.clone(),
            document: Arc::clone(&document),
            values,
        });
        let weight = if document.introspects { usize::MAX } else { values };
        let mut prepared = async_graphql::Request::new("").variables(variables).data(document.merging);
        prepared.operation_name = name;
        prepared.set_parsed_query(document.content.clone());
        if let Some(cursor) = request.last_event_id {
            prepared = prepared.data(LastEventId(cursor));
        }
        let masking = self.policy.masking(&found);
        Ok(Prepared { request: prepared, kind, is_new, described, weight, subscribed, masking })
    }
}
