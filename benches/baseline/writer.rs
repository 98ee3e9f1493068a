//! Writes: one thread, and one commit for all that wait.

use std::{iter, path::Path, sync::Arc, thread};

use messenger::types::{Clock, IdMint, MessageId, SystemClock, search_words};
use rand::{SeedableRng, rngs::StdRng};
use rusqlite::{
    Connection, OptionalExtension, Row,
    functions::{Context, FunctionFlags},
    params,
};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    Draft,
    checkpoints::Checkpoints,
    json::{Id, Json},
    people::People,
};

/// Messages that may wait.
const QUEUE: usize = 4096;
/// The most messages that share a commit.
const GROUP: usize = 256;

/// What the server sets for its connection that writes.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA cache_size = -65536;";

const FIND_ORIGINAL: &str = "SELECT id, seq, sent_at, recipient_id, text FROM messages
    WHERE sender_id = ? AND client_message_id = ?";
const COUNT: &str = "UPDATE conversations SET latest_seq = latest_seq + 1, activity = ?
    WHERE lower_user_id = ? AND higher_user_id = ? RETURNING id, latest_seq";
const BEGIN_CONVERSATION: &str = "INSERT INTO conversations
    (id, latest_seq, activity, lower_user_id, higher_user_id) VALUES (?, 1, ?, ?, ?)";
const STORE: &str = "INSERT INTO messages
    (recipient_id, id, conversation_id, seq, sender_id, sent_at, client_message_id, text)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
const COUNT_OWN: &str =
    "INSERT INTO read_positions (user_id, conversation_id, read_up_to, own_read, own_sent)
    VALUES (?, ?, 0, 0, 1) ON CONFLICT DO UPDATE SET own_sent = own_sent + 1";
const LOG: &str = "INSERT INTO events (conversation_id, kind, happened_at, actor_id, message_id, seq)
    VALUES (?, 'message_sent', ?, ?, ?, ?)";

struct QueuedWrite {
    draft: Draft,
    answer: oneshot::Sender<Option<Vec<u8>>>,
}

/// The one way to write.
pub struct Writer(mpsc::Sender<QueuedWrite>);

impl Writer {
    pub fn start(file: &Path, people: Arc<People>) -> Self {
        let (queue, mut jobs) = mpsc::channel(QUEUE);
        let committer = GroupCommitter::open(file, people);
        let checkpoints = Checkpoints::start(file, &committer.connection);
        thread::spawn(move || {
            while let Some(first) = jobs.blocking_recv() {
                let more = iter::from_fn(|| jobs.try_recv().ok());
                committer.commit(iter::once(first).chain(more).take(GROUP));
                checkpoints.after_commit(&committer.connection);
            }
        });
        Self(queue)
    }

    /// The answer, once the message is on disk.
    pub async fn send(&self, draft: Draft) -> Option<Vec<u8>> {
        let (answer, answered) = oneshot::channel();
        self.0.send(QueuedWrite { draft, answer }).await.ok()?;
        answered.await.ok()?
    }
}

/// What the writer's thread works with.
struct GroupCommitter {
    connection: Connection,
    people: Arc<People>,
    mint: IdMint,
}

/// What is told of a message.
struct Sent {
    id: Id,
    seq: i64,
    at: i64,
    deduplicated: bool,
}

impl GroupCommitter {
    fn open(file: &Path, people: Arc<People>) -> Self {
        let connection = Connection::open(file).expect("a database");
        connection.execute_batch(PRAGMAS).expect("pragmas");
        // A trigger asks for it when a message is indexed.
        let words = |call: &Context<'_>| Ok(search_words(call.get_raw(0).as_str()?));
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        connection.create_scalar_function("search_words", 1, flags, words).expect("a function");
        let newest = "SELECT max(id, coalesce((SELECT max(activity) FROM conversations), id))
            FROM messages ORDER BY messages.id DESC LIMIT 1";
        let newest = connection.query_row(newest, [], |row| row.get::<_, [u8; 16]>(0)).optional();
        let newest = newest.expect("an id").map(Uuid::from_bytes);
        let chance = StdRng::seed_from_u64(SystemClock.now().millis().unsigned_abs());
        Self { connection, people, mint: IdMint::new(Box::new(chance), newest) }
    }

    /// All that can be refused is refused before anything is written: no message needs a savepoint of its own, and an error
    /// of the database is the end.
    fn commit(&self, jobs: impl Iterator<Item = QueuedWrite>) {
        self.execute("BEGIN IMMEDIATE");
        let answers: Vec<_> = jobs.map(|job| (self.accept(&job.draft), job.answer)).collect();
        self.execute("DELETE FROM unindexed_messages");
        self.execute("COMMIT");
        for (sent, answer) in answers {
            // Whoever asked may be gone.
            let _ = answer.send(sent.map(|sent| sent.json()));
        }
    }

    fn execute(&self, sql: &str) {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .expect("no fault");
    }

    fn accept(&self, draft: &Draft) -> Option<Sent> {
        self.people.meet(&self.connection, draft.sender_id)?;
        self.people.meet(&self.connection, draft.recipient_id)?;
        match self.find_original(draft).expect("no fault") {
            Some((original, is_the_same)) => is_the_same.then_some(original),
            None => Some(self.store(draft).expect("no fault")),
        }
    }

    fn find_original(&self, draft: &Draft) -> rusqlite::Result<Option<(Sent, bool)>> {
        let read = |row: &Row<'_>| {
            let sent = Sent { id: Id(row.get(0)?), seq: row.get(1)?, at: row.get(2)?, deduplicated: true };
            let is_the_same =
                row.get::<_, [u8; 16]>(3)? == draft.recipient_id.0 && row.get_ref(4)?.as_str()? == draft.text;
            Ok((sent, is_the_same))
        };
        let mut find = self.connection.prepare_cached(FIND_ORIGINAL)?;
        find.query_row(params![draft.sender_id.0, draft.client_message_id], read).optional()
    }

    fn store(&self, draft: &Draft) -> rusqlite::Result<Sent> {
        let Draft { sender_id: Id(sender_id), recipient_id: Id(recipient_id), text, client_message_id } =
            draft;
        let now = SystemClock.now();
        let (id, sent_at): (MessageId, _) = (self.mint.mint(now), now.millis());
        let id = id.uuid().as_bytes();
        let (conversation_id, seq) = self.count(*sender_id, *recipient_id, id)?;
        self.connection.prepare_cached(STORE)?.execute(params![
            recipient_id,
            id,
            conversation_id,
            seq,
            sender_id,
            sent_at,
            client_message_id,
            text
        ])?;
        self.connection.prepare_cached(COUNT_OWN)?.execute(params![sender_id, conversation_id])?;
        let event = params![conversation_id, sent_at, sender_id, id, seq];
        self.connection.prepare_cached(LOG)?.execute(event)?;
        Ok(Sent { id: Id(*id), seq, at: sent_at, deduplicated: false })
    }

    /// The conversation and the message's place in it, which begins with it where there is none yet.
    fn count(&self, one: [u8; 16], other: [u8; 16], id: &[u8; 16]) -> rusqlite::Result<([u8; 16], i64)> {
        let (lower, higher) = (one.min(other), one.max(other));
        let mut count = self.connection.prepare_cached(COUNT)?;
        let counted = count.query_row(params![id, lower, higher], |row| Ok((row.get(0)?, row.get(1)?)));
        if let Some(counted) = counted.optional()? {
            return Ok(counted);
        }
        let key: MessageId = self.mint.mint(SystemClock.now());
        let key = *key.uuid().as_bytes();
        self.connection.prepare_cached(BEGIN_CONVERSATION)?.execute(params![key, id, lower, higher])?;
        Ok((key, 1))
    }
}

impl Sent {
    fn json(&self) -> Vec<u8> {
        let mut json = Json::with_capacity(192);
        json.raw("{\"data\":{\"sendMessage\":{\"message\":{\"id\":");
        json.id("msg_", self.id);
        json.raw(",\"seq\":");
        json.value(self.seq);
        json.raw(",\"sentAt\":");
        json.time(self.at);
        json.raw("},\"deduplicated\":");
        json.value(self.deduplicated);
        json.raw(",\"errors\":[]}}}");
        json.0
    }
}
