//! The columns of every table: the one place that names, types and explains them.
//!
//! The readers take types, limits and allowed words from here, the writers the order of the columns, and
//! `rebook schema` prints it.

use crate::model::{
    CancelledBy, ContactRoute, Continuity, DeliveryChannel, GenderWish, Outcome, Reconciliation,
};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An identifier: never a number, even where it consists of digits.
    Id,
    /// Free text or a code of the policy.
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DDTHH:MM`.
    Moment,
    /// A whole number within limits, both in.
    Whole(u32, u32),
    /// A decimal number within limits, both in, in thousandths.
    Decimal(i64, i64),
    /// `true`/`false`, `yes`/`no`, `1`/`0` in any case.
    Boolean,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words.
    Words(&'static [&'static str]),
    /// A list of tags, codes or ids.
    Tags,
    /// A list of dates and ranges of dates.
    Dates,
    /// Weekly windows.
    Windows,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// As in the header.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether the column and every cell of it must be there.
    pub required: bool,
    /// What an empty cell means, in words; empty where it is required.
    pub default: &'static str,
    /// What it is.
    pub description: &'static str,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its file.
    pub file: &'static str,
    /// What a row is.
    pub description: &'static str,
    /// The column whose values are unique.
    pub key: Option<&'static str>,
    /// In the order in which they are written.
    pub columns: &'static [Column],
}

const fn required(name: &'static str, kind: Kind, description: &'static str) -> Column {
    Column { name, kind, required: true, default: "", description }
}

const fn optional(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    description: &'static str,
) -> Column {
    Column { name, kind, required: false, default, description }
}

/// States of a slot, with the one that means that there is no slot.
const SLOT_STATUS: &[&str] = &["free", "busy", "busy-unavailable", "busy-tentative", ENTERED_IN_ERROR];

/// What FHIR R4 knows of a person's gender; all but those that can be asked for count as unknown.
pub const GENDERS: &[&str] = &["female", "male", "other", "unknown"];

/// The status of a slot that is none.
pub const ENTERED_IN_ERROR: &str = "entered-in-error";

/// The label that makes a slot open although its session is reserved.
pub const OPEN: &str = "open";

/// The most days that any number of days may be.
pub const MOST_DAYS: u32 = 3660;

/// `requests.csv`.
pub static REQUESTS: Table = Table {
    file: "requests.csv",
    description: "One row per cancelled appointment that may need a new place",
    key: Some("request_id"),
    columns: &[
        required("request_id", Kind::Id, "Unique name of the request"),
        required("patient_id", Kind::Id, "Pseudonym of the patient, the same in every table"),
        required("site_id", Kind::Id, "The patient's own site"),
        required("care_type", Kind::Text, "A care type of the policy"),
        optional("priority", Kind::Text, "the care type's priority", "A tier code of the policy"),
        optional("duration_minutes", Kind::Whole(1, 480), "the care type's", "Length needed"),
        required("original_start", Kind::Moment, "Start of the cancelled appointment"),
        optional("waiting_since", Kind::Date, "the date of original_start", "Date the wait began"),
        optional("earliest_date", Kind::Date, "none", "First date that will do"),
        optional("due_date", Kind::Date, "none", "Date by which it is due"),
        optional("latest_date", Kind::Date, "none", "Last date that will do"),
        optional(
            "delivery_channels",
            Kind::Words(DeliveryChannel::TEXTS),
            "the care type's",
            "Ways it can be held, best first; replaces the care type's",
        ),
        optional("preferred_practitioner_id", Kind::Id, "none", "Whom the patient knows"),
        optional(
            "continuity",
            Kind::Word(Continuity::TEXTS),
            "preferred where a practitioner is named, else none",
            "How much the preferred practitioner matters",
        ),
        optional(
            "practitioner_gender",
            Kind::Word(GenderWish::TEXTS),
            "any",
            "Practitioner's gender asked for",
        ),
        optional("needs", Kind::Tags, "none", "What the practitioner, site or session must offer"),
        optional("available", Kind::Windows, "any time", "When the patient can come, week by week"),
        optional("unavailable_dates", Kind::Dates, "none", "Dates on which the patient cannot come"),
        optional("after_request_id", Kind::Id, "none", "This one comes after that one"),
        optional("after_min_days", Kind::Whole(0, MOST_DAYS), "5", "By at least so many days"),
        optional("after_max_days", Kind::Whole(0, MOST_DAYS), "21", "By at most so many days"),
        optional("together_id", Kind::Id, "none", "Rows with the same id are booked as one visit"),
        optional("contact_route", Kind::Word(ContactRoute::TEXTS), "phone", "How the patient is told"),
        optional("sms_permitted", Kind::Boolean, "false", "Whether text messages are permitted"),
        optional(
            "safe_to_contact",
            Kind::Boolean,
            "true",
            "Whether anybody but a clinician may make contact",
        ),
        optional(
            "reconciliation",
            Kind::Word(Reconciliation::TEXTS),
            "unknown (kept, flagged check-first)",
            "What became of the request since",
        ),
        optional("cancelled_by", Kind::Word(CancelledBy::TEXTS), "unknown", "Who cancelled"),
        optional("times_cancelled", Kind::Whole(0, 1000), "1", "How often it has been cancelled"),
        optional(
            "imd_decile",
            Kind::Whole(1, 10),
            "unknown",
            "Deprivation, 1 = most deprived, for equity reports",
        ),
        optional("flags", Kind::Tags, "none", "Tags for equity reports and policy weights"),
    ],
};

/// `sessions.csv`.
pub static SESSIONS: Table = Table {
    file: "sessions.csv",
    description: "One row per clinic session",
    key: Some("session_id"),
    columns: &[
        required("session_id", Kind::Id, "Unique name of the session"),
        required("practitioner_id", Kind::Id, "Who holds it"),
        required("site_id", Kind::Id, "Where"),
        required("start", Kind::Moment, "Local time"),
        required("end", Kind::Moment, "Local time, same day"),
        optional(
            "slot_minutes",
            Kind::Whole(1, 480),
            "the policy's",
            "Length of its slots without slots.csv",
        ),
        optional(
            "delivery_channels",
            Kind::Words(DeliveryChannel::TEXTS),
            "in-person;telephone",
            "Ways its appointments can be held",
        ),
        optional("care_types", Kind::Tags, "all that the role may do", "Care types it takes"),
        optional("features", Kind::Tags, "none", "What it offers"),
        optional("reserved_for", Kind::Text, "open", "Label of its slots unless they say otherwise"),
        optional("max_contacts", Kind::Whole(0, 1000), "none", "Most contacts"),
        optional("additional", Kind::Boolean, "false", "Exists only if the planner buys it"),
        optional("cost", Kind::Decimal(0, 1_000_000_000), "unknown", "Pounds"),
    ],
};

/// `slots.csv`.
pub static SLOTS: Table = Table {
    file: "slots.csv",
    description: "One row per slot in the book from the plan's start on, free and busy",
    key: Some("slot_id"),
    columns: &[
        required("slot_id", Kind::Id, "Unique name of the slot"),
        required("session_id", Kind::Id, "Of which session"),
        required("start", Kind::Moment, "Local time"),
        required("duration_minutes", Kind::Whole(1, 1440), "Length; it ends on the same day"),
        optional("status", Kind::Word(SLOT_STATUS), "free", "State; entered-in-error = no slot"),
        optional("reserved_for", Kind::Text, "the session's", "Label; open = open whatever the session says"),
        optional("patient_id", Kind::Id, "unknown", "Who is in it"),
        optional("places", Kind::Whole(0, 1000), "an ordinary slot", "Places still free in a group slot"),
        optional("places_taken", Kind::Whole(0, 1000), "0", "People already in a group slot"),
        optional("practitioner_id", Kind::Id, "the session's", "Needed where sessions.csv is absent"),
        optional("site_id", Kind::Id, "the session's", "Needed where sessions.csv is absent"),
    ],
};

/// `clinicians.csv`.
pub static CLINICIANS: Table = Table {
    file: "clinicians.csv",
    description: "One row per practitioner",
    key: Some("practitioner_id"),
    columns: &[
        required("practitioner_id", Kind::Id, "Unique name of the practitioner"),
        required("role", Kind::Text, "Role code, as in the policy"),
        optional("gender", Kind::Word(GENDERS), "unknown", "Unknown fits only requests that ask for any"),
        optional(
            "skills",
            Kind::Tags,
            "none",
            "What the practitioner may do or speaks; not listed = not there",
        ),
        optional(
            "max_contacts_day",
            Kind::Whole(0, 1000),
            "the policy's for the role",
            "Most contacts a day",
        ),
        optional("duration_multiplier", Kind::Decimal(100, 10_000), "1", "Factor of the minutes needed"),
        optional("leave", Kind::Dates, "none", "Days away"),
    ],
};

/// `sites.csv`.
pub static SITES: Table = Table {
    file: "sites.csv",
    description: "One row per site",
    key: Some("site_id"),
    columns: &[
        required("site_id", Kind::Id, "Unique name of the site"),
        optional("name", Kind::Text, "none", "Full name"),
        optional("practice", Kind::Text, "none", "Practice code; sites of one practice serve each other"),
        optional("pcn", Kind::Text, "none", "Primary care network"),
        optional("icb", Kind::Text, "none", "Integrated care board"),
        optional("region", Kind::Text, "none", "Region"),
        optional("hub", Kind::Boolean, "false", "Serves other sites"),
        optional("serves", Kind::Tags, "for a hub every site of its network", "Site ids that a hub serves"),
        optional("features", Kind::Tags, "none", "Such as step-free; not listed = not there"),
        optional("closed_dates", Kind::Dates, "none", "Days shut"),
        optional(
            "calls_per_day",
            Kind::Whole(0, 100_000),
            "no limit",
            "Calls that can be made on a calling day",
        ),
        optional("latitude", Kind::Decimal(-90_000, 90_000), "unknown", "Degrees"),
        optional("longitude", Kind::Decimal(-180_000, 180_000), "unknown", "Degrees"),
    ],
};

/// `plan.csv`.
pub static PLAN: Table = Table {
    file: "plan.csv",
    description: "One row per request that has a place",
    key: Some("request_id"),
    columns: &[
        required("call_order", Kind::Whole(0, u32::MAX), "Order in which patients are told"),
        optional("call_by", Kind::Date, "not told by phone", "Day by which the call is made"),
        required("request_id", Kind::Id, "The request"),
        required("patient_id", Kind::Id, "Pseudonym of the patient"),
        required("tier", Kind::Text, "Tier code"),
        required("rank", Kind::Whole(1, u32::MAX), "1 = the most urgent that is scheduled"),
        required("target_date", Kind::Date, "Date by which it should be"),
        optional("latest_date", Kind::Date, "none", "Last date that will do"),
        required("session_id", Kind::Id, "The session"),
        required("slot_ids", Kind::Tags, "The slots, in order"),
        required("practitioner_id", Kind::Id, "Who"),
        required("site_id", Kind::Id, "Where"),
        required("start", Kind::Moment, "Local time"),
        required("end", Kind::Moment, "Local time"),
        required("delivery_channel", Kind::Word(DeliveryChannel::TEXTS), "How it is held"),
        required("contact_route", Kind::Word(ContactRoute::TEXTS), "How the patient is told"),
        required("days_late", Kind::Whole(0, u32::MAX), "Days after the target date"),
        required("status", Kind::Text, "Always proposed: only the practice books"),
        optional("flags", Kind::Tags, "none", "Such as check-first and window-passed"),
        optional("reason", Kind::Text, "none", "Why this place"),
    ],
};

/// `unplaced.csv`.
pub static UNPLACED: Table = Table {
    file: "unplaced.csv",
    description: "One row per request without a place",
    key: Some("request_id"),
    columns: &[
        required("request_id", Kind::Id, "The request"),
        required("patient_id", Kind::Id, "Pseudonym of the patient"),
        required("tier", Kind::Text, "Tier code"),
        required("rank", Kind::Whole(1, u32::MAX), "1 = the most urgent that is scheduled"),
        required("windowed", Kind::Boolean, "Whether it has a hard last date within the plan"),
        required("target_date", Kind::Date, "Date by which it should be"),
        optional("latest_date", Kind::Date, "none", "Last date that will do"),
        required("reason_code", Kind::Text, "Why it has no place"),
        optional("reason", Kind::Text, "none", "Why, in words"),
        optional("smallest_change", Kind::Text, "none found", "A change that would place it"),
    ],
};

/// `excluded.csv`.
pub static EXCLUDED: Table = Table {
    file: "excluded.csv",
    description: "One row per request that was set aside before planning",
    key: None,
    columns: &[
        optional("request_id", Kind::Text, "unreadable", "The request"),
        optional("patient_id", Kind::Text, "unreadable", "Pseudonym of the patient"),
        required("reason_code", Kind::Text, "Why it was set aside"),
        optional("field", Kind::Text, "none", "The column concerned"),
        optional("detail", Kind::Text, "none", "What was found"),
        required("line", Kind::Whole(1, u32::MAX), "Line of requests.csv, header = 1"),
    ],
};

/// A call list that somebody has filled in: the columns that are read back.
pub static CALL_LIST: Table = Table {
    file: "call-list.csv",
    description: "One row per call",
    key: Some("request_id"),
    columns: &[
        required("request_id", Kind::Id, "The request"),
        optional("patient_id", Kind::Id, "not compared", "Pseudonym of the patient"),
        optional("slot_ids", Kind::Tags, "the plan's", "The slots proposed, in order"),
        optional("alternative_1_slots", Kind::Tags, "none", "The first alternative offered"),
        optional("alternative_2_slots", Kind::Tags, "none", "The second alternative offered"),
        optional("outcome", Kind::Word(Outcome::TEXTS), "not called yet", "What came of the call"),
        optional("can_come", Kind::Windows, "as before", "When the patient can come"),
        optional("cannot_come", Kind::Dates, "none", "When the patient cannot come"),
    ],
};

/// What differs between two plans.
pub static DIFF: Table = Table {
    file: "diff.csv",
    description: "One row per request that stands elsewhere in the second plan",
    key: None,
    columns: &[
        optional("request_id", Kind::Text, "unreadable", "The request"),
        optional("patient_id", Kind::Text, "unreadable", "Pseudonym of the patient"),
        optional("tier", Kind::Text, "not planned in either", "Tier code"),
        required("change", Kind::Word(DIFF_CHANGES), "What becomes of its place"),
        required("before_status", Kind::Word(DIFF_STATUS), "In the plan before"),
        required("after_status", Kind::Word(DIFF_STATUS), "In the plan after"),
        optional("before_start", Kind::Moment, "no place", "Local time"),
        optional("after_start", Kind::Moment, "no place", "Local time"),
        optional("before_session_id", Kind::Id, "no place", "The session"),
        optional("after_session_id", Kind::Id, "no place", "The session"),
        optional("before_practitioner_id", Kind::Id, "no place", "Who"),
        optional("after_practitioner_id", Kind::Id, "no place", "Who"),
        optional("before_site_id", Kind::Id, "no place", "Where"),
        optional("after_site_id", Kind::Id, "no place", "Where"),
        optional("before_days_late", Kind::Whole(0, u32::MAX), "no place", "Days after the target date"),
        optional("after_days_late", Kind::Whole(0, u32::MAX), "no place", "Days after the target date"),
    ],
};

/// What can become of a place from one plan to another.
const DIFF_CHANGES: &[&str] =
    &["earlier", "later", "moved", "gains-place", "loses-place", "set-aside", "status"];

/// Where a request can stand in a plan.
const DIFF_STATUS: &[&str] = &["placed", "unplaced", "excluded", "absent"];

/// The tables of a case.
pub static CASE: [&Table; 5] = [&REQUESTS, &SLOTS, &SESSIONS, &CLINICIANS, &SITES];

/// The tables of a plan.
pub static PLAN_TABLES: [&Table; 3] = [&PLAN, &UNPLACED, &EXCLUDED];

impl Table {
    /// The file that may stand in place of [`Self::file`].
    pub fn parquet_file(&self) -> String {
        format!("{}.parquet", self.name())
    }

    /// What it is called where it is not a file.
    pub fn name(&self) -> &'static str {
        self.file.trim_end_matches(".csv")
    }

    /// Position of the column with this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
