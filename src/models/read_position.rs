//! `read_positions`: how far somebody has read a conversation.

use diesel::{OptionalExtension, QueryResult, prelude::*};

use crate::{
    store::{Connection, Prepared, among, in_chunks, per_backend, schema::read_positions},
    types::{ConversationKey, UserId},
};

/// A row of `read_positions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = read_positions)]
pub struct ReadPosition {
    /// Whose.
    pub user_id: UserId,
    /// In which conversation.
    pub conversation_id: ConversationKey,
    /// The greatest seq that they have read; 0 at first.
    pub read_up_to: i64,
    /// How many of the messages up to there are their own.
    pub own_read: i64,
    /// How many of all messages are their own.
    pub own_sent: i64,
}

impl ReadPosition {
    /// Of somebody who has read up to here, and has sent nothing.
    #[must_use]
    pub fn starting_at(read_up_to: i64, user_id: UserId, conversation_id: ConversationKey) -> Self {
        Self { user_id, conversation_id, read_up_to, own_read: 0, own_sent: 0 }
    }

    /// How many messages of others there are above the position, when the newest message has this seq.
    #[must_use]
    pub fn unread(&self, latest_seq: i64) -> i64 {
        (latest_seq - self.read_up_to) - (self.own_sent - self.own_read)
    }
}

/// Stores a new position.
pub fn insert(connection: &mut Connection, position: ReadPosition) -> QueryResult<()> {
    diesel::insert_into(read_positions::table).values(position).execute(connection).map(drop)
}

/// Forgets a position.
pub fn delete(
    connection: &mut Connection,
    conversation_id: ConversationKey,
    user_id: UserId,
) -> QueryResult<()> {
    diesel::delete(read_positions::table.find((user_id, conversation_id))).execute(connection).map(drop)
}

/// Somebody's position in a conversation.
pub fn find(
    connection: &mut Connection,
    conversation_id: ConversationKey,
    user_id: UserId,
) -> QueryResult<Option<ReadPosition>> {
    read_positions::table.find((user_id, conversation_id)).first(connection).optional()
}

/// Somebody's positions in several conversations, in no order.
pub fn find_all(
    connection: &mut Connection,
    conversation_ids: &[ConversationKey],
    user_id: UserId,
) -> QueryResult<Vec<ReadPosition>> {
    in_chunks(conversation_ids, |conversation_ids| {
        let found = read_positions::table
            .filter(read_positions::user_id.eq(user_id))
            .filter(among(read_positions::conversation_id, conversation_ids));
        per_backend!(connection, |connection| found.load(connection))
    })
}

const COUNT_OWN: &str = "UPDATE read_positions SET own_sent = own_sent + 1 WHERE user_id = ";

/// Notes that somebody has sent one more message.
pub fn count_own(
    connection: &mut Connection,
    conversation_id: ConversationKey,
    user_id: UserId,
) -> QueryResult<()> {
    let update = Prepared {
        pieces: [
            (COUNT_OWN, user_id.uuid().as_bytes()),
            (" AND conversation_id = ", conversation_id.uuid().as_bytes()),
        ],
        end: "",
    };
    let updated = per_backend!(connection, |connection| update.execute(connection))?;
    if updated > 0 {
        return Ok(());
    }
    insert(connection, ReadPosition { own_sent: 1, ..ReadPosition::starting_at(0, user_id, conversation_id) })
}

/// Moves a position that is there.
pub fn advance(connection: &mut Connection, position: &ReadPosition) -> QueryResult<()> {
    diesel::update(read_positions::table.find((position.user_id, position.conversation_id)))
        .set((
            read_positions::read_up_to.eq(position.read_up_to),
            read_positions::own_read.eq(position.own_read),
        ))
        .execute(connection)
        .map(drop)
}
