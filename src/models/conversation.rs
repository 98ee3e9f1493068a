//! `conversations`: what every kind of conversation has.

use diesel::{QueryResult, prelude::*};

use crate::{
    store::{Connection, schema::conversations},
    types::DirectConversationId,
};

/// A row of `conversations`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = conversations)]
pub struct Conversation {
    /// The primary key.
    pub id: DirectConversationId,
    /// The seq of its newest message, 0 when there is none.
    pub latest_seq: i64,
}

/// Stores a conversation that has no messages yet.
pub fn insert(connection: &mut Connection, id: DirectConversationId) -> QueryResult<()> {
    let conversation = Conversation { id, latest_seq: 0 };
    diesel::insert_into(conversations::table).values(conversation).execute(connection).map(drop)
}

/// Takes the next seq: 1, 2, 3 … without holes, because it is given back when the transaction fails.
pub fn take_seq(connection: &mut Connection, id: DirectConversationId) -> QueryResult<i64> {
    diesel::update(conversations::table.find(id))
        .set(conversations::latest_seq.eq(conversations::latest_seq + 1))
        .returning(conversations::latest_seq)
        .get_result(connection)
}

/// Those of the conversations that exist, in no order.
pub fn find_all(connection: &mut Connection, ids: &[DirectConversationId]) -> QueryResult<Vec<Conversation>> {
    conversations::table.filter(conversations::id.eq_any(ids)).load(connection)
}
