//! The store as everybody else sees it.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use async_channel::Receiver;

use super::{
    Connection, OpenError, StatementObserver, StoreError, inspection, job::WayBack, migrations,
    reader::Readers, search_index, sqlite::Database, writer::Writer,
};

/// The most rows that are read on the thread of whoever asks: about a third of a millisecond while they are in memory.
const FEW_ROWS: u32 = 256;

/// Where a store is and how much of the machine it may use.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The SQLite file; made when there is none.
    pub file: PathBuf,
    /// How many reads run at the same time, each on a thread and a connection of its own.
    pub readers: u32,
    /// How long to wait for a lock that another program has on the file.
    pub lock_timeout: Duration,
}

/// The one way to the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
}

impl Store {
    /// Inspects the file, opens or makes it, and migrates it. Blocks; a file that is refused has not been touched.
    pub fn open(config: &StoreConfig, observer: StatementObserver) -> Result<Self, OpenError> {
        let database = Database::new(config, observer);
        inspection::inspect(&database)?;
        let mut connection = database.open_for_writing()?;
        migrations::run(&mut connection).map_err(|reason| database.refuse(&reason))?;
        search_index::build(&mut connection)
            .map_err(|error| database.refuse(&format!("its search index could not be built: {error}")))?;
        let readers = Readers::start(&database, config.readers)?;
        let writer = Writer::start(database, connection)?;
        Ok(Self { writer: Arc::new(writer), readers: Arc::new(readers) })
    }

    /// Runs `work` on a read-only connection, in one snapshot of the data.
    pub async fn read<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.readers.run(work).await
    }

    /// The same for a read of no more than so many rows, all of them found through an index: one of a few rows runs at once, on
    /// the thread of whoever asks.
    pub async fn read_rows<T, E, W>(&self, rows: u32, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        if rows <= FEW_ROWS { self.readers.run_here(work).await } else { self.readers.run(work).await }
    }

    /// The same for the wiring at start, before there is a runtime to wait on. Blocks.
    pub fn read_blocking<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.readers.run_blocking(work)
    }

    /// Runs `work` in a transaction and answers after it is on disk.
    ///
    /// When `work` fails, nothing it did is kept. Closures of several callers may share one commit, so `work` must not
    /// wait for anything but the connection.
    pub async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + fmt::Display + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.writer.run(WayBack::OfItsOwn, work).await
    }

    /// The same for work that refuses before it changes anything, which saves it a way back of its own.
    ///
    /// Should it fail after all when it has changed something, then nothing of it is kept, and nothing of what shares the
    /// commit.
    pub async fn write_or_refuse<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + fmt::Display + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.writer.run(WayBack::Unneeded, work).await
    }

    /// Signals that something was committed, at least once after each commit; ends when the store is closed.
    #[must_use]
    pub fn commits(&self) -> Receiver<()> {
        self.writer.commits()
    }

    /// Takes no more work, finishes what was accepted, and closes the database. Blocks.
    pub fn close(&self) {
        // The writer goes last: SQLite tidies up its log when the last connection is closed, and a reader may not write.
        self.readers.close();
        self.writer.close();
    }
}
