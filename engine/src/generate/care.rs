//! Which appointments are cancelled: kinds of care by role, tiers by kind of care, and the care that has a clock.

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
    /// Code of the policy.
    pub code: &'static str,
    /// How urgent.
    pub tiers: Tiers,
    /// Its clock, if it has one.
    pub clock: Option<Clock>,
    /// Share that ask for a woman.
    pub female: u32,
}

const fn care(code: &'static str, tiers: Tiers) -> Care {
    Care { code, tiers, clock: None, female: 250 }
}

const fn clocked(code: &'static str, tiers: Tiers, clock: Clock) -> Care {
    Care { code, tiers, clock: Some(clock), female: 250 }
}

const fn clock(known: u32, earliest: bool, due: Option<(u32, u32)>, latest: Option<(u32, u32)>) -> Clock {
    Clock { known, earliest, due, latest }
}

/// Kinds of care. Tiers by kind are assumptions; the clocks follow the source named at each, less a margin.
pub const CARES: [Care; 25] = [
    care("gp-consultation", &[("GP2", 6), ("GP3", 22), ("GP4", 52), ("GP5", 17), ("GP6", 3)]),
    care("gp-urgent", &[("GP0", 3), ("GP1", 72), ("GP2", 25)]),
    care("mental-health-review", &[("GP2", 14), ("GP3", 30), ("GP4", 56)]),
    care("msk-assessment", &[("GP3", 8), ("GP4", 62), ("GP5", 30)]),
    // Four weeks between visits; the rotavirus course must end before 24 weeks of age (Green Book).
    clocked("childhood-immunisation", &[("GP4", 100)], clock(9_000, true, Some((7, 14)), Some((21, 42)))),
    // Pertussis from 16 and ideally before 32 weeks of pregnancy.
    clocked("adult-immunisation", &[("GP4", 40), ("GP5", 60)], clock(3_000, true, None, Some((21, 60)))),
    // Not before it is due.
    Care {
        female: 6_000,
        ..clocked("cervical-screening", &[("GP5", 90), ("GP4", 10)], clock(10_000, true, None, None))
    },
    care("blood-test", &[("GP2", 6), ("GP3", 26), ("GP4", 40), ("GP5", 28)]),
    care("bp-check", &[("GP4", 35), ("GP5", 65)]),
    care("ecg", &[("GP2", 8), ("GP3", 42), ("GP4", 50)]),
    // One to two weeks where it is not stable, twelve at most (SPS).
    clocked("inr-check", &[("GP2", 20), ("GP3", 80)], clock(9_500, false, Some((0, 3)), Some((7, 14)))),
    care("medication-review", &[("GP4", 30), ("GP5", 70)]),
    // Stable DMARDs at least every twelve weeks.
    clocked("drug-monitoring-review", &[("GP3", 35), ("GP4", 65)], clock(5_000, false, Some((7, 14)), None)),
    care("ltc-review", &[("GP4", 12), ("GP5", 88)]),
    // Due at 12 to 13 weeks, covered to 14; antipsychotic depots by local window.
    clocked("depot-injection", &[("GP3", 100)], clock(10_000, false, Some((3, 7)), Some((8, 11)))),
    // A few weeks late is tolerable.
    clocked("b12-injection", &[("GP4", 60), ("GP5", 40)], clock(6_000, false, Some((14, 28)), None)),
    clocked("dressing", &[("GP2", 10), ("GP3", 90)], clock(7_000, false, Some((1, 4)), None)),
    // Face 4 to 5 days, trunk 7 to 10, limbs 10 to 14: too late is wrong, as too early is.
    clocked("suture-removal", &[("GP3", 100)], clock(9_500, true, Some((1, 3)), Some((2, 6)))),
    // Both at six to eight weeks after birth.
    clocked("baby-check", &[("GP4", 100)], clock(10_000, true, Some((5, 7)), Some((10, 14)))),
    clocked("post-natal-check", &[("GP4", 100)], clock(10_000, true, Some((5, 7)), Some((10, 14)))),
    Care { female: 5_000, ..care("coil-implant", &[("GP4", 60), ("GP5", 40)]) },
    care("minor-surgery", &[("GP4", 25), ("GP5", 75)]),
    care("nhs-health-check", &[("GP6", 100)]),
    care("spirometry", &[("GP4", 30), ("GP5", 70)]),
    care("home-visit", &[("GP2", 25), ("GP3", 50), ("GP4", 25)]),
];

/// What each role was going to do: an assumption, role by role.
pub const BY_ROLE: [(&str, &[(&str, u32)]); 8] = [
    (
        "gp",
        &[
            ("gp-consultation", 640),
            ("mental-health-review", 90),
            ("msk-assessment", 50),
            ("ltc-review", 30),
            ("medication-review", 40),
            ("drug-monitoring-review", 20),
            ("baby-check", 30),
            ("post-natal-check", 30),
            ("coil-implant", 15),
            ("minor-surgery", 20),
            ("home-visit", 35),
        ],
    ),
    (
        "anp",
        &[
            ("gp-consultation", 760),
            ("mental-health-review", 40),
            ("msk-assessment", 80),
            ("ltc-review", 120),
        ],
    ),
    (
        "practice-nurse",
        &[
            ("childhood-immunisation", 160),
            ("adult-immunisation", 60),
            ("cervical-screening", 150),
            ("ltc-review", 220),
            ("dressing", 180),
            ("suture-removal", 60),
            ("depot-injection", 50),
            ("b12-injection", 60),
            ("spirometry", 40),
            ("inr-check", 20),
        ],
    ),
    (
        "hca",
        &[
            ("blood-test", 320),
            ("bp-check", 200),
            ("ecg", 80),
            ("nhs-health-check", 150),
            ("b12-injection", 90),
            ("inr-check", 100),
            ("dressing", 60),
        ],
    ),
    ("phlebotomist", &[("blood-test", 1)]),
    ("pharmacist", &[("medication-review", 650), ("drug-monitoring-review", 350)]),
    ("fcp-physio", &[("msk-assessment", 1)]),
    ("paramedic", &[("home-visit", 1)]),
];

/// The kind of care with this code.
pub fn find(code: &str) -> Option<&'static Care> {
    CARES.iter().find(|care| care.code == code)
}

/// What a role does; nothing for a role that is not in the table.
pub fn of_role(role: &str) -> &'static [(&'static str, u32)] {
    BY_ROLE.iter().find(|entry| entry.0 == role).map_or(&[], |entry| entry.1)
}
