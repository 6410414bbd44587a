//! Rows that hold an entry at least at what the best plan has, and what the root says when the search is over.

use super::{Node, Search};
use crate::solve::problem::{Row, RowKind};
use crate::solve::ties::TieRow;
use crate::solve::trade::Root;

impl Search<'_> {
    /// Holds an entry of a node at least at what the best plan has; false where that is so already.
    pub(super) fn raise(&mut self, node: &mut Node, entry: usize) -> bool {
        if node.root && self.unfloored.is_none() {
            self.unfloored.clone_from(&self.root);
        }
        let row = self.floor(entry);
        let new = !node.rows.contains(&row);
        if new {
            node.rows.push(row);
            self.master.enforce(&self.problem, &node.rows);
        }
        new
    }

    /// The row "this entry is at least what the best plan has". Where the bound, rounded up, says so, it holds for
    /// every plan that could be better, for such a plan has the same entries before. Without it a fraction missing
    /// in one entry would leave all later entries open.
    fn floor(&mut self, entry: usize) -> u32 {
        let value = self.best.value[entry];
        if let Some(&row) = self.floors.get(&(entry, value)) {
            return row;
        }
        // In terms of what placing a job saves: the savings are at most all jobs unplaced less the value.
        let mut terms = Vec::new();
        let mut rhs = -value;
        for (job, choices) in self.problem.jobs.iter().enumerate() {
            rhs += choices.unplaced[entry];
            for (option, choice) in choices.options.iter().enumerate() {
                let saved = choices.unplaced[entry] - choice.cost[entry];
                if saved != 0 {
                    terms.push((job, option, saved));
                }
            }
        }
        let new = TieRow { row: Row::new(rhs, RowKind::Branch), terms };
        let row = self.master.add_row(&mut self.problem, new);
        self.floors.insert((entry, value), row);
        row
    }

    /// Something that is worse than the best plan has been left out of the root. What is worse may still be asked about,
    /// where other parts are not proven: so what the root said of every plan is kept.
    pub(super) fn narrow_root(&mut self, node: &Node) {
        if self.whole.is_none() {
            self.whole.clone_from(&self.root);
        }
        if self.unfloored.is_none() {
            self.unfloored.clone_from(&self.root);
        }
        self.root_ranges.clone_from(&node.ranges);
    }

    /// What is left of the search when it is over, for the bounds.
    pub(in crate::solve) fn into_root(self) -> Root {
        let Self { problem, root, whole, unfloored, floors, .. } = self;
        let floors = floors.into_iter().map(|((entry, _), row)| (entry, row)).collect();
        Root { problem, floored: whole.or(root), unfloored, floors }
    }
}
