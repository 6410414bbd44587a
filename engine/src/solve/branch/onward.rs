//! How a search goes on once it has been cut short: what one that begins again takes over, and what a stage settles.

use super::{Node, Search};
use crate::solve::carry::Carry;
use crate::solve::stage::Stage;
use crate::solve::state::filled;

/// So many times as many ways to split a node are tried at most.
const WIDEST: usize = 8;

impl Search<'_> {
    /// The first entry in which the bound of the root does not meet the best plan, from those not settled on.
    pub(in crate::solve) fn undecided(&self) -> Option<usize> {
        let (bound, _) = self.root.as_ref()?;
        let pairs = bound.entries(&self.best.value).into_iter().zip(&self.best.value).enumerate();
        let open = |(entry, (bound, value)): (usize, (Option<i64>, &i64))| {
            (entry >= self.problem.settled && bound != Some(*value)).then_some(entry)
        };
        pairs.into_iter().find_map(open)
    }

    /// What one that begins again takes over: its root, as far as it is known.
    pub(in crate::solve) fn carry(&self) -> Carry<'_> {
        let priced = |row: usize| self.root.as_ref().is_some_and(|(_, prices)| prices.is_priced(row));
        let priced = (0..self.problem.rows.len()).map(priced).collect();
        Carry::new(&self.problem, self.master.first(), self.root_basis.as_deref(), priced)
    }

    /// So many entries alone.
    pub(in crate::solve) fn stage(&self, entries: usize) -> Stage {
        Stage::new(&self.carry(), &self.ties, &self.best, entries)
    }

    /// So many entries cannot be better than in a plan with these placements: they are kept, the others go where they
    /// fit beside them, and the search begins again at the root. Says whether that was possible.
    pub(in crate::solve) fn settle(&mut self, entries: usize, placed: &[Option<usize>]) -> bool {
        self.keep_if_better(filled(&self.problem, &self.ties, placed));
        if self.best.value[..entries] != self.problem.value(placed.iter().copied())[..entries] {
            return false;
        }
        self.problem.settled = entries;
        self.begin_at_root();
        true
    }

    /// The search begins at the root once more, and tries twice as many ways to split a node. Says whether that could be
    /// done again.
    pub(in crate::solve) fn widen(&mut self) -> bool {
        self.again = true;
        self.width *= 2;
        self.begin_at_root();
        self.width < WIDEST
    }

    fn begin_at_root(&mut self) {
        self.open.clear();
        let (ranges, rows, basis) =
            (self.root_ranges.clone(), self.root_rows.clone(), self.root_basis.clone());
        self.dive = Some(Node { root: true, ranges, rows, basis, ..Node::default() });
    }
}
