//! The rules of SPEC section 3 by name.

/// A rule that a candidate must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// 3.1: the practitioner's role may do this care type.
    Role,
    /// 3.1: the gender asked for.
    Gender,
    /// 3.1: continuity required.
    Continuity,
    /// 3.2: a channel that the session has and for which every need is met.
    Channel,
    /// 3.3: own site, own practice, or a hub that serves it.
    Site,
    /// 3.3: the session takes this care type.
    CareType,
    /// 3.4: inside the plannable range.
    Range,
    /// 3.4: not before `earliest_date`.
    Earliest,
    /// 3.4: not after `latest_date`.
    Latest,
    /// 3.4: not on a date on which the patient cannot come.
    UnavailableDate,
    /// 3.4: the practitioner is not on leave.
    Leave,
    /// 3.4: the site is not closed.
    Closed,
    /// 3.4: not a bank holiday.
    BankHoliday,
    /// 3.5: notice.
    Notice,
    /// 3.5: inside the patient's availability.
    Availability,
    /// 3.5: the care type's times of day.
    TimeOfDay,
    /// 3.6: the patient's other bookings.
    PatientBusy,
    /// 3.6: the practitioner's other bookings.
    PractitionerBusy,
    /// 3.7: additional sessions only where the run asks for them.
    Additional,
    /// Slots kept under a label that the tier may not use.
    Label,
    /// No run of free slots that is long enough.
    Run,
}

impl Rule {
    /// Every rule, in order.
    pub const ALL: &'static [Self] = &[
        Self::Role,
        Self::Gender,
        Self::Continuity,
        Self::Channel,
        Self::Site,
        Self::CareType,
        Self::Range,
        Self::Earliest,
        Self::Latest,
        Self::UnavailableDate,
        Self::Leave,
        Self::Closed,
        Self::BankHoliday,
        Self::Notice,
        Self::Availability,
        Self::TimeOfDay,
        Self::PatientBusy,
        Self::PractitionerBusy,
        Self::Additional,
        Self::Label,
        Self::Run,
    ];

    /// A stable code, for `reason_code` details.
    pub fn code(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Gender => "gender",
            Self::Continuity => "continuity",
            Self::Channel => "channel-or-need",
            Self::Site => "site",
            Self::CareType => "session-care-type",
            Self::Range => "plannable-range",
            Self::Earliest => "earliest-date",
            Self::Latest => "latest-date",
            Self::UnavailableDate => "unavailable-date",
            Self::Leave => "leave",
            Self::Closed => "closed",
            Self::BankHoliday => "bank-holiday",
            Self::Notice => "notice",
            Self::Availability => "availability",
            Self::TimeOfDay => "time-of-day",
            Self::PatientBusy => "patient-busy",
            Self::PractitionerBusy => "practitioner-busy",
            Self::Additional => "additional-session",
            Self::Label => "reserved-slots",
            Self::Run => "no-free-run",
        }
    }

    /// What is in the way, in words that finish "not possible because ...".
    pub fn words(self) -> &'static str {
        match self {
            Self::Role => "the practitioner's role does not do this kind of appointment",
            Self::Gender => "the practitioner is not of the gender asked for",
            Self::Continuity => "only the preferred practitioner will do",
            Self::Channel => "a need is not met there, or it is not held by a channel that suits",
            Self::Site => "the site does not serve this patient",
            Self::CareType => "the session does not take this kind of appointment",
            Self::Range => "the date is outside the plan",
            Self::Earliest => "it is before the earliest date",
            Self::Latest => "it is after the latest date",
            Self::UnavailableDate => "the patient cannot come on that date",
            Self::Leave => "the practitioner is on leave",
            Self::Closed => "the site is closed",
            Self::BankHoliday => "it is a bank holiday",
            Self::Notice => "the notice would be too short",
            Self::Availability => "the patient is not available at that time",
            Self::TimeOfDay => "this kind of appointment is not held at that time of day",
            Self::PatientBusy => "the patient has another booking then",
            Self::PractitionerBusy => "the practitioner is booked elsewhere then",
            Self::Additional => "the extra session has not been bought",
            Self::Label => "the free slots are kept for others",
            Self::Run => "no free slots in a row are long enough",
        }
    }
}
