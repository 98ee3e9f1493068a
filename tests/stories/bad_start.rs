//! Starts that fail: one line says why, and nothing has been touched.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

use diesel::{Connection, connection::SimpleConnection, sqlite::SqliteConnection};
use tempfile::TempDir;

use crate::support::{content, folder, printed, run};

/// A connection of a stranger.
pub fn connect(file: &Path) -> SqliteConnection {
    SqliteConnection::establish(&file.display().to_string()).expect("a database")
}

/// A start that fails: one line, a code, and no trace. `…` in the expected line stands for anything.
pub fn refuses(folder: &TempDir, arguments: &[&str], environment: &[(&str, &str)], expected: &str) {
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

/// What is in a folder but for the index of a WAL, which SQLite makes anew whenever the WAL is read.
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
            "DATABASE_URL or --database: the scheme mysql: is unknown; use a path or sqlite://path",
        ),
        (
            database("postgres://me:secret@host/db"),
            "DATABASE_URL or --database: PostgreSQL is not supported by this version yet; use a path or sqlite://path",
        ),
        (
            database("sqlite://messenger.db?mode=ro"),
            "DATABASE_URL or --database: sqlite:// takes a path and no parameters; remove everything from the question mark on",
        ),
        (
            database("sqlite://"),
            "DATABASE_URL or --database: the path is missing; use a path or sqlite://path",
        ),
        (
            database(":memory:"),
            "DATABASE_URL or --database: a database in memory would be lost at the end; use a path or sqlite://path",
        ),
        (
            ("MESSENGER_ADDR", "nonsense"),
            "cannot listen on nonsense: …; set MESSENGER_ADDR or --addr, such as 127.0.0.1:8080",
        ),
        (
            ("MESSENGER_ADDR", "127.0.0.1:99999"),
            "cannot listen on 127.0.0.1:99999: …; set MESSENGER_ADDR or --addr, such as 127.0.0.1:8080",
        ),
        (
            ("MESSENGER_ALLOWED_ORIGINS", "https://chat.example,chat.example/"),
            "MESSENGER_ALLOWED_ORIGINS or --allowed-origins: chat.example/ is no origin; write scheme://host or \
             scheme://host:port with nothing behind it, such as https://chat.example, several with commas between them, \
             or * for all",
        ),
        (("MESSENGER_GRAPHIQL", "no"), "MESSENGER_GRAPHIQL or --graphiql: no is neither on nor off"),
        (("MESSENGER_CHAT", "1"), "MESSENGER_CHAT or --chat: 1 is neither on nor off"),
        (
            ("MESSENGER_INTROSPECTION", "false"),
            "MESSENGER_INTROSPECTION or --introspection: false is neither on nor off",
        ),
        (
            ("MESSENGER_LOG", "messenger=loud"),
            "MESSENGER_LOG or --log: …; use error, warn, info, debug, trace or off, also by part as in \
             info,messenger::sql=trace",
        ),
        (
            ("MESSENGER_LOG", "verbose"),
            "MESSENGER_LOG or --log: verbose is no level; use error, warn, info, debug, trace or off, also by part as in \
             info,messenger::sql=trace",
        ),
    ];
    for (setting, expected) in table {
        // An address that is free, in case that the setting should be accepted.
        refuses(&folder(), &[], &[("MESSENGER_ADDR", "127.0.0.1:0"), setting], expected);
    }
}

#[test]
fn a_dotenv_that_cannot_be_read_is_refused() {
    const QUOTES: &str = "put a value with spaces between quotes";
    let folder = folder();
    let file = folder.path().join(".env");
    let table = [
        ("not a setting\n", format!("line 1 is no NAME=value; {QUOTES}")),
        ("# comment\n\nMESSENGER_LOG=a b\n", format!("line 3 is no NAME=value; {QUOTES}")),
        ("A=\"1\n2\"\nMESSENGER_LOG=\"open\n\n", format!("line 3 is no NAME=value; {QUOTES}")),
        ("MESSENGER_LOG=a\0b\n", "the value of MESSENGER_LOG has a NUL character".to_owned()),
        (
            "OTHER=1\nOTHER=2\nMESSENGER_LOG=info\nMESSENGER_LOG=off\n",
            "MESSENGER_LOG is set twice; remove one of the lines".to_owned(),
        ),
    ];
    for (text, expected) in table {
        fs::write(&file, text).expect("a file");
        refuses(&folder, &[], &[], &format!(".env cannot be read: {expected}"));
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
