//! Where the data is.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigError, given::given};

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
