//! A policy as meant: every default filled in, every reference checked.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::request::{ContactRoute, DeliveryChannel};
use crate::calendar::WorkingDays;

/// Tiers, care types, weights and limits (SPEC section 1, `policy.toml`).
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Printed on every output.
    pub name: String,
    /// Printed on every output.
    pub version: String,
    /// Printed on every output; empty = not approved.
    pub approved_by: String,
    /// First plannable date.
    pub start: NaiveDate,
    /// The moment the book was read.
    pub as_of: NaiveDateTime,
    /// Plannable dates: `start ..= start + horizon_days - 1`; at least 1.
    pub horizon_days: u32,
    /// An unplaced request counts as seen this many days after the last plannable date.
    pub unplaced_days: u32,
    /// Points for each day of waiting, at least 1.
    pub wait_per_day: u32,
    /// Minutes between two appointments of one patient at different sites.
    pub travel_minutes: u32,
    /// Longest gap inside a visit.
    pub together_gap_minutes: u32,
    /// Length of a slot where a session does not say.
    pub slot_minutes: u32,
    /// Position among the scheduled tiers whose rank is the last before `window` in the objective.
    pub window_rank: u32,
    /// Whether a request whose window has passed is still planned.
    pub place_after_window: bool,
    /// Needs of the place, which a telephone or video appointment does not have.
    pub place_needs: Vec<String>,
    /// As written.
    pub bank_holidays: BankHolidays,
    /// Cap of a request's weight, percent.
    pub max_weight: u32,
    /// Notice by effective contact route.
    pub min_notice_hours: NoticeHours,
    /// In order of urgency.
    pub tiers: Vec<Tier>,
    /// Ascending by code.
    pub care_types: Vec<CareType>,
    /// Contacts a day, by role.
    pub max_contacts_day: BTreeMap<String, u32>,
    /// Open free minutes kept for new demand; at most one for each role.
    pub reserves: Vec<Reserve>,
    /// Points beside waiting.
    pub inconvenience: Inconvenience,
    /// Factors of a request's weight.
    pub weights: Vec<FlagWeight>,
}

impl Policy {
    /// The date so many days after the plan's start.
    pub fn date_of(&self, day: u32) -> NaiveDate {
        self.start + chrono::Days::new(u64::from(day))
    }

    /// The last plannable date.
    pub fn last_date(&self) -> NaiveDate {
        self.start + chrono::Days::new(u64::from(self.horizon_days) - 1)
    }

    /// The day, from the plan's start, on which a request without a place counts as seen.
    pub fn unplaced_day(&self) -> i64 {
        i64::from(self.horizon_days) - 1 + i64::from(self.unplaced_days)
    }

    /// The calendar of working days.
    pub fn working_days(&self) -> WorkingDays {
        match &self.bank_holidays {
            BankHolidays::England => WorkingDays::new(crate::calendar::england_bank_holidays().to_vec()),
            BankHolidays::Listed(dates) => WorkingDays::new(dates.clone()),
        }
    }

    /// The tier with this code.
    pub fn tier(&self, code: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.code == code)
    }
}

/// Which bank holidays count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BankHolidays {
    /// The bundled list.
    England,
    /// These.
    Listed(Vec<NaiveDate>),
}

/// Hours between `as_of` and the earliest start, by effective contact route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeHours {
    /// For routes that have no entry of their own.
    pub default: u32,
    /// By route.
    pub by_route: BTreeMap<ContactRoute, u32>,
}

impl NoticeHours {
    /// Hours of notice for this effective route.
    pub fn of(&self, route: ContactRoute) -> u32 {
        self.by_route.get(&route).copied().unwrap_or(self.default)
    }
}

/// A tier's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Calendar days.
    Days(u32),
    /// Working days; 0 = the date itself if it is one, else the next.
    WorkingDays(u32),
}

/// The date a target counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetFrom {
    /// The plan's start.
    Start,
    /// The date the wait began.
    WaitingSince,
}

/// A tier of urgency, as clinicians assign it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// As in `requests.csv`.
    pub code: String,
    /// Days to the target.
    pub target: Target,
    /// Counted from.
    pub target_from: TargetFrom,
    /// `reserved_for` labels that its requests may take besides open slots.
    pub may_use: Vec<String>,
    /// False: never planned, listed first as `escalate-now`.
    pub schedule: bool,
    /// Reached by phone whatever the route asked for.
    pub call: bool,
    /// Not bound by the reserve and not held back by a visit.
    pub urgent: bool,
    /// Same rank as the tier before.
    pub shares_rank: bool,
    /// Percent.
    pub weight: u32,
    /// Waiting this long lifts one rank; 0 = never.
    pub escalate_after_days: u32,
    /// The tier's own notice, before that of the route.
    pub min_notice_hours: Option<u32>,
}

/// A kind of appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareType {
    /// As in `requests.csv`.
    pub code: String,
    /// Who may do it, best first; nobody else may.
    pub roles: Vec<String>,
    /// Default length.
    pub duration_minutes: u32,
    /// Best first.
    pub delivery_channels: Vec<DeliveryChannel>,
    /// Default tier code.
    pub priority: Option<String>,
    /// Tags always needed.
    pub needs: Vec<String>,
    /// Minute of the day at or after which it starts.
    pub start_after: Option<u32>,
    /// Minute of the day at or before which it ends.
    pub finish_by: Option<u32>,
}

/// A part of each day's open free minutes of a role kept for new demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    /// The role.
    pub role: String,
    /// 0 to 1.
    pub fraction: Decimal,
}

/// Points beside `wait_per_day`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inconvenience {
    /// Continuity preferred, and somebody else.
    pub other_practitioner: u32,
    /// In person at another than the patient's own site.
    pub other_site: u32,
    /// Times the position of the practitioner's role in the care type's list.
    pub role_step: u32,
    /// For each minute of the slots taken beyond the minutes needed.
    pub wasted_minute: u32,
    /// In another session or at another start than in the previous plan.
    pub moved: u32,
}

/// A factor of the weight of requests that carry a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagWeight {
    /// The flag.
    pub flag: String,
    /// At least 1.
    pub percent: u32,
}
