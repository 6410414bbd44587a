//! What is said of every request of a plan: area by area, side by side, and nothing kept but the words.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::Explainer;
use super::search::Hurry;
use super::trial::{Least, Trials};
use crate::candidates::Context;
use crate::prepare::{PlannedIdx, Prepared};
use crate::solve::{Limits, Placed, Solution, area_of, requests_of};

/// Simplex pivots that trials may take where the plan itself took fewer.
const LEAST_PIVOTS: u64 = 2_000;
/// Simplex pivots that trials may take where the plan itself took more: what is found by hand has to do then.
const MOST_PIVOTS: u64 = 20_000;

/// What is said of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Why it is where it is.
    Placed(String),
    /// Why it has no place.
    Unplaced {
        /// The reason's code.
        code: &'static str,
        /// The same in words.
        reason: String,
        /// The smallest change that would place it, or why none is named; none where it was not looked for.
        change: Option<String>,
    },
}

/// Pivots of all trials together: new plans, most of whose time goes before their first pivot, so that together they
/// may take about as long as the plan itself.
pub(super) fn budget(solution: &Solution) -> u64 {
    if solution.is_optimal() { (solution.pivots / 4).clamp(LEAST_PIVOTS, MOST_PIVOTS) } else { 0 }
}

/// What must be left for a trial to be begun.
pub(super) fn least(solution: &Solution) -> Least {
    Least { pivots: solution.pivots, requests: solution.placed.len() as u64 }
}

/// What is said of every planned request.
pub fn tell_all(
    context: &Context<'_>,
    prepared: &Prepared,
    solution: &Solution,
    hurry: Hurry<'_>,
) -> Vec<Told> {
    let limits = Arc::new(Limits::new(context));
    let area_of: Arc<[usize]> = area_of(context, prepared).into();
    let areas = requests_of(prepared, &area_of);
    let proven = solution.is_optimal();
    let without =
        |area: &[PlannedIdx]| area.iter().filter(|of| solution.placed[of.index()].is_none()).count() as u64;
    let all: u64 = areas.iter().map(|area| without(area)).sum();
    let tell = |area: &Vec<PlannedIdx>| {
        let own = prepared.area(area);
        let placed: Vec<Option<Placed>> =
            area.iter().map(|index| solution.placed[index.index()].clone()).collect();
        let share = budget(solution) * without(area) / all.max(1);
        let trials = (proven, Trials::new(share, least(solution)));
        let mut explainer = Explainer::of_area(context, &own, &placed, Arc::clone(&limits), trials);
        explainer.area_of = OnceLock::from(Arc::clone(&area_of));
        explainer.tell(hurry)
    };
    let told: Vec<Vec<Told>> = areas.par_iter().map(tell).collect();
    let mut by_request: Vec<(PlannedIdx, Told)> =
        areas.into_iter().flatten().zip(told.into_iter().flatten()).collect();
    by_request.sort_by_key(|(index, _)| *index);
    by_request.into_iter().map(|(_, told)| told).collect()
}

impl Explainer<'_, '_> {
    /// What is said of each request; those without a place in the order of their rank and target.
    fn tell(&self, hurry: Hurry<'_>) -> Vec<Told> {
        let is_placed = |index: &PlannedIdx| self.placed[index.index()].is_some();
        let mut left: Vec<PlannedIdx> =
            self.prepared.iter().map(|(index, _)| index).filter(|index| !is_placed(index)).collect();
        left.sort_by_key(|&index| self.prepared.requests[index.index()].standing_order(index));
        let mut changes = vec![None; self.placed.len()];
        for (index, change) in left.iter().zip(self.smallest_changes(&left, hurry)) {
            changes[index.index()] = change.map(|change| change.text);
        }
        let tell = |(index, change): (PlannedIdx, Option<String>)| {
            if is_placed(&index) {
                return Told::Placed(self.place_reason(index));
            }
            let (code, reason) = self.unplaced_reason(index);
            Told::Unplaced { code, reason, change }
        };
        self.prepared.iter().map(|(index, _)| index).zip(changes).map(tell).collect()
    }
}
