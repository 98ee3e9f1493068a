//! Starting and stopping: what an operator sees of the program.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

use diesel::{Connection, connection::SimpleConnection, sqlite::SqliteConnection};
use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stage::{Process, run};

type Arguments = &'static [&'static str];
type Environment = &'static [(&'static str, &'static str)];

fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// Every file below a folder with its bytes, every folder with none.
fn content(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(content(&path));
            found.insert(path, None);
        } else {
            let bytes = fs::read(&path).expect("a file");
            found.insert(path, Some(bytes));
        }
    }
    found
}

/// The names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    content(folder).keys().map(name).collect()
}

/// Runs the program, which must succeed; gives what it printed.
fn printed(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = run(folder, arguments, environment);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

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

  GraphiQL   {url}/
  GraphQL    {url}/graphql
  Health     {url}/health/ready
  Database   {database}

Open GraphiQL in a browser to send the first message. Ctrl-C stops the server.
",
            version = env!("CARGO_PKG_VERSION"),
            url = server.url,
            database = database.display(),
        );
        assert_eq!(server.greeting, expected, "{arguments:?}");
    }
}

#[test]
fn flags_go_before_the_environment_and_that_before_dotenv() {
    const FLAG: &[&str] = &["--database", "flag.db"];
    const ENVIRONMENT: (&str, &str) = ("DATABASE_URL", "environment.db");
    const OLDER: (&str, &str) = ("MESSENGER_DB_SQLITE_FILE", "older.db");
    const DOTENV: &str = "# comment\nDATABASE_URL=dotenv.db\n";
    let table: [(Arguments, Environment, &str, &str); 9] = [
        (&[], &[], "", "messenger.db"),
        (&[], &[], DOTENV, "dotenv.db"),
        (&[], &[ENVIRONMENT], DOTENV, "environment.db"),
        (FLAG, &[ENVIRONMENT], DOTENV, "flag.db"),
        (&[], &[OLDER], "", "older.db"),
        (&[], &[OLDER, ENVIRONMENT], "", "environment.db"),
        (&[], &[], "MESSENGER_DB_SQLITE_FILE=older.db", "older.db"),
        (&[], &[("DATABASE_URL", "sqlite://url.db")], "", "url.db"),
        (&[], &[("DATABASE_URL", " ")], "", "messenger.db"),
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
        (&[], &[], "messenger: MESSENGER_LOG: "),
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
    for command in ["serve", "schema", "example-setup", "migrate"] {
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

/// The paragraph of what `example-setup` prints that starts like this, without its indentation.
fn paragraph(said: &str, start: &str) -> String {
    let found = said.split("\n\n").map(str::trim).find(|text| text.starts_with(start));
    found.unwrap_or_else(|| panic!("{start}: {said}")).to_owned()
}

async fn texts(server: &Process, query: &str) -> Vec<String> {
    let answer = server.ask(query, json!({})).await.expect("an answer");
    crate::stage::texts(&answer["data"]["recentMessages"])
}

#[tokio::test]
async fn the_example_can_be_tried_as_it_says() {
    let table: [(&[&str], &str); 2] =
        [(&["example-setup"], "example.db"), (&["example-setup", "--database", "mine.db"], "mine.db")];
    for (arguments, file) in table {
        let folder = folder();
        let said = printed(folder.path(), arguments, &[]);
        assert_eq!(
            said.lines().next(),
            Some(format!("{file}: made aaron, betty, carol and 16 messages of the last weeks").as_str())
        );
        assert_eq!(files(folder.path()), [file]);

        let start = paragraph(&said, "DATABASE_URL=");
        let (name, value) = start
            .strip_suffix(" cargo run")
            .and_then(|setting| setting.split_once('='))
            .expect("a setting and a command");
        let server =
            Process::start_as(folder.path(), &[], &[("MESSENGER_ADDR", "127.0.0.1:0"), (name, value)]);
        let last_hundred = paragraph(&said, "query");
        let thirty_days = last_hundred.replace("{last: 100}", "{days: 30}");
        let all = texts(&server, &last_hundred).await;
        let recent = texts(&server, &thirty_days).await;
        assert_eq!(
            all.split_last().expect("a message"),
            (&"Hi Betty, this is Aaron. Is this thing on?".to_owned(), recent.as_slice()),
            "the oldest is older than thirty days"
        );
        assert_ne!(recent, [""; 0]);

        let answer = server.ask(&paragraph(&said, "mutation"), json!({})).await;
        let payload = answer.expect("an answer")["data"]["sendMessage"].clone();
        assert_eq!(payload["errors"], json!([]), "{payload}");
        let all = texts(&server, &last_hundred).await;
        assert_eq!(all.first().map(String::as_str), Some("Hello, Betty!"));
    }
}

#[test]
fn the_example_is_set_up_once() {
    let folder = folder();
    let first = printed(folder.path(), &["example-setup"], &[]);
    let made = content(folder.path());

    let second = printed(folder.path(), &["example-setup"], &[]);

    let (done, steps) = second.split_once('\n').expect("lines");
    assert_eq!(done, "example.db: the example is there already; nothing was changed");
    assert_eq!(Some(steps), first.split_once('\n').map(|(_, steps)| steps), "what to try is told again");
    assert_eq!(content(folder.path()), made);
}

/// Runs a mutation on the database `messenger.db`, which is closed again.
async fn change(folder: &Path, mutation: &str) -> Value {
    let server = Process::start(folder);
    let answer = server.ask(mutation, json!({})).await.expect("an answer");
    server.signal(Signal::TERM);
    assert_eq!(server.ended().0, Some(0));
    answer["data"].clone()
}

#[tokio::test]
async fn a_renamed_example_is_still_the_example() {
    let folder = folder();
    let setup = ["example-setup", "--database", "messenger.db"];
    printed(folder.path(), &setup, &[]);
    let rename = "mutation {
        updateUser(input: {userId: \"user_01kdvq5a00eaaaaaaaaaaaaaaa\", username: \"aaron2\"}) { errors { code } }
    }";
    let renamed = change(folder.path(), rename).await;
    assert_eq!(renamed, json!({ "updateUser": { "errors": [] } }));

    let said = printed(folder.path(), &setup, &[]);

    let done = "messenger.db: the example is there already; nothing was changed";
    assert_eq!(said.lines().next(), Some(done));
}

#[tokio::test]
async fn the_example_does_not_mix_with_strangers() {
    for username in ["aaron", "carol"] {
        let folder = folder();
        let create =
            format!("mutation {{ createUser(input: {{username: \"{username}\"}}) {{ errors {{ code }} }} }}");
        let created = change(folder.path(), &create).await;
        assert_eq!(created, json!({ "createUser": { "errors": [] } }));
        refuses(
            &folder,
            &["example-setup", "--database", "messenger.db"],
            &[],
            &format!(
                "messenger.db: somebody else is called {username} there; fill another database, with --database FILE"
            ),
        );
    }
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

fn connect(file: &Path) -> SqliteConnection {
    SqliteConnection::establish(&file.display().to_string()).expect("a database")
}

/// A start that fails: one line, a code, and no trace. `…` in the expected line stands for anything.
fn refuses(folder: &TempDir, arguments: &[&str], environment: &[(&str, &str)], expected: &str) {
    let before = data(folder.path());
    let output = run(folder.path(), arguments, environment);
    let said = String::from_utf8(output.stderr).expect("text");
    let (start, end) = expected.split_once('…').unwrap_or((expected, ""));
    let line = said
        .strip_prefix("messenger: ")
        .and_then(|said| said.strip_suffix('\n'))
        .unwrap_or_else(|| panic!("{expected}: {said:?}"));
    assert!(!line.contains('\n'), "one line: {said}");
    assert!(
        line.starts_with(start) && line.ends_with(end) && (line == start || expected.contains('…')),
        "{said}is not\n{expected}"
    );
    assert_eq!((output.status.code(), output.stdout), (Some(1), Vec::new()));
    let after = data(folder.path());
    assert!(after.keys().eq(before.keys()), "{expected}: {:?}", after.keys());
    assert!(after == before, "{expected}: something was changed");
}

/// What is in a folder but for the index of a log, which SQLite makes anew whenever somebody looks into the log.
fn data(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = content(folder);
    found.retain(|path, _| !path.to_string_lossy().ends_with("-shm"));
    found
}

#[test]
fn an_address_that_is_taken_is_refused_before_the_database_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = taken.local_addr().expect("an address").to_string();
    refuses(
        &folder(),
        &["--addr", &addr],
        &[],
        &format!(
            "the address {addr} is taken by another program; stop it, or choose another with MESSENGER_ADDR or --addr"
        ),
    );
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    let database = |value| ("DATABASE_URL", value);
    let table = [
        (
            database("mysql://me:secret@host/db"),
            "DATABASE_URL: the scheme mysql: is unknown; use a path or sqlite://path",
        ),
        (
            database("postgres://me:secret@host/db"),
            "DATABASE_URL: PostgreSQL is not supported by this version yet; use a path or sqlite://path",
        ),
        (
            database("sqlite://messenger.db?mode=ro"),
            "DATABASE_URL: sqlite:// takes a path and no parameters; remove everything from the question mark on",
        ),
        (database("sqlite://"), "DATABASE_URL: the path is missing; use a path or sqlite://path"),
        (
            database(":memory:"),
            "DATABASE_URL: a database in memory would be lost at the end; use a path or sqlite://path",
        ),
        (
            ("MESSENGER_ADDR", "nonsense"),
            "cannot listen on nonsense: …; set MESSENGER_ADDR or --addr, such as 127.0.0.1:8080",
        ),
        (
            ("MESSENGER_ADDR", "127.0.0.1:99999"),
            "cannot listen on 127.0.0.1:99999: …; set MESSENGER_ADDR or --addr, such as 127.0.0.1:8080",
        ),
        (("MESSENGER_LOG", "messenger=loud"), "MESSENGER_LOG: …; use a level such as info or debug"),
        (
            ("MESSENGER_LOG", "verbose"),
            "MESSENGER_LOG: verbose is no level; use a level such as info or debug",
        ),
    ];
    for (setting, expected) in table {
        // An address that is free, in case that the setting should be accepted.
        refuses(&folder(), &[], &[("MESSENGER_ADDR", "127.0.0.1:0"), setting], expected);
    }
}

#[test]
fn a_dotenv_that_cannot_be_read_is_refused() {
    let malformed = ".env cannot be read: a line is no NAME=value, near its character …";
    let folder = folder();
    let file = folder.path().join(".env");
    for text in ["not a setting\n", "MESSENGER_LOG=\"open\n"] {
        fs::write(&file, text).expect("a file");
        refuses(&folder, &[], &[], malformed);
    }
    fs::remove_file(&file).expect("a file");
    fs::create_dir(&file).expect("a folder");
    refuses(&folder, &[], &[], ".env cannot be read: …");
}

#[test]
fn files_that_are_no_messengers_database_are_refused_untouched() {
    const CORRUPT: &str =
        "it is corrupt (…); restore it from a backup, or save what is left with `sqlite3 FILE .recover`";
    const NEWER: &str = "it was migrated by a newer messenger (migration 99991231000000); this is version …, start the newer one";
    type Arrange = fn(&Path);
    let table: [(&str, Arrange, &str); 9] = [
        ("folder", |file| fs::create_dir(file).expect("a folder"), "it is a folder; name a file"),
        ("missing/messenger.db", |_| {}, "the folder missing cannot be used (…); make it first"),
        (
            "file/messenger.db",
            |file| fs::write(file.parent().expect("a folder"), "a file").expect("a file"),
            "file is not a folder",
        ),
        (
            "text.db",
            |file| fs::write(file, "Dear diary,\n").expect("a file"),
            "it is not a SQLite database; name another file, or move this one away",
        ),
        (
            "truncated.db",
            |file| {
                let whole = example(file);
                fs::write(file, &whole[..whole.len() / 2]).expect("a file");
            },
            CORRUPT,
        ),
        (
            "corrupt.db",
            |file| {
                let mut bytes = example(file);
                let third = bytes.len() / 3;
                bytes[third..2 * third].fill(0xa5);
                fs::write(file, bytes).expect("a file");
            },
            CORRUPT,
        ),
        (
            "foreign.db",
            |file| {
                let made = connect(file).batch_execute("CREATE TABLE recipes (name TEXT)");
                made.expect("a table");
            },
            "it is the SQLite database of another program; name another file",
        ),
        (
            "newer.db",
            |file| {
                example(file);
                connect(file).batch_execute(FROM_THE_FUTURE).expect("a row");
            },
            NEWER,
        ),
        ("newer-killed.db", newer_with_a_log, NEWER),
    ];
    for (name, arrange, expected) in table {
        let folder = folder();
        arrange(&folder.path().join(name));
        refuses(
            &folder,
            &["--addr", "127.0.0.1:0", "--database", name],
            &[],
            &format!("cannot use the database {name}: {expected}"),
        );
    }
}

const FROM_THE_FUTURE: &str =
    "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000000', '9999-12-31')";

/// Makes an example there; gives its bytes.
fn example(file: &Path) -> Vec<u8> {
    let folder = file.parent().expect("a folder");
    let name = file.to_str().expect("a path");
    printed(folder, &["example-setup", "--database", name], &[]);
    fs::read(file).expect("a file")
}

/// A newer database whose program was killed: what makes it newer is still in the log.
fn newer_with_a_log(file: &Path) {
    let aside = folder();
    let original = aside.path().join("messenger.db");
    example(&original);
    let mut connection = connect(&original);
    connection.batch_execute(FROM_THE_FUTURE).expect("a row");
    for suffix in ["", "-wal"] {
        let named = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        fs::copy(named(&original), named(file)).expect("a copy");
    }
}
