//! The store as everybody else sees it.

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_channel::Receiver;

use super::{
    Connection, Lane, OpenError, StatementObserver, StoreError, TextTurn,
    backlog::Backlog,
    database_file::DatabaseFile,
    inspection,
    lane::CheckpointGate,
    lock::{self, FileLock},
    migrations,
    queued_write::OnError,
    reader::Readers,
    search_index,
    sqlite::Database,
    writer::Writer,
};

/// The most rows that are read on the thread of whoever asks: about a third of a millisecond while they are
/// in memory.
const FEW_ROWS: u32 = 256;

/// Where a store is and how much of the machine it may use.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The SQLite file; made when there is none.
    pub file: PathBuf,
    /// How many reads of requests run at the same time, each on a thread and a connection of its own.
    pub readers: u32,
    /// How long to wait for a lock that another program has on the file.
    pub lock_timeout: Duration,
    /// How long a read may run.
    pub read_deadline: Duration,
    /// How long a full-text search may run.
    pub search_deadline: Duration,
    /// How long to wait for another process of this program that works with the file.
    pub holder_timeout: Duration,
    /// Where this process is reached; told to another one that wants to work with the file.
    pub address: Option<SocketAddr>,
}

impl StoreConfig {
    /// A store on this file, with two readers and the usual times.
    #[must_use]
    pub fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            readers: 2,
            lock_timeout: Duration::from_secs(5),
            read_deadline: Duration::from_secs(30),
            search_deadline: Duration::from_secs(2),
            holder_timeout: Duration::ZERO,
            address: None,
        }
    }
}

/// The one way to the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    backlog: Backlog,
    database_file: DatabaseFile,
    lock: Arc<Mutex<Option<FileLock>>>,
}

impl Store {
    /// Inspects the file, takes its lock, opens or makes it, and migrates it. Blocks; a file that is refused
    /// has not been touched.
    pub fn open(config: &StoreConfig, observer: StatementObserver) -> Result<Self, OpenError> {
        let database = Database::new(config, observer);
        sqlite_deadline::install().map_err(|error| database.refuse(&error))?;
        inspection::inspect(&database)?;
        let taken = lock::take(&config.file, config.address, config.holder_timeout)
            .map_err(|reason| database.refuse(&reason))?;
        if taken.has_waited {
            inspection::inspect(&database)?;
        }
        let mut connection = database.open_for_writing()?;
        migrations::run(&mut connection).map_err(|reason| database.refuse(&reason))?;
        search_index::build(&mut connection)
            .map_err(|error| database.refuse(&format!("its search index could not be built: {error}")))?;
        database.set_opened().map_err(|error| database.refuse(&error))?;
        let gate = CheckpointGate::default();
        let readers = Readers::start(&database, config, &gate)?;
        let database_file = database.opened_file.clone();
        let backlog = Backlog::default();
        let writer = Writer::start(database, connection, gate, backlog.clone())?;
        let lock = Arc::new(Mutex::new(Some(taken.lock)));
        Ok(Self { writer: Arc::new(writer), readers: Arc::new(readers), backlog, database_file, lock })
    }

    /// Runs `work` on a read-only connection, in one snapshot of the data, for a request.
    ///
    /// A read that takes too long is stopped, and so is one whose future is dropped. When too many wait, it
    /// is refused.
    pub async fn read<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.read_in(Lane::Query, work).await
    }

    /// The same in another lane.
    pub async fn read_in<T, E, W>(&self, lane: Lane, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.readers.lane(lane).run(work).await
    }

    /// The same for a read of no more than so many rows, all of them found through an index: one of a few
    /// rows runs at once, on the thread of whoever asks.
    pub async fn read_rows<T, E, W>(&self, rows: u32, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        if rows <= FEW_ROWS { self.readers.run_here(work).await } else { self.read(work).await }
    }

    /// The same as `read_in` for a thread that may block: at the start, or of its own.
    pub fn read_blocking<T, E, W>(&self, lane: Lane, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.readers.lane(lane).run_blocking(work)
    }

    /// Runs `work` in a transaction and answers after it is on disk.
    ///
    /// When `work` fails, nothing it did is kept. Closures of several callers may share one commit, so `work`
    /// must not wait for anything but the connection.
    pub async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + fmt::Display + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.writer.run(OnError::RollBack, work).await
    }

    /// The same for work that refuses before it changes anything, which saves it a way back of its own.
    ///
    /// Should it fail after all when it has changed something, then nothing of it is kept, and nothing of
    /// what shares the commit.
    pub async fn write_or_refuse<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + fmt::Display + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.writer.run(OnError::NothingChanged, work).await
    }

    /// Waits until texts of so many bytes may be written; to be held until their write is answered.
    ///
    /// Texts of 64 KiB and less need not wait. Longer ones are written one after the other, and each when the
    /// search index is at most 1 MiB behind.
    pub async fn turn_for_texts(&self, bytes: usize) -> TextTurn {
        self.backlog.turn(bytes).await
    }

    /// Signals that something was committed, at least once after each commit; ends when the store is closed.
    #[must_use]
    pub fn commits(&self) -> Receiver<()> {
        self.writer.commits()
    }

    /// Takes no more work, finishes what was accepted, and closes the database. Blocks.
    pub fn close(&self) {
        // The writer goes last: SQLite tidies up its WAL when the last connection is closed, and a reader may
        // not write.
        self.readers.close();
        self.writer.close();
        // Now another process may work with the file.
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Fails when the database file is not where it was opened: what is written now would be lost.
    pub fn check_file(&self) -> Result<(), StoreError> {
        self.database_file.check()
    }
}
