//! SPEC section 1: who is excluded before planning, and why; who is to be checked first.

use std::collections::{BTreeMap, BTreeSet};

use rebook::model::{CancelledBy, Case, Continuity, PlanRow, Reconciliation, Request};

/// The reason codes of the excluded, by line of `requests.csv`.
pub fn excluded(case: &Case) -> BTreeMap<u64, &'static str> {
    (0..case.requests.len())
        .filter_map(|row| reason(case, row).map(|code| (case.requests[row].line, code)))
        .collect()
}

/// The first reason that holds, in the SPEC's order; `None` where the request is planned.
fn reason(case: &Case, row: usize) -> Option<&'static str> {
    let request = &case.requests[row];
    // 1. By what is readable, whatever else is not. A cell that cannot be read has its default here, which
    //    excludes nobody.
    if request.reconciliation == Reconciliation::Died || request.cancelled_by == CancelledBy::Death {
        return Some("died");
    }
    match request.reconciliation {
        Reconciliation::Deregistered => return Some("deregistered"),
        Reconciliation::SeenOnPaper => return Some("seen-on-paper"),
        Reconciliation::SeenElsewhere => return Some("seen-elsewhere"),
        Reconciliation::Resolved => return Some("resolved"),
        _ => {}
    }
    if booked_place(case, request).is_some() {
        return Some("resolved");
    }
    // 2. The tier, given or by care type, is never scheduled.
    let tier = tier_code(case, request).and_then(|code| case.policy.tier(code));
    if tier.is_some_and(|tier| !tier.schedule) {
        return Some("escalate-now");
    }
    // 3. A cell that planning needs is unreadable (or the cells contradict each other), two rows clash under
    //    one id, or the row is on a circle of links.
    if unreadable(request) || clashes(case, request) || on_a_circle(case, request) {
        return Some("invalid-row");
    }
    // 4. Same id and same content as an earlier readable row.
    if case.requests[..row].iter().any(|earlier| {
        !unreadable(earlier) && earlier.request_id == request.request_id && earlier.content == request.content
    }) {
        return Some("duplicate-request");
    }
    // 5.
    if request.reconciliation == Reconciliation::Declined {
        return Some("declined");
    }
    if request.cancelled_by == CancelledBy::Patient {
        return Some("cancelled-by-patient");
    }
    if tier.is_none() {
        return Some("needs-clinical-review");
    }
    None
}

/// The tier's code: as given, else the care type's.
pub fn tier_code<'a>(case: &'a Case, request: &'a Request) -> Option<&'a str> {
    let by_care_type = || {
        let care_type = request.care_type?;
        case.policy.care_types[care_type.index()].priority.as_deref()
    };
    request.priority.as_deref().or_else(by_care_type)
}

/// Section 1, 3: cells that planning needs and that cannot be read, or that contradict each other:
/// `required` without an id, dates out of order.
fn unreadable(request: &Request) -> bool {
    let dates: Vec<_> =
        [request.earliest_date, request.due_date, request.latest_date].into_iter().flatten().collect();
    !request.defects.is_empty()
        || (request.continuity == Continuity::Required && request.preferred_practitioner_id.is_none())
        || !dates.is_sorted()
}

/// Section 1, 3: the same id as another row with other content (all of them). An empty id is no id.
fn clashes(case: &Case, request: &Request) -> bool {
    !request.request_id.is_empty()
        && case
            .requests
            .iter()
            .any(|other| other.request_id == request.request_id && other.content != request.content)
}

/// Section 1, 3: on a circle of links; a link to oneself is one; judged on all rows of the file.
///
/// A row is on a circle if, following links from its id over all rows, one comes back to its id.
fn on_a_circle(case: &Case, request: &Request) -> bool {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut from = vec![request.request_id.as_str()];
    while let Some(id) = from.pop() {
        for row in case.requests.iter().filter(|row| row.request_id == id && !id.is_empty()) {
            if let Some(after) = row.after_request_id.as_deref()
                && reached.insert(after)
            {
                from.push(after);
            }
        }
    }
    !request.request_id.is_empty() && reached.contains(request.request_id.as_str())
}

/// Section 1, 1: the request's row of the previous plan, if that place is busy in the book for its patient:
/// every slot of that row `busy` or `busy-tentative` with that `patient_id`.
pub fn booked_place<'a>(case: &'a Case, request: &Request) -> Option<&'a PlanRow> {
    if request.request_id.is_empty() || request.patient_id.is_empty() {
        return None;
    }
    let row = previous_row(case, &request.request_id)?;
    let booked = !row.slot_ids.is_empty()
        && row.slot_ids.iter().all(|slot_id| {
            case.slots.iter().any(|slot| {
                slot.slot_id == *slot_id
                    && slot.status.is_taken()
                    && slot.patient_id.as_deref() == Some(request.patient_id.as_str())
            })
        });
    booked.then_some(row)
}

/// The place of that id in the previous plan, where there is one.
pub fn previous_row<'a>(case: &'a Case, request_id: &str) -> Option<&'a PlanRow> {
    case.previous.as_ref()?.plan.iter().find(|row| row.request_id == request_id)
}

/// The lines to be flagged `check-first`: what became of it is unknown, the same appointment stands under
/// another id, or the patient already has a later one in the book.
pub fn check_first(case: &Case) -> BTreeSet<u64> {
    let twice = |request: &Request| {
        request.original_start.is_some()
            && request.care_type.is_some()
            && case.requests.iter().any(|other| {
                other.request_id != request.request_id
                    && other.patient_id == request.patient_id
                    && other.care_type == request.care_type
                    && other.original_start == request.original_start
            })
    };
    let has_later = |request: &Request| {
        case.slots.iter().any(|slot| {
            slot.status.is_taken()
                && slot.patient_id.as_deref() == Some(request.patient_id.as_str())
                && request.original_start.is_some_and(|original| slot.start > original)
        })
    };
    case.requests
        .iter()
        .filter(|request| {
            request.reconciliation == Reconciliation::Unknown || twice(request) || has_later(request)
        })
        .map(|request| request.line)
        .collect()
}
