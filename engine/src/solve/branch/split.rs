//! On what a node is split: how many are left out, how many large users a limit has, or the position of one job.

use std::rc::Rc;

use super::{Node, Outcome, Search, Way};
use crate::solve::master::{Support, WHOLE};
use crate::solve::problem::{Job, Row, RowKind};
use crate::solve::ties::TieRow;

/// A number closer than this to a whole one is not split on.
const BROKEN: f64 = 0.01;
/// What a job costs is settled where it spreads no more than this.
const LEAST_SPREAD: f64 = 0.02;

/// What a branching row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decision {
    /// How many of those who cost more in an entry when left out are left out at most, or (`more`) at least.
    LeftOut { entry: usize, more: bool, count: i64 },
    /// How many users of at least a size a limit has at most, or (`more`) at least.
    Users { row: usize, size: i64, more: bool, count: i64 },
}

/// The two sides of a broken number, the nearer one last: it is looked at first.
fn sides(number: f64) -> [(bool, i64); 2] {
    let floor = number.floor() as i64;
    let (fewer, more) = ((false, floor), (true, floor + 1));
    if number - number.floor() >= 0.5 { [fewer, more] } else { [more, fewer] }
}

impl Search<'_> {
    /// Splits on how many are left out where that number is broken, else on how many large users a limit has, else on
    /// a job.
    pub(super) fn split(
        &mut self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
    ) -> Option<Way> {
        let first = self.ways(support, allowed, node, open, (0, 1)).pop();
        first.or_else(|| self.split_job(support, allowed, node, open))
    }

    /// Ways to split a node: on how many are left out where that number is broken; else on what each of so many jobs
    /// costs in the open entry, and on each of so many numbers of large users.
    ///
    /// `open` is the first entry in which the bound does not meet the best plan: limits with a price there come
    /// first, since no later entry matters before that one is settled.
    pub(super) fn ways(
        &mut self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
        (jobs, numbers): (usize, usize),
    ) -> Vec<Way> {
        let left_out = self.left_out(support, open);
        if (left_out - left_out.round()).abs() > BROKEN {
            let decision = |(more, count)| Decision::LeftOut { entry: open, more, count };
            return vec![sides(left_out).map(|side| self.child(node, decision(side)))];
        }
        let mut ways = self.split_costs(support, allowed, node, open, jobs);
        let weight = |row: usize| {
            let priced = |entries: std::ops::Range<usize>| {
                let mut entries = entries;
                u8::from(entries.any(|entry| self.master.dual_value(row, entry).abs() > 1e-6))
            };
            4 * priced(open..open + 1) + 2 * priced(0..open) + priced(0..self.problem.entries)
        };
        for (row, size, number) in self.covers.broken_numbers(&self.problem, support, weight, numbers) {
            let decision = |(more, count)| Decision::Users { row, size, more, count };
            ways.push(sides(number).map(|side| self.child(node, decision(side))));
        }
        ways
    }

    /// Splits the jobs whose cost in the open entry is least settled, so many at most: a visit or a long appointment
    /// that is half in time and half late is a large step there, which numbers of users hardly touch. Whether
    /// somebody is left out is not asked here, for many are alike in that.
    fn split_costs(
        &self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
        most: usize,
    ) -> Vec<Way> {
        let spread = |(job, values): (usize, &Vec<(usize, f64)>)| {
            let options = &self.problem.jobs[job].options;
            let placed = &values[..values.partition_point(|value| value.0 < options.len())];
            let cost = |position: usize| options[position].cost[open] as f64;
            let sum = |side: &[(usize, f64)]| {
                side.iter().fold((0.0, 0.0), |sum, &(at, value)| (sum.0 + value, sum.1 + value * cost(at)))
            };
            let mut widest: Option<(f64, usize, f64)> = None;
            for at in 1..placed.len() {
                let (below, above) = placed.split_at(at);
                let ((low, low_cost), (high, high_cost)) = (sum(below), sum(above));
                // The difference of the mean costs, times both weights.
                let spread = (high_cost * low - low_cost * high).abs();
                if spread > LEAST_SPREAD && widest.is_none_or(|widest| spread > widest.0 + 1e-6) {
                    // The first position that costs as much as the upper side.
                    let alike = |&position: &usize| {
                        options[position].cost[..=open] == options[above[0].0].cost[..=open]
                    };
                    let from = (below[at - 1].0 + 1..above[0].0).rev().take_while(alike).last();
                    widest = Some((spread, from.unwrap_or(above[0].0), low));
                }
            }
            widest.map(|(spread, at, low)| (spread, job, at, low))
        };
        if most == 0 {
            return Vec::new();
        }
        let mut found: Vec<(f64, usize, usize, f64)> =
            support.iter().enumerate().filter_map(spread).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(most);
        found.into_iter().map(|(_, job, at, low)| split_range(node, job, allowed[job], at, low)).collect()
    }

    fn child(&mut self, node: &Node, decision: Decision) -> Node {
        let row = self.decided(decision);
        let mut child = node.child();
        child.rows.push(row);
        child
    }

    /// The branching row of a decision.
    fn decided(&mut self, decision: Decision) -> u32 {
        if let Some(&row) = self.decisions.get(&decision) {
            return row;
        }
        let new = match decision {
            Decision::LeftOut { entry, more, count } => {
                let needy = self.needy(entry);
                let sign = if more { -1 } else { 1 };
                let unplaced = |&job: &usize| (job, self.problem.jobs[job].options.len(), sign);
                let terms = needy.iter().map(unplaced).collect();
                TieRow { row: Row::new(sign * count, RowKind::Branch), terms }
            }
            Decision::Users { row, size, more: false, count } => self.covers.number_row(row, size, 1, count),
            Decision::Users { row, size, more: true, count } => self.covers.number_row(row, size, -1, -count),
        };
        let row = self.master.add_row(&mut self.problem, new);
        self.decisions.insert(decision, row);
        row
    }

    /// Jobs that cost more in an entry when left out than anywhere: how many of them are left out moves the entry in
    /// large steps, and half of one is what rows alone do not rule out.
    fn needy(&mut self, entry: usize) -> Rc<[usize]> {
        let jobs = &self.problem.jobs;
        let is_needy = |job: &Job| {
            !job.required && job.options.iter().all(|option| option.cost[entry] < job.unplaced[entry])
        };
        let find = || (0..jobs.len()).filter(|&job| is_needy(&jobs[job])).collect();
        Rc::clone(self.needy.entry(entry).or_insert_with(find))
    }

    /// How many of them are left out.
    fn left_out(&mut self, support: &Support, entry: usize) -> f64 {
        let needy = self.needy(entry);
        let value = |&job: &usize| {
            let last = support[job].last();
            let none = last.filter(|(position, _)| *position >= self.problem.jobs[job].options.len());
            none.map_or(0.0, |(_, value)| *value)
        };
        needy.iter().map(value).sum()
    }

    /// Splits the range of the job that is least settled, in the middle of its values; jobs whose options differ in
    /// the entry that is open come first.
    fn split_job(
        &self,
        support: &Support,
        allowed: &[(usize, usize)],
        node: &Node,
        open: usize,
    ) -> Option<Way> {
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
        Some(split_range(node, job, allowed[job], at, below))
    }

    /// Splits a node that the linear programme cannot be solved for: the job with the most positions, in the middle.
    pub(super) fn halve(&self, node: &Node, allowed: &[(usize, usize)]) -> Outcome {
        let width = |range: &(usize, usize)| range.1 - range.0;
        let widest =
            allowed.iter().enumerate().max_by(|a, b| width(a.1).cmp(&width(b.1)).then(b.0.cmp(&a.0)));
        let (Some((job, &(from, to))), Some(basis)) = (widest, &self.root_basis) else {
            return Outcome::Stopped;
        };
        if to - from < 2 {
            return Outcome::Stopped;
        }
        let mut way = split_range(node, job, (from, to), from + (to - from) / 2, 1.0);
        for side in &mut way {
            side.basis = Some(Rc::clone(basis));
        }
        Outcome::Split(node.bound.clone(), Box::new(way))
    }
}

/// Splits the range of a job before a position; the side with more of its value comes last.
fn split_range(node: &Node, job: usize, (from, to): (usize, usize), at: usize, below: f64) -> Way {
    let side = |range: (usize, usize)| {
        let mut child = node.child();
        child.ranges.push((job, range));
        child
    };
    let (low, high) = (side((from, at)), side((at, to)));
    if below >= 0.5 { [high, low] } else { [low, high] }
}
