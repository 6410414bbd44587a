//! The offers of the requests that are looked at, found when they are first asked for: of most requests only those
//! that could suit them better are ever wanted.

use std::sync::{Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;

use super::Explainer;
use crate::candidates::{Context, Offer, Shares};
use crate::objective::{cost_of, least_on};
use crate::prepare::{Link, PlannedIdx, Prepared};
use crate::solve::{Placed, offers_of};

/// Offers by request.
pub(super) struct Offers {
    each: Vec<OnceLock<Vec<Offer>>>,
    /// What they are found with; without it, nothing more can be found.
    shares: Option<Mutex<Shares>>,
}

impl std::fmt::Debug for Offers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Offers").field("each", &self.each).finish_non_exhaustive()
    }
}

impl Offers {
    /// Those of every request.
    pub fn new(context: &Context<'_>, prepared: &Prepared) -> Self {
        let each = prepared.requests.iter().map(|_| OnceLock::new()).collect();
        Self { each, shares: Some(Mutex::new(Shares::new(context))) }
    }

    /// Those of some requests; the others seem to have none.
    pub fn of_some(count: usize, known: impl Iterator<Item = (PlannedIdx, Vec<Offer>)>) -> Self {
        let mut each: Vec<OnceLock<Vec<Offer>>> = (0..count).map(|_| OnceLock::new()).collect();
        for (index, offers) in known {
            each[index.index()] = OnceLock::from(offers);
        }
        Self { each, shares: None }
    }

    /// All of one request, ascending by session.
    pub fn of(&self, context: &Context<'_>, prepared: &Prepared, index: PlannedIdx) -> &[Offer] {
        self.each[index.index()].get_or_init(|| self.find(context, prepared, index, context.last_date))
    }

    /// Finds those up to a date; of a row in another form as well, for what requests share does not depend on it.
    pub fn find(
        &self,
        context: &Context<'_>,
        prepared: &Prepared,
        index: PlannedIdx,
        last: NaiveDate,
    ) -> Vec<Offer> {
        let planned = &prepared.requests[index.index()];
        let Some(shares) = &self.shares else { return Vec::new() };
        if planned.barred.is_some() || matches!(planned.link, Link::Booked { .. }) {
            return offers_of(context, planned);
        }
        shares.lock().unwrap_or_else(PoisonError::into_inner).offers(context, planned, last)
    }
}

impl Explainer<'_, '_> {
    /// All offers of a request, ascending by session.
    pub(super) fn offers_of(&self, index: PlannedIdx) -> &[Offer] {
        self.offers.of(self.context, self.prepared, index)
    }

    /// The offers of a placed request, with all that are earlier than its own or could suit it better: after some day
    /// waiting alone is worse than where it is.
    pub(super) fn offers_that_matter(&self, index: PlannedIdx, placed: &Placed) -> Vec<Offer> {
        let planned = &self.prepared.requests[index.index()];
        let present = cost_of(self.context, planned, &placed.offer);
        let better = |day: &u32| least_on(self.context, planned, *day) < present;
        let later = placed.offer.day + 1..self.context.case.policy.horizon_days;
        let last = later.take_while(better).last().unwrap_or(placed.offer.day);
        self.offers.find(self.context, self.prepared, index, self.date_of(last))
    }
}
