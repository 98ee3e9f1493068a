//! Reads: one statement each, its rows written as they come.

use std::{path::Path, sync::Arc};

use rusqlite::{Connection, OpenFlags, Row, types::ValueRef};

use super::{
    json::{Id, Json},
    people::People,
};

const RECENT: &str = "SELECT id, text, sent_at, sender_id FROM messages
    WHERE recipient_id = ? ORDER BY id DESC LIMIT 100";
const RECENT_OF_SENDER: &str = "SELECT id, text, sent_at, sender_id FROM messages
    WHERE recipient_id = ? AND sender_id = ? ORDER BY id DESC LIMIT 100";
const HISTORY: &str = "SELECT id, text, sent_at, sender_id, seq FROM messages
    WHERE conversation_id = ? ORDER BY seq DESC LIMIT 101";
const INBOX: &str = "
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

    /// The last hundred messages to somebody, from anybody or from one sender. A hundred is all that is asked for, so there is
    /// no next page.
    pub fn recent(&self, recipient_id: Id, sender_id: Option<Id>) -> Option<Vec<u8>> {
        self.people.meet(&self.connection, recipient_id)?;
        let mut json = Json::with_capacity(32 * 1024);
        json.raw("{\"data\":{\"recentMessages\":{\"nodes\":[");
        let (mut place, mut rank) = ([0; 20], 0_u32);
        let message = |json: &mut Json, row: &Row<'_>| {
            rank += 1;
            place[..16].copy_from_slice(&self.message(json, row).0);
            place[16..].copy_from_slice(&rank.to_be_bytes());
        };
        let list = if let Some(sender_id) = sender_id {
            self.people.meet(&self.connection, sender_id)?;
            self.rows(&mut json, RECENT_OF_SENDER, &[recipient_id, sender_id], 100, message);
            recipient_id.key().rotate_left(1) ^ sender_id.key()
        } else {
            self.rows(&mut json, RECENT, &[recipient_id], 100, message);
            recipient_id.key()
        };
        json.page_info((rank > 0).then_some((b'r', list, &place)), false);
        json.raw("}}}");
        Some(json.0)
    }

    /// The newest hundred messages of a conversation.
    pub fn history(&self, conversation_id: Id) -> Vec<u8> {
        let mut json = Json::with_capacity(32 * 1024);
        json.raw("{\"data\":{\"conversation\":{\"messages\":{\"nodes\":[");
        let mut seq = 0_i64;
        let has_next = self.rows(&mut json, HISTORY, &[conversation_id], 100, |json, row| {
            self.message(json, row);
            seq = row.get(4).expect("a seq");
            json.raw(",\"seq\":");
            json.value(seq);
        });
        let place = seq.to_be_bytes();
        json.page_info((seq > 0).then_some((b'h', conversation_id.key(), &place)), has_next);
        json.raw("}}}}");
        json.0
    }

    /// The first twenty conversations of somebody's inbox.
    pub fn inbox(&self, user_id: Id) -> Option<Vec<u8>> {
        self.people.meet(&self.connection, user_id)?;
        let mut json = Json::with_capacity(16 * 1024);
        json.raw("{\"data\":{\"conversations\":{\"nodes\":[");
        let mut last = None;
        let has_next = self.rows(&mut json, INBOX, &[user_id], 20, |json, row| {
            self.conversation(json, row);
            last = Some(id(row, 5).0);
        });
        json.page_info(last.as_ref().map(|last| (b'i', user_id.key(), last.as_slice())), has_next);
        json.raw("}}}");
        Some(json.0)
    }

    /// Writes an object for each row, and tells whether there were more.
    fn rows(
        &self,
        json: &mut Json,
        sql: &str,
        ids: &[Id],
        limit: usize,
        mut write: impl FnMut(&mut Json, &Row<'_>),
    ) -> bool {
        let mut statement = self.connection.prepare_cached(sql).expect("a statement");
        for (place, id) in ids.iter().enumerate() {
            statement.raw_bind_parameter(place + 1, id.0).expect("an id");
        }
        let mut rows = statement.raw_query();
        for number in 0..limit {
            let Some(row) = rows.next().expect("a row") else {
                return false;
            };
            json.raw(if number == 0 { "{" } else { ",{" });
            write(json, row);
            json.raw("}");
        }
        rows.next().expect("a row").is_some()
    }

    fn conversation(&self, json: &mut Json, row: &Row<'_>) {
        let is_direct = row.get_ref(6).expect("a column") != ValueRef::Null;
        let (kind, prefix) = if is_direct { ("DirectConversation", "dm_") } else { ("Chatroom", "room_") };
        json.raw("\"__typename\":");
        json.value(kind);
        json.raw(",\"id\":");
        json.id(prefix, id(row, 4));
        json.raw(",\"unreadCount\":");
        json.value(row.get::<_, i64>(10).expect("a number"));
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
            return;
        }
        json.raw(",\"name\":");
        json.value(text(row, 8));
        json.raw(",\"memberCount\":");
        json.value(row.get::<_, i64>(9).expect("a number"));
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
        json.value(text(row, 1));
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

impl Json {
    /// The end of the items, and where the page stands.
    fn page_info(&mut self, end: Option<(u8, u64, &[u8])>, has_next: bool) {
        self.raw("],\"pageInfo\":{\"endCursor\":");
        match end {
            Some((kind, list, place)) => self.cursor(kind, list, place),
            None => self.raw("null"),
        }
        self.raw(",\"hasNextPage\":");
        self.value(has_next);
        self.raw("}");
    }
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> &'a str {
    row.get_ref(column).expect("a column").as_str().expect("a text")
}

fn id(row: &Row<'_>, column: usize) -> Id {
    Id(row.get_ref(column).expect("a column").as_blob().expect("bytes").try_into().expect("16 bytes"))
}
