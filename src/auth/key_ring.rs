//! The keys, read again where they may change.

use std::{
    fs,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use reqwest::{Client, redirect::Policy};
use tokio::sync::Mutex;

use super::{key::Key, key_set::KeySet};
use crate::{config::KeySource, types::Clock};

/// How old a JWKS may become before it is read again.
const REFRESH: Duration = Duration::from_mins(5);
/// How soon after the last time an unknown key's name may have it read again: anybody can make up names.
const PAUSE: Duration = Duration::from_secs(30);
/// How long a JWKS may take to arrive.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes of a JWKS.
const MAX_BYTES: usize = 1024 * 1024;

/// The keys, and where they come from.
pub(super) struct KeyRing {
    source: KeySource,
    client: Option<Client>,
    clock: Arc<dyn Clock>,
    keys: RwLock<Arc<KeySet>>,
    /// When the source was last asked. Who holds it is the one who asks.
    asked: Mutex<Instant>,
}

impl KeyRing {
    /// Reads the keys for the first time, or says in one line why not.
    pub(super) async fn load(source: KeySource, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let client = match &source {
            KeySource::JwksUrl(url) => Some(client(url).map_err(|reason| refused(&source, &reason))?),
            _ => None,
        };
        let keys = read(&source, client.as_ref()).await.map_err(|reason| refused(&source, &reason))?;
        let asked = Mutex::new(clock.instant());
        Ok(Self { source, client, clock, keys: RwLock::new(Arc::new(keys)), asked })
    }

    /// The key of this name for this algorithm. One that is not known may be new.
    pub(super) async fn find(&self, kid: Option<&str>, algorithm: &str) -> Option<Arc<Key>> {
        if let Some(key) = self.keys().find(kid, algorithm) {
            return Some(key);
        }
        if kid.is_some() && self.may_change() {
            self.refresh(PAUSE).await;
        }
        self.keys().find(kid, algorithm)
    }

    /// What the keys are for.
    pub(super) fn algorithms(&self) -> String {
        self.keys().algorithms()
    }

    /// Reads the keys again and again, where they may change.
    pub(super) async fn keep_fresh(&self) {
        while self.may_change() {
            self.clock.wait_until(self.clock.instant() + REFRESH).await;
            self.refresh(Duration::ZERO).await;
        }
    }

    fn may_change(&self) -> bool {
        matches!(self.source, KeySource::JwksFile(_) | KeySource::JwksUrl(_))
    }

    /// Reads the keys again, unless that was tried within the pause. When it fails, the last good ones stay.
    async fn refresh(&self, pause: Duration) {
        let mut asked = self.asked.lock().await;
        if self.clock.instant() < *asked + pause {
            return;
        }
        *asked = self.clock.instant();
        match read(&self.source, self.client.as_ref()).await {
            Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys),
            Err(reason) => {
                tracing::warn!(
                    reason = refused(&self.source, &reason),
                    "keys could not be read again; the last ones stay"
                );
            }
        }
    }

    /// The keys that are good just now.
    pub(super) fn keys(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn refused(source: &KeySource, reason: &str) -> String {
    let setting = source.setting();
    match source {
        KeySource::PublicKeyFile(file) | KeySource::JwksFile(file) => {
            format!("{setting}: {}: {reason}", file.display())
        }
        // An address may hold a password.
        KeySource::Secret(_) | KeySource::JwksUrl(_) => format!("{setting}: {reason}"),
    }
}

async fn read(source: &KeySource, client: Option<&Client>) -> Result<KeySet, String> {
    let keys = match (source, client) {
        (KeySource::Secret(secret), _) => Ok(KeySet::of_one(Key::of_secret(secret))),
        (KeySource::PublicKeyFile(file), _) => Key::of_pem(&read_file(file)?).map(KeySet::of_one),
        (KeySource::JwksFile(file), _) => KeySet::of_jwks(&read_file(file)?),
        (KeySource::JwksUrl(url), Some(client)) => KeySet::of_jwks(&fetch(client, url).await?),
        (KeySource::JwksUrl(_), None) => Err("there is nothing to ask it with"),
    };
    keys.map_err(str::to_owned)
}

fn read_file(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("it cannot be read: {error}"))
}

/// Asks by https only, also after a redirect, where the address says so: who can change the keys can be anybody.
fn client(url: &str) -> Result<Client, String> {
    let client = Client::builder()
        .https_only(url.starts_with("https://"))
        .redirect(Policy::limited(3))
        .timeout(PATIENCE)
        .user_agent(concat!("messenger/", env!("CARGO_PKG_VERSION")));
    client.build().map_err(|error| explained(&error))
}

async fn fetch(client: &Client, url: &str) -> Result<Vec<u8>, String> {
    let mut response = client.get(url).send().await.map_err(unreached)?;
    if !response.status().is_success() {
        return Err(format!("it answers with status {}", response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreached)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BYTES {
            return Err(format!("it has more than {MAX_BYTES} bytes"));
        }
    }
    Ok(body)
}

fn unreached(error: reqwest::Error) -> String {
    // The address may hold a password.
    format!("it cannot be read: {}", explained(&error.without_url()))
}

/// An error with its causes: on its own it only says that the request failed.
fn explained(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
