//! `conversations`: what both kinds have, and the pair of those between two people.

use diesel::{OptionalExtension, QueryResult, prelude::*};
use uuid::Uuid;

use crate::{
    store::{Connection, MultiBackend, Prepared, among, in_chunks, per_backend, schema::conversations},
    types::{Activity, Bounds, ConversationId, ConversationKey, UserId},
};

/// A row of `conversations`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = conversations, treat_none_as_default_value = false)]
pub struct Conversation {
    /// The primary key; a chatroom has the same.
    #[diesel(column_name = id)]
    pub key: ConversationKey,
    /// The seq of its newest message, 0 when there is none.
    pub latest_seq: i64,
    /// Ascends with every message; unique.
    pub activity: Activity,
    /// The participant with the lesser id; nobody in a chatroom.
    pub lower_user_id: Option<UserId>,
    /// The other one; the same in a note to self.
    pub higher_user_id: Option<UserId>,
}

impl Conversation {
    /// A chatroom's, without messages.
    #[must_use]
    pub fn of_chatroom(key: ConversationKey) -> Self {
        Self { key, latest_seq: 0, activity: key.cast(), lower_user_id: None, higher_user_id: None }
    }

    /// The one between two people, named in either order, with its first message.
    #[must_use]
    pub fn between(key: ConversationKey, one: UserId, other: UserId, activity: Activity) -> Self {
        let (lower_user_id, higher_user_id) = (Some(one.min(other)), Some(one.max(other)));
        Self { key, latest_seq: 1, activity, lower_user_id, higher_user_id }
    }

    /// The two people, by id, the same twice in a note to self; `None` in a chatroom.
    #[must_use]
    pub fn pair(&self) -> Option<[UserId; 2]> {
        Some([self.lower_user_id?, self.higher_user_id?])
    }

    /// The id, with its kind.
    #[must_use]
    pub fn id(&self) -> ConversationId {
        match self.pair() {
            Some(_) => ConversationId::Direct(self.key.cast()),
            None => ConversationId::Chatroom(self.key.cast()),
        }
    }
}

/// The conversation and the seq that a message gets.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct AssignedSeq {
    /// The conversation.
    pub key: ConversationKey,
    /// The message's seq in it.
    pub seq: i64,
}

/// Stores a new conversation.
pub fn insert(connection: &mut Connection, conversation: Conversation) -> QueryResult<()> {
    diesel::insert_into(conversations::table).values(conversation).execute(connection).map(drop)
}

/// How a message is counted.
const COUNT: &str = "UPDATE conversations SET latest_seq = latest_seq + 1, activity = ";
/// What is told about it.
const COUNTED: &str = " RETURNING id, latest_seq";

/// Takes the next seq of a chatroom: 1, 2, 3 … without holes, because it is given back when the transaction fails.
pub fn count_in_chatroom(
    connection: &mut Connection,
    key: ConversationKey,
    activity: Activity,
) -> QueryResult<AssignedSeq> {
    let update = Prepared {
        pieces: [(COUNT, activity.uuid().as_bytes()), (" WHERE id = ", key.uuid().as_bytes())],
        end: COUNTED,
    };
    per_backend!(connection, |connection| update.get_result(connection))
}

/// The same between two people, named in either order; `None` when they have no conversation yet.
pub fn count_between(
    connection: &mut Connection,
    one: UserId,
    other: UserId,
    activity: Activity,
) -> QueryResult<Option<AssignedSeq>> {
    let (lower, higher) = (one.min(other), one.max(other));
    let update = Prepared {
        pieces: [
            (COUNT, activity.uuid().as_bytes()),
            (" WHERE lower_user_id = ", lower.uuid().as_bytes()),
            (" AND higher_user_id = ", higher.uuid().as_bytes()),
        ],
        end: COUNTED,
    };
    per_backend!(connection, |connection| update.get_result(connection)).optional()
}

/// The conversation with this key.
pub fn find(connection: &mut Connection, key: ConversationKey) -> QueryResult<Option<Conversation>> {
    let found = conversations::table.find(key);
    per_backend!(connection, |connection| found.first(connection)).optional()
}

/// The conversation between two people, named in either order.
pub fn find_between(
    connection: &mut Connection,
    one: UserId,
    other: UserId,
) -> QueryResult<Option<Conversation>> {
    conversations::table
        .filter(conversations::lower_user_id.eq(one.min(other)))
        .filter(conversations::higher_user_id.eq(one.max(other)))
        .first(connection)
        .optional()
}

/// Those of the conversations that exist, in no order.
pub fn find_all(connection: &mut Connection, keys: &[ConversationKey]) -> QueryResult<Vec<Conversation>> {
    in_chunks(keys, |keys| {
        let found = conversations::table.filter(among(conversations::id, keys));
        per_backend!(connection, |connection| found.load(connection))
    })
}

/// The newest activity of all chatrooms.
pub fn newest_in_chatrooms(connection: &mut Connection) -> QueryResult<Option<Uuid>> {
    let newest = conversations::table
        .filter(conversations::lower_user_id.is_null())
        .select(conversations::activity)
        .order(conversations::activity.desc())
        .first::<Activity>(connection);
    Ok(newest.optional()?.map(|activity| *activity.uuid()))
}

/// The activity of the chatroom that comes so many places further down, if there are as many.
pub fn activity_further_down(
    connection: &mut Connection,
    after: Option<Activity>,
    places: i64,
) -> QueryResult<Option<Activity>> {
    let mut query = conversations::table
        .filter(conversations::lower_user_id.is_null())
        .order(conversations::activity.desc())
        .select(conversations::activity)
        .limit(1)
        .offset(places)
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(conversations::activity.lt(after));
    }
    query.first(connection).optional()
}

/// Where somebody stands in the pair of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// With the lesser id, or alone.
    Lower,
    /// With the greater id.
    Higher,
}

/// Somebody's conversations on one side, latest activity first, one more than the limit.
pub fn of_user(
    connection: &mut Connection,
    user_id: UserId,
    side: Side,
    bounds: &Bounds<Activity>,
) -> QueryResult<Vec<Conversation>> {
    let mut query =
        conversations::table.order(conversations::activity.desc()).limit(bounds.fetch_limit()).into_boxed();
    query = match side {
        Side::Lower => query.filter(conversations::lower_user_id.eq(user_id)),
        Side::Higher => query
            .filter(conversations::higher_user_id.eq(user_id))
            .filter(conversations::lower_user_id.ne(user_id)),
    };
    if let Some(after) = bounds.after {
        query = query.filter(conversations::activity.lt(after));
    }
    per_backend!(connection, |connection| query.load(connection))
}
