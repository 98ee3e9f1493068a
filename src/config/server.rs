//! Where the server listens.

use clap::Args;

use super::{ConfigError, Setting};

/// Where the server listens.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Server")]
pub struct ServerArgs {
    /// The address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "MESSENGER_ADDR", hide_env_values = true, value_name = "HOST:PORT")]
    pub addr: Option<String>,
    /// 1 lets the server start without a key on an address that others reach: everybody may act as anybody there [default: 0]
    #[arg(long, env = "MESSENGER_ALLOW_OPEN", hide_env_values = true, value_name = "1|0")]
    pub allow_open: Option<String>,
    /// The most connections at a time, 1 to 1000000; idle ones are closed for further ones [default: 16000]
    #[arg(long, env = "MESSENGER_MAX_CONNECTIONS", hide_env_values = true, value_name = "N")]
    pub max_connections: Option<String>,
    /// The most connections from one address, 1 to 1000000; those of this machine itself and of trusted proxies are not counted [default: 1000]
    #[arg(long, env = "MESSENGER_MAX_ADDRESS_CONNECTIONS", hide_env_values = true, value_name = "N")]
    pub max_address_connections: Option<String>,
}

impl ServerArgs {
    /// The address when none is set: reached from this machine only.
    pub const DEFAULT_ADDR: &str = "127.0.0.1:8080";
    /// The most connections when nothing is set: 10,000 who listen, and those who ask. One who listens takes 12 KiB.
    pub const DEFAULT_CONNECTIONS: u32 = 16_000;
    /// The most connections from one address when nothing is set: as many as it may have WebSockets and event streams.
    pub const DEFAULT_ADDRESS_CONNECTIONS: u32 = 1_000;
    /// The most that the most can be.
    pub const MOST_CONNECTIONS: u32 = 1_000_000;

    /// The address and port.
    pub fn addr(&self) -> Result<&str, ConfigError> {
        Ok(Setting("MESSENGER_ADDR").given(self.addr.as_ref())?.unwrap_or(Self::DEFAULT_ADDR))
    }

    /// Whether the server may be open on an address that others reach.
    pub fn allows_open(&self) -> Result<bool, ConfigError> {
        let setting = Setting("MESSENGER_ALLOW_OPEN");
        match setting.given(self.allow_open.as_ref())? {
            None | Some("0" | "false") => Ok(false),
            Some("1" | "true") => Ok(true),
            Some(other) => Err(ConfigError::YesOrNo { setting, given: other.to_owned() }),
        }
    }

    /// The most connections at a time.
    pub fn max_connections(&self) -> Result<u32, ConfigError> {
        let setting = Setting("MESSENGER_MAX_CONNECTIONS");
        let count = connections(setting, self.max_connections.as_ref(), Self::DEFAULT_CONNECTIONS)?;
        Ok(u32::try_from(count).unwrap_or(Self::MOST_CONNECTIONS))
    }

    /// The most connections from one address.
    pub fn max_address_connections(&self) -> Result<usize, ConfigError> {
        let setting = Setting("MESSENGER_MAX_ADDRESS_CONNECTIONS");
        connections(setting, self.max_address_connections.as_ref(), Self::DEFAULT_ADDRESS_CONNECTIONS)
    }
}

fn connections(setting: Setting, value: Option<&String>, default: u32) -> Result<usize, ConfigError> {
    setting.number(value, default as usize, [1, ServerArgs::MOST_CONNECTIONS as usize])
}
