//! The keys that are good just now.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::key::Key;
use crate::types::{JsonBounds, read_json};

/// The most usable keys of a JWKS; further ones are passed over.
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
        struct Jwks<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        let jwks: Jwks<'_> = read_json(json, JsonBounds::FILE)
            .map_err(|_| "it is no JWKS; it must be a JSON object with the list \"keys\"")?;
        let usable = jwks.keys.iter().filter_map(|key| Key::of_jwk(key.get().as_bytes()));
        let keys: Vec<_> = usable.take(MAX_KEYS).map(Arc::new).collect();
        if keys.is_empty() {
            return Err("it holds no key for RS256 (2048 bits or more), ES256 or EdDSA (Ed25519)");
        }
        Ok(Self(keys))
    }

    /// The key of this name; of several, the one for this algorithm where there is one (RFC 7517, section 4.5: keys of
    /// different kinds may have one name). A single key needs no name: neither in the token, nor of its own.
    pub(super) fn find(&self, kid: Option<&str>, algorithm: &str) -> Option<Arc<Key>> {
        let found = match (kid, self.0.as_slice()) {
            (None, [only]) => Some(only),
            (Some(_), [only]) if only.kid.is_none() => Some(only),
            (None, _) => None,
            (Some(kid), keys) => {
                let mut named = keys.iter().filter(|key| key.kid.as_deref() == Some(kid));
                let fits = |key: &&Arc<Key>| key.algorithm_name() == algorithm;
                named.clone().find(fits).or_else(|| named.next())
            }
        };
        found.map(Arc::clone)
    }

    /// What the keys are for, for the logs and the greeting.
    pub(super) fn algorithms(&self) -> String {
        let mut names: Vec<_> = self.0.iter().map(|key| key.algorithm_name()).collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_published_is_keys_or_an_error(
            bytes in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..300),
                r#"\{"keys": ?\[[\[\]{}",:a-z0-9\\]{0,60}\]\}"#.prop_map(String::into_bytes),
            ],
        ) {
            prop_assert!(KeySet::of_jwks(&bytes).is_err());
        }
    }
}
