//! Reads: a few threads, each with a connection of the pool while it works.
//!
//! A read of a few rows runs where it is asked for; all else on threads of its own, not on the runtime's: at 64 connections
//! they reach 0.97 of the rate of reading in place, `spawn_blocking` 0.71, and a slow disk never holds up the runtime.

use std::{
    fmt, iter,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use async_channel::{Receiver, Sender};
use diesel::{RunQueryDsl, connection::SimpleConnection, r2d2::R2D2Connection, result::Error as DieselError};
use r2d2::{ManageConnection, NopErrorHandler, Pool};
use tokio::sync::oneshot;

use super::{
    Connection, OpenError, Prepared, StoreError,
    connection::per_backend,
    sqlite::Database,
    threads::{join_all, panic_message},
};

/// Reads that may wait for a thread; a further one waits to be let in.
const QUEUE: usize = 1024;
/// How long a thread may wait for its connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

type Read = Box<dyn FnOnce(Result<&mut Connection, StoreError>) + Send>;

pub(super) struct Readers {
    queue: Sender<Read>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    pool: Pool<Manager>,
    /// Tells the pool to let go of connections instead of keeping them.
    closing: Arc<AtomicBool>,
}

impl Readers {
    pub(super) fn start(database: &Database, count: u32) -> Result<Self, OpenError> {
        let closing = Arc::<AtomicBool>::default();
        // Whoever reads on a thread of their own finds a connection however much the others read.
        let callers =
            thread::available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(1));
        let pool = Pool::builder()
            .max_size(count + callers)
            .test_on_check_out(false)
            .connection_timeout(CONNECT_TIMEOUT)
            // Whoever asks for a connection is told, and logs it once.
            .error_handler(Box::new(NopErrorHandler))
            .build(Manager { database: database.clone(), closing: Arc::clone(&closing) })
            .map_err(|error| database.refuse(&error))?;
        let (queue, reads) = async_channel::bounded(QUEUE);
        let threads = (0..count)
            .map(|number| start_thread(number, reads.clone(), pool.clone()))
            .collect::<Result<_, _>>()
            .map_err(|error| database.refuse(&error))?;
        Ok(Self { queue, threads: Mutex::new(threads), pool, closing })
    }

    pub(super) async fn run<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let (read, answered) = prepare(work);
        self.queue.send(read).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs work at once on this thread, if there is a connection for it.
    pub(super) async fn run_here<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        match self.pool.try_get() {
            Some(mut connection) => snapshot(Ok(&mut connection), work),
            None => self.run(work).await,
        }
    }

    pub(super) fn run_blocking<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let (read, answered) = prepare(work);
        self.queue.send_blocking(read).map_err(|_| StoreError::Closed)?;
        answered.blocking_recv().map_err(|_| StoreError::Closed)?
    }

    pub(super) fn close(&self) {
        self.queue.close();
        join_all(&self.threads);
        // Dropping the pool is not enough: a thread of its own may still hold it, and with it a connection.
        self.closing.store(true, Ordering::Relaxed);
        let idle: Vec<_> = iter::from_fn(|| self.pool.try_get()).collect();
        drop(idle);
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("waiting", &self.queue.len()).finish_non_exhaustive()
    }
}

fn start_thread(number: u32, reads: Receiver<Read>, pool: Pool<Manager>) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name(format!("reader-{number}")).spawn(move || {
        while let Ok(read) = reads.recv_blocking() {
            match pool.get() {
                Ok(mut connection) => read(Ok(&mut connection)),
                Err(error) => read(Err(StoreError::NoConnection(error.to_string()))),
            }
        }
    })
}

/// Packs work for a thread, and a place to wait for its answer.
fn prepare<T, E, W>(work: W) -> (Read, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
    W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let read = move |connection: Result<&mut Connection, StoreError>| {
        // An error here means that nobody is there to hear it: the request was dropped.
        drop(answer.send(snapshot(connection, work)));
    };
    (Box::new(read), answered)
}

/// What begins and ends a read. Diesel's own are parsed anew each time.
const BEGIN: Prepared<'_, 0> = Prepared { pieces: [], end: "BEGIN" };
const COMMIT: Prepared<'_, 0> = Prepared { pieces: [], end: "COMMIT" };

/// One transaction around all of a read, so that it sees one state of the data.
fn snapshot<T, E, W>(connection: Result<&mut Connection, StoreError>, work: W) -> Result<T, E>
where
    E: From<StoreError> + From<diesel::result::Error>,
    W: FnOnce(&mut Connection) -> Result<T, E>,
{
    let connection = connection?;
    per_backend!(connection, |own| BEGIN.execute(own))?;
    let outcome = catch_unwind(AssertUnwindSafe(|| work(connection)))
        .unwrap_or_else(|panic| Err(panic_message(panic.as_ref()).into()));
    let ended = end(connection);
    outcome.and_then(|found| ended.map(|()| found))
}

/// There is nothing to keep or to take back, but whoever reads next must find no transaction.
fn end<E: From<DieselError>>(connection: &mut Connection) -> Result<(), E> {
    let ended = per_backend!(connection, |own| COMMIT.execute(own));
    if ended.is_err() {
        // A fault may have ended it already.
        drop(connection.batch_execute("ROLLBACK"));
    }
    ended.map(drop).map_err(E::from)
}

/// Makes the pool's connections.
#[derive(Debug)]
struct Manager {
    database: Database,
    closing: Arc<AtomicBool>,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = StoreError;

    fn connect(&self) -> Result<Connection, Self::Error> {
        if self.closing.load(Ordering::Relaxed) {
            return Err(StoreError::Closed);
        }
        self.database.open_for_reading().map_err(|error| StoreError::NoConnection(error.to_string()))
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), Self::Error> {
        Ok(connection.ping()?)
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        self.closing.load(Ordering::Relaxed) || connection.is_broken()
    }
}
