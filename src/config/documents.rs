//! Which GraphQL documents run.

use std::path::Path;

use clap::Args;

use super::{ConfigError, given::given, switch::switch};

/// Which GraphQL documents run.
#[derive(Args, Clone, Debug, Default)]
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
    /// Whether clients may ask for the schema.
    pub fn introspection(&self) -> Result<bool, ConfigError> {
        switch(self.introspection.as_ref(), true, "MESSENGER_INTROSPECTION or --introspection")
    }

    /// The file with the documents that run.
    #[must_use]
    pub fn trusted_documents(&self) -> Option<&Path> {
        given(self.trusted_documents.as_ref()).map(Path::new)
    }
}
