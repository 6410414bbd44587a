//! The dual method: from an optimum, after rows are added, switched on, or columns forbidden.
//!
//! All reduced cost vectors are lexicographically not negative, and stay so: the ratio test compares vectors, entry
//! by entry among those that are equal so far (Isermann 1982).

use super::{COST_TOLERANCE, Lp, LpStop, NOWHERE, REINVERT_AFTER, Work};

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
        let mut alpha = vec![0.0; self.columns.len()];
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
            let Some((entering, costs)) = self.entering(&rho, sign, &mut alpha) else {
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
            // Reduced costs of entries before the first that the entering column has stay as they are.
            let first = costs.iter().position(|cost| *cost != 0.0).unwrap_or(self.entries) as u8;
            for (zeros, alpha) in self.zeros.iter_mut().zip(&alpha) {
                if *alpha != 0.0 {
                    *zeros = (*zeros).min(first);
                }
            }
            for (y, cost) in self.y.iter_mut().zip(costs) {
                if cost != 0.0 {
                    let scale = cost / expected;
                    for (y, &rho) in y.iter_mut().zip(&rho) {
                        *y += scale * rho;
                    }
                }
            }
            if let Some(zeros) = self.zeros.get_mut(self.basis[leaving] as usize) {
                *zeros = 0;
            }
            self.exchange(leaving, entering, &transformed);
            if self.inverse.updates() >= REINVERT_AFTER {
                self.refresh()?;
            }
        }
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
    fn entering(&mut self, rho: &[f64], sign: f64, alpha: &mut [f64]) -> Option<(u32, Vec<f64>)> {
        alpha.fill(0.0);
        for (row, &rho) in self.rows.iter().zip(rho) {
            if rho.abs() > 1e-12 {
                for &(column, value) in &row.entries {
                    alpha[column as usize] += rho * value;
                }
            }
        }
        let mut tied: Vec<(u32, f64)> = Vec::new();
        for (column, alpha) in alpha.iter().enumerate() {
            let size = sign * alpha;
            if size > SMALL && self.at[column] == NOWHERE && !self.forbidden[column] {
                tied.push((column as u32, size));
            }
        }
        for (row, &rho) in rho.iter().enumerate() {
            let id = self.slack(row as u32);
            if sign * rho > SMALL && self.may_enter(id) {
                tied.push((id, sign * rho));
            }
        }
        let mut ratios: Vec<f64> = Vec::new();
        for entry in 0..self.entries {
            if tied.len() <= 1 {
                break;
            }
            ratios.clear();
            let mut least = f64::INFINITY;
            for &(id, size) in &tied {
                let cost = self.entry_cost(entry, id);
                let ratio = if cost == 0.0 { 0.0 } else { cost / size };
                least = least.min(ratio);
                ratios.push(ratio);
            }
            let bound = least + EQUAL * (1.0 + least.abs());
            let mut at = 0;
            tied.retain(|_| {
                at += 1;
                ratios[at - 1] <= bound
            });
        }
        let best = tied.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let costs = (0..self.entries).map(|entry| clean(self.reduced_cost(entry, best.0))).collect();
        Some((best.0, costs))
    }

    /// The reduced cost of a column or slack in an entry, noise taken away. How many entries are zero before the
    /// first that is not is remembered: most columns are asked again and again.
    fn entry_cost(&mut self, entry: usize, id: u32) -> f64 {
        let column = id as usize;
        if self.zeros.get(column).is_some_and(|&zeros| entry < zeros as usize) {
            return 0.0;
        }
        let cost = clean(self.reduced_cost(entry, id));
        if cost == 0.0
            && let Some(zeros) = self.zeros.get_mut(column)
            && *zeros as usize == entry
        {
            *zeros += 1;
        }
        cost
    }
}

fn clean(cost: f64) -> f64 {
    if cost.abs() <= COST_TOLERANCE { 0.0 } else { cost }
}
