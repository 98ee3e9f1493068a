//! The four ways, and the SQL that they share.

use super::*;

/// One way to store ids.
pub(crate) struct Candidate {
    pub(crate) title: &'static str,
    /// The SQL type of an id.
    pub(crate) id_type: &'static str,
    /// From a TypeID to what is stored.
    pub(crate) to_stored: fn(&str) -> Value,
    /// Whether rows refer to each other by integers, and ids are only looked up as they come in and go out.
    pub(crate) keyed: bool,
}

/// The candidates; the first is the one that the others are compared with.
#[rustfmt::skip]
pub(crate) const CANDIDATES: [Candidate; 4] = [
    Candidate { title: "A: BLOB, 16 bytes", id_type: "BLOB", keyed: false,
        to_stored: |id| Value::Blob(uuid(id).into_bytes()) },
    Candidate { title: "B: TEXT, the TypeID", id_type: "TEXT", keyed: false,
        to_stored: |id| Value::Text(Some(id.to_owned())) },
    Candidate { title: "C: TEXT, 36 characters", id_type: "TEXT", keyed: false,
        to_stored: |id| Value::Text(Some(uuid(id).to_string())) },
    Candidate { title: "D: integers inside, BLOB outside", id_type: "BLOB", keyed: true,
        to_stored: |id| Value::Blob(uuid(id).into_bytes()) },
];

/// What the `$words` in the SQL below mean: where ids are the keys, and where integers are.
#[rustfmt::skip]
pub(crate) const WORDS: [(&str, [&str; 2]); 12] = [
    ("$identity", ["id $id_type NOT NULL PRIMARY KEY", "key INTEGER PRIMARY KEY, id $id_type NOT NULL UNIQUE"]),
    ("$clustered", ["WITHOUT ROWID", ""]),
    ("$reference", ["$id_type NOT NULL", "INTEGER NOT NULL"]),
    ("$key", ["id", "key"]),
    ("$order", ["id", "position"]),
    ("$and_order", ["", ", position INTEGER NOT NULL"]),
    ("$and_its_value", ["", ", ?9"]),
    ("$user[", ["", "(SELECT key FROM users WHERE id = "]),
    ("$conversation[", ["", "(SELECT key FROM conversations WHERE id = "]),
    ("]", ["", ")"]),
    ("$outer_conversation", ["m.conversation", "c.id"]),
    ("$and_conversations", ["", "JOIN conversations c ON c.key = m.conversation"]),
];

impl Candidate {
    /// SQL with its words replaced by what they mean to this candidate.
    pub(crate) fn sql(&self, template: &str) -> String {
        let mut sql = template.to_owned();
        for (word, meanings) in WORDS {
            sql = sql.replace(word, meanings[usize::from(self.keyed)]);
        }
        sql.replace("$id_type", self.id_type)
    }
}

/// What a candidate's file is created with.
pub(crate) const SCHEMA: &str = "
    PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000;
    CREATE TABLE users ($identity, username TEXT UNIQUE, display_name TEXT, created_at BIGINT) $clustered;
    CREATE TABLE conversations ($identity, latest_seq BIGINT NOT NULL) $clustered;
    CREATE TABLE messages (recipient $reference, id $id_type NOT NULL, conversation $reference, sender $reference,
        seq BIGINT NOT NULL, sent_at BIGINT NOT NULL, client_message_id TEXT, text TEXT NOT NULL$and_order,
        PRIMARY KEY (recipient, $order)) WITHOUT ROWID;
    CREATE UNIQUE INDEX messages_by_id ON messages (id);
    CREATE INDEX messages_by_sender ON messages (recipient, sender, $order);
    CREATE UNIQUE INDEX messages_by_seq ON messages (conversation, seq);
    CREATE UNIQUE INDEX messages_by_client_message_id ON messages (sender, client_message_id)
        WHERE client_message_id IS NOT NULL";
/// Adds a user, and a conversation in which nothing is said yet; from an id and a number.
pub(crate) const ADD: [&str; 2] = [
    "INSERT INTO users (id, username, display_name, created_at) VALUES (?1, 'user.' || ?2, 'User No. ' || ?2, ?2)",
    "INSERT INTO conversations (id, latest_seq) VALUES (?1, 0)",
];
/// Sends a message, as [`World::message`] gives it, in three steps: was it sent before, what is its number, here it is.
pub(crate) const SEND: [&str; 3] = [
    "SELECT id FROM messages WHERE sender = $user[?4] AND client_message_id = ?7",
    "UPDATE conversations SET latest_seq = latest_seq + 1 WHERE id = ?3 RETURNING latest_seq",
    "INSERT INTO messages VALUES ($user[?1], ?2, $conversation[?3], $user[?4], ?5, ?6, ?7, ?8$and_its_value)",
];
/// Finds who received a page of messages, and who received one from whom, where users are referred to by their ids.
pub(crate) const READERS: [&str; 2] = [
    "SELECT recipient, recipient FROM messages GROUP BY recipient HAVING count(*) >= ?1",
    "SELECT recipient, sender FROM messages GROUP BY recipient, sender HAVING count(*) >= ?1",
];
/// Reads messages with their senders; a [`Case`] says which.
pub(crate) const READ: &str = "SELECT
    m.id, $outer_conversation, m.seq, m.sent_at, m.text, s.id, s.username, s.display_name
    FROM messages m $and_conversations JOIN users s ON s.$key = m.sender ";
/// How large the file is and, for a number of messages, each B-tree in it.
pub(crate) const SIZES: &str = "
    WITH file (size) AS (SELECT 1.0 * page_count * page_size FROM pragma_page_count, pragma_page_size)
    SELECT 'file, MB', size / 1e6 FROM file UNION ALL SELECT 'file, bytes per message', size / ?1 FROM file UNION ALL
    SELECT * FROM (SELECT '– ' || iif(name GLOB 'messages*', '`' || name || '`', 'all else') AS tree,
        1.0 * sum(pgsize) / ?1 FROM dbstat WHERE aggregate = TRUE GROUP BY tree ORDER BY tree DESC)";
