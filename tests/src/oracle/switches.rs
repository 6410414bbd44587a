//! The clauses of the SPEC, each of which can be switched off to see on which cases it is decisive.

/// Declares the clauses with their codes.
macro_rules! clauses {
    ($($variant:ident = $code:literal),+ $(,)?) => {
        /// A clause of the SPEC; the code begins with its section.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the code says what the clause is")]
        pub enum Clause { $($variant),+ }

        impl Clause {
            /// Every clause, in the order of the SPEC.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Section and a word.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

clauses! {
    SharesRank = "2 shares_rank",
    Escalation = "2 escalation",
    WindowPassed = "2 place_after_window",
    DueDate = "2 due_date",
    TargetLatest = "2 target at most latest",
    TargetEarliest = "2 target at least earliest",
    Multiplier = "2 duration_multiplier",
    Free = "3.0 free",
    Label = "3.0 label",
    MayUse = "3.0 may_use",
    Contiguous = "3.0 consecutive",
    Shortest = "3.0 shortest",
    GroupAlone = "3.0 group slot alone",
    GroupPlaces = "3.0 group slot has places",
    Role = "3.1 role",
    Gender = "3.1 gender",
    Continuity = "3.1 continuity",
    Channel = "3.2 channel",
    Needs = "3.2 needs",
    PlaceNeeds = "3.2 place_needs",
    Site = "3.3 site",
    Practice = "3.3 same practice",
    Hub = "3.3 hub",
    SessionCareTypes = "3.3 care_types",
    Horizon = "3.4 plannable range",
    Earliest = "3.4 earliest_date",
    Latest = "3.4 latest_date",
    Unavailable = "3.4 unavailable_dates",
    Leave = "3.4 leave",
    Closed = "3.4 closed_dates",
    BankHoliday = "3.4 bank holiday",
    BankHolidayAdditional = "3.4 additional on a bank holiday",
    Notice = "3.5 notice",
    TierNotice = "3.5 notice of the tier",
    Available = "3.5 available",
    StartAfter = "3.5 start_after",
    FinishBy = "3.5 finish_by",
    PatientBusy = "3.6 patient busy",
    PatientTravel = "3.6 patient travel",
    PractitionerBusy = "3.6 practitioner busy",
    Additional = "3.7 additional",
    SlotOnce = "4.1 slot",
    GroupCapacity = "4.1 places",
    PractitionerOverlap = "4.1 overlap",
    DayCap = "4.2 day cap",
    DayCapBook = "4.2 contacts in the book",
    AdjacentContacts = "4.2 adjacent contacts are one",
    PlacesTaken = "4.2 places_taken",
    SessionCap = "4.2 session cap",
    Reserve = "4.3 reserve",
    ReserveUrgent = "4.3 urgent not bound",
    ReservePrevious = "4.3 previous rows",
    Calls = "4.4 calls",
    CallsStart = "4.4 start is a calling day",
    PatientOverlap = "4.5 overlap",
    PatientApart = "4.5 travel",
    LinkPlaced = "4.6 only if placed",
    LinkMin = "4.6 min days",
    LinkMax = "4.6 max days",
    LinkSameDate = "4.6 not before it ended",
    LinkMet = "4.6 met when seen",
    LinkBooked = "4.6 days from the booked date",
    LinkExcluded = "4.6 after-excluded",
    VisitAll = "4.7 all or none",
    VisitPlace = "4.7 one site, one date",
    VisitOverlap = "4.7 no overlap",
    VisitSharing = "4.7 sharing a group slot",
    VisitGap = "4.7 gap",
    VisitUrgent = "4.7 urgent on its own",
    Weights = "5 weight",
    WindowEntry = "5 window",
    OtherPractitioner = "5 other_practitioner",
    OtherSite = "5 other_site",
    RoleStep = "5 role_step",
    WastedMinute = "5 wasted_minute",
    Moved = "5 moved",
    OrderEntry = "5 order",
}

/// Which clauses hold: all of them, unless switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Switches {
    off: u128,
}

impl Switches {
    /// Everything holds, as the SPEC says.
    pub const ALL_ON: Self = Self { off: 0 };

    /// Everything but this clause.
    pub fn without(clause: Clause) -> Self {
        Self { off: 1 << clause as u32 }
    }

    /// Whether the clause holds.
    pub fn on(self, clause: Clause) -> bool {
        self.off & (1 << clause as u32) == 0
    }

    /// Whether the clause is switched off.
    pub fn off(self, clause: Clause) -> bool {
        !self.on(clause)
    }
}
