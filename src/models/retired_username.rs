//! `retired_usernames`: usernames that somebody gave up.

use diesel::{OptionalExtension, QueryResult, prelude::*};

use crate::{
    store::{Connection, schema::retired_usernames},
    types::{Timestamp, UserId, Username},
};

/// A row of `retired_usernames`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = retired_usernames)]
pub struct RetiredUsername {
    /// The primary key.
    pub username: Username,
    /// Who had it.
    pub user_id: UserId,
    /// When they took another one.
    pub retired_at: Timestamp,
}

/// Stores that a username was given up, in place of an earlier time.
pub fn insert(connection: &mut Connection, retired: &RetiredUsername) -> QueryResult<()> {
    delete(connection, &retired.username)?;
    diesel::insert_into(retired_usernames::table).values(retired).execute(connection).map(drop)
}

/// Who gave up this username, if somebody did.
pub fn find(connection: &mut Connection, username: &Username) -> QueryResult<Option<RetiredUsername>> {
    retired_usernames::table.find(username).first(connection).optional()
}

/// Forgets that a username was given up.
pub fn delete(connection: &mut Connection, username: &Username) -> QueryResult<()> {
    diesel::delete(retired_usernames::table.find(username)).execute(connection).map(drop)
}

/// What somebody gave up, the latest first, from this place in the list on.
pub fn of_user_from(
    connection: &mut Connection,
    user_id: UserId,
    place: i64,
) -> QueryResult<Vec<RetiredUsername>> {
    retired_usernames::table
        .filter(retired_usernames::user_id.eq(user_id))
        .order((retired_usernames::retired_at.desc(), retired_usernames::username.desc()))
        // More than one at a time are never beyond the most that are kept.
        .limit(10)
        .offset(place)
        .load(connection)
}
