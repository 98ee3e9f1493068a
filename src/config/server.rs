//! Where the server listens.

use clap::Args;

use super::given::given;

/// Where the server listens.
#[derive(Args, Clone, Debug, Default)]
pub struct ServerArgs {
    /// The address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "MESSENGER_ADDR", hide_env_values = true, value_name = "HOST:PORT")]
    pub addr: Option<String>,
}

impl ServerArgs {
    /// The address when none is set: reached from this machine only.
    pub const DEFAULT_ADDR: &str = "127.0.0.1:8080";

    /// The address and port.
    #[must_use]
    pub fn addr(&self) -> &str {
        given(self.addr.as_ref()).unwrap_or(Self::DEFAULT_ADDR)
    }
}
