//! Tokens that were believed before: a client sends the same one with every request, for minutes or hours.

use std::{sync::Arc, time::Instant};

use quick_cache::{Weighter, sync::Cache};

use super::{claims::Claims, key_set::KeySet};

/// The most bytes of all the tokens that are remembered, and about how many there are of them.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
const MANY: usize = 8 * 1024;

/// What a signature was found to vouch for, by the whole token. What is asked for seldom makes place for others.
///
/// That the signature is good stays true as long as the keys are; times are looked at again each time. Reading a token anew
/// takes 5 µs of a request with HS256, and 30 to 100 with a key of two halves.
pub(super) struct TokenCache(Cache<Box<str>, CachedToken, ByText>);

#[derive(Clone)]
struct CachedToken {
    believed: Believed,
    /// The keys that were good then.
    keys: Arc<KeySet>,
}

/// What a token claims, and until when it is believed, whatever the clock says: who sets the clock back makes no token live
/// longer.
#[derive(Clone)]
pub(super) struct Believed {
    pub(super) claims: Arc<Claims>,
    /// `None` when that is too far away to be counted.
    pub(super) ends: Option<Instant>,
}

/// What a token claims is in its text.
#[derive(Clone)]
struct ByText;

impl Weighter<Box<str>, CachedToken> for ByText {
    fn weight(&self, token: &Box<str>, _: &CachedToken) -> u64 {
        // A short one takes some room as well.
        (token.len() as u64).max(MAX_BYTES / MANY as u64)
    }
}

impl TokenCache {
    pub(super) fn new() -> Self {
        Self(Cache::with_weighter(MANY, MAX_BYTES, ByText))
    }

    /// What is known of a token that one of these very keys has signed.
    pub(super) fn find(&self, token: &str, keys: &Arc<KeySet>) -> Option<Believed> {
        let known = self.0.get(token)?;
        Arc::ptr_eq(&known.keys, keys).then_some(known.believed)
    }

    /// Remembers a token that is believed. The keys are those from before it was looked at.
    pub(super) fn remember(&self, token: &str, keys: &Arc<KeySet>, believed: &Believed) {
        self.0.insert(token.into(), CachedToken { believed: believed.clone(), keys: Arc::clone(keys) });
    }
}
