//! Reads: one statement each, its rows written as they come.

use std::{path::Path, sync::Arc};

use rusqlite::{Connection, OpenFlags, Row, types::ValueRef};

use super::{
    json::{Id, Json},
    people::People,
};

/// A page of messages.
const PAGE: i64 = 100;
/// A page of the inbox.
const INBOX: usize = 20;

const RECENT: &str = "SELECT id, text, sent_at, sender_id FROM messages
    WHERE recipient_id = ?1 ORDER BY id DESC LIMIT 100";
const RECENT_OF_SENDER: &str = "SELECT id, text, sent_at, sender_id FROM messages
    WHERE recipient_id = ?1 AND sender_id = ?2 ORDER BY id DESC LIMIT 100";
const HISTORY: &str = "SELECT id, text, sent_at, sender_id, seq FROM messages
    WHERE conversation_id = ?1 ORDER BY seq DESC LIMIT 101";
const INBOX_PAGE: &str = "
    WITH page AS (
        SELECT * FROM (
            SELECT * FROM conversations WHERE lower_user_id = ?1 ORDER BY activity DESC LIMIT 21)
        UNION ALL SELECT * FROM (
            SELECT * FROM conversations WHERE higher_user_id = ?1 AND lower_user_id < ?1
            ORDER BY activity DESC LIMIT 21)
        UNION ALL SELECT * FROM (
            SELECT conversations.* FROM memberships JOIN conversations ON conversations.id = chatroom_id
            WHERE user_id = ?1 ORDER BY activity DESC LIMIT 21)
        ORDER BY activity DESC LIMIT 21)
    SELECT messages.id, messages.text, messages.sent_at, messages.sender_id,
        page.id, page.activity, lower_user_id, higher_user_id, chatrooms.name, chatrooms.member_count,
        latest_seq - coalesce(read_up_to, 0) - coalesce(own_sent - own_read, 0)
    FROM page
    LEFT JOIN messages ON messages.conversation_id = page.id AND messages.seq = page.latest_seq
    LEFT JOIN read_positions ON read_positions.user_id = ?1 AND read_positions.conversation_id = page.id
    LEFT JOIN chatrooms ON chatrooms.id = page.id
    ORDER BY activity DESC";

/// A thread's own connection.
pub struct Reader {
    connection: Connection,
    people: Arc<People>,
}

impl Reader {
    /// With what the server sets for its connections that read.
    pub fn open(file: &Path, people: Arc<People>) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).expect("a database");
        let pragmas = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -16384;";
        connection.execute_batch(pragmas).expect("pragmas");
        Self { connection, people }
    }

    /// The last hundred messages to somebody, from anybody or from one sender.
    pub fn recent(&self, recipient_id: Id, sender_id: Option<Id>) -> Option<Vec<u8>> {
        self.people.meet(&self.connection, recipient_id)?;
        let list = match sender_id {
            Some(sender_id) => recipient_id.key().rotate_left(1) ^ sender_id.key(),
            None => recipient_id.key(),
        };
        let sql = if sender_id.is_some() { RECENT_OF_SENDER } else { RECENT };
        let mut statement = self.connection.prepare_cached(sql).expect("a statement");
        statement.raw_bind_parameter(1, recipient_id.0).expect("an id");
        if let Some(sender_id) = sender_id {
            self.people.meet(&self.connection, sender_id)?;
            statement.raw_bind_parameter(2, sender_id.0).expect("an id");
        }
        let mut json = Json::with_capacity(32 * 1024);
        json.raw("{\"data\":{\"recentMessages\":{\"nodes\":[");
        let mut rows = statement.raw_query();
        let (mut last, mut rank) = (Id::default(), 0_u32);
        while let Some(row) = rows.next().expect("a row") {
            json.raw(if rank == 0 { "{" } else { ",{" });
            last = self.message(&mut json, row);
            json.raw("}");
            rank += 1;
        }
        json.raw("],\"pageInfo\":{\"endCursor\":");
        let mut place = [0; 20];
        place[..16].copy_from_slice(&last.0);
        place[16..].copy_from_slice(&rank.to_be_bytes());
        end_cursor(&mut json, (rank > 0).then_some((b'r', list, place.as_slice())));
        // A hundred is all that was asked for.
        json.raw(",\"hasNextPage\":false}}}}");
        Some(json.0)
    }

    /// The newest hundred messages of a conversation.
    pub fn history(&self, conversation_id: Id) -> Option<Vec<u8>> {
        let mut statement = self.connection.prepare_cached(HISTORY).expect("a statement");
        statement.raw_bind_parameter(1, conversation_id.0).expect("an id");
        let mut json = Json::with_capacity(32 * 1024);
        json.raw("{\"data\":{\"conversation\":{\"messages\":{\"nodes\":[");
        let mut rows = statement.raw_query();
        let (mut seq, mut count) = (0, 0);
        while let Some(row) = rows.next().expect("a row") {
            count += 1;
            if count > PAGE {
                break;
            }
            json.raw(if count == 1 { "{" } else { ",{" });
            self.message(&mut json, row);
            seq = row.get(4).expect("a seq");
            json.raw(",\"seq\":");
            json.number(seq);
            json.raw("}");
        }
        json.raw("],\"pageInfo\":{\"endCursor\":");
        let place = seq.to_be_bytes();
        end_cursor(&mut json, (count > 0).then_some((b'h', conversation_id.key(), place.as_slice())));
        json.raw(",\"hasNextPage\":");
        json.bool(count > PAGE);
        json.raw("}}}}}");
        Some(json.0)
    }

    /// The first twenty conversations of somebody's inbox.
    pub fn inbox(&self, user_id: Id) -> Option<Vec<u8>> {
        self.people.meet(&self.connection, user_id)?;
        let mut statement = self.connection.prepare_cached(INBOX_PAGE).expect("a statement");
        statement.raw_bind_parameter(1, user_id.0).expect("an id");
        let mut json = Json::with_capacity(16 * 1024);
        json.raw("{\"data\":{\"conversations\":{\"nodes\":[");
        let mut rows = statement.raw_query();
        let (mut last, mut count) = (Id::default(), 0);
        while let Some(row) = rows.next().expect("a row") {
            count += 1;
            if count > INBOX {
                break;
            }
            json.raw(if count == 1 { "" } else { "," });
            self.conversation(&mut json, row);
            last = id(row, 5);
        }
        json.raw("],\"pageInfo\":{\"endCursor\":");
        end_cursor(&mut json, (count > 0).then_some((b'i', user_id.key(), last.0.as_slice())));
        json.raw(",\"hasNextPage\":");
        json.bool(count > INBOX);
        json.raw("}}}}");
        Some(json.0)
    }

    fn conversation(&self, json: &mut Json, row: &Row<'_>) {
        let is_direct = row.get_ref(6).expect("a column") != ValueRef::Null;
        json.raw(if is_direct {
            "{\"__typename\":\"DirectConversation\",\"id\":"
        } else {
            "{\"__typename\":\"Chatroom\",\"id\":"
        });
        json.id(if is_direct { "dm_" } else { "room_" }, id(row, 4));
        json.raw(",\"unreadCount\":");
        json.number(row.get(10).expect("a number"));
        json.raw(",\"lastMessage\":");
        if row.get_ref(0).expect("a column") == ValueRef::Null {
            json.raw("null");
        } else {
            json.raw("{");
            self.message(json, row);
            json.raw("}");
        }
        if is_direct {
            self.participants(json, id(row, 6), id(row, 7));
        } else {
            json.raw(",\"name\":");
            json.text(bytes(row, 8));
            json.raw(",\"memberCount\":");
            json.number(row.get(9).expect("a number"));
        }
        json.raw("}");
    }

    fn participants(&self, json: &mut Json, lower: Id, higher: Id) {
        json.raw(",\"participants\":[");
        self.person(json, lower);
        if lower != higher {
            json.raw(",");
            self.person(json, higher);
        }
        json.raw("]");
    }

    /// The columns that every list of messages has: id, text, time and sender.
    fn message(&self, json: &mut Json, row: &Row<'_>) -> Id {
        let message_id = id(row, 0);
        json.raw("\"id\":");
        json.id("msg_", message_id);
        json.raw(",\"text\":");
        json.text(bytes(row, 1));
        json.raw(",\"sentAt\":");
        json.time(row.get(2).expect("a time"));
        json.raw(",\"sender\":");
        self.person(json, id(row, 3));
        message_id
    }

    fn person(&self, json: &mut Json, id: Id) {
        if let Some(person) = self.people.met().get(&id) {
            json.0.extend_from_slice(person);
            return;
        }
        let person = self.people.meet(&self.connection, id).expect("tables refer to each other");
        json.0.extend_from_slice(&person);
    }
}

fn end_cursor(json: &mut Json, cursor: Option<(u8, u64, &[u8])>) {
    match cursor {
        Some((kind, list, place)) => json.cursor(kind, list, place),
        None => json.raw("null"),
    }
}

fn bytes<'a>(row: &'a Row<'_>, column: usize) -> &'a [u8] {
    row.get_ref(column).expect("a column").as_bytes().expect("bytes")
}

fn id(row: &Row<'_>, column: usize) -> Id {
    Id(bytes(row, column).try_into().expect("16 bytes"))
}
