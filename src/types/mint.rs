//! Where ids come from.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use rand::Rng;
use uuid::{Builder, Uuid};

use super::{Id, Kind, Timestamp};

/// Bits of a UUIDv7 below its time: 12 of `rand_a` and 62 of `rand_b`.
const TAIL_BITS: u32 = 74;
const RAND_B_BITS: u32 = 62;

/// How far ahead of the clock ids may be without anybody having to mind.
const AHEAD_MILLIS: i64 = 3_600_000;

/// Mints UUIDv7 ids, each greater than the one before, whatever the clock does.
///
/// An id is made of the clock's milliseconds and 74 random bits. Where that would not be greater than the last one (two
/// in a millisecond, or a clock that was set back) it is the last one plus a random step of up to 2³² (RFC 9562,
/// section 6.2, method 2), so the time in an id is never earlier than the clock said, and may be later.
pub struct IdMint {
    state: Mutex<State>,
}

struct State {
    /// The last id without its version and variant bits, so that it can be counted up.
    last: u128,
    randomness: Box<dyn Rng + Send>,
}

impl IdMint {
    /// Starts above `newest`: the greatest id of a message, whose order matters, if there is any.
    #[must_use]
    pub fn new(randomness: Box<dyn Rng + Send>, newest: Option<Uuid>) -> Self {
        let last = newest.map_or(0, |uuid| number(&uuid));
        Self { state: Mutex::new(State { last, randomness }) }
    }

    /// The next id; greater than every id minted before.
    pub fn mint<K: Kind>(&self, now: Timestamp) -> Id<K> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let millis = u128::try_from(now.millis()).unwrap_or_default();
        let tail =
            (u128::from(state.randomness.next_u64()) << 10) | u128::from(state.randomness.next_u32() >> 22);
        let step = 1 + u128::from(state.randomness.next_u32());
        state.last = ((millis << TAIL_BITS) | tail).max(state.last + step);
        Id::new(uuid(state.last))
    }
}

impl IdMint {
    /// Whether ids are of a later time than this by more than an hour: the clock was ahead once, and ids never go back.
    pub fn is_ahead_of(&self, now: Timestamp) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let last = i64::try_from(state.last >> TAIL_BITS).unwrap_or(i64::MAX);
        last.saturating_sub(now.millis()) > AHEAD_MILLIS
    }
}

impl fmt::Debug for IdMint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdMint").finish_non_exhaustive()
    }
}

/// Spreads a 122-bit number over the free bits of a UUIDv7, keeping its order.
fn uuid(number: u128) -> Uuid {
    let millis = u64::try_from(number >> TAIL_BITS).unwrap_or(u64::MAX);
    let mut tail = [0; 10];
    let a = u16::try_from((number >> RAND_B_BITS) & 0x0fff).unwrap_or_default();
    let b = u64::try_from(number & ((1 << RAND_B_BITS) - 1)).unwrap_or_default();
    tail[..2].copy_from_slice(&a.to_be_bytes());
    tail[2..].copy_from_slice(&b.to_be_bytes());
    Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

/// The inverse of [`uuid()`].
fn number(uuid: &Uuid) -> u128 {
    let bits = uuid.as_u128();
    let millis = bits >> 80;
    let a = (bits >> 64) & 0x0fff;
    let b = bits & ((1 << RAND_B_BITS) - 1);
    (millis << TAIL_BITS) | (a << RAND_B_BITS) | b
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;
    use crate::types::MessageId;

    /// A clock that is set forward and back; up to the year 6429, where a UUIDv7 has one bit left.
    fn times() -> impl Strategy<Value = Vec<i64>> {
        let times = prop_oneof![0..1_i64 << 47, 1_769_860_800_000..1_769_860_800_003_i64, -5..5_i64];
        vec(times, 1..100)
    }

    fn mint(seed: u64, newest: Option<Uuid>) -> IdMint {
        IdMint::new(Box::new(StdRng::seed_from_u64(seed)), newest)
    }

    proptest! {
        #[test]
        fn ids_ascend_whatever_the_clock_does(times in times(), seed: u64) {
            let mint = mint(seed, None);
            let mut newest = MessageId::new(Uuid::nil());
            for time in times.into_iter().map(Timestamp::from_millis) {
                let id = mint.mint(time);
                prop_assert!(id > newest, "{id:?} after {newest:?}");
                prop_assert!(id >= MessageId::earliest_at(time), "{id:?} at {time}");
                prop_assert_eq!((id.uuid().get_version_num(), id.uuid().get_variant()), (7, uuid::Variant::RFC4122));
                newest = id;
            }
        }

        #[test]
        fn a_new_mint_goes_on_above_the_newest_id(time in 0..1_i64 << 47, earlier in 0..1_i64 << 47, seed: u64) {
            let newest: MessageId = mint(seed, None).mint(Timestamp::from_millis(time));
            let next = mint(seed, Some(*newest.uuid())).mint(Timestamp::from_millis(earlier));
            prop_assert!(next > newest);
        }

        #[test]
        fn a_mint_knows_that_it_is_ahead(time in 0..1_i64 << 46, back in 0..1_i64 << 45, seed: u64) {
            let mint = mint(seed, None);
            let _: MessageId = mint.mint(Timestamp::from_millis(time));
            prop_assert_eq!(mint.is_ahead_of(Timestamp::from_millis(time - back)), back > AHEAD_MILLIS);
        }

        #[test]
        fn a_number_survives_its_uuid(value in 0..1_u128 << 122) {
            prop_assert_eq!(number(&uuid(value)), value);
        }
    }
}
