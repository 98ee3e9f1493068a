//! How long events are kept.

use clap::Args;

use super::{ConfigError, given::given};

/// How long the event log reaches back.
#[derive(Args, Clone, Debug, Default)]
pub struct EventArgs {
    /// How many days events are kept, 1 to 3650; a client that was away for longer is told to read anew [default: 30]
    #[arg(long, env = "MESSENGER_EVENT_RETENTION_DAYS", hide_env_values = true, value_name = "DAYS")]
    pub event_retention_days: Option<String>,
}

impl EventArgs {
    /// The days when none are set.
    pub const DEFAULT_DAYS: u32 = 30;
    /// The most days.
    pub const MAX_DAYS: u32 = 3_650;

    /// The days.
    pub fn retention_days(&self) -> Result<u32, ConfigError> {
        let Some(text) = given(self.event_retention_days.as_ref()) else {
            return Ok(Self::DEFAULT_DAYS);
        };
        let days = text.parse().ok().filter(|days| (1..=Self::MAX_DAYS).contains(days));
        days.ok_or_else(|| ConfigError::RetentionDays(text.to_owned()))
    }
}
