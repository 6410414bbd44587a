//! Seeded dice. Only the raw numbers of the generator are used, so that a seed means the same case for ever.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A stream of throws.
pub struct Dice(Pcg64);

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        (self.0.next_u64() % sides.max(1) as u64) as usize
    }

    /// A number from `low` to `high`, both in.
    pub fn from_to(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of these, by value.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        *self.one(of)
    }

    /// Each of these with that chance.
    pub fn some(&mut self, of: &[&str], chance: usize) -> Vec<String> {
        of.iter().filter(|_| self.percent(chance)).map(|&one| one.to_owned()).collect()
    }
}
