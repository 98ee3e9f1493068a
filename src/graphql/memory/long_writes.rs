//! Long answers are written one after the other, beside the runtime's threads.

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::Semaphore,
    task::block_in_place,
};

use super::budget::Holder;
use crate::rates::{RateKey, Turns};

/// How many long answers are written at a time. Each keeps a processor busy for up to 20 ms: thirty at a time, on two
/// processors, made the requests of others wait for half a second.
const AT_A_TIME: usize = 1;

/// The turns of long answers.
#[derive(Debug)]
pub(super) struct LongWrites {
    all: Semaphore,
    /// One answer of each user waits with those of others, so that a user with many delays them by one at most.
    of_user: Turns,
}

impl Default for LongWrites {
    fn default() -> Self {
        Self { all: Semaphore::new(AT_A_TIME), of_user: Turns::of(1) }
    }
}

impl LongWrites {
    /// Waits for a turn and writes, while the other tasks of this thread run on another one.
    pub(super) async fn write<T>(&self, holder: Holder, write: impl FnOnce() -> T) -> T {
        let _own = match holder {
            // Fewer requests of a user run than may wait.
            Some(RateKey::User(user_id)) => self.of_user.wait(user_id).await.ok(),
            _ => None,
        };
        // Nobody closes the semaphore; without a turn, the answer would only be written earlier.
        let _turn = self.all.acquire().await;
        if has_threads() { block_in_place(write) } else { write() }
    }
}

/// Whether the runtime can go on with a thread less.
fn has_threads() -> bool {
    Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::future::join;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_second_long_answer_waits_for_the_first() {
        let long_writes = LongWrites::default();
        let (told, heard) = mpsc::channel();
        let write = |name: &'static str| {
            let told = told.clone();
            long_writes.write(None, move || {
                told.send((name, "begins")).expect("somebody listens");
                told.send((name, "ends")).expect("somebody listens");
            })
        };
        let turn = long_writes.all.acquire().await.expect("a turn");
        let both = join(write("first"), write("second"));
        let mut both = std::pin::pin!(both);
        assert!(futures_util::poll!(&mut both).is_pending());
        assert!(heard.try_recv().is_err(), "neither has a turn");
        drop(turn);
        both.await;
        let heard: Vec<_> = heard.try_iter().collect();
        assert_eq!(heard, [("first", "begins"), ("first", "ends"), ("second", "begins"), ("second", "ends")]);
    }
}
