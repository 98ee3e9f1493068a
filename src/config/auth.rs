//! Whose tokens are believed.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigError, Secret, Setting};

/// Whose tokens are believed. With none of the first four the server is open: it asks nobody who they are.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Keys")]
pub struct AuthArgs {
    /// The secret of tokens that are signed with HS256, at least 32 bytes; better set in the environment than here
    #[arg(long, env = "MESSENGER_JWT_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub jwt_secret: Option<Secret>,
    /// A PEM file with the public key of tokens that are signed with RS256, ES256 or `EdDSA`
    #[arg(long, env = "MESSENGER_JWT_PUBLIC_KEY_FILE", hide_env_values = true, value_name = "FILE")]
    pub jwt_public_key_file: Option<String>,
    /// A JWKS file with such public keys, read again every five minutes and when a token names a new one
    #[arg(long, env = "MESSENGER_JWKS_FILE", hide_env_values = true, value_name = "FILE")]
    pub jwks_file: Option<String>,
    /// The http or https address of such a JWKS, read again in the same way
    #[arg(long, env = "MESSENGER_JWKS_URL", hide_env_values = true, value_name = "URL")]
    pub jwks_url: Option<String>,
    /// What tokens must have in `aud`; not looked at when it is not set
    #[arg(long, env = "MESSENGER_JWT_AUDIENCE", hide_env_values = true, value_name = "NAME")]
    pub jwt_audience: Option<String>,
    /// What tokens must have as `iss`; not looked at when it is not set
    #[arg(long, env = "MESSENGER_JWT_ISSUER", hide_env_values = true, value_name = "NAME")]
    pub jwt_issuer: Option<String>,
    /// Whether users change their own usernames where tokens are asked for, or only a service does: on or off
    /// [default: off]
    #[arg(long, env = "MESSENGER_USERNAME_CHANGES", hide_env_values = true, value_name = "SWITCH")]
    pub username_changes: Option<String>,
}

/// Whose tokens are believed, and what they must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthConfig {
    /// Where the keys are.
    pub keys: KeySource,
    /// What `aud` must have.
    pub audience: Option<String>,
    /// What `iss` must be.
    pub issuer: Option<String>,
    /// Whether users change their own usernames: otherwise only a service does, because usernames are the host's.
    pub username_changes: bool,
}

/// Where the keys are that tokens are verified with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Both sides have it.
    Secret(Secret),
    /// One public key.
    PublicKeyFile(PathBuf),
    /// A set of public keys that may change.
    JwksFile(PathBuf),
    /// The same, with the one who signs.
    JwksUrl(String),
}

/// Why tokens cannot be verified as it was set. Shows no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthConfigError {
    /// A secret that can be guessed.
    #[error(
        "{SECRET}: the secret has {0} bytes and must have 32 or more; `openssl rand -base64 48` makes one"
    )]
    ShortSecret(usize),
    /// Two keys, of which one would be ignored.
    #[error("{0} and {1} are both set; tokens are verified with one of them, remove the other")]
    Ambiguous(Setting, Setting),
    /// Something that only means something together with a key.
    #[error(
        "{0} is set, and no key to verify tokens with; set MESSENGER_JWT_SECRET, MESSENGER_JWT_PUBLIC_KEY_FILE, MESSENGER_JWKS_FILE or MESSENGER_JWKS_URL"
    )]
    NoKey(Setting),
    /// Neither http nor https.
    #[error("{JWKS_URL}: it must begin with https:// or http://")]
    JwksUrl,
}

const SECRET: Setting = Setting("MESSENGER_JWT_SECRET");
const USERNAME_CHANGES: Setting = Setting("MESSENGER_USERNAME_CHANGES");
const PUBLIC_KEY_FILE: Setting = Setting("MESSENGER_JWT_PUBLIC_KEY_FILE");
const JWKS_FILE: Setting = Setting("MESSENGER_JWKS_FILE");
const JWKS_URL: Setting = Setting("MESSENGER_JWKS_URL");
const AUDIENCE: Setting = Setting("MESSENGER_JWT_AUDIENCE");
const ISSUER: Setting = Setting("MESSENGER_JWT_ISSUER");

impl KeySource {
    /// The setting that names it.
    #[must_use]
    pub fn setting(&self) -> Setting {
        match self {
            Self::Secret(_) => SECRET,
            Self::PublicKeyFile(_) => PUBLIC_KEY_FILE,
            Self::JwksFile(_) => JWKS_FILE,
            Self::JwksUrl(_) => JWKS_URL,
        }
    }
}

impl AuthArgs {
    /// The fewest bytes of a secret.
    pub const MIN_SECRET_BYTES: usize = 32;

    /// What was set; `None` when nothing was, and the server is open.
    pub fn config(&self) -> Result<Option<AuthConfig>, ConfigError> {
        let secret = self.jwt_secret.as_ref().map(read_secret).transpose()?;
        let url = JWKS_URL.given(self.jwks_url.as_ref())?.map(read_url).transpose()?;
        let public_key = PUBLIC_KEY_FILE.given(self.jwt_public_key_file.as_ref())?.map(PathBuf::from);
        let jwks = JWKS_FILE.given(self.jwks_file.as_ref())?.map(PathBuf::from);
        let mut sources = [
            secret.map(KeySource::Secret),
            public_key.map(KeySource::PublicKeyFile),
            jwks.map(KeySource::JwksFile),
            url.map(KeySource::JwksUrl),
        ]
        .into_iter()
        .flatten();
        let (first, second) = (sources.next(), sources.next());
        let audience = AUDIENCE.given(self.jwt_audience.as_ref())?.map(str::to_owned);
        let issuer = ISSUER.given(self.jwt_issuer.as_ref())?.map(str::to_owned);
        let username_changes = USERNAME_CHANGES.switch(self.username_changes.as_ref(), false)?;
        match (first, second) {
            (Some(one), Some(other)) => {
                Err(AuthConfigError::Ambiguous(one.setting(), other.setting()).into())
            }
            (Some(keys), None) => Ok(Some(AuthConfig { keys, audience, issuer, username_changes })),
            (None, _) => self.without_a_key(),
        }
    }

    /// An open server, unless a setting was made that means something only together with a key.
    fn without_a_key(&self) -> Result<Option<AuthConfig>, ConfigError> {
        let set = [
            self.jwt_audience.as_ref().map(|_| AUDIENCE),
            self.jwt_issuer.as_ref().map(|_| ISSUER),
            self.username_changes.as_ref().map(|_| USERNAME_CHANGES),
        ];
        match set.into_iter().flatten().next() {
            Some(setting) => Err(AuthConfigError::NoKey(setting).into()),
            None => Ok(None),
        }
    }
}

fn read_secret(secret: &Secret) -> Result<Secret, ConfigError> {
    match secret.reveal().len() {
        _ if secret.reveal().trim().is_empty() => Err(ConfigError::Empty(SECRET)),
        short if short < AuthArgs::MIN_SECRET_BYTES => Err(AuthConfigError::ShortSecret(short).into()),
        _ => Ok(secret.clone()),
    }
}

fn read_url(url: &str) -> Result<String, AuthConfigError> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if is_web { Ok(url.to_owned()) } else { Err(AuthConfigError::JwksUrl) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(secret: Option<&str>, file: Option<&str>, url: Option<&str>, audience: Option<&str>) -> AuthArgs {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        AuthArgs {
            jwt_secret: owned(secret).map(Secret::from),
            jwks_file: owned(file),
            jwks_url: owned(url),
            jwt_audience: owned(audience),
            ..AuthArgs::default()
        }
    }

    #[test]
    fn one_key_is_set_or_none() {
        let long = "x".repeat(32);
        let long = Some(long.as_str());
        let keys = |args: AuthArgs| args.config().map(|config| config.map(|config| config.keys));
        assert_eq!(keys(args(None, None, None, None)), Ok(None));
        let secret = KeySource::Secret(Secret::from("x".repeat(32)));
        assert_eq!(keys(args(long, None, None, Some("chat"))), Ok(Some(secret)));
        let file = KeySource::JwksFile("keys.json".into());
        assert_eq!(keys(args(None, Some(" keys.json "), None, None)), Ok(Some(file)));
        let url = "https://id.example/keys";
        assert_eq!(keys(args(None, None, Some(url), None)), Ok(Some(KeySource::JwksUrl(url.into()))));
    }

    #[test]
    fn users_change_their_usernames_where_it_is_switched_on() {
        let long = "x".repeat(32);
        let read = |secret, switch: Option<&str>| {
            let username_changes = switch.map(str::to_owned);
            let args = AuthArgs { username_changes, ..args(secret, None, None, None) };
            args.config().map(|config| config.map(|config| config.username_changes))
        };
        let long = Some(long.as_str());
        let neither = |given: &str| ConfigError::Switch { setting: USERNAME_CHANGES, given: given.into() };
        assert_eq!(read(long, None), Ok(Some(false)));
        assert_eq!(read(long, Some("off")), Ok(Some(false)));
        assert_eq!(read(long, Some("on")), Ok(Some(true)));
        assert_eq!(read(long, Some("yes")), Err(neither("yes")));
        assert_eq!(read(None, Some("off")), Err(AuthConfigError::NoKey(USERNAME_CHANGES).into()));
        assert_eq!(read(None, Some("on")), Err(AuthConfigError::NoKey(USERNAME_CHANGES).into()));
    }

    #[test]
    fn what_would_open_the_server_by_mistake_is_refused() {
        use AuthConfigError::{Ambiguous, JwksUrl, NoKey, ShortSecret};
        use ConfigError::Empty;
        let long = "x".repeat(32);
        let long = Some(long.as_str());
        let table = [
            (args(Some(""), None, None, None), Empty(SECRET)),
            (args(Some(" \t".repeat(20).as_str()), None, None, None), Empty(SECRET)),
            (args(Some("x"), None, None, None), ShortSecret(1).into()),
            (args(long, Some("f"), None, None), Ambiguous(SECRET, JWKS_FILE).into()),
            (args(None, Some(" "), None, None), Empty(JWKS_FILE)),
            (args(None, None, Some("file:///keys"), None), JwksUrl.into()),
            (args(None, None, None, Some("chat")), NoKey(AUDIENCE).into()),
            (args(long, None, None, Some("")), Empty(AUDIENCE)),
        ];
        for (args, expected) in table {
            assert_eq!(args.config(), Err(expected), "{args:?}");
        }
    }
}
