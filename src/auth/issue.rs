//! Makes tokens, for development and for scripts of the operator.

use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};

use super::claims::NewClaims;
use crate::{
    config::{AuthConfig, KeySource},
    types::Timestamp,
};

/// What a new token is to say.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Whom it stands for.
    pub subject: Option<String>,
    /// How long it is good.
    pub ttl: Duration,
    /// Whether it may act for anybody.
    pub is_service: bool,
}

/// There is nothing here to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a token can be made here only with MESSENGER_JWT_SECRET; with a public key or a JWKS, whoever has the private key signs"
)]
pub struct NoSecret;

/// Signs a token with the secret.
pub fn issue(config: &AuthConfig, grant: &Grant, now: Timestamp) -> Result<String, NoSecret> {
    let KeySource::Secret(secret) = &config.keys else {
        return Err(NoSecret);
    };
    let issued_at = now.millis() / 1000;
    let ttl = i64::try_from(grant.ttl.as_secs()).unwrap_or(i64::MAX);
    let claims = NewClaims {
        sub: grant.subject.as_deref(),
        ..NewClaims::new(config, issued_at, issued_at.saturating_add(ttl), grant.is_service)
    };
    let key = EncodingKey::from_secret(secret.reveal().as_bytes());
    encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|_| NoSecret)
}
