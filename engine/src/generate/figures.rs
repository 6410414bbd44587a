//! What the generator is calibrated on: every figure with its source. Shares are out of ten thousand.
//!
//! "GPAD" is NHS England's Appointments in General Practice; "34 areas" are the 34 of 42 areas whose monthly
//! counts by professional, mode, lead time and status for March to August 2021 (105 million appointments) were
//! summed for this project (Open Government Licence v3.0). An *assumption* has no source: it is a plausible
//! value that a reader may dispute, and it is called so in `docs/generator.md` too.

/// Appointments per 1,000 patients in a week, in tenths: 383.3 million in the 12 months to June 2025
/// (National Health Executive) over 253 working days and about 63.6 million patients registered (from memory)
/// are 23.8 a working day. Measured for March to August 2021 (GPAD, 41 areas): 98.6 a week.
pub const APPOINTMENTS_PER_1000_WEEK: u64 = 119;

/// Share held by GPs where the professional is known: 53.5 of 53.5 + 43.4 (GPAD, 34 areas).
pub const GP_SHARE: u64 = 5_521;

/// Share booked on the day itself, GPs (GPAD, 34 areas).
pub const GP_SAME_DAY: u64 = 5_758;
/// Share booked on the day itself, other staff (GPAD, 34 areas).
pub const OTHER_SAME_DAY: u64 = 3_029;

/// Of what GPs hold and was booked before the day: the share booked more than so many days ahead, from the
/// lead-time bands 1, 2-7, 8-14, 15-21, 22-28 and more than 28 days (GPAD, 34 areas). Day 0: all of it.
pub const GP_BOOKED_AHEAD: [(u32, u32); 6] =
    [(0, 10_000), (1, 7_787), (7, 3_532), (14, 1_551), (21, 668), (28, 243)];
/// The same of other staff.
pub const OTHER_BOOKED_AHEAD: [(u32, u32); 6] =
    [(0, 10_000), (1, 8_727), (7, 4_871), (14, 2_386), (21, 1_245), (28, 581)];

/// Share of the slots of a day that are booked when it comes: an assumption (some always stay empty).
pub const FILLED_ON_THE_DAY: u32 = 9_600;
/// Share of the duty doctor's slots already taken when the book is read before opening: an assumption.
pub const DUTY_TAKEN_EARLY: u32 = 600;

/// Volume by weekday, Monday to Friday (GPAD, sub-ICB 00L, three weeks of December 2021).
pub const WEEKDAY_VOLUME: [u64; 5] = [8_276, 7_619, 7_137, 6_931, 6_907];

/// How a GP's appointments are held: mean of areas 92G and 93C (SNEE-ICS PrimaryCareDemandAndCapacity, from
/// GPAD): face to face 60.2, telephone 36.9, video 1.5, home visit 1.2, the unknown left out.
pub const GP_MODES: [(Mode, u32); 4] =
    [(Mode::FaceToFace, 6_030), (Mode::Telephone, 3_700), (Mode::Video, 150), (Mode::HomeVisit, 120)];

/// A GPAD appointment mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// At the site.
    FaceToFace,
    /// By telephone.
    Telephone,
    /// By video.
    Video,
    /// At the patient's home.
    HomeVisit,
}

/// Practice list sizes by quantile: 6,658 practices, 1 January 2021 (NHS Digital, Patients Registered at a GP
/// Practice, OGL v3.0). The tails beyond the 1st and 99th percentile are cut off.
pub const LIST_SIZES: [(u32, u32); 13] = [
    (100, 791),
    (500, 2_602),
    (1_000, 3_389),
    (2_000, 4_547),
    (3_000, 5_644),
    (4_000, 6_776),
    (5_000, 7_930),
    (6_000, 9_219),
    (7_000, 10_791),
    (8_000, 12_619),
    (9_000, 15_755),
    (9_500, 19_232),
    (9_900, 30_179),
];
/// List size of the `practice` profile.
pub const PRACTICE_LIST: u32 = 9_000;

/// Share of English practices whose record system failed on 19 July 2024: 58 to 60 percent used it (Computer
/// Weekly and ITV, 19 July 2024). The loss is all or nothing by system, and systems go by area.
pub const AFFECTED: u32 = 5_800;
/// Share of the practices of a network that use its main system: an assumption.
pub const SAME_SYSTEM: u32 = 9_000;

/// Share of the outage day's booked appointments that were not held, by practice: an assumption. Practices
/// differed between "routine waits until Monday" and "not safe to see anyone" (South Wales Argus, July 2024).
pub const DAY_LOST: [(u32, u32); 3] = [(10_000, 60), (8_500, 25), (6_000, 15)];
/// Share of routine sessions closed on the first days of recovery: full use only from the second day (Primary
/// Care North Cumbria, July 2024). With the outage day this makes 1.5 working days; the areas hit lost 1.0 to
/// 1.5 (monthly GPAD sums of 65 sub-ICBs, July 2024 against June and August and against 2025).
pub const CLOSED_AFTERWARDS: [u32; 2] = [4_000, 1_000];
/// Of the on-the-day patients of the outage day, the share told to wait instead of being seen: an assumption.
pub const TOLD_TO_WAIT: u64 = 4_500;
/// Share of an ordinary day's booked appointments that the practice cancels and that still wait for a new place
/// (sickness, mostly), in the week before and in practices that were not hit: an assumption.
pub const ORDINARY_CANCELLATIONS: u32 = 400;

/// Share of routine sessions released for booking, by week ahead: an assumption. Rotas are opened two to six
/// weeks ahead; what is not yet released is not in the book.
pub const RELEASED: [u32; 4] = [10_000, 10_000, 4_000, 1_500];

/// Contacts of a GP in a session: 25.8 a day in 2025 (Pulse PCN), two sessions a day, in tenths.
pub const GP_CONTACTS_PER_SESSION: u64 = 129;
/// A full-time working week of sessions, as rotas are made: an assumption.
pub const SESSIONS_PER_PERSON: u32 = 6;

/// How the prebooked work that is not a GP's divides over roles: an assumption (GPAD knows "other" only).
pub const OTHER_ROLES: [(&str, u64); 6] = [
    ("practice-nurse", 3_300),
    ("hca", 2_100),
    ("phlebotomist", 1_700),
    ("pharmacist", 1_000),
    ("anp", 1_300),
    ("fcp-physio", 600),
];

/// Enhanced access: minutes per 1,000 patients and week at the network's hub (Network Contract DES).
pub const HUB_MINUTES_PER_1000_WEEK: u64 = 60;
/// Share of hub slots open to rebooking: an assumption; the rest is not in the practices' view of the book.
pub const HUB_SHARED: u64 = 5_000;

/// Outgoing calls a day per 1,000 patients: four caller hours at five minutes a call are 48 for a practice of
/// 9,000 (assumption).
pub const CALLS_PER_1000_DAY: u64 = 5;

/// Cost of an additional session in pounds: 300 a GP locum session; a nurse three hours at 30 (assumptions).
pub const COST_GP_SESSION: u32 = 300;
/// As above.
pub const COST_NURSE_SESSION: u32 = 90;

/// What became of the requests: 15 percent need no new place or refuse it (an assumption, as is its division).
pub const RECONCILIATION: [(&str, u32); 8] = [
    ("not-seen", 7_700),
    ("unknown", 800),
    ("seen-on-paper", 600),
    ("seen-elsewhere", 250),
    ("resolved", 350),
    ("declined", 220),
    ("died", 30),
    ("deregistered", 50),
];
/// Who cancelled, of those still to be seen: an assumption.
pub const CANCELLED_BY: [(&str, u32); 4] =
    [("provider", 9_500), ("unknown", 250), ("other-service", 150), ("patient", 100)];
/// How often it was cancelled, this time included: an assumption.
pub const TIMES_CANCELLED: [(u32, u32); 3] = [(1, 9_300), (2, 600), (3, 100)];

/// How patients ask to be told: an assumption.
pub const CONTACT_ROUTES: [(&str, u32); 5] =
    [("phone", 4_300), ("sms", 4_300), ("app", 700), ("letter", 600), ("clinician", 100)];
/// Share whose mobile may be texted: an assumption.
pub const SMS_PERMITTED: u32 = 8_600;
/// Share whom only a clinician may contact: an assumption.
pub const UNSAFE_TO_CONTACT: u32 = 100;

/// Needs: assumptions.
pub const NEEDS: [(&str, u32); 7] = [
    ("step-free", 450),
    ("hearing-loop", 120),
    ("language:pl", 120),
    ("language:ur", 80),
    ("hoist", 40),
    ("bsl", 40),
    ("language:so", 20),
];
/// Flags: recorded prevalence in GP registers, rounded (from memory), and assumptions for the last four.
pub const FLAGS: [(&str, u32); 8] = [
    ("smi", 95),
    ("dementia", 75),
    ("learning-disability", 55),
    ("palliative", 50),
    ("housebound", 120),
    ("carer", 250),
    ("care-home", 80),
    ("homeless", 15),
];

/// When patients can come: assumptions. The empty text is any time.
pub const AVAILABLE: [(&str, u32); 7] = [
    ("", 7_300),
    ("Mon-Fri 08:00-09:30;Mon-Fri 16:30-20:00;Sat", 900),
    ("Mon-Fri 15:30-18:30;Sat 09:00-12:00", 500),
    ("Mon-Fri 08:00-12:30", 450),
    ("Mon-Fri 09:15-14:45", 400),
    ("Mon;Wed;Fri", 250),
    ("Tue 08:00-18:30;Thu 08:00-18:30", 200),
];
/// Share with dates on which they are away: an assumption (July and August).
pub const AWAY: u32 = 900;

/// Share of a practice's patients by decile of deprivation lies round the practice's own decile, by so many
/// steps either way at most: an assumption.
pub const IMD_SPREAD: u32 = 2;
/// Share of rows without a decile: an assumption.
pub const IMD_MISSING: u32 = 500;

/// Share of GP requests that name a practitioner: an assumption; and of those, that insist.
pub const NAMES_PRACTITIONER: u32 = 4_500;
/// As above.
pub const INSISTS: u32 = 500;
