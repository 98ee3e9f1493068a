//! Writes: one thread drains a queue, runs what it finds in one transaction, and answers after the one
//! commit.
//!
//! A commit waits for the disk; a hundred messages can share that wait. Measured against a transaction for
//! each, on a pool with `BEGIN IMMEDIATE`: 5.2 times the rate.

use std::{
    fmt, iter,
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use async_channel::{Receiver, Sender};
use diesel::{
    QueryResult,
    connection::{AnsiTransactionManager, TransactionManager},
};
use tokio::sync::oneshot;

use super::{
    Connection, OpenError, StoreError,
    backlog::Backlog,
    checkpoints::Checkpoints,
    lane::CheckpointGate,
    queued_write::{OnError, QueuedWrite, Write},
    search_index,
    sqlite::Database,
    threads::join_all,
    undo::{Transactions, changes},
};

/// Writes that may wait for the thread; a further one waits to be let in.
const QUEUE: usize = 4096;
/// The most writes that share a commit.
const GROUP: usize = 256;
/// The changed rows after which a group takes in no further write: those of some 500 messages, 0.1 s. Everybody who waits
/// for a group waits for all of it, so large batches have one each.
const GROUP_ROWS: i64 = 4_096;

pub(super) struct Writer {
    queue: Sender<Box<dyn Write>>,
    thread: Mutex<Vec<JoinHandle<()>>>,
    commits: Receiver<()>,
}

impl Writer {
    pub(super) fn start(
        database: Database,
        connection: Connection,
        gate: CheckpointGate,
        backlog: Backlog,
    ) -> Result<Self, OpenError> {
        let (queue, writes) = async_channel::bounded(QUEUE);
        let refuse = database.clone();
        // One signal is enough: whoever takes it sees all commits up to then.
        let (committed, commits) = async_channel::bounded(1);
        let checkpoints = Checkpoints::start(&database, gate)?;
        let mut group_committer =
            GroupCommitter { database, connection: Some(connection), committed, checkpoints, backlog };
        let thread = thread::Builder::new()
            .name("writer".into())
            .spawn(move || group_committer.serve(&writes))
            .map_err(|error| refuse.refuse(&error))?;
        Ok(Self { queue, thread: Mutex::new(vec![thread]), commits })
    }

    pub(super) async fn run<T, E, W>(&self, on_error: OnError, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + fmt::Display + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let write = QueuedWrite::new(on_error, work, answer);
        self.queue.send(Box::new(write)).await.map_err(|_| StoreError::Closed)?;
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

type Queue = Receiver<Box<dyn Write>>;

/// Writes that share a transaction.
#[derive(Default)]
struct Group(Vec<Box<dyn Write>>);

impl Group {
    /// Takes a write in and runs it; tells whether it was kept.
    fn run(&mut self, mut write: Box<dyn Write>, connection: &mut Connection) -> Result<bool, StoreError> {
        let ended = write.run(connection, self.0.is_empty());
        self.0.push(write);
        ended
    }

    /// Whether another write may join, where the connection had changed so many rows before the first one.
    fn has_room(&self, connection: &mut Connection, rows: i64) -> QueryResult<bool> {
        // What a single message changes is not counted: that would take a fiftieth of a send.
        let is_long = self.0.last().is_some_and(|write| write.may_be_long());
        Ok(self.0.len() < GROUP && !(is_long && changes(connection)? - rows >= GROUP_ROWS))
    }
}

/// The writer's thread and its connection, which is replaced after a fault.
struct GroupCommitter {
    database: Database,
    connection: Option<Connection>,
    committed: Sender<()>,
    checkpoints: Checkpoints,
    backlog: Backlog,
}

impl GroupCommitter {
    fn serve(&mut self, writes: &Queue) {
        while let Some(first) = self.next(writes) {
            let mut group = Group::default();
            let failure = self.commit(&mut group, first, writes).err().map(|error| self.recover(error));
            // A signal that is there already will do.
            let _ = self.committed.try_send(());
            for write in group.0 {
                write.answer(failure.clone().map(StoreError::NotCommitted));
            }
            if let Some(connection) = &mut self.connection {
                self.checkpoints.after_commit(connection);
            }
        }
        // The writer's connection is closed last, and folds in the WAL.
        self.checkpoints.close();
    }

    /// The next write; indexes what waits for the search index until it comes. None after the store was closed.
    fn next(&mut self, writes: &Queue) -> Option<Box<dyn Write>> {
        while !self.backlog.is_empty() {
            if let Ok(write) = writes.try_recv() {
                return Some(write);
            }
            self.index();
        }
        writes.recv_blocking().ok()
    }

    /// Indexes a step of what waits. After a failure the rest waits for the next write.
    fn index(&mut self) {
        let gate = self.checkpoints.gate();
        let open = gate.read().unwrap_or_else(PoisonError::into_inner);
        let indexed = self.begin().and_then(commit);
        drop(open);
        let remaining = indexed.unwrap_or_else(|error| {
            self.recover(error);
            0
        });
        self.backlog.set(remaining);
        if let Some(connection) = &mut self.connection {
            self.checkpoints.after_commit(connection);
        }
    }

    /// Runs the first write of a group, and those that wait, in one transaction. A failure takes back just
    /// that write.
    fn commit(&mut self, group: &mut Group, first: Box<dyn Write>, writes: &Queue) -> Result<(), StoreError> {
        let (database_file, gate) = (self.database.opened_file.clone(), self.checkpoints.gate());
        let _open = gate.read().unwrap_or_else(PoisonError::into_inner);
        let begun = self.begin().and_then(|connection| Ok((changes(connection)?, connection)));
        let (rows, connection) = match begun {
            Ok(begun) => begun,
            Err(error) => {
                // One after the other, they would all wait as long for the same lock.
                group.0.extend(iter::once(first).chain(waiting(writes)));
                return Err(error);
            }
        };
        if !group.run(first, connection)? {
            return Ok(());
        }
        // Also those who come meanwhile: of senders who wait for their answers, half would else wait for the
        // other half's commit.
        while group.has_room(connection, rows)? {
            let Ok(write) = writes.try_recv() else { break };
            group.run(write, connection)?;
        }
        let remaining = commit(connection)?;
        self.backlog.set(remaining);
        // Nobody is answered for what is in a file that nobody will find again.
        database_file.check()
    }

    /// Begins a transaction, on a new connection after a fault.
    fn begin(&mut self) -> Result<&mut Connection, StoreError> {
        self.database.opened_file.check()?;
        let connection = self.connect()?;
        begin_immediate(connection)?;
        Ok(connection)
    }

    fn connect(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.reopen_for_writing()?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Lets go of the connection, which takes back what was not committed, and says why.
    fn recover(&mut self, error: StoreError) -> String {
        self.connection = None;
        // Of a file that is away the operator was told already, once for all groups.
        if !matches!(error, StoreError::Displaced(_)) {
            tracing::error!(%error, "a group of writes was not committed");
        }
        match error {
            StoreError::NotCommitted(reason) | StoreError::Displaced(reason) => reason,
            error => error.to_string(),
        }
    }
}

/// Those that wait and may join a group of one.
fn waiting(writes: &Queue) -> impl Iterator<Item = Box<dyn Write>> {
    iter::from_fn(|| writes.try_recv().ok()).take(GROUP - 1)
}

/// Indexes a step of what was written, and commits; returns the bytes of text that wait for the index.
fn commit(connection: &mut Connection) -> Result<u64, StoreError> {
    let remaining = search_index::catch_up(connection)?;
    Transactions::commit_transaction(connection)?;
    Ok(remaining)
}

/// Takes the write lock at once: a transaction that starts as a reader can fail when it turns into a writer.
fn begin_immediate(connection: &mut Connection) -> diesel::QueryResult<()> {
    match connection {
        Connection::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
        }
    }
}
