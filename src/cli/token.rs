//! `messenger token`: a token to try things with.

use std::time::Duration;

use clap::Args;

use super::{
    application::store_config,
    outcome::{CliError, say},
};
use crate::{
    auth::{Grant, issue},
    config::{AuthArgs, DatabaseArgs},
    models::user,
    store::{Connection, read_once},
    types::{Clock, SystemClock, UserId, Username},
};

/// The longest that a token may be good.
const MAX_TTL: Duration = Duration::from_hours(365 * 24);

#[derive(Args, Debug)]
#[command(
    override_usage = "messenger token [OPTIONS] <USERNAME>\n       messenger token [OPTIONS] --service [USERNAME]"
)]
pub(super) struct TokenArgs {
    /// Whom it stands for; with --service it may be left out
    #[arg(required_unless_present = "service")]
    username: Option<String>,
    /// How long it is good: a number and s, m, h or d, up to 365d
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = ttl)]
    ttl: Duration,
    /// Let it act for every user, and create users
    #[arg(long)]
    service: bool,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    auth: AuthArgs,
}

pub(super) fn token(args: &TokenArgs) -> Result<(), CliError> {
    let other = |text: &str| CliError::Other(text.to_owned());
    let config = args.auth.config()?;
    let config = config
        .ok_or_else(|| other("there is no key to sign with; set MESSENGER_JWT_SECRET, as for the server"))?;
    let mut grant = Grant { subject: None, ttl: args.ttl, is_service: args.service };
    // Without a secret, nobody needs to be looked up.
    issue(&config, &grant, SystemClock.now()).map_err(|error| CliError::Other(error.to_string()))?;
    if let Some(username) = &args.username {
        grant.subject = Some(id_of(&args.database, username)?.to_string());
    }
    let token =
        issue(&config, &grant, SystemClock.now()).map_err(|error| CliError::Other(error.to_string()))?;
    say(&token)
}

/// Makes no database where there is none.
fn id_of(database: &DatabaseArgs, username: &str) -> Result<UserId, CliError> {
    let file = database.file()?;
    let in_file = |reason: String| CliError::Other(format!("{}: {reason}", file.display()));
    let parsed = Username::parse(username).map_err(|error| CliError::Other(error.to_string()))?;
    if !file.exists() {
        return Err(in_file("there is no such database; start the server on it first".to_owned()));
    }
    // The server may be running.
    let find = |connection: &mut Connection| Ok(user::find_by_username(connection, &parsed)?);
    match read_once(&store_config(database)?, find)? {
        Some(user) => Ok(user.id),
        None => {
            Err(in_file(format!("there is no user {username}; create them with the mutation createUser")))
        }
    }
}

fn ttl(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text} is no time such as 90s, 15m, 1h or 30d, up to 365d");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let ttl = Duration::from_secs(number.saturating_mul(seconds));
    if ttl.is_zero() || ttl > MAX_TTL { Err(wrong()) } else { Ok(ttl) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("1h", 3_600), ("365d", 31_536_000)] {
            assert_eq!(ttl(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "h", "1", "0s", "-1h", "366d", "99999999999999999999d", "1y", "1é", "1.5h"] {
            assert!(ttl(text).is_err(), "{text}");
        }
    }
}
