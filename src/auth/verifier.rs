//! Whether a token is to be believed.

use std::{fmt, sync::Arc, time::Duration};

use jsonwebtoken::{Validation, decode, errors::ErrorKind};

use super::{
    claims::Claims,
    key::{Head, Key},
    key_ring::KeyRing,
    token_cache::{Believed, TokenCache},
    token_error::TokenError,
};
use crate::{
    config::AuthConfig,
    types::{Clock, Timestamp, deadline},
};

/// The most bytes of a token.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// Verifies tokens, or is open and asks for none. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Option<Arc<Verifier>>);

struct Verifier {
    config: AuthConfig,
    keys: KeyRing,
    tokens: TokenCache,
    clock: Arc<dyn Clock>,
}

/// What a token says that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whom it stands for, by their id here or by the host's.
    pub subject: Option<String>,
    /// What they are to be called here, if they are not known yet.
    pub username: Option<String>,
    /// The name that they are to be shown by then.
    pub name: Option<String>,
    /// Whether it may act for anybody.
    pub is_service: bool,
    /// When it stops to be believed.
    pub until: Timestamp,
}

impl Auth {
    /// Without any key: everybody may act as anybody.
    #[must_use]
    pub fn open() -> Self {
        Self(None)
    }

    /// With the keys of this configuration, which are read now. An error is one line for the operator.
    pub async fn keyed(config: AuthConfig, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let keys = KeyRing::load(config.keys.clone(), Arc::clone(&clock)).await?;
        Ok(Self(Some(Arc::new(Verifier { config, keys, tokens: TokenCache::new(), clock }))))
    }

    /// Whether no token is asked for.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_none()
    }

    /// Whether users change their own usernames; everybody may where no token is asked for.
    #[must_use]
    pub fn lets_usernames_change(&self) -> bool {
        self.0.as_ref().is_none_or(|verifier| verifier.config.username_changes)
    }

    /// The algorithms that tokens may be signed with just now; `None` when no token is asked for.
    #[must_use]
    pub fn algorithms(&self) -> Option<String> {
        self.0.as_ref().map(|verifier| verifier.keys.algorithms())
    }

    /// What the token says, if it is to be believed; `None` when none is asked for.
    pub async fn verify(&self, token: Option<&str>) -> Result<Option<Verified>, TokenError> {
        match &self.0 {
            None => Ok(None),
            Some(verifier) => verifier.verify(token.ok_or(TokenError::Missing)?).await.map(Some),
        }
    }

    /// Reads keys that may change again and again; returns at once where none do.
    pub async fn keep_fresh(&self) {
        if let Some(verifier) = &self.0 {
            verifier.keys.keep_fresh().await;
        }
    }
}

impl Verifier {
    async fn verify(&self, token: &str) -> Result<Verified, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Malformed);
        }
        let keys = self.keys.keys();
        let known = self.tokens.find(token, &keys);
        let is_known = known.is_some();
        let Believed { claims, ends } = match known {
            Some(known) => known,
            None => self.believe(Arc::new(self.read(token).await?))?,
        };
        let now = self.clock.now();
        let until = claims.check(&self.config, now)?;
        let left = ends.map(|ends| ends.saturating_duration_since(self.clock.instant()));
        if left == Some(Duration::ZERO) {
            return Err(TokenError::Expired);
        }
        if !is_known {
            self.tokens.remember(token, &keys, &Believed { claims: Arc::clone(&claims), ends });
        }
        let until = left.map_or(until, |left| until.min(now.after(left)));
        let (subject, username, name) = (claims.sub.clone(), claims.username.clone(), claims.name.clone());
        Ok(Verified { subject, username, name, is_service: claims.are_of_service(), until })
    }

    /// From the first time that it is seen, a token lives no longer than it says then.
    fn believe(&self, claims: Arc<Claims>) -> Result<Believed, TokenError> {
        let until = claims.check(&self.config, self.clock.now())?;
        Ok(Believed { claims, ends: deadline(&*self.clock, until) })
    }

    /// What a token claims, if one of the keys signed it.
    async fn read(&self, token: &str) -> Result<Claims, TokenError> {
        let head = Head::of(token).ok_or(TokenError::Malformed)?;
        let key = self.keys.find(head.kid.as_deref(), &head.alg).await.ok_or(TokenError::UnknownKey)?;
        if head.alg != key.algorithm_name() {
            return Err(TokenError::WrongAlgorithm(key.algorithm_name()));
        }
        signed_claims(token, &key)
    }
}

/// The claims, if this key signed them. The library knows only the machine's clock, so times are looked at afterwards.
fn signed_claims(token: &str, key: &Key) -> Result<Claims, TokenError> {
    let mut validation = Validation::new(key.algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let decoded = decode::<Claims>(token, &key.decoding, &validation);
    decoded.map(|token| token.claims).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => TokenError::WrongSignature,
        ErrorKind::Json(_) => TokenError::WrongType,
        _ => TokenError::Malformed,
    })
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").field("algorithms", &self.algorithms()).finish_non_exhaustive()
    }
}
