//! `events`: the log of everything that lasts, in the order in which it was committed.

pub mod positions;

use diesel::{
    OptionalExtension, QueryResult,
    dsl::{max, min},
    prelude::*,
};

use super::{Conversation, Message};
use crate::{
    store::{
        Chunk, Connection, among, in_chunks, per_backend,
        schema::{conversations, events},
    },
    types::{ConversationKey, EventKind, MessageId, Timestamp, UserId},
};

/// A row of `events`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Event {
    /// Its place in the log; ascends, and is never used twice.
    pub position: i64,
    /// Where it happened.
    pub conversation_id: ConversationKey,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub happened_at: Timestamp,
    /// Who did it.
    pub actor_id: UserId,
    /// Whom it is about: who joined, left, or owns the chatroom now.
    pub member_id: Option<UserId>,
    /// The message it is about.
    pub message_id: Option<MessageId>,
    /// That message's seq; or how far was read.
    pub seq: Option<i64>,
    /// The emoji; or the chatroom's new name.
    pub detail: Option<String>,
}

impl Event {
    /// Who comes or goes by it, and whether they come.
    #[must_use]
    pub fn movement(&self) -> Option<(UserId, bool)> {
        let member_id = self.member_id?;
        match self.kind {
            EventKind::MemberJoined => Some((member_id, true)),
            EventKind::MemberLeft => Some((member_id, false)),
            _ => None,
        }
    }
}

/// A part of the log: after one position, up to another, which is included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionRange {
    /// Only what comes after this.
    pub after: i64,
    /// Only what comes up to this.
    pub up_to: i64,
}

impl PositionRange {
    /// How many positions it has.
    #[must_use]
    pub fn length(self) -> i64 {
        self.up_to - self.after
    }

    /// No more than so many positions, the first ones.
    #[must_use]
    pub fn at_most(self, length: i64) -> Self {
        Self { up_to: self.up_to.min(self.after.saturating_add(length)), ..self }
    }
}

/// An event that is not in the log yet.
#[derive(Clone, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct NewEvent {
    /// Where it happened.
    pub conversation_id: ConversationKey,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub happened_at: Timestamp,
    /// Who did it.
    pub actor_id: UserId,
    /// Whom it is about: who joined, left, or owns the chatroom now.
    pub member_id: Option<UserId>,
    /// The message it is about.
    pub message_id: Option<MessageId>,
    /// That message's seq; or how far was read.
    pub seq: Option<i64>,
    /// The emoji; or the chatroom's new name.
    pub detail: Option<String>,
}

impl NewEvent {
    /// Something that somebody did in a conversation; what else there is to say is `None`.
    #[must_use]
    pub fn new(
        kind: EventKind,
        conversation_id: ConversationKey,
        actor_id: UserId,
        happened_at: Timestamp,
    ) -> Self {
        Self {
            conversation_id,
            kind,
            happened_at,
            actor_id,
            member_id: None,
            message_id: None,
            seq: None,
            detail: None,
        }
    }

    /// Something that somebody did to a message.
    #[must_use]
    pub fn about(message: &Message, kind: EventKind, actor_id: UserId, happened_at: Timestamp) -> Self {
        Self {
            message_id: Some(message.id),
            seq: Some(message.seq),
            ..Self::new(kind, message.conversation_id, actor_id, happened_at)
        }
    }
}

/// Appends an event, in the transaction that makes it happen.
pub fn append(connection: &mut Connection, event: &NewEvent) -> QueryResult<()> {
    let insert = diesel::insert_into(events::table).values(event);
    per_backend!(connection, |connection| insert.execute(connection)).map(drop)
}

/// The same, where its position is needed.
pub fn append_at(connection: &mut Connection, event: &NewEvent) -> QueryResult<i64> {
    diesel::insert_into(events::table).values(event).returning(events::position).get_result(connection)
}

/// The greatest position, 0 in an empty log.
pub fn latest_position(connection: &mut Connection) -> QueryResult<i64> {
    let latest = events::table.select(max(events::position));
    let latest: Option<i64> = per_backend!(connection, |connection| latest.get_result(connection))?;
    Ok(latest.unwrap_or_default())
}

/// The least position that is kept, if there is any.
pub fn oldest_position(connection: &mut Connection) -> QueryResult<Option<i64>> {
    events::table.select(min(events::position)).first(connection)
}

/// When the newest event happened, if there is any.
pub fn latest_time(connection: &mut Connection) -> QueryResult<Option<Timestamp>> {
    events::table.order(events::position.desc()).select(events::happened_at).first(connection).optional()
}

/// A part of the log with the conversations it is about, in order, up to a limit.
pub fn read(
    connection: &mut Connection,
    range: PositionRange,
    limit: i64,
) -> QueryResult<Vec<(Event, Conversation)>> {
    events::table
        .inner_join(conversations::table.on(conversations::id.eq(events::conversation_id)))
        .filter(events::position.gt(range.after))
        .filter(events::position.le(range.up_to))
        .order(events::position.asc())
        .select((events::all_columns, conversations::all_columns))
        .limit(limit)
        .load(connection)
}

/// The events at these positions, with the conversations they are about, in order. What is not kept any more is left out.
pub fn at(connection: &mut Connection, positions: &[i64]) -> QueryResult<Vec<(Event, Conversation)>> {
    let mut rows: Vec<(Event, Conversation)> = in_chunks(positions, |positions| {
        events::table
            .inner_join(conversations::table.on(conversations::id.eq(events::conversation_id)))
            .filter(among(events::position, positions))
            .select((events::all_columns, conversations::all_columns))
            .load(connection)
    })?;
    rows.sort_unstable_by_key(|(event, _)| event.position);
    Ok(rows)
}

/// Which chatrooms somebody joined (`MemberJoined`) and left (`MemberLeft`), in order, up to a limit.
pub fn memberships_of(
    connection: &mut Connection,
    user_id: UserId,
    range: PositionRange,
    limit: i64,
) -> QueryResult<Vec<(EventKind, ConversationKey)>> {
    events::table
        .filter(events::member_id.eq(user_id))
        .filter(events::position.gt(range.after))
        .filter(events::position.le(range.up_to))
        .filter(among(events::kind, Chunk::fixed(&[EventKind::MemberJoined, EventKind::MemberLeft])))
        .order(events::position.asc())
        .select((events::kind, events::conversation_id))
        .limit(limit)
        .load(connection)
}

/// The events after a position, in order, up to a limit: their positions and times.
pub fn times_after(
    connection: &mut Connection,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, Timestamp)>> {
    events::table
        .filter(events::position.gt(after))
        .order(events::position.asc())
        .select((events::position, events::happened_at))
        .limit(limit)
        .load(connection)
}

/// Forgets everything up to a position.
pub fn prune(connection: &mut Connection, up_to: i64) -> QueryResult<usize> {
    diesel::delete(events::table.filter(events::position.le(up_to))).execute(connection)
}
