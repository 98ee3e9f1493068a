//! `messages`: what was written.

use std::{iter, sync::Arc};

use diesel::{
    OptionalExtension, QueryResult,
    dsl::{exists, select},
    prelude::*,
};
use uuid::Uuid;

use super::{MessageReader, RecentIdsKey, RecentIdsReader};
use crate::{
    store::{Connection, MultiBackend, among, in_chunks, per_backend, schema::messages},
    types::{
        Bounds, ClientMessageId, ConversationId, ConversationKey, MessageId, MessageText, Page, RecipientId,
        RecipientKey, TextDigest, Timestamp, UserId,
    },
};

/// A row of `messages`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
pub struct Message {
    /// Who it was sent to; a chatroom's messages have the same here as in `conversation_id`.
    pub recipient_id: RecipientKey,
    /// Ascends in the order in which messages were accepted.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation_id: ConversationKey,
    /// Its place in the conversation: 1, 2, 3 …
    pub seq: i64,
    /// Who sent it.
    pub sender_id: UserId,
    /// The server's clock when it was accepted.
    pub sent_at: Timestamp,
    /// The sender's idempotency key.
    pub client_message_id: Option<ClientMessageId>,
    /// What it says; nothing when it was deleted.
    pub text: MessageText,
    /// When its text was last replaced.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// The message of the same conversation that it answers.
    pub reply_to_id: Option<MessageId>,
    /// Of the text as it was sent, once that has changed.
    pub sent_digest: Option<TextDigest>,
}

impl Message {
    /// Who it was sent to, with their kind.
    #[must_use]
    pub fn recipient(&self) -> RecipientId {
        match self.conversation() {
            ConversationId::Chatroom(id) => RecipientId::Chatroom(id),
            ConversationId::Direct(_) => RecipientId::User(self.recipient_id.cast()),
        }
    }

    /// Where it belongs, with its kind.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        if self.recipient_id.uuid() == self.conversation_id.uuid() {
            return ConversationId::Chatroom(self.conversation_id.cast());
        }
        ConversationId::Direct(self.conversation_id.cast())
    }
}

/// Which messages of a recipient are recent.
#[derive(Clone, Copy, Debug)]
pub struct Recent {
    /// Who they were sent to.
    pub recipient_id: RecipientKey,
    /// Only those of this sender.
    pub sender_id: Option<UserId>,
    /// Only those sent at this time or later.
    pub since: Option<Timestamp>,
}

/// A range of one conversation: seqs from `lowest` to `highest`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeqRange {
    /// The conversation.
    pub conversation_id: ConversationKey,
    /// The least seq.
    pub lowest: i64,
    /// The greatest seq.
    pub highest: i64,
}

/// The most ranges in one statement: SQLite refuses expressions deeper than 1,000. A power of two, because
/// the number of ranges is filled up to one: so there are eight statement texts, all of which stay prepared.
const RANGES: usize = 128;

/// Stores a new message.
pub fn insert(connection: &mut Connection, message: &Message) -> QueryResult<()> {
    let insert = diesel::insert_into(messages::table).values(message);
    per_backend!(connection, |connection| insert.execute(connection)).map(drop)
}

/// The message with this id.
pub fn find(connection: &mut Connection, id: MessageId) -> QueryResult<Option<Message>> {
    messages::table.filter(messages::id.eq(id)).first(connection).optional()
}

/// Those of the messages that exist, in no order.
pub fn find_all(connection: &mut Connection, ids: &[MessageId]) -> QueryResult<Vec<Message>> {
    in_chunks(ids, |ids| messages::table.filter(among(messages::id, ids)).load(connection))
}

/// Whether somebody has sent a recipient a message whose id is greater than this one.
pub fn was_sent_after(
    connection: &mut Connection,
    recipient_id: RecipientKey,
    sender_id: UserId,
    id: MessageId,
) -> QueryResult<bool> {
    let sent = messages::table
        .filter(messages::recipient_id.eq(recipient_id))
        .filter(messages::sender_id.eq(sender_id))
        .filter(messages::id.gt(id));
    let was_sent = select(exists(sent));
    per_backend!(connection, |connection| was_sent.get_result(connection))
}

/// What this sender sent under this idempotency key.
pub fn find_by_client_message_id(
    connection: &mut Connection,
    sender_id: UserId,
    key: &ClientMessageId,
) -> QueryResult<Option<Message>> {
    let sent =
        messages::table.filter(messages::sender_id.eq(sender_id)).filter(messages::client_message_id.eq(key));
    per_backend!(connection, |connection| sent.first(connection)).optional()
}

/// Stores the changeable columns of a message.
pub fn update(connection: &mut Connection, message: &Message) -> QueryResult<()> {
    diesel::update(messages::table.find((message.recipient_id, message.id)))
        .set((
            messages::text.eq(&message.text),
            messages::edited_at.eq(message.edited_at),
            messages::deleted_at.eq(message.deleted_at),
            messages::sent_digest.eq(message.sent_digest),
        ))
        .execute(connection)
        .map(drop)
}

/// The id of the message at a place of a conversation.
pub fn id_at(
    connection: &mut Connection,
    conversation_id: ConversationKey,
    seq: i64,
) -> QueryResult<Option<MessageId>> {
    messages::table
        .filter(messages::conversation_id.eq(conversation_id))
        .filter(messages::seq.eq(seq))
        .select(messages::id)
        .first(connection)
        .optional()
}

/// How many messages somebody sent to a recipient, from after one message up to another, which is counted.
pub fn count_sent(
    connection: &mut Connection,
    (sender_id, recipient_id): (UserId, RecipientKey),
    after: Option<MessageId>,
    up_to: MessageId,
) -> QueryResult<i64> {
    let mut query = messages::table
        .filter(messages::recipient_id.eq(recipient_id))
        .filter(messages::sender_id.eq(sender_id))
        .filter(messages::id.le(up_to))
        .count()
        .into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(messages::id.gt(after));
    }
    query.get_result(connection)
}

/// The greatest id of all messages.
pub fn newest_id(connection: &mut Connection) -> QueryResult<Option<Uuid>> {
    let newest =
        messages::table.select(messages::id).order(messages::id.desc()).first::<MessageId>(connection);
    Ok(newest.optional()?.map(|id| *id.uuid()))
}

/// A page of the recent messages of a recipient, newest first.
pub fn recent_page(
    connection: &mut Connection,
    (reader, lists): (&MessageReader, &RecentIdsReader),
    recent: Recent,
    bounds: &Bounds<MessageId>,
) -> QueryResult<Page<Arc<Message>>> {
    let read = |connection: &mut Connection| recent_ids(connection, recent, bounds);
    let ids = match newest(recent, bounds) {
        Some(newest) => lists.find(connection, newest, read)?,
        None => read(connection)?,
    };
    let page = bounds.into_page(ids);
    let recipient_id = recent.recipient_id;
    let items = reader.find_each(connection, &page.items, |connection, missing| {
        in_chunks(missing, |missing| {
            messages::table
                .filter(messages::recipient_id.eq(recipient_id))
                .filter(among(messages::id, missing))
                .load(connection)
        })
    })?;
    Ok(Page { items, has_next: page.has_next, has_previous: page.has_previous })
}

/// What is asked for, when it is the beginning of a list and nothing but a message that is sent changes it.
fn newest(recent: Recent, bounds: &Bounds<MessageId>) -> Option<RecentIdsKey> {
    let Recent { recipient_id, sender_id, since } = recent;
    let is_first = since.is_none() && bounds.after.is_none();
    is_first.then(|| RecentIdsKey { recipient_id, sender_id, count: bounds.fetch_limit() })
}

/// The time in an id is never earlier than `sent_at`, so the bound on the id leaves out nothing and lets the index end the
/// search; `sent_at` then decides, also about messages that were sent while the clock was wrong.
fn recent_ids(
    connection: &mut Connection,
    recent: Recent,
    bounds: &Bounds<MessageId>,
) -> QueryResult<Vec<MessageId>> {
    let mut query = messages::table
        .filter(messages::recipient_id.eq(recent.recipient_id))
        .order(messages::id.desc())
        .limit(bounds.fetch_limit())
        .select(messages::id)
        .into_boxed();
    if let Some(sender_id) = recent.sender_id {
        query = query.filter(messages::sender_id.eq(sender_id));
    }
    if let Some(since) = recent.since {
        query =
            query.filter(messages::id.ge(MessageId::earliest_at(since))).filter(messages::sent_at.ge(since));
    }
    if let Some(after) = bounds.after {
        query = query.filter(messages::id.lt(after));
    }
    let mut ids = Vec::with_capacity(usize::try_from(bounds.fetch_limit()).unwrap_or_default());
    per_backend!(connection, |connection| {
        for id in query.load_iter(connection)? {
            ids.push(id?);
        }
    });
    Ok(ids)
}

/// The messages of several ranges, in no order.
///
/// One statement for up to 128 ranges, so that the histories of a page of conversations cost no more round
/// trips than one.
pub fn in_ranges(
    connection: &mut Connection,
    reader: &MessageReader,
    ranges: &[SeqRange],
) -> QueryResult<Vec<Arc<Message>>> {
    let mut ids = Vec::new();
    for ranges in ranges.chunks(RANGES) {
        let mut query = messages::table.select(messages::id).into_boxed();
        for range in ranges.iter().copied().chain(filling(ranges.len())) {
            query = query.or_filter(
                messages::conversation_id
                    .eq(range.conversation_id)
                    .and(messages::seq.between(range.lowest, range.highest)),
            );
        }
        let found: Vec<MessageId> = per_backend!(connection, |connection| query.load(connection))?;
        ids.extend(found);
    }
    reader.find_each(connection, &ids, find_all)
}

/// Empty ranges that fill up the number of ranges to a power of two.
fn filling(count: usize) -> impl Iterator<Item = SeqRange> {
    const EMPTY: SeqRange =
        SeqRange { conversation_id: ConversationKey::new(Uuid::nil()), lowest: 1, highest: 0 };
    iter::repeat_n(EMPTY, count.next_power_of_two() - count)
}
