//! A row of `requests.csv`.

use chrono::{NaiveDate, NaiveDateTime};

use super::outcome::Outcome;
use crate::calendar::{Availability, DateSet};
use crate::issue::Issue;
use crate::units::{CareTypeIdx, SiteIdx};

/// Declares an enum whose variants have one text each, as the tables spell it.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Every text, in the same order.
            pub const TEXTS: &'static [&'static str] = &[$($text),+];

            /// As the tables spell it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value that the tables spell so.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use coded;

coded!(
    /// How an appointment is held.
    DeliveryChannel {
        /// At the site.
        InPerson = "in-person",
        /// By telephone.
        Telephone = "telephone",
        /// By video.
        Video = "video",
        /// At the patient's home.
        HomeVisit = "home-visit",
    }
);
coded!(
    /// Whether the preferred practitioner matters.
    Continuity {
        /// No.
        None = "none",
        /// Somebody else is an inconvenience.
        Preferred = "preferred",
        /// Nobody else will do.
        Required = "required",
    }
);
coded!(
    /// The practitioner's gender asked for.
    GenderWish {
        /// Anybody.
        Any = "any",
        /// A woman.
        Female = "female",
        /// A man.
        Male = "male",
    }
);
coded!(
    /// How the patient is told.
    ContactRoute {
        /// A call.
        Phone = "phone",
        /// A text message.
        Sms = "sms",
        /// A message in an app.
        App = "app",
        /// A letter.
        Letter = "letter",
        /// A clinician speaks to the patient.
        Clinician = "clinician",
    }
);
coded!(
    /// What became of the request since it was cancelled.
    Reconciliation {
        /// Still needs a place.
        NotSeen = "not-seen",
        /// Seen during the outage without an electronic trace.
        SeenOnPaper = "seen-on-paper",
        /// Seen by another service.
        SeenElsewhere = "seen-elsewhere",
        /// No longer needed.
        Resolved = "resolved",
        /// The patient does not want it.
        Declined = "declined",
        /// The patient has died.
        Died = "died",
        /// The patient has left the practice.
        Deregistered = "deregistered",
        /// Kept, and flagged `check-first`.
        Unknown = "unknown",
    }
);
coded!(
    /// Who cancelled.
    CancelledBy {
        /// The practice or hospital.
        Provider = "provider",
        /// The patient.
        Patient = "patient",
        /// Another service.
        OtherService = "other-service",
        /// The patient's death.
        Death = "death",
        /// Not known.
        Unknown = "unknown",
    }
);

/// One cancelled appointment that may need a new place, as read.
///
/// Defaults of the table are filled in; those of the care type are not (an empty `delivery_channels`, no
/// `duration_minutes` and no `priority` mean the care type's). A cell that cannot be read has its default here
/// and an entry in `defects`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Line of the file, header = 1.
    pub line: u64,
    /// Unique; empty where the cell is empty (then it has a defect).
    pub request_id: String,
    /// Pseudonymous.
    pub patient_id: String,
    /// The patient's own site; `None` only where unreadable.
    pub site: Option<SiteIdx>,
    /// `None` only where unreadable or not in the policy.
    pub care_type: Option<CareTypeIdx>,
    /// Tier code as given; it need not be one of the policy.
    pub priority: Option<String>,
    /// Minutes, 1 to 480.
    pub duration_minutes: Option<u32>,
    /// Of the cancelled appointment; `None` only where unreadable.
    pub original_start: Option<NaiveDateTime>,
    /// Date the wait began; `None` = the date of `original_start`.
    pub waiting_since: Option<NaiveDate>,
    /// First date that will do.
    pub earliest_date: Option<NaiveDate>,
    /// Date by which it is due.
    pub due_date: Option<NaiveDate>,
    /// Last date that will do.
    pub latest_date: Option<NaiveDate>,
    /// Best first; empty = the care type's.
    pub delivery_channels: Vec<DeliveryChannel>,
    /// Whom the patient knows.
    pub preferred_practitioner_id: Option<String>,
    /// How much that matters; the default by `preferred_practitioner_id` is filled in.
    pub continuity: Continuity,
    /// Practitioner's gender asked for.
    pub practitioner_gender: GenderWish,
    /// Tags needed besides the care type's.
    pub needs: Vec<String>,
    /// Weekly availability.
    pub available: Availability,
    /// Dates on which the patient cannot come.
    pub unavailable_dates: DateSet,
    /// This one comes after that one.
    pub after_request_id: Option<String>,
    /// By at least so many days.
    pub after_min_days: u32,
    /// By at most so many days.
    pub after_max_days: u32,
    /// Rows with the same id are booked as one visit.
    pub together_id: Option<String>,
    /// Asked for; see the effective route.
    pub contact_route: ContactRoute,
    /// Whether text messages are permitted.
    pub sms_permitted: bool,
    /// Whether anybody but a clinician may make contact.
    pub safe_to_contact: bool,
    /// What became of it.
    pub reconciliation: Reconciliation,
    /// Who cancelled.
    pub cancelled_by: CancelledBy,
    /// How often it has been cancelled.
    pub times_cancelled: u32,
    /// What came of the last call, where a call list says so; not a column of the table.
    pub outcome: Option<Outcome>,
    /// 1 (most deprived) to 10.
    pub imd_decile: Option<u8>,
    /// Tags for equity reports and policy weights.
    pub flags: Vec<String>,
    /// Cells that planning needs and that could not be read.
    pub defects: Vec<Issue>,
    /// The trimmed known cells, in the order of the schema: equal content under one id is a duplicate.
    pub content: String,
    /// Unknown columns to carry over, in the order of `Case::kept_columns`.
    pub kept: Vec<String>,
}
