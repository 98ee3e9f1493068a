//! How a SQLite file is opened.

use std::path::PathBuf;

use diesel::{
    Connection as _, ConnectionError, RunQueryDsl, connection::SimpleConnection, sqlite::SqliteConnection,
};

use super::{Connection, OpenError, StatementObserver};

/// Set on every connection. `busy_timeout` comes first, so that the others wait for a lock as well.
const EVERY_CONNECTION: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";

/// Set on the one connection that writes. `FULL` syncs the log at every commit: what was acknowledged survives a power
/// cut. Checkpoints every 8,000 pages (32 MiB) make up for the cost of the clustered table.
const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -65536;";

/// Set on connections that read: they cannot write, whatever runs on them.
const READER: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;";

/// SQLite before 3.51.3 can corrupt a database when a checkpoint and a reset of the log meet.
const OLDEST_SOUND_VERSION: [u32; 3] = [3, 51, 3];

/// A SQLite file and how to connect to it.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) file: PathBuf,
    observer: StatementObserver,
}

impl Database {
    pub(super) fn new(file: PathBuf, observer: StatementObserver) -> Self {
        Self { file, observer }
    }

    /// The connection that writes; makes the file if there is none.
    pub(super) fn open_for_writing(&self) -> Result<Connection, OpenError> {
        let mut connection = self.connect("mode=rwc", WRITER).map_err(|error| self.refuse(&error))?;
        check_version(&mut connection).map_err(|reason| self.refuse(&reason))?;
        Ok(Connection::Sqlite(connection))
    }

    /// The connection that writes, once more after a fault. A file that has gone is not made anew: it would be empty.
    pub(super) fn reopen_for_writing(&self) -> Result<Connection, ConnectionError> {
        self.connect("mode=rw", WRITER).map(Connection::Sqlite)
    }

    /// A connection that reads only.
    pub(super) fn open_for_reading(&self) -> Result<Connection, ConnectionError> {
        self.connect("mode=ro", READER).map(Connection::Sqlite)
    }

    /// A connection that leaves no trace beside the file, for a look before it is used.
    pub(super) fn open_for_inspection(&self) -> Result<SqliteConnection, ConnectionError> {
        // A log that is there belongs to the data and must be read; without one, nothing may be made.
        let untouched = !self.companion("-wal").exists() && !self.companion("-journal").exists();
        self.connect(if untouched { "mode=ro&immutable=1" } else { "mode=ro" }, "PRAGMA query_only = ON;")
    }

    pub(super) fn refuse(&self, reason: &impl ToString) -> OpenError {
        let reason = reason.to_string().lines().collect::<Vec<_>>().join(" ");
        OpenError { file: self.file.clone(), reason }
    }

    fn companion(&self, suffix: &str) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(suffix);
        name.into()
    }

    fn connect(&self, mode: &str, pragmas: &str) -> Result<SqliteConnection, ConnectionError> {
        let mut connection = SqliteConnection::establish(&format!("file:{}?{mode}", self.uri_path()))?;
        connection.batch_execute(EVERY_CONNECTION).map_err(ConnectionError::CouldntSetupConfiguration)?;
        connection.batch_execute(pragmas).map_err(ConnectionError::CouldntSetupConfiguration)?;
        connection.set_instrumentation(self.observer.instrumentation());
        Ok(connection)
    }

    /// The path as it must stand in a URI.
    fn uri_path(&self) -> String {
        let path = self.file.to_string_lossy();
        path.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
    }
}

fn check_version(connection: &mut SqliteConnection) -> Result<(), String> {
    let version: String = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("sqlite_version()"))
        .get_result(connection)
        .map_err(|error| error.to_string())?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() >= OLDEST_SOUND_VERSION.as_slice() {
        return Ok(());
    }
    Err(format!(
        "this program was built with SQLite {version}, which can corrupt data; build it with 3.51.3 or later"
    ))
}
