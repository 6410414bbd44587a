//! SPEC rules 4.6 and 4.7 as facts: what each request comes after, and who belongs to one visit.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::exclude::{Booked, ExcludeReason, Excluded};
use super::{Barred, Planned, PlannedIdx};
use crate::model::Case;
use crate::units::RequestIdx;

/// What a request comes after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nothing, or something that is already met.
    None,
    /// Another request of this plan.
    After {
        /// That one.
        other: PlannedIdx,
        /// By at least so many days.
        min_days: u32,
        /// By at most so many days.
        max_days: u32,
    },
    /// An appointment that is already booked.
    Booked {
        /// Its end: the days count from this date.
        end: NaiveDateTime,
        /// By at least so many days.
        min_days: u32,
        /// By at most so many days.
        max_days: u32,
    },
}

/// Fills in what each request comes after.
pub(super) fn resolve(
    case: &Case,
    requests: &mut [Planned],
    excluded: &[Excluded],
    booked: &Booked,
    warnings: &mut Vec<String>,
) {
    // They ascend by id.
    let rows: Vec<RequestIdx> = requests.iter().map(|planned| planned.request).collect();
    let find = |id: &str| {
        let found = rows.binary_search_by(|row| case.requests[row.index()].request_id.as_str().cmp(id));
        found.ok().map(|at| PlannedIdx(at as u32))
    };
    let mut gone: BTreeMap<&str, Vec<&Excluded>> = BTreeMap::new();
    for row in excluded {
        gone.entry(case.requests[row.request.index()].request_id.as_str()).or_default().push(row);
    }
    for planned_request in requests.iter_mut() {
        let request = &case.requests[planned_request.request.index()];
        let Some(after) = request.after_request_id.as_deref() else { continue };
        let (min_days, max_days) = (request.after_min_days, request.after_max_days);
        if let Some(other) = find(after) {
            planned_request.link = Link::After { other, min_days, max_days };
            continue;
        }
        let Some(rows) = gone.get(after) else {
            warnings.push(format!(
                "request {} comes after {after}, which is not in this case: taken as met",
                request.request_id
            ));
            continue;
        };
        // Where one id stands on several rows, all of them must say that the care was given: a clash is no proof.
        if !rows.iter().all(|row| row.reason.meets_link()) {
            planned_request.barred.get_or_insert(Barred::AfterExcluded);
        } else if let Some(&(_, end)) = rows
            .iter()
            .filter(|row| row.reason == ExcludeReason::Resolved)
            .find_map(|row| booked.get(&row.request))
        {
            planned_request.link = Link::Booked { end, min_days, max_days };
        } else {
            warnings.push(format!(
                "request {} comes after {after}, which is {}: taken as met",
                request.request_id,
                rows[0].reason.as_str()
            ));
        }
    }
}

/// Finds the visits and fills in who belongs to which; members of urgent tiers are planned on their own.
pub(super) fn visits(
    case: &Case,
    requests: &mut [Planned],
    warnings: &mut Vec<String>,
) -> Vec<Vec<PlannedIdx>> {
    let mut members: BTreeMap<&str, Vec<PlannedIdx>> = BTreeMap::new();
    let mut split: Vec<(&str, RequestIdx)> = Vec::new();
    for (index, planned) in requests.iter().enumerate() {
        let request = &case.requests[planned.request.index()];
        let Some(id) = request.together_id.as_deref() else { continue };
        if case.policy.tiers[planned.tier.index()].urgent {
            split.push((id, planned.request));
        } else {
            members.entry(id).or_default().push(PlannedIdx(index as u32));
        }
    }
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for planned in requests.iter() {
        if let Some(id) = case.requests[planned.request.index()].together_id.as_deref() {
            *rows.entry(id).or_default() += 1;
        }
    }
    split.retain(|(id, _)| rows[id] > 1);
    for (id, request) in split {
        warnings.push(format!(
            "visit-split: request {} is urgent and is planned on its own, not with the rest of visit {id}",
            case.requests[request.index()].request_id
        ));
    }
    let visits: Vec<Vec<PlannedIdx>> = members.into_values().filter(|members| members.len() > 1).collect();
    for (visit, members) in visits.iter().enumerate() {
        for member in members {
            requests[member.index()].visit = Some(visit);
        }
    }
    visits
}
