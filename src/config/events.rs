//! How long events are kept.

use clap::Args;

use super::{ConfigError, Setting};

/// How long the event log reaches back.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Events")]
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
        let setting = Setting("MESSENGER_EVENT_RETENTION_DAYS");
        let bounds = [1, Self::MAX_DAYS as usize];
        let days = setting.number(self.event_retention_days.as_ref(), Self::DEFAULT_DAYS as usize, bounds)?;
        Ok(u32::try_from(days).unwrap_or(Self::MAX_DAYS))
    }
}
