//! What browsers may do with the server.

use clap::Args;

use super::{AllowedOrigins, ConfigError, given::given, switch::switch};

/// What browsers may do with the server.
#[derive(Args, Clone, Debug, Default)]
pub struct BrowserArgs {
    /// Whose pages may call the server: origins with commas between them, as in
    /// `https://chat.example,http://localhost:5173`, or `*` for all; its own pages when it is not set
    #[arg(long, env = "MESSENGER_ALLOWED_ORIGINS", hide_env_values = true, value_name = "ORIGINS")]
    pub allowed_origins: Option<String>,
    /// Whether / shows GraphiQL: on or off [default: on]
    #[arg(long, env = "MESSENGER_GRAPHIQL", hide_env_values = true, value_name = "SWITCH")]
    pub graphiql: Option<String>,
    /// Whether /chat/ shows the example chat: on or off [default: on]
    #[arg(long, env = "MESSENGER_CHAT", hide_env_values = true, value_name = "SWITCH")]
    pub chat: Option<String>,
}

impl BrowserArgs {
    /// The origins whose pages may call the server.
    pub fn allowed_origins(&self) -> Result<AllowedOrigins, ConfigError> {
        given(self.allowed_origins.as_ref())
            .map_or_else(|| Ok(AllowedOrigins::default()), AllowedOrigins::parse)
    }

    /// Whether there is GraphiQL.
    pub fn graphiql(&self) -> Result<bool, ConfigError> {
        switch(self.graphiql.as_ref(), true, "MESSENGER_GRAPHIQL or --graphiql")
    }

    /// Whether there is the example chat.
    pub fn chat(&self) -> Result<bool, ConfigError> {
        switch(self.chat.as_ref(), true, "MESSENGER_CHAT or --chat")
    }
}
