//! Reads: a few threads, each with a connection of the pool while it works.
//!
//! SQL runs on threads of its own, not on the runtime's: at 64 connections they reach 0.97 of the rate of reading in
//! place, `spawn_blocking` 0.71, and a slow disk never holds up the runtime.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use async_channel::{Receiver, Sender};
use diesel::{Connection as _, r2d2::R2D2Connection};
use r2d2::{ManageConnection, Pool};
use tokio::sync::oneshot;

use super::{Connection, OpenError, StoreError, sqlite::Database};

/// Reads that may wait for a thread; a further one waits to be let in.
const QUEUE: usize = 1024;
/// How long a thread may wait for its connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

type Read = Box<dyn FnOnce(Result<&mut Connection, StoreError>) + Send>;

pub(super) struct Readers {
    queue: Sender<Read>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Readers {
    pub(super) fn start(database: &Database, count: u32) -> Result<Self, OpenError> {
        let pool = Pool::builder()
            .max_size(count)
            .test_on_check_out(false)
            .connection_timeout(CONNECT_TIMEOUT)
            .build(Manager(database.clone()))
            .map_err(|error| database.refuse(&error))?;
        let (queue, reads) = async_channel::bounded(QUEUE);
        let threads = (0..count)
            .map(|number| start_thread(number, reads.clone(), pool.clone()))
            .collect::<Result<_, _>>()
            .map_err(|error| database.refuse(&error))?;
        Ok(Self { queue, threads: Mutex::new(threads) })
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
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("waiting", &self.queue.len()).finish_non_exhaustive()
    }
}

/// Waits for threads that have been told to end.
pub(super) fn join_all(threads: &Mutex<Vec<JoinHandle<()>>>) {
    let mut threads = threads.lock().unwrap_or_else(PoisonError::into_inner);
    for thread in threads.drain(..) {
        if thread.join().is_err() {
            tracing::error!("a thread of the store had panicked");
        }
    }
}

/// What a panic said.
pub(super) fn panic_message(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    StoreError::Panicked(text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default())
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

/// One transaction around all of a read, so that it sees one state of the data.
fn snapshot<T, E, W>(connection: Result<&mut Connection, StoreError>, work: W) -> Result<T, E>
where
    E: From<StoreError> + From<diesel::result::Error>,
    W: FnOnce(&mut Connection) -> Result<T, E>,
{
    let connection = connection?;
    catch_unwind(AssertUnwindSafe(|| connection.transaction(work)))
        .unwrap_or_else(|panic| Err(panic_message(panic.as_ref()).into()))
}

/// Makes the pool's connections.
#[derive(Debug)]
struct Manager(Database);

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Connection, Self::Error> {
        self.0.open_for_reading().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), Self::Error> {
        connection.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        thread::panicking() || connection.is_broken()
    }
}
