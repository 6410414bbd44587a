//! Why a request is where it is.

use crate::candidates::Context;
use crate::objective::days_late;
use crate::prepare::{PlannedIdx, Prepared};
use crate::solve::Solution;

/// Explains a plan.
pub struct Explainer<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    solution: &'a Solution,
}

impl<'a, 'c> Explainer<'a, 'c> {
    /// For this plan.
    pub fn new(context: &'a Context<'c>, prepared: &'a Prepared, solution: &'a Solution) -> Self {
        Self { context, prepared, solution }
    }

    /// Why a placed request is where it is.
    pub fn place_reason(&self, index: PlannedIdx) -> String {
        let planned = &self.prepared.requests[index.index()];
        let Some(placed) = &self.solution.placed[index.index()] else { return String::new() };
        match days_late(self.context, planned, i64::from(placed.offer.day)) {
            0 => format!("in time: the target is {}", planned.target),
            days => format!("{days} days after the target of {}", planned.target),
        }
    }

    /// Why a request has no place.
    pub fn unplaced_reason(&self, _: PlannedIdx) -> (&'static str, String) {
        ("held", "every suitable slot is held by others".to_owned())
    }

    /// What would place it.
    pub fn smallest_change(&self, _: PlannedIdx) -> String {
        String::new()
    }
}
