//! Work of which each user may have a few pieces done at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::types::UserId;

/// The most work of one user that waits or is being done, where nothing else bounds it.
const MOST: usize = 128;

/// A few pieces of work at a time for each user: however much somebody asks for, others wait for these at most.
/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Turns {
    at_a_time: usize,
    most: usize,
    queues: Arc<Mutex<HashMap<UserId, Queue>>>,
}

/// A user whose work waits or is being done.
#[derive(Debug)]
struct Queue {
    permits: Arc<Semaphore>,
    slots: usize,
}

/// As much work of the user waits as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyWait;

/// Somebody's turn, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
    _slot: QueueSlot,
}

impl Turns {
    /// For so many pieces of each user's work at a time.
    #[must_use]
    pub fn of(at_a_time: usize) -> Self {
        Self { at_a_time, most: MOST, queues: Arc::default() }
    }

    /// For work that waits in bounds of its own: none of it is refused.
    #[must_use]
    pub fn of_bounded_work(at_a_time: usize) -> Self {
        Self { most: usize::MAX, ..Self::of(at_a_time) }
    }

    /// Waits until less work of this user is being done; refuses when 128 pieces of it wait or are being done
    /// already.
    pub async fn wait(&self, user_id: UserId) -> Result<Turn, TooManyWait> {
        let (slot, permits) = self.enter(user_id)?;
        // It is never closed.
        let permit = permits.acquire_owned().await.ok();
        Ok(Turn { _permit: permit, _slot: slot })
    }

    fn enter(&self, user_id: UserId) -> Result<(QueueSlot, Arc<Semaphore>), TooManyWait> {
        let mut queues = self.lock();
        let queue = queues
            .entry(user_id)
            .or_insert_with(|| Queue { permits: Arc::new(Semaphore::new(self.at_a_time)), slots: 0 });
        if queue.slots == self.most {
            return Err(TooManyWait);
        }
        queue.slots += 1;
        Ok((QueueSlot { turns: self.clone(), user_id }, Arc::clone(&queue.permits)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Queue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A slot in the queue of a user.
#[derive(Debug)]
struct QueueSlot {
    turns: Turns,
    user_id: UserId,
}

impl Drop for QueueSlot {
    fn drop(&mut self) {
        let mut queues = self.turns.lock();
        let Some(queue) = queues.get_mut(&self.user_id) else { return };
        queue.slots -= 1;
        if queue.slots == 0 {
            queues.remove(&self.user_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_at_a_time_and_no_more_than_so_many() {
        let turns = Turns::of(1);
        let [aaron, betty] = [1, 2].map(|number| UserId::new(Uuid::from_u128(number)));
        let first = turns.wait(aaron).now_or_never().expect("at once").expect("a turn");
        let mut waiting: Vec<_> = (1..MOST).map(|_| Box::pin(turns.wait(aaron))).collect();
        assert!(waiting.iter_mut().all(|waiting| waiting.now_or_never().is_none()));
        assert_eq!(turns.wait(aaron).now_or_never().expect("at once").err(), Some(TooManyWait));
        let other = turns.wait(betty).now_or_never().expect("at once").expect("a turn");

        drop(first);
        let second = waiting[0].as_mut().now_or_never().expect("its turn").expect("a turn");
        assert!(waiting[1].as_mut().now_or_never().is_none());
        drop((second, other, waiting));
        assert!(turns.lock().is_empty(), "nobody is kept who has nothing done");
    }
}
