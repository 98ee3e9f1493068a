//! Writes: one thread drains a queue, runs what it finds in one transaction, and answers after the one commit.
//!
//! A commit waits for the disk; a hundred messages can share that wait. Measured against a transaction for each, on a
//! pool with `BEGIN IMMEDIATE`: 5.2 times the rate.

use std::{
    fmt, iter,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Mutex,
    thread::{self, JoinHandle},
};

use async_channel::{Receiver, Sender};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use tokio::sync::oneshot;

use super::{
    Connection, OpenError, StoreError,
    checkpoints::Checkpoints,
    error::PANICKED_BESIDE,
    search_index,
    sqlite::Database,
    threads::{join_all, panic_message},
};

/// Writes that may wait for the thread; a further one waits to be let in.
const QUEUE: usize = 4096;
/// The most writes that share a commit.
const GROUP: usize = 256;

type Transactions = <Connection as diesel::Connection>::TransactionManager;

/// Ends a transaction or a savepoint whose work was done.
type Keep = fn(&mut Connection) -> Result<(), StoreError>;

/// Work whose answer is kept back until the commit.
trait Write: Send {
    /// Does the work, and ends with `keep` what was begun for it, a transaction or a savepoint, or takes it back.
    ///
    /// An error here means that the transaction, or the one around it, can no longer be trusted.
    fn run(&mut self, connection: &mut Connection, keep: Keep) -> Result<(), StoreError>;

    /// Tells the caller how it ended; with a failure, nothing was committed.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

struct Job<W, T, E> {
    work: Option<W>,
    outcome: Option<Result<T, E>>,
    /// What its own panic said; the others of the group only hear that there was one.
    panicked: Option<StoreError>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<W, T, E> Write for Job<W, T, E>
where
    T: Send,
    E: From<StoreError> + fmt::Display + Send,
    W: FnOnce(&mut Connection) -> Result<T, E> + Send,
{
    fn run(&mut self, connection: &mut Connection, keep: Keep) -> Result<(), StoreError> {
        let Some(work) = self.work.take() else {
            return Ok(());
        };
        let outcome = match catch_unwind(AssertUnwindSafe(|| work(connection))) {
            Ok(outcome) => outcome,
            Err(panic) => {
                self.panicked = Some(panic_message(panic.as_ref()));
                return Err(StoreError::NotCommitted(PANICKED_BESIDE.into()));
            }
        };
        let ended = match &outcome {
            Ok(_) => keep(connection),
            // A full disk takes back the whole transaction: there is no savepoint left, and the work knows why.
            Err(failure) => Transactions::rollback_transaction(connection)
                .map_err(|_| StoreError::NotCommitted(failure.to_string())),
        };
        self.outcome = Some(outcome);
        ended
    }

    fn answer(self: Box<Self>, failure: Option<StoreError>) {
        let answer = match self.panicked.or(failure) {
            Some(failure) => Err(failure.into()),
            None => self.outcome.unwrap_or_else(|| Err(StoreError::Closed.into())),
        };
        // Whoever asked may be gone; what was committed stays.
        drop(self.answer.send(answer));
    }
}

pub(super) struct Writer {
    queue: Sender<Box<dyn Write>>,
    thread: Mutex<Vec<JoinHandle<()>>>,
    commits: Receiver<()>,
}

impl Writer {
    pub(super) fn start(database: Database, connection: Connection) -> Result<Self, OpenError> {
        let (queue, writes) = async_channel::bounded(QUEUE);
        let refuse = database.clone();
        // One signal is enough: whoever takes it sees all commits up to then.
        let (committed, commits) = async_channel::bounded(1);
        let checkpoints = Checkpoints::start(&database)?;
        let mut desk = Desk { database, connection: Some(connection), committed, checkpoints };
        let thread = thread::Builder::new()
            .name("writer".into())
            .spawn(move || desk.serve(&writes))
            .map_err(|error| refuse.refuse(&error))?;
        Ok(Self { queue, thread: Mutex::new(vec![thread]), commits })
    }

    pub(super) async fn run<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + fmt::Display + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Job { work: Some(work), outcome: None, panicked: None, answer };
        self.queue.send(Box::new(job)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) fn commits(&self) -> Receiver<()> {
        self.commits.clone()
    }

    pub(super) fn close(&self) {
        self.queue.close();
        join_all(&self.thread);
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("waiting", &self.queue.len()).finish_non_exhaustive()
    }
}

/// The writer's thread and its connection, which is replaced after a fault.
struct Desk {
    database: Database,
    connection: Option<Connection>,
    committed: Sender<()>,
    checkpoints: Checkpoints,
}

impl Desk {
    fn serve(&mut self, writes: &Receiver<Box<dyn Write>>) {
        while let Ok(first) = writes.recv_blocking() {
            let more = iter::from_fn(|| writes.try_recv().ok());
            let mut group: Vec<Box<dyn Write>> = iter::once(first).chain(more).take(GROUP).collect();
            let failure = self.commit(&mut group).err().map(|error| self.recover(error));
            // A signal that is there already will do.
            let _ = self.committed.try_send(());
            for write in group {
                write.answer(failure.clone().map(StoreError::NotCommitted));
            }
            if let Some(connection) = &mut self.connection {
                self.checkpoints.after_commit(connection);
            }
        }
        // The writer's connection is closed last, and folds in the log.
        self.checkpoints.close();
    }

    /// Runs a group in one transaction, each write in a savepoint, so that a failure takes back just that write.
    ///
    /// A write that is alone needs none. A savepoint keeps a copy of every page that is changed in it, and SQLite goes through
    /// all of them after each statement: what many statements in one write cost would grow with their square.
    fn commit(&mut self, group: &mut [Box<dyn Write>]) -> Result<(), StoreError> {
        let connection = self.connect()?;
        begin_immediate(connection)?;
        if let [alone] = group {
            return alone.run(connection, commit);
        }
        for write in group {
            Transactions::begin_transaction(connection)?;
            write.run(connection, release)?;
        }
        commit(connection)
    }

    fn connect(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self
                .database
                .reopen_for_writing()
                .map_err(|error| StoreError::NoConnection(error.to_string()))?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Lets go of the connection, which takes back what was not committed, and says why.
    fn recover(&mut self, error: StoreError) -> String {
        tracing::error!(%error, "a group of writes was not committed");
        self.connection = None;
        match error {
            StoreError::NotCommitted(reason) => reason,
            error => error.to_string(),
        }
    }
}

/// Keeps what a savepoint holds, for the transaction around it to commit.
fn release(connection: &mut Connection) -> Result<(), StoreError> {
    Ok(Transactions::commit_transaction(connection)?)
}

/// Indexes what was written, and commits it.
fn commit(connection: &mut Connection) -> Result<(), StoreError> {
    search_index::catch_up(connection)?;
    Ok(Transactions::commit_transaction(connection)?)
}

/// Takes the write lock at once: a transaction that starts as a reader can fail when it turns into a writer.
fn begin_immediate(connection: &mut Connection) -> diesel::QueryResult<()> {
    match connection {
        Connection::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
        }
    }
}
