//! A generated case of one pool: a service that answers for forty practices by telephone and video, so that every request may
//! use the same slots of hundreds of clinicians.
//!
//! What there is of rules: reserves, caps, calls of each practice, long appointments, languages, preferred clinicians, sexes
//! asked for, times of day, patients with two appointments, and links. No visits.

use std::path::Path;

use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rebook::generate::{ClinicianRow, RequestRow, SiteRow, Tables};

use crate::assignment::{
    AVAILABLE, FREE_OF_A_SESSION, ROUTES, TIERS, WORKING_DAYS, choose, fill, session, working_days,
    write_case,
};

const HUB: &str = "HUB";
const PRACTICES: usize = 40;

const POLICY: &str = r#"name = "one pool"
version = "1"
start = "2024-07-22"
as_of = "2024-07-22T07:00"

[[tier]]
code = "GP1"
target_working_days = 0
may_use = ["urgent"]
urgent = true

[[tier]]
code = "GP2"
target_working_days = 2

[[tier]]
code = "GP3"
target_working_days = 5

[[tier]]
code = "GP4"
target_working_days = 10

[[tier]]
code = "GP5"
target_days = 28

[[tier]]
code = "GP6"
target_days = 84

[care_types.consultation]
roles = ["gp", "anp"]
delivery_channels = ["telephone", "video"]

[care_types.review]
roles = ["anp", "gp"]
delivery_channels = ["video", "telephone"]

[care_types.long]
roles = ["gp", "anp"]
duration_minutes = 30
delivery_channels = ["telephone"]

[max_contacts_day]
gp = 25
anp = 30

[[reserve]]
role = "gp"
fraction = 0.4

[[reserve]]
role = "anp"
fraction = 0.3
"#;

const CARE: [(&str, u32); 3] = [("consultation", 60), ("review", 25), ("long", 15)];
const GENDERS: [(&str, u32); 3] = [("any", 90), ("female", 8), ("male", 2)];
const NEEDS: [(&str, u32); 3] = [("", 95), ("language:pl", 3), ("language:ur", 2)];
const SKILLS: [(&str, u32); 4] =
    [("", 70), ("language:pl", 15), ("language:ur", 10), ("language:pl;language:ur", 5)];

/// The tables of so many requests for so many free slots.
pub fn tables(requests: usize, slots: usize, seed: u64) -> Tables {
    let mut dice = Pcg64Mcg::seed_from_u64(seed);
    let start = NaiveDate::from_ymd_opt(2024, 7, 22).unwrap_or_default();
    let mut tables = Tables::default();
    let practice = |at: usize| format!("P{at:02}");
    for at in 0..PRACTICES {
        let calls_per_day = requests.div_ceil(PRACTICES * 4).to_string();
        let (site_id, practice) = (practice(at), practice(at));
        tables.sites.push(SiteRow { site_id, practice, calls_per_day, ..SiteRow::default() });
    }
    tables.sites.push(SiteRow {
        site_id: HUB.to_owned(),
        hub: "true".to_owned(),
        serves: (0..PRACTICES).map(practice).collect::<Vec<_>>().join(";"),
        ..SiteRow::default()
    });
    let clinicians = slots.div_ceil(WORKING_DAYS * FREE_OF_A_SESSION).max(5);
    for clinician in 0..clinicians {
        let id = format!("C{clinician:03}");
        for date in working_days(start) {
            session(&mut tables, (&id, HUB), date);
        }
        tables.clinicians.push(ClinicianRow {
            practitioner_id: id,
            role: if clinician % 5 < 3 { "gp" } else { "anp" }.to_owned(),
            gender: if dice.random_range(0..2) == 0 { "female" } else { "male" }.to_owned(),
            skills: choose(&mut dice, &SKILLS).to_owned(),
            ..ClinicianRow::default()
        });
    }
    for session in &mut tables.sessions {
        "telephone;video".clone_into(&mut session.delivery_channels);
    }
    fill(&mut dice, &mut tables, slots);
    for number in 0..requests {
        let request = request(&mut dice, start, number, clinicians);
        tables.requests.push(request);
    }
    tables
}

fn request(dice: &mut Pcg64Mcg, start: NaiveDate, number: usize, clinicians: usize) -> RequestRow {
    let days_before = |days: u64| (start - Days::new(days)).to_string();
    let mut share = |percent: u32| dice.random_range(0..100) < percent;
    let (preferred, windowed, same_patient, linked) = (share(10), share(5), share(2), share(1));
    let before = number.checked_sub(1).filter(|_| same_patient || linked);
    let patient = before.unwrap_or(number);
    let home = patient % PRACTICES;
    let mut row = RequestRow {
        request_id: format!("R{number:05}"),
        patient_id: format!("PT-{patient:05}"),
        site_id: format!("P{home:02}"),
        care_type: choose(dice, &CARE).to_owned(),
        priority: choose(dice, &TIERS).to_owned(),
        original_start: format!("{}T10:00", days_before(dice.random_range(3..8))),
        waiting_since: days_before(dice.random_range(8..70)),
        practitioner_gender: choose(dice, &GENDERS).to_owned(),
        needs: choose(dice, &NEEDS).to_owned(),
        available: choose(dice, &AVAILABLE).to_owned(),
        contact_route: choose(dice, &ROUTES).to_owned(),
        sms_permitted: "true".to_owned(),
        ..RequestRow::default()
    };
    if windowed {
        row.latest_date = (start + Days::new(dice.random_range(9..27))).to_string();
    }
    if preferred {
        row.preferred_practitioner_id = format!("C{:03}", dice.random_range(0..clinicians));
    }
    if let Some(before) = before.filter(|_| linked) {
        row.after_request_id = format!("R{before:05}");
    }
    row
}

/// Writes the case into a folder, over what is there under the same names.
///
/// # Errors
/// Whatever the disk refuses.
pub fn write(folder: &Path, requests: usize, slots: usize, seed: u64) -> std::io::Result<()> {
    write_case(folder, POLICY, tables(requests, slots, seed))
}
