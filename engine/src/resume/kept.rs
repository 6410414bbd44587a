//! What is kept of a case and its plan.

use crate::candidates::{Context, Offer};
use crate::error::{Error, Result};
use crate::explain::{places, with_run};
use crate::model::{Case, PlanFiles, PlanRow};
use crate::objective::Layout;
use crate::prepare::{Planned, PlannedIdx, Prepared, prepare};
use crate::solve::{AtHand, Entry, Limits, Placed, all_offers};

/// A case and its plan, ready to be asked.
#[derive(Debug)]
pub struct Kept<'a> {
    pub(super) case: &'a Case,
    pub(super) context: Context<'a>,
    pub(super) prepared: Prepared,
    pub(super) limits: Limits,
    /// By planned request.
    pub(super) placed: Vec<Option<Placed>>,
    /// The certificate, in the order of the layout.
    pub(super) entries: Vec<Entry>,
    /// The same case with this plan as the one before.
    pub(super) later: Later,
}

/// A case with the plan at hand as the one before.
#[derive(Debug)]
pub(super) struct Later {
    pub case: Case,
    pub prepared: Prepared,
    /// Of each planned request.
    pub offers: Vec<Vec<Offer>>,
    /// By planned request.
    pub placed: Vec<Option<Placed>>,
}

impl<'a> Kept<'a> {
    /// Keeps a plan: one just made, or read back from its files.
    ///
    /// # Errors
    /// [`Error::Argument`] names the rows of the plan that do not fit the case, and why.
    pub fn new(case: &'a Case, plan: PlanFiles) -> Result<Self> {
        let context = Context::new(case);
        let prepared = prepare(case);
        let offers = all_offers(&context, &prepared);
        let offer_with = |index: PlannedIdx, session, run| with_run(&offers[index.index()], session, run);
        let placed = places(&context, &prepared, offer_with, &plan.plan)?;
        let entries = entries(&prepared, &plan)?;
        let later = Later::new(case, &prepared, plan)?;
        Ok(Self { case, limits: Limits::new(&context), context, prepared, placed, entries, later })
    }

    /// The plan as it was made.
    pub(super) fn at_hand(&self) -> AtHand<'_> {
        AtHand {
            context: &self.context,
            prepared: &self.prepared,
            layout: Layout::new(&self.prepared),
            limits: &self.limits,
            placed: &self.placed,
        }
    }
}

impl Later {
    fn new(case: &Case, prepared: &Prepared, plan: PlanFiles) -> Result<Self> {
        let rows = plan.plan.clone();
        let case = Case { previous: Some(before(case, prepared, plan)), ..case.clone() };
        let prepared = prepare(&case);
        let context = Context::new(&case);
        let offers = all_offers(&context, &prepared);
        let offer_with = |index: PlannedIdx, session, run| with_run(&offers[index.index()], session, run);
        let placed = places(&context, &prepared, offer_with, &rows)?;
        Ok(Self { case, prepared, offers, placed })
    }
}

/// A plan as the one before another: what was booked of the one before it stays known, since the book holds it.
fn before(case: &Case, prepared: &Prepared, mut plan: PlanFiles) -> PlanFiles {
    let is_planned = |row: &PlanRow| {
        let id = |planned: &Planned| case.requests[planned.request.index()].request_id.as_str();
        prepared.requests.binary_search_by(|planned| id(planned).cmp(&row.request_id)).is_ok()
    };
    let earlier = case.previous.iter().flat_map(|files| &files.plan);
    plan.plan.extend(earlier.filter(|row| !is_planned(row)).cloned());
    plan
}

/// The certificate of a plan, in the order of the layout.
fn entries(prepared: &Prepared, plan: &PlanFiles) -> Result<Vec<Entry>> {
    let layout = Layout::new(prepared);
    let stated = &plan.summary.objective;
    if stated.late.len() != layout.ranks() || stated.wait.len() != layout.ranks() {
        return Err(Error::Argument(format!(
            "summary.json speaks of {} ranks, this policy of {}: keep a plan with the case it was made from.",
            stated.late.len(),
            layout.ranks()
        )));
    }
    let entry = |value: i64, bound: i64| Entry { value, bound };
    let mut entries: Vec<Entry> = stated.late.iter().map(|one| entry(one.value, one.bound)).collect();
    entries.insert(layout.window(), entry(stated.window.value, stated.window.bound));
    entries.extend(stated.wait.iter().map(|one| entry(one.value, one.bound)));
    entries.push(entry(stated.order.value, stated.order.bound));
    Ok(entries)
}
