//! Where the data is.

use std::path::PathBuf;

use clap::Args;

use super::given::given;

/// Where the data is.
#[derive(Args, Clone, Debug, Default)]
pub struct DatabaseArgs {
    /// The SQLite database: a path or `sqlite://path`, made when it is not there [default: messenger.db]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// The older name of `DATABASE_URL`; used only when that is not set.
    #[arg(long, env = "MESSENGER_DB_SQLITE_FILE", hide = true)]
    pub db_sqlite_file: Option<String>,
}

/// Why a setting cannot be used. Shows no value: a URL can hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A database that this version does not speak to.
    #[error(
        "DATABASE_URL or --database: PostgreSQL is not supported by this version yet; use a path or sqlite://path"
    )]
    PostgresNotYet,
    /// A scheme that nobody knows.
    #[error("DATABASE_URL or --database: the scheme {scheme}: is unknown; use a path or sqlite://path")]
    UnknownScheme {
        /// What stands before the colon.
        scheme: String,
    },
    /// A SQLite URL with parameters, which would be ignored.
    #[error(
        "DATABASE_URL or --database: sqlite:// takes a path and no parameters; remove everything from the question mark on"
    )]
    Parameters,
    /// Nothing that could be a file.
    #[error(
        "DATABASE_URL or --database: a database in memory would be lost at the end; use a path or sqlite://path"
    )]
    InMemory,
    /// No path after the scheme.
    #[error("DATABASE_URL or --database: the path is missing; use a path or sqlite://path")]
    NoPath,
    /// A number of days that events cannot be kept for.
    #[error(
        "MESSENGER_EVENT_RETENTION_DAYS or --event-retention-days: {0} is not a number of days from 1 to {max}",
        max = super::EventArgs::MAX_DAYS
    )]
    RetentionDays(String),
    /// A proxy that is no address.
    #[error(
        "MESSENGER_TRUSTED_PROXIES or --trusted-proxies: {0} is no IP address; give addresses with commas between them"
    )]
    Proxy(String),
    /// A rate that is none.
    #[error(
        "{name}: {given} is no rate; give how many a second and how many at once, such as 10:100, or off"
    )]
    Rate {
        /// The setting.
        name: &'static str,
        /// What it was set to.
        given: String,
    },
    /// A limit that is no number, or out of bounds.
    #[error("{name}: {given} is not a number from {least} to {most}")]
    Limit {
        /// The setting.
        name: &'static str,
        /// What it was set to.
        given: String,
        /// The least that it may be.
        least: usize,
        /// The most that it may be.
        most: usize,
    },
    /// What no page can come from.
    #[error(
        "MESSENGER_ALLOWED_ORIGINS or --allowed-origins: {0} is no origin; write scheme://host or scheme://host:port with \
         nothing behind it, such as https://chat.example, several with commas between them, or * for all"
    )]
    Origin(String),
    /// A switch that is neither on nor off.
    #[error("{name}: {value} is neither on nor off")]
    Switch {
        /// The setting and its flag.
        name: &'static str,
        /// What it was set to.
        value: String,
    },
    /// Tokens cannot be verified as it was set.
    #[error(transparent)]
    Auth(#[from] super::AuthConfigError),
    /// Neither yes nor no.
    #[error("MESSENGER_ALLOW_OPEN or --allow-open: {0} is neither 1 nor 0")]
    AllowOpen(String),
}

impl DatabaseArgs {
    /// The database when none is set, in the folder the program was started in.
    pub const DEFAULT: &str = "messenger.db";

    /// The SQLite file.
    pub fn file(&self) -> Result<PathBuf, ConfigError> {
        let url = given(self.database.as_ref()).or_else(|| given(self.db_sqlite_file.as_ref()));
        database_file(url.unwrap_or(Self::DEFAULT))
    }
}

/// The scheme of a URL, in lower case, and what comes after its colon (RFC 3986, section 3.1). One letter is no scheme
/// but a drive.
fn scheme(url: &str) -> Option<(String, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(allowed);
    is_scheme.then(|| (scheme.to_ascii_lowercase(), rest))
}

/// The SQLite file that a URL or a path names.
pub fn database_file(url: &str) -> Result<PathBuf, ConfigError> {
    let path = match scheme(url).as_ref().map(|(scheme, rest)| (scheme.as_str(), *rest)) {
        None => url,
        Some(("sqlite", path)) if path.contains('?') => return Err(ConfigError::Parameters),
        Some(("sqlite", path)) => path.strip_prefix("//").unwrap_or(path),
        Some(("postgres" | "postgresql", _)) => return Err(ConfigError::PostgresNotYet),
        Some((scheme, _)) => {
            return Err(ConfigError::UnknownScheme { scheme: scheme.to_owned() });
        }
    };
    match path {
        "" => Err(ConfigError::NoPath),
        ":memory:" => Err(ConfigError::InMemory),
        path => Ok(PathBuf::from(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_or_a_path_names_the_file() {
        let unknown = |scheme: &str| Err(ConfigError::UnknownScheme { scheme: scheme.into() });
        let table = [
            ("messenger.db", Ok("messenger.db")),
            ("data/messenger.db", Ok("data/messenger.db")),
            ("sqlite://messenger.db", Ok("messenger.db")),
            ("sqlite:///var/lib/messenger.db", Ok("/var/lib/messenger.db")),
            ("sqlite:messenger.db", Ok("messenger.db")),
            ("./odd:name.db", Ok("./odd:name.db")),
            ("C:\\data\\messenger.db", Ok("C:\\data\\messenger.db")),
            ("file:messenger.db", unknown("file")),
            ("postgresql+psycopg://me:secret@host/db", unknown("postgresql+psycopg")),
            ("POSTGRES://me:secret@host/db", Err(ConfigError::PostgresNotYet)),
            ("sqlite://x.db?mode=ro", Err(ConfigError::Parameters)),
            ("sqlite://", Err(ConfigError::NoPath)),
            (":memory:", Err(ConfigError::InMemory)),
            ("postgres://me:secret@host/db", Err(ConfigError::PostgresNotYet)),
            ("mysql://me:secret@host/db", unknown("mysql")),
        ];
        for (url, expected) in table {
            assert_eq!(database_file(url), expected.map(PathBuf::from), "{url}");
        }
    }

    #[test]
    fn the_newer_name_goes_before_the_older_and_empty_is_not_set() {
        let file = |database: Option<&str>, older: Option<&str>| {
            let args =
                DatabaseArgs { database: database.map(Into::into), db_sqlite_file: older.map(Into::into) };
            args.file().expect("a file").display().to_string()
        };
        assert_eq!(file(Some("new.db"), Some("old.db")), "new.db");
        assert_eq!(file(None, Some("old.db")), "old.db");
        assert_eq!(file(Some(" "), Some("old.db")), "old.db");
        assert_eq!(file(None, None), "messenger.db");
    }
}
