//! A plan under construction: what it uses, and whether one more placement fits.

use super::pack::{Packing, pack};
use super::problem::{Assignment, Problem, Span};
use super::ties::Ties;

/// Chosen options with their use of rows and pools.
#[derive(Debug, Clone)]
pub(super) struct State<'p> {
    problem: &'p Problem,
    ties: &'p Ties,
    chosen: Vec<Option<usize>>,
    used: Vec<i64>,
    /// By pool: job and position of the place, ascending by job.
    members: Vec<Vec<(usize, usize)>>,
}

impl<'p> State<'p> {
    /// Nobody placed.
    pub(super) fn new(problem: &'p Problem, ties: &'p Ties) -> Self {
        Self {
            problem,
            ties,
            chosen: vec![None; problem.jobs.len()],
            used: vec![0; problem.rows.len()],
            members: vec![Vec::new(); problem.pools.len()],
        }
    }

    /// Takes a job out; those linked after it are not looked at.
    pub(super) fn remove(&mut self, job: usize) {
        let Some(option) = self.chosen[job].take() else { return };
        let option = &self.problem.jobs[job].options[option];
        for &(row, amount) in &option.uses {
            self.used[row as usize] -= amount;
        }
        for place in &option.places {
            self.members[place.pool as usize].retain(|&(other, _)| other != job);
        }
    }

    /// Puts an unplaced job where it fits; says whether it does.
    pub(super) fn place(&mut self, job: usize, option: usize) -> bool {
        if !self.fits(job, option) {
            return false;
        }
        for &(row, amount) in &self.problem.jobs[job].options[option].uses {
            self.used[row as usize] += amount;
        }
        for (at, place) in self.problem.jobs[job].options[option].places.iter().enumerate() {
            let members = &mut self.members[place.pool as usize];
            let position = members.partition_point(|&other| other < (job, at));
            members.insert(position, (job, at));
        }
        self.chosen[job] = Some(option);
        true
    }

    /// Whether an unplaced job fits in beside the others.
    pub(super) fn fits(&self, job: usize, option: usize) -> bool {
        let problem = self.problem;
        let candidate = &problem.jobs[job].options[option];
        // Rows of ties may have negative coefficients: the ties themselves are asked below.
        let room = |&(row, amount): &(u32, i64)| {
            let limit = &problem.rows[row as usize];
            !limit.kind.is_limit() || self.used[row as usize] + amount <= limit.rhs
        };
        if !candidate.uses.iter().all(room) || !self.ties.allow(problem, job, option, |end| self.chosen[end])
        {
            return false;
        }
        let mut pools: Vec<u32> = candidate.places.iter().map(|place| place.pool).collect();
        pools.sort_unstable();
        pools.dedup();
        pools.iter().all(|&pool| {
            let own =
                candidate.places.iter().filter(|place| place.pool == pool).map(|place| &place.spans[..]);
            let items: Vec<&[Span]> =
                self.items(pool as usize).map(|(_, _, spans)| spans).chain(own).collect();
            matches!(pack(&problem.pools[pool as usize], &items), Packing::Fits(_))
        })
    }

    fn items(&self, pool: usize) -> impl Iterator<Item = (usize, usize, &'p [Span])> + '_ {
        self.members[pool].iter().filter_map(|&(job, at)| {
            let option = self.chosen[job]?;
            Some((job, at, &self.problem.jobs[job].options[option].places[at].spans[..]))
        })
    }

    /// Settles every start: the assignment, or the pools whose starts do not fit.
    pub(super) fn settle(&self) -> Result<Assignment, Vec<usize>> {
        let problem = self.problem;
        let mut chosen: Vec<Option<(usize, Vec<usize>)>> = self
            .chosen
            .iter()
            .enumerate()
            .map(|(job, option)| {
                option.map(|option| (option, vec![0; problem.jobs[job].options[option].places.len()]))
            })
            .collect();
        let mut crowded = Vec::new();
        for (index, pool) in problem.pools.iter().enumerate() {
            let items: Vec<(usize, usize, &[Span])> = self.items(index).collect();
            let spans: Vec<&[Span]> = items.iter().map(|item| item.2).collect();
            if let Packing::Fits(picked) = pack(pool, &spans) {
                for (&(job, at, _), span) in items.iter().zip(picked) {
                    if let Some((_, spans)) = &mut chosen[job] {
                        spans[at] = span;
                    }
                }
            } else {
                crowded.push(index);
            }
        }
        if !crowded.is_empty() {
            return Err(crowded);
        }
        Ok(Assignment { chosen, value: problem.value(self.chosen.iter().copied()) })
    }

    /// The members of a pool: job, position of the place, spans.
    pub(super) fn pool(&self, pool: usize) -> Vec<(usize, usize, &'p [Span])> {
        self.items(pool).collect()
    }

    /// Sets options without asking whether they fit.
    pub(super) fn force(&mut self, options: &[Option<usize>]) {
        for (job, option) in options.iter().enumerate() {
            self.remove(job);
            let Some(option) = *option else { continue };
            for &(row, amount) in &self.problem.jobs[job].options[option].uses {
                self.used[row as usize] += amount;
            }
            for (at, place) in self.problem.jobs[job].options[option].places.iter().enumerate() {
                let members = &mut self.members[place.pool as usize];
                let position = members.partition_point(|&other| other < (job, at));
                members.insert(position, (job, at));
            }
            self.chosen[job] = Some(option);
        }
    }
}

/// A plan for all who have no place yet: whoever costs most when left out goes first, each to the best option that
/// fits beside who is there.
///
/// With `preferred` values (of a linear programme) those options are tried first, the largest value first.
pub(super) fn greedy<'p>(mut state: State<'p>, preferred: Option<&[Vec<(usize, f64)>]>) -> State<'p> {
    let (problem, ties) = (state.problem, state.ties);
    let mut decided: Vec<bool> = state.chosen.iter().map(Option::is_some).collect();
    let mut order: Vec<usize> = (0..problem.jobs.len()).filter(|&job| !decided[job]).collect();
    order.sort_by(|&a, &b| problem.jobs[b].unplaced.cmp(&problem.jobs[a].unplaced).then(a.cmp(&b)));
    let mut left = order;
    while !left.is_empty() {
        let mut waiting = Vec::new();
        let count = left.len();
        for job in left {
            if ties.before(job).any(|earlier| !decided[earlier]) {
                waiting.push(job);
                continue;
            }
            decided[job] = true;
            let mut wish: Vec<(usize, f64)> = preferred.map_or_else(Vec::new, |values| {
                values[job]
                    .iter()
                    .copied()
                    .filter(|(option, _)| *option < problem.jobs[job].options.len())
                    .collect()
            });
            wish.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let first = wish.into_iter().map(|(option, _)| option);
            first.chain(0..problem.jobs[job].options.len()).any(|option| state.place(job, option));
        }
        if waiting.len() == count {
            break;
        }
        left = waiting;
    }
    state
}
