//! How a SQLite file is opened.

use std::{io, path::PathBuf, time::Duration};

use diesel::{
    Connection as _, ConnectionError, QueryResult, RunQueryDsl, connection::SimpleConnection,
    sqlite::SqliteConnection,
};

use super::{
    Connection, OpenError, StatementObserver, StoreConfig, StoreError, database_file::DatabaseFile,
    private_file, search_index,
};

/// Set on every connection, after `busy_timeout`, so that these wait for a lock as well. Temporary tables of
/// readers are not kept in memory: a sort there is one step that no deadline ends (1.6 s were measured), and
/// one with a bounded cache ends within 80 ms.
const EVERY_CONNECTION: &str = "PRAGMA foreign_keys = ON;";

/// Set on the one connection that writes. `FULL` syncs the WAL at every commit: what was acknowledged
/// survives a power cut. Checkpoints have a thread of their own, see [`checkpoints`](super::checkpoints);
/// that they are seldom makes up for the cost of the clustered table. The cache is no larger than a reader's,
/// because SQLite goes through all of it after nearly every commit (a page that was split had a number beyond
/// the last one for a moment). A WAL that grew beyond 160 MiB is cut to that when it is begun anew.
const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; \
    PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 167772160; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;";

/// Set on connections that read: they cannot write, whatever runs on them.
const READER: &str = "PRAGMA query_only = ON;";

/// SQLite before 3.51.3 can corrupt a database when a checkpoint and a reset of the WAL meet.
const OLDEST_SOUND_VERSION: [u32; 3] = [3, 51, 3];

/// A SQLite file and how to connect to it.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) file: PathBuf,
    lock_timeout: Duration,
    observer: StatementObserver,
    pub(super) opened_file: DatabaseFile,
}

impl Database {
    pub(super) fn new(config: &StoreConfig, observer: StatementObserver) -> Self {
        Self {
            file: config.file.clone(),
            lock_timeout: config.lock_timeout,
            observer,
            opened_file: DatabaseFile::default(),
        }
    }

    /// The connection that writes; makes the file if there is none.
    pub(super) fn open_for_writing(&self) -> Result<Connection, OpenError> {
        private_file::make(&self.file).map_err(|error| self.refuse(&error))?;
        self.connect_writer("mode=rwc").map(Connection::Sqlite).map_err(|error| self.refuse(&error))
    }

    fn connect_writer(&self, mode: &str) -> Result<SqliteConnection, ConnectionError> {
        let mut connection = self.connect(mode, WRITER)?;
        search_index::register(&mut connection).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }

    /// Takes the file that was opened for the one to which all further connections are made.
    pub(super) fn set_opened(&self) -> io::Result<()> {
        self.opened_file.set_opened(&self.file, self.companion("-wal"))
    }

    /// The connection that writes, once more after a fault. A file that has gone is not made anew: it would
    /// be empty.
    pub(super) fn reopen_for_writing(&self) -> Result<Connection, StoreError> {
        self.opened_file.check()?;
        self.connect_writer("mode=rw").map(Connection::Sqlite).map_err(no_connection)
    }

    /// A connection that reads only, with a cache that grows up to so many MiB.
    pub(super) fn open_for_reading(&self, cache: u32) -> Result<Connection, StoreError> {
        self.opened_file.check()?;
        let pragmas = format!("{READER} PRAGMA cache_size = -{};", cache * 1024);
        self.connect("mode=ro", &pragmas).map(Connection::Sqlite).map_err(no_connection)
    }

    /// A connection that changes neither the file nor its WAL, for a look before it is used.
    pub(super) fn open_for_inspection(&self) -> Result<SqliteConnection, ConnectionError> {
        // A WAL that is there belongs to the data and must be read; without one, nothing may be made.
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
        let busy_timeout = format!("PRAGMA busy_timeout = {};", self.lock_timeout.as_millis());
        for pragmas in [&busy_timeout, EVERY_CONNECTION, pragmas] {
            connection.batch_execute(pragmas).map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        connection.set_instrumentation(self.observer.instrumentation());
        Ok(connection)
    }

    /// The path as it must stand in a URI.
    fn uri_path(&self) -> String {
        let path = self.file.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        // An empty authority, so that two slashes at the start of a path are not taken for one.
        if path.starts_with('/') { format!("//{path}") } else { path }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps an error")]
fn no_connection(error: ConnectionError) -> StoreError {
    StoreError::NoConnection(error.to_string())
}

/// Gives a connection a larger cache, for as long as it is open.
pub fn widen_cache(connection: &mut Connection, mebibytes: u32) -> QueryResult<()> {
    let Connection::Sqlite(connection) = connection;
    connection.batch_execute(&format!("PRAGMA cache_size = -{};", mebibytes * 1024))
}

/// Refuses to work with a SQLite that can corrupt data; asked of a database in memory, before any file is
/// touched.
pub(super) fn check_version() -> Result<(), String> {
    let version: String = SqliteConnection::establish(":memory:")
        .map_err(|error| error.to_string())
        .and_then(|mut memory| {
            let version = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("sqlite_version()"));
            version.get_result(&mut memory).map_err(|error| error.to_string())
        })?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() >= OLDEST_SOUND_VERSION.as_slice() {
        return Ok(());
    }
    Err(format!(
        "this program was built with SQLite {version}, which can corrupt data; build it with 3.51.3 or later"
    ))
}
