//! Those who are not planned any more because their place is settled, one way or the other.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Booking, Numbers};
use super::{Action, Step, Stuck, Why};
use crate::desk::Desk;
use crate::model::{Accepted, Outcome, PlanRow, Request};

/// Somebody whose place is settled.
pub(super) struct Settled<'d> {
    pub request: &'d Request,
    pub patient_id: &'d str,
    /// What they are to hold; nothing for whoever does not want it.
    pub target: Option<Booking>,
    /// Whether the book as read has the target.
    pub in_book: bool,
    /// Slots of the target that the book as read had free: the case has them taken, because nobody else may have them.
    pub was_free: Vec<u32>,
    /// Slots that the book of the case has for them at the place of the plan before, as numbers and as ids.
    pub booked: (Vec<u32>, &'d [String]),
}

impl Settled<'_> {
    /// Whether the target has been accepted and the book does not have it yet.
    pub fn is_accepted(&self) -> bool {
        self.target.is_some() && !self.in_book
    }
}

/// Those of the case, each request once: first who has accepted a place, the earliest place first. Nobody who has died or
/// left is among them, as far as their own request says so, and nobody whose appointment is over.
pub(super) fn settled<'d>(desk: &'d Desk<'_>, numbers: &mut Numbers<'d>) -> Vec<Settled<'d>> {
    let case = desk.case;
    let accepted: BTreeMap<&str, &Accepted> =
        case.accepted.iter().map(|accepted| (accepted.request_id.as_str(), accepted)).collect();
    let rows: BTreeMap<&str, &PlanRow> = case
        .previous
        .iter()
        .flat_map(|files| &files.plan)
        .map(|row| (row.request_id.as_str(), row))
        .collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for excluded in desk.prepared.excluded.iter().filter(|excluded| !excluded.reason.is_gone()) {
        let request = &case.requests[excluded.request.index()];
        let id = request.request_id.as_str();
        let row = rows.get(id).copied().filter(|_| excluded.is_booked());
        let unwanted = matches!(request.outcome, Some(Outcome::Declined | Outcome::NoLongerNeeded));
        let place = row.filter(|row| !unwanted && row.start >= case.policy.as_of);
        if (place.is_none() && !unwanted) || !seen.insert(id) {
            continue;
        }
        let accepted = accepted.get(id).copied().filter(|_| !unwanted);
        let target = place.map(|row| match accepted {
            Some(accepted) => of_accepted(desk, numbers, accepted),
            None => Booking::of_row(numbers, row),
        });
        let ids = row.map(|row| row.slot_ids.as_slice()).unwrap_or_default();
        found.push(Settled {
            request,
            patient_id: accepted.map_or(request.patient_id.as_str(), |accepted| &accepted.patient_id),
            target,
            in_book: accepted.is_none_or(|accepted| accepted.not_in_book.is_empty()),
            was_free: accepted.map(|accepted| numbers.of(&accepted.not_in_book)).unwrap_or_default(),
            booked: (numbers.of(ids), ids),
        });
    }
    let start = |one: &Settled<'_>| one.target.as_ref().map(|target| target.start);
    found.sort_by_cached_key(|one| (!one.is_accepted(), start(one), one.request.request_id.clone()));
    found
}

fn of_accepted(desk: &Desk<'_>, numbers: &mut Numbers<'_>, accepted: &Accepted) -> Booking {
    Booking {
        slots: numbers.of(&accepted.slot_ids),
        session_id: desk.case.sessions[accepted.session.index()].session_id.clone(),
        slot_ids: accepted.slot_ids.clone(),
        start: accepted.start,
        end: accepted.end,
        key: None,
    }
}

/// Those who had accepted a place whose time is over, where neither the book as read nor a list says that it was booked:
/// they may have come for nothing, or not at all.
pub(super) fn passed(desk: &Desk<'_>, past: &[Step]) -> Vec<Stuck> {
    let case = desk.case;
    let booked = |one: &Accepted| {
        let of_place = |step: &&Step| step.request_id == one.request_id && step.slot_ids == one.slot_ids;
        past.iter().rfind(of_place).is_some_and(|step| step.action == Action::Book)
    };
    let is_lost = |one: &&Accepted| {
        one.start < case.policy.as_of
            && !one.not_in_book.is_empty()
            && !desk.gone.contains(one.patient_id.as_str())
            && !booked(one)
    };
    let lost = desk.accepted().filter(is_lost);
    lost.map(|one| Stuck {
        request_id: one.request_id.clone(),
        patient_id: one.patient_id.clone(),
        why: Why::Passed,
        keeps: one.slot_ids.clone(),
    })
    .collect()
}
