//! `departures`: who has left a chatroom of their own accord, and is not in it again.

use diesel::{QueryResult, prelude::*};

use crate::{
    store::{Connection, among, in_chunks, schema::departures},
    types::{ChatroomId, MessageId, UserId},
};

/// A row of `departures`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = departures)]
pub struct Departure {
    /// From where.
    pub chatroom_id: ChatroomId,
    /// Who.
    pub user_id: UserId,
    /// An id of the moment: messages with greater ids came later.
    pub moment: MessageId,
}

/// Stores that somebody has left.
pub fn insert(connection: &mut Connection, departure: Departure) -> QueryResult<()> {
    diesel::insert_into(departures::table).values(departure).execute(connection).map(drop)
}

/// Forgets that somebody has left, because they are in again.
pub fn delete(connection: &mut Connection, chatroom_id: ChatroomId, user_id: UserId) -> QueryResult<()> {
    diesel::delete(departures::table.find((chatroom_id, user_id))).execute(connection).map(drop)
}

/// Forgets all of a chatroom that nobody is in any more.
pub fn delete_all(connection: &mut Connection, chatroom_id: ChatroomId) -> QueryResult<()> {
    let all = departures::table.filter(departures::chatroom_id.eq(chatroom_id));
    diesel::delete(all).execute(connection).map(drop)
}

/// Those of the users who have left a chatroom, in no order.
pub fn find_among(
    connection: &mut Connection,
    chatroom_id: ChatroomId,
    user_ids: &[UserId],
) -> QueryResult<Vec<Departure>> {
    in_chunks(user_ids, |user_ids| {
        departures::table
            .filter(departures::chatroom_id.eq(chatroom_id))
            .filter(among(departures::user_id, user_ids))
            .load(connection)
    })
}
