//! Starting and stopping: what an operator sees of the program.

use std::fs;

use diesel::connection::SimpleConnection;
use rustix::process::Signal;
use serde_json::json;

use crate::{
    bad_start::connect,
    support::{Process, content, files, folder, printed, run},
};

type Arguments = &'static [&'static str];
type Environment = &'static [(&'static str, &'static str)];

#[test]
fn the_default_command_serves_and_greets_on_one_screen() {
    const FREE: &str = "127.0.0.1:0";
    let starts: [(Arguments, Environment); 3] =
        [(&[], &[("MESSENGER_ADDR", FREE)]), (&["--addr", FREE], &[]), (&["serve", "--addr", FREE], &[])];
    for (arguments, environment) in starts {
        let folder = folder();
        let server = Process::start_as(folder.path(), arguments, environment);
        let database = folder.path().canonicalize().expect("a folder").join("messenger.db");
        let expected = format!(
            "Messenger {version}

  GraphiQL   {graphiql}
  Chat       {chat}
  GraphQL    {url}/graphql
  Health     {url}/health/ready
  Database   {database}
  Sign-in    none: OPEN MODE, everybody may act as anybody; set MESSENGER_JWT_SECRET to ask for tokens

Open GraphiQL in a browser to send the first message. Ctrl-C stops the server.
",
            version = env!("CARGO_PKG_VERSION"),
            graphiql = graphiql_at(&server.url),
            chat = chat_at(&server.url),
            url = server.url,
            database = database.display(),
        );
        assert_eq!(server.greeting, expected, "{arguments:?}");
    }
}

#[test]
fn graphiql_is_recommended_only_where_it_gets_the_schema() {
    let table: [(Environment, bool); 6] = [
        (&[], true),
        (&[("MESSENGER_MAX_DOCUMENT_DEPTH", "15")], true),
        (&[("MESSENGER_MAX_DOCUMENT_DEPTH", "14")], false),
        (&[("MESSENGER_MAX_DOCUMENT_TOKENS", "100")], false),
        (&[("MESSENGER_MAX_DOCUMENT_COMPLEXITY", "1000")], false),
        (&[("MESSENGER_INTROSPECTION", "off")], false),
    ];
    for (settings, tells_schema) in table {
        let folder = folder();
        let settings: Vec<_> = settings.iter().copied().chain([("MESSENGER_ADDR", "127.0.0.1:0")]).collect();
        let server = Process::start_as(folder.path(), &[], &settings);
        let note = if tells_schema {
            ""
        } else {
            " (without the schema: introspection is off, or beyond the limits of documents)"
        };
        let line = format!("\n  GraphiQL   {}{note}\n", graphiql_at(&server.url));
        assert!(server.greeting.contains(&line), "{settings:?}: {}", server.greeting);
        assert_eq!(server.greeting.contains("Open GraphiQL"), tells_schema, "{settings:?}");
    }
}

fn graphiql_at(url: &str) -> String {
    format!("{url}/")
}

fn chat_at(url: &str) -> String {
    format!("{url}/chat/")
}

#[test]
fn flags_go_before_the_environment_and_that_before_dotenv() {
    const FLAG: &[&str] = &["--database", "flag.db"];
    const ENVIRONMENT: (&str, &str) = ("DATABASE_URL", "environment.db");
    const OLDER: (&str, &str) = ("MESSENGER_DB_SQLITE_FILE", "older.db");
    const DOTENV: &str = "# comment\nDATABASE_URL=dotenv.db\n";
    let table: [(Arguments, Environment, &str, &str); 8] = [
        (&[], &[], "", "messenger.db"),
        (&[], &[], DOTENV, "dotenv.db"),
        (&[], &[ENVIRONMENT], DOTENV, "environment.db"),
        (FLAG, &[ENVIRONMENT], DOTENV, "flag.db"),
        (&[], &[OLDER], "", "older.db"),
        (&[], &[OLDER, ENVIRONMENT], "", "environment.db"),
        (&[], &[], "MESSENGER_DB_SQLITE_FILE=older.db", "older.db"),
        (&[], &[("DATABASE_URL", "sqlite://url.db")], "", "url.db"),
    ];
    for (arguments, environment, dotenv, expected) in table {
        let folder = folder();
        fs::write(folder.path().join(".env"), dotenv).expect("a file");
        let arguments = [&["migrate"], arguments].concat();
        let said = printed(folder.path(), &arguments, environment);
        assert_eq!(said, format!("{expected} is up to date\n"));
        assert_eq!(files(folder.path()), [".env", expected]);
    }
}

#[test]
fn the_address_and_the_log_follow_the_same_order() {
    const ADDR: (&str, &str) = ("MESSENGER_ADDR", "environment");
    const QUIET: (&str, &str) = ("MESSENGER_LOG", "off");
    let folder = folder();
    let dotenv = "MESSENGER_ADDR=dotenv\nMESSENGER_LOG=a=dotenv\n";
    fs::write(folder.path().join(".env"), dotenv).expect("a file");
    let table: [(Arguments, Environment, &str); 4] = [
        (&[], &[], "messenger: MESSENGER_LOG or --log: "),
        (&[], &[QUIET], "messenger: cannot listen on dotenv: "),
        (&[], &[QUIET, ADDR], "messenger: cannot listen on environment: "),
        (
            &["--log", "off", "--addr", "flag"],
            &[("MESSENGER_LOG", "a=environment"), ADDR],
            "messenger: cannot listen on flag: ",
        ),
    ];
    for (arguments, environment, expected) in table {
        let said = run(folder.path(), arguments, environment).stderr;
        let said = String::from_utf8(said).expect("text");
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn what_only_prints_touches_nothing() {
    let version = concat!("messenger ", env!("CARGO_PKG_VERSION"), "\n");
    let folder = folder();
    assert_eq!(printed(folder.path(), &["schema"], &[]), include_str!("../../schema.graphql"));
    assert_eq!(printed(folder.path(), &["--version"], &[]), version);
    let help = printed(folder.path(), &["--help"], &[]);
    for command in ["serve", "schema", "example-setup", "token", "migrate", "seed"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}: {help}");
    }
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn migrate_makes_a_database_and_leaves_a_current_one_alone() {
    let folder = folder();
    assert_eq!(printed(folder.path(), &["migrate"], &[]), "messenger.db is up to date\n");
    let made = content(folder.path());
    assert_eq!(files(folder.path()), ["messenger.db"]);

    let output = run(folder.path(), &["migrate"], &[]);

    assert_eq!(
        (output.status.code(), output.stdout, output.stderr),
        (Some(0), b"messenger.db is up to date\n".to_vec(), Vec::new())
    );
    assert_eq!(content(folder.path()), made);
}

#[tokio::test]
async fn both_signals_end_it_in_order() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = folder();
        let server = Process::start(folder.path());
        let create = "mutation { createUser(input: {username: \"aaron\"}) { errors { code } } }";
        server.ask(create, json!({})).await.expect("an answer");

        server.signal(signal);

        let (code, said) = server.ended();
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(files(folder.path()), ["messenger.db"], "the log is folded in");
    }
}

#[tokio::test]
async fn a_database_that_was_killed_opens_again() {
    let folder = folder();
    let server = Process::start(folder.path());
    let create = "mutation { createUser(input: {username: \"aaron\"}) { errors { code } } }";
    server.ask(create, json!({})).await.expect("an answer");
    server.kill();
    assert!(files(folder.path()).contains(&"messenger.db-wal".to_owned()));

    let server = Process::start(folder.path());

    let found = server.ask("{ user(username: \"aaron\") { username } }", json!({})).await;
    assert_eq!(found.expect("an answer"), json!({ "data": { "user": { "username": "aaron" } } }));
}

#[test]
fn a_database_that_was_killed_before_its_first_migration_opens_again() {
    let folder = folder();
    let mut connection = connect(&folder.path().join("messenger.db"));
    connection
        .batch_execute(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);",
        )
        .expect("what Diesel does first");
    drop(connection);

    assert_eq!(printed(folder.path(), &["migrate"], &[]), "messenger.db is up to date\n");
}
