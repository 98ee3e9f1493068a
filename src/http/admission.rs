//! How many connections there may be at a time.

use std::{sync::Arc, time::Duration};

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::{
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// The files that the server has open beside its connections; those of the database are some thirty.
const OWN_FILES: u64 = 128;
/// How long it is not said again that nobody more may come.
const SILENCE: Duration = Duration::from_mins(1);

/// Whom it lets in: who comes when as many are there as may be, waits to be accepted.
#[derive(Debug)]
pub struct Admission {
    free: Arc<Semaphore>,
    count: u32,
    told: Option<Instant>,
}

impl Admission {
    /// Lets in so many at a time, or fewer when the process may not open as many files. From now on it may open all that it
    /// is granted: what a process begins with is often 1,024.
    #[must_use]
    pub fn new(most: u32) -> Self {
        let count = most.min(room());
        Self { free: Arc::new(Semaphore::new(count as usize)), count, told: None }
    }

    /// Waits until one more may come.
    pub(super) async fn next(&mut self) -> Result<OwnedSemaphorePermit, AcquireError> {
        if let Ok(place) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(place);
        }
        self.tell();
        Arc::clone(&self.free).acquire_owned().await
    }

    /// Returns when everybody has left.
    pub(super) async fn all_have_left(&self) {
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
