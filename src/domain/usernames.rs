//! Whose a username is, also for some time after it was given up.

use std::time::Duration;

use diesel::QueryResult;

use crate::{
    domain::{DomainError, Refusal},
    models::{retired_username, retired_username::RetiredUsername, user},
    store::Connection,
    types::{Timestamp, UserId, Username},
};

/// For how long nobody else gets a username that was given up. What others remember of it, a mention or a bookmark, is not
/// to mean somebody else at once.
pub(super) const HELD: Duration = Duration::from_hours(30 * 24);

/// How many usernames are held for one user: the latest ones. Somebody who renames themselves on and on holds no more.
pub(super) const HELD_FOR_ONE: i64 = 10;

/// Refuses a username that somebody else has, or gave up less than 30 days ago.
pub(super) fn require_free(
    connection: &mut Connection,
    username: &Username,
    taker: Option<UserId>,
    now: Timestamp,
) -> Result<(), DomainError> {
    if is_free(connection, username, taker, now)? {
        return Ok(());
    }
    Err(Refusal::UsernameTaken(username.clone()).into())
}

fn is_free(
    connection: &mut Connection,
    username: &Username,
    taker: Option<UserId>,
    now: Timestamp,
) -> QueryResult<bool> {
    if user::find_by_username(connection, username)?.is_some_and(|owner| Some(owner.id) != taker) {
        return Ok(false);
    }
    let retired = retired_username::find(connection, username)?;
    let holds = |retired: &RetiredUsername| Some(retired.user_id) != taker && is_held(retired, now);
    Ok(!retired.as_ref().is_some_and(holds))
}

/// Counted in both directions: a clock that was years ahead when the name was given up does not hold it for years.
fn is_held(retired: &RetiredUsername, now: Timestamp) -> bool {
    let since = now.millis().saturating_sub(retired.retired_at.millis()).unsigned_abs();
    u128::from(since) < HELD.as_millis()
}

/// The username, or the first free one of `name-2`, `name-3` and so on.
///
/// Where numbers are taken up to somewhere, the number after those is found with as many looks as it has bits, twice.
pub(super) fn free_like(
    connection: &mut Connection,
    username: Username,
    now: Timestamp,
) -> QueryResult<Username> {
    if is_free(connection, &username, None, now)? {
        return Ok(username);
    }
    let mut is_taken =
        |number: u32| is_free(connection, &username.numbered(number), None, now).map(|is_free| !is_free);
    let (mut taken, mut free) = (1, 2);
    while is_taken(free)? {
        (taken, free) = (free, free.saturating_mul(2));
    }
    while free - taken > 1 {
        let middle = taken + (free - taken) / 2;
        if is_taken(middle)? { taken = middle } else { free = middle }
    }
    Ok(username.numbered(free))
}

/// Holds a username that somebody gives up, and lets go of the one that they take, and of those that are too many.
pub(super) fn change(
    connection: &mut Connection,
    user_id: UserId,
    before: &Username,
    after: &Username,
    now: Timestamp,
) -> QueryResult<()> {
    retired_username::delete(connection, after)?;
    let retired = RetiredUsername { username: before.clone(), user_id, retired_at: now };
    retired_username::insert(connection, &retired)?;
    for surplus in retired_username::of_user_from(connection, user_id, HELD_FOR_ONE)? {
        retired_username::delete(connection, &surplus.username)?;
    }
    Ok(())
}
