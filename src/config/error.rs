//! Why a setting cannot be used.

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
