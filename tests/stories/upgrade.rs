//! A database of an older messenger: everything that was in it is there, in all that has been added since.

use diesel::{
    Connection, QueryResult, RunQueryDsl, sql_query,
    sql_types::{BigInt, Binary},
    sqlite::SqliteConnection,
};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use messenger::types::{Clock, DirectConversationId, IdMint, MessageId, UserId};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Actor, Server, TestClock, run, texts};

/// The database as it was when there were users and messages between two people.
fn old_database(folder: &TempDir) -> SqliteConnection {
    let file = folder.path().join("messenger.db").display().to_string();
    let mut connection = SqliteConnection::establish(&file).expect("a database");
    migrate(&mut connection, 3);
    connection
}

/// Runs as many of the migrations that are pending.
fn migrate(connection: &mut SqliteConnection, number: usize) {
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    for _ in 0..number {
        let migrations = FileBasedMigrations::from_path(migrations).expect("migrations");
        connection.run_next_migration(migrations).expect("a migration");
    }
}

/// Two people, and what they said.
struct Past {
    aaron: UserId,
    betty: UserId,
    conversation: DirectConversationId,
}

const SAID: [(bool, &str); 4] =
    [(true, "Hello Betty"), (true, "Are you there?"), (false, "Hello Aaron"), (true, "Good, you are there")];

/// Stores what the old program would have stored.
fn live(connection: &mut SqliteConnection) -> QueryResult<Past> {
    let mint = IdMint::new(Box::new(StdRng::seed_from_u64(41)), None);
    let now = TestClock::default().now();
    let past = Past { aaron: mint.mint(now), betty: mint.mint(now), conversation: mint.mint(now) };
    for (id, name) in [(past.aaron, "aaron"), (past.betty, "betty")] {
        sql_query(format!("INSERT INTO users VALUES (?, '{name}', '{name}', ?)"))
            .bind::<Binary, _>(id)
            .bind::<BigInt, _>(now)
            .execute(connection)?;
    }
    sql_query("INSERT INTO conversations VALUES (?, 4)")
        .bind::<Binary, _>(past.conversation)
        .execute(connection)?;
    sql_query("INSERT INTO direct_conversations VALUES (?, ?, ?)")
        .bind::<Binary, _>(past.conversation)
        .bind::<Binary, _>(past.aaron)
        .bind::<Binary, _>(past.betty)
        .execute(connection)?;
    for (seq, (by_aaron, text)) in (1..).zip(SAID) {
        let (from, to) = if by_aaron { (past.aaron, past.betty) } else { (past.betty, past.aaron) };
        let id: MessageId = mint.mint(now);
        sql_query(format!("INSERT INTO messages VALUES (?, ?, ?, {seq}, ?, ?, 'key-{seq}', '{text}')"))
            .bind::<Binary, _>(to)
            .bind::<Binary, _>(id)
            .bind::<Binary, _>(past.conversation)
            .bind::<Binary, _>(from)
            .bind::<BigInt, _>(now)
            .execute(connection)?;
    }
    Ok(past)
}

const INBOX: &str = "query ($by: ID) { conversations(userId: $by, first: 5) { nodes {
    id unreadCount latestSeq lastMessage { text }
    messages { nodes { seq text sender { username } } }
} } }";

const SEARCH: &str =
    "query ($by: ID, $text: String!) { searchMessages(userId: $by, text: $text) { nodes { text } } }";

#[tokio::test]
async fn an_older_database_is_brought_up_to_date_with_all_that_is_in_it() {
    let folder = TempDir::new().expect("a folder");
    let past = live(&mut old_database(&folder)).expect("a past");
    let server = Server::start_on(folder).await;
    let person =
        |id: UserId, name: &str| Actor { server: &server, username: name.into(), id: id.to_string() };
    let (aaron, betty) = (person(past.aaron, "aaron"), person(past.betty, "betty"));

    let history = |(place, (by_aaron, text)): (usize, (bool, &str))| {
        let sender = if by_aaron { "aaron" } else { "betty" };
        json!({ "seq": place + 1, "text": text, "sender": { "username": sender } })
    };
    let history: Vec<Value> = SAID.into_iter().enumerate().map(history).rev().collect();
    for (reader, unread) in [(&aaron, 1), (&betty, 3)] {
        let inbox = server.ask(INBOX, json!({ "by": reader.id })).await;
        let expected = json!({
            "id": past.conversation.to_string(),
            "unreadCount": unread,
            "latestSeq": 4,
            "lastMessage": { "text": "Good, you are there" },
            "messages": { "nodes": history },
        });
        assert_eq!(inbox, json!({ "data": { "conversations": { "nodes": [expected] } } }));
        for (text, expected) in [
            ("hello", &["Hello Aaron", "Hello Betty"]),
            ("there you are", &["Good, you are there", "Are you there?"]),
        ] {
            let found = server.ask(SEARCH, json!({ "by": reader.id, "text": text })).await;
            assert_eq!(texts(&found["data"]["searchMessages"]), expected, "{text}");
        }
    }
    assert_eq!(betty.reads_texts(json!({})).await, ["Good, you are there", "Are you there?", "Hello Betty"]);

    let next = betty.sends(&aaron, "Good to see you there").await;
    assert_eq!(
        (&next["seq"], &next["conversation"]["id"]),
        (&json!(5), &json!(past.conversation.to_string()))
    );
    let retry = json!({ "recipientId": betty.id, "text": "Hello Betty", "clientMessageId": "key-1" });
    assert_eq!(aaron.tries_to_send(retry).await["deduplicated"], true);
    let found = server.ask(SEARCH, json!({ "by": aaron.id, "text": "there" })).await;
    let expected = ["Good to see you there", "Good, you are there", "Are you there?"];
    assert_eq!(texts(&found["data"]["searchMessages"]), expected);
}

/// Stores messages from Aaron to Betty as the old program would have, each with a number.
fn chatter(connection: &mut SqliteConnection, past: &Past, number: i64) -> QueryResult<()> {
    let mint = IdMint::new(Box::new(StdRng::seed_from_u64(42)), None);
    let now = TestClock::default().now();
    connection.transaction(|connection| {
        for seq in 5..5 + number {
            let id: MessageId = mint.mint(now);
            let row = format!("INSERT INTO messages VALUES (?, ?, ?, {seq}, ?, ?, NULL, 'Ёж №{seq:05}')");
            sql_query(row)
                .bind::<Binary, _>(past.betty)
                .bind::<Binary, _>(id)
                .bind::<Binary, _>(past.conversation)
                .bind::<Binary, _>(past.aaron)
                .bind::<BigInt, _>(now)
                .execute(connection)?;
        }
        let latest = format!("UPDATE conversations SET latest_seq = {}", 4 + number);
        sql_query(latest).execute(connection).map(drop)
    })
}

#[tokio::test]
async fn the_search_index_is_built_anew_and_goes_on_where_it_was_interrupted() {
    let folder = TempDir::new().expect("a folder");
    let mut connection = old_database(&folder);
    let past = live(&mut connection).expect("a past");
    chatter(&mut connection, &past, 12_000).expect("a longer past");
    // Up to where the database cut the words.
    migrate(&mut connection, 8);
    // In the second of the batches.
    let fault = "CREATE TRIGGER fault BEFORE DELETE ON unindexed_messages WHEN OLD.number = 11000
        BEGIN SELECT RAISE(ABORT, 'the power went'); END";
    sql_query(fault).execute(&mut connection).expect("a fault to come");

    let interrupted = run(folder.path(), &["migrate"], &[]);
    let told = String::from_utf8_lossy(&interrupted.stderr).into_owned();
    assert!(!interrupted.status.success(), "{told}");
    assert!(told.contains("its search index could not be built: the power went"), "{told}");
    assert!(told.contains("building the search index messages=10000 of=12004"), "{told}");

    sql_query("DROP TRIGGER fault").execute(&mut connection).expect("the fault");
    drop(connection);
    let done = run(folder.path(), &["migrate"], &[]);
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{told}");
    assert!(told.contains("building the search index messages=2004 of=2004"), "{told}");

    let server = Server::start_on(folder).await;
    let search = async |text: &str| {
        let found = server.ask(SEARCH, json!({ "by": past.betty.to_string(), "text": text })).await;
        texts(&found["data"]["searchMessages"])
    };
    for number in ["00005", "10004", "10005", "12004"] {
        assert_eq!(search(&format!("еж {number}")).await, [format!("Ёж №{number}")]);
    }
    assert_eq!(search("HELLO").await, ["Hello Aaron", "Hello Betty"]);
    assert_eq!(search("еж 1200").await.len(), 5, "12,000 to 12,004, each once");
}
