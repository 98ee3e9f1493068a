//! How many bytes clients may have on their way into the server, all of them together and each for itself.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::rates::RateKey;

/// What each connection may hold without drawing on a budget: 16,000 connections come to 128 MiB.
pub(super) const FREE_BYTES: usize = 8 * 1024;
/// The part of a budget that one address or one user may take.
const SHARE: usize = 8;

/// A number of bytes that are shared by all. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    total: usize,
    share: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_holder: HashMap<RateKey, usize>,
}

/// The budget, or the holder's share of it, is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UsedUp;

impl Budget {
    /// So many bytes for all, or at least twice `most_at_once`, which one holder may always take.
    pub(super) fn new(total: usize, most_at_once: usize) -> Self {
        let total = total.max(2 * most_at_once);
        let share = (total / SHARE).max(most_at_once);
        Self(Arc::new(Shared { total, share, taken: Mutex::default() }))
    }

    /// Nothing yet. Who is not counted has no share, and draws on the whole.
    pub(super) fn reserve(&self, holder: Option<RateKey>) -> Reservation {
        Reservation { budget: self.clone(), holder, bytes: 0 }
    }

    fn add(&self, holder: Option<RateKey>, bytes: usize) -> Result<(), UsedUp> {
        let Shared { total, share, taken } = &*self.0;
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = holder.map_or(0, |holder| taken.by_holder.get(&holder).copied().unwrap_or_default());
        let exceeds_share = holder.is_some() && own + bytes > *share;
        if taken.all + bytes > *total || exceeds_share {
            return Err(UsedUp);
        }
        taken.all += bytes;
        if let Some(holder) = holder {
            taken.by_holder.insert(holder, own + bytes);
        }
        Ok(())
    }

    fn give_back(&self, holder: Option<RateKey>, bytes: usize) {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= bytes;
        if let Some(holder) = holder
            && let Some(own) = taken.by_holder.get_mut(&holder)
        {
            *own -= bytes;
            if *own == 0 {
                taken.by_holder.remove(&holder);
            }
        }
    }
}

/// Bytes of a budget that somebody has; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Reservation {
    budget: Budget,
    holder: Option<RateKey>,
    bytes: usize,
}

impl Reservation {
    /// Has place for so many bytes in all. The first [`FREE_BYTES`] of them are nobody's business.
    pub(super) fn grow_to(&mut self, bytes: usize) -> Result<(), UsedUp> {
        let wanted = bytes.saturating_sub(FREE_BYTES);
        if wanted > self.bytes {
            self.budget.add(self.holder, wanted - self.bytes)?;
            self.bytes = wanted;
        }
        Ok(())
    }

    /// Gives everything back.
    pub(super) fn release(&mut self) {
        if self.bytes > 0 {
            self.budget.give_back(self.holder, self.bytes);
            self.bytes = 0;
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holder(number: u8) -> RateKey {
        RateKey::address([10, 0, 0, number].into())
    }

    #[test]
    fn one_holder_has_a_share_and_all_have_the_whole() {
        let budget = Budget::new(800_000, 1_000);
        let mut one = budget.reserve(Some(holder(1)));
        assert_eq!(one.grow_to(FREE_BYTES + 100_000), Ok(()));
        assert_eq!(one.grow_to(FREE_BYTES + 100_001), Err(UsedUp), "a share is an eighth");
        assert_eq!(budget.reserve(Some(holder(1))).grow_to(FREE_BYTES), Ok(()), "what is free is free");
        let mut nobody = budget.reserve(None);
        assert_eq!(nobody.grow_to(FREE_BYTES + 700_000), Ok(()), "who is not counted has no share");
        assert_eq!(budget.reserve(Some(holder(2))).grow_to(FREE_BYTES + 1), Err(UsedUp));
        drop(one);
        assert_eq!(budget.reserve(Some(holder(2))).grow_to(FREE_BYTES + 100_000), Ok(()));
    }

    #[test]
    fn the_largest_body_always_fits_alone() {
        let budget = Budget::new(1_000, 64 * 1024 * 1024);
        assert_eq!(budget.reserve(Some(holder(1))).grow_to(64 * 1024 * 1024), Ok(()));
    }

    proptest! {
        #[test]
        fn what_is_given_back_is_what_was_taken(
            steps in prop::collection::vec((0_usize..6, 0_usize..60_000), 0..100),
        ) {
            let budget = Budget::new(200_000, 0);
            let mut held: Vec<Reservation> = (0..6_u8).map(|number| {
                budget.reserve((number < 4).then(|| holder(number / 2)))
            }).collect();
            for (number, bytes) in steps {
                if bytes % 7 == 0 {
                    held[number].release();
                } else {
                    let _ = held[number].grow_to(bytes);
                }
                let taken = budget.0.taken.lock().expect("nobody panicked");
                prop_assert_eq!(taken.all, held.iter().map(|one| one.bytes).sum::<usize>());
                prop_assert!(taken.all <= 200_000);
                prop_assert!(taken.by_holder.values().all(|own| (1..=25_000).contains(own)));
            }
            drop(held);
            let taken = budget.0.taken.lock().expect("nobody panicked");
            prop_assert!(taken.all == 0 && taken.by_holder.is_empty());
        }
    }
}
