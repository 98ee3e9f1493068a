//! The database: its migrations, what the program believes of its tables, and what a connection may do.

use std::{collections::BTreeMap, path::Path};

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl,
    dsl::sql,
    sql_query,
    sql_types::{BigInt, Bool, Text},
    sqlite::SqliteConnection,
};
use messenger::store::{Connection, StatementObserver, Store, StoreConfig, StoreError, revert_all};
use tempfile::TempDir;

use crate::support::Server;

/// Brings a database up to date.
fn migrate(file: &Path) {
    let config = StoreConfig { readers: 1, ..StoreConfig::new(file) };
    let store = Store::open(&config, StatementObserver::log()).expect("a database");
    store.close();
}

fn connect(file: &Path) -> SqliteConnection {
    SqliteConnection::establish(&file.display().to_string()).expect("a database")
}

/// Everything that has been created in a database, but for the tables of Diesel and of SQLite.
fn created(file: &Path) -> Vec<String> {
    let statements = "SELECT sql FROM sqlite_master
         WHERE sql IS NOT NULL AND tbl_name <> '__diesel_schema_migrations' AND tbl_name NOT LIKE 'sqlite%' ORDER BY sql";
    sql::<Text>(statements).load(&mut connect(file)).expect("statements")
}

#[test]
fn migrations_go_up_and_down_and_up_again() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("messenger.db");
    migrate(&file);
    let up = created(&file);
    assert_ne!(up, [""; 0]);

    revert_all(&mut Connection::Sqlite(connect(&file))).expect("a way down");
    assert_eq!(created(&file), [""; 0], "nothing is left");

    migrate(&file);
    assert_eq!(created(&file), up);
}

/// A table: its primary key, and its columns with their types.
#[derive(Debug, Default, PartialEq)]
struct Table {
    key: Vec<String>,
    columns: Vec<(String, String)>,
}

type Tables = BTreeMap<String, Table>;

/// Reads the `diesel::table!` blocks of `src/store/schema.rs`.
fn believed() -> Tables {
    let source = include_str!("../../src/store/schema.rs");
    source
        .split("diesel::table! {")
        .skip(1)
        .map(|block| {
            let (head, columns) = block.split_once(") {").expect("a head");
            let (name, key) = head.split_once('(').expect("a key");
            let key = key.split(',').map(|column| column.trim().to_owned()).collect();
            let columns = columns.split_once('}').expect("an end").0;
            let column = |line: &str| {
                let (name, kind) = line.split_once(" -> ")?;
                Some((name.trim().to_owned(), kind.trim_end_matches(',').to_owned()))
            };
            let columns = columns.lines().filter_map(column).collect();
            (name.trim().to_owned(), Table { key, columns })
        })
        .collect()
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    not_null: bool,
    /// The place in the primary key, 0 outside of it.
    #[diesel(sql_type = BigInt)]
    place_in_key: i64,
}

impl Column {
    /// As Diesel writes it.
    fn diesel_type(&self) -> String {
        let kind = match self.kind.as_str() {
            "BLOB" => "Binary",
            "BIGINT" | "INTEGER" => "BigInt",
            "TEXT" => "Text",
            other => other,
        };
        if self.not_null { kind.to_owned() } else { format!("Nullable<{kind}>") }
    }
}

/// Asks the database.
fn actual(file: &Path) -> Tables {
    let columns: Vec<Column> = sql_query(
        "SELECT t.name AS table_name, c.name, c.type AS kind, c.\"notnull\" AS not_null, c.pk AS place_in_key
         FROM sqlite_master AS t, pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND t.name <> '__diesel_schema_migrations' AND t.name NOT LIKE 'sqlite%'
         -- The search index, which is SQLite's own.
         AND t.name NOT LIKE 'message_words%' AND t.name NOT IN ('searchable_messages', 'unindexed_messages')
         ORDER BY t.name, c.cid",
    )
    .load(&mut connect(file))
    .expect("columns");
    let mut tables = Tables::new();
    let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    for column in columns {
        let table = tables.entry(column.table_name.clone()).or_default();
        table.columns.push((column.name.clone(), column.diesel_type()));
        if column.place_in_key > 0 {
            let key = keys.entry(column.table_name).or_default();
            key.insert(column.place_in_key, column.name);
        }
    }
    for (table, key) in keys {
        tables.entry(table).or_default().key = key.into_values().collect();
    }
    tables
}

#[test]
fn the_program_knows_the_tables_as_they_are() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("messenger.db");
    migrate(&file);
    assert_eq!(believed(), actual(&file));
}

fn pragma(connection: &mut Connection, name: &str) -> Result<String, StoreError> {
    let Connection::Sqlite(connection) = connection;
    let value = sql::<Text>(&format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}"));
    Ok(value.get_result(connection)?)
}

fn pragmas(connection: &mut Connection, names: [&str; 4]) -> Result<Vec<String>, StoreError> {
    names.iter().map(|name| pragma(connection, name)).collect()
}

#[tokio::test]
async fn connections_are_set_up_to_lose_nothing() {
    let server = Server::start().await;
    let store = &server.app.store;
    let names = ["journal_mode", "foreign_keys", "synchronous", "query_only"];
    let full = "2";
    let writer = store.write(move |connection| pragmas(connection, names)).await;
    assert_eq!(writer.expect("values"), ["wal", "1", full, "0"]);
    let reader = store.read(move |connection| pragmas(connection, names)).await;
    assert_eq!(reader.expect("values"), ["wal", "1", full, "1"]);
}

#[tokio::test]
async fn a_reader_cannot_write_whatever_runs_on_it() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let attempts = [
        "DELETE FROM users",
        "UPDATE users SET username = 'nobody'",
        "INSERT INTO users VALUES (x'00', '', '', 0, NULL, 'everybody')",
        "CREATE TABLE notes (text TEXT)",
        "DROP TABLE messages",
        "PRAGMA user_version = 7",
    ];
    for switch in ["PRAGMA query_only = ON", "PRAGMA query_only = OFF"] {
        for attempt in attempts {
            let outcome = server.app.store.read(move |connection| {
                let Connection::Sqlite(connection) = connection;
                sql_query(switch).execute(connection)?;
                Ok::<_, StoreError>(sql_query(attempt).execute(connection).map(drop)?)
            });
            let refused = outcome.await.expect_err(attempt).to_string();
            assert_eq!(refused, "attempt to write a readonly database", "{switch}; {attempt}");
        }
    }
    let found = server.ask("{ users { nodes { id } } }", serde_json::json!({})).await;
    assert_eq!(found, serde_json::json!({ "data": { "users": { "nodes": [{ "id": aaron.id }] } } }));
}

#[tokio::test]
async fn what_refers_to_nothing_is_not_stored() {
    let server = Server::start().await;
    let orphan = "INSERT INTO conversations VALUES (x'00', 0, x'00', x'00', x'00')";
    let outcome = server.app.store.write(move |connection| {
        let Connection::Sqlite(connection) = connection;
        Ok::<_, StoreError>(sql_query(orphan).execute(connection).map(drop)?)
    });
    assert_eq!(outcome.await.expect_err("a refusal").to_string(), "FOREIGN KEY constraint failed");
}
