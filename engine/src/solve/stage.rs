//! The first entries of the vector alone: a smaller problem, since most jobs do not matter to them.
//!
//! Its best vector is the beginning of the best vector of the whole, because vectors are compared entry by entry, and
//! whoever does not matter to these entries can be left out of a plan without making it worse in them.

use std::collections::BTreeSet;

use super::carry::Carry;
use super::problem::{Assignment, JobOption, Problem, Tie};
use super::ties::Ties;

/// A problem with fewer entries and jobs than the one it comes from.
pub(super) struct Stage {
    /// The problem.
    pub problem: Problem,
    /// Position that each of its jobs has in the whole; what is left of its options has the position that it had.
    jobs: Vec<usize>,
    /// A plan in terms of its options.
    pub start: Vec<Option<usize>>,
}

impl Stage {
    /// So many entries of a problem, with the best plan so far to start from.
    pub(super) fn new(carry: &Carry<'_>, ties: &Ties, best: &Assignment, entries: usize) -> Self {
        let whole = carry.problem;
        // Whoever matters, and those without whom they can have no place.
        let matters = |job: usize| {
            let job = &whole.jobs[job];
            job.required
                || job.options.first().is_some_and(|option| option.cost[..entries] < job.unplaced[..entries])
        };
        let mut kept: BTreeSet<usize> = (0..whole.jobs.len()).filter(|&job| matters(job)).collect();
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        let mut open: Vec<usize> = kept.iter().copied().collect();
        while let Some(job) = open.pop() {
            for before in ties.before(job) {
                if needed.insert(before) && kept.insert(before) {
                    open.push(before);
                }
            }
        }
        let chosen: Vec<Option<usize>> = best.options().collect();
        let mut members = BTreeSet::new();
        let mut stage = Self {
            problem: Problem {
                entries,
                settled: whole.settled.min(entries),
                rows: carry.rows(),
                pools: whole.pools.clone(),
                travel: whole.travel,
                ..Problem::default()
            },
            jobs: Vec::new(),
            start: Vec::new(),
        };
        for index in kept {
            // They ascend by cost, so that those that are no better than none come last.
            let all = &whole.jobs[index];
            let better = |option: &JobOption| option.cost[..entries] < all.unplaced[..entries];
            let count = if all.required || needed.contains(&index) {
                all.options.len()
            } else {
                all.options.partition_point(better)
            };
            let job = carry.job(index, 0..count, entries);
            members.extend(job.members.iter().copied());
            stage.start.push(chosen[index].filter(|&option| option < job.options.len()));
            stage.problem.jobs.push(job);
            stage.jobs.push(index);
        }
        let both = |tie: &&Tie| {
            let (first, second) = tie.ends();
            members.contains(&first) && members.contains(&second)
        };
        stage.problem.ties = whole.ties.iter().filter(both).copied().collect();
        stage
    }

    /// The placements of a plan of this stage in the whole.
    pub(super) fn in_whole(&self, plan: &Assignment, jobs: usize) -> Vec<Option<usize>> {
        let mut placed = vec![None; jobs];
        for (&job, option) in self.jobs.iter().zip(plan.options()) {
            placed[job] = option;
        }
        placed
    }
}
