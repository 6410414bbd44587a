//! The linear programme over options, with columns and rows made as they are needed.

use std::collections::BTreeMap;

use super::bound::Prices;
use super::lp::{Lp, LpStop, compare};
use super::problem::{Problem, Row, RowKind};
use super::ties::TieRow;

/// Values closer than this to a whole number are whole.
pub(super) const WHOLE: f64 = 1e-6;
/// Columns made for a job in one round of pricing.
const COLUMNS_A_ROUND: usize = 2;

/// The options in use of each job, with their values; the position after the last option is "unplaced".
pub(super) type Support = Vec<Vec<(usize, f64)>>;

/// The linear programme of a problem.
pub(super) struct Master {
    lp: Lp,
    /// Column of each option, where it has been made.
    columns: Vec<Vec<Option<usize>>>,
    unplaced: Vec<usize>,
    /// Row of the linear programme of each row of the problem.
    rows: Vec<usize>,
    /// Positions allowed: from, to.
    allowed: Vec<(usize, usize)>,
    /// Whether the job has a negative coefficient somewhere, so that pricing may not stop early.
    rebated: Vec<bool>,
    /// Branching rows with the columns that measure by how much they are broken.
    switches: BTreeMap<u32, usize>,
    enforced: Vec<u32>,
}

fn with_lead(cost: &[i64]) -> Vec<f64> {
    std::iter::once(0.0).chain(cost.iter().map(|&value| value as f64)).collect()
}

impl Master {
    /// Every job unplaced, no columns yet.
    pub(super) fn new(problem: &Problem) -> Self {
        let mut lp = Lp::new(problem.entries + 1);
        let unplaced =
            problem.jobs.iter().map(|job| lp.add_equality(1.0, with_lead(&job.unplaced)).1).collect();
        let rows = problem.rows.iter().map(|row| lp.add_row(row.rhs as f64, &[]).0).collect();
        Self {
            lp,
            columns: problem.jobs.iter().map(|job| vec![None; job.options.len()]).collect(),
            unplaced,
            rows,
            allowed: problem.jobs.iter().map(|job| (0, job.options.len() + 1)).collect(),
            rebated: vec![false; problem.jobs.len()],
            switches: BTreeMap::new(),
            enforced: Vec::new(),
        }
    }

    /// Pivots made so far.
    pub(super) fn work(&self) -> u64 {
        self.lp.pivots()
    }

    /// Starts from a plan that keeps every row.
    pub(super) fn start_from(&mut self, problem: &Problem, chosen: &[Option<usize>]) {
        for (job, option) in chosen.iter().enumerate() {
            if let Some(option) = *option {
                let column = self.column(problem, job, option);
                self.lp.exchange(self.unplaced[job], column);
            }
        }
    }

    fn column(&mut self, problem: &Problem, job: usize, option: usize) -> usize {
        if let Some(column) = self.columns[job][option] {
            return column;
        }
        let choice = &problem.jobs[job].options[option];
        let mut entries = Vec::with_capacity(choice.uses.len() + 1);
        entries.push((job as u32, 1.0));
        entries
            .extend(choice.uses.iter().map(|&(row, amount)| (self.rows[row as usize] as u32, amount as f64)));
        let column = self.lp.add_column(entries, with_lead(&choice.cost));
        self.columns[job][option] = Some(column);
        column
    }

    /// Adds a limit over some options; they must not have it among their uses yet.
    pub(super) fn add_row(&mut self, problem: &mut Problem, new: TieRow) -> u32 {
        let index = problem.rows.len() as u32;
        let mut over = Vec::new();
        for (job, option, coefficient) in new.terms {
            problem.jobs[job].options[option].uses.push((index, coefficient));
            self.rebated[job] |= coefficient < 0;
            if let Some(column) = self.columns[job][option] {
                over.push((column, coefficient as f64));
            }
        }
        let Row { rhs, kind } = new.row;
        problem.rows.push(new.row);
        let (row, excess) = self.lp.add_row(rhs as f64, &over);
        self.rows.push(row);
        if kind == RowKind::Branch {
            self.switches.insert(index, excess);
        }
        index
    }

    /// Enforces these branching rows and no others.
    pub(super) fn enforce(&mut self, branches: &[u32]) {
        for (row, &excess) in &self.switches {
            self.lp.forbid(excess, branches.contains(row));
        }
        self.enforced = branches.to_vec();
    }

    /// Allows only these positions of each job.
    pub(super) fn allow(&mut self, allowed: &[(usize, usize)]) {
        for (job, (&new, old)) in allowed.iter().zip(&mut self.allowed).enumerate() {
            if new == *old {
                continue;
            }
            *old = new;
            let inside = |position: usize| new.0 <= position && position < new.1;
            for (option, column) in self.columns[job].iter().enumerate() {
                if let Some(column) = *column {
                    self.lp.forbid(column, !inside(option));
                }
            }
            self.lp.forbid(self.unplaced[job], !inside(self.columns[job].len()));
        }
    }

    /// Minimises over all allowed options.
    pub(super) fn optimise(
        &mut self,
        problem: &Problem,
        pivots: u64,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), LpStop> {
        let limit = self.lp.pivots().saturating_add(pivots);
        loop {
            self.lp.optimise(limit.saturating_sub(self.lp.pivots()))?;
            if stop() {
                return Err(LpStop::Work);
            }
            let wanted = self.price(problem);
            if wanted.is_empty() {
                return Ok(());
            }
            for (job, option) in wanted {
                self.column(problem, job, option);
            }
        }
    }

    /// The allowed options of each job that would improve the programme most and have no column yet.
    fn price(&self, problem: &Problem) -> Vec<(usize, usize)> {
        let entries = problem.entries + 1;
        let priced: Vec<bool> =
            self.rows.iter().map(|&row| self.lp.dual(row).iter().any(|dual| dual.abs() > 1e-7)).collect();
        let mut found = Vec::new();
        let mut prices: Vec<(f64, &[f64])> = Vec::new();
        for (job, choices) in problem.jobs.iter().enumerate() {
            let own = self.lp.dual(job);
            let mut best: Vec<(Vec<f64>, usize)> = Vec::new();
            let (from, to) = self.allowed[job];
            for option in from..to.min(choices.options.len()) {
                let choice = &choices.options[option];
                let own_cost = |entry: usize| {
                    if entry == 0 { -own[0] } else { choice.cost[entry - 1] as f64 - own[entry] }
                };
                // Ascending own cost: prices only add to it.
                if !self.rebated[job] && !negative((0..entries).map(own_cost)) {
                    break;
                }
                if self.columns[job][option].is_some() {
                    continue;
                }
                prices.clear();
                prices.extend(
                    choice
                        .uses
                        .iter()
                        .filter(|(row, _)| priced[*row as usize])
                        .map(|&(row, amount)| (amount as f64, self.lp.dual(self.rows[row as usize]))),
                );
                let reduced = |entry: usize| {
                    let paid: f64 = prices.iter().map(|(amount, dual)| amount * dual[entry]).sum();
                    own_cost(entry) - paid
                };
                if !negative((0..entries).map(reduced)) {
                    continue;
                }
                let cost: Vec<f64> = (0..entries).map(reduced).collect();
                if best.len() < COLUMNS_A_ROUND || compare(&cost, &best[best.len() - 1].0).is_lt() {
                    best.push((cost, option));
                    best.sort_by(|a, b| compare(&a.0, &b.0).then(a.1.cmp(&b.1)));
                    best.truncate(COLUMNS_A_ROUND);
                }
            }
            found.extend(best.into_iter().map(|(_, option)| (job, option)));
        }
        found
    }

    /// The options in use.
    pub(super) fn support(&self) -> Support {
        let values = self.lp.values();
        let mut support: Support = vec![Vec::new(); self.columns.len()];
        for (job, columns) in self.columns.iter().enumerate() {
            for (option, column) in columns.iter().enumerate() {
                if let Some(column) = column
                    && values[*column] > WHOLE
                {
                    support[job].push((option, values[*column]));
                }
            }
            let left_out = values[self.unplaced[job]];
            if left_out > WHOLE {
                support[job].push((columns.len(), left_out));
            }
        }
        support
    }

    /// The dual vectors as whole prices.
    pub(super) fn prices(&self, problem: &Problem) -> Prices {
        let none = vec![0.0; problem.entries + 1];
        let switched_off =
            |row: usize| self.switches.contains_key(&(row as u32)) && !self.enforced.contains(&(row as u32));
        let dual = |(index, row): (usize, &usize)| {
            if switched_off(index) { none.as_slice() } else { self.lp.dual(*row) }
        };
        Prices::new(problem.entries + 1, self.rows.iter().enumerate().map(dual))
    }
}

/// Lexicographically negative, beyond noise; asks for no more entries than it takes.
fn negative(cost: impl Iterator<Item = f64>) -> bool {
    let mut telling = cost.filter(|value| value.abs() > 1e-5);
    telling.next().is_some_and(|value| value < 0.0)
}
