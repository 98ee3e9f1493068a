//! Whose tokens the server believes.

use std::{net::SocketAddr, sync::Arc};

use super::{command_line::ServeArgs, outcome::CliError};
use crate::{auth::Auth, types::SystemClock};

/// The keys that were set, or none: then nobody but this machine may reach the server, unless that was allowed.
pub(super) async fn auth(args: &ServeArgs, addr: SocketAddr) -> Result<Auth, CliError> {
    let may_be_open = args.server.allows_open()? || addr.ip().is_loopback();
    match args.auth.config()? {
        Some(config) => Auth::keyed(config, Arc::new(SystemClock)).await.map_err(CliError::Other),
        None if may_be_open => Ok(Auth::open()),
        None => Err(CliError::Other(format!(
            "without a key everybody may act as anybody, and others reach {addr}: set MESSENGER_JWT_SECRET (or \
             MESSENGER_JWT_PUBLIC_KEY_FILE, MESSENGER_JWKS_FILE, MESSENGER_JWKS_URL), or MESSENGER_ALLOW_OPEN=1 to start \
             all the same"
        ))),
    }
}
