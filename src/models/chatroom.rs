//! `chatrooms`: conversations of any number of people.

use diesel::{OptionalExtension, QueryResult, prelude::*};

use crate::{
    store::{Connection, among, in_chunks, per_backend, schema::chatrooms},
    types::{ChatroomId, ChatroomName, Timestamp, UserId},
};

/// A row of `chatrooms`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = chatrooms, treat_none_as_default_value = false)]
pub struct Chatroom {
    /// The primary key; the conversation has the same.
    pub id: ChatroomId,
    /// What it is called.
    pub name: ChatroomName,
    /// Who made it.
    #[diesel(column_name = created_by_id)]
    pub creator_id: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who owns it; nobody when it has no members.
    pub owner_id: Option<UserId>,
    /// How many members it has.
    pub member_count: i64,
}

/// Stores a new chatroom.
pub fn insert(connection: &mut Connection, chatroom: &Chatroom) -> QueryResult<()> {
    diesel::insert_into(chatrooms::table).values(chatroom).execute(connection).map(drop)
}

/// Stores the changeable columns of a chatroom.
pub fn update(connection: &mut Connection, chatroom: &Chatroom) -> QueryResult<()> {
    diesel::update(chatrooms::table.find(chatroom.id))
        .set((
            chatrooms::name.eq(&chatroom.name),
            chatrooms::owner_id.eq(chatroom.owner_id),
            chatrooms::member_count.eq(chatroom.member_count),
        ))
        .execute(connection)
        .map(drop)
}

/// The chatroom with this id.
pub fn find(connection: &mut Connection, id: ChatroomId) -> QueryResult<Option<Chatroom>> {
    chatrooms::table.find(id).first(connection).optional()
}

/// Those of the chatrooms that exist, in no order.
pub fn find_all(connection: &mut Connection, ids: &[ChatroomId]) -> QueryResult<Vec<Chatroom>> {
    in_chunks(ids, |ids| {
        let found = chatrooms::table.filter(among(chatrooms::id, ids));
        per_backend!(connection, |connection| found.load(connection))
    })
}
