//! The primal method, entry by entry.

use super::{COST_TOLERANCE, Lp, LpStop, NOWHERE, PIVOT_TOLERANCE, REINVERT_AFTER, Work, scatter};

/// Columns kept at hand after all have been priced.
const CANDIDATES: usize = 40;

/// All are looked at for candidates in so many parts.
const WINDOWS: usize = 8;
/// But no part is smaller or larger than these.
const LEAST_WINDOW: usize = 1_000;
const LARGEST_WINDOW: usize = 20_000;

/// Pivots in an entry after which something must have been gained: the method can run in circles where numbers fail.
const PATIENCE: u64 = 2_000;
/// What counts as a gain.
const GAIN: f64 = 1e-6;

/// A tiny amount, different from row to row.
fn relaxation(row: usize) -> f64 {
    1e-7 * (1.0 + super::scatter(row) / f64::from(1_u32 << 20))
}

impl Lp {
    /// Minimises from a basis that keeps every row.
    ///
    /// An entry is minimal when no reduced cost in it is negative; from then on, only columns whose reduced cost in
    /// it is zero may come in, so the dual values of that entry stay right to the end.
    pub(in crate::solve) fn primal(&mut self, work: Work<'_>) -> Result<(), LpStop> {
        let limit = self.pivots.saturating_add(work.pivots);
        self.current = false;
        self.leads.forget();
        self.invert()?;
        self.relax();
        self.y = vec![vec![0.0; self.rows.len()]; self.entries];
        let all = self.columns.len() + self.rows.len();
        let usable = |&id: &u32| self.at[id as usize] != NOWHERE || self.may_enter(id);
        let mut alive: Vec<u32> = (0..all as u32).filter(usable).collect();
        let mut reduced = Vec::new();
        let ended =
            (0..self.ties()).try_for_each(|entry| self.stage(entry, &mut alive, &mut reduced, (limit, work)));
        self.tighten();
        ended?;
        self.settle_ties(&alive, &mut reduced);
        self.refresh()
    }

    /// Puts the right-hand sides back.
    fn tighten(&mut self) {
        for row in &mut self.rows {
            row.relaxed = 0.0;
        }
    }

    /// Moves the right-hand sides so that everything in the basis is a tiny amount above zero, each another: no step
    /// has length zero then, and ties in the ratio test do not make the method run in circles (Charnes 1952).
    fn relax(&mut self) {
        self.tighten();
        self.compute_x();
        for row in 0..self.basis.len() {
            let id = self.basis[row];
            if self.is_free(id) || self.is_forbidden(id) {
                continue;
            }
            let shift = (-self.x[row]).max(0.0) + relaxation(row);
            self.x[row] += shift;
            match self.row_of(id) {
                Some(row) => self.rows[row].relaxed += shift,
                None => {
                    for &(row, value) in self.columns.of(id as usize) {
                        self.rows[row as usize].relaxed += shift * value;
                    }
                }
            }
        }
    }

    /// Moves the costs that tell ties apart so that they speak for the basis at hand, each by another amount:
    /// optimising them would be work for nothing.
    fn settle_ties(&mut self, alive: &[u32], reduced: &mut Vec<f64>) {
        let ties = self.ties();
        self.compute_y(ties);
        self.price(ties, reduced);
        for &id in alive {
            if !self.may_enter(id) {
                continue;
            }
            let own = scatter(id as usize);
            match self.row_of(id) {
                None => self.cost[ties][id as usize] += (own - reduced[id as usize]).max(0.0),
                Some(row) => {
                    self.slack_tie[row] += (own - reduced[id as usize] - self.slack_tie[row]).max(0.0);
                }
            }
        }
    }

    fn stage(
        &mut self,
        entry: usize,
        alive: &mut Vec<u32>,
        reduced: &mut Vec<f64>,
        (limit, work): (u64, Work<'_>),
    ) -> Result<(), LpStop> {
        self.compute_y(entry);
        let (mut gained, mut patience) = (0.0, self.pivots + PATIENCE);
        let mut at = 0;
        loop {
            let mut list = self.candidates(entry, alive, &mut at);
            if list.is_empty() {
                break;
            }
            while let Some((entering, cost)) = self.best_of(entry, &mut list) {
                if self.is_over(limit, work) {
                    return Err(LpStop::Work);
                }
                gained -= cost * self.step(entry, entering, cost)?;
                if gained > GAIN {
                    (gained, patience) = (0.0, self.pivots + PATIENCE);
                } else if self.pivots > patience {
                    return Err(LpStop::Numerics);
                }
                if self.inverse.updates() >= REINVERT_AFTER {
                    self.invert()?;
                    self.compute_x();
                    self.compute_y(entry);
                }
            }
        }
        self.price(entry, reduced);
        let stays = |id: u32| self.at[id as usize] != NOWHERE || reduced[id as usize] <= COST_TOLERANCE;
        alive.retain(|&id| stays(id));
        Ok(())
    }

    /// Some that would improve, the best of a part of all; `at` is where the next part begins. None only where nothing
    /// would improve.
    fn candidates(&self, entry: usize, alive: &[u32], at: &mut usize) -> Vec<u32> {
        let window = (alive.len() / WINDOWS).clamp(LEAST_WINDOW, LARGEST_WINDOW);
        let mut found: Vec<(f64, u32)> = Vec::new();
        let mut seen = 0;
        while seen < alive.len() && found.len() < CANDIDATES {
            *at = if *at >= alive.len() { 0 } else { *at };
            let part = &alive[*at..alive.len().min(*at + window)];
            for &id in part.iter().filter(|&&id| self.may_enter(id)) {
                let cost = self.reduced_cost(entry, id);
                if cost < -COST_TOLERANCE {
                    found.push((cost, id));
                }
            }
            seen += part.len();
            *at += part.len();
        }
        let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if found.len() > CANDIDATES {
            found.select_nth_unstable_by(CANDIDATES, order);
            found.truncate(CANDIDATES);
        }
        found.sort_unstable_by(order);
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// The reduced cost of every column and slack in an entry.
    fn price(&self, entry: usize, reduced: &mut Vec<f64>) {
        reduced.clear();
        reduced.extend_from_slice(&self.cost[entry]);
        let y = &self.y[entry];
        for (row, &y) in self.rows.iter().zip(y) {
            if y != 0.0 {
                for &(column, value) in &row.entries {
                    reduced[column as usize] -= y * value;
                }
            }
        }
        reduced.extend(y.iter().map(|y| -y));
    }

    /// The candidate with the least reduced cost; those that would not improve are dropped.
    fn best_of(&self, entry: usize, list: &mut Vec<u32>) -> Option<(u32, f64)> {
        let mut best: Option<(u32, f64)> = None;
        list.retain(|&id| {
            if self.at[id as usize] != NOWHERE {
                return false;
            }
            let cost = self.reduced_cost(entry, id);
            if cost >= -COST_TOLERANCE {
                return false;
            }
            if best.is_none_or(|(_, least)| cost < least) {
                best = Some((id, cost));
            }
            true
        });
        best
    }

    /// Brings a column in; says how far.
    fn step(&mut self, entry: usize, entering: u32, cost: f64) -> Result<f64, LpStop> {
        let alpha = self.transformed(entering);
        let mut leaving: Option<(usize, f64)> = None;
        for (row, &step) in alpha.iter().enumerate() {
            let id = self.basis[row];
            // What is forbidden may not grow; what is switched off bounds nothing.
            let ratio = if step > PIVOT_TOLERANCE && !self.is_free(id) {
                self.x[row].max(0.0) / step
            } else if step < -PIVOT_TOLERANCE && self.is_forbidden(id) {
                0.0
            } else {
                continue;
            };
            let better = leaving.is_none_or(|(best, least)| {
                ratio < least - 1e-12 || (ratio < least + 1e-12 && step.abs() > alpha[best].abs())
            });
            if better {
                leaving = Some((row, ratio));
            }
        }
        // Every column is bounded by the row of its job: no leaving row means lost precision.
        let (row, length) = leaving.ok_or(LpStop::Numerics)?;
        self.x[row] = self.x[row].max(0.0);
        let rho = self.inverse_row(row);
        let scale = cost / alpha[row];
        for (y, &rho) in self.y[entry].iter_mut().zip(&rho) {
            *y += scale * rho;
        }
        self.exchange(row, entering, &alpha);
        self.spare.extend([alpha, rho]);
        Ok(length)
    }
}
