//! Why a request is where it is, what holds the better places, and what would change that.
//!
//! Everything said here is looked up in the plan, not guessed: `ledger` knows who is where and what is left of
//! every limit, `ways` lists every way to place a request, and `hold` names what is in the way of each. What would
//! change the answer is found by trying: `change` makes a change, `trial` sees whether it places the request (in its
//! `area`), and `search` tries the smallest first, out of `wishes` and `room`.

mod area;
mod change;
mod hold;
mod ledger;
mod near;
mod pattern;
mod phrase;
mod reason;
mod room;
mod rows;
mod search;
mod trial;
mod unplaced;
mod ways;
mod wishes;
mod words;

use std::borrow::Cow;
use std::sync::OnceLock;

use chrono::{Days, NaiveDate};

use crate::candidates::{Context, Offer};
use crate::error::Result;
use crate::model::PlanFiles;
use crate::objective::Layout;
use crate::prepare::{Planned, PlannedIdx, Prepared};
use crate::solve::{Placed, Solution, VisitWay, all_offers, combinations, offers_of};
use crate::units::SiteIdx;

pub use change::Change;

use area::Area;
use hold::Holds;
use ledger::Ledger;
use trial::Trials;

/// Explains a plan.
#[derive(Debug)]
pub struct Explainer<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    placed: Cow<'a, [Option<Placed>]>,
    /// Whether the plan is proven to be the best.
    proven: bool,
    layout: Layout,
    offers: Vec<Vec<Offer>>,
    ledger: Ledger<'c>,
    visit_ways: Vec<OnceLock<Vec<VisitWay>>>,
    /// Number of the area of each site, which is its first site.
    area_of: OnceLock<Vec<usize>>,
    /// Areas by number, cut out when they are first asked for.
    areas: Vec<OnceLock<Area>>,
    trials: Trials,
}

/// How much of a plan is to be explained.
#[derive(Debug, Clone, Copy)]
struct Scope {
    /// Only this request and its companions; all where none is named.
    of: Option<PlannedIdx>,
    /// Whether the plan is proven to be the best.
    proven: bool,
}

impl<'a, 'c> Explainer<'a, 'c> {
    /// For a plan just made.
    pub fn new(context: &'a Context<'c>, prepared: &'a Prepared, solution: &'a Solution) -> Self {
        let scope = Scope { of: None, proven: solution.is_optimal() };
        Self::assemble(context, prepared, Cow::Borrowed(&solution.placed), &scope)
    }

    /// For a plan read back from its files.
    ///
    /// # Errors
    /// [`Error::Argument`](crate::Error::Argument) names the rows that do not fit the case, and why.
    pub fn of_files(context: &'a Context<'c>, prepared: &'a Prepared, files: &PlanFiles) -> Result<Self> {
        let offers = all_offers(context, prepared);
        let placed = rows::places(context, prepared, &offers, &files.plan)?;
        let scope = Scope { of: None, proven: files.summary.status == "optimal" };
        Ok(Self::assemble(context, prepared, Cow::Owned(placed), &scope))
    }

    fn assemble(
        context: &'a Context<'c>,
        prepared: &'a Prepared,
        placed: Cow<'a, [Option<Placed>]>,
        scope: &Scope,
    ) -> Self {
        let offers = match scope.of {
            None => all_offers(context, prepared),
            Some(only) => {
                let visit = prepared.requests[only.index()].visit;
                let of = |(index, planned): (PlannedIdx, &Planned)| {
                    let wanted = index == only || (visit.is_some() && visit == planned.visit);
                    if wanted { offers_of(context, planned) } else { Vec::new() }
                };
                prepared.iter().map(of).collect()
            }
        };
        Self {
            ledger: Ledger::new(context, prepared, &placed),
            context,
            prepared,
            placed,
            proven: scope.proven,
            layout: Layout::new(prepared),
            offers,
            visit_ways: prepared.visits.iter().map(|_| OnceLock::new()).collect(),
            area_of: OnceLock::new(),
            areas: context.case.sites.iter().map(|_| OnceLock::new()).collect(),
            trials: Trials::new(),
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

    /// Every arrangement of a visit, found once.
    fn visit_ways(&self, visit: usize) -> &[VisitWay] {
        self.visit_ways[visit].get_or_init(|| {
            combinations(self.context, self.prepared, &self.prepared.visits[visit], &self.offers)
        })
    }

    /// Number of the area of a site.
    fn area_of(&self, site: SiteIdx) -> usize {
        self.area_of.get_or_init(|| area::areas(self.context, self.prepared))[site.index()]
    }

    /// The area of a request, with its number.
    fn area(&self, index: PlannedIdx) -> (usize, &Area) {
        let number = self.area_of(self.prepared.requests[index.index()].site);
        let inside = |site: SiteIdx| self.area_of(site) == number;
        let cut = || area::cut(self.context, self.prepared, &self.placed, inside);
        (number, self.areas[number].get_or_init(cut))
    }
}
