//! How should UUIDv7 ids be stored in SQLite? Four ways, given the same messages and measured side by side.
//!
//! ```text
//! cargo bench --bench id_storage                         a million messages: a quarter of an hour, 3 GB of disk
//! cargo bench --bench id_storage -- --messages 200000    another number of messages, at least 20,000
//! cargo bench --bench id_storage -- --quick              20,000 messages: seconds, to see that it works
//! ```
//!
//! Ids come in and go out as TypeIDs (`user_01h455vb4pex5vsknk084sn02q`); every candidate pays for its translation.
//! The candidates take turns, after each transaction of the load and each short round of a measurement, so that
//! whatever else the machine does falls on all of them; and all of them must give the same answers.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::print_stderr)] // it prints, or stops
#![allow(clippy::doc_markdown)] // UUIDv7 and TypeID are names

use std::time::{Duration, Instant};
use std::{env, error::Error, marker::PhantomData, mem, path::Path, thread};

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Double, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use diesel::{backend::Backend, connection::SimpleConnection, prelude::*};
use rand::distr::{Distribution, StandardUniform, Uniform, uniform::SampleUniform};
use rand::{SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

/// One way to store ids.
struct Candidate {
    title: &'static str,
    /// The SQL type of an id.
    id_type: &'static str,
    /// From a TypeID to what is stored.
    to_stored: fn(&str) -> Value,
    /// Whether rows refer to each other by integers, and ids are only looked up as they come in and go out.
    keyed: bool,
}

/// The candidates; the first is the one that the others are compared with.
#[rustfmt::skip]
const CANDIDATES: [Candidate; 4] = [
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
const WORDS: [(&str, [&str; 2]); 12] = [
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
    fn sql(&self, template: &str) -> String {
        let mut sql = template.to_owned();
        for (word, meanings) in WORDS {
            sql = sql.replace(word, meanings[usize::from(self.keyed)]);
        }
        sql.replace("$id_type", self.id_type)
    }
}

/// What a candidate's file is created with.
const SCHEMA: &str = "
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
const ADD: [&str; 2] = [
    "INSERT INTO users (id, username, display_name, created_at) VALUES (?1, 'user.' || ?2, 'User No. ' || ?2, ?2)",
    "INSERT INTO conversations (id, latest_seq) VALUES (?1, 0)",
];
/// Sends a message, as [`World::message`] gives it, in three steps: was it sent before, what is its number, here it is.
const SEND: [&str; 3] = [
    "SELECT id FROM messages WHERE sender = $user[?4] AND client_message_id = ?7",
    "UPDATE conversations SET latest_seq = latest_seq + 1 WHERE id = ?3 RETURNING latest_seq",
    "INSERT INTO messages VALUES ($user[?1], ?2, $conversation[?3], $user[?4], ?5, ?6, ?7, ?8$and_its_value)",
];
/// Finds who received a page of messages, and who received one from whom, where users are referred to by their ids.
const READERS: [&str; 2] = [
    "SELECT recipient, recipient FROM messages GROUP BY recipient HAVING count(*) >= ?1",
    "SELECT recipient, sender FROM messages GROUP BY recipient, sender HAVING count(*) >= ?1",
];
/// Reads messages with their senders; a [`Case`] says which.
const READ: &str = "SELECT
    m.id, $outer_conversation, m.seq, m.sent_at, m.text, s.id, s.username, s.display_name
    FROM messages m $and_conversations JOIN users s ON s.$key = m.sender ";
/// How large the file is and, for a number of messages, each B-tree in it.
const SIZES: &str = "
    WITH file (size) AS (SELECT 1.0 * page_count * page_size FROM pragma_page_count, pragma_page_size)
    SELECT 'file, MB', size / 1e6 FROM file UNION ALL SELECT 'file, bytes per message', size / ?1 FROM file UNION ALL
    SELECT * FROM (SELECT '– ' || iif(name GLOB 'messages*', '`' || name || '`', 'all else') AS tree,
        1.0 * sum(pgsize) / ?1 FROM dbstat WHERE aggregate = TRUE GROUP BY tree ORDER BY tree DESC)";

/// Something to measure.
struct Case {
    title: &'static str,
    /// How often a candidate does it before it is the next one's turn.
    turn: usize,
    /// Draws the values to read with, or the messages to send.
    draw: fn(&mut World) -> Vec<Values>,
    /// Which messages are read; none are, if it is about sending.
    filter: &'static str,
    /// What the report tells of the times, which are in seconds.
    figure: fn(Vec<f64>) -> f64,
}

/// What is measured; the first case also loads the messages for the others. Were it not for `unlikely`, SQLite would
/// leave the index with the sender alone and read all messages to the recipient until there are enough.
#[rustfmt::skip]
const CASES: [Case; 5] = [
    Case { title: "load, s", turn: 1, draw: |world| world.messages(256), filter: "", figure: |times| times.iter().sum() },
    Case { title: "last 100 to a user, µs", turn: 20, draw: |world| vec![world.reader(0)],
        filter: "WHERE m.recipient = $user[?1] ORDER BY m.$order DESC LIMIT ?3", figure: median },
    Case { title: "last 100 to a user from another, µs", turn: 20, draw: |world| vec![world.reader(1)],
        filter: "WHERE m.recipient = $user[?1] AND unlikely(m.sender = $user[?2]) ORDER BY m.$order DESC LIMIT ?3",
        figure: median },
    Case { title: "one message by its id, µs", turn: 200, draw: |world| vec![world.sent()],
        filter: "WHERE m.id = ?1", figure: median },
    Case { title: "64 messages in a transaction, µs", turn: 4, draw: |world| world.messages(64),
        filter: "", figure: median },
];

/// How many messages a page has.
const PAGE: i64 = 100;

/// A value on its way into the database, where an id is still to be made what a candidate stores.
#[derive(Clone)]
enum Value {
    Id(String),
    Blob([u8; 16]),
    Integer(i64),
    Text(Option<String>),
}

/// The values for a statement.
type Values = Vec<Value>;

/// SQL with some of its values as `?1` to `?9`, prepared once and kept by Diesel; gives rows of the SQL type `Row`.
struct Statement<'a, Row>(&'a str, &'a [Value], PhantomData<Row>);

/// Writes a [`Statement`].
fn sql<'a, Row>(sql: &'a str, values: &'a [Value]) -> Statement<'a, Row> {
    Statement(sql, values, PhantomData)
}

impl<Row> QueryFragment<Sqlite> for Statement<'_, Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut pieces = self.0.split('?');
        out.push_sql(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (number, sql) = piece.split_at(1);
            match &self.1[number.parse::<usize>().expect("a number after each question mark") - 1] {
                Value::Blob(bytes) => out.push_bind_param::<Binary, [u8]>(bytes)?,
                Value::Integer(integer) => out.push_bind_param::<BigInt, _>(integer)?,
                Value::Text(text) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                Value::Id(id) => out.push_bind_param::<Text, _>(id)?,
            }
            out.push_sql(sql);
        }
        Ok(())
    }
}

impl<Row> QueryId for Statement<'_, Row> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Statement<'_, Row> {
    type SqlType = Row;
}

impl<Row> RunQueryDsl<SqliteConnection> for Statement<'_, Row> {}

/// The kind of a user.
const USER: usize = 0;
/// The kind of a conversation.
const CONVERSATION: usize = 1;
/// The kind of a message.
const MESSAGE: usize = 2;
/// The kind of what has no id.
const OTHER: usize = 3;
/// The prefix of the TypeIDs of each kind.
const PREFIXES: [&str; 3] = ["user", "dm", "msg"];

/// The digits of TypeIDs.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes a TypeID.
fn typeid(kind: usize, uuid: Uuid) -> String {
    let (mut rest, mut digits) = (uuid.as_u128(), [0; 26]);
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(rest % 32).expect("five bits")];
        rest /= 32;
    }
    let mut text = String::with_capacity(32);
    text.push_str(PREFIXES[kind]);
    text.push('_');
    text.push_str(str::from_utf8(&digits).expect("the digits are ASCII"));
    text
}

/// Reads a TypeID.
fn uuid(typeid: &str) -> Uuid {
    let digits = typeid.bytes().skip(typeid.len() - 26);
    let worths = digits.map(|digit| DIGITS.binary_search(&digit).expect("a digit of a TypeID"));
    Uuid::from_u128(worths.fold(0, |sum, worth| (sum << 5) | worth as u128))
}

/// An id on its way out, a TypeID again.
#[derive(Clone, FromSqlRow, PartialEq)]
#[diesel(sql_type = Binary)]
struct Id<const KIND: usize>(String);

impl<const KIND: usize> FromSql<Binary, Sqlite> for Id<KIND> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        if let Some(SqliteType::Binary) = value.value_type() {
            return Ok(Self(typeid(KIND, Uuid::from_slice(value.read_blob())?)));
        }
        let text = value.read_text();
        if text.contains('_') {
            return Ok(Self(text.to_owned()));
        }
        Ok(Self(typeid(KIND, text.parse()?)))
    }
}

/// The columns of [`READ`].
type Columns = ((Binary, Binary, BigInt, BigInt), (Text, Binary, Text, Text));
/// A message on its way out.
#[rustfmt::skip]
type Message = ((Id<MESSAGE>, Id<CONVERSATION>, i64, i64), (String, Id<USER>, String, String));

/// What people say; each message is a piece of it.
const TALK: &str = "are you there? I will be late, the train stands still again and nobody tells us why, so please \
    start without me and keep a piece of the cake; tomorrow at the usual place, then, and bring the photographs!";

/// The time in the first id of each kind, in milliseconds.
const EPOCH: u64 = 1_750_000_000_000;
/// The time from one id to the next, which is therefore greater.
const STEP: u64 = 2_500;

/// The source of what is random about a thing: the same in every run.
fn source(kind: usize, number: u64) -> StdRng {
    StdRng::seed_from_u64(4 * number + kind as u64)
}

/// One of so many.
fn below<T: SampleUniform + From<u8>>(many: T, source: &mut StdRng) -> T {
    Uniform::new(T::from(0), many).expect("some").sample(source)
}

/// One of so many; the first hundredth of them come up every tenth time.
fn skewed(many: u64, source: &mut StdRng) -> u64 {
    below(many, source).pow(2) / many
}

/// The id of a thing.
fn id(kind: usize, number: u64) -> Value {
    let tail = StandardUniform.sample(&mut source(kind, number));
    let uuid = Builder::from_unix_timestamp_millis(EPOCH + number * STEP, &tail).into_uuid();
    Value::Id(typeid(kind, uuid))
}

/// The users and what they do; everything about a thing follows from its number.
struct World {
    source: StdRng,
    users: u64,
    conversations: u64,
    /// How many messages were sent.
    sent: u64,
    /// What [`READERS`] found.
    readers: [Readers; 2],
}

/// Users who received a page of messages, and who sent them.
type Readers = Vec<(Id<USER>, Id<USER>)>;

impl World {
    /// Has a user for every 100 messages, and a conversation for every 40.
    fn new(messages: u64) -> Self {
        let (source, users, conversations) = (source(OTHER, 0), messages / 100, messages / 40);
        let readers = [vec![], vec![]];
        Self { source, users, conversations, sent: 0, readers }
    }

    /// The conversation to which a message belongs, its recipient and its sender.
    fn parties(&self, message: u64) -> (u64, [u64; 2]) {
        let message = &mut source(MESSAGE, message);
        let conversation = skewed(self.conversations, message);
        let members = &mut source(CONVERSATION, conversation);
        let mut parties = [skewed(self.users, members), skewed(self.users, members)];
        parties.rotate_left(below(2, message));
        (conversation, parties)
    }

    /// A message: the ids of its recipient, itself, its conversation and its sender, a place for its number in the
    /// conversation, its time, the name that the client gave it if any, its text, and its number among all messages.
    fn message(&self, number: u64) -> Values {
        let (conversation, [recipient, sender]) = self.parties(number);
        let source = &mut source(OTHER, number + 1);
        let named = below(2_u8, source) == 1;
        let (start, length) = (below(TALK.len() - 90, source), 30 + below(61, source));
        vec![
            id(USER, recipient),
            id(MESSAGE, number),
            id(CONVERSATION, conversation),
            id(USER, sender),
            Value::Integer(0),
            Value::Integer((EPOCH + number * STEP).cast_signed()),
            Value::Text(named.then(|| Uuid::from_u128(StandardUniform.sample(source)).to_string())),
            Value::Text(Some(TALK[start..start + length].to_owned())),
            Value::Integer(number.cast_signed()),
        ]
    }

    /// The next messages that are sent.
    fn messages(&mut self, count: u64) -> Vec<Values> {
        self.sent += count;
        let numbers = self.sent - count..self.sent;
        numbers.map(|number| self.message(number)).collect()
    }

    /// The id of some message that was sent.
    fn sent(&mut self) -> Values {
        vec![id(MESSAGE, below(self.sent, &mut self.source))]
    }

    /// One of the readers, from whom the messages are, and how many.
    fn reader(&mut self, kind: usize) -> Values {
        let place = below(self.readers[kind].len(), &mut self.source);
        let (Id(recipient), Id(sender)) = self.readers[kind][place].clone();
        vec![Value::Id(recipient), Value::Id(sender), Value::Integer(PAGE)]
    }
}

/// A candidate's file, and its SQL.
struct Store {
    connection: SqliteConnection,
    to_stored: fn(&str) -> Value,
    send: [String; 3],
    reads: [String; CASES.len()],
    /// The times that were taken, in seconds.
    times: Vec<f64>,
}

impl Store {
    /// Creates a file with everything in it but messages.
    fn create(candidate: &Candidate, directory: &Path, world: &World) -> QueryResult<Self> {
        let path = directory.join(&candidate.title[..1]);
        let mut store = Self {
            connection: SqliteConnection::establish(&path.to_string_lossy()).expect("a new file opens"),
            to_stored: candidate.to_stored,
            send: SEND.map(|template| candidate.sql(template)),
            reads: CASES.map(|case| candidate.sql(&[READ, case.filter].concat())),
            times: vec![],
        };
        store.connection.batch_execute(&candidate.sql(SCHEMA))?;
        store.connection.batch_execute("BEGIN")?;
        for (kind, count) in [(USER, world.users), (CONVERSATION, world.conversations)] {
            for number in 0..count {
                let values = store.stored(&[id(kind, number), Value::Integer(number.cast_signed())]);
                sql::<()>(ADD[kind], &values).execute(&mut store.connection)?;
            }
        }
        store.connection.batch_execute("COMMIT")?;
        Ok(store)
    }

    /// Makes the ids what is stored.
    fn stored(&self, values: &[Value]) -> Values {
        let stored = |value: &Value| match value {
            Value::Id(id) => (self.to_stored)(id),
            other => other.clone(),
        };
        values.iter().map(stored).collect()
    }

    /// Does what was drawn for a case.
    fn perform(&mut self, case: usize, drawn: &[Values]) -> QueryResult<Vec<Message>> {
        if CASES[case].filter.is_empty() {
            return self.send(drawn).map(|()| vec![]);
        }
        let values = self.stored(&drawn[0]);
        sql::<Columns>(&self.reads[case], &values).load(&mut self.connection)
    }

    /// Sends messages in one transaction, each of them unless it was sent before.
    fn send(&mut self, messages: &[Values]) -> QueryResult<()> {
        self.connection.batch_execute("BEGIN IMMEDIATE")?;
        for message in messages {
            let mut values = self.stored(message);
            let ([find, number, add], connection) = (&self.send, &mut self.connection);
            if let Value::Text(Some(_)) = values[6] {
                let sent: Vec<Id<MESSAGE>> = sql::<Binary>(find, &values).load(connection)?;
                if !sent.is_empty() {
                    continue;
                }
            }
            values[4] = Value::Integer(sql::<BigInt>(number, &values).get_result(connection)?);
            sql::<()>(add, &values).execute(connection)?;
        }
        self.connection.batch_execute("COMMIT")
    }

    /// The readers of messages: those to whom, and those between whom, there is a page of them.
    fn readers(&mut self) -> QueryResult<[Readers; 2]> {
        let page = [Value::Integer(PAGE)];
        let [users, pairs] = READERS.map(|query| sql::<(Binary, Binary)>(query, &page));
        Ok([users.load(&mut self.connection)?, pairs.load(&mut self.connection)?])
    }

    /// The sizes of everything in the file, after a checkpoint.
    fn sizes(&mut self, messages: i64) -> QueryResult<Vec<(String, f64)>> {
        self.connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
        sql::<(Text, Double)>(SIZES, &[Value::Integer(messages)]).load(&mut self.connection)
    }
}

/// Measures a case in so many rounds after one to warm up, each begun by another candidate, and prints the result.
fn measure(number: usize, rounds: usize, stores: &mut [Store], world: &mut World) -> QueryResult<()> {
    let (case, mut said) = (&CASES[number], Instant::now());
    for round in 0..=rounds {
        let tasks: Vec<_> = (0..case.turn).map(|_| (case.draw)(world)).collect();
        let mut answers = vec![];
        let (last, first) = stores.split_at_mut(round % CANDIDATES.len());
        for store in first.iter_mut().chain(last) {
            for task in &tasks {
                let start = Instant::now();
                answers.push(store.perform(number, task)?);
                store.times.push(start.elapsed().as_secs_f64());
            }
            store.times.drain(..if round == 0 { case.turn } else { 0 });
        }
        let mut turns = answers.chunks(case.turn);
        assert!(turns.all(|turn| *turn == answers[..case.turn]), "all give the same answers");
        if said.elapsed() >= Duration::from_secs(1) {
            eprintln!("{}: round {round} of {rounds}", case.title);
            said = Instant::now();
        }
    }
    let figures = stores.iter_mut().map(|store| (case.figure)(mem::take(&mut store.times)));
    print(case.title, &figures.collect::<Vec<_>>());
    Ok(())
}

/// The one in the middle, in millionths.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    1e6 * times[times.len() / 2]
}

/// Prints a row of the table: a figure of each candidate, and its ratio to the first one's.
fn print(title: &str, figures: &[f64]) {
    let cell = |figure| format!(" {figure:.1} ({:.2}) |", figure / figures[0]);
    println!("| {title} |{}", figures.iter().map(cell).collect::<Vec<_>>().concat());
}

/// Loads, measures and prints.
fn main() -> Result<(), Box<dyn Error>> {
    let given = |name: &str| env::args().any(|argument| argument == name);
    // `cargo test --all-targets` runs benchmarks as well, and without `--bench`.
    let quick = given("--quick") || !given("--bench");
    let usual = if quick { "20000" } else { "1000000" }.to_owned();
    let wanted = env::args().skip_while(|argument| argument != "--messages").nth(1);
    let wanted: usize = wanted.unwrap_or(usual).parse()?;
    let transactions = wanted.max(20_000).div_ceil(256);
    let messages = 256 * transactions as u64;

    eprintln!("creating the files");
    let (directory, mut world, mut stores) = (tempfile::tempdir()?, World::new(messages), vec![]);
    for candidate in &CANDIDATES {
        stores.push(Store::create(candidate, directory.path(), &world)?);
    }
    let version = sql::<Text>("SELECT sqlite_version()", &[]);
    let version: String = version.get_result(&mut stores[0].connection)?;
    let (users, cores) = (world.users, thread::available_parallelism()?);
    println!("SQLite {version}, WAL, synchronous = NORMAL; {cores} cores.");
    println!("{messages} messages to {users} users. Medians, but for the load.\n");
    println!("| (ratio to A) | {} |", CANDIDATES.map(|it| it.title).join(" | "));
    println!("|---|{}", "---:|".repeat(CANDIDATES.len()));

    measure(0, transactions - 1, &mut stores, &mut world)?;
    eprintln!("looking at what was loaded");
    world.readers = stores[0].readers()?;
    let mut sizes = vec![];
    for store in &mut stores {
        sizes.push(store.sizes(messages.cast_signed())?);
    }
    for (row, (title, _)) in sizes[0].iter().enumerate() {
        print(title, &sizes.iter().map(|sizes| sizes[row].1).collect::<Vec<_>>());
    }
    for case in 1..CASES.len() {
        measure(case, (transactions / 40).clamp(10, 100), &mut stores, &mut world)?;
    }
    Ok(())
}
