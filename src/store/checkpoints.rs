//! Checkpoints: what was committed moves from the WAL to the database, beside the writer and not in its way.
//!
//! On the writer's thread a checkpoint holds up every message that waits. A thread of its own does nearly all
//! of it; only the last pages are left to the writer, between two commits, because a WAL that has been moved
//! to its end is begun anew by the next commit, and one that is still written to never ends.

use std::{
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use async_channel::{Receiver, Sender};
use diesel::{
    QueryResult, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Integer,
};

use super::{Connection, OpenError, lane::CheckpointGate, sqlite::Database, threads::join_all};

/// Pages in the WAL at which a checkpoint begins: 128 MiB. A page that is written again and again is moved
/// once, so that sends are 1.2 times as many as with 32 MiB, and their p99 is 43 ms and not 61; a WAL of 256
/// MiB gains nothing more.
const BEGIN: i32 = 32_000;
/// Pages that are left to the writer: 800 KiB.
const REST: i32 = 200;
/// How often the thread tries to get so near to the end.
const TRIES: usize = 8;
/// Pages in the WAL at which reads make way: 512 MiB. A WAL cannot begin anew while reads follow each other
/// without a gap.
const HOLD: i32 = 131_072;
/// Pages in the WAL at which the operator is told: 1 GiB.
const WARN: i32 = 262_144;
/// How long the writer may wait, in milliseconds, for reads that are not held: they take less than one each.
const RESTART_MS: u32 = 1_000;

/// What the writer knows of checkpoints.
pub(super) struct Checkpoints {
    commits: Sender<()>,
    is_near_the_end: Arc<AtomicBool>,
    gate: CommitGate,
    thread: Mutex<Vec<JoinHandle<()>>>,
}

/// Held by the writer for each commit, and by a checkpoint that has the WAL begun anew. Whoever asks for it
/// exclusively comes next: SQLite's own lock goes to the writer again and again while it never rests.
pub(super) type CommitGate = Arc<RwLock<()>>;

impl Checkpoints {
    /// Starts the thread.
    pub(super) fn start(database: &Database, gate: CheckpointGate) -> Result<Self, OpenError> {
        // One signal is enough: whoever takes it sees all commits up to then.
        let (commits, signals) = async_channel::bounded(1);
        let (is_near_the_end, commit_gate) = (Arc::<AtomicBool>::default(), CommitGate::default());
        let mut checkpointer = Checkpointer {
            database: database.clone(),
            gate,
            commit_gate: Arc::clone(&commit_gate),
            connection: None,
            is_well: true,
            is_warned: false,
        };
        let near = Arc::clone(&is_near_the_end);
        let thread = thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || checkpointer.serve(&signals, &near))
            .map_err(|error| database.refuse(&error))?;
        Ok(Self { commits, is_near_the_end, gate: commit_gate, thread: Mutex::new(vec![thread]) })
    }

    /// What the writer holds for each commit.
    pub(super) fn gate(&self) -> CommitGate {
        Arc::clone(&self.gate)
    }

    /// Has a look at the WAL after a commit, and moves its last pages when the rest has been moved.
    pub(super) fn after_commit(&self, writer: &mut Connection) {
        if !self.is_near_the_end.swap(false, Ordering::Acquire) {
            // A signal that is there already will do.
            let _ = self.commits.try_send(());
            return;
        }
        if let Err(error) = WalState::wal_checkpoint(writer, "PASSIVE") {
            tracing::warn!(%error, "the end of the WAL could not be moved to the database; it grows until it can");
        }
    }

    /// Ends the thread and closes its connection.
    pub(super) fn close(&self) {
        self.commits.close();
        join_all(&self.thread);
    }
}

/// The thread and its connection, which is replaced after a fault.
struct Checkpointer {
    database: Database,
    gate: CheckpointGate,
    commit_gate: CommitGate,
    connection: Option<Connection>,
    /// Whether the operator was told that the WAL is large.
    is_warned: bool,
    /// Whether the last look at the WAL succeeded: of many failures in a row the first is told.
    is_well: bool,
}

impl Checkpointer {
    fn serve(&mut self, commits: &Receiver<()>, is_near_the_end: &AtomicBool) {
        while commits.recv_blocking().is_ok() {
            match self.run_once() {
                Ok(was_moved) => {
                    self.is_well = true;
                    is_near_the_end.fetch_or(was_moved, Ordering::Release);
                }
                Err(reason) => {
                    if self.is_well {
                        tracing::warn!(
                            reason,
                            "the WAL could not be moved to the database; it grows until it can"
                        );
                    }
                    (self.is_well, self.connection) = (false, None);
                }
            }
        }
    }

    /// Moves the WAL, when there is enough of it, up to the last pages; whether it did.
    fn run_once(&mut self) -> Result<bool, String> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.reopen_for_writing().map_err(|error| error.to_string())?,
        };
        let connection = self.connection.insert(connection);
        let was_moved = move_nearly_all(connection, BEGIN, REST).map_err(|error| error.to_string())?;
        if was_moved {
            let pages = begin_anew(connection, (&self.gate, &self.commit_gate), HOLD)
                .map_err(|error| error.to_string())?;
            self.warn(pages);
        }
        Ok(was_moved)
    }

    /// Tells of a WAL that has become large, once.
    fn warn(&mut self, pages: i32) {
        let is_large = pages >= WARN;
        if is_large && !self.is_warned {
            let mebibytes = pages / 256;
            tracing::warn!(
                mebibytes,
                "the WAL grows: something reads for so long that the WAL cannot begin anew. Look for other \
                 programs that have the database open"
            );
        }
        self.is_warned = is_large;
    }
}

/// Has the next commit begin a WAL anew that has so many pages, and gives how many it has. Reads of the lanes
/// that yield are held meanwhile, once those that run have ended: their deadlines bound that. The writer
/// waits for the rest, for a second at most.
fn begin_anew(
    connection: &mut Connection,
    (reads, commits): (&CheckpointGate, &CommitGate),
    hold: i32,
) -> QueryResult<i32> {
    let pages = WalState::wal_checkpoint(connection, "NOOP")?.wal_pages;
    if pages < hold {
        return Ok(pages);
    }
    let _reads = reads.write().unwrap_or_else(PoisonError::into_inner);
    WalState::wal_checkpoint(connection, "PASSIVE")?;
    let _commits = commits.write().unwrap_or_else(PoisonError::into_inner);
    let usual: BusyTimeout = sql_query("PRAGMA busy_timeout").get_result(connection)?;
    connection.batch_execute(&format!("PRAGMA busy_timeout = {RESTART_MS}"))?;
    let restarted = WalState::wal_checkpoint(connection, "RESTART");
    connection.batch_execute(&format!("PRAGMA busy_timeout = {}", usual.timeout))?;
    // After a restart the pages are still in the file, and none of them counts.
    let is_anew = restarted?.busy == 0;
    Ok(if is_anew { 0 } else { pages })
}

/// How long a connection waits for a lock.
#[derive(Clone, Copy, Debug, QueryableByName)]
struct BusyTimeout {
    /// In milliseconds.
    #[diesel(sql_type = Integer)]
    timeout: i32,
}

fn move_nearly_all(connection: &mut Connection, begin: i32, rest: i32) -> QueryResult<bool> {
    if WalState::wal_checkpoint(connection, "NOOP")?.remaining() < begin {
        return Ok(false);
    }
    for _ in 0..TRIES {
        WalState::wal_checkpoint(connection, "PASSIVE")?;
        if WalState::wal_checkpoint(connection, "NOOP")?.remaining() <= rest {
            break;
        }
    }
    Ok(true)
}

/// The state of the WAL (<https://www.sqlite.org/pragma.html#pragma_wal_checkpoint>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
struct WalState {
    /// 1 when something stood in the way of all that was to be done.
    #[diesel(sql_type = Integer)]
    busy: i32,
    /// Pages in it.
    #[diesel(sql_type = Integer)]
    #[diesel(column_name = log)]
    wal_pages: i32,
    /// Those of them that have been moved.
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

impl WalState {
    /// Does so much, and says how it stands then. `PASSIVE` moves what it can without waiting for anybody,
    /// `NOOP` nothing; `RESTART` keeps the writer waiting until all is moved and no read needs the WAL.
    fn wal_checkpoint(connection: &mut Connection, mode: &str) -> QueryResult<Self> {
        sql_query(format!("PRAGMA wal_checkpoint({mode})")).get_result(connection)
    }

    fn remaining(self) -> i32 {
        self.wal_pages - self.checkpointed
    }
}

#[cfg(test)]
mod tests;
