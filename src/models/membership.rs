//! `memberships`: who is in which chatroom.

use diesel::{
    OptionalExtension, QueryResult,
    dsl::{exists, select},
    prelude::*,
};

use super::Conversation;
use crate::{
    store::{
        Connection, MultiBackend, among, in_chunks, per_backend,
        schema::{conversations, memberships, users},
    },
    types::{Activity, Bounds, ChatroomId, Page, Timestamp, UserId},
};

/// A row of `memberships`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = memberships)]
pub struct Membership {
    /// Who.
    pub user_id: UserId,
    /// Where.
    pub chatroom_id: ChatroomId,
    /// Since when, by the server's clock.
    pub joined_at: Timestamp,
    /// The place of the joining in the event log: gives members their order, the longest-standing first.
    pub joined_position: i64,
}

/// Stores a new membership.
pub fn insert(connection: &mut Connection, membership: Membership) -> QueryResult<()> {
    diesel::insert_into(memberships::table).values(membership).execute(connection).map(drop)
}

/// Ends a membership.
pub fn delete(connection: &mut Connection, chatroom_id: ChatroomId, user_id: UserId) -> QueryResult<()> {
    diesel::delete(memberships::table.find((user_id, chatroom_id))).execute(connection).map(drop)
}

/// Whether somebody is in a chatroom.
pub fn is_member(connection: &mut Connection, chatroom_id: ChatroomId, user_id: UserId) -> QueryResult<bool> {
    let is_member = select(exists(memberships::table.find((user_id, chatroom_id))));
    per_backend!(connection, |connection| is_member.get_result(connection))
}

/// Those of the users who are in a chatroom, in no order.
pub fn members_among(
    connection: &mut Connection,
    chatroom_id: ChatroomId,
    user_ids: &[UserId],
) -> QueryResult<Vec<UserId>> {
    in_chunks(user_ids, |user_ids| {
        memberships::table
            .filter(among(memberships::user_id, user_ids))
            .filter(memberships::chatroom_id.eq(chatroom_id))
            .select(memberships::user_id)
            .load(connection)
    })
}

/// Those of the users who are in a chatroom that somebody is in, in no order.
///
/// Looks no further than the first chatroom of a user that it finds: two users may share a thousand.
pub fn companions_among(
    connection: &mut Connection,
    user_id: UserId,
    user_ids: &[UserId],
) -> QueryResult<Vec<UserId>> {
    let own = diesel::alias!(memberships as own);
    let shared =
        own.filter(own.field(memberships::user_id).eq(user_id)).select(own.field(memberships::chatroom_id));
    let is_shared = memberships::table
        .filter(memberships::user_id.eq(users::id))
        .filter(memberships::chatroom_id.eq_any(shared));
    in_chunks(user_ids, |user_ids| {
        users::table
            .filter(among(users::id, user_ids))
            .filter(exists(is_shared))
            .select(users::id)
            .load(connection)
    })
}

/// The member who has been there for longest.
pub fn longest_standing(connection: &mut Connection, chatroom_id: ChatroomId) -> QueryResult<Option<UserId>> {
    memberships::table
        .filter(memberships::chatroom_id.eq(chatroom_id))
        .order(memberships::joined_position.asc())
        .select(memberships::user_id)
        .first(connection)
        .optional()
}

/// A page of the members of a chatroom, the longest-standing first.
pub fn page_of_members(
    connection: &mut Connection,
    chatroom_id: ChatroomId,
    bounds: &Bounds<i64>,
) -> QueryResult<Page<Membership>> {
    let mut query = memberships::table
        .filter(memberships::chatroom_id.eq(chatroom_id))
        .order(memberships::joined_position.asc())
        .limit(bounds.fetch_limit())
        .into_boxed::<MultiBackend>();
    if let Some(after) = bounds.after {
        query = query.filter(memberships::joined_position.gt(after));
    }
    Ok(bounds.into_page(query.load(connection)?))
}

/// A page of the chatrooms that somebody is in, the oldest chatroom first.
pub fn page_of_chatrooms(
    connection: &mut Connection,
    user_id: UserId,
    bounds: &Bounds<ChatroomId>,
) -> QueryResult<Page<ChatroomId>> {
    let mut query = memberships::table
        .filter(memberships::user_id.eq(user_id))
        .order(memberships::chatroom_id.asc())
        .select(memberships::chatroom_id)
        .limit(bounds.fetch_limit())
        .into_boxed::<MultiBackend>();
    if let Some(after) = bounds.after {
        query = query.filter(memberships::chatroom_id.gt(after));
    }
    Ok(bounds.into_page(query.load(connection)?))
}

/// All chatrooms that somebody is in, in no order.
pub fn all_chatrooms(connection: &mut Connection, user_id: UserId) -> QueryResult<Vec<ChatroomId>> {
    memberships::table
        .filter(memberships::user_id.eq(user_id))
        .select(memberships::chatroom_id)
        .load(connection)
}

/// Those of the chatrooms that somebody is in, in no order.
pub fn chatrooms_among(
    connection: &mut Connection,
    user_id: UserId,
    chatroom_ids: &[ChatroomId],
) -> QueryResult<Vec<ChatroomId>> {
    in_chunks(chatroom_ids, |chatroom_ids| {
        memberships::table
            .filter(memberships::user_id.eq(user_id))
            .filter(among(memberships::chatroom_id, chatroom_ids))
            .select(memberships::chatroom_id)
            .load(connection)
    })
}

/// Whether somebody is in more than so many chatrooms; costs as much as looking at so many.
pub fn is_in_more_than(connection: &mut Connection, user_id: UserId, count: i64) -> QueryResult<bool> {
    let one_more = memberships::table
        .filter(memberships::user_id.eq(user_id))
        .order(memberships::chatroom_id.asc())
        .select(memberships::chatroom_id)
        .offset(count)
        .limit(1);
    let one_more: Vec<ChatroomId> = per_backend!(connection, |connection| one_more.load(connection))?;
    Ok(!one_more.is_empty())
}

/// Somebody's chatrooms, latest activity first, one more than the limit, found by looking at all of them.
pub fn active_of_all(
    connection: &mut Connection,
    user_id: UserId,
    bounds: &Bounds<Activity>,
) -> QueryResult<Vec<Conversation>> {
    let mut query = memberships::table
        .inner_join(conversations::table.on(conversations::id.eq(memberships::chatroom_id)))
        .filter(memberships::user_id.eq(user_id))
        .order(conversations::activity.desc())
        .select(conversations::all_columns)
        .limit(bounds.fetch_limit())
        .into_boxed();
    if let Some(after) = bounds.after {
        query = query.filter(conversations::activity.lt(after));
    }
    per_backend!(connection, |connection| query.load(connection))
}

/// The same, found by walking down everybody's chatrooms, and not below `floor`.
pub fn active_down_to(
    connection: &mut Connection,
    user_id: UserId,
    bounds: &Bounds<Activity>,
    floor: Option<Activity>,
) -> QueryResult<Vec<Conversation>> {
    let of_user = memberships::table
        .filter(memberships::user_id.eq(user_id))
        .filter(memberships::chatroom_id.eq(conversations::id));
    let mut query = conversations::table
        .filter(conversations::lower_user_id.is_null())
        .filter(exists(of_user))
        .order(conversations::activity.desc())
        .limit(bounds.fetch_limit())
        .into_boxed::<MultiBackend>();
    if let Some(after) = bounds.after {
        query = query.filter(conversations::activity.lt(after));
    }
    if let Some(floor) = floor {
        query = query.filter(conversations::activity.ge(floor));
    }
    query.load(connection)
}
