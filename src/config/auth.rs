//! Whose tokens are believed.

use std::path::PathBuf;

use clap::Args;

use super::{Secret, given::given};

/// Whose tokens are believed. With none of the first four the server is open: it asks nobody who they are.
#[derive(Args, Clone, Debug, Default)]
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
    /// A setting that may have lost its value on the way: taking it for unset would open the server.
    #[error("{0} is empty; give it a value, or remove it")]
    Empty(&'static str),
    /// A secret that can be guessed.
    #[error(
        "MESSENGER_JWT_SECRET or --jwt-secret: the secret has {0} bytes and must have 32 or more; `openssl rand -base64 48` makes one"
    )]
    ShortSecret(usize),
    /// Two keys, of which one would be ignored.
    #[error("{0} and {1} are both set; tokens are verified with one of them, remove the other")]
    Ambiguous(&'static str, &'static str),
    /// Something that only means something together with a key.
    #[error(
        "{0} is set, and no key to verify tokens with; set MESSENGER_JWT_SECRET, MESSENGER_JWT_PUBLIC_KEY_FILE, MESSENGER_JWKS_FILE or MESSENGER_JWKS_URL"
    )]
    NoKey(&'static str),
    /// A switch that is neither on nor off.
    #[error("MESSENGER_USERNAME_CHANGES or --username-changes: {0} is neither on nor off")]
    UsernameChanges(String),
    /// Neither http nor https.
    #[error("MESSENGER_JWKS_URL or --jwks-url: it must begin with https:// or http://")]
    JwksUrl,
}

const SECRET: &str = "MESSENGER_JWT_SECRET";
const USERNAME_CHANGES: &str = "MESSENGER_USERNAME_CHANGES";
const PUBLIC_KEY_FILE: &str = "MESSENGER_JWT_PUBLIC_KEY_FILE";
const JWKS_FILE: &str = "MESSENGER_JWKS_FILE";
const JWKS_URL: &str = "MESSENGER_JWKS_URL";
const AUDIENCE: &str = "MESSENGER_JWT_AUDIENCE";
const ISSUER: &str = "MESSENGER_JWT_ISSUER";

impl AuthArgs {
    /// The fewest bytes of a secret.
    pub const MIN_SECRET_BYTES: usize = 32;

    /// What was set; `None` when nothing was, and the server is open.
    pub fn config(&self) -> Result<Option<AuthConfig>, AuthConfigError> {
        let secret = self.jwt_secret.as_ref().map(read_secret).transpose()?;
        let url = filled(JWKS_URL, self.jwks_url.as_ref())?.map(read_url).transpose()?;
        let path = |name, value| Ok(filled(name, value)?.map(PathBuf::from));
        let public_key = path(PUBLIC_KEY_FILE, self.jwt_public_key_file.as_ref())?;
        let jwks = path(JWKS_FILE, self.jwks_file.as_ref())?;
        let mut sources = [
            secret.map(|secret| (SECRET, KeySource::Secret(secret))),
            public_key.map(|file| (PUBLIC_KEY_FILE, KeySource::PublicKeyFile(file))),
            jwks.map(|file| (JWKS_FILE, KeySource::JwksFile(file))),
            url.map(|url| (JWKS_URL, KeySource::JwksUrl(url))),
        ]
        .into_iter()
        .flatten();
        let (first, second) = (sources.next(), sources.next());
        let audience = filled(AUDIENCE, self.jwt_audience.as_ref())?.map(str::to_owned);
        let issuer = filled(ISSUER, self.jwt_issuer.as_ref())?.map(str::to_owned);
        let renaming = filled(USERNAME_CHANGES, self.username_changes.as_ref())?;
        let username_changes = renaming.map(read_switch).transpose()?;
        match (first, second) {
            (Some((one, _)), Some((other, _))) => Err(AuthConfigError::Ambiguous(one, other)),
            (Some((_, keys)), None) => {
                let username_changes = username_changes.unwrap_or(false);
                Ok(Some(AuthConfig { keys, audience, issuer, username_changes }))
            }
            (None, _) if audience.is_some() => Err(AuthConfigError::NoKey(AUDIENCE)),
            (None, _) if issuer.is_some() => Err(AuthConfigError::NoKey(ISSUER)),
            (None, _) if username_changes.is_some() => Err(AuthConfigError::NoKey(USERNAME_CHANGES)),
            (None, _) => Ok(None),
        }
    }
}

/// Unlike other settings, these must not be empty.
fn filled<'a>(name: &'static str, value: Option<&'a String>) -> Result<Option<&'a str>, AuthConfigError> {
    match (value, given(value)) {
        (Some(_), None) => Err(AuthConfigError::Empty(name)),
        (_, given) => Ok(given),
    }
}

fn read_secret(secret: &Secret) -> Result<Secret, AuthConfigError> {
    match secret.reveal().len() {
        0 => Err(AuthConfigError::Empty(SECRET)),
        short if short < AuthArgs::MIN_SECRET_BYTES => Err(AuthConfigError::ShortSecret(short)),
        _ => Ok(secret.clone()),
    }
}

fn read_switch(text: &str) -> Result<bool, AuthConfigError> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(AuthConfigError::UsernameChanges(other.to_owned())),
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
        assert_eq!(read(long, None), Ok(Some(false)));
        assert_eq!(read(long, Some("off")), Ok(Some(false)));
        assert_eq!(read(long, Some("on")), Ok(Some(true)));
        assert_eq!(read(long, Some("yes")), Err(AuthConfigError::UsernameChanges("yes".into())));
        assert_eq!(read(None, Some("on")), Err(AuthConfigError::NoKey(USERNAME_CHANGES)));
    }

    #[test]
    fn what_would_open_the_server_by_mistake_is_refused() {
        use AuthConfigError::{Ambiguous, Empty, JwksUrl, NoKey, ShortSecret};
        let long = "x".repeat(32);
        let long = Some(long.as_str());
        let table = [
            (args(Some(""), None, None, None), Empty(SECRET)),
            (args(Some("x"), None, None, None), ShortSecret(1)),
            (args(long, Some("f"), None, None), Ambiguous(SECRET, JWKS_FILE)),
            (args(None, Some(" "), None, None), Empty(JWKS_FILE)),
            (args(None, None, Some("file:///keys"), None), JwksUrl),
            (args(None, None, None, Some("chat")), NoKey(AUDIENCE)),
            (args(long, None, None, Some("")), Empty(AUDIENCE)),
        ];
        for (args, expected) in table {
            assert_eq!(args.config(), Err(expected), "{args:?}");
        }
    }
}
