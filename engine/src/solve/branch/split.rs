//! On what a node is split: how many large users a limit has, or the position of one job.

use super::{Node, Search};
use crate::solve::master::{Support, WHOLE};

impl Search<'_> {
    /// Splits on how many large users a limit has where that number is broken, else on a job.
    ///
    /// `open` is the first entry in which the bound does not meet the best plan: limits with a price there come
    /// first, since no later entry matters before that one is settled.
    pub(super) fn split(
        &mut self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
    ) -> Option<[Node; 2]> {
        let weight = |row: usize| {
            let priced = |entries: std::ops::Range<usize>| {
                let mut entries = entries;
                u8::from(entries.any(|entry| self.master.dual_value(row, entry).abs() > 1e-6))
            };
            4 * priced(open..open + 1) + 2 * priced(0..open) + priced(0..self.problem.entries)
        };
        let found = self.covers.broken_number(&self.problem, support, weight);
        let Some((row, size, number)) = found else {
            return self.split_job(support, allowed, node, open);
        };
        let floor = number.floor() as i64;
        let mut branch = |sign: i64, rhs: i64| {
            let key = (row, size, sign, rhs);
            let known = self.decisions.get(&key).copied();
            let index = known.unwrap_or_else(|| {
                let new = self.covers.number_row(row, size, sign, rhs);
                self.master.add_row(&mut self.problem, new)
            });
            self.decisions.insert(key, index);
            let mut child = node.clone();
            child.rows.push(index);
            child
        };
        let (fewer, more) = (branch(1, floor), branch(-1, -floor - 1));
        Some(if number - number.floor() >= 0.5 { [fewer, more] } else { [more, fewer] })
    }

    /// Splits the range of the job that is least settled, in the middle of its values; jobs whose options differ in
    /// the entry that is open come first.
    fn split_job(
        &self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
    ) -> Option<[Node; 2]> {
        let largest = |options: &[(usize, f64)]| options.iter().map(|option| option.1).fold(0.0, f64::max);
        let undecided = |job: usize, options: &[(usize, f64)]| {
            let costs = &self.problem.jobs[job];
            let cost = |position: usize| {
                costs.options.get(position).map_or(&costs.unplaced, |option| &option.cost)[open]
            };
            options.iter().all(|option| cost(option.0) == cost(options[0].0))
        };
        let (job, options) =
            support.iter().enumerate().filter(|(_, options)| largest(options) < 1.0 - WHOLE).min_by(
                |a, b| {
                    let relevance = undecided(a.0, a.1).cmp(&undecided(b.0, b.1));
                    relevance.then(largest(a.1).total_cmp(&largest(b.1))).then(a.0.cmp(&b.0))
                },
            )?;
        let mut below = 0.0;
        let mut cut = None;
        for pair in options.windows(2) {
            below += pair[0].1;
            if cut.is_none() || below <= 0.5 {
                cut = Some((pair[0].0 + 1, below));
            }
        }
        let (at, below) = cut?;
        let (from, to) = allowed[job];
        let branch = |range: (usize, usize)| {
            let mut child = node.clone();
            child.ranges.push((job, range));
            child
        };
        let (low, high) = (branch((from, at)), branch((at, to)));
        Some(if below >= 0.5 { [high, low] } else { [low, high] })
    }
}
