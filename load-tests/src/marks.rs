//! One bit for each event: whether it was seen.

/// Marks by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<u64>);

impl Marks {
    /// Marks a number; answers whether it was marked before.
    pub(crate) fn mark(&mut self, number: u64) -> bool {
        let (word, bit) = place(number);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        let was = self.0[word] & bit != 0;
        self.0[word] |= bit;
        was
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many are marked here and not there.
    pub(crate) fn count_without(&self, other: &Marks) -> u64 {
        let word_of = |index: usize| other.0.get(index).copied().unwrap_or(0);
        self.0.iter().enumerate().map(|(index, word)| u64::from((word & !word_of(index)).count_ones())).sum()
    }
}

fn place(number: u64) -> (usize, u64) {
    (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_counted_once() {
        let (mut these, mut those) = (Marks::default(), Marks::default());
        assert!([0, 63, 64, 1_000].into_iter().all(|number| !these.mark(number)));
        assert!(these.mark(64));
        those.mark(63);
        those.mark(5_000);
        assert_eq!((these.count(), these.count_without(&those), those.count_without(&these)), (4, 3, 1));
    }
}
