//! A case: everything that planning needs to know, as read.

use chrono::NaiveDateTime;

use super::book::{Clinician, Session, Site, Slot};
use super::plan::PlanFiles;
use super::policy::Policy;
use super::request::{DeliveryChannel, Request};
use crate::issue::Issue;
use crate::units::SessionIdx;

/// The tables of a case and its policy, references resolved.
///
/// Requests keep the order of the file. Sessions, clinicians and sites ascend by id; slots ascend by session,
/// start and id. So the order of rows in a file decides nothing but which of two equal request rows is first.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Tiers, care types, weights and limits, with the overrides of the run applied.
    pub policy: Policy,
    /// In the order of the file.
    pub requests: Vec<Request>,
    /// Ascending by id.
    pub sessions: Vec<Session>,
    /// Ascending by session, start and id.
    pub slots: Vec<Slot>,
    /// Ascending by id.
    pub clinicians: Vec<Clinician>,
    /// Ascending by id.
    pub sites: Vec<Site>,
    /// The plan before this one, where the run names it.
    pub previous: Option<PlanFiles>,
    /// Places that patients have accepted, as call lists say: they are busy in `slots` already.
    pub accepted: Vec<Accepted>,
    /// Whether sessions marked `additional` may be used.
    pub use_additional: bool,
    /// Unknown columns of `requests.csv` to carry over.
    pub kept_columns: Vec<String>,
    /// What was noticed on reading: warnings only.
    pub warnings: Vec<Issue>,
    /// The files read, ascending by name.
    pub files: Vec<InputFile>,
}

impl Case {
    /// Minutes that an appointment takes, those of its care type where the row does not say; nothing where neither is known.
    pub fn minutes_of(&self, request: &Request) -> Option<u32> {
        let of_care_type = || request.care_type.map(|at| self.policy.care_types[at.index()].duration_minutes);
        request.duration_minutes.or_else(of_care_type)
    }
}

/// A place that a patient has accepted. The book of the case has it as theirs; the booking system may not have it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Whose.
    pub request_id: String,
    /// Whose.
    pub patient_id: String,
    /// Of which session.
    pub session: SessionIdx,
    /// As it was offered: a place in a group by the id of the group slot.
    pub slot_ids: Vec<String>,
    /// Those of the slots that were free in the book as read; none where the book had the booking itself.
    pub not_in_book: Vec<String>,
    /// Local time.
    pub start: NaiveDateTime,
    /// Local time.
    pub end: NaiveDateTime,
    /// How it is held, where that is known.
    pub channel: Option<DeliveryChannel>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Name inside the case folder.
    pub name: String,
    /// Hexadecimal digest of its bytes.
    pub sha256: String,
    /// Data rows.
    pub rows: usize,
}
