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
    RouteSafe = "1 safe_to_contact",
    RouteCall = "1 call",
    RouteText = "1 sms_permitted",
    SharesRank = "2 shares_rank",
    Escalation = "2 escalation",
    EscalationLimit = "2 never better than rank 2",
    WorkingDays = "2 working days",
    WaitingSince = "2 target_from waiting_since",
    PassedTarget = "2 target of a passed window",
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
    GenderUnknown = "3.1 unknown gender",
    Continuity = "3.1 continuity",
    Channel = "3.2 channel",
    ChannelOrder = "3.2 first of the list",
    Needs = "3.2 needs",
    CareNeeds = "3.2 needs of the care type",
    Skills = "3.2 skills",
    SiteFeatures = "3.2 features of the site",
    SessionFeatures = "3.2 features of the session",
    PlaceNeeds = "3.2 place_needs",
    Site = "3.3 site",
    Practice = "3.3 same practice",
    Hub = "3.3 hub",
    HubServes = "3.3 serves",
    HubNetwork = "3.3 hub of a network",
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
    RouteNotice = "3.5 notice by route",
    Available = "3.5 available",
    WholeInWindow = "3.5 whole appointment",
    StartAfter = "3.5 start_after",
    FinishBy = "3.5 finish_by",
    PatientBusy = "3.6 patient busy",
    PatientTravel = "3.6 patient travel",
    BusyTravelRemote = "3.6 no travel where not in person",
    Tentative = "3.6 busy-tentative",
    PractitionerBusy = "3.6 practitioner busy",
    Additional = "3.7 additional",
    SlotOnce = "4.1 slot",
    GroupCapacity = "4.1 places",
    PractitionerOverlap = "4.1 overlap",
    DayCap = "4.2 day cap",
    OwnCap = "4.2 cap of the practitioner",
    RoleCap = "4.2 cap of the role",
    DayCapBook = "4.2 contacts in the book",
    AdjacentContacts = "4.2 adjacent contacts are one",
    PlacesTaken = "4.2 places_taken",
    SessionCap = "4.2 session cap",
    Reserve = "4.3 reserve",
    ReserveUrgent = "4.3 urgent not bound",
    ReserveOpen = "4.3 open slots alone",
    ReserveDates = "4.3 date tests",
    ReserveAsOf = "4.3 from as_of on",
    ReservePlaces = "4.3 places",
    ReserveAdditional = "4.3 additional sessions",
    ReservePrevious = "4.3 previous rows",
    Calls = "4.4 calls",
    CallsStart = "4.4 start is a calling day",
    CallsWorkingDays = "4.4 working days",
    CallsPhone = "4.4 by phone alone",
    CallsOwnSite = "4.4 own site",
    CallsCarry = "4.4 on or before",
    PatientOverlap = "4.5 overlap",
    PatientApart = "4.5 travel",
    PatientRemote = "4.5 no travel where not in person",
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
    TierWeight = "5 weight of the tier",
    FlagWeight = "5 weight of flags",
    WeightFloor = "5 floored once",
    MaxWeight = "5 max_weight",
    UnplacedDays = "5 unplaced_days",
    WaitPerDay = "5 wait_per_day",
    WindowEntry = "5 window",
    OtherPractitioner = "5 other_practitioner",
    OtherSite = "5 other_site",
    RoleStep = "5 role_step",
    WastedMinute = "5 wasted_minute",
    GroupWaste = "5 nothing wasted in a group",
    Moved = "5 moved",
    OrderEntry = "5 order",
    OrderMost = "5 order at most 365",
    OrderLeast = "5 order at least 0",
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

    /// These, without this clause too.
    #[must_use]
    pub fn and_without(self, clause: Clause) -> Self {
        Self { off: self.off | 1 << clause as u32 }
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
