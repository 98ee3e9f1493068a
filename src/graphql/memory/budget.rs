//! The memory for the answers of all clients.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::long_writes::LongWrites;
use crate::{config::Limits, rates::RateKey};

/// In steps of so many bytes an answer reserves memory. Its first step is free, so that ordinary pages reserve nothing: a page
/// of 100 messages takes 22 KiB.
pub(in crate::graphql) const STEP: usize = 64 * 1024;

/// Which part of the memory for all a user may have at once: a quarter, and no more than is free. Three users who take all they
/// get leave a quarter free, and each further one half of what was free. After A. K. Choudhury and E. L. Hahne, "Dynamic queue
/// length thresholds for shared-memory packet switches", 1998.
const SHARE: usize = 4;

/// The memory that answers may take until they have been sent, and the turns to write long ones.
pub(in crate::graphql) struct Budget {
    /// The most bytes for all answers together.
    most: usize,
    /// The bytes that are reserved, to be looked at without the lock.
    reserved: AtomicUsize,
    by_holder: Mutex<HashMap<Holder, usize>>,
    long_writes: LongWrites,
}

/// For whom memory is reserved: a user. Services, and requests that name nobody on an open server, have one share together.
pub(super) type Holder = Option<RateKey>;

/// There is no memory left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::graphql) enum BudgetExceeded {
    /// The user has as much as one user may have.
    #[error("your answers that are being written or sent take as much memory as one user may have")]
    Share,
    /// All users together have so much that less is free than the user would have.
    #[error(
        "the answers that are being written or sent take nearly all the memory that the server has for them"
    )]
    Everything,
}

impl Budget {
    pub(in crate::graphql) fn new(limits: &Limits) -> Self {
        Self {
            most: limits.answer_memory_bytes,
            reserved: AtomicUsize::new(0),
            by_holder: Mutex::default(),
            long_writes: LongWrites::default(),
        }
    }

    /// Whether there is place for a step more. Nothing is reserved.
    pub(in crate::graphql) fn check(&self, holder: Holder) -> Result<(), BudgetExceeded> {
        let reserved = self.reserved.load(Ordering::Relaxed);
        // While all have less than a share, nobody has more than theirs.
        if reserved + STEP <= self.share() {
            return Ok(());
        }
        let own = self.lock().get(&holder).copied().unwrap_or_default();
        self.fits(reserved, own, STEP)
    }

    fn fits(&self, reserved: usize, own: usize, more: usize) -> Result<(), BudgetExceeded> {
        let own = own.saturating_add(more);
        if own > self.share() {
            return Err(BudgetExceeded::Share);
        }
        if own > self.most.saturating_sub(reserved) {
            return Err(BudgetExceeded::Everything);
        }
        Ok(())
    }

    fn share(&self) -> usize {
        self.most / SHARE
    }

    fn reserve(&self, holder: Holder, more: usize) -> Result<(), BudgetExceeded> {
        let mut holders = self.lock();
        let own = holders.get(&holder).copied().unwrap_or_default();
        self.fits(self.reserved.load(Ordering::Relaxed), own, more)?;
        holders.insert(holder, own + more);
        self.reserved.fetch_add(more, Ordering::Relaxed);
        Ok(())
    }

    fn give_back(&self, holder: Holder, bytes: usize) {
        let mut holders = self.lock();
        self.reserved.fetch_sub(bytes, Ordering::Relaxed);
        if let Some(own) = holders.get_mut(&holder) {
            *own -= bytes;
            if *own == 0 {
                holders.remove(&holder);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Holder, usize>> {
        self.by_holder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("most", &self.most)
            .field("reserved", &self.reserved)
            .finish_non_exhaustive()
    }
}

/// What one answer has reserved; it is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Reservation {
    budget: Arc<Budget>,
    holder: Holder,
    bytes: AtomicUsize,
}

impl Reservation {
    /// Nothing yet, of this user's share.
    pub(super) fn none(budget: Arc<Budget>, holder: Holder) -> Self {
        Self { budget, holder, bytes: AtomicUsize::new(0) }
    }

    /// Waits for a turn of its holder and writes something long.
    pub(super) async fn write_long<T>(&self, write: impl FnOnce() -> T) -> T {
        self.budget.long_writes.write(self.holder, write).await
    }

    /// How many bytes are reserved.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Reserves what is needed for so many bytes, if that is more than there is.
    pub(super) fn at_least(&self, bytes: usize) -> Result<(), BudgetExceeded> {
        if bytes.saturating_sub(STEP) > self.bytes() { self.resize(bytes) } else { Ok(()) }
    }

    /// Reserves what is needed for so many bytes, in steps and without the first one; or gives back what is not needed any
    /// more.
    pub(super) fn resize(&self, bytes: usize) -> Result<(), BudgetExceeded> {
        let needed = bytes.saturating_sub(STEP).next_multiple_of(STEP);
        let reserved = self.bytes();
        if needed > reserved {
            self.budget.reserve(self.holder, needed - reserved)?;
        } else if needed < reserved {
            self.budget.give_back(self.holder, reserved - needed);
        }
        self.bytes.store(needed, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let bytes = self.bytes();
        if bytes > 0 {
            self.budget.give_back(self.holder, bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(address: &str) -> RateKey {
        RateKey::address(address.parse().expect("an address"))
    }

    fn budget(steps: usize) -> Arc<Budget> {
        Arc::new(Budget::new(&Limits { answer_memory_bytes: steps * STEP, ..Limits::default() }))
    }

    #[test]
    fn nobody_takes_more_than_a_quarter_and_all_no_more_than_there_is() {
        let budget = budget(8);
        let [aaron, betty, carol, dave, eve] =
            ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"].map(|address| Some(holder(address)));
        let reserve = |holder, steps: usize| {
            let reservation = Reservation::none(Arc::clone(&budget), holder);
            reservation.resize(steps * STEP + STEP).map(|()| reservation)
        };
        let first = reserve(aaron, 1).expect("place");
        let second = reserve(aaron, 1).expect("place");
        assert_eq!(reserve(aaron, 1).expect_err("no more"), BudgetExceeded::Share);
        assert_eq!(budget.check(aaron), Err(BudgetExceeded::Share));
        assert_eq!(budget.check(betty), Ok(()));
        let others = [betty, carol, dave].map(|holder| reserve(holder, 2).expect("place"));
        assert_eq!(reserve(eve, 1).expect_err("no more"), BudgetExceeded::Everything);
        assert_eq!(budget.check(eve), Err(BudgetExceeded::Everything));

        drop((first, others));
        assert_eq!(budget.check(aaron), Ok(()));
        drop(second);
        assert_eq!(budget.reserved.load(Ordering::Relaxed), 0);
        assert!(budget.lock().is_empty(), "who holds nothing is forgotten");
    }

    #[test]
    fn the_first_step_is_free_and_what_is_not_needed_is_given_back() {
        let budget = budget(8);
        let reservation = Reservation::none(Arc::clone(&budget), None);
        for (bytes, reserved) in [(STEP, 0), (STEP + 1, STEP), (3 * STEP, 2 * STEP), (2 * STEP, STEP), (9, 0)]
        {
            reservation.resize(bytes).expect("place");
            assert_eq!(reservation.bytes(), reserved, "{bytes}");
            assert_eq!(budget.reserved.load(Ordering::Relaxed), reserved, "{bytes}");
        }
        assert_eq!(reservation.resize(4 * STEP), Err(BudgetExceeded::Share));
        assert_eq!(reservation.bytes(), 0, "what is refused takes nothing");
    }
}
