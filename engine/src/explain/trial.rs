//! Trying a change: is the request placed then?
//!
//! A change of what the request itself asks for needs no new plan where the plan there is is proven and leaves room
//! for it. Let P be a best plan and r a request without a place (with its visit). The change gives other requests no
//! candidate and takes none away, and no plan without r becomes possible or impossible by it; all of them cost more
//! or less by the same amount, that of r left out. So P is still best among the plans without r. If P has room for
//! r, P with r in it costs less than P, hence less than any plan without r: every best plan places r.
//! Everything else is tried by planning the area again, and counts only where the new plan is proven.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveDateTime, TimeDelta};

use super::area::Area;
use super::change::Change;
use super::hold::Kind;
use super::{Explainer, Scope};
use crate::candidates::Context;
use crate::model::Case;
use crate::prepare::{PlannedIdx, Prepared, prepare};
use crate::solve::{Effort, solve};

/// Simplex pivots that all new plans of one explainer may take together: the budget, in work and not in seconds.
const PIVOTS: u64 = 10_000;

/// Day on which each request is placed in a proven plan, by id.
pub(super) type Days = BTreeMap<String, u32>;

/// What has been tried, and what there is left to spend.
#[derive(Debug)]
pub(super) struct Trials {
    known: Mutex<BTreeMap<(usize, Change), Option<Arc<Days>>>>,
    pivots: AtomicU64,
}

impl Trials {
    pub fn new() -> Self {
        Self { known: Mutex::new(BTreeMap::new()), pivots: AtomicU64::new(PIVOTS) }
    }

    /// Whether this has been tried before, so that trying it again costs nothing.
    pub fn is_known(&self, area: usize, change: &Change) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains_key(&(area, change.clone()))
    }

    /// Plans the area again with a change: none where the new plan could not be proven within the budget.
    pub fn plan(&self, number: usize, area: &Area, change: &Change) -> Option<Arc<Days>> {
        let key = (number, change.clone());
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let found = self.plan_anew(&change.apply(&area.case)).map(Arc::new);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.clone());
        found
    }

    fn plan_anew(&self, case: &Case) -> Option<Days> {
        let left = self.pivots.load(Ordering::Relaxed);
        if left == 0 {
            return None;
        }
        let prepared = prepare(case);
        let context = Context::new(case);
        let solution = solve(&context, &prepared, Effort { pivots: left, stop: &|| false });
        self.pivots.store(left.saturating_sub(solution.pivots), Ordering::Relaxed);
        let days = prepared.requests.iter().zip(&solution.placed).filter_map(|(planned, placed)| {
            Some((context.request(planned).request_id.clone(), placed.as_ref()?.offer.day))
        });
        solution.is_optimal().then(|| days.collect())
    }
}

/// A way to place a request in a changed case that would be better than where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Open {
    /// How hard it would be to get: 0 = the plan leaves it free, 1 = less urgent requests are in it.
    ease: u8,
    /// Days from the plan's start.
    pub day: u32,
    /// What it adds to the objective, with its companions.
    cost: Vec<i64>,
    /// Start of the appointment of the request asked about.
    pub start: NaiveDateTime,
    /// Its end.
    pub end: NaiveDateTime,
}

impl Open {
    /// Whether the plan leaves it free.
    pub fn is_free(&self) -> bool {
        self.ease == 0
    }
}

/// The ways to place a request in a changed case that would be better than where it is: free ones first, then by day.
pub(super) fn ways_after(area: &Area, changed: &Case, request_id: &str) -> Vec<Open> {
    let prepared = prepare(changed);
    let context = Context::new(changed);
    let Some(index) = find(&context, &prepared, request_id) else { return Vec::new() };
    if prepared.requests.len() != area.placed.len() {
        return Vec::new();
    }
    let scope = Scope { of: Some(index), proven: true };
    let explainer = Explainer::assemble(&context, &prepared, Cow::Borrowed(&area.placed), &scope);
    let present = explainer.present_cost(index);
    let mut found = Vec::new();
    explainer.each_way(index, |way| {
        let Some(own) = way.moves.iter().find(|one| one.who == index) else { return };
        if way.cost < present.as_slice() {
            let start = changed.slots[own.run.first.index()].start;
            let end = start + TimeDelta::minutes(i64::from(own.offer.needed));
            let ease = match explainer.kind_of(index, &way) {
                Kind::Free => 0,
                Kind::LessUrgent => 1,
                _ => 2,
            };
            found.push(Open { ease, day: way.day, cost: way.cost.to_vec(), start, end });
        }
    });
    found.sort_unstable();
    found
}

/// The planned request with this id.
pub(super) fn find(context: &Context<'_>, prepared: &Prepared, request_id: &str) -> Option<PlannedIdx> {
    let id = |planned: &crate::prepare::Planned| context.request(planned).request_id.as_str();
    let at = prepared.requests.binary_search_by(|planned| id(planned).cmp(request_id)).ok()?;
    Some(PlannedIdx(at as u32))
}
