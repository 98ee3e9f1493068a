//! Where the server listens.

use clap::Args;

use super::{ConfigError, given::given};

/// Where the server listens.
#[derive(Args, Clone, Debug, Default)]
pub struct ServerArgs {
    /// The address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "MESSENGER_ADDR", hide_env_values = true, value_name = "HOST:PORT")]
    pub addr: Option<String>,
    /// 1 lets the server start without a key on an address that others reach: everybody may act as anybody there [default: 0]
    #[arg(long, env = "MESSENGER_ALLOW_OPEN", hide_env_values = true, value_name = "1|0")]
    pub allow_open: Option<String>,
    /// The most connections at a time, 1 to 1000000; further ones wait [default: 16000]
    #[arg(long, env = "MESSENGER_MAX_CONNECTIONS", hide_env_values = true, value_name = "N")]
    pub max_connections: Option<String>,
}

impl ServerArgs {
    /// The address when none is set: reached from this machine only.
    pub const DEFAULT_ADDR: &str = "127.0.0.1:8080";
    /// The most connections when nothing is set: 10,000 who listen, and those who ask. One who listens takes 12 KiB.
    pub const DEFAULT_CONNECTIONS: u32 = 16_000;
    /// The most that the most can be.
    pub const MOST_CONNECTIONS: u32 = 1_000_000;

    /// The address and port.
    #[must_use]
    pub fn addr(&self) -> &str {
        given(self.addr.as_ref()).unwrap_or(Self::DEFAULT_ADDR)
    }

    /// Whether the server may be open on an address that others reach.
    pub fn allows_open(&self) -> Result<bool, ConfigError> {
        match given(self.allow_open.as_ref()) {
            None | Some("0" | "false") => Ok(false),
            Some("1" | "true") => Ok(true),
            Some(other) => Err(ConfigError::AllowOpen(other.to_owned())),
        }
    }

    /// The most connections at a time.
    pub fn max_connections(&self) -> Result<u32, ConfigError> {
        let Some(text) = given(self.max_connections.as_ref()) else {
            return Ok(Self::DEFAULT_CONNECTIONS);
        };
        let count = text.parse().ok().filter(|count| (1..=Self::MOST_CONNECTIONS).contains(count));
        count.ok_or_else(|| ConfigError::Limit {
            name: "MESSENGER_MAX_CONNECTIONS",
            given: text.to_owned(),
            least: 1,
            most: Self::MOST_CONNECTIONS as usize,
        })
    }
}
