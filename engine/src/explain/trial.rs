//! Trying a change: is the request placed then?
//!
//! The area is planned again with the change made, by the same solver in the same way as the whole would be, and the
//! answer counts only where the new plan is proven. Trials are made one after the other and draw on one budget of
//! pivots, so that what is found depends neither on a clock nor on threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::change::Change;
use super::search::Hurry;
use crate::candidates::Context;
use crate::model::Case;
use crate::prepare::prepare;
use crate::solve::{Effort, solve};

/// Day on which each request is placed in a proven plan, by id.
pub(super) type Days = BTreeMap<String, u32>;

/// What came of a trial; none where the new plan could not be proven within the budget.
type Outcome = Option<Arc<Days>>;

/// What has been tried, and what there is left to spend.
#[derive(Debug)]
pub(super) struct Trials {
    known: Mutex<BTreeMap<(usize, Change), Outcome>>,
    pivots: AtomicU64,
    least: Least,
}

/// What must be left for a trial to be begun: one that is cut short has cost the building of a whole area, and says
/// nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Least {
    /// What the plan itself took; nothing where that is not known.
    pub pivots: u64,
    /// For how many requests.
    pub requests: u64,
}

/// Pivots that an ordinary area takes for each of its requests, and then some.
const PIVOTS_A_REQUEST: u64 = 4;

impl Least {
    /// For an area of so many requests: half of what the plan took for as many, and no more than is ordinary.
    fn of(self, requests: u64) -> u64 {
        let as_the_plan = self.pivots.saturating_mul(requests) / (2 * self.requests.max(1));
        as_the_plan.min(PIVOTS_A_REQUEST * requests)
    }
}

impl Trials {
    /// Trials that may take so many pivots together.
    pub fn new(pivots: u64, least: Least) -> Self {
        Self { known: Mutex::new(BTreeMap::new()), pivots: AtomicU64::new(pivots), least }
    }

    /// What came of this where it has been tried before.
    pub fn known(&self, area: usize, change: &Change) -> Option<Outcome> {
        self.all().get(&(area, change.clone())).cloned()
    }

    /// Whether enough is left to plan an area of so many requests.
    pub fn may_plan(&self, requests: impl FnOnce() -> u64) -> bool {
        let left = self.pivots.load(Ordering::Relaxed);
        left > 0 && left >= self.least.of(requests())
    }

    /// The changes that placed a request in some trial.
    pub fn that_place(&self, area: usize, request_id: &str) -> Vec<Change> {
        let placed = |((number, change), days): (&(usize, Change), &Outcome)| {
            let placed = days.as_ref().is_some_and(|days| days.contains_key(request_id));
            (*number == area && placed).then(|| change.clone())
        };
        self.all().iter().filter_map(placed).collect()
    }

    /// Plans the area again with a change that has not been tried yet.
    pub fn plan(&self, number: usize, area: &Case, change: &Change, hurry: Hurry<'_>) -> Outcome {
        let found = self.plan_anew(&change.apply(area), hurry).map(Arc::new);
        self.all().insert((number, change.clone()), found.clone());
        found
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<(usize, Change), Outcome>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn plan_anew(&self, case: &Case, hurry: Hurry<'_>) -> Option<Days> {
        let left = self.pivots.load(Ordering::Relaxed);
        if left == 0 {
            return None;
        }
        let prepared = prepare(case);
        let context = Context::new(case);
        let solution = solve(&context, &prepared, Effort { pivots: left, stop: hurry });
        // Reading the case anew is work as well.
        let spent = solution.pivots + prepared.requests.len() as u64;
        self.pivots.store(left.saturating_sub(spent), Ordering::Relaxed);
        let days = prepared.requests.iter().zip(&solution.placed).filter_map(|(planned, placed)| {
            Some((context.request(planned).request_id.clone(), placed.as_ref()?.offer.day))
        });
        solution.is_optimal().then(|| days.collect())
    }
}
