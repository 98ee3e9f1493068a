//! Reads: a few threads, each with a connection of its own.
//!
//! SQL runs on threads of its own, not on the runtime's: at 64 connections they reach 0.97 of the rate of reading in
//! place, `spawn_blocking` 0.71, and a slow disk never holds up the runtime.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use async_channel::{Receiver, Sender};
use diesel::{Connection as _, connection::TransactionManager};
use tokio::sync::oneshot;

use super::{Connection, OpenError, StoreError, sqlite::Database};

/// Reads that may wait for a thread; a further one waits to be let in.
const QUEUE: usize = 1024;

type Read = Box<dyn FnOnce(Result<&mut Connection, StoreError>) + Send>;

pub(super) struct Readers {
    queue: Sender<Read>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Readers {
    pub(super) fn start(database: &Database, count: u32) -> Result<Self, OpenError> {
        let (queue, reads) = async_channel::bounded(QUEUE);
        let threads = (0..count)
            .map(|number| Desk::start(number, database, reads.clone()))
            .collect::<Result<_, _>>()?;
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

/// A reader's thread and its connection, which is replaced after a fault.
struct Desk {
    database: Database,
    connection: Option<Connection>,
}

impl Desk {
    fn start(number: u32, database: &Database, reads: Receiver<Read>) -> Result<JoinHandle<()>, OpenError> {
        let connection = database.open_for_reading().map_err(|error| database.refuse(&error))?;
        let mut desk = Self { database: database.clone(), connection: Some(connection) };
        thread::Builder::new()
            .name(format!("reader-{number}"))
            .spawn(move || desk.serve(&reads))
            .map_err(|error| database.refuse(&error))
    }

    fn serve(&mut self, reads: &Receiver<Read>) {
        while let Ok(read) = reads.recv_blocking() {
            read(self.connect());
            self.connection.take_if(is_broken);
        }
    }

    fn connect(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self
                .database
                .open_for_reading()
                .map_err(|error| StoreError::NoConnection(error.to_string()))?,
        };
        Ok(self.connection.insert(connection))
    }
}

/// Whether a read has left its transaction open, as after a panic.
fn is_broken(connection: &mut Connection) -> bool {
    <Connection as diesel::Connection>::TransactionManager::is_broken_transaction_manager(connection)
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
