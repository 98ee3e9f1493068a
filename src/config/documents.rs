//! Which GraphQL documents run.

use std::path::Path;

use clap::Args;

use super::{ConfigError, Setting};

/// Which GraphQL documents run.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Documents")]
pub struct DocumentArgs {
    /// Whether clients may ask for the schema: on or off; when it is off, errors name nothing that the client did not name
    /// [default: on]
    #[arg(long, env = "MESSENGER_INTROSPECTION", hide_env_values = true, value_name = "SWITCH")]
    pub introspection: Option<String>,
    /// A JSON file with the only documents that run, each under its id; any document runs when it is not set
    #[arg(long, env = "MESSENGER_TRUSTED_DOCUMENTS", hide_env_values = true, value_name = "FILE")]
    pub trusted_documents: Option<String>,
}

impl DocumentArgs {
    /// The setting of the file with the documents that run.
    pub const TRUSTED: Setting = Setting("MESSENGER_TRUSTED_DOCUMENTS");

    /// Whether clients may ask for the schema.
    pub fn introspection(&self) -> Result<bool, ConfigError> {
        Setting("MESSENGER_INTROSPECTION").switch(self.introspection.as_ref(), true)
    }

    /// The file with the documents that run.
    pub fn trusted_documents(&self) -> Result<Option<&Path>, ConfigError> {
        Ok(Self::TRUSTED.given(self.trusted_documents.as_ref())?.map(Path::new))
    }
}
