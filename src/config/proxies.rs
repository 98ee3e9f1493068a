//! Whose word is taken for who calls.

use std::net::IpAddr;

use clap::Args;

use super::{ConfigError, Setting};

/// The reverse proxies before the server.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Proxies")]
pub struct ProxyArgs {
    /// The IP addresses of reverse proxies whose X-Forwarded-For tells who calls, with commas between them; this machine's own are trusted anyway
    #[arg(long, env = "MESSENGER_TRUSTED_PROXIES", hide_env_values = true, value_name = "ADDRESSES")]
    pub trusted_proxies: Option<String>,
}

impl ProxyArgs {
    /// Their addresses.
    pub fn addresses(&self) -> Result<Vec<IpAddr>, ConfigError> {
        let setting = Setting("MESSENGER_TRUSTED_PROXIES");
        let refused = |given: &str| ConfigError::Proxy { setting, given: given.to_owned() };
        let listed = setting.list(self.trusted_proxies.as_ref())?;
        listed.into_iter().map(|text| text.parse().map_err(|_| refused(text))).collect()
    }
}
