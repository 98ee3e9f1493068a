//! Variables in the environment that are no setting of this version, or no text.

use std::{cmp::Reverse, collections::BTreeSet, ffi::OsString, fmt};

use clap::{Arg, Command};

use super::outcome::CliError;

/// What the names of settings begin with.
const PREFIX: &str = "MESSENGER";
/// Words in the names of settings that say whose tokens are believed, in this version or in another one.
const OF_KEYS: [&str; 6] = ["JWK", "JWKS", "JWT", "KEY", "KEYS", "SECRET"];

/// The variables of all settings, of every command.
pub(super) fn settings(command: &Command) -> BTreeSet<String> {
    let name = |argument: &Arg| argument.get_env()?.to_str().map(str::to_owned);
    let own = command.get_arguments().filter_map(name);
    own.chain(command.get_subcommands().flat_map(settings)).collect()
}

/// The first setting whose value is no text.
pub(super) fn garbled(settings: &BTreeSet<String>) -> Option<CliError> {
    let is_garbled = |name: &&String| std::env::var_os(name).is_some_and(|value| value.to_str().is_none());
    settings
        .iter()
        .find(is_garbled)
        .map(|name| CliError::Other(format!("{name}: its value is no UTF-8 text")))
}

/// A variable that looks like a setting and is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    name: String,
    /// The setting with the name that is most like it, if one is like it at all.
    nearest: Option<String>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, nearest } = self;
        let name = name.escape_debug();
        match nearest {
            Some(nearest) => write!(f, "{name} is no setting of Messenger; did you mean {nearest}?"),
            None => write!(f, "{name} is no setting of Messenger."),
        }
    }
}

/// Looks at the names in the environment. Those that are probably meant for a setting, or for a key, are refused: without
/// what they were to say the server could be open. Others are given back to be warned of: a newer version may know them,
/// and Kubernetes makes some up for a service that is called `messenger`.
pub(super) fn check(settings: &BTreeSet<String>) -> Result<Vec<Unknown>, CliError> {
    check_names(settings, std::env::vars_os().map(|(name, _)| name))
}

fn check_names(
    settings: &BTreeSet<String>,
    names: impl Iterator<Item = OsString>,
) -> Result<Vec<Unknown>, CliError> {
    let names: BTreeSet<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    let mut unknown = Vec::new();
    for name in names {
        if !is_like_ours(&name) || settings.contains(&name) {
            continue;
        }
        let upper = name.to_ascii_uppercase();
        let alike = settings.iter().filter(|setting| is_alike(&upper, setting));
        let nearest = alike.min_by_key(|setting| unlikeness(&upper, setting)).cloned();
        let is_meant = nearest.as_ref().is_some_and(|nearest| is_misspelt(&upper, nearest));
        let found = Unknown { name, nearest };
        if is_meant || upper.split('_').any(|word| OF_KEYS.contains(&word)) {
            return Err(CliError::Other(format!("{found} Rename it, or remove it")));
        }
        unknown.push(found);
    }
    Ok(unknown)
}

/// How little a name is like that of a setting: what is misspelt goes before what has words in common with it, and letters
/// decide between those that have as many.
fn unlikeness(name: &str, setting: &str) -> (bool, Reverse<usize>, usize) {
    let in_common = Reverse(words_in_common(name, setting));
    (!is_misspelt(name, setting), in_common, strsim::osa_distance(name, setting))
}

/// Whether somebody who reads the name of the setting would see what it has to do with this one.
fn is_alike(name: &str, setting: &str) -> bool {
    is_misspelt(name, setting) || words_in_common(name, setting) > 0
}

fn words_in_common(name: &str, setting: &str) -> usize {
    let words: BTreeSet<&str> = name.split('_').skip(1).collect();
    setting.split('_').skip(1).filter(|word| words.contains(word)).count()
}

/// Whether a name is that of a setting with two letters wrong, or with one where it has few. The setting may be one
/// without our prefix.
fn is_misspelt(name: &str, setting: &str) -> bool {
    let rest = name.split_once('_').map_or(name, |(_, rest)| rest);
    let distance = strsim::osa_distance(name, setting).min(strsim::osa_distance(rest, setting));
    distance <= (setting.len() / 8).min(2)
}

/// Whether a name begins as those of settings do, with at most one letter wrong.
fn is_like_ours(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or_default();
    first.len() < name.len() && strsim::osa_distance(&first.to_ascii_uppercase(), PREFIX) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command;

    /// What is said of one name: a warning, or an error.
    fn said(name: &str) -> Result<Vec<String>, String> {
        let unknown = check_names(&settings(&command()), std::iter::once(name.into()));
        let told = |unknown: Vec<Unknown>| unknown.iter().map(Unknown::to_string).collect();
        unknown.map(told).map_err(|error| error.to_string())
    }

    #[test]
    fn names_that_mean_a_setting_or_a_key_are_refused() {
        let table = [
            ("MESSENGER_MAX_BODY_BYTE", "MESSENGER_MAX_BODY_BYTES"),
            ("MESSENGER_ADRR", "MESSENGER_ADDR"),
            ("messenger_addr", "MESSENGER_ADDR"),
            ("MESSANGER_ALLOW_OPEN", "MESSENGER_ALLOW_OPEN"),
            ("MESSENGERS_LOG", "MESSENGER_LOG"),
            ("MESSENGER_DATABASE_URL", "DATABASE_URL"),
            ("MESSENGER_JWT_SECRETT", "MESSENGER_JWT_SECRET"),
            ("MESSANGER_JWT_SECRET", "MESSENGER_JWT_SECRET"),
            ("MESSENGER_SECRET", "MESSENGER_JWT_SECRET"),
            ("MESSENGER_JWT_SECRET_FILE", "MESSENGER_JWT_SECRET"),
            ("MESSENGER_JWT_PUBLIC_KEY", "MESSENGER_JWT_PUBLIC_KEY_FILE"),
            ("MESSENGER_JWK_URL", "MESSENGER_JWKS_URL"),
        ];
        for (name, nearest) in table {
            let refused =
                format!("{name} is no setting of Messenger; did you mean {nearest}? Rename it, or remove it");
            assert_eq!(said(name), Err(refused), "{name}");
        }
    }

    #[test]
    fn other_names_of_ours_are_warned_of() {
        let table = [
            ("MESSENGER_MAX_USER_DEVICES", Some("MESSENGER_MAX_USER_SOCKETS")),
            ("MESSENGER_URL", Some("MESSENGER_JWKS_URL")),
            ("MESSENGER_PORT_8080_TCP_ADDR", Some("MESSENGER_ADDR")),
            ("MESSENGER_SERVICE_PORT", None),
            ("MESSENGER_TAG", None),
            ("MESSENGER_TOKEN", None),
        ];
        for (name, nearest) in table {
            let nearest = nearest.map_or(".".to_owned(), |nearest| format!("; did you mean {nearest}?"));
            assert_eq!(said(name), Ok(vec![format!("{name} is no setting of Messenger{nearest}")]), "{name}");
        }
    }

    #[test]
    fn settings_and_what_belongs_to_others_are_passed_over() {
        let settings = settings(&command());
        let foreign = ["MESSENGER", "PASSENGER_LOG", "MESSAGE_LOG", "DATABASE_URI", ""];
        let names = settings.iter().map(String::as_str).chain(foreign).map(OsString::from);
        assert_eq!(check_names(&settings, names).map_err(|error| error.to_string()), Ok(Vec::new()));
    }
}
