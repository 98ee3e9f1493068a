//! A document that has passed everything, and what is known of each of its operations.

use async_graphql::{
    Variables,
    parser::types::{ExecutableDocument, OperationType},
};

use super::{Described, conditions::Alternative, cost::Cost, variables::Variable};
use crate::{
    config::Limits,
    graphql::{
        error::{ErrorCode, RequestError},
        render::Merging,
    },
};

/// A document that fits the schema, in its normal form.
pub(in crate::graphql) struct Document {
    /// What is executed: nothing is left in it that the executor would read in another way than it was validated.
    pub(in crate::graphql) content: ExecutableDocument,
    /// The variables that it has beside those of the client.
    pub(super) alternatives: Vec<Alternative>,
    /// What it asks for twice.
    pub(in crate::graphql) merging: Merging,
    /// Whether it asks for the schema. The library makes 1.5 MB for what counts as a few hundred values.
    pub(in crate::graphql) introspects: bool,
    pub(super) operations: Vec<Operation>,
    /// About how many bytes of memory all of it takes.
    pub(super) bytes: usize,
}

/// One of a document's operations.
pub(in crate::graphql) struct Operation {
    pub(super) name: Option<String>,
    /// What kind it is.
    pub(in crate::graphql) kind: OperationType,
    /// Whether a field stands at its root on no condition, so that it is certain to run.
    pub(in crate::graphql) has_plain_field: bool,
    /// Where its answer describes the schema.
    pub(in crate::graphql) described: Described,
    pub(super) variables: Vec<Variable>,
    pub(super) cost: Cost,
}

impl Document {
    /// About how many bytes of memory it takes.
    pub(in crate::graphql) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Gives the variables that the normal form has beside those of the client their values.
    pub(in crate::graphql) fn set_alternatives(&self, variables: &mut Variables) {
        self.alternatives.iter().for_each(|alternative| alternative.set(variables));
    }

    /// All of its operations.
    pub(in crate::graphql) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation that is to run (<https://spec.graphql.org/September2025/#GetOperation()>).
    pub(in crate::graphql) fn operation(&self, name: Option<&str>) -> Result<&Operation, RequestError> {
        let not_found = |message: String| RequestError::new(ErrorCode::OperationNotFound, message);
        match (name, self.operations.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => Err(not_found(
                "the document has several operations; name the one to run in operationName".to_owned(),
            )),
            (Some(name), operations) => operations
                .iter()
                .find(|operation| operation.name.as_deref() == Some(name))
                .ok_or_else(|| not_found(format!("the document has no operation named \"{name}\""))),
        }
    }
}

impl Operation {
    /// How many values the operation may give with these variables, in which defaults stand in; refuses it if they
    /// are too many. Of a subscription those of each event are counted.
    pub(in crate::graphql) fn check_cost(
        &self,
        variables: &Variables,
        limits: &Limits,
    ) -> Result<usize, RequestError> {
        let cost = self.cost.with(variables);
        let (most, message) = if self.kind == OperationType::Subscription {
            let most = limits.subscription_complexity;
            (
                most,
                format!(
                    "the subscription may give more than {most} values for each event \
                     (serverInfo.limits.subscriptionComplexity); ask for less of each, and read the rest with a query"
                ),
            )
        } else {
            let most = limits.document_complexity;
            (
                most,
                format!(
                    "the operation may give more than {most} values; ask for smaller pages, or for less in each"
                ),
            )
        };
        if cost > most { Err(RequestError::new(ErrorCode::DocumentTooComplex, message)) } else { Ok(cost) }
    }

    /// Refuses a subscription in a text that is too long to be kept for as long as the subscription lasts.
    pub(in crate::graphql) fn check_length(&self, text: &str, limits: &Limits) -> Result<(), RequestError> {
        let most = limits.subscription_bytes;
        if self.kind != OperationType::Subscription || text.len() <= most {
            return Ok(());
        }
        Err(RequestError::new(
            ErrorCode::DocumentTooLarge,
            format!(
                "a document whose subscription runs has at most {most} bytes (serverInfo.limits.subscriptionBytes), \
                 and this one has {}; send the subscription in a document of its own",
                text.len()
            ),
        ))
    }
}
