//! A lane that runs: its queue, its threads and their connections.

use std::{
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use async_channel::{Receiver, Sender, TrySendError};
use diesel::r2d2::R2D2Connection;
use sqlite_deadline::Deadline;
use tokio::sync::oneshot;

use super::{
    Connection, OpenError, StoreError, lanes::LaneConfig, snapshot::snapshot, sqlite::Database,
    threads::join_all,
};

/// Held by a checkpoint that needs the whole WAL, for as long as reads of lanes that yield must wait.
pub(super) type CheckpointGate = Arc<RwLock<()>>;

type Read = Box<dyn FnOnce(Result<&mut Connection, StoreError>) + Send>;

/// The threads of a lane, and what waits for them.
#[derive(Debug)]
pub(super) struct RunningLane {
    config: LaneConfig,
    queue: Sender<Read>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl RunningLane {
    pub(super) fn start(
        config: LaneConfig,
        database: &Database,
        gate: &CheckpointGate,
    ) -> Result<Self, OpenError> {
        let (queue, reads) = async_channel::bounded(config.queue);
        let start = |number| {
            let mut reader = Reader {
                database: database.clone(),
                cache: config.cache,
                connection: None,
                gate: config.yields_to_checkpoints.then(|| Arc::clone(gate)),
            };
            let reads = reads.clone();
            let thread = thread::Builder::new().name(format!("{}-{number}", config.name));
            thread.spawn(move || reader.serve(&reads)).map_err(|error| database.refuse(&error))
        };
        let threads = (0..config.threads).map(start).collect::<Result<_, _>>()?;
        Ok(Self { config, queue, threads: Mutex::new(threads) })
    }

    /// Runs work when its turn comes; refuses it when too much waits already. When the caller stops to wait,
    /// the work is not begun, or its statements end.
    pub(super) async fn run<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let caller = Caller::default();
        let (read, answered) = self.prepare(&caller, work);
        self.queue.try_send(read).map_err(refused)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// The same on a thread that may block, which waits for a place in the queue as well.
    pub(super) fn run_blocking<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let caller = Caller::default();
        let (read, answered) = self.prepare(&caller, work);
        self.queue.send_blocking(read).map_err(|_| StoreError::Closed)?;
        answered.blocking_recv().map_err(|_| StoreError::Closed)?
    }

    /// Packs work for a thread, and a place to wait for its answer.
    fn prepare<T, E, W>(&self, caller: &Caller, work: W) -> (Read, oneshot::Receiver<Result<T, E>>)
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let (time, has_gone) = (self.config.deadline, Arc::clone(&caller.0));
        let read = move |connection: Result<&mut Connection, StoreError>| {
            if answer.is_closed() {
                return;
            }
            let outcome = connection
                .map_err(E::from)
                .and_then(|connection| snapshot(connection, Deadline::after(time).or_when(has_gone), work));
            // An error here means that the caller has gone.
            drop(answer.send(outcome));
        };
        (Box::new(read), answered)
    }

    /// Takes no more work, and ends when what waits has been done.
    pub(super) fn close(&self) {
        self.queue.close();
        join_all(&self.threads);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps an error")]
fn refused(error: TrySendError<Read>) -> StoreError {
    match error {
        TrySendError::Full(_) => StoreError::Overloaded,
        TrySendError::Closed(_) => StoreError::Closed,
    }
}

/// Who waits for a read; sets the flag when it does not any more.
#[derive(Default)]
struct Caller(Arc<AtomicBool>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A thread of a lane and its connection, which is opened when it is needed and replaced after a fault.
struct Reader {
    database: Database,
    cache: u32,
    connection: Option<Connection>,
    gate: Option<CheckpointGate>,
}

impl Reader {
    fn serve(&mut self, reads: &Receiver<Read>) {
        while let Ok(read) = reads.recv_blocking() {
            let gate = self.gate.clone();
            let _open = gate.as_ref().map(|gate| gate.read().unwrap_or_else(PoisonError::into_inner));
            match self.connect() {
                Ok(connection) => read(Ok(connection)),
                Err(error) => read(Err(error)),
            }
        }
    }

    fn connect(&mut self) -> Result<&mut Connection, StoreError> {
        let is_broken = self.connection.as_mut().is_some_and(R2D2Connection::is_broken);
        let connection = match self.connection.take().filter(|_| !is_broken) {
            Some(connection) => connection,
            None => self.database.open_for_reading(self.cache)?,
        };
        Ok(self.connection.insert(connection))
    }
}
