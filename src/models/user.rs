//! `users`: the people who write to each other.

use diesel::{OptionalExtension, QueryResult, prelude::*};

use crate::{
    store::{Connection, among, in_chunks, schema::users},
    types::{Bounds, DisplayName, ExternalId, InvitationsFrom, Page, Timestamp, UserId, Username},
};

/// A row of `users`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = users)]
pub struct User {
    /// The primary key.
    pub id: UserId,
    /// Unique.
    pub username: Username,
    /// What they are shown by.
    pub display_name: DisplayName,
    /// When they were created.
    pub created_at: Timestamp,
    /// What the host application calls them: unique, where there is one.
    pub external_id: Option<ExternalId>,
    /// By whom they let themselves be added to chatrooms.
    pub invitations_from: InvitationsFrom,
}

/// Stores a new user.
pub fn insert(connection: &mut Connection, user: &User) -> QueryResult<()> {
    diesel::insert_into(users::table).values(user).execute(connection).map(drop)
}

/// Stores the changeable columns of a user.
pub fn update(connection: &mut Connection, user: &User) -> QueryResult<()> {
    diesel::update(users::table.find(user.id))
        .set((
            users::username.eq(&user.username),
            users::display_name.eq(&user.display_name),
            users::external_id.eq(&user.external_id),
            users::invitations_from.eq(user.invitations_from),
        ))
        .execute(connection)
        .map(drop)
}

/// The user with this id.
pub fn find(connection: &mut Connection, id: UserId) -> QueryResult<Option<User>> {
    users::table.find(id).first(connection).optional()
}

/// The user with this name.
pub fn find_by_username(connection: &mut Connection, username: &Username) -> QueryResult<Option<User>> {
    users::table.filter(users::username.eq(username)).first(connection).optional()
}

/// The user whom the host application calls this.
pub fn find_by_external_id(connection: &mut Connection, id: &ExternalId) -> QueryResult<Option<User>> {
    users::table.filter(users::external_id.eq(id)).first(connection).optional()
}

/// Those of the users that exist, in no order.
pub fn find_all(connection: &mut Connection, ids: &[UserId]) -> QueryResult<Vec<User>> {
    in_chunks(ids, |ids| users::table.filter(among(users::id, ids)).load(connection))
}

/// A page of all users, by username.
pub fn page(connection: &mut Connection, bounds: &Bounds<Username>) -> QueryResult<Page<User>> {
    let mut query = users::table.order(users::username.asc()).limit(bounds.fetch_limit()).into_boxed();
    if let Some(after) = &bounds.after {
        query = query.filter(users::username.gt(after));
    }
    Ok(bounds.into_page(query.load(connection)?))
}
