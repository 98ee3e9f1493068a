//! Checkpoints, which move what was written from the WAL to the database, beside the writer and not in its
//! way.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI32, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use rusqlite::Connection;

/// Pages in the WAL at which a checkpoint begins: 128 MiB.
const BEGIN: i32 = 32_000;
/// Pages that the writer may move itself: as long as it goes on, somebody else never reaches the end.
const REST: i32 = 200;
/// Somebody else tries so often to get there.
const TRIES: usize = 8;

/// Pages in the WAL, as of the last commit. A hook can hold no state of its own; there is one writer.
static PAGES: AtomicI32 = AtomicI32::new(0);

/// What the writer knows of the checkpoints.
pub struct Checkpoints {
    begin: SyncSender<()>,
    is_near_the_end: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Takes them off the writer's connection, and starts a thread for them.
    pub fn start(file: &Path, writer: &Connection) -> Self {
        writer.execute_batch("PRAGMA wal_autocheckpoint = 0;").expect("a pragma");
        writer.wal_hook(Some(|_, pages| {
            PAGES.store(pages, Ordering::Relaxed);
            Ok(())
        }));
        let connection = Connection::open(file).expect("a database");
        connection
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")
            .expect("pragmas");
        let (begin, turns) = sync_channel(1);
        let is_near_the_end = Arc::<AtomicBool>::default();
        let near = Arc::clone(&is_near_the_end);
        thread::spawn(move || run_once(&connection, &turns, &near));
        Self { begin, is_near_the_end }
    }

    /// Begins one when it is time, and ends one: with an empty WAL, the next commit starts it anew.
    pub fn after_commit(&self, writer: &Connection) {
        if self.is_near_the_end.swap(false, Ordering::Acquire) {
            checkpoint(writer);
        } else if PAGES.load(Ordering::Relaxed) >= BEGIN {
            // One that runs already will do.
            let _ = self.begin.try_send(());
        }
    }
}

fn run_once(connection: &Connection, turns: &Receiver<()>, is_near_the_end: &AtomicBool) {
    while turns.recv().is_ok() {
        let is_left = || PAGES.load(Ordering::Relaxed) - checkpoint(connection) > REST;
        let _ = (0..TRIES).find(|_| !is_left());
        is_near_the_end.store(true, Ordering::Release);
    }
}

/// Moves what it can without waiting for anybody, and gives how many pages that makes.
fn checkpoint(connection: &Connection) -> i32 {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(2)).expect("a checkpoint")
}
