//! Why a request is where it is, what holds the better places, and what would change that.
//!
//! Everything said here is looked up in the plan, not guessed: `ledger` knows who is where and what is left of
//! every limit, `ways` lists every way to place a request, and `hold` names what is in the way of each. What would
//! change the answer is found by trying, out of `wishes` and `room`, in the order of `search`: `changed` looks at the
//! plan with a wish changed, `repair` proves by hand that the request has a place then, and where that is not
//! possible `trial` plans its `area` again with the `change` made.

mod answer;
mod area;
mod change;
mod changed;
mod dates;
mod glance;
mod hold;
mod ledger;
mod near;
mod offers;
mod pattern;
mod phrase;
mod reason;
mod repair;
mod room;
mod rows;
mod search;
mod told;
mod trial;
mod unplaced;
mod ways;
mod wishes;
pub(crate) mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;

use crate::candidates::Context;
use crate::error::Result;
use crate::model::{Case, PlanFiles};
use crate::objective::Layout;
use crate::prepare::{PlannedIdx, Prepared};
use crate::solve::{Limits, Placed, Solution, VisitWay, area_of, combinations};
use crate::units::SiteIdx;

pub use answer::{Answer, ChangeAnswer, PlaceAnswer};
pub use change::Change;
pub use dates::{DateAnswer, HoldAnswer, LimitAnswer};
pub(crate) use hold::Holds;
pub(crate) use ledger::Ledger;
#[cfg(feature = "desk")]
pub(crate) use ledger::Seat;
pub(crate) use rows::{places, with_run};
pub use search::Smallest;
pub use told::{Told, tell_all};
#[cfg(feature = "desk")]
pub(crate) use ways::Move;

use offers::Offers;
use trial::{Least, Trials};

/// Simplex pivots that trials may take where one request is asked about.
const ASKED_PIVOTS: u64 = 5_000;

/// Explains a plan.
#[derive(Debug)]
pub struct Explainer<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    placed: Cow<'a, [Option<Placed>]>,
    /// Whether the plan is proven to be the best.
    proven: bool,
    layout: Layout,
    offers: Offers,
    ledger: Arc<Ledger<'c>>,
    visit_ways: Vec<OnceLock<Vec<VisitWay>>>,
    /// Number of the area of each site, which is its first site.
    area_of: OnceLock<Arc<[usize]>>,
    /// Areas by number, cut out when one is first planned again: that is a walk through the whole case.
    areas: Mutex<BTreeMap<usize, Arc<Case>>>,
    trials: Trials,
    /// Copies of what is prepared, used again for one look after the other.
    spare: Mutex<Vec<Prepared>>,
}

impl<'a, 'c> Explainer<'a, 'c> {
    /// For a plan just made.
    pub fn new(context: &'a Context<'c>, prepared: &'a Prepared, solution: &'a Solution) -> Self {
        let limits = Arc::new(Limits::new(context));
        let trials = Trials::new(told::budget(solution), told::least(solution));
        let proven = solution.is_optimal();
        Self::of_area(context, prepared, &solution.placed, limits, (proven, trials))
    }

    /// For some requests that have nothing to do with the others.
    fn of_area(
        context: &'a Context<'c>,
        prepared: &'a Prepared,
        placed: &'a [Option<Placed>],
        limits: Arc<Limits>,
        (proven, trials): (bool, Trials),
    ) -> Self {
        let offers = Offers::new(context, prepared);
        Self::assemble(context, prepared, Cow::Borrowed(placed), offers, limits, (proven, trials))
    }

    /// For a plan read back from its files.
    ///
    /// # Errors
    /// [`Error::Argument`](crate::Error::Argument) names the rows that do not fit the case, and why.
    pub fn of_files(context: &'a Context<'c>, prepared: &'a Prepared, files: &PlanFiles) -> Result<Self> {
        let offers = Offers::new(context, prepared);
        let offer_with = |index, session, run| with_run(offers.of(context, prepared, index), session, run);
        let placed = places(context, prepared, offer_with, &files.plan)?;
        let proven = files.summary.status == "optimal";
        let budget = if proven { ASKED_PIVOTS } else { 0 };
        let limits = Arc::new(Limits::new(context));
        let trials = (proven, Trials::new(budget, Least::default()));
        Ok(Self::assemble(context, prepared, Cow::Owned(placed), offers, limits, trials))
    }

    fn assemble(
        context: &'a Context<'c>,
        prepared: &'a Prepared,
        placed: Cow<'a, [Option<Placed>]>,
        offers: Offers,
        limits: Arc<Limits>,
        (proven, trials): (bool, Trials),
    ) -> Self {
        Self {
            ledger: Arc::new(Ledger::new(context, prepared, &placed, limits)),
            context,
            prepared,
            placed,
            proven,
            layout: Layout::new(prepared),
            offers,
            visit_ways: prepared.visits.iter().map(|_| OnceLock::new()).collect(),
            area_of: OnceLock::new(),
            areas: Mutex::default(),
            trials,
            spare: Mutex::default(),
        }
    }

    fn holds(&self) -> Holds<'_, 'c> {
        Holds { context: self.context, prepared: self.prepared, layout: self.layout, ledger: &self.ledger }
    }

    fn id(&self, index: PlannedIdx) -> &'c str {
        &self.context.request(&self.prepared.requests[index.index()]).request_id
    }

    /// The planned request with this id.
    fn find(&self, request_id: &str) -> Option<PlannedIdx> {
        let at = self
            .prepared
            .requests
            .binary_search_by(|planned| self.context.request(planned).request_id.as_str().cmp(request_id))
            .ok()?;
        Some(PlannedIdx(at as u32))
    }

    fn date_of(&self, day: u32) -> NaiveDate {
        self.context.case.policy.date_of(day)
    }

    /// Every arrangement of a visit, found once.
    fn visit_ways(&self, visit: usize) -> &[VisitWay] {
        self.visit_ways[visit].get_or_init(|| {
            let members = &self.prepared.visits[visit];
            let mut offers = vec![Vec::new(); self.prepared.requests.len()];
            for &member in members {
                offers[member.index()] = self.offers_of(member).to_vec();
            }
            combinations(self.context, self.prepared, members, &offers)
        })
    }

    /// Number of the area of a site.
    fn area_of(&self, site: SiteIdx) -> usize {
        self.area_of.get_or_init(|| area_of(self.context, self.prepared).into())[site.index()]
    }

    /// Number of the area of a request.
    fn area_with(&self, index: PlannedIdx) -> usize {
        self.area_of(self.prepared.requests[index.index()].site)
    }

    /// How many requests are planned in an area.
    fn requests_in(&self, area: usize) -> u64 {
        self.prepared.requests.iter().filter(|planned| self.area_of(planned.site) == area).count() as u64
    }

    /// The part of the case that is an area.
    fn area(&self, number: usize) -> Arc<Case> {
        let inside = |site: SiteIdx| self.area_of(site) == number;
        let mut areas = self.areas.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(areas.entry(number).or_insert_with(|| Arc::new(area::cut(self.context.case, inside))))
    }
}
