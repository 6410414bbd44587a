//! A plan read back: the rows of `plan.csv` as places in the case.

use std::collections::BTreeMap;

use super::words;
use crate::candidates::{Context, Offer, Run, hurdles};
use crate::error::{Error, Result};
use crate::model::PlanRow;
use crate::prepare::{Planned, PlannedIdx, Prepared, slots_by_id, slots_of_row};
use crate::solve::Placed;
use crate::units::SessionIdx;

/// Most rows that are named.
const NAMED: usize = 10;

/// The offer in a session that has a run.
pub(crate) fn with_run(offers: &[Offer], session: SessionIdx, run: Run) -> Option<Offer> {
    offers.iter().find(|offer| offer.session == session && offer.runs.contains(&run)).cloned()
}

/// Where the rows put each planned request; `offer_with` finds the offer in a session that has a run.
///
/// # Errors
/// [`Error::Argument`] names the rows that do not fit the case, and why.
pub(crate) fn places(
    context: &Context<'_>,
    prepared: &Prepared,
    mut offer_with: impl FnMut(PlannedIdx, SessionIdx, Run) -> Option<Offer>,
    rows: &[PlanRow],
) -> Result<Vec<Option<Placed>>> {
    let by_id: BTreeMap<&str, usize> = prepared
        .requests
        .iter()
        .enumerate()
        .map(|(index, planned)| (context.request(planned).request_id.as_str(), index))
        .collect();
    let slots = slots_by_id(context.case);
    let mut placed: Vec<Option<Placed>> = vec![None; prepared.requests.len()];
    let mut wrong: Vec<String> = Vec::new();
    for row in rows {
        let id = &row.request_id;
        let Some(&index) = by_id.get(id.as_str()) else {
            wrong.push(format!("{id} is not a request that this case plans"));
            continue;
        };
        let run = slots_of_row(row, &slots)
            .filter(|slots| slots.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0))
            .map(|slots| Run { first: slots[0], count: slots.len() as u32 });
        let Some(run) = run else {
            wrong.push(format!("{id}: this case has no run of slots {:?}", row.slot_ids.join(";")));
            continue;
        };
        let session = context.case.slots[run.first.index()].session;
        match offer_with(PlannedIdx(index as u32), session, run) {
            _ if placed[index].is_some() => wrong.push(format!("{id} has more than one row")),
            Some(offer) => placed[index] = Some(Placed { offer, run }),
            None => wrong.push(format!("{id}: {}", misfit(context, &prepared.requests[index], run))),
        }
    }
    if wrong.is_empty() {
        return Ok(placed);
    }
    let named: Vec<&str> = wrong.iter().map(String::as_str).collect();
    Err(Error::Argument(format!(
        "plan.csv does not fit this case: {}. A plan goes with the case it was made from, read in the same way \
         (--start, --as-of, --previous, --outcomes, --additional).",
        words::few(&named, NAMED)
    )))
}

/// Why these slots are no place for a request.
fn misfit(context: &Context<'_>, planned: &Planned, run: Run) -> String {
    let first = run.first.index();
    let sitting = context.sittings().iter().find(|sitting| sitting.slots().contains(&first));
    let session = sitting.map_or("", |sitting| context.session(sitting).session_id.as_str());
    let rules = sitting.map_or(Vec::new(), |sitting| hurdles(context, planned, sitting));
    let why: Vec<String> = rules.iter().map(|rule| rule.words().to_owned()).collect();
    if why.is_empty() {
        format!("its slots in {session} are no free run of the length it needs")
    } else {
        format!("its slots in {session} do not suit: {}", words::list(&why))
    }
}
