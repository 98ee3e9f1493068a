//! How many connections there may be at a time.

use std::{sync::Arc, time::Duration};

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::{
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// The files that the server has open beside its connections; those of the database are some thirty.
const OWN_FILES: u64 = 128;
/// How long it is not said again that all places are taken.
const SILENCE: Duration = Duration::from_mins(1);

/// The places of connections; who comes when all are taken waits to be accepted.
#[derive(Debug)]
pub struct Places {
    free: Arc<Semaphore>,
    count: u32,
    told: Option<Instant>,
}

impl Places {
    /// So many places, or fewer when the process may not open as many files. It may open all that it is granted from now on:
    /// what a process begins with is often 1,024.
    #[must_use]
    pub fn new(most: u32) -> Self {
        let count = most.min(room());
        Self { free: Arc::new(Semaphore::new(count as usize)), count, told: None }
    }

    /// A place, as soon as there is one.
    pub(super) async fn take(&mut self) -> Result<OwnedSemaphorePermit, AcquireError> {
        if let Ok(place) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(place);
        }
        self.tell();
        Arc::clone(&self.free).acquire_owned().await
    }

    /// Returns when everybody has left.
    pub(super) async fn all_are_free(&self) {
        drop(self.free.acquire_many(self.count).await);
    }

    fn tell(&mut self) {
        if self.told.is_some_and(|told| told.elapsed() < SILENCE) {
            return;
        }
        self.told = Some(Instant::now());
        tracing::warn!(
            connections = self.count,
            "all connections that there may be are open, and further ones wait; raise MESSENGER_MAX_CONNECTIONS, and the \
             limit of open files if that is lower"
        );
    }
}

/// For how many connections there can be files.
fn room() -> u32 {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where that is refused, what there was still counts.
    let _ = setrlimit(Resource::Nofile, limit);
    let Some(files) = getrlimit(Resource::Nofile).current else {
        return u32::MAX;
    };
    u32::try_from(files.saturating_sub(OWN_FILES).max(1)).unwrap_or(u32::MAX)
}
