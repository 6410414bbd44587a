//! What elective cases are calibrated on: every figure with its source, as in the module above. Shares are out
//! of ten thousand; where no source is named the figure is an assumption.

/// An operation: care type of the policy, weight in its specialty, minutes in theatre with turnaround, weights of
/// P2, P3 and P4.
pub type Operation = (&'static str, u32, u32, [u32; 3]);

/// A specialty: prefix of ids, role, consultants, and its operations.
pub struct Specialty {
    /// Prefix of ids.
    pub code: &'static str,
    /// Role of the policy.
    pub role: &'static str,
    /// Consultants with lists.
    pub consultants: u32,
    /// Half-day lists of each consultant in a week.
    pub lists: u32,
    /// What they do.
    pub operations: &'static [Operation],
}

/// Volumes and the urgency of each operation: assumptions; cancer operations are P2.
pub const SPECIALTIES: [Specialty; 7] = [
    Specialty {
        code: "ORT",
        role: "orthopaedic-surgeon",
        consultants: 3,
        lists: 3,
        operations: &[
            ("hip-replacement", 30, 120, [5, 35, 60]),
            ("knee-replacement", 30, 120, [2, 30, 68]),
            ("knee-arthroscopy", 20, 60, [5, 35, 60]),
            ("carpal-tunnel-release", 20, 30, [2, 28, 70]),
        ],
    },
    Specialty {
        code: "GEN",
        role: "general-surgeon",
        consultants: 3,
        lists: 3,
        operations: &[
            ("hernia-repair", 35, 60, [6, 34, 60]),
            ("cholecystectomy", 35, 90, [12, 48, 40]),
            ("bowel-resection", 12, 210, [85, 15, 0]),
            ("breast-surgery", 18, 120, [85, 10, 5]),
        ],
    },
    Specialty {
        code: "URO",
        role: "urologist",
        consultants: 2,
        lists: 3,
        operations: &[
            ("prostate-resection", 25, 90, [10, 50, 40]),
            ("bladder-tumour-resection", 25, 60, [85, 15, 0]),
            ("cystoscopy", 50, 30, [30, 40, 30]),
        ],
    },
    Specialty {
        code: "GYN",
        role: "gynaecologist",
        consultants: 2,
        lists: 3,
        operations: &[("hysterectomy", 40, 120, [25, 35, 40]), ("hysteroscopy", 60, 30, [35, 40, 25])],
    },
    Specialty {
        code: "OPH",
        role: "ophthalmologist",
        consultants: 2,
        lists: 3,
        operations: &[("cataract", 100, 30, [3, 32, 65])],
    },
    Specialty {
        code: "ENT",
        role: "ent-surgeon",
        consultants: 1,
        lists: 3,
        operations: &[("tonsillectomy", 60, 45, [5, 40, 55]), ("sinus-surgery", 40, 90, [5, 35, 60])],
    },
    Specialty {
        code: "END",
        role: "endoscopist",
        consultants: 2,
        lists: 4,
        operations: &[("colonoscopy", 60, 45, [40, 35, 25]), ("gastroscopy", 40, 30, [35, 40, 25])],
    },
];

/// Pre-assessment nurses, and sessions of each in a week.
pub const NURSES: (u32, u32) = (2, 6);

/// Days from the decision to treat to the date that was lost, by quantile, for P2, P3 and P4. Taken together
/// some 60 percent are within 18 weeks (RTT: 61.8 percent in November 2025); the shape is an assumption.
pub const WAITS: [&[(u32, u32)]; 3] = [
    &[(0, 5), (3_000, 14), (7_000, 27), (9_000, 41), (10_000, 80)],
    &[(0, 21), (3_000, 55), (6_000, 84), (9_000, 150), (10_000, 260)],
    &[(0, 40), (3_000, 110), (6_000, 190), (9_000, 330), (9_900, 420), (10_000, 560)],
];
/// Share of rows with no priority yet, and of those that need theatre now (P1a, P1b).
pub const PRIORITY_OTHER: [(&str, u32); 4] = [("", 9_750), ("review", 120), ("P1a", 30), ("P1b", 100)];

/// Share of the slots that are taken, by days ahead.
pub const BOOKED_AHEAD: [(u32, u32); 6] =
    [(0, 9_400), (7, 9_000), (14, 8_200), (21, 6_500), (35, 3_500), (56, 1_000)];
/// Lists cancelled on the days lost: an outage of imaging and records stops most, not all.
pub const LISTS_LOST: u32 = 8_500;
/// Working days lost.
pub const DAYS_LOST: usize = 5;
/// Lists reserved for those who cannot wait, of each specialty with cancer work, by share.
pub const URGENT_LISTS: u32 = 800;
/// Lists that can be bought at the weekend, and what one costs in pounds.
pub const WEEKEND_LISTS: usize = 2;
/// As above.
pub const COST_LIST: u32 = 4_800;
/// Share whose pre-assessment has lapsed and must come first.
pub const LAPSED_ASSESSMENT: u32 = 1_500;
/// Days after the last on-the-day cancellation by which a new date must be (NHS constitution handbook: 28).
pub const REBOOK_DAYS: u64 = 28;
/// Patients of the hospital, from whom ids are drawn.
pub const PATIENTS: u32 = 400_000;
/// Calls of the booking office in a day, for each site.
pub const CALLS: [&str; 2] = ["25", "12"];
/// What became of the requests: 8 percent need no new date.
pub const RECONCILIATION: [(&str, u32); 8] = [
    ("not-seen", 8_700),
    ("unknown", 500),
    ("seen-elsewhere", 250),
    ("resolved", 200),
    ("declined", 250),
    ("died", 50),
    ("deregistered", 30),
    ("seen-on-paper", 20),
];
/// How patients are told: booking offices ring or write.
pub const CONTACT_ROUTES: [(&str, u32); 4] =
    [("phone", 6_500), ("letter", 2_500), ("sms", 800), ("app", 200)];
/// Needs of the patient's own.
pub const NEEDS: [(&str, u32); 3] = [("step-free", 800), ("hoist", 80), ("hearing-loop", 150)];
