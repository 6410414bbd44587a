//! SPEC section 1: who is excluded before planning, and the rows of `excluded.csv`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::circles::on_circle;
use super::findings::Findings;
use super::rule::Rule;
use super::view::View;
use crate::model::{CancelledBy, Continuity, ExcludedRow, Reconciliation, Request, Tier};

/// Why a request is excluded, in the order in which the reasons are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Died,
    Deregistered,
    SeenOnPaper,
    SeenElsewhere,
    Resolved,
    EscalateNow,
    InvalidRow,
    DuplicateRequest,
    Declined,
    CancelledByPatient,
    NeedsClinicalReview,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Died => "died",
            Self::Deregistered => "deregistered",
            Self::SeenOnPaper => "seen-on-paper",
            Self::SeenElsewhere => "seen-elsewhere",
            Self::Resolved => "resolved",
            Self::EscalateNow => "escalate-now",
            Self::InvalidRow => "invalid-row",
            Self::DuplicateRequest => "duplicate-request",
            Self::Declined => "declined",
            Self::CancelledByPatient => "cancelled-by-patient",
            Self::NeedsClinicalReview => "needs-clinical-review",
        }
    }

    /// Whether a request linked after one that is excluded so may be planned all the same.
    pub fn meets_links(self) -> bool {
        matches!(self, Self::SeenOnPaper | Self::SeenElsewhere | Self::Resolved)
    }
}

/// When the place that the previous plan gave a request is booked for its patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Booked {
    pub date: NaiveDate,
    pub end: NaiveDateTime,
}

/// Who is excluded, by row of `requests.csv`.
pub(super) struct Exclusions {
    pub reasons: Vec<Option<Reason>>,
    pub booked: Vec<Option<Booked>>,
}

/// The tier of a request, given or by care type; `None` for neither or an unknown code.
pub(super) fn tier_of<'a>(view: &View<'a>, request: &Request) -> Option<&'a Tier> {
    let by_care_type = || view.policy.care_types[request.care_type?.index()].priority.as_deref();
    view.policy.tier(request.priority.as_deref().or_else(by_care_type)?)
}

/// Judges every row.
pub(super) fn judge(view: &View) -> Exclusions {
    let requests = &view.case.requests;
    let circles = on_circle(requests);
    let clashes = clashing_ids(requests);
    let booked: Vec<_> = requests.iter().map(|request| booked(view, request)).collect();
    let mut seen = BTreeSet::new();
    let reasons = requests
        .iter()
        .enumerate()
        .map(|(row, request)| {
            let id = request.request_id.as_str();
            let readable = is_readable(request);
            let repeated = readable && !seen.insert((id, request.content.as_str()));
            let invalid = !readable || clashes.contains(id) || circles[row];
            settled(request)
                .or(booked[row].map(|_| Reason::Resolved))
                .or_else(|| tier_of(view, request).filter(|tier| !tier.schedule).map(|_| Reason::EscalateNow))
                .or(invalid.then_some(Reason::InvalidRow))
                .or(repeated.then_some(Reason::DuplicateRequest))
                .or_else(|| refused(view, request))
        })
        .collect();
    Exclusions { reasons, booked }
}

/// Point 1 of the order, but for places that are booked already.
fn settled(request: &Request) -> Option<Reason> {
    if request.cancelled_by == CancelledBy::Death {
        return Some(Reason::Died);
    }
    match request.reconciliation {
        Reconciliation::Died => Some(Reason::Died),
        Reconciliation::Deregistered => Some(Reason::Deregistered),
        Reconciliation::SeenOnPaper => Some(Reason::SeenOnPaper),
        Reconciliation::SeenElsewhere => Some(Reason::SeenElsewhere),
        Reconciliation::Resolved => Some(Reason::Resolved),
        Reconciliation::NotSeen | Reconciliation::Declined | Reconciliation::Unknown => None,
    }
}

/// Point 5 of the order.
fn refused(view: &View, request: &Request) -> Option<Reason> {
    if request.reconciliation == Reconciliation::Declined {
        Some(Reason::Declined)
    } else if request.cancelled_by == CancelledBy::Patient {
        Some(Reason::CancelledByPatient)
    } else if tier_of(view, request).is_none() {
        Some(Reason::NeedsClinicalReview)
    } else {
        None
    }
}

/// A place in the previous plan that is in the book for the patient: every slot of it, and there is at least one. The
/// appointment is over when its row says so, which may be before its last slot ends.
fn booked(view: &View, request: &Request) -> Option<Booked> {
    let row = view.previous_row(&request.request_id)?;
    let held = |id: &String| {
        let slot = view.slot_by_id(id).map(|slot| view.slot(slot));
        let of_patient = |patient: Option<&str>| patient == Some(request.patient_id.as_str());
        slot.is_some_and(|slot| slot.status.is_taken() && of_patient(slot.patient_id.as_deref()))
    };
    let booked = !row.slot_ids.is_empty() && row.slot_ids.iter().all(held);
    booked.then(|| Booked { date: row.start.date(), end: row.end })
}

/// Whether planning can read all it needs, cell by cell and between the cells.
fn is_readable(request: &Request) -> bool {
    let dates: Vec<NaiveDate> =
        [request.earliest_date, request.due_date, request.latest_date].into_iter().flatten().collect();
    request.defects.is_empty()
        && !request.request_id.is_empty()
        && !request.patient_id.is_empty()
        && request.site.is_some()
        && request.care_type.is_some()
        && request.original_start.is_some()
        && dates.is_sorted()
        && (request.continuity != Continuity::Required || request.preferred_practitioner_id.is_some())
}

/// Ids that stand on rows of different content.
fn clashing_ids(requests: &[Request]) -> BTreeSet<&str> {
    let mut contents: BTreeMap<&str, &str> = BTreeMap::new();
    let mut clashing = BTreeSet::new();
    for request in requests.iter().filter(|request| !request.request_id.is_empty()) {
        let first = contents.entry(&request.request_id).or_insert(&request.content);
        if *first != request.content {
            clashing.insert(request.request_id.as_str());
        }
    }
    clashing
}

/// Compares `excluded.csv` with what must be in it.
pub(super) fn check(view: &View, exclusions: &Exclusions, rows: &[ExcludedRow], out: &mut Findings) {
    let mut by_line: BTreeMap<u64, Vec<&ExcludedRow>> = BTreeMap::new();
    for row in rows {
        by_line.entry(row.line).or_default().push(row);
    }
    for (index, request) in view.case.requests.iter().enumerate() {
        let found = by_line.remove(&request.line).unwrap_or_default();
        match (exclusions.reasons[index], found.as_slice()) {
            (None, []) => {}
            (Some(reason), [row]) => check_row(request, reason, exclusions.booked[index].is_some(), row, out),
            (Some(reason), []) => out.add(
                Rule::Excluded,
                format!("line {}: must be in excluded.csv as {}", request.line, reason.as_str()),
                [&request.request_id],
            ),
            (Some(_), _) => out.add(
                Rule::Excluded,
                format!("line {}: is in excluded.csv more than once", request.line),
                [&request.request_id],
            ),
            (None, [row, ..]) => out.add(
                Rule::Excluded,
                format!("line {}: excluded as {:?}, but nothing excludes it", request.line, row.reason_code),
                [&request.request_id],
            ),
        }
    }
    for row in by_line.into_values().flatten() {
        out.add(
            Rule::ExcludedRow,
            format!("excluded.csv names line {}, where requests.csv has no row", row.line),
            [&row.request_id],
        );
    }
    let urgent = |row: &ExcludedRow| row.reason_code == Reason::EscalateNow.as_str();
    if let Some(row) = rows.iter().skip_while(|row| urgent(row)).find(|row| urgent(row)) {
        out.add(
            Rule::ExcludedOrder,
            format!("escalate-now of line {} stands below a row that can wait", row.line),
            [&row.request_id],
        );
    }
}

fn check_row(request: &Request, reason: Reason, booked: bool, row: &ExcludedRow, out: &mut Findings) {
    let id = &request.request_id;
    if row.reason_code != reason.as_str() {
        let message = format!(
            "line {}: excluded as {:?}, but {} comes first",
            request.line,
            row.reason_code,
            reason.as_str()
        );
        out.add(Rule::Excluded, message, [id]);
    }
    let mut wrong = |what: &str, found: &str, expected: &str| {
        let message = format!("line {}: {what} is {found:?}, expected {expected}", request.line);
        out.add(Rule::ExcludedRow, message, [id]);
    };
    if row.request_id != *id {
        wrong("request_id", &row.request_id, id);
    }
    if row.patient_id != request.patient_id {
        wrong("patient_id", &row.patient_id, &request.patient_id);
    }
    if reason == Reason::InvalidRow && (row.field.is_empty() || row.detail.is_empty()) {
        wrong("field or detail", "", "the field and what is wrong with it");
    }
    // A request that somebody also marked as resolved may say that instead.
    let only_booked = booked && settled(request).is_none();
    if only_booked && row.detail != "booked" {
        wrong("detail", &row.detail, "booked");
    }
}
