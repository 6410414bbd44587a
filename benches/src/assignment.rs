//! A generated case that is nothing but an assignment: every request takes one slot, every slot one request, and nothing
//! else limits anything. The home ground of the algorithms for that problem.
//!
//! One large practice of general practitioners, nurse practitioners and practice nurses, who share their work in such a
//! way that everybody competes with everybody else through others.

use std::fs;
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rebook::generate::{ClinicianRow, RequestRow, SessionRow, SiteRow, SlotRow, Tables};

const SITE: &str = "P1";
/// Slots of a session: two and a half hours in the morning and as much in the afternoon.
const SLOTS: usize = 20;
/// Plannable dates, of which twenty are working days.
const DAYS: u64 = 28;
pub(crate) const WORKING_DAYS: usize = 20;
/// Of a full book, this share of slots is free where there are many.
pub(crate) const FREE_OF_A_SESSION: usize = 16;
const FEWEST_CLINICIANS: usize = 5;

const POLICY: &str = r#"name = "assignment"
version = "1"
start = "2024-07-22"
as_of = "2024-07-22T07:00"

[[tier]]
code = "GP1"
target_working_days = 0

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
delivery_channels = ["in-person", "telephone"]

[care_types.review]
roles = ["anp", "practice-nurse", "gp"]

[care_types.injection]
roles = ["practice-nurse", "anp"]
"#;

/// Share of each tier, in percent.
pub(crate) const TIERS: [(&str, u32); 6] =
    [("GP1", 2), ("GP2", 6), ("GP3", 20), ("GP4", 40), ("GP5", 25), ("GP6", 7)];
const CARE: [(&str, u32); 3] = [("consultation", 60), ("review", 25), ("injection", 15)];
const ROLES: [&str; 5] = ["gp", "gp", "anp", "gp", "practice-nurse"];
/// When people can come; most can at any time.
pub(crate) const AVAILABLE: [(&str, u32); 4] =
    [("", 60), ("Mon-Fri 08:00-12:00", 15), ("Mon-Fri 13:30-18:00", 15), ("Mon;Wed;Fri", 10)];
/// How they are told, which says how much notice they need.
pub(crate) const ROUTES: [(&str, u32); 3] = [("phone", 50), ("sms", 40), ("letter", 10)];

/// One of these, as often as its share says.
pub(crate) fn choose<'t>(dice: &mut Pcg64Mcg, items: &[(&'t str, u32)]) -> &'t str {
    let mut left = dice.random_range(0..items.iter().map(|item| item.1).sum());
    let picked = items.iter().find(|(_, share)| {
        let here = left < *share;
        left = left.saturating_sub(*share);
        here
    });
    picked.map_or("", |item| item.0)
}

/// The tables of so many requests for so many free slots.
pub fn tables(requests: usize, slots: usize, seed: u64) -> Tables {
    let mut dice = Pcg64Mcg::seed_from_u64(seed);
    let start = NaiveDate::from_ymd_opt(2024, 7, 22).unwrap_or_default();
    let clinicians = slots.div_ceil(WORKING_DAYS * FREE_OF_A_SESSION).max(FEWEST_CLINICIANS);
    let mut tables = Tables::default();
    tables.sites.push(SiteRow { site_id: SITE.to_owned(), practice: SITE.to_owned(), ..SiteRow::default() });
    for clinician in 0..clinicians {
        let id = format!("C{clinician:03}");
        for date in working_days(start) {
            session(&mut tables, (&id, SITE), date);
        }
        let role = ROLES[clinician % ROLES.len()].to_owned();
        tables.clinicians.push(ClinicianRow { practitioner_id: id, role, ..ClinicianRow::default() });
    }
    fill(&mut dice, &mut tables, slots);
    for number in 0..requests {
        tables.requests.push(request(&mut dice, start, number, clinicians));
    }
    tables
}

/// The working days of the book.
pub(crate) fn working_days(start: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    (0..DAYS).map(move |day| start + Days::new(day)).filter(move |date| !weekend(date))
}

/// Fills the book so that exactly so many slots stay free, wherever they are.
pub(crate) fn fill(dice: &mut Pcg64Mcg, tables: &mut Tables, free: usize) {
    let mut busy = tables.slots.len().saturating_sub(free);
    for (left, slot) in (1..=tables.slots.len()).rev().zip(&mut tables.slots) {
        if dice.random_range(0..left) < busy {
            busy -= 1;
            "busy".clone_into(&mut slot.status);
        }
    }
}

/// A session of a clinician with its slots, all free.
pub(crate) fn session(tables: &mut Tables, (clinician, site): (&str, &str), date: NaiveDate) {
    let id = format!("{clinician}-{}", date.format("%m%d"));
    tables.sessions.push(SessionRow {
        session_id: id.clone(),
        practitioner_id: clinician.to_owned(),
        site_id: site.to_owned(),
        start: format!("{date}T09:00"),
        end: format!("{date}T17:00"),
        ..SessionRow::default()
    });
    for slot in 0..SLOTS {
        let minute = 9 * 60 + 15 * slot + if slot < SLOTS / 2 { 0 } else { 150 };
        tables.slots.push(SlotRow {
            slot_id: format!("{id}-{slot:02}"),
            session_id: id.clone(),
            start: format!("{date}T{:02}:{:02}", minute / 60, minute % 60),
            duration_minutes: "15".to_owned(),
            status: "free".to_owned(),
            ..SlotRow::default()
        });
    }
}

fn request(dice: &mut Pcg64Mcg, start: NaiveDate, number: usize, clinicians: usize) -> RequestRow {
    let days_before = |days: u64| (start - Days::new(days)).to_string();
    let preferred = dice.random_range(0..100) < 40;
    let windowed = dice.random_range(0..100) < 5;
    RequestRow {
        request_id: format!("R{number:05}"),
        patient_id: format!("PT-{number:05}"),
        site_id: SITE.to_owned(),
        care_type: choose(dice, &CARE).to_owned(),
        priority: choose(dice, &TIERS).to_owned(),
        original_start: format!("{}T10:00", days_before(dice.random_range(3..8))),
        waiting_since: days_before(dice.random_range(8..70)),
        latest_date: if windowed {
            (start + Days::new(dice.random_range(9..27))).to_string()
        } else {
            String::new()
        },
        preferred_practitioner_id: if preferred {
            format!("C{:03}", dice.random_range(0..clinicians))
        } else {
            String::new()
        },
        available: choose(dice, &AVAILABLE).to_owned(),
        contact_route: choose(dice, &ROUTES).to_owned(),
        sms_permitted: "true".to_owned(),
        ..RequestRow::default()
    }
}

/// Writes the case into a folder, over what is there under the same names.
///
/// # Errors
/// Whatever the disk refuses.
pub fn write(folder: &Path, requests: usize, slots: usize, seed: u64) -> std::io::Result<()> {
    write_case(folder, POLICY, tables(requests, slots, seed))
}

/// Writes a case.
pub(crate) fn write_case(folder: &Path, policy: &str, tables: Tables) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let Tables { requests, sessions, slots, clinicians, sites } = tables;
    fs::write(folder.join("policy.toml"), policy)?;
    let files: [(_, _, Vec<Vec<String>>); 5] = [
        ("requests.csv", RequestRow::HEADER, requests.into_iter().map(RequestRow::cells).collect()),
        ("sessions.csv", SessionRow::HEADER, sessions.into_iter().map(SessionRow::cells).collect()),
        ("slots.csv", SlotRow::HEADER, slots.into_iter().map(SlotRow::cells).collect()),
        ("clinicians.csv", ClinicianRow::HEADER, clinicians.into_iter().map(ClinicianRow::cells).collect()),
        ("sites.csv", SiteRow::HEADER, sites.into_iter().map(SiteRow::cells).collect()),
    ];
    for (name, header, rows) in files {
        let mut writer = csv::Writer::from_path(folder.join(name))?;
        writer.write_record(header)?;
        for row in rows {
            writer.write_record(row)?;
        }
        writer.flush()?;
    }
    Ok(())
}
