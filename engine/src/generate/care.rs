//! Which appointments are cancelled: kinds of care by role, tiers by kind of care, and the care that has a clock.
//!
//! A kind here is finer than a care type of the policy: stitches and dressings are both wound care, but only one
//! of them is wrong too early.

/// Weights of tier codes.
type Tiers = &'static [(&'static str, u32)];

/// Days from the cancelled appointment to a hard or soft date, drawn evenly from both ends.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Share of such requests (of ten thousand) whose dates the practice typed in.
    pub known: u32,
    /// Whether the day of the cancelled appointment is the first that will do.
    pub earliest: bool,
    /// To the due date.
    pub due: Option<(u32, u32)>,
    /// To the latest date.
    pub latest: Option<(u32, u32)>,
}

/// A kind of care as it is cancelled.
#[derive(Debug, Clone, Copy)]
pub struct Care {
    /// Name in this table.
    pub kind: &'static str,
    /// Care type of the built-in policy.
    pub code: &'static str,
    /// How urgent.
    pub tiers: Tiers,
    /// Its clock, if it has one.
    pub clock: Option<Clock>,
    /// Share that ask for a woman.
    pub female: u32,
}

const fn care(kind: &'static str, code: &'static str, tiers: Tiers) -> Care {
    Care { kind, code, tiers, clock: None, female: 250 }
}

impl Care {
    const fn by(self, clock: Clock) -> Self {
        Self { clock: Some(clock), ..self }
    }

    const fn women(self, female: u32) -> Self {
        Self { female, ..self }
    }
}

const fn clock(known: u32, earliest: bool, due: Option<(u32, u32)>, latest: Option<(u32, u32)>) -> Clock {
    Clock { known, earliest, due, latest }
}

/// Kinds of care. Tiers by kind are assumptions; the clocks follow the source named at each, less a margin.
pub const CARES: [Care; 30] = [
    care("consultation", "gp-consultation", &[("GP2", 6), ("GP3", 22), ("GP4", 52), ("GP5", 17), ("GP6", 3)]),
    // Those who rang on the day and were told to wait.
    care("on-the-day", "gp-consultation", &[("GP0", 2), ("GP1", 38), ("GP2", 18), ("GP3", 30), ("GP4", 12)]),
    care("mental-health", "gp-consultation", &[("GP2", 14), ("GP3", 30), ("GP4", 56)]),
    care("joints-and-back", "musculoskeletal", &[("GP3", 8), ("GP4", 62), ("GP5", 30)]),
    care("joint-injection", "joint-injection", &[("GP4", 40), ("GP5", 60)]),
    // Four weeks between visits; the rotavirus course must end before 24 weeks of age (Green Book, from memory).
    care("baby-jabs", "childhood-immunisation", &[("GP4", 100)]).by(clock(
        9_000,
        true,
        Some((7, 14)),
        Some((21, 42)),
    )),
    // Pertussis from 16 and ideally before 32 weeks of pregnancy (Waltham Forest antenatal guide).
    care("pregnancy-jab", "adult-vaccination", &[("GP4", 100)]).by(clock(9_000, true, None, Some((21, 60)))),
    care("adult-jab", "adult-vaccination", &[("GP5", 80), ("GP6", 20)]),
    // Not before it is due.
    care("smear", "cervical-screening", &[("GP5", 90), ("GP4", 10)])
        .by(clock(10_000, true, None, None))
        .women(6_000),
    care("bloods", "blood-test", &[("GP2", 6), ("GP3", 26), ("GP4", 40), ("GP5", 28)]),
    care("fasting-bloods", "blood-test-fasting", &[("GP4", 40), ("GP5", 60)]),
    care("blood-pressure", "measurements", &[("GP4", 35), ("GP5", 65)]),
    care("ecg", "measurements", &[("GP2", 8), ("GP3", 42), ("GP4", 50)]),
    care("health-check", "measurements", &[("GP6", 100)]),
    // One to two weeks where it is not stable, twelve at most (Specialist Pharmacy Service).
    care("inr", "inr", &[("GP2", 20), ("GP3", 80)]).by(clock(9_500, false, Some((0, 3)), Some((7, 14)))),
    care("medicines", "medication-review", &[("GP4", 30), ("GP5", 70)]),
    // Stable DMARDs at least every twelve weeks (medicinesafety.co.uk).
    care("drug-monitoring", "medication-review", &[("GP3", 35), ("GP4", 65)]).by(clock(
        5_000,
        false,
        Some((7, 14)),
        None,
    )),
    care("long-term", "long-term-condition-review", &[("GP4", 12), ("GP5", 88)]),
    care("diabetes", "diabetes-review", &[("GP4", 12), ("GP5", 88)]),
    care("respiratory", "respiratory-review", &[("GP4", 12), ("GP5", 88)]),
    // Due at 12 to 13 weeks, covered to 14 (pharmacynotebook.com); antipsychotic depots by local window.
    care("depot", "injection", &[("GP3", 100)]).by(clock(10_000, false, Some((3, 7)), Some((8, 11)))),
    // A few weeks late is tolerable (from memory).
    care("vitamin", "injection", &[("GP4", 60), ("GP5", 40)]).by(clock(6_000, false, Some((14, 28)), None)),
    // Two or three a week, or weekly (from memory).
    care("dressing", "wound-care", &[("GP2", 10), ("GP3", 90)]).by(clock(7_000, false, Some((1, 4)), None)),
    // Face 4 to 5 days, trunk 7 to 10, limbs 10 to 14 (Queen's University): too early is wrong, as too late is.
    care("stitches", "wound-care", &[("GP3", 100)]).by(clock(9_500, true, Some((1, 3)), Some((2, 6)))),
    // Both at six to eight weeks after birth (NIPE; Doncaster LMC).
    care("baby-check", "baby-check", &[("GP4", 100)]).by(clock(10_000, true, Some((5, 7)), Some((10, 14)))),
    care("mother-check", "postnatal-check", &[("GP4", 100)]).by(clock(
        10_000,
        true,
        Some((5, 7)),
        Some((10, 14)),
    )),
    care("coil", "coil", &[("GP4", 60), ("GP5", 40)]).women(5_000),
    care("implant", "implant", &[("GP4", 60), ("GP5", 40)]).women(5_000),
    care("minor-surgery", "minor-surgery", &[("GP4", 25), ("GP5", 75)]),
    care("home-visit", "home-visit", &[("GP2", 25), ("GP3", 50), ("GP4", 25)]),
];

/// What each role was going to do: an assumption, role by role.
pub const BY_ROLE: [(&str, &[(&str, u32)]); 7] = [
    (
        "gp",
        &[
            ("consultation", 630),
            ("mental-health", 90),
            ("joints-and-back", 40),
            ("long-term", 60),
            ("medicines", 30),
            ("drug-monitoring", 20),
            ("baby-check", 30),
            ("mother-check", 30),
            ("coil", 10),
            ("implant", 10),
            ("minor-surgery", 15),
            ("home-visit", 45),
        ],
    ),
    (
        "anp",
        &[("consultation", 860), ("mental-health", 50), ("smear", 40), ("vitamin", 20), ("adult-jab", 30)],
    ),
    (
        "practice-nurse",
        &[
            ("baby-jabs", 170),
            ("pregnancy-jab", 25),
            ("adult-jab", 35),
            ("smear", 150),
            ("diabetes", 120),
            ("respiratory", 110),
            ("dressing", 180),
            ("stitches", 60),
            ("depot", 50),
            ("vitamin", 60),
            ("inr", 40),
        ],
    ),
    (
        "hca",
        &[
            ("bloods", 330),
            ("fasting-bloods", 50),
            ("blood-pressure", 250),
            ("ecg", 80),
            ("health-check", 160),
            ("inr", 130),
        ],
    ),
    ("phlebotomist", &[("bloods", 880), ("fasting-bloods", 120)]),
    ("pharmacist", &[("medicines", 550), ("drug-monitoring", 300), ("diabetes", 80), ("inr", 70)]),
    ("fcp-physio", &[("joints-and-back", 870), ("joint-injection", 130)]),
];

/// The kind of care of this name.
pub fn find(kind: &str) -> Option<&'static Care> {
    CARES.iter().find(|care| care.kind == kind)
}

/// What a role does; nothing for a role that is not in the table.
pub fn of_role(role: &str) -> &'static [(&'static str, u32)] {
    BY_ROLE.iter().find(|entry| entry.0 == role).map_or(&[], |entry| entry.1)
}

/// Reviews whose bloods are taken first.
pub const AFTER_BLOODS: [&str; 3] = ["long-term-condition-review", "diabetes-review", "medication-review"];
