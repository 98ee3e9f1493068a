//! What browsers may do with the server.

use clap::Args;

use super::{AllowedOrigins, ConfigError, Setting};

/// What browsers may do with the server.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Browsers")]
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
        let setting = Setting("MESSENGER_ALLOWED_ORIGINS");
        AllowedOrigins::read(setting, &setting.list(self.allowed_origins.as_ref())?)
    }

    /// Whether there is GraphiQL.
    pub fn graphiql(&self) -> Result<bool, ConfigError> {
        Setting("MESSENGER_GRAPHIQL").switch(self.graphiql.as_ref(), true)
    }

    /// Whether there is the example chat.
    pub fn chat(&self) -> Result<bool, ConfigError> {
        Setting("MESSENGER_CHAT").switch(self.chat.as_ref(), true)
    }
}
