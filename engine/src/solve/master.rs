//! The linear programme over the positions of all jobs: its options, and "unplaced".

use super::bound::Prices;
use super::lp::{Ending, Lp, LpStop, Mark, Work};
use super::problem::{Job, Problem, Row, RowKind};
use super::ties::TieRow;

/// Values closer than this to a whole number are whole.
pub(super) const WHOLE: f64 = 1e-6;

/// The positions in use of each job, with their values; the position after the last option is "unplaced".
pub(super) type Support = Vec<Vec<(usize, f64)>>;

/// The linear programme of a problem.
pub(super) struct Master {
    lp: Lp,
    /// First column of each job, and after the last one the number of columns.
    first: Vec<usize>,
    job_of: Vec<u32>,
    /// Positions allowed: from, to.
    allowed: Vec<(usize, usize)>,
    /// Whether each row of the problem holds here; branching rows hold in some nodes only.
    enforced: Vec<bool>,
    /// Multiples of the costs by more than this could overflow.
    largest_scale: i64,
}

/// Prices are not made finer than this.
const FINEST: i64 = 100_000_000;

/// What all costs may be multiplied with: a bound adds up every job and every price.
fn largest_scale(problem: &Problem) -> i64 {
    let most = |entry: usize| {
        let of_job = |job: &Job| {
            let costs = job.options.iter().map(|option| option.cost[entry]).chain([job.unplaced[entry]]);
            costs.map(i64::abs).max().unwrap_or(0)
        };
        problem.jobs.iter().map(of_job).sum::<i64>()
    };
    let most = (0..problem.entries).map(most).max().unwrap_or(0).max(1);
    (i64::MAX / 64 / most).clamp(1, FINEST)
}

impl Master {
    /// The programme with the basis that the problem carries over, or else that of a plan that keeps every row.
    pub(super) fn new(problem: &Problem, plan: &[Option<usize>]) -> Self {
        let mut first = vec![0];
        let mut job_of = Vec::new();
        for (job, choices) in problem.jobs.iter().enumerate() {
            first.push(first[job] + choices.options.len() + 1);
            job_of.resize(first[job + 1], job as u32);
        }
        let columns = job_of.len();
        let mut cost = vec![vec![0.0; columns]; problem.entries];
        for (job, choices) in problem.jobs.iter().enumerate() {
            let costs = choices.options.iter().map(|option| &option.cost).chain([&choices.unplaced]);
            for (position, own) in costs.enumerate() {
                for (cost, &own) in cost.iter_mut().zip(own) {
                    cost[first[job] + position] = own as f64;
                }
            }
        }
        let rows_of =
            |job: &Job| job.options.iter().map(|option| option.uses.len() + 1).chain([1]).collect::<Vec<_>>();
        let mut lp = Lp::new(cost, problem.jobs.iter().flat_map(rows_of));
        for (job, chosen) in plan.iter().enumerate() {
            let all = (first[job]..first[job + 1]).map(|column| (column as u32, 1.0)).collect();
            let position = chosen.unwrap_or(problem.jobs[job].options.len());
            lp.add_equality(1.0, all, (first[job] + position) as u32);
        }
        let mut entries: Vec<Vec<(u32, f64)>> = vec![Vec::new(); problem.rows.len()];
        for (job, choices) in problem.jobs.iter().enumerate() {
            for (position, option) in choices.options.iter().enumerate() {
                for &(row, amount) in &option.uses {
                    entries[row as usize].push(((first[job] + position) as u32, amount as f64));
                }
            }
        }
        for (row, entries) in problem.rows.iter().zip(entries) {
            lp.add_limit(row.rhs as f64, entries);
        }
        let allowed = problem.jobs.iter().map(|job| (0, job.options.len() + 1)).collect();
        let enforced = vec![true; problem.rows.len()];
        let mut master = Self { lp, first, job_of, allowed, enforced, largest_scale: largest_scale(problem) };
        let carried = master.carried(problem);
        if !carried.is_empty() {
            // What cannot be carried over leaves the basis of the plan.
            master.lp.carry(&carried);
        }
        master
    }

    /// Columns and slacks of the basis that a problem carries over.
    fn carried(&self, problem: &Problem) -> Vec<u32> {
        let mut carried = Vec::new();
        for (job, choices) in problem.jobs.iter().enumerate() {
            let basic = choices.options.iter().map(|option| option.basic).chain([choices.basic]);
            let positions = basic.enumerate().filter(|(_, basic)| *basic);
            carried.extend(positions.map(|(position, _)| (self.first[job] + position) as u32));
        }
        let slacks = problem.rows.iter().enumerate().filter(|(_, row)| row.basic && !carried.is_empty());
        let slacks: Vec<u32> = slacks.map(|(row, _)| self.slack(row)).collect();
        carried.extend(slacks);
        carried
    }

    /// Number of the slack of a row of the problem.
    fn slack(&self, row: usize) -> u32 {
        (self.job_of.len() + self.jobs() + row) as u32
    }

    /// Begins at a plan that keeps every row.
    pub(super) fn begin_at(&mut self, plan: &[Option<usize>]) {
        let last = |job: usize| self.first[job + 1] - self.first[job] - 1;
        let chosen =
            plan.iter().enumerate().map(|(job, option)| self.first[job] + option.unwrap_or(last(job)));
        let basis: Vec<u32> = chosen.map(|column| column as u32).collect();
        self.lp.restore(&basis);
    }

    fn jobs(&self) -> usize {
        self.allowed.len()
    }

    /// The dual value of a row of the problem in an entry.
    pub(super) fn dual_value(&self, row: usize, entry: usize) -> f64 {
        self.lp.dual_value(entry, self.jobs() + row)
    }

    /// First column of each job, and the number of columns at the end: a number for every position.
    pub(super) fn first(&self) -> &[usize] {
        &self.first
    }

    /// Who uses a row of the problem: column and amount.
    pub(super) fn users(&self, row: u32) -> impl Iterator<Item = (usize, i64)> + '_ {
        let entries = self.lp.row(self.jobs() + row as usize);
        entries.map(|(column, amount)| (column as usize, amount.round() as i64))
    }

    /// The job of a column.
    pub(super) fn job_of(&self, column: usize) -> usize {
        self.job_of[column] as usize
    }

    /// An entry of the objective.
    pub(super) fn objective(&self, entry: usize) -> f64 {
        self.lp.objective(entry)
    }

    /// The same from the duals: a lower bound where a run was ended before its optimum.
    pub(super) fn bound_so_far(&self, entry: usize) -> f64 {
        self.lp.dual_objective(entry)
    }

    /// Pivots made so far.
    pub(super) fn work(&self) -> u64 {
        self.lp.pivots()
    }

    /// Adds a limit over some positions; they must not have it among their uses yet.
    pub(super) fn add_row(&mut self, problem: &mut Problem, new: TieRow) -> u32 {
        let index = problem.rows.len() as u32;
        let mut over = Vec::with_capacity(new.terms.len());
        for (job, option, coefficient) in new.terms {
            let choices = &mut problem.jobs[job];
            match choices.options.get_mut(option) {
                Some(option) => {
                    option.uses.push((index, coefficient));
                    choices.gives.note(index, coefficient);
                }
                None => choices.unplaced_uses.push((index, coefficient)),
            }
            over.push(((self.first[job] + option) as u32, coefficient as f64));
        }
        // Large coefficients are scaled down: the method is at ease with numbers near 1.
        let largest = over.iter().map(|entry: &(u32, f64)| entry.1.abs()).fold(1.0, f64::max);
        self.lp.add_limit_scaled(new.row.rhs as f64, over, largest.log2().floor().exp2());
        let branch = new.row.kind == RowKind::Branch;
        self.enforced.push(!branch);
        if branch {
            self.lp.enforce(self.jobs() + index as usize, false);
        }
        problem.rows.push(new.row);
        index
    }

    /// Enforces these branching rows and no others.
    pub(super) fn enforce(&mut self, problem: &Problem, branches: &[u32]) {
        let jobs = self.jobs();
        let branching = |(_, row): &(usize, &Row)| row.kind == RowKind::Branch;
        for (index, _) in problem.rows.iter().enumerate().filter(branching) {
            let on = branches.contains(&(index as u32));
            if on != self.enforced[index] {
                self.enforced[index] = on;
                self.lp.enforce(jobs + index, on);
            }
        }
    }

    /// Allows only these positions of each job.
    pub(super) fn allow(&mut self, allowed: &[(usize, usize)]) {
        for (job, (&new, old)) in allowed.iter().zip(&mut self.allowed).enumerate() {
            if new == *old {
                continue;
            }
            *old = new;
            for position in 0..self.first[job + 1] - self.first[job] {
                self.lp.forbid(self.first[job] + position, position < new.0 || new.1 <= position);
            }
        }
    }

    /// The basis at hand, to come back to.
    pub(super) fn basis(&self) -> Vec<u32> {
        self.lp.basis().to_vec()
    }

    /// Marks the optimum at hand, to come back to it as long as no row is added.
    pub(super) fn mark(&self) -> Mark {
        self.lp.mark()
    }

    /// Comes back to a mark.
    pub(super) fn rewind(&mut self, mark: &Mark) {
        self.lp.rewind(mark);
    }

    /// Comes back to a basis.
    pub(super) fn restore(&mut self, basis: &[u32]) {
        self.lp.restore(basis);
    }

    /// Minimises from any basis; best from one that keeps every row.
    pub(super) fn start(&mut self, work: Work<'_>) -> Result<Ending, LpStop> {
        let before = self.lp.pivots();
        self.lp.primal(work)?;
        let pivots = work.pivots.saturating_sub(self.lp.pivots() - before);
        self.lp.dual(Work { pivots, ..work }, None)
    }

    /// Minimises from an optimum of fewer rows and more positions.
    pub(super) fn go_on(&mut self, work: Work<'_>, best: Option<&[i64]>) -> Result<Ending, LpStop> {
        self.lp.dual(work, best)
    }

    /// The positions in use.
    pub(super) fn support(&self) -> Support {
        let mut support: Support = vec![Vec::new(); self.jobs()];
        for (column, value) in self.lp.values().filter(|(_, value)| *value > WHOLE) {
            let job = self.job_of[column] as usize;
            support[job].push((column - self.first[job], value));
        }
        for positions in &mut support {
            positions.sort_unstable_by_key(|(position, _)| *position);
        }
        support
    }

    /// The dual vectors as whole prices. `ending` says whether the proof of infeasibility counts, as entry 0.
    pub(super) fn prices(&self, problem: &Problem, ending: Ending) -> Prices {
        let mut duals = Vec::with_capacity(problem.rows.len() * (problem.entries + 1));
        for row in 0..problem.rows.len() {
            let on = self.enforced[row];
            let ray = on && ending == Ending::Infeasible;
            duals.push(if ray { self.lp.ray(self.jobs() + row) } else { 0.0 });
            let value = |entry: usize| if on { self.dual_value(row, entry) } else { 0.0 };
            duals.extend((0..problem.entries).map(value));
        }
        Prices::new(problem.entries + 1, duals.chunks_exact(problem.entries + 1), self.largest_scale)
    }
}
