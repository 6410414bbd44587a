//! The appointment book: sessions, slots, clinicians and sites.

use chrono::NaiveDateTime;
use compact_str::CompactString;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::request::{DeliveryChannel, coded};
use crate::calendar::DateSet;
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx};

coded!(
    /// The state of a slot (FHIR R4 `Slot.status`).
    SlotStatus {
        /// Bookable.
        Free = "free",
        /// Booked.
        Busy = "busy",
        /// Blocked: nobody is booked and nobody may be.
        BusyUnavailable = "busy-unavailable",
        /// Offered and not yet confirmed: counts as booked.
        BusyTentative = "busy-tentative",
    }
);

impl SlotStatus {
    /// Whether a patient is or may be in it: `busy` or `busy-tentative`.
    pub fn is_taken(self) -> bool {
        matches!(self, Self::Busy | Self::BusyTentative)
    }
}

coded!(
    /// A practitioner's gender, where known.
    Gender {
        /// A woman.
        Female = "female",
        /// A man.
        Male = "male",
    }
);

/// A clinic session of one practitioner at one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Unique.
    pub session_id: String,
    /// Whose.
    pub clinician: ClinicianIdx,
    /// Where.
    pub site: SiteIdx,
    /// Local time; the first slot's where the session is derived from `slots.csv`.
    pub start: NaiveDateTime,
    /// Local time, same day.
    pub end: NaiveDateTime,
    /// Channels it is held by.
    pub delivery_channels: Vec<DeliveryChannel>,
    /// Care type codes; empty = all that the role may do.
    pub care_types: Vec<String>,
    /// Tags.
    pub features: Vec<String>,
    /// Label of its slots unless they say otherwise; `None` = open.
    pub reserved_for: Option<String>,
    /// Most contacts.
    pub max_contacts: Option<u32>,
    /// Exists only if the planner buys it.
    pub additional: bool,
    /// Pounds.
    pub cost: Option<Decimal>,
}

/// A slot of a session. Slots `entered-in-error` are not in the model.
///
/// There are millions of them, so short ids stand in the slot itself and not each in a piece of memory of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Unique.
    pub slot_id: CompactString,
    /// Of which session.
    pub session: SessionIdx,
    /// Local time.
    pub start: NaiveDateTime,
    /// At least 1.
    pub duration_minutes: u32,
    /// State.
    pub status: SlotStatus,
    /// Label, the session's filled in; `None` = open.
    pub reserved_for: Option<String>,
    /// Who is in it, where it is taken and the book says.
    pub patient_id: Option<CompactString>,
    /// `None` = an ordinary slot; a number = a group slot with so many places still free.
    pub places: Option<u32>,
    /// People already in a group slot.
    pub places_taken: u32,
}

impl Slot {
    /// Places that are still free in it: one in an ordinary slot that is free.
    pub fn places_free(&self) -> u32 {
        if self.status == SlotStatus::Free { self.places.unwrap_or(1) } else { 0 }
    }

    /// Local time at which it ends.
    pub fn end(&self) -> NaiveDateTime {
        self.start + chrono::TimeDelta::minutes(i64::from(self.duration_minutes))
    }
}

/// A practitioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clinician {
    /// Unique.
    pub practitioner_id: String,
    /// Role code, as in the policy.
    pub role: String,
    /// Unknown fits only `any`.
    pub gender: Option<Gender>,
    /// Tags.
    pub skills: Vec<String>,
    /// Contacts a day; `None` = the policy's for the role.
    pub max_contacts_day: Option<u32>,
    /// Factor of the minutes needed.
    pub duration_multiplier: Decimal,
    /// Days away.
    pub leave: DateSet,
}

impl Clinician {
    /// Minutes that an appointment of so many takes with this practitioner: ceil(minutes x `duration_multiplier`).
    pub fn minutes_for(&self, minutes: u32) -> u32 {
        if self.duration_multiplier == Decimal::ONE {
            return minutes;
        }
        (Decimal::from(minutes) * self.duration_multiplier).ceil().to_u32().unwrap_or(u32::MAX)
    }
}

/// A place where care is given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Site {
    /// Unique.
    pub site_id: String,
    /// False where only a request names it, or `sites.csv` is not given.
    pub listed: bool,
    /// Full name.
    pub name: Option<String>,
    /// Practice code.
    pub practice: Option<String>,
    /// Primary care network.
    pub pcn: Option<String>,
    /// Integrated care board.
    pub icb: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Serves other sites.
    pub hub: bool,
    /// Site ids; empty for a hub = every site of its PCN.
    pub serves: Vec<String>,
    /// Tags.
    pub features: Vec<String>,
    /// Days shut.
    pub closed_dates: DateSet,
    /// Calls that can be made on a calling day.
    pub calls_per_day: Option<u32>,
    /// Degrees.
    pub latitude: Option<Decimal>,
    /// Degrees.
    pub longitude: Option<Decimal>,
}

impl Site {
    /// What people call it: its name, or its id where it has none.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.site_id)
    }
}
