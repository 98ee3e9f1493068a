//! The index follows in steps, and has what the messages say in the end.

use diesel::connection::SimpleConnection;

use super::*;
use crate::store::{StatementObserver, StoreConfig, migrations, sqlite::Database};

/// A database without keys to other tables, so that a message needs nobody.
fn database(folder: &tempfile::TempDir) -> Connection {
    let config = StoreConfig::new(&folder.path().join("messenger.db"));
    let database = Database::new(&config, StatementObserver::log());
    let mut connection = database.open_for_writing().expect("a database");
    migrations::run(&mut connection).expect("its tables");
    connection.batch_execute("PRAGMA foreign_keys = OFF").expect("no foreign keys");
    connection
}

fn say(connection: &mut Connection, number: u8, text: &str) {
    let id = format!("x'{number:032x}'");
    let values = format!("zeroblob(16), {id}, zeroblob(16), {number}, zeroblob(16), 0, '{text}'");
    let columns = "recipient_id, id, conversation_id, seq, sender_id, sent_at, text";
    connection
        .batch_execute(&format!("INSERT INTO messages ({columns}) VALUES ({values})"))
        .expect("a message");
}

fn change(connection: &mut Connection, number: u8, to: &str) {
    let update = format!("UPDATE messages SET {to} WHERE id = x'{number:032x}'");
    connection.batch_execute(&update).expect("a change");
}

/// The numbers of the messages that the index has under a word.
fn indexed(connection: &mut Connection, word: &str) -> Vec<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        rowid: i64,
    }
    let Connection::Sqlite(connection) = connection;
    let rows = sql_query("SELECT rowid FROM message_words WHERE message_words MATCH ? ORDER BY rowid");
    let rows: Vec<Row> = rows.bind::<Text, _>(word).load(connection).expect("the index");
    rows.into_iter().map(|row| row.rowid).collect()
}

/// Two of these are more than a step.
fn long(word: &str) -> String {
    format!("{word} {}", "x".repeat(10_000))
}

#[test]
fn what_a_few_messages_say_is_indexed_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut connection = database(&folder);
    assert_eq!(catch_up(&mut connection), Ok(0), "nothing waits");
    say(&mut connection, 1, "hello");
    say(&mut connection, 2, "hello again");
    assert_eq!(indexed(&mut connection, "hello"), [0; 0]);
    assert_eq!(catch_up(&mut connection), Ok(0));
    assert_eq!(indexed(&mut connection, "hello"), [1, 2]);
}

#[test]
fn long_texts_are_indexed_in_steps_the_oldest_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut connection = database(&folder);
    let size = 64 + u64::try_from(long("hello").len()).expect("a length");
    for number in 1..=5 {
        say(&mut connection, number, &long("hello"));
    }
    assert_eq!(catch_up(&mut connection), Ok(3 * size));
    assert_eq!(indexed(&mut connection, "hello"), [1, 2]);
    assert_eq!(catch_up(&mut connection), Ok(size));
    assert_eq!(catch_up(&mut connection), Ok(0));
    assert_eq!(indexed(&mut connection, "hello"), [1, 2, 3, 4, 5]);
}

#[test]
fn what_changes_while_it_waits_is_indexed_as_it_is_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut connection = database(&folder);
    for number in 1..=8 {
        say(&mut connection, number, &long("before"));
    }
    catch_up(&mut connection).expect("a step");
    assert_eq!(indexed(&mut connection, "before"), [1, 2]);
    // Of what is indexed, and of what waits, one is deleted, one is edited, and one is edited twice.
    for (number, to) in [
        (1, "text = '', deleted_at = 1"),
        (2, &*format!("text = '{}'", long("after"))),
        (7, "text = '', deleted_at = 1"),
        (8, &*format!("text = '{}'", long("after"))),
        (2, "text = 'twice'"),
        (8, "text = 'twice'"),
    ] {
        change(&mut connection, number, to);
    }
    while catch_up(&mut connection).expect("a step") > 0 {}
    assert_eq!(indexed(&mut connection, "before"), [3, 4, 5, 6]);
    assert_eq!(indexed(&mut connection, "after"), [0; 0]);
    assert_eq!(indexed(&mut connection, "twice"), [2, 8]);
    connection
        .batch_execute("INSERT INTO message_words (message_words) VALUES ('integrity-check')")
        .expect("an index without a fault");
}

#[test]
fn no_more_waits_than_a_search_can_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut connection = database(&folder);
    for number in 0..250 {
        say(&mut connection, number, &long("hello"));
    }
    let waiting = catch_up(&mut connection).expect("a step");
    assert!(waiting <= BACKLOG.unsigned_abs(), "{waiting} bytes wait");
}
