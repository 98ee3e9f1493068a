//! Why a setting cannot be used.

use super::{AuthConfigError, DatabaseUrlError, Setting};

/// Why a setting cannot be used, and what it may be. Shows neither a secret nor a URL, which can hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A setting that may have lost its value on the way: taking it for unset could open the server.
    #[error("{0} is empty; give it a value, or remove it")]
    Empty(Setting),
    /// No database that this version works with.
    #[error("{setting}: {reason}")]
    Database {
        /// The setting.
        setting: Setting,
        /// What is wrong with it.
        reason: DatabaseUrlError,
    },
    /// A proxy that is no address.
    #[error("{setting}: {given} is no IP address; give addresses with commas between them")]
    Proxy {
        /// The setting.
        setting: Setting,
        /// What stands in the place of an address.
        given: String,
    },
    /// A rate that is none.
    #[error(
        "{setting}: {given} is no rate; give how many a second and how many at once, such as 10:100, or off"
    )]
    Rate {
        /// The setting.
        setting: Setting,
        /// What it was set to.
        given: String,
    },
    /// No number, or one that is out of bounds.
    #[error("{setting}: {given} is not a number from {least} to {most}")]
    Number {
        /// The setting.
        setting: Setting,
        /// What it was set to.
        given: String,
        /// The least that it may be.
        least: usize,
        /// The most that it may be.
        most: usize,
    },
    /// What no page can come from.
    #[error(
        "{setting}: {given} is no origin; write scheme://host or scheme://host:port with nothing behind it, such as \
         https://chat.example, several with commas between them, or * for all"
    )]
    Origin {
        /// The setting.
        setting: Setting,
        /// What stands in the place of an origin.
        given: String,
    },
    /// A switch that is neither on nor off.
    #[error("{setting}: {given} is neither on nor off")]
    Switch {
        /// The setting.
        setting: Setting,
        /// What it was set to.
        given: String,
    },
    /// Neither yes nor no.
    #[error("{setting}: {given} is neither 1 nor 0")]
    YesOrNo {
        /// The setting.
        setting: Setting,
        /// What it was set to.
        given: String,
    },
    /// Tokens cannot be verified as it was set.
    #[error(transparent)]
    Auth(#[from] AuthConfigError),
}
