//! Disjoint sets of numbers that grow together.

/// By number another one of its set; the least of a set is its own.
pub(crate) struct Groups(Vec<usize>);

impl Groups {
    /// So many numbers, each on its own.
    pub fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The least number of the set.
    pub fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Makes two sets one.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
