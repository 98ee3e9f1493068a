//! Which documents the server runs, by its settings.

use std::sync::Arc;

use super::outcome::CliError;
use crate::{
    config::{DocumentArgs, Limits},
    graphql::DocumentPolicy,
};

/// Reads the file of trusted documents, if there is one, and validates all that is in it.
pub(super) fn policy(documents: &DocumentArgs, limits: Arc<Limits>) -> Result<DocumentPolicy, CliError> {
    let introspection = documents.introspection()?;
    let Some(file) = documents.trusted_documents()? else {
        return Ok(DocumentPolicy::open(introspection, limits));
    };
    let refused = |problem: String| {
        let file = file.display();
        CliError::Other(format!("{}: {file}: {problem}", DocumentArgs::TRUSTED))
    };
    let json =
        std::fs::read_to_string(file).map_err(|error| refused(format!("it cannot be read: {error}")))?;
    DocumentPolicy::trusting(&json, introspection, limits).map_err(refused)
}
