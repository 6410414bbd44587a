//! The dual method: from an optimum, after rows are added, switched on, or columns forbidden.
//!
//! All reduced cost vectors are lexicographically not negative, and stay so: the ratio test compares vectors, entry
//! by entry among those that are equal so far (Isermann 1982).

use super::{COST_TOLERANCE, Lp, LpStop, NOWHERE, REINVERT_AFTER, Work, scatter};

/// By how much a row may be broken.
const FEASIBLE: f64 = 1e-7;
/// Coefficients of the pivot row smaller than this are not pivoted on.
const SMALL: f64 = 1e-6;
/// Ratios closer than this are equal.
const EQUAL: f64 = 1e-9;
/// So many changes to the inverse do no harm to what is read off it.
const FRESH: usize = 20;
/// Pivots of a run, beside one for each row, after which it must be running in circles: rounding can do that.
const PATIENCE: u64 = 2_000;
/// The bound is compared with the best plan after so many pivots.
const CUTOFF_EVERY: u64 = 4;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::solve) enum Ending {
    /// An optimum.
    Optimal,
    /// Nothing is allowed; `ray` proves it.
    Infeasible,
    /// No better than the plan to beat.
    Cutoff,
}

impl Lp {
    /// Makes the basis keep every row again; stops where it cannot beat `best`, if given, any more.
    pub(in crate::solve) fn dual(&mut self, work: Work<'_>, best: Option<&[i64]>) -> Result<Ending, LpStop> {
        let limit = self.pivots.saturating_add(work.pivots);
        let patience = self.pivots + PATIENCE + self.rows.len() as u64;
        if !self.current || self.inverse.updates() >= FRESH {
            self.refresh()?;
        }
        let mut doubtful = 0;
        loop {
            let Some((leaving, sign)) = self.most_broken() else {
                if self.inverse.updates() < FRESH {
                    return Ok(Ending::Optimal);
                }
                self.refresh()?;
                continue;
            };
            if self.is_over(limit, work) {
                return Err(LpStop::Work);
            }
            if self.pivots >= patience {
                return Err(LpStop::Numerics);
            }
            if self.pivots.is_multiple_of(CUTOFF_EVERY) && best.is_some_and(|best| self.is_cut_off(best)) {
                return Ok(Ending::Cutoff);
            }
            let rho = self.inverse_row(leaving);
            let Some((entering, costs)) = self.entering(&rho, sign) else {
                if self.inverse.updates() > 0 {
                    self.refresh()?;
                    continue;
                }
                self.ray = rho.iter().map(|rho| sign * rho).collect();
                return Ok(Ending::Infeasible);
            };
            let transformed = self.transformed(entering);
            let expected: f64 =
                self.entries_of(entering).iter().map(|&(row, value)| value * rho[row as usize]).sum();
            let pivot = transformed[leaving];
            if (pivot - expected).abs() > 1e-6 * (1.0 + pivot.abs()) {
                doubtful += 1;
                if doubtful > 3 || self.inverse.updates() == 0 {
                    return Err(LpStop::Numerics);
                }
                self.refresh()?;
                continue;
            }
            let first = costs.iter().position(|cost| *cost != 0.0).unwrap_or(self.entries);
            let step = costs.get(first).map_or(0.0, |cost| cost / expected);
            self.leads.pivot(&self.pivot_row, first, step);
            for (y, cost) in self.y.iter_mut().zip(costs) {
                if cost != 0.0 {
                    let scale = cost / expected;
                    for (y, &rho) in y.iter_mut().zip(&rho) {
                        *y += scale * rho;
                    }
                }
            }
            let leaves = self.basis[leaving];
            self.leads.leaves(leaves as usize, first);
            // Outside the basis a cost may grow: the slack of a row that came later tells ties apart from now on.
            if let Some(row) = self.row_of(leaves).filter(|&row| self.slack_tie[row] == 0.0) {
                self.slack_tie[row] = scatter(leaves as usize);
            }
            self.reweigh(leaving, &transformed);
            self.exchange(leaving, entering, &transformed);
            self.spare.extend([rho, transformed]);
            if self.inverse.updates() >= REINVERT_AFTER {
                self.refresh()?;
            }
        }
    }

    /// Learns from a pivot how far each row reaches (Harris 1973, "Pivot selection methods of the Devex LP code", for the
    /// dual method).
    fn reweigh(&mut self, leaving: usize, alpha: &[f64]) {
        let pivot = alpha[leaving];
        let own = self.weight[leaving] / (pivot * pivot);
        for (weight, &alpha) in self.weight.iter_mut().zip(alpha) {
            *weight = weight.max(alpha * alpha * own);
        }
        self.weight[leaving] = own.max(1.0);
    }

    /// The row of the basis that is broken most: -1 = below zero, 1 = above zero though forbidden.
    fn most_broken(&self) -> Option<(usize, f64)> {
        let mut worst: Option<(usize, f64, f64)> = None;
        for (row, (&id, &x)) in self.basis.iter().zip(&self.x).enumerate() {
            let (size, sign) = if x < -FEASIBLE && !self.is_free(id) {
                (-x, -1.0)
            } else if x > FEASIBLE && self.is_forbidden(id) {
                (x, 1.0)
            } else {
                continue;
            };
            let size = size * size / self.weight[row];
            if worst.is_none_or(|(_, most, _)| size > most) {
                worst = Some((row, size, sign));
            }
        }
        worst.map(|(row, _, sign)| (row, sign))
    }

    /// Whether the bound so far is no better than the best plan.
    fn is_cut_off(&self, best: &[i64]) -> bool {
        for (entry, &best) in best.iter().enumerate() {
            let gap = self.dual_objective(entry) - best as f64;
            if gap.abs() > 1e-6 * (1.0 + best.abs() as f64) {
                return gap > 0.0;
            }
        }
        true
    }

    /// The column whose reduced cost vector is least in relation to its coefficient in the pivot row, with that
    /// vector.
    fn entering(&mut self, rho: &[f64], sign: f64) -> Option<(u32, Vec<f64>)> {
        let mut pivot_row = std::mem::take(&mut self.pivot_row);
        pivot_row.clear();
        for (row, &rho) in self.rows.iter().zip(rho) {
            if rho.abs() > 1e-12 {
                for &(column, value) in &row.entries {
                    pivot_row.add(column, rho * value);
                }
            }
        }
        // Whoever has more entries of nothing before the first that is not has the lesser ratio, whatever follows.
        let mut most = 0;
        let mut tied: Vec<Tied> = Vec::new();
        let mut offer = |zeros: usize, tie: Tied| {
            if zeros > most {
                most = zeros;
                tied.clear();
            }
            if zeros == most {
                tied.push(tie);
            }
        };
        for (column, alpha) in pivot_row.iter() {
            let size = sign * alpha;
            if size > SMALL && self.at[column] == NOWHERE && !self.forbidden[column] {
                let (zeros, cost) = self.lead(column);
                offer(zeros, Tied { id: column as u32, size, ratio: cost / size });
            }
        }
        self.pivot_row = pivot_row;
        for (row, &rho) in rho.iter().enumerate() {
            let id = self.slack(row as u32);
            let size = sign * rho;
            if size > SMALL && self.may_enter(id) {
                let costs = (0..self.ties()).map(|entry| clean(self.reduced_cost(entry, id)));
                let lead = costs.enumerate().find(|(_, cost)| *cost != 0.0);
                let (zeros, cost) = lead.unwrap_or_else(|| (self.ties(), self.tie_of(id)));
                offer(zeros, Tied { id, size, ratio: cost / size });
            }
        }
        let mut entry = most;
        while tied.len() > 1 && entry < self.entries {
            let least = tied.iter().map(|tie| tie.ratio).fold(f64::INFINITY, f64::min);
            let bound = least + EQUAL * (1.0 + least.abs());
            tied.retain(|tie| tie.ratio <= bound);
            entry += 1;
            if entry < self.entries {
                for tie in &mut tied {
                    tie.ratio = clean(self.reduced_cost(entry, tie.id)) / tie.size;
                }
            }
        }
        let best = tied.into_iter().max_by(|a, b| a.size.total_cmp(&b.size).then(b.id.cmp(&a.id)))?;
        let costs = (0..self.entries).map(|entry| clean(self.reduced_cost(entry, best.id))).collect();
        Some((best.id, costs))
    }

    /// The first entry that is not zero in the reduced cost of a column, and that reduced cost.
    fn lead(&mut self, column: usize) -> (usize, f64) {
        let epoch = self.leads.epoch;
        let mut lead = self.leads.of[column];
        while lead.known != epoch {
            let entry = usize::from(lead.zeros);
            if entry >= self.ties() {
                (lead.known, lead.cost) = (epoch, self.tie_of(column as u32));
                break;
            }
            lead.cost = clean(self.reduced_cost(entry, column as u32));
            if lead.cost == 0.0 {
                lead.zeros += 1;
            } else {
                lead.known = epoch;
            }
        }
        self.leads.of[column] = lead;
        (usize::from(lead.zeros), lead.cost)
    }

    /// The reduced cost that tells ties apart, above zero: where it is not (a basis that is come back to may have been
    /// an optimum at other costs), it is made so. Otherwise the method would run in circles.
    fn tie_of(&mut self, id: u32) -> f64 {
        let ties = self.ties();
        let reduced = self.reduced_cost(ties, id);
        if reduced > COST_TOLERANCE {
            return reduced;
        }
        let own = scatter(id as usize).max(1.0);
        match self.row_of(id) {
            None => self.cost[ties][id as usize] += own - reduced,
            Some(row) => self.slack_tie[row] += own - reduced,
        }
        own
    }
}

/// A row in terms of the basis: most columns have nothing in it.
#[derive(Debug, Default)]
pub(super) struct PivotRow {
    /// Zero but for the columns touched.
    value: Vec<f64>,
    touched: Vec<u32>,
}

/// Stands for a sum that came to nothing, so that the column is known to be touched.
const NOTHING: f64 = 1e-300;
/// What is smaller is noise.
const NOISE: f64 = 1e-12;

impl PivotRow {
    pub(super) fn new(columns: usize) -> Self {
        Self { value: vec![0.0; columns], touched: Vec::new() }
    }

    fn clear(&mut self) {
        for &column in &self.touched {
            self.value[column as usize] = 0.0;
        }
        self.touched.clear();
    }

    fn add(&mut self, column: u32, value: f64) {
        let own = &mut self.value[column as usize];
        if *own == 0.0 {
            self.touched.push(column);
        }
        *own += value;
        if *own == 0.0 {
            *own = NOTHING;
        }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let pair = |&column: &u32| (column as usize, self.value[column as usize]);
        self.touched.iter().map(pair).filter(|(_, value)| value.abs() > NOISE)
    }
}

/// A column that may come in.
struct Tied {
    id: u32,
    /// Its coefficient in the pivot row, without sign.
    size: f64,
    /// Of its reduced cost to that, in the entry looked at.
    ratio: f64,
}

/// What is known of the reduced cost of a column.
#[derive(Debug, Clone, Copy, Default)]
struct Lead {
    /// So many entries are zero before all others.
    zeros: u8,
    /// The epoch in which the next one was found not to be zero.
    known: u32,
    /// What it is then.
    cost: f64,
}

/// The first entry that is not zero in the reduced cost of each column, as far as it is known. Most columns are asked
/// again and again, and few are changed by a pivot.
#[derive(Debug, Clone)]
pub(super) struct Leads {
    of: Vec<Lead>,
    /// Counts how often the duals have been computed anew.
    epoch: u32,
}

impl Leads {
    /// Nothing is known of any column.
    pub(super) fn new(columns: usize) -> Self {
        Self { of: vec![Lead::default(); columns], epoch: 1 }
    }

    /// Nothing is known any more.
    pub(super) fn forget(&mut self) {
        self.of.fill(Lead::default());
    }

    /// Duals have been computed anew: zeros stay zero, everything else is to be looked at again.
    pub(super) fn doubt(&mut self) {
        self.epoch += 1;
    }

    /// Reduced costs lose a multiple of the pivot row, entry by entry: nothing in entries before `first`, `step` times
    /// in that one.
    fn pivot(&mut self, row: &PivotRow, first: usize, step: f64) {
        for (column, alpha) in row.iter() {
            let lead = &mut self.of[column];
            let zeros = usize::from(lead.zeros);
            if zeros < first {
                continue;
            }
            if zeros > first {
                *lead = Lead { zeros: first as u8, known: self.epoch, cost: 0.0 };
            }
            if lead.known == self.epoch {
                lead.cost = clean(lead.cost - step * alpha);
                // What has come down to nothing, or further, is to be looked at again.
                lead.known = if lead.cost <= 0.0 { 0 } else { self.epoch };
            }
        }
    }

    /// A column leaves the basis: its reduced cost was zero, and is a multiple of the entering one's now.
    fn leaves(&mut self, id: usize, first: usize) {
        if let Some(lead) = self.of.get_mut(id) {
            *lead = Lead { zeros: first as u8, known: 0, cost: 0.0 };
        }
    }
}

fn clean(cost: f64) -> f64 {
    if cost.abs() <= COST_TOLERANCE { 0.0 } else { cost }
}
