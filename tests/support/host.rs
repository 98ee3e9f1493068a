//! The host application, which knows its users and signs tokens for them.

use std::{fs, path::PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use messenger::config::{AuthConfig, KeySource, Secret};
use serde_json::{Value, json};

/// What signs tokens.
pub struct Host {
    key: EncodingKey,
    pub algorithm: Algorithm,
    kid: Option<String>,
}

pub const SECRET: &str = "a secret of the stories, and of nobody else";

/// The seconds of 1970 at which the clock on the stage starts.
pub const NOON: i64 = 1_769_860_800;

/// A configuration with nothing but keys.
pub fn keys(keys: KeySource) -> AuthConfig {
    AuthConfig { keys, audience: None, issuer: None, username_changes: false }
}

/// The configuration of a server that knows the secret.
pub fn shared_secret() -> AuthConfig {
    keys(KeySource::Secret(Secret::from(SECRET.to_owned())))
}

/// A file with a key.
pub fn key_file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/keys")).join(name)
}

impl Host {
    /// One that shares a secret with the server.
    pub fn with_secret() -> Self {
        Self { key: EncodingKey::from_secret(SECRET.as_bytes()), algorithm: Algorithm::HS256, kid: None }
    }

    /// One that has a private key of its own: of the kind `rsa`, `ec` or `ed`, `one` or `two` of them.
    pub fn with_key(kind: &str, number: &str) -> Self {
        let pem = fs::read(key_file(&format!("{kind}-{number}.pem"))).expect("a key");
        let (algorithm, key) = match kind {
            "rsa" => (Algorithm::RS256, EncodingKey::from_rsa_pem(&pem)),
            "ec" => (Algorithm::ES256, EncodingKey::from_ec_pem(&pem)),
            _ => (Algorithm::EdDSA, EncodingKey::from_ed_pem(&pem)),
        };
        Self { key: key.expect("a key"), algorithm, kid: None }
    }

    /// The same, naming its key.
    pub fn called(self, kid: &str) -> Self {
        Self { kid: Some(kid.to_owned()), ..self }
    }

    /// The same, signing in another way.
    pub fn signing_with(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// A token with these claims; it is good for an hour from noon, if they say nothing else.
    #[allow(clippy::needless_pass_by_value, reason = "claims are written where they are signed")]
    pub fn signs(&self, claims: Value) -> String {
        let mut all = json!({ "exp": NOON + 3_600 });
        let all_claims = all.as_object_mut().expect("an object");
        all_claims.extend(claims.as_object().expect("claims").clone());
        all_claims.retain(|_, claim| !claim.is_null());
        let header = Header { kid: self.kid.clone(), ..Header::new(self.algorithm) };
        encode(&header, &all, &self.key).expect("a token")
    }

    /// The token of a service.
    pub fn signs_for_service(&self) -> String {
        self.signs(json!({ "scope": "messenger:service" }))
    }

    /// The public key, as a JWKS has it.
    pub fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).expect("a key");
        jwk.common.key_id.clone_from(&self.kid);
        serde_json::to_value(jwk).expect("JSON")
    }
}
