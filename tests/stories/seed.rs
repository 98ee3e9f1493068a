//! `seed`: a world to measure with, which is sound and always the same.

use std::path::Path;

use diesel::{
    Connection, RunQueryDsl,
    dsl::sql,
    select,
    sql_types::{BigInt, Text},
    sqlite::SqliteConnection,
};
use serde_json::json;

use crate::{
    bad_start::refuses,
    support::{Process, files, folder, printed},
};

const MESSAGES: i64 = 2_000;
const SMALL: [&str; 9] =
    ["seed", "--messages", "2000", "--users", "60", "--chatrooms", "12", "--database", "seed.db"];

fn number(connection: &mut SqliteConnection, query: &str) -> i64 {
    let found = select(sql::<BigInt>(&format!("({query})"))).get_result(connection);
    found.unwrap_or_else(|error| panic!("{query}: {error}"))
}

fn open(folder: &Path) -> SqliteConnection {
    let file = folder.join("seed.db").display().to_string();
    SqliteConnection::establish(&file).expect("a database")
}

/// What must not be in any database, however it came about.
const UNSOUND: [(&str, &str); 13] = [
    (
        "seqs are not 1, 2, 3 …",
        "SELECT 1 FROM messages GROUP BY conversation_id HAVING min(seq) <> 1 OR max(seq) <> count(*)",
    ),
    (
        "latest_seq is not the newest seq",
        "SELECT 1 FROM conversations c
         WHERE latest_seq <> (SELECT coalesce(max(seq), 0) FROM messages WHERE conversation_id = c.id)",
    ),
    (
        "activity is not the newest message",
        "SELECT 1 FROM conversations c
         WHERE activity <> (SELECT coalesce(max(id), c.id) FROM messages WHERE conversation_id = c.id)",
    ),
    (
        "ids and seqs do not ascend together",
        "SELECT 1 FROM (SELECT id, lag(id) OVER (PARTITION BY conversation_id ORDER BY seq) AS before FROM messages)
         WHERE id <= before",
    ),
    (
        "own_sent is not the number of one's own",
        "SELECT 1 FROM read_positions p WHERE own_sent <>
         (SELECT count(*) FROM messages m WHERE m.conversation_id = p.conversation_id AND m.sender_id = p.user_id)",
    ),
    (
        "own_read is not the number of one's own up to there",
        "SELECT 1 FROM read_positions p WHERE own_read <>
         (SELECT count(*) FROM messages m
          WHERE m.conversation_id = p.conversation_id AND m.sender_id = p.user_id AND m.seq <= p.read_up_to)",
    ),
    (
        "somebody has sent something and has no place",
        "SELECT 1 FROM messages m WHERE NOT EXISTS
         (SELECT 1 FROM read_positions p WHERE p.conversation_id = m.conversation_id AND p.user_id = m.sender_id)",
    ),
    (
        "somebody has read what is not there",
        "SELECT 1 FROM read_positions p JOIN conversations c ON c.id = p.conversation_id
         WHERE read_up_to NOT BETWEEN 0 AND latest_seq",
    ),
    (
        "member_count is not the number of members",
        "SELECT 1 FROM chatrooms c WHERE member_count <> (SELECT count(*) FROM memberships WHERE chatroom_id = c.id)",
    ),
    (
        "somebody writes to a chatroom that they are not in",
        "SELECT 1 FROM messages m WHERE recipient_id = conversation_id AND NOT EXISTS
         (SELECT 1 FROM memberships WHERE chatroom_id = m.conversation_id AND user_id = m.sender_id)",
    ),
    (
        "a message was not logged once",
        "SELECT 1 FROM messages m WHERE 1 <> (SELECT count(*) FROM events e
         WHERE e.conversation_id = m.conversation_id AND e.kind = 'message_sent' AND e.message_id = m.id AND e.seq = m.seq)",
    ),
    (
        "an answer is to another conversation",
        "SELECT 1 FROM messages m JOIN messages r ON r.id = m.reply_to_id WHERE r.conversation_id <> m.conversation_id",
    ),
    (
        "a reaction or a joining is not where the log has it",
        "SELECT position FROM reactions WHERE position NOT IN (SELECT position FROM events WHERE kind = 'reaction_added')
         UNION ALL SELECT joined_position FROM memberships
         WHERE joined_position NOT IN (SELECT position FROM events WHERE kind = 'member_joined')",
    ),
];

/// Some of everything, so that nothing is measured that real use does not have.
const VARIED: [&str; 11] = [
    "messages WHERE recipient_id = conversation_id",
    "messages WHERE recipient_id <> conversation_id",
    "messages WHERE reply_to_id IS NOT NULL",
    "messages WHERE client_message_id IS NOT NULL",
    "messages WHERE edited_at IS NOT NULL",
    "messages WHERE deleted_at IS NOT NULL",
    "messages WHERE length(text) > 300",
    "messages WHERE length(text) < length(CAST(text AS BLOB))",
    "reactions",
    "events WHERE kind = 'conversation_read'",
    "chatrooms WHERE member_count = (SELECT count(*) FROM users)",
];

#[tokio::test]
async fn a_seeded_database_is_as_sound_as_one_that_was_used() {
    let folder = folder();
    let said = printed(folder.path(), &SMALL, &[]);
    let made = said.lines().last().unwrap_or_default();
    assert!(made.starts_with("seed.db: made 60 users, 12 chatrooms and 2000 messages in "), "{said}");
    assert_eq!(files(folder.path()), ["seed.db"]);

    let connection = &mut open(folder.path());
    for (table, expected) in [("users", 60), ("chatrooms", 12), ("messages", MESSAGES)] {
        assert_eq!(number(connection, &format!("SELECT count(*) FROM {table}")), expected, "{table}");
    }
    for (fault, query) in UNSOUND {
        assert_eq!(number(connection, &format!("SELECT count(*) FROM ({query})")), 0, "{fault}");
    }
    for some in VARIED {
        assert_ne!(number(connection, &format!("SELECT count(*) FROM {some}")), 0, "{some}");
    }

    let environment = [("MESSENGER_ADDR", "127.0.0.1:0"), ("DATABASE_URL", "seed.db")];
    let server = Process::start_as(folder.path(), &[], &environment);
    let query = "{ user(username: \"anna.adams\") { id } }";
    let anna = server.ask(query, json!({})).await.expect("an answer")["data"]["user"]["id"].clone();
    let query = "query ($id: ID!) {
        conversations(userId: $id) { nodes { latestSeq lastMessage { seq } } }
    }";
    let inbox = server.ask(query, json!({ "id": anna })).await.expect("an answer");
    let conversations = inbox["data"]["conversations"]["nodes"].as_array().expect("conversations");
    assert!(conversations.len() >= 12, "{inbox}");
    let newest = |conversation: &&serde_json::Value| {
        conversation["lastMessage"].is_null()
            || conversation["lastMessage"]["seq"] == conversation["latestSeq"]
    };
    assert!(conversations.iter().all(|conversation| newest(&conversation)), "{inbox}");
}

#[test]
fn the_same_seed_makes_the_same_and_another_one_something_else() {
    let folders = [folder(), folder(), folder()];
    for (folder, seed) in folders.iter().zip(["7", "7", "8"]) {
        printed(folder.path(), &[&SMALL[..], &["--seed", seed]].concat(), &[]);
    }
    let connection = &mut open(folders[0].path());
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                  AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name <> 'log'";
    let tables: Vec<String> = diesel::sql_query(tables)
        .load::<Name>(connection)
        .expect("tables")
        .into_iter()
        .map(|row| row.name)
        .collect();
    assert!(tables.len() >= 8, "{tables:?}");
    for (place, name) in [(1, "same"), (2, "other")] {
        let file = folders[place].path().join("seed.db").display().to_string();
        diesel::sql_query(format!("ATTACH '{file}' AS {name}")).execute(connection).expect("a database");
    }
    let missing = |connection: &mut SqliteConnection, table: &str, [from, to]: [&str; 2]| {
        let missing = format!("SELECT * FROM {from}.{table} EXCEPT SELECT * FROM {to}.{table}");
        number(connection, &format!("SELECT count(*) FROM ({missing})"))
    };
    for table in tables {
        assert_eq!(missing(connection, &table, ["main", "same"]), 0, "{table}");
        assert_eq!(missing(connection, &table, ["same", "main"]), 0, "{table}");
    }
    assert_eq!(missing(connection, "log", ["main", "same"]), 1, "each has a log of its own");
    assert_eq!(missing(connection, "messages", ["main", "other"]), MESSAGES);
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[test]
fn nobody_is_buried_under_strangers() {
    let folder = folder();
    printed(folder.path(), &SMALL, &[]);
    refuses(&folder, &SMALL, &[], "seed.db: there are users already; fill a new database");
}

#[test]
fn it_fills_the_database_that_the_other_commands_take() {
    let folder = folder();
    let said = printed(folder.path(), &SMALL[..7], &[("DATABASE_URL", "sqlite://environment.db")]);
    let made = said.lines().last().unwrap_or_default();
    assert!(made.starts_with("environment.db: made 60 users"), "{said}");
    assert_eq!(files(folder.path()), ["environment.db"]);
}
