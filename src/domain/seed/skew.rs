//! Chance, as it is among people: a few of them do most of what is done.

use rand::{RngExt, rngs::StdRng};

/// One of so many, from 0; of any number of people, the first tenth is drawn more often than all others together.
///
/// A chance to the fourth power falls like Zipf's law with an exponent of 3/4, and needs nothing but multiplications, which
/// give the same on every machine.
pub(super) fn skewed(count: usize, chance: &mut StdRng) -> usize {
    let even: f64 = chance.random();
    share(count, even * even * even * even)
}

/// The same part of so many, rounded down.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the part is from 0 to below 1, and nobody counts to 2⁵²"
)]
fn share(count: usize, part: f64) -> usize {
    (count as f64 * part) as usize
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_tenth_is_drawn_more_often_than_the_rest() {
        let chance = &mut StdRng::seed_from_u64(1);
        let drawn: Vec<usize> = (0..10_000).map(|_| skewed(50, chance)).collect();
        let first_tenth = drawn.iter().filter(|place| **place < 5).count();
        assert!((5_000..6_500).contains(&first_tenth), "{first_tenth}");
        assert!((0..50).all(|place| drawn.contains(&place)), "everybody has a turn");
        assert_eq!(drawn.iter().max(), Some(&49));
    }
}
