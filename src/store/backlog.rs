//! How much text waits for the search index, and the turn of the writes that add much.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard, watch};

/// Writes of more bytes of text wait for a turn. A commit takes in smaller ones without delay for the next.
const SHORT: usize = 64 * 1024;

/// Bytes of text that may wait for the index when a long write begins: another MiB of them is in bounds then.
const ROOM: u64 = 1024 * 1024;

/// What waits for the search index. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Backlog {
    bytes: watch::Sender<u64>,
    turn: Arc<Mutex<()>>,
}

/// The turn of a write, kept until the write is answered. One of short texts needs none.
#[derive(Debug)]
#[must_use = "another write of long texts begins when it is dropped"]
pub struct TextTurn(#[allow(dead_code, reason = "held, and never read")] Option<OwnedMutexGuard<()>>);

impl Default for Backlog {
    fn default() -> Self {
        Self { bytes: watch::Sender::new(0), turn: Arc::default() }
    }
}

impl Backlog {
    /// Tells how many bytes of text wait.
    pub(super) fn set(&self, bytes: u64) {
        self.bytes.send_replace(bytes);
    }

    /// Whether any text waits.
    pub(super) fn is_empty(&self) -> bool {
        *self.bytes.borrow() == 0
    }

    /// Waits until so many bytes of text may be written, after the long writes that asked before.
    pub(super) async fn turn(&self, bytes: usize) -> TextTurn {
        if bytes <= SHORT {
            return TextTurn(None);
        }
        let turn = Arc::clone(&self.turn).lock_owned().await;
        // The sender is this one, so it is there.
        let _ = self.bytes.subscribe().wait_for(|waiting| *waiting <= ROOM).await;
        TextTurn(Some(turn))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn a_long_write_waits_for_the_one_before_and_for_the_index() {
        let backlog = Backlog::default();
        let first = backlog.turn(SHORT + 1).await;
        let mut second = Box::pin(backlog.turn(SHORT + 1));
        assert!(poll!(&mut second).is_pending(), "the first one has the turn");
        drop(backlog.turn(SHORT).await);

        backlog.set(ROOM + 1);
        drop(first);
        assert!(poll!(&mut second).is_pending(), "the index is behind");
        drop(backlog.turn(SHORT).await);

        backlog.set(ROOM);
        drop(second.await);
    }
}
