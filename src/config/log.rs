//! What is logged.

use clap::Args;

use super::{ConfigError, Setting};

/// What is logged, to stderr.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Logs")]
pub struct LogArgs {
    /// What to log: error, warn, info, debug, trace or off, also by part as in `info,messenger::sql=trace` [default: info]
    #[arg(long, env = "MESSENGER_LOG", hide_env_values = true, value_name = "FILTER", global = true)]
    pub log: Option<String>,
}

impl LogArgs {
    /// The setting of the filter.
    pub const FILTER: Setting = Setting("MESSENGER_LOG");

    /// The filter, in the notation of `tracing-subscriber`'s `EnvFilter`.
    pub fn filter(&self) -> Result<&str, ConfigError> {
        Ok(Self::FILTER.given(self.log.as_ref())?.unwrap_or("info"))
    }
}
