//! A primal simplex method whose costs are lexicographic vectors.
//!
//! Vectors compared lexicographically form an ordered vector space, and everything that the simplex method asks
//! of a cost is addition, scaling and comparison; so one run minimises all entries in their order, and the dual
//! vectors prove every entry at once (Isermann 1982, "Linear lexicographic optimization", OR Spektrum 4).
//!
//! Entry 0 of every cost counts infeasibility: artificial variables and forbidden columns cost 1 there. So rows
//! can be added and columns forbidden at any time, and the run goes on from the basis at hand: there is no first
//! phase and no dual simplex method.
//!
//! Floating point finds the basis; nothing is proven with it (see `bound`).

mod basis;

use basis::Inverse;

/// Reduced costs are multiples of a small fraction, since all data are whole numbers: anything less is noise.
const COST_TOLERANCE: f64 = 1e-5;
const RATIO_TOLERANCE: f64 = 1e-9;
const REINVERT_AFTER: usize = 80;
const CANDIDATES: usize = 40;

/// A column: its entries by row, and its cost, entry 0 first.
#[derive(Debug, Clone)]
struct Column {
    entries: Vec<(u32, f64)>,
    cost: Vec<f64>,
    basic: bool,
}

/// Why a run ended without an optimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LpStop {
    /// The work allowed is used up.
    Work,
    /// The numbers cannot be trusted.
    Numerics,
}

/// A linear programme in equality form with a feasible basis at all times.
#[derive(Debug)]
pub(super) struct Lp {
    entries: usize,
    rhs: Vec<f64>,
    columns: Vec<Column>,
    basis: Vec<usize>,
    x: Vec<f64>,
    y: Vec<f64>,
    inverse: Inverse,
    stale: bool,
    pivots: u64,
}

/// A tiny amount by which a row is relaxed so that ties in the ratio test do not make the method run in circles.
fn relaxation(row: usize) -> f64 {
    let scatter = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    1e-7 * (1.0 + scatter as f64 / f64::from(1_u32 << 24))
}

impl Lp {
    /// No rows, no columns; costs have this many entries, infeasibility included.
    pub(super) fn new(entries: usize) -> Self {
        Self {
            entries,
            rhs: Vec::new(),
            columns: Vec::new(),
            basis: Vec::new(),
            x: Vec::new(),
            y: Vec::new(),
            inverse: Inverse::default(),
            stale: true,
            pivots: 0,
        }
    }

    /// Pivots made so far: the measure of work.
    pub(super) fn pivots(&self) -> u64 {
        self.pivots
    }

    /// Adds a row "= rhs" whose first column, with coefficient 1 and this cost, is basic.
    pub(super) fn add_equality(&mut self, rhs: f64, cost: Vec<f64>) -> (usize, usize) {
        let row = self.rhs.len();
        let column = self.push_column(vec![(row as u32, 1.0)], cost);
        self.rhs.push(rhs);
        self.basis.push(column);
        self.columns[column].basic = true;
        self.stale = true;
        (row, column)
    }

    /// Adds a row "<= rhs" over existing columns; also says which column measures by how much it is broken. That
    /// column costs infeasibility: `forbid` it to enforce the row, allow it to switch the row off.
    pub(super) fn add_row(&mut self, rhs: f64, over: &[(usize, f64)]) -> (usize, usize) {
        let row = self.rhs.len();
        let mut used = 0.0;
        let values = self.values();
        for &(column, coefficient) in over {
            self.columns[column].entries.push((row as u32, coefficient));
            used += coefficient * values[column];
        }
        let slack = self.push_column(vec![(row as u32, 1.0)], vec![0.0; self.entries]);
        self.rhs.push(rhs);
        let mut cost = vec![0.0; self.entries];
        cost[0] = 1.0;
        let excess = self.push_column(vec![(row as u32, -1.0)], cost);
        let basic = if used <= rhs + 1e-7 { slack } else { excess };
        self.columns[basic].basic = true;
        self.basis.push(basic);
        self.stale = true;
        (row, excess)
    }

    /// Adds a column.
    pub(super) fn add_column(&mut self, entries: Vec<(u32, f64)>, cost: Vec<f64>) -> usize {
        self.push_column(entries, cost)
    }

    fn push_column(&mut self, entries: Vec<(u32, f64)>, cost: Vec<f64>) -> usize {
        self.columns.push(Column { entries, cost, basic: false });
        self.columns.len() - 1
    }

    /// Forbids a column, or allows it again.
    pub(super) fn forbid(&mut self, column: usize, forbidden: bool) {
        let value = if forbidden { 1.0 } else { 0.0 };
        if (self.columns[column].cost[0] - value).abs() > 0.5 {
            self.columns[column].cost[0] = value;
            self.stale |= self.columns[column].basic;
        }
    }

    /// Makes `column` basic in the row in which `out` is: the start from a known plan.
    pub(super) fn exchange(&mut self, out: usize, column: usize) {
        if let Some(row) = self.basis.iter().position(|&basic| basic == out) {
            self.columns[out].basic = false;
            self.columns[column].basic = true;
            self.basis[row] = column;
            self.stale = true;
        }
    }

    /// The dual vector of a row.
    pub(super) fn dual(&self, row: usize) -> &[f64] {
        &self.y[row * self.entries..(row + 1) * self.entries]
    }

    /// The value of every column, without the relaxation of rows.
    pub(super) fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.columns.len()];
        for (row, &column) in self.basis.iter().enumerate() {
            values[column] = self.x.get(row).copied().unwrap_or(0.0);
        }
        values
    }

    fn refresh(&mut self, relaxed: bool) -> Result<(), LpStop> {
        let columns: Vec<(usize, &[(u32, f64)])> =
            self.basis.iter().map(|&id| (id, self.columns[id].entries.as_slice())).collect();
        self.basis = self.inverse.invert(self.rhs.len(), &columns).ok_or(LpStop::Numerics)?;
        self.compute_x(relaxed);
        self.compute_y();
        self.stale = false;
        Ok(())
    }

    fn compute_x(&mut self, relaxed: bool) {
        self.x.clone_from(&self.rhs);
        if relaxed {
            for (row, x) in self.x.iter_mut().enumerate() {
                *x += relaxation(row);
            }
        }
        self.inverse.ftran(&mut self.x);
    }

    fn compute_y(&mut self) {
        let rows = self.rhs.len();
        self.y = vec![0.0; rows * self.entries];
        let mut work = vec![0.0; rows];
        for entry in 0..self.entries {
            for (row, &column) in self.basis.iter().enumerate() {
                work[row] = self.columns[column].cost[entry];
            }
            self.inverse.btran(&mut work);
            for (row, &value) in work.iter().enumerate() {
                self.y[row * self.entries + entry] = value;
            }
        }
    }

    /// The reduced cost of a column where it is lexicographically negative.
    fn negative_cost(&self, column: usize, into: &mut [f64]) -> bool {
        let column = &self.columns[column];
        let mut decided = false;
        for entry in 0..self.entries {
            let mut value = column.cost[entry];
            for &(row, coefficient) in &column.entries {
                value -= coefficient * self.y[row as usize * self.entries + entry];
            }
            if value.abs() <= COST_TOLERANCE {
                value = 0.0;
            }
            if !decided && value > 0.0 {
                return false;
            }
            decided |= value < 0.0;
            into[entry] = value;
        }
        decided
    }

    /// Minimises over the columns at hand.
    pub(super) fn optimise(&mut self, pivots_allowed: u64) -> Result<(), LpStop> {
        let limit = self.pivots.saturating_add(pivots_allowed);
        self.refresh(true)?;
        let mut cost = vec![0.0; self.entries];
        let mut best_cost = vec![0.0; self.entries];
        let mut candidates: Vec<usize> = Vec::new();
        loop {
            let mut entering = None;
            candidates.retain(|&column| {
                if self.columns[column].basic || !self.negative_cost(column, &mut cost) {
                    return false;
                }
                if entering.is_none() || less(&cost, &best_cost) {
                    entering = Some(column);
                    best_cost.copy_from_slice(&cost);
                }
                true
            });
            let Some(entering) = entering else {
                candidates = self.collect_candidates();
                if candidates.is_empty() {
                    break;
                }
                continue;
            };
            if self.pivots >= limit {
                self.compute_x(false);
                return Err(LpStop::Work);
            }
            self.pivot(entering, &best_cost)?;
            if self.inverse.updates() >= REINVERT_AFTER {
                self.refresh(true)?;
            }
        }
        self.refresh(false)
    }

    /// The columns with the most negative reduced costs.
    fn collect_candidates(&self) -> Vec<usize> {
        let mut found: Vec<(Vec<f64>, usize)> = Vec::new();
        let mut cost = vec![0.0; self.entries];
        for column in 0..self.columns.len() {
            if !self.columns[column].basic && self.negative_cost(column, &mut cost) {
                found.push((cost.clone(), column));
            }
        }
        found.sort_by(|a, b| compare(&a.0, &b.0).then(a.1.cmp(&b.1)));
        found.truncate(CANDIDATES);
        found.into_iter().map(|(_, column)| column).collect()
    }

    fn pivot(&mut self, entering: usize, cost: &[f64]) -> Result<(), LpStop> {
        let rows = self.rhs.len();
        let mut alpha = vec![0.0; rows];
        for &(row, value) in &self.columns[entering].entries {
            alpha[row as usize] = value;
        }
        self.inverse.ftran(&mut alpha);
        let mut leaving: Option<(usize, f64)> = None;
        for (row, &step) in alpha.iter().enumerate() {
            if step > RATIO_TOLERANCE {
                let ratio = self.x[row].max(0.0) / step;
                let better = match leaving {
                    None => true,
                    Some((best, least)) => {
                        ratio < least - 1e-12 || (ratio < least + 1e-12 && step > alpha[best])
                    }
                };
                if better {
                    leaving = Some((row, ratio));
                }
            }
        }
        // Every column is bounded by the row of its job: no leaving row means lost precision.
        let (row, ratio) = leaving.ok_or(LpStop::Numerics)?;
        for (x, &step) in self.x.iter_mut().zip(&alpha) {
            *x -= ratio * step;
        }
        self.x[row] = ratio;
        let mut rho = vec![0.0; rows];
        rho[row] = 1.0;
        self.inverse.btran(&mut rho);
        for (at, &value) in rho.iter().enumerate() {
            if value != 0.0 {
                let scale = value / alpha[row];
                for (y, &d) in self.y[at * self.entries..(at + 1) * self.entries].iter_mut().zip(cost) {
                    *y += scale * d;
                }
            }
        }
        self.inverse.update(row, &alpha);
        self.columns[self.basis[row]].basic = false;
        self.columns[entering].basic = true;
        self.basis[row] = entering;
        self.pivots += 1;
        Ok(())
    }
}

/// Lexicographic comparison; noise has been set to zero before.
pub(super) fn compare(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    for (a, b) in a.iter().zip(b) {
        if (a - b).abs() > COST_TOLERANCE {
            return a.total_cmp(b);
        }
    }
    std::cmp::Ordering::Equal
}

fn less(a: &[f64], b: &[f64]) -> bool {
    compare(a, b).is_lt()
}
