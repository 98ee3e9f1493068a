//! Reads: on the threads of their lane, or at once where they are asked for.
//!
//! A read of a few rows runs on the thread of the caller, with a connection of a pool; all else on threads of
//! its own, not on the runtime's: at 64 connections they reach 0.97 of the rate of reading in place,
//! `spawn_blocking` 0.71, and a slow disk never holds up the runtime.

use std::{
    fmt, iter,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use diesel::r2d2::R2D2Connection;
use r2d2::{ManageConnection, NopErrorHandler, Pool};
use sqlite_deadline::Deadline;

use super::{
    Connection, OpenError, StoreConfig, StoreError,
    lane::{CheckpointGate, RunningLane},
    lanes::Lane,
    snapshot::snapshot,
    sqlite::Database,
};

/// How long opening the pool's connections may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The most that the cache of a connection of the pool takes, in MiB.
const CACHE: u32 = 16;
/// How long a read may run on the thread of the caller, which serves other requests as well. It takes less
/// than a millisecond from memory; a slow disk may need some hundred.
const HERE: Duration = Duration::from_secs(2);

pub(super) struct Readers {
    lanes: [RunningLane; Lane::ALL.len()],
    pool: Pool<Manager>,
    /// Tells the pool to let go of connections instead of keeping them.
    closing: Arc<AtomicBool>,
    /// How long a read may run on the thread of the caller.
    here: Duration,
}

impl Readers {
    pub(super) fn start(
        database: &Database,
        config: &StoreConfig,
        gate: &CheckpointGate,
    ) -> Result<Self, OpenError> {
        let closing = Arc::<AtomicBool>::default();
        let callers =
            thread::available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(1));
        let pool = Pool::builder()
            .max_size(callers)
            .test_on_check_out(false)
            .connection_timeout(CONNECT_TIMEOUT)
            // Whoever asks for a connection is told, and logs it once.
            .error_handler(Box::new(NopErrorHandler))
            .build(Manager { database: database.clone(), closing: Arc::clone(&closing) })
            .map_err(|error| database.refuse(&error))?;
        let lanes: Vec<_> = Lane::ALL
            .iter()
            .map(|lane| RunningLane::start(lane.config(config), database, gate))
            .collect::<Result<_, _>>()?;
        let lanes = lanes.try_into().map_err(|_| database.refuse(&"a lane of reads is missing"))?;
        Ok(Self { lanes, pool, closing, here: config.read_deadline.min(HERE) })
    }

    /// The lane for this kind of read.
    pub(super) fn lane(&self, lane: Lane) -> &RunningLane {
        &self.lanes[lane as usize]
    }

    /// Runs work at once on this thread, if there is a connection for it.
    pub(super) async fn run_here<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        W: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        match self.pool.try_get() {
            Some(mut connection) => snapshot(&mut connection, Deadline::after(self.here), work),
            None => self.lane(Lane::Query).run(work).await,
        }
    }

    pub(super) fn close(&self) {
        self.lanes.iter().for_each(RunningLane::close);
        // Dropping the pool is not enough: a thread of its own may still hold it, and with it a connection.
        self.closing.store(true, Ordering::Relaxed);
        let idle: Vec<_> = iter::from_fn(|| self.pool.try_get()).collect();
        drop(idle);
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("lanes", &self.lanes).finish_non_exhaustive()
    }
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
        self.database.open_for_reading(CACHE)
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), Self::Error> {
        Ok(connection.ping()?)
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        self.closing.load(Ordering::Relaxed) || connection.is_broken()
    }
}
