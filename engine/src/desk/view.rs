//! A plan joined with its case, once: each row with everything that it refers to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use crate::candidates::{Context, Finder};
use crate::error::{Error, Result};
use crate::explain::{places, with_run};
use crate::model::{
    Accepted, Case, Clinician, ContactRoute, ExcludedRow, PlanFiles, PlanRow, Request, Session, Site,
    UnplacedRow,
};
use crate::prepare::{ExcludeReason, Planned, PlannedIdx, Prepared};
use crate::report::changed_files;
use crate::solve::{Placed, offers_in};

/// A row of `plan.csv`.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// As written.
    pub row: &'a PlanRow,
    /// Its position among the planned requests.
    pub index: PlannedIdx,
    /// What sections 1 and 2 of the SPEC derive.
    pub planned: &'a Planned,
    /// As read.
    pub request: &'a Request,
    /// The place proposed.
    pub placed: Placed,
    /// The session of the place.
    pub session: &'a Session,
    /// Who holds it.
    pub clinician: &'a Clinician,
    /// Where it is held.
    pub site: &'a Site,
    /// The patient's own site.
    pub home: &'a Site,
    /// How the patient is told: by a clinician alone where any row of the patient says that contact by anybody else is not
    /// safe.
    pub route: ContactRoute,
}

impl Entry<'_> {
    /// Whether the row has this flag.
    pub fn is_flagged(&self, flag: &str) -> bool {
        self.row.flags.iter().any(|own| own == flag)
    }
}

/// A row of `unplaced.csv`.
#[derive(Debug, Clone)]
pub struct Waiting<'a> {
    /// As written.
    pub row: &'a UnplacedRow,
    /// Its position among the planned requests.
    pub index: PlannedIdx,
    /// What sections 1 and 2 of the SPEC derive.
    pub planned: &'a Planned,
    /// As read.
    pub request: &'a Request,
    /// The patient's own site.
    pub home: &'a Site,
}

/// A row of `excluded.csv`.
#[derive(Debug, Clone)]
pub struct Left<'a> {
    /// As written.
    pub row: &'a ExcludedRow,
    /// Why, where that is a reason that there is.
    pub reason: Option<ExcludeReason>,
    /// As read; nothing where the case has no such line any more.
    pub request: Option<&'a Request>,
}

impl Left<'_> {
    /// Whether the patient has died or left.
    pub fn is_gone(&self) -> bool {
        self.reason.is_some_and(ExcludeReason::is_gone)
    }
}

/// A plan with its case: what every output of this room reads.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The case.
    pub case: &'a Case,
    /// Who is planned, and who is not.
    pub prepared: &'a Prepared,
    /// The plan as it is in its files.
    pub plan: &'a PlanFiles,
    /// The case with its indexes.
    pub context: Context<'a>,
    /// In the order of `plan.csv`: that of the calls.
    pub entries: Vec<Entry<'a>>,
    /// In the order of `unplaced.csv`.
    pub waiting: Vec<Waiting<'a>>,
    /// Those who are not planned, `escalate-now` first.
    pub excluded: Vec<Left<'a>>,
    /// Patients of whom some request says that they have died or left, though another may still be in the plan: nobody
    /// books, calls or writes to them before somebody has looked.
    pub gone: BTreeSet<&'a str>,
    /// Files of the case that have changed since the plan was made.
    pub changed_files: Vec<String>,
}

/// The flag of those whose record is looked at first.
pub(super) const CHECK_FIRST: &str = "check-first";
/// The flag of those whose window has passed.
pub(super) const WINDOW_PASSED: &str = "window-passed";
/// The flag of those who did not answer.
pub(super) const NO_ANSWER: &str = "no-answer";
/// The flag of those whose place was given away after they had accepted it.
pub(super) const PLACE_TAKEN: &str = "place-taken";

/// How long a plan can be worked with before the book has moved on.
const USABLE: TimeDelta = TimeDelta::hours(24);

impl<'a> Desk<'a> {
    /// Joins a plan with the case it was made from.
    ///
    /// # Errors
    /// [`Error::Argument`] names the rows that do not fit the case, and why.
    pub fn new(case: &'a Case, prepared: &'a Prepared, plan: &'a PlanFiles) -> Result<Self> {
        let context = Context::new(case);
        let mut finder = Finder::new(&context);
        let offer_with = |index: PlannedIdx, session, run| {
            let sitting = context.sitting_of(run)?;
            let offers = offers_in(&context, &prepared.requests[index.index()], sitting, &mut finder);
            with_run(&offers, session, run)
        };
        let placed = places(&context, prepared, offer_with, &plan.plan)?;
        let mut desk = Self {
            case,
            prepared,
            plan,
            context,
            entries: Vec::with_capacity(plan.plan.len()),
            waiting: Vec::with_capacity(plan.unplaced.len()),
            gone: BTreeSet::new(),
            excluded: excluded(case, plan),
            changed_files: changed_files(case, plan),
        };
        desk.gone = gone(&desk.excluded);
        let at_risk = at_risk(case);
        for row in &plan.plan {
            // invariant: `places` has named the rows that are not so.
            let Some(index) = desk.find(&row.request_id) else { continue };
            let Some(placed) = placed[index.index()].clone() else { continue };
            let session = &case.sessions[placed.offer.session.index()];
            let planned = &prepared.requests[index.index()];
            desk.entries.push(Entry {
                row,
                index,
                planned,
                request: &case.requests[planned.request.index()],
                placed,
                session,
                clinician: &case.clinicians[session.clinician.index()],
                site: &case.sites[session.site.index()],
                home: &case.sites[planned.site.index()],
                route: if at_risk.contains(row.patient_id.as_str()) {
                    ContactRoute::Clinician
                } else {
                    planned.route
                },
            });
        }
        for row in &plan.unplaced {
            let Some(index) = desk.find(&row.request_id) else {
                return Err(Error::Argument(format!(
                    "unplaced.csv does not fit this case: {} is not a request that this case plans",
                    row.request_id
                )));
            };
            let planned = &prepared.requests[index.index()];
            let request = &case.requests[planned.request.index()];
            let home = &case.sites[planned.site.index()];
            desk.waiting.push(Waiting { row, index, planned, request, home });
        }
        Ok(desk)
    }

    /// The planned request with this id.
    fn find(&self, request_id: &str) -> Option<PlannedIdx> {
        let id_of = |planned: &Planned| self.case.requests[planned.request.index()].request_id.as_str();
        let at = self.prepared.requests.binary_search_by(|planned| id_of(planned).cmp(request_id)).ok()?;
        Some(PlannedIdx(at as u32))
    }

    /// Places that were accepted and are booked as far as the plan knows: their requests are in no plan any more.
    pub fn accepted(&self) -> impl Iterator<Item = &'a Accepted> {
        let case = self.case;
        let booked = self.prepared.excluded.iter().filter(|excluded| excluded.is_booked());
        let booked: BTreeSet<&str> =
            booked.map(|excluded| case.requests[excluded.request.index()].request_id.as_str()).collect();
        case.accepted.iter().filter(move |accepted| booked.contains(accepted.request_id.as_str()))
    }

    /// The id of a planned request.
    pub fn request_id(&self, index: PlannedIdx) -> &'a str {
        let planned = &self.prepared.requests[index.index()];
        &self.case.requests[planned.request.index()].request_id
    }

    /// The moment after which nobody should work with the plan.
    pub fn use_until(&self) -> NaiveDateTime {
        self.case.policy.as_of + USABLE
    }
}

/// Whether a need is for somebody who speaks or signs another language.
pub(super) fn asks_interpreter(need: &str) -> bool {
    need == "bsl" || need.starts_with("language:")
}

/// Patients of whom some row says that nobody but a clinician may make contact safely.
fn at_risk(case: &Case) -> BTreeSet<&str> {
    // A cell that says something nobody can read is no permission.
    let unsure = |request: &Request| {
        request.defects.iter().any(|defect| defect.field.as_deref() == Some("safe_to_contact"))
    };
    let rows = case.requests.iter().filter(|request| !request.safe_to_contact || unsure(request));
    rows.map(|request| request.patient_id.as_str()).filter(|patient| !patient.is_empty()).collect()
}

fn excluded<'a>(case: &'a Case, plan: &'a PlanFiles) -> Vec<Left<'a>> {
    let by_line: BTreeMap<u64, &Request> =
        case.requests.iter().map(|request| (request.line, request)).collect();
    let left = |row: &'a ExcludedRow| Left {
        row,
        reason: ExcludeReason::parse(&row.reason_code),
        request: by_line.get(&row.line).copied(),
    };
    plan.excluded.iter().map(left).collect()
}

fn gone<'a>(excluded: &[Left<'a>]) -> BTreeSet<&'a str> {
    let patients = excluded.iter().filter(|left| left.is_gone()).map(|left| left.row.patient_id.as_str());
    patients.filter(|patient| !patient.is_empty()).collect()
}
