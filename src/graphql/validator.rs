//! Whether a document fits the schema, without running it.

use std::sync::Arc;

use async_graphql::{
    ServerError, ValidationResult, async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation},
};
use futures_util::FutureExt;

use super::{
    document::Document,
    schema::{MessengerSchema, builder},
};
use crate::config::Limits;

/// The schema without an application behind it.
pub(super) struct Validator(MessengerSchema);

impl Validator {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(builder(limits).extension(StopsAfterValidation).finish())
    }

    /// What is wrong with a document, whatever its variables will be.
    pub(super) fn errors(&self, document: &Document) -> Vec<ServerError> {
        let mut request = async_graphql::Request::new("");
        request.set_parsed_query(document.content.clone());
        // Nothing is waited for before anything runs.
        let response = self.0.execute(request).now_or_never();
        response.map(|response| response.errors).unwrap_or_default()
    }
}

/// Ends every request with its validation.
struct StopsAfterValidation;

impl ExtensionFactory for StopsAfterValidation {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for StopsAfterValidation {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await?;
        // An answer without errors, and without data.
        Err(Vec::new())
    }
}
