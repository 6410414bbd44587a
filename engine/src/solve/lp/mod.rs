//! A simplex method whose costs are lexicographic vectors.
//!
//! Vectors compared lexicographically form an ordered vector space, and everything that the simplex method asks
//! of a cost is addition, scaling and comparison; so one run minimises all entries in their order, and the dual
//! vectors prove every entry at once (Isermann 1982, "Linear lexicographic optimization", OR Spektrum 4).
//!
//! The primal method (`primal`) starts from a plan that keeps every row and goes entry by entry: what has a positive
//! reduced cost in an entry can never come in again, so later entries look at ever fewer columns. The dual method
//! (`dual`) goes on from an optimum after rows are added or columns forbidden.
//!
//! Floating point finds the basis; nothing is proven with it (see `bound`).

mod basis;
mod columns;
mod dual;
mod mark;
mod primal;
#[cfg(test)]
mod tests;

use basis::Inverse;
use columns::Columns;
use dual::{Leads, PivotRow};

pub(super) use dual::Ending;
pub(super) use mark::Mark;

/// Reduced costs are multiples of a small fraction, since all data are whole numbers: anything less is noise.
const COST_TOLERANCE: f64 = 1e-5;
/// Entries of a transformed column smaller than this are noise.
const PIVOT_TOLERANCE: f64 = 1e-9;
const REINVERT_AFTER: usize = 64;
/// Not in the basis.
const NOWHERE: u32 = u32::MAX;

/// Why a run ended without an optimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LpStop {
    /// The work allowed is used up, or it is to stop.
    Work,
    /// The numbers cannot be trusted.
    Numerics,
}

/// What a run may take.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    /// Pivots.
    pub pivots: u64,
    /// Asked every few pivots: true = no more.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// `stop` is asked after so many pivots.
const ASK_EVERY: u64 = 64;

/// What a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Equal,
    AtMost,
    /// Switched off: its slack may be anything.
    Free,
}

#[derive(Debug)]
struct LpRow {
    rhs: f64,
    sense: Sense,
    /// Columns with their coefficients.
    entries: Vec<(u32, f64)>,
    /// The slack as a column.
    slack: [(u32, f64); 1],
    /// What the row was divided by.
    scale: f64,
    /// By how much the primal method moves the right-hand side while it runs.
    relaxed: f64,
}

/// A linear programme: minimise the cost vectors over x >= 0 with these rows.
///
/// Columns are numbered; the slack of a row follows after all of them, in the order of the rows.
#[derive(Debug)]
pub(super) struct Lp {
    /// Entries of a cost, the one that tells ties apart included.
    entries: usize,
    /// By entry, by column; the last entry tells ties apart.
    cost: Vec<Vec<f64>>,
    /// The last entry of the slacks, by row.
    slack_tie: Vec<f64>,
    columns: Columns,
    forbidden: Vec<bool>,
    rows: Vec<LpRow>,
    /// Row in which each column or slack is basic.
    at: Vec<u32>,
    basis: Vec<u32>,
    x: Vec<f64>,
    /// By entry, by row.
    y: Vec<Vec<f64>>,
    inverse: Inverse,
    /// Whether the inverse, `x` and `y` are those of the basis.
    current: bool,
    /// By row: how far a step of the dual method along it reaches, roughly.
    weight: Vec<f64>,
    pivots: u64,
    leads: Leads,
    pivot_row: PivotRow,
    /// Vectors to be used again.
    spare: Vec<Vec<f64>>,
    /// Proof that no solution is allowed: a combination of rows.
    ray: Vec<f64>,
}

/// A number that looks like chance and is the same in every run.
fn scatter(index: usize) -> f64 {
    ((index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 44) as f64
}

impl Lp {
    /// Columns with these costs, entry by entry, and no rows. One more entry, made here, tells ties apart, so that
    /// the dual method does not run in circles.
    ///
    /// `rows` says for each column in how many rows it will be.
    pub(super) fn new(mut cost: Vec<Vec<f64>>, rows: impl Iterator<Item = usize>) -> Self {
        let entries = Columns::new(rows);
        let columns = entries.len();
        cost.push((0..columns).map(scatter).collect());
        Self {
            entries: cost.len(),
            cost,
            slack_tie: Vec::new(),
            columns: entries,
            forbidden: vec![false; columns],
            rows: Vec::new(),
            at: vec![NOWHERE; columns],
            basis: Vec::new(),
            x: Vec::new(),
            y: Vec::new(),
            inverse: Inverse::default(),
            current: false,
            weight: Vec::new(),
            pivots: 0,
            leads: Leads::new(columns),
            pivot_row: PivotRow::new(columns),
            spare: Vec::new(),
            ray: Vec::new(),
        }
    }

    /// Pivots made so far: the measure of work.
    pub(super) fn pivots(&self) -> u64 {
        self.pivots
    }

    /// Whether a run may not go on.
    fn is_over(&self, limit: u64, work: Work<'_>) -> bool {
        self.pivots >= limit || (self.pivots.is_multiple_of(ASK_EVERY) && (work.stop)())
    }

    fn push_row(&mut self, rhs: f64, sense: Sense, entries: Vec<(u32, f64)>) -> u32 {
        let row = self.rows.len() as u32;
        for &(column, coefficient) in &entries {
            self.columns.push(column as usize, (row, coefficient));
        }
        self.rows.push(LpRow { rhs, sense, entries, slack: [(row, 1.0)], scale: 1.0, relaxed: 0.0 });
        self.at.push(NOWHERE);
        self.weight.push(1.0);
        self.slack_tie.push(scatter(self.at.len()));
        row
    }

    /// Adds a row "= rhs" in which this column, with coefficient 1, is basic.
    pub(super) fn add_equality(&mut self, rhs: f64, entries: Vec<(u32, f64)>, basic: u32) {
        let row = self.push_row(rhs, Sense::Equal, entries);
        self.current = false;
        self.basis.push(basic);
        self.at[basic as usize] = row;
    }

    /// Adds a row "<= rhs"; its slack is basic.
    pub(super) fn add_limit(&mut self, rhs: f64, entries: Vec<(u32, f64)>) {
        let row = self.push_row(rhs, Sense::AtMost, entries);
        let slack = self.slack(row);
        if self.current {
            self.extend(row as usize);
        }
        self.basis.push(slack);
        self.at[slack as usize] = row;
    }

    /// Takes a new row into what is known of the basis: its slack is basic and has no cost, so nothing else changes.
    fn extend(&mut self, row: usize) {
        self.slack_tie[row] = 0.0;
        let basic = |&(column, value): &(u32, f64)| {
            let at = self.at[column as usize];
            (at != NOWHERE).then_some((at, value))
        };
        let entries: Vec<(u32, f64)> = self.rows[row].entries.iter().filter_map(basic).collect();
        let used: f64 = entries.iter().map(|&(at, value)| value * self.x[at as usize]).sum();
        self.x.push(self.rows[row].rhs - used);
        self.inverse.add_row(row, entries.into_iter());
        for y in &mut self.y {
            y.push(0.0);
        }
    }

    /// The same, divided by a number.
    pub(super) fn add_limit_scaled(&mut self, rhs: f64, mut entries: Vec<(u32, f64)>, scale: f64) {
        for entry in &mut entries {
            entry.1 /= scale;
        }
        self.add_limit(rhs / scale, entries);
        if let Some(row) = self.rows.last_mut() {
            row.scale = scale;
        }
    }

    fn slack(&self, row: u32) -> u32 {
        self.columns.len() as u32 + row
    }

    /// The row of a slack; none for a column.
    fn row_of(&self, id: u32) -> Option<usize> {
        (id as usize).checked_sub(self.columns.len())
    }

    /// Enforces a row or switches it off. A row that is switched off must have its slack in the basis.
    pub(super) fn enforce(&mut self, row: usize, on: bool) {
        self.rows[row].sense = if on { Sense::AtMost } else { Sense::Free };
    }

    /// Forbids a column, or allows it again.
    pub(super) fn forbid(&mut self, column: usize, forbidden: bool) {
        self.forbidden[column] = forbidden;
    }

    /// The columns and slacks in the basis, by row.
    pub(super) fn basis(&self) -> &[u32] {
        &self.basis
    }

    /// Goes back to a basis; rows added since then have their slack in it.
    pub(super) fn restore(&mut self, basis: &[u32]) {
        if self.basis.get(..basis.len()) == Some(basis)
            && (basis.len()..self.rows.len()).all(|row| self.basis[row] == self.slack(row as u32))
        {
            return;
        }
        let slacks = (basis.len()..self.rows.len()).map(|row| self.slack(row as u32));
        let basis: Vec<u32> = basis.iter().copied().chain(slacks).collect();
        self.set_basis(basis);
    }

    /// Takes these columns and slacks into the basis as far as they are independent, and slacks for what is missing;
    /// says whether that makes a basis.
    pub(super) fn carry(&mut self, ids: &[u32]) -> bool {
        let mut basis = self.inverted(ids);
        self.current = false;
        for (row, id) in basis.iter_mut().enumerate().filter(|(_, id)| **id == NOWHERE) {
            if self.rows[row].sense == Sense::Equal {
                return false;
            }
            *id = self.columns.len() as u32 + row as u32;
        }
        self.set_basis(basis);
        true
    }

    fn set_basis(&mut self, basis: Vec<u32>) {
        self.at.fill(NOWHERE);
        for (row, &id) in basis.iter().enumerate() {
            self.at[id as usize] = row as u32;
        }
        self.basis = basis;
        self.weight.fill(1.0);
        self.leads.forget();
        self.current = false;
    }

    /// The columns of a row with their coefficients.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let row = &self.rows[row];
        row.entries.iter().map(|&(column, value)| (column, value * row.scale))
    }

    /// The dual value of a row in an entry.
    pub(super) fn dual_value(&self, entry: usize, row: usize) -> f64 {
        self.y.get(entry).and_then(|y| y.get(row)).map_or(0.0, |y| y / self.rows[row].scale)
    }

    /// The combination of rows that proves that nothing is allowed, after a run that ended so.
    pub(super) fn ray(&self, row: usize) -> f64 {
        self.ray.get(row).map_or(0.0, |ray| ray / self.rows[row].scale)
    }

    /// Columns that are not zero, with their values.
    pub(super) fn values(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let structural = |&(&id, _): &(&u32, &f64)| (id as usize) < self.columns.len();
        self.basis.iter().zip(&self.x).filter(structural).map(|(&id, &value)| (id as usize, value))
    }

    /// An entry of the objective.
    pub(super) fn objective(&self, entry: usize) -> f64 {
        self.values().map(|(column, value)| self.cost[entry][column] * value).sum()
    }

    /// The same from the duals: a lower bound while a run of the dual method goes on.
    pub(super) fn dual_objective(&self, entry: usize) -> f64 {
        self.rows.iter().zip(&self.y[entry]).map(|(row, y)| row.rhs * y).sum()
    }

    fn entries_of(&self, id: u32) -> &[(u32, f64)] {
        match self.row_of(id) {
            Some(row) => &self.rows[row].slack,
            None => self.columns.of(id as usize),
        }
    }

    fn cost_of(&self, entry: usize, id: u32) -> f64 {
        match self.row_of(id) {
            None => self.cost[entry][id as usize],
            Some(row) if entry == self.ties() => self.slack_tie[row],
            Some(_) => 0.0,
        }
    }

    /// The entry that tells ties apart.
    fn ties(&self) -> usize {
        self.entries - 1
    }

    /// Whether a column or slack may come into the basis.
    fn may_enter(&self, id: u32) -> bool {
        self.at[id as usize] == NOWHERE
            && match self.row_of(id) {
                Some(row) => self.rows[row].sense == Sense::AtMost,
                None => !self.forbidden[id as usize],
            }
    }

    fn is_forbidden(&self, id: u32) -> bool {
        self.forbidden.get(id as usize).copied().unwrap_or(false)
    }

    fn is_free(&self, id: u32) -> bool {
        self.row_of(id).is_some_and(|row| self.rows[row].sense == Sense::Free)
    }

    /// Makes the inverse of these columns and slacks; says which is basic in each row.
    fn inverted(&mut self, ids: &[u32]) -> Vec<u32> {
        let mut inverse = std::mem::take(&mut self.inverse);
        let columns: Vec<(u32, &[(u32, f64)])> = ids.iter().map(|&id| (id, self.entries_of(id))).collect();
        let basis = inverse.invert(self.rows.len(), &columns);
        self.inverse = inverse;
        basis
    }

    /// Inverts the basis anew.
    fn invert(&mut self) -> Result<(), LpStop> {
        let basis = self.inverted(&self.basis.clone());
        if basis.contains(&NOWHERE) {
            return Err(LpStop::Numerics);
        }
        self.basis = basis;
        for (row, &id) in self.basis.iter().enumerate() {
            self.at[id as usize] = row as u32;
        }
        Ok(())
    }

    fn compute_x(&mut self) {
        self.x.clear();
        self.x.extend(self.rows.iter().map(|row| row.rhs + row.relaxed));
        self.inverse.ftran(&mut self.x);
    }

    fn compute_y(&mut self, entry: usize) {
        let cost = self.basis.iter().map(|&id| self.cost_of(entry, id));
        let mut y: Vec<f64> = cost.collect();
        if y.iter().any(|cost| *cost != 0.0) {
            self.inverse.btran(&mut y);
        }
        if self.y.len() <= entry {
            self.y.resize(entry + 1, Vec::new());
        }
        self.y[entry] = y;
    }

    /// Inverts the basis and computes everything anew.
    fn refresh(&mut self) -> Result<(), LpStop> {
        self.invert()?;
        self.compute_x();
        for entry in 0..self.entries {
            self.compute_y(entry);
        }
        self.leads.doubt();
        self.current = true;
        Ok(())
    }

    /// Reduced cost of a column or slack in an entry.
    fn reduced_cost(&self, entry: usize, id: u32) -> f64 {
        let y = &self.y[entry];
        let paid: f64 = self.entries_of(id).iter().map(|&(row, value)| value * y[row as usize]).sum();
        self.cost_of(entry, id) - paid
    }

    /// A zero for each row, in memory that was used before where there is some.
    fn zeros(&mut self) -> Vec<f64> {
        let mut zeros = self.spare.pop().unwrap_or_default();
        zeros.clear();
        zeros.resize(self.rows.len(), 0.0);
        zeros
    }

    /// A column in terms of the basis.
    fn transformed(&mut self, id: u32) -> Vec<f64> {
        let mut alpha = self.zeros();
        for &(row, value) in self.entries_of(id) {
            alpha[row as usize] = value;
        }
        self.inverse.ftran(&mut alpha);
        alpha
    }

    /// A row of the inverse.
    fn inverse_row(&mut self, row: usize) -> Vec<f64> {
        let mut rho = self.zeros();
        rho[row] = 1.0;
        self.inverse.btran(&mut rho);
        rho
    }

    /// Puts `entering` into the basis in this row.
    fn exchange(&mut self, row: usize, entering: u32, alpha: &[f64]) {
        let step = self.x[row] / alpha[row];
        for (x, &alpha) in self.x.iter_mut().zip(alpha) {
            *x -= step * alpha;
        }
        self.x[row] = step;
        self.inverse.update(row, alpha);
        self.at[self.basis[row] as usize] = NOWHERE;
        self.at[entering as usize] = row as u32;
        self.basis[row] = entering;
        self.pivots += 1;
    }
}
