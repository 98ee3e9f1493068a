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
}

impl ServerArgs {
    /// The address when none is set: reached from this machine only.
    pub const DEFAULT_ADDR: &str = "127.0.0.1:8080";

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
}
