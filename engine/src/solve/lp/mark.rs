//! An optimum to come back to: trying many ways from it must not cost an inversion each time.

use super::basis::Inverse;
use super::dual::Leads;
use super::{Lp, NOWHERE};

/// Everything that is known of a basis.
#[derive(Debug)]
pub(in crate::solve) struct Mark {
    basis: Vec<u32>,
    x: Vec<f64>,
    y: Vec<Vec<f64>>,
    inverse: Inverse,
    weight: Vec<f64>,
    leads: Leads,
    slack_tie: Vec<f64>,
}

impl Lp {
    /// Marks the optimum that a run has just ended at.
    pub(in crate::solve) fn mark(&self) -> Mark {
        Mark {
            basis: self.basis.clone(),
            x: self.x.clone(),
            y: self.y.clone(),
            inverse: self.inverse.clone(),
            weight: self.weight.clone(),
            leads: self.leads.clone(),
            slack_tie: self.slack_tie.clone(),
        }
    }

    /// Comes back to a mark. No rows may have been added since.
    pub(in crate::solve) fn rewind(&mut self, mark: &Mark) {
        for &id in &self.basis {
            self.at[id as usize] = NOWHERE;
        }
        for (row, &id) in mark.basis.iter().enumerate() {
            self.at[id as usize] = row as u32;
        }
        self.basis.clone_from(&mark.basis);
        self.x.clone_from(&mark.x);
        self.y.clone_from(&mark.y);
        self.inverse.clone_from(&mark.inverse);
        self.weight.clone_from(&mark.weight);
        self.leads.clone_from(&mark.leads);
        self.slack_tie.clone_from(&mark.slack_tie);
        self.current = true;
    }
}
