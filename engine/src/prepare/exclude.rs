//! SPEC section 1: who is not planned, each with one reason, the first that holds in the order of the page.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::{slots_by_id, slots_of_row, standing};
use crate::calendar::format_moment;
use crate::lookup::Lookup;
use crate::model::coded;
use crate::model::{CancelledBy, Case, Outcome, PlanRow, Reconciliation, Request};
use crate::units::{CareTypeIdx, RequestIdx, SlotIdx};

coded!(
    /// Why a request is not planned.
    ExcludeReason {
        /// Died, or cancelled because of a death.
        Died = "died",
        /// Left the practice.
        Deregistered = "deregistered",
        /// Seen on paper.
        SeenOnPaper = "seen-on-paper",
        /// Seen elsewhere.
        SeenElsewhere = "seen-elsewhere",
        /// No longer needed, or already booked where the previous plan put it.
        Resolved = "resolved",
        /// Its tier is never scheduled: a clinician is needed now.
        EscalateNow = "escalate-now",
        /// A cell that planning needs is unreadable, the id clashes, or the links run in a circle.
        InvalidRow = "invalid-row",
        /// The same row again.
        DuplicateRequest = "duplicate-request",
        /// The patient does not want it.
        Declined = "declined",
        /// The patient cancelled.
        CancelledByPatient = "cancelled-by-patient",
        /// No tier, or one that the policy does not know.
        NeedsClinicalReview = "needs-clinical-review",
    }
);

impl ExcludeReason {
    /// Whether the patient has died or left.
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Died | Self::Deregistered)
    }

    /// Whether a request linked after this one may go ahead: the care has been given or is not needed.
    pub fn meets_link(self) -> bool {
        matches!(self, Self::SeenOnPaper | Self::SeenElsewhere | Self::Resolved)
    }
}

/// Detail of a request that is `resolved` because the previous plan's place has been booked.
const BOOKED: &str = "booked";

/// A row that is not planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// Its row.
    pub request: RequestIdx,
    /// The first reason that holds.
    pub reason: ExcludeReason,
    /// The column concerned.
    pub field: String,
    /// In words.
    pub detail: String,
    /// Whether the row is unreadable in itself (exit code 3).
    pub unreadable: bool,
}

impl Excluded {
    /// Whether it is because the place of the plan before is booked for the patient.
    pub fn is_booked(&self) -> bool {
        self.reason == ExcludeReason::Resolved && self.detail == BOOKED
    }
}

/// Reason, column concerned, and detail in words.
type Verdict = (ExcludeReason, String, String);

/// Requests whose place in the previous plan is busy in the book for their patient: start and end of that place.
pub(super) type Booked = BTreeMap<RequestIdx, (NaiveDateTime, NaiveDateTime)>;

/// Finds the requests whose place in the previous plan has been booked.
pub(super) fn booked_places(case: &Case, previous: &BTreeMap<&str, &PlanRow>) -> Booked {
    if previous.is_empty() {
        return Booked::new();
    }
    let by_id = slots_by_id(case);
    let mut booked = Booked::new();
    for (index, request) in case.requests.iter().enumerate() {
        let Some(row) = previous.get(request.request_id.as_str()) else { continue };
        let Some(slots) = slots_of_row(row, &by_id) else { continue };
        if !request.patient_id.is_empty()
            && slots.iter().all(|&slot| taken_by(case, slot, &request.patient_id))
        {
            booked.insert(RequestIdx::from(index), (row.start, row.end));
        }
    }
    booked
}

fn taken_by(case: &Case, slot: SlotIdx, patient: &str) -> bool {
    let slot = &case.slots[slot.index()];
    slot.status.is_taken() && slot.patient_id.as_deref() == Some(patient)
}

/// Reasons by what is readable, whatever else is not.
fn settled(request: &Request, booked: Option<&(NaiveDateTime, NaiveDateTime)>) -> Option<Verdict> {
    if request.reconciliation == Reconciliation::Died {
        return Some((ExcludeReason::Died, "reconciliation".to_owned(), "the patient has died".to_owned()));
    }
    if request.cancelled_by == CancelledBy::Death {
        return Some((
            ExcludeReason::Died,
            "cancelled_by".to_owned(),
            "cancelled because of a death".to_owned(),
        ));
    }
    let (reason, detail) = match request.reconciliation {
        Reconciliation::Deregistered => (ExcludeReason::Deregistered, "no longer registered"),
        Reconciliation::SeenOnPaper => (ExcludeReason::SeenOnPaper, "seen during the outage, on paper"),
        Reconciliation::SeenElsewhere => (ExcludeReason::SeenElsewhere, "seen by another service"),
        Reconciliation::Resolved if request.outcome == Some(Outcome::NoLongerNeeded) => {
            return Some(by_call(ExcludeReason::Resolved, Outcome::NoLongerNeeded));
        }
        Reconciliation::Resolved => (ExcludeReason::Resolved, "no longer needed"),
        _ => {
            return booked.map(|_| (ExcludeReason::Resolved, "request_id".to_owned(), BOOKED.to_owned()));
        }
    };
    Some((reason, "reconciliation".to_owned(), detail.to_owned()))
}

/// Ids that occur on rows with different content.
fn clashing_ids(case: &Case) -> BTreeSet<&str> {
    let mut content: Lookup<&str, &str> = Lookup::with_capacity(case.requests.len());
    let mut clashing = BTreeSet::new();
    for request in case.requests.iter().filter(|request| !request.request_id.is_empty()) {
        let id = request.request_id.as_str();
        if *content.get_or_insert_with(id, || &request.content) != request.content {
            clashing.insert(id);
        }
    }
    clashing
}

/// Rows on a circle of links, judged on all rows of the file.
///
/// A row is on a circle where what it comes after comes, directly or through others, after the row's own id.
fn on_circles(case: &Case) -> BTreeSet<RequestIdx> {
    let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for request in &case.requests {
        if let (Some(other), false) = (&request.after_request_id, request.request_id.is_empty()) {
            after.entry(request.request_id.as_str()).or_default().insert(other.as_str());
        }
    }
    let reaches = |from: &str, goal: &str| {
        let mut seen = BTreeSet::new();
        let mut stack = vec![from];
        while let Some(id) = stack.pop() {
            if id == goal {
                return true;
            }
            if seen.insert(id) {
                stack.extend(after.get(id).into_iter().flatten());
            }
        }
        false
    };
    let mut found = BTreeSet::new();
    for (index, request) in case.requests.iter().enumerate() {
        if let Some(other) = &request.after_request_id
            && !request.request_id.is_empty()
            && reaches(other, &request.request_id)
        {
            found.insert(RequestIdx::from(index));
        }
    }
    found
}

/// Splits the rows into the excluded and the rest, in the order of the file.
pub(super) fn exclude(case: &Case, booked: &Booked) -> (Vec<Excluded>, Vec<RequestIdx>) {
    let clashing = clashing_ids(case);
    let circles = on_circles(case);
    let mut seen: Lookup<&str, RequestIdx> = Lookup::with_capacity(case.requests.len());
    let mut excluded = Vec::new();
    let mut kept = Vec::new();
    for (position, request) in case.requests.iter().enumerate() {
        let index = RequestIdx::from(position);
        let tier = standing::tier_of(&case.policy, request);
        let unreadable = !request.defects.is_empty()
            || clashing.contains(request.request_id.as_str())
            || circles.contains(&index);
        let verdict = settled(request, booked.get(&index)).map(|verdict| (verdict, false)).or_else(|| {
            if let Some(tier) = tier.map(|tier| &case.policy.tiers[tier.index()])
                && !tier.schedule
            {
                let detail = format!("tier {} is never scheduled: a clinician decides now", tier.code);
                return Some(((ExcludeReason::EscalateNow, "priority".to_owned(), detail), unreadable));
            }
            let verdict = unreadable_row(request, &clashing, circles.contains(&index));
            verdict.map(|verdict| (verdict, true))
        });
        // A row that is excluded for what became of it is still the earlier row of its duplicates; those have
        // the same content and so the same reason.
        let verdict = verdict.or_else(|| {
            if *seen.get_or_insert_with(request.request_id.as_str(), || index) != index {
                let detail = "the same row stands further up".to_owned();
                return Some(((ExcludeReason::DuplicateRequest, "request_id".to_owned(), detail), false));
            }
            unwanted(request, tier.is_some()).map(|verdict| (verdict, false))
        });
        match verdict {
            Some(((reason, field, detail), unreadable)) => {
                excluded.push(Excluded { request: index, reason, field, detail, unreadable });
            }
            None => kept.push(index),
        }
    }
    let id = |row: &Excluded| case.requests[row.request.index()].request_id.as_str();
    excluded.sort_by(|a, b| {
        let first = |row: &Excluded| row.reason != ExcludeReason::EscalateNow;
        first(a).cmp(&first(b)).then_with(|| id(a).cmp(id(b))).then(a.request.cmp(&b.request))
    });
    (excluded, kept)
}

fn unreadable_row(request: &Request, clashing: &BTreeSet<&str>, on_circle: bool) -> Option<Verdict> {
    if let Some(defect) = request.defects.first() {
        let field = defect.field.clone().unwrap_or_default();
        return Some((ExcludeReason::InvalidRow, field, defect.to_string()));
    }
    if clashing.contains(request.request_id.as_str()) {
        let detail = "another row has the same id and other content".to_owned();
        return Some((ExcludeReason::InvalidRow, "request_id".to_owned(), detail));
    }
    on_circle.then(|| {
        let detail = "the links run in a circle: each of these rows comes after another of them".to_owned();
        (ExcludeReason::InvalidRow, "after_request_id".to_owned(), detail)
    })
}

/// What the patient said when called: it stands in the call list, and not in a column of the table.
fn by_call(reason: ExcludeReason, outcome: Outcome) -> Verdict {
    (reason, "outcome".to_owned(), format!("{outcome}, says the call list"))
}

fn unwanted(request: &Request, has_tier: bool) -> Option<Verdict> {
    if request.reconciliation == Reconciliation::Declined {
        if request.outcome == Some(Outcome::Declined) {
            return Some(by_call(ExcludeReason::Declined, Outcome::Declined));
        }
        return Some((
            ExcludeReason::Declined,
            "reconciliation".to_owned(),
            "the patient does not want it".to_owned(),
        ));
    }
    if request.cancelled_by == CancelledBy::Patient {
        return Some((
            ExcludeReason::CancelledByPatient,
            "cancelled_by".to_owned(),
            "the patient cancelled".to_owned(),
        ));
    }
    if has_tier {
        return None;
    }
    let detail = match &request.priority {
        Some(code) => format!("the policy has no tier {code:?}"),
        None => "no priority given, and none by care type".to_owned(),
    };
    Some((ExcludeReason::NeedsClinicalReview, "priority".to_owned(), detail))
}

/// Who is to be checked first: possible duplicates under two ids, patients with a later booking, and requests
/// that nobody has reconciled. By row of requests.
pub(super) fn check_first(case: &Case, kept: &[RequestIdx], warnings: &mut Vec<String>) -> Vec<bool> {
    type Same<'a> = (&'a str, CareTypeIdx, NaiveDateTime);
    let mut first: Lookup<Same, &str> = Lookup::with_capacity(case.requests.len());
    // Of the few that are there under more than one id, all of them.
    let mut ids: BTreeMap<Same, BTreeSet<&str>> = BTreeMap::new();
    let key = |request: &'_ Request| -> Option<(CareTypeIdx, NaiveDateTime)> {
        (!request.patient_id.is_empty()).then_some(())?;
        Some((request.care_type?, request.original_start?))
    };
    for request in &case.requests {
        if let Some((care_type, start)) = key(request) {
            let (same, id) = ((request.patient_id.as_str(), care_type, start), request.request_id.as_str());
            let other = *first.get_or_insert_with(same, || id);
            if other != id {
                ids.entry(same).or_default().extend([other, id]);
            }
        }
    }
    let mut last_booking: Lookup<&str, Option<NaiveDateTime>> = Lookup::with_capacity(kept.len());
    for &index in kept {
        last_booking.insert(&case.requests[index.index()].patient_id, None);
    }
    for slot in case.slots.iter().filter(|slot| slot.status.is_taken()) {
        if let Some(patient) = &slot.patient_id {
            last_booking.change(patient.as_str(), |last| *last = (*last).max(Some(slot.start)));
        }
    }
    let mut flagged = vec![false; case.requests.len()];
    for &index in kept {
        let request = &case.requests[index.index()];
        let flag = &mut flagged[index.index()];
        *flag |= request.reconciliation == Reconciliation::Unknown;
        if let Some((care_type, start)) = key(request)
            && let Some(same) = ids.get(&(request.patient_id.as_str(), care_type, start))
        {
            *flag = true;
            let others: Vec<&str> = same.iter().copied().collect();
            warnings.push(format!(
                "check first: requests {} are for the same patient, care type and original time",
                others.join(", ")
            ));
        }
        if let (Some(start), Some(&Some(last))) =
            (request.original_start, last_booking.get(request.patient_id.as_str()))
            && last > start
        {
            *flag = true;
            warnings.push(format!(
                "check first: the patient of request {} already has a booking on {}",
                request.request_id,
                format_moment(last)
            ));
        }
    }
    flagged
}
