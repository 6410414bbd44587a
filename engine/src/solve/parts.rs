//! Independent parts of a problem: jobs that share no limit that could bind, no pool and no tie.
//!
//! The least vector of the whole is the sum of the least vectors of the parts, because vectors compared
//! lexicographically form an ordered group; so parts are solved and proven on their own.

use std::collections::BTreeMap;

use super::groups::Groups;
use super::problem::{Problem, add};
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
    for job in &problem.jobs {
        let mut of_job: BTreeMap<u32, i64> = BTreeMap::new();
        for &(row, amount) in job.options.iter().flat_map(|option| &option.uses) {
            let entry = of_job.entry(row).or_default();
            *entry = amount.max(*entry);
        }
        for (row, amount) in of_job {
            most[row as usize] += amount;
        }
    }
    problem.rows.iter().zip(&most).map(|(row, most)| row.kind.is_limit() && *most > row.rhs).collect()
}

/// Drops rows that cannot bind and splits the jobs into parts that share nothing.
pub(super) fn split(problem: Problem) -> Vec<Part> {
    let binding = binding(&problem);
    let Problem { entries, mut jobs, rows, pools, ties, travel } = problem;
    let mut groups = Groups::new(jobs.len());
    let mut row_owner: Vec<Option<usize>> = vec![None; rows.len()];
    let mut pool_owner: Vec<Option<usize>> = vec![None; pools.len()];
    let mut job_of: BTreeMap<PlannedIdx, usize> = BTreeMap::new();
    for (index, job) in jobs.iter_mut().enumerate() {
        job_of.extend(job.members.iter().map(|&member| (member, index)));
        job.signed = false;
        for option in &mut job.options {
            option.uses.retain(|&(row, _)| binding[row as usize]);
            job.signed |= option.uses.iter().any(|&(_, amount)| amount < 0);
            for &(row, _) in &option.uses {
                let owner = *row_owner[row as usize].get_or_insert(index);
                groups.join(owner, index);
            }
            for place in &option.places {
                let owner = *pool_owner[place.pool as usize].get_or_insert(index);
                groups.join(owner, index);
            }
        }
    }
    for tie in &ties {
        let (first, second) = tie.ends();
        groups.join(job_of[&first], job_of[&second]);
    }
    let empty = || Part {
        problem: Problem { entries, travel, ..Problem::default() },
        jobs: Vec::new(),
        entries: Vec::new(),
        units: Vec::new(),
        offset: Vec::new(),
    };
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let mut row_names: BTreeMap<u32, u32> = BTreeMap::new();
    let mut pool_names: BTreeMap<u32, u32> = BTreeMap::new();
    for tie in ties {
        let root = groups.root(job_of[&tie.ends().0]);
        parts.entry(root).or_insert_with(empty).problem.ties.push(tie);
    }
    for (index, mut job) in jobs.into_iter().enumerate() {
        let part = parts.entry(groups.root(index)).or_insert_with(empty);
        // A row or pool belongs to one part only, so its new name is the same for all that use it.
        for option in &mut job.options {
            for (row, _) in &mut option.uses {
                *row = *row_names.entry(*row).or_insert_with(|| {
                    part.problem.rows.push(rows[*row as usize].clone());
                    part.problem.rows.len() as u32 - 1
                });
            }
            option.uses.sort_unstable();
            for place in &mut option.places {
                place.pool = *pool_names.entry(place.pool).or_insert_with(|| {
                    part.problem.pools.push(pools[place.pool as usize].clone());
                    part.problem.pools.len() as u32 - 1
                });
            }
        }
        part.problem.jobs.push(job);
        part.jobs.push(index);
    }
    parts.into_values().map(Part::compress).collect()
}

impl Part {
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
            let count = |cost: &Vec<i64>| {
                let units = |&entry: &usize| (cost[entry] - rest[entry]) / divisors[entry];
                self.entries.iter().map(units).collect()
            };
            job.unplaced = count(&job.unplaced);
            for option in &mut job.options {
                option.cost = count(&option.cost);
            }
        }
        self.problem.entries = self.entries.len();
        self
    }

    /// An entry of the whole, from the vector of this part.
    pub(super) fn in_whole(&self, vector: &[i64], entry: usize) -> i64 {
        let own = self.entries.iter().position(|own| *own == entry);
        self.offset[entry] + own.map_or(0, |at| self.units[at] * vector[at])
    }
}

/// The greatest common divisor; that of 0 and a number is the number.
fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}
