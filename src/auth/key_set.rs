//! The keys that are good just now.

use std::sync::Arc;

use super::key::Key;

/// The most keys of a JWKS.
const MAX_KEYS: usize = 100;

/// Keys that are good at the same time, as they are while one takes over from another.
pub(super) struct KeySet(Vec<Arc<Key>>);

impl KeySet {
    pub(super) fn of_one(key: Key) -> Self {
        Self(vec![Arc::new(key)])
    }

    /// The keys of a JWKS (RFC 7517, section 5) that tokens can be verified with; the others are passed over.
    pub(super) fn of_jwks(json: &[u8]) -> Result<Self, &'static str> {
        #[derive(serde::Deserialize)]
        struct Jwks {
            keys: Vec<serde_json::Value>,
        }
        let jwks: Jwks = serde_json::from_slice(json)
            .map_err(|_| "it is no JWKS; it must be a JSON object with the list \"keys\"")?;
        let keys: Vec<_> = jwks.keys.iter().take(MAX_KEYS).filter_map(Key::of_jwk).map(Arc::new).collect();
        if keys.is_empty() {
            return Err("it holds no key for RS256 (2048 bits or more), ES256 or EdDSA (Ed25519)");
        }
        Ok(Self(keys))
    }

    /// The key of this name. A single key needs none: neither in the token, nor of its own.
    pub(super) fn find(&self, kid: Option<&str>) -> Option<Arc<Key>> {
        let found = match (kid, self.0.as_slice()) {
            (None, [only]) => Some(only),
            (Some(_), [only]) if only.kid.is_none() => Some(only),
            (None, _) => None,
            (Some(kid), keys) => keys.iter().find(|key| key.kid.as_deref() == Some(kid)),
        };
        found.map(Arc::clone)
    }

    /// What the keys are for, for the log and the greeting.
    pub(super) fn algorithms(&self) -> String {
        let mut names: Vec<_> = self.0.iter().map(|key| key.algorithm_name()).collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }
}
