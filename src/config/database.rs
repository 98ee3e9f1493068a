//! Where the data is.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigError, Setting};

/// Where the data is.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Database")]
pub struct DatabaseArgs {
    /// The SQLite database: a path or `sqlite://path`, made when it is not there [default: messenger.db]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// The older name of `DATABASE_URL`; used only when that is not set.
    #[arg(long, env = "MESSENGER_DB_SQLITE_FILE", hide = true)]
    pub db_sqlite_file: Option<String>,
}

/// Why a URL or a path is no database that this version works with. Shows nothing of it but its scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// A database that this version does not speak to.
    #[error("PostgreSQL is not supported by this version yet; use a path or sqlite://path")]
    PostgresNotYet,
    /// A scheme that nobody knows.
    #[error("the scheme {scheme}: is unknown; use a path or sqlite://path")]
    UnknownScheme {
        /// What stands before the colon.
        scheme: String,
    },
    /// A SQLite URL with parameters, which would be ignored.
    #[error("sqlite:// takes a path and no parameters; remove everything from the question mark on")]
    Parameters,
    /// Nothing that could be a file.
    #[error("a database in memory would be lost at the end; use a path or sqlite://path")]
    InMemory,
    /// No path after the scheme.
    #[error("the path is missing; use a path or sqlite://path")]
    NoPath,
}

impl DatabaseArgs {
    /// The setting of the database.
    pub const DATABASE: Setting = Setting("DATABASE_URL");
    /// Its older name.
    const OLDER: Setting = Setting("MESSENGER_DB_SQLITE_FILE");
    /// The database when none is set, in the folder the program was started in.
    pub const DEFAULT: &str = "messenger.db";

    /// The SQLite file.
    pub fn file(&self) -> Result<PathBuf, ConfigError> {
        let database = Self::DATABASE.given(self.database.as_ref())?;
        let older = Self::OLDER.given(self.db_sqlite_file.as_ref())?;
        let (setting, url) = match (database, older) {
            (Some(url), _) => (Self::DATABASE, url),
            (None, Some(url)) => (Self::OLDER, url),
            (None, None) => (Self::DATABASE, Self::DEFAULT),
        };
        database_file(url).map_err(|reason| ConfigError::Database { setting, reason })
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
pub fn database_file(url: &str) -> Result<PathBuf, DatabaseUrlError> {
    let path = match scheme(url).as_ref().map(|(scheme, rest)| (scheme.as_str(), *rest)) {
        None => url,
        Some(("sqlite", path)) if path.contains('?') => return Err(DatabaseUrlError::Parameters),
        Some(("sqlite", path)) => path.strip_prefix("//").unwrap_or(path),
        Some(("postgres" | "postgresql", _)) => return Err(DatabaseUrlError::PostgresNotYet),
        Some((scheme, _)) => {
            return Err(DatabaseUrlError::UnknownScheme { scheme: scheme.to_owned() });
        }
    };
    match path {
        "" => Err(DatabaseUrlError::NoPath),
        ":memory:" => Err(DatabaseUrlError::InMemory),
        path => Ok(PathBuf::from(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_or_a_path_names_the_file() {
        let unknown = |scheme: &str| Err(DatabaseUrlError::UnknownScheme { scheme: scheme.into() });
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
            ("POSTGRES://me:secret@host/db", Err(DatabaseUrlError::PostgresNotYet)),
            ("sqlite://x.db?mode=ro", Err(DatabaseUrlError::Parameters)),
            ("sqlite://", Err(DatabaseUrlError::NoPath)),
            (":memory:", Err(DatabaseUrlError::InMemory)),
            ("postgres://me:secret@host/db", Err(DatabaseUrlError::PostgresNotYet)),
            ("mysql://me:secret@host/db", unknown("mysql")),
        ];
        for (url, expected) in table {
            assert_eq!(database_file(url), expected.map(PathBuf::from), "{url}");
        }
    }

    #[test]
    fn the_newer_name_goes_before_the_older_and_neither_may_be_empty() {
        let file = |database: Option<&str>, older: Option<&str>| {
            let args =
                DatabaseArgs { database: database.map(Into::into), db_sqlite_file: older.map(Into::into) };
            args.file().map(|file| file.display().to_string())
        };
        assert_eq!(file(Some("new.db"), Some("old.db")), Ok("new.db".into()));
        assert_eq!(file(None, Some("old.db")), Ok("old.db".into()));
        assert_eq!(file(None, None), Ok("messenger.db".into()));
        assert_eq!(file(Some(" "), Some("old.db")), Err(ConfigError::Empty(DatabaseArgs::DATABASE)));
        assert_eq!(file(Some("new.db"), Some("")), Err(ConfigError::Empty(DatabaseArgs::OLDER)));
        let reason = DatabaseUrlError::InMemory;
        let in_memory = ConfigError::Database { setting: DatabaseArgs::OLDER, reason };
        assert_eq!(file(None, Some(":memory:")), Err(in_memory));
    }
}
