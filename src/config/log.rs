//! What is logged.

use clap::Args;

use super::given::given;

/// What is logged, to stderr.
#[derive(Args, Clone, Debug, Default)]
pub struct LogArgs {
    /// What to log: error, warn, info, debug, trace or off, also by part as in `info,messenger::sql=trace` [default: info]
    #[arg(long, env = "MESSENGER_LOG", hide_env_values = true, value_name = "FILTER", global = true)]
    pub log: Option<String>,
}

impl LogArgs {
    /// The filter, in the notation of `tracing-subscriber`'s `EnvFilter`.
    #[must_use]
    pub fn filter(&self) -> &str {
        given(self.log.as_ref()).unwrap_or("info")
    }
}
