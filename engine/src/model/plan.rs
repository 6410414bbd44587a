//! The output files of a plan, row by row: what is written, and what `verify`, `explain` and a re-run read back.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// A row of `plan.csv`. Codes are text, as a reader finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct PlanRow {
    pub call_order: u32,
    pub call_by: Option<NaiveDate>,
    pub request_id: String,
    pub patient_id: String,
    pub tier: String,
    pub rank: u32,
    pub target_date: NaiveDate,
    pub latest_date: Option<NaiveDate>,
    pub session_id: String,
    pub slot_ids: Vec<String>,
    pub practitioner_id: String,
    pub site_id: String,
    pub start: NaiveDateTime,
    pub end: NaiveDateTime,
    pub delivery_channel: String,
    pub contact_route: String,
    pub days_late: u32,
    pub status: String,
    pub flags: Vec<String>,
    pub reason: String,
    /// Columns carried over by `--keep-columns`, in order.
    pub kept: Vec<String>,
}

/// A row of `unplaced.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct UnplacedRow {
    pub request_id: String,
    pub patient_id: String,
    pub tier: String,
    pub rank: u32,
    pub windowed: bool,
    pub target_date: NaiveDate,
    pub latest_date: Option<NaiveDate>,
    pub reason_code: String,
    pub reason: String,
    pub smallest_change: String,
}

/// A row of `excluded.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct ExcludedRow {
    pub request_id: String,
    pub patient_id: String,
    pub reason_code: String,
    pub field: String,
    pub detail: String,
    pub line: u64,
}

/// `summary.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct Summary {
    /// `optimal` where every value meets its bound, else `feasible`.
    pub status: String,
    pub objective: ObjectiveRecord,
    pub counts: Counts,
    pub policy: PolicyRecord,
    /// Overrides of this run, so that the plan can be verified from the files alone.
    pub run: RunRecord,
    pub input_sha256: BTreeMap<String, String>,
    pub software_version: String,
    pub seed: u64,
    pub elapsed_seconds: f64,
    pub warnings: Vec<String>,
}

impl Summary {
    /// Says how long the run took, to the millisecond.
    pub fn took(&mut self, time: Duration) {
        self.elapsed_seconds = (time.as_secs_f64() * 1000.0).round() / 1000.0;
    }
}

/// The objective with its certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct ObjectiveRecord {
    pub late: Vec<RankEntry>,
    pub window: ObjectiveEntry,
    pub wait: Vec<RankEntry>,
    pub order: ObjectiveEntry,
}

/// An entry of the vector that belongs to a rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankEntry {
    /// From 1.
    pub rank: u32,
    /// Codes of the tiers of that rank, joined by `+`.
    pub tier: String,
    /// Of the plan.
    pub value: i64,
    /// Proven lower bound, given the values of the entries before.
    pub bound: i64,
}

/// An entry of the vector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectiveEntry {
    /// Of the plan.
    pub value: i64,
    /// Proven lower bound, given the values of the entries before.
    pub bound: i64,
}

/// Conservation: requests = placed + unplaced + excluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct Counts {
    pub requests: usize,
    pub placed: usize,
    pub unplaced: usize,
    pub excluded: usize,
    /// By tier code as given, the excluded left out.
    pub by_tier: BTreeMap<String, TierCounts>,
}

/// Counts of one tier, the excluded left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct TierCounts {
    pub requests: usize,
    pub placed: usize,
    pub unplaced: usize,
}

/// The policy that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of SPEC section 6, under the same names")]
pub struct PolicyRecord {
    pub name: String,
    pub version: String,
    pub approved_by: String,
}

/// The overrides of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// First plannable date, after `--start`.
    pub start: NaiveDate,
    /// The moment the book was read, after `--as-of`, as ISO text.
    pub as_of: String,
    /// Whether additional sessions could be used.
    pub additional: bool,
    /// Folder given as `--previous`, as typed.
    pub previous: Option<String>,
    /// Call lists given as `--outcomes`, as typed, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<String>,
    /// Whether the run was interrupted, by `--time-limit` or by the user.
    pub interrupted: bool,
}

/// A request that stands elsewhere in another plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffRow {
    /// The request.
    pub request_id: String,
    /// Whose.
    pub patient_id: String,
    /// Tier code; none where it is excluded in both plans.
    pub tier: Option<String>,
    /// `earlier`, `later` or `moved` (on the same date); `gains-place`, `loses-place`, or `set-aside` where it is not
    /// planned any more (booked since, most often); or `status` alone.
    pub change: &'static str,
    /// In the plan before.
    pub before: DiffStand,
    /// In the plan after.
    pub after: DiffStand,
}

/// Where a request stands in a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DiffStand {
    /// `placed`, `unplaced`, `excluded` or `absent`.
    pub status: &'static str,
    /// Local time.
    pub start: Option<NaiveDateTime>,
    /// Which session.
    pub session_id: Option<String>,
    /// With whom.
    pub practitioner_id: Option<String>,
    /// Where.
    pub site_id: Option<String>,
    /// Days after the target date.
    pub days_late: Option<u32>,
}

/// The four output files of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanFiles {
    /// `plan.csv`.
    pub plan: Vec<PlanRow>,
    /// `unplaced.csv`.
    pub unplaced: Vec<UnplacedRow>,
    /// `excluded.csv`.
    pub excluded: Vec<ExcludedRow>,
    /// `summary.json`.
    pub summary: Summary,
}
