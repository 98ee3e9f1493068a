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

use crate::stage::{Actor, Server, StageClock, texts};

/// The database as it was when there were users and messages between two people.
fn old_database(folder: &TempDir) -> SqliteConnection {
    let file = folder.path().join("messenger.db").display().to_string();
    let mut connection = SqliteConnection::establish(&file).expect("a database");
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    for _ in 0..3 {
        let migrations = FileBasedMigrations::from_path(migrations).expect("migrations");
        connection.run_next_migration(migrations).expect("a migration");
    }
    connection
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
    let now = StageClock::default().now();
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
