//! SPEC section 6: every request is in exactly one of the files.
//!
//! Rows of `requests.csv` that are excluded are told apart by their line; ids of planned requests are unique.

use std::collections::BTreeMap;

use super::asks::Asks;
use super::findings::Findings;
use super::rule::Rule;
use super::view::View;
use crate::model::PlanFiles;

/// Checks `plan.csv` and `unplaced.csv` against the requests that are planned.
pub(super) fn check(view: &View, asks: &Asks, plan: &PlanFiles, out: &mut Findings) {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    let placed = plan.plan.iter().map(|row| &row.request_id);
    for id in placed.chain(plan.unplaced.iter().map(|row| &row.request_id)) {
        *rows.entry(id).or_insert(0) += 1;
    }
    for ask in &asks.all {
        let count = rows.remove(ask.id()).unwrap_or(0);
        if count == 0 {
            let message = format!("{} is neither in plan.csv nor in unplaced.csv", ask.id());
            out.add(Rule::Conservation, message, [ask.id()]);
        } else if count > 1 {
            let message = format!("{} is on {count} rows of plan.csv and unplaced.csv", ask.id());
            out.add(Rule::Conservation, message, [ask.id()]);
        }
    }
    for id in rows.into_keys() {
        if view.case.requests.iter().any(|request| request.request_id == id) {
            let message = format!("{id} must be excluded, but is in plan.csv or unplaced.csv");
            out.add(Rule::Excluded, message, [id]);
        } else {
            out.add(Rule::Conservation, format!("the case has no request {id:?}"), [id]);
        }
    }
}
