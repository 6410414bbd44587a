//! A plan under construction: what it uses, and whether one more placement fits.

use super::atoms::Atoms;
use super::pack::{LARGE, Packing, pack};
use super::problem::{Assignment, JobOption, Problem, Span};
use super::ties::Ties;

/// Somebody in a pool: the job, the position of the place, and the span that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Member {
    job: usize,
    place: usize,
    span: usize,
}

/// Who is in a pool, ascending by job and place.
#[derive(Debug, Clone)]
struct Seats {
    members: Vec<Member>,
    /// What they take; none where somebody was put in without asking.
    atoms: Option<Atoms>,
}

/// Chosen options with their use of rows and pools.
#[derive(Debug, Clone)]
pub(super) struct State<'p> {
    problem: &'p Problem,
    ties: &'p Ties,
    chosen: Vec<Option<usize>>,
    used: Vec<i64>,
    pools: Vec<Seats>,
}

/// The members of a pool, and what they take, once one more job is there.
type Seated = (usize, Seats);

impl<'p> State<'p> {
    /// Nobody placed.
    pub(super) fn new(problem: &'p Problem, ties: &'p Ties) -> Self {
        let seats = |pool| Seats { members: Vec::new(), atoms: Some(Atoms::new(pool)) };
        Self {
            problem,
            ties,
            chosen: vec![None; problem.jobs.len()],
            used: vec![0; problem.rows.len()],
            pools: problem.pools.iter().map(seats).collect(),
        }
    }

    /// Puts an unplaced job where it fits; says whether it does.
    pub(super) fn place(&mut self, job: usize, option: usize) -> bool {
        if !self.is_allowed(job, option) {
            return false;
        }
        let choice = &self.problem.jobs[job].options[option];
        if let [place] = choice.places.as_slice() {
            // In a large pool giving everybody another start would take too long, for nearly nobody.
            let large = self.problem.pools[place.pool as usize].capacity.len() > LARGE;
            if !self.take_free(job, place.pool as usize, &place.spans) {
                if large {
                    return false;
                }
                let Some((pool, seats)) = self.seat_anew(job, choice, place.pool) else { return false };
                self.pools[pool] = seats;
            }
        } else {
            let mut pools: Vec<u32> = choice.places.iter().map(|place| place.pool).collect();
            pools.sort_unstable();
            pools.dedup();
            let seated: Option<Vec<Seated>> =
                pools.into_iter().map(|pool| self.seat_anew(job, choice, pool)).collect();
            let Some(seated) = seated else { return false };
            for (pool, seats) in seated {
                self.pools[pool] = seats;
            }
        }
        for &(row, amount) in &choice.uses {
            self.used[row as usize] += amount;
        }
        self.chosen[job] = Some(option);
        true
    }

    /// Whether limits and ties allow an option of an unplaced job.
    fn is_allowed(&self, job: usize, option: usize) -> bool {
        let problem = self.problem;
        // Rows of ties may have negative coefficients: the ties themselves are asked below.
        let room = |&(row, amount): &(u32, i64)| {
            let limit = &problem.rows[row as usize];
            !limit.kind.is_limit() || self.used[row as usize] + amount <= limit.rhs
        };
        problem.jobs[job].options[option].uses.iter().all(room)
            && self.ties.allow(problem, job, option, |end| self.chosen[end])
    }

    /// Puts the only member of a job at the first of these spans that is free while everybody else stays, where one is.
    fn take_free(&mut self, job: usize, pool: usize, spans: &[Span]) -> bool {
        let Seats { members, atoms } = &mut self.pools[pool];
        let Some(atoms) = atoms else { return false };
        let has_room = |span: &Span| atoms.has_room(&self.problem.pools[pool], span);
        let Some(span) = spans.iter().position(has_room) else { return false };
        atoms.take(&spans[span]);
        let at = members.partition_point(|other| other.job < job);
        members.insert(at, Member { job, place: 0, span });
        true
    }

    /// A pool with one more job, everybody given a start anew, where they fit.
    fn seat_anew(&self, job: usize, option: &'p JobOption, pool: u32) -> Option<Seated> {
        let index = pool as usize;
        let mut members = self.pools[index].members.clone();
        let own = option.places.iter().enumerate().filter(|(_, place)| place.pool == pool);
        members.extend(own.map(|(place, _)| Member { job, place, span: 0 }));
        let spans = |member: &Member| {
            let option = if member.job == job { Some(option) } else { self.option(member.job) };
            option.map_or(&[][..], |option| &option.places[member.place].spans)
        };
        let items: Vec<&[Span]> = members.iter().map(spans).collect();
        let Packing::Fits(picked) = pack(&self.problem.pools[index], &items) else { return None };
        let mut atoms = Atoms::new(&self.problem.pools[index]);
        for ((member, items), at) in members.iter_mut().zip(&items).zip(picked) {
            atoms.take(&items[at]);
            member.span = at;
        }
        members.sort_unstable_by_key(|member| (member.job, member.place));
        Some((index, Seats { members, atoms: Some(atoms) }))
    }

    fn option(&self, job: usize) -> Option<&'p JobOption> {
        self.chosen[job].map(|option| &self.problem.jobs[job].options[option])
    }

    /// The members of a pool: job, position of the place, spans.
    pub(super) fn pool(&self, pool: usize) -> Vec<(usize, usize, &'p [Span])> {
        let member = |member: &Member| {
            let option = self.option(member.job)?;
            Some((member.job, member.place, &option.places[member.place].spans[..]))
        };
        self.pools[pool].members.iter().filter_map(member).collect()
    }

    /// Settles every start: the assignment, or the pools whose starts do not fit, each with whether that is certain.
    pub(super) fn settle(&self) -> Result<Assignment, Vec<(usize, bool)>> {
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
            let items = self.pool(index);
            let spans: Vec<&[Span]> = items.iter().map(|item| item.2).collect();
            let picked = match pack(pool, &spans) {
                Packing::Fits(picked) => picked,
                // Too hard to find again what came about step by step.
                _ if self.pools[index].atoms.is_some() => {
                    self.pools[index].members.iter().map(|member| member.span).collect()
                }
                answer => {
                    crowded.push((index, answer == Packing::Never));
                    continue;
                }
            };
            for (&(job, at, _), span) in items.iter().zip(picked) {
                if let Some((_, spans)) = &mut chosen[job] {
                    spans[at] = span;
                }
            }
        }
        if !crowded.is_empty() {
            return Err(crowded);
        }
        Ok(Assignment { chosen, value: problem.value(self.chosen.iter().copied()) })
    }

    /// Gives everybody who was put in without asking a start, pool by pool, where they fit.
    pub(super) fn seat(&mut self) {
        for index in 0..self.pools.len() {
            if self.pools[index].atoms.is_some() {
                continue;
            }
            let spans: Vec<&[Span]> = self.pool(index).into_iter().map(|item| item.2).collect();
            let pool = &self.problem.pools[index];
            if let Packing::Fits(picked) = pack(pool, &spans) {
                let mut atoms = Atoms::new(pool);
                for ((member, spans), at) in self.pools[index].members.iter_mut().zip(&spans).zip(picked) {
                    atoms.take(&spans[at]);
                    member.span = at;
                }
                self.pools[index].atoms = Some(atoms);
            }
        }
    }

    /// Sets options of jobs without asking whether they fit; nobody is placed yet.
    pub(super) fn force(&mut self, options: &[Option<usize>]) {
        for (job, option) in options.iter().enumerate() {
            let Some(option) = *option else { continue };
            let choice = &self.problem.jobs[job].options[option];
            for &(row, amount) in &choice.uses {
                self.used[row as usize] += amount;
            }
            for (at, place) in choice.places.iter().enumerate() {
                let Seats { members, atoms } = &mut self.pools[place.pool as usize];
                members.push(Member { job, place: at, span: 0 });
                *atoms = None;
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

/// A plan to begin with: the one given, where there is one that can be, or a greedy one.
pub(super) fn first_plan(problem: &Problem, ties: &Ties, warm: Option<&[Option<usize>]>) -> Assignment {
    let known = warm.and_then(|warm| {
        let mut state = State::new(problem, ties);
        state.force(warm);
        state.settle().ok()
    });
    // invariant: a state built by `place` can always be settled; nobody placed is a plan too.
    known.or_else(|| greedy(State::new(problem, ties), None).settle().ok()).unwrap_or_else(|| Assignment {
        chosen: vec![None; problem.jobs.len()],
        value: problem.value(std::iter::repeat_n(None, problem.jobs.len())),
    })
}

/// These placements, and everybody else where they fit beside them; none where the placements themselves do not fit.
pub(super) fn filled(problem: &Problem, ties: &Ties, placed: &[Option<usize>]) -> Option<Assignment> {
    let mut state = State::new(problem, ties);
    state.force(placed);
    state.seat();
    greedy(state, None).settle().ok()
}
