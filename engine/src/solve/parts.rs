//! Independent parts of a problem: jobs that share no limit that could bind, no pool and no tie.
//!
//! The least vector of the whole is the sum of the least vectors of the parts, because vectors compared
//! lexicographically form an ordered group; so parts are solved and proven on their own.

use std::collections::BTreeMap;

use super::groups::Groups;
use super::problem::{Cost, Given, Problem, add, gcd};
use super::trade::Trades;
use crate::prepare::PlannedIdx;

/// An independent part.
#[derive(Debug)]
pub(super) struct Part {
    /// The part.
    pub problem: Problem,
    /// Position of each of its jobs in the whole.
    pub jobs: Vec<usize>,
    /// Position of each of its entries in the vector of the whole.
    pub entries: Vec<usize>,
    /// What one unit of each of its entries is in the vector of the whole.
    units: Vec<i64>,
    /// What it adds to each entry of the whole beside its own.
    offset: Vec<i64>,
}

/// Which rows could bind: those of which all jobs together could use more than there is. Rows that hold in some
/// nodes only, or that ties make anew, are dropped.
fn binding(problem: &Problem) -> Vec<bool> {
    let mut most = vec![0_i64; problem.rows.len()];
    // The most of the job looked at is among it already.
    let mut of_job: Vec<(usize, i64)> = vec![(usize::MAX, 0); problem.rows.len()];
    for (index, job) in problem.jobs.iter().enumerate() {
        for &(row, amount) in job.options.iter().flat_map(|option| &option.uses) {
            let (owner, before) = &mut of_job[row as usize];
            if *owner != index {
                (*owner, *before) = (index, 0);
            }
            if amount > *before {
                most[row as usize] += amount - *before;
                *before = amount;
            }
        }
    }
    problem.rows.iter().zip(&most).map(|(row, most)| row.kind.is_limit() && *most > row.rhs).collect()
}

/// Drops rows that cannot bind and splits the jobs into parts that share nothing.
pub(super) fn split(problem: &Problem) -> Vec<Part> {
    let binding = binding(problem);
    let mut groups = Groups::new(problem.jobs.len());
    // The last job that had each row or pool: all that had it before are in its group.
    let mut row_owner: Vec<Option<usize>> = vec![None; problem.rows.len()];
    let mut pool_owner: Vec<Option<usize>> = vec![None; problem.pools.len()];
    let mut meet = |owner: &mut Option<usize>, index: usize| {
        if *owner != Some(index) {
            groups.join(owner.unwrap_or(index), index);
            *owner = Some(index);
        }
    };
    let mut job_of: BTreeMap<PlannedIdx, usize> = BTreeMap::new();
    for (index, job) in problem.jobs.iter().enumerate() {
        job_of.extend(job.members.iter().map(|&member| (member, index)));
        for option in &job.options {
            for &(row, _) in option.uses.iter().filter(|(row, _)| binding[*row as usize]) {
                meet(&mut row_owner[row as usize], index);
            }
            for place in &option.places {
                meet(&mut pool_owner[place.pool as usize], index);
            }
        }
    }
    for tie in &problem.ties {
        let (first, second) = tie.ends();
        groups.join(job_of[&first], job_of[&second]);
    }
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    for index in 0..problem.jobs.len() {
        parts.entry(groups.root(index)).or_insert_with(|| Part::empty(problem)).jobs.push(index);
    }
    for tie in &problem.ties {
        if let Some(part) = parts.get_mut(&groups.root(job_of[&tie.ends().0])) {
            part.problem.ties.push(*tie);
        }
    }
    // A row or pool belongs to one part only, so its new name is the same for all that use it.
    let mut names = Names { rows: vec![None; problem.rows.len()], pools: vec![None; problem.pools.len()] };
    for part in parts.values_mut() {
        part.fill(problem, &binding, &mut names);
    }
    parts.into_values().map(Part::compress).collect()
}

/// What rows and pools are called in their parts.
struct Names {
    rows: Vec<Option<u32>>,
    pools: Vec<Option<u32>>,
}

impl Part {
    fn empty(whole: &Problem) -> Self {
        Self {
            problem: Problem {
                entries: whole.entries,
                settled: whole.settled,
                travel: whole.travel,
                ..Problem::default()
            },
            jobs: Vec::new(),
            entries: Vec::new(),
            units: Vec::new(),
            offset: Vec::new(),
        }
    }

    /// Copies the jobs of this part with the rows that could bind, and the pools.
    fn fill(&mut self, whole: &Problem, binding: &[bool], names: &mut Names) {
        let Problem { jobs, rows, pools, .. } = &mut self.problem;
        jobs.reserve(self.jobs.len());
        for &index in &self.jobs {
            let mut job = whole.jobs[index].clone();
            job.gives = Given::default();
            job.unplaced_uses.clear();
            for option in &mut job.options {
                option.uses.retain(|(row, _)| binding[*row as usize]);
                for (row, amount) in &mut option.uses {
                    *row = *names.rows[*row as usize].get_or_insert_with(|| {
                        rows.push(whole.rows[*row as usize].clone());
                        rows.len() as u32 - 1
                    });
                    job.gives.note(*row, *amount);
                }
                option.uses.sort_unstable();
                for place in &mut option.places {
                    place.pool = *names.pools[place.pool as usize].get_or_insert_with(|| {
                        pools.push(whole.pools[place.pool as usize].clone());
                        pools.len() as u32 - 1
                    });
                }
            }
            jobs.push(job);
        }
    }

    /// Keeps only the entries of the vector that this part can change, counted in the largest units in which what its
    /// jobs add is whole: so that a bound, rounded up, says as much as it can.
    fn compress(mut self) -> Self {
        let whole = self.problem.entries;
        let mut divisors = vec![0_i64; whole];
        for job in &self.problem.jobs {
            for option in &job.options {
                for ((divisor, cost), unplaced) in divisors.iter_mut().zip(&option.cost).zip(&job.unplaced) {
                    *divisor = gcd(*divisor, cost - unplaced);
                }
            }
        }
        self.entries = (0..whole).filter(|&entry| divisors[entry] > 0).collect();
        self.units = self.entries.iter().map(|&entry| divisors[entry]).collect();
        self.offset = vec![0; whole];
        for job in &mut self.problem.jobs {
            let rest: Vec<i64> = job
                .unplaced
                .iter()
                .zip(&divisors)
                .map(|(&cost, &divisor)| if divisor > 0 { cost.rem_euclid(divisor) } else { cost })
                .collect();
            add(&mut self.offset, &rest);
            let count = |cost: &Cost| -> Cost {
                let units = |&entry: &usize| match cost[entry] - rest[entry] {
                    0 => 0,
                    apart => apart / divisors[entry],
                };
                self.entries.iter().map(units).collect()
            };
            job.unplaced = count(&job.unplaced);
            for option in &mut job.options {
                option.cost = count(&option.cost);
            }
        }
        // What is best for the whole is best for each part, since parts share nothing.
        self.problem.settled = self.entries.partition_point(|&entry| entry < self.problem.settled);
        self.problem.entries = self.entries.len();
        self
    }

    /// Adds what can be traded in this part to what can be traded in the whole.
    pub(super) fn add_trades(&self, own: Trades, whole: &mut Trades) {
        whole.add(own, &self.entries, &self.units);
    }

    /// An entry of the whole, from the vector of this part.
    pub(super) fn in_whole(&self, vector: &[i64], entry: usize) -> i64 {
        let own = self.entries.iter().position(|own| *own == entry);
        self.offset[entry] + own.map_or(0, |at| self.units[at] * vector[at])
    }
}
