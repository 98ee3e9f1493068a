//! Whose word is taken for who calls.

use std::net::IpAddr;

use clap::Args;

use super::{ConfigError, given::given};

/// The reverse proxies before the server.
#[derive(Args, Clone, Debug, Default)]
pub struct ProxyArgs {
    /// The IP addresses of reverse proxies whose X-Forwarded-For tells who calls, with commas between them; this machine's own are trusted anyway
    #[arg(long, env = "MESSENGER_TRUSTED_PROXIES", hide_env_values = true, value_name = "ADDRESSES")]
    pub trusted_proxies: Option<String>,
}

impl ProxyArgs {
    /// Their addresses.
    pub fn addresses(&self) -> Result<Vec<IpAddr>, ConfigError> {
        let texts = given(self.trusted_proxies.as_ref()).into_iter().flat_map(|text| text.split(','));
        let texts = texts.map(str::trim).filter(|text| !text.is_empty());
        texts.map(|text| text.parse().map_err(|_| ConfigError::Proxy(text.to_owned()))).collect()
    }
}
