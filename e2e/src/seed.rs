//! Chance that can be had again: everything that a fault test leaves to chance comes from one number.

use std::{
    env,
    hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState},
};

/// The environment variable that gives the number.
const VARIABLE: &str = "GAPIN_FAULT_SEED";

/// A source of chance (SplitMix64).
#[derive(Clone, Debug)]
pub struct Seed(u64);

impl Seed {
    /// The number that `GAPIN_FAULT_SEED` names, or any.
    pub fn given() -> u64 {
        match env::var(VARIABLE) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{VARIABLE} is not a number: {text:?}")),
            Err(_) => RandomState::new().hash_one(std::process::id()) % 1_000_000,
        }
    }

    /// The chance of this name under this number.
    pub fn of(number: u64, name: &str) -> Seed {
        let mut hasher = DefaultHasher::new();
        (number, name).hash(&mut hasher);
        Seed(hasher.finish())
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.any() % bound as u64).unwrap_or_default()
    }

    /// Brings these into any order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// An id that nothing else has, unless it comes from the same number.
    pub fn uuid(&mut self) -> uuid::Uuid {
        let bits = u128::from(self.any()) << 64 | u128::from(self.any());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}
