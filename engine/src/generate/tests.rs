//! Same seed, same bytes; every case can be read; shares as in the figures.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::figures::*;
use super::*;
use crate::model::Case;
use crate::tables::{ReadOptions, builtin_policy, read_case_files, schema};

fn options(profile: Profile, seed: u64) -> Options {
    Options::new(profile, seed)
}

fn read(options: &Options) -> Case {
    read_case_files(&files(options).unwrap(), &ReadOptions::default()).unwrap()
}

/// A sample large enough for shares: 200 practices of all sizes.
fn sample() -> Tables {
    let region = Options { practices: Some(200), ..options(Profile::Regional, 3) };
    generate(&region).unwrap().tables
}

/// Share of ten thousand.
fn share(part: usize, whole: usize) -> u32 {
    (part * 10_000 / whole.max(1)) as u32
}

fn near(found: u32, expected: u32, tolerance: u32, what: &str) {
    assert!(
        found.abs_diff(expected) <= tolerance,
        "{what}: found {found}, expected {expected} +- {tolerance}"
    );
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_another_seed_does_not() {
    for (_, profile) in Profile::NAMES {
        let small = |seed| Options { practices: Some(2), ..options(profile, seed) };
        assert_eq!(files(&small(5)).unwrap(), files(&small(5)).unwrap());
        assert_ne!(files(&small(5)).unwrap(), files(&small(6)).unwrap());
    }
}

#[test]
fn a_practice_does_not_depend_on_how_many_come_after_it() {
    let region = |practices| Options { practices: Some(practices), ..options(Profile::Regional, 5) };
    let few = generate(&region(5)).unwrap().tables;
    let many = generate(&region(15)).unwrap().tables;
    assert_eq!(few.slots[..], many.slots[..few.slots.len()]);
    assert_eq!(few.requests[..], many.requests[..few.requests.len()]);
}

#[test]
fn clean_cases_are_read_without_a_defect() {
    for (name, profile) in Profile::NAMES {
        for seed in 0..3 {
            let case = read(&Options { practices: Some(3), ..options(profile, seed) });
            let defects: Vec<_> = case.requests.iter().flat_map(|request| &request.defects).collect();
            assert!(defects.is_empty(), "{name} {seed}: {defects:?}");
            assert!(case.warnings.is_empty(), "{name} {seed}: {:?}", case.warnings);
        }
    }
}

#[test]
fn other_dates_and_sizes_are_read_too() {
    for start in ["2025-01-02", "2026-03-30", "2026-12-28", "2024-02-29"] {
        for profile in [Profile::Practice, Profile::Elective] {
            let case = read(&Options {
                start: start.parse().unwrap(),
                patients: Some(3_000),
                requests: Some(40),
                ..options(profile, 1)
            });
            assert_eq!(case.policy.start.to_string(), start);
            assert!((1..=60).contains(&case.requests.len()), "{}", case.requests.len());
            assert!(case.requests.iter().all(|request| request.defects.is_empty()));
        }
    }
}

#[test]
fn a_practice_is_of_ordinary_size_for_every_seed() {
    for seed in 0..60 {
        let tables = generate(&options(Profile::Practice, seed)).unwrap().tables;
        assert!((140..=400).contains(&tables.requests.len()), "{seed}: {}", tables.requests.len());
        assert!((1_300..=2_000).contains(&tables.slots.len()), "{seed}: {}", tables.slots.len());
    }
}

#[test]
fn as_many_requests_as_asked_for_where_days_suffice() {
    for wanted in [20, 150, 600] {
        let tables =
            generate(&Options { requests: Some(wanted), ..options(Profile::Practice, 2) }).unwrap().tables;
        assert_eq!(tables.requests.len(), wanted);
    }
}

#[test]
fn dirty_cases_are_read_with_defects_in_requests_only() {
    for (_, profile) in Profile::NAMES {
        let case = read(&Options { practices: Some(1), dirty: true, ..options(profile, 4) });
        let broken = case.requests.iter().filter(|request| !request.defects.is_empty()).count();
        assert!((5..60).contains(&broken), "{broken}");
        assert!(!case.warnings.is_empty());
    }
}

#[test]
fn nonsense_is_refused() {
    let year = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    for wrong in [
        Options { practices: Some(0), ..options(Profile::Pcn, 1) },
        Options { practices: Some(10_000), ..options(Profile::Pcn, 1) },
        Options { patients: Some(10), ..options(Profile::Pcn, 1) },
        Options { start: year(1900), ..options(Profile::Pcn, 1) },
        Options { start: year(9_999), ..options(Profile::Pcn, 1) },
    ] {
        assert!(matches!(generate(&wrong), Err(Error::Argument(_))), "{wrong:?}");
    }
}

#[test]
fn columns_are_those_of_the_schema() {
    let tables = [&schema::REQUESTS, &schema::SESSIONS, &schema::SLOTS, &schema::CLINICIANS, &schema::SITES];
    for ((file, header), table) in FILES.iter().zip(tables) {
        assert_eq!(*file, table.file);
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        assert!(header.iter().all(|name| names.contains(name)), "{file}");
        let required = table.columns.iter().filter(|column| column.required);
        assert!(required.map(|column| column.name).all(|name| header.contains(&name)), "{file}");
    }
}

#[test]
fn care_roles_and_tiers_are_those_of_the_policy() {
    let policy = builtin_policy();
    let codes: BTreeSet<&str> = policy.care_types.iter().map(|care| care.code.as_str()).collect();
    for care in care::CARES {
        assert!(codes.contains(care.code), "{}", care.code);
        assert!(care.tiers.iter().all(|(tier, _)| policy.tier(tier).is_some()), "{}", care.kind);
    }
    for (role, kinds) in care::BY_ROLE {
        assert!(kinds.iter().all(|(kind, _)| care::find(kind).is_some()), "{role}");
    }
    // Every care type of the policy is cancelled now and then.
    let made: BTreeSet<&str> = care::CARES.iter().map(|care| care.code).collect();
    assert_eq!(codes, made);
}

#[test]
fn patients_are_pseudonyms_and_nobody_is_outside_the_list() {
    let case = generate(&options(Profile::Practice, 9)).unwrap().tables;
    let ids = case.requests.iter().map(|row| &row.patient_id);
    for id in ids.chain(case.slots.iter().map(|row| &row.patient_id).filter(|id| !id.is_empty())) {
        let number = id.strip_prefix("PT-").and_then(|rest| rest.parse::<u32>().ok());
        assert!(number.is_some_and(|number| (1..=9_300).contains(&number)), "{id}");
    }
}

#[test]
fn nobody_holds_two_sessions_at_once() {
    for (_, profile) in Profile::NAMES {
        let tables = generate(&Options { practices: Some(5), ..options(profile, 8) }).unwrap().tables;
        let mut held: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for row in &tables.sessions {
            held.entry(&row.practitioner_id).or_default().push((&row.start, &row.end));
        }
        for (who, mut sessions) in held {
            sessions.sort_unstable();
            assert!(sessions.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{who}");
        }
    }
}

#[test]
fn list_sizes_follow_the_register() {
    let mut stream = sample::Stream::new(1, "test", 0);
    let mut sizes: Vec<u32> = (0..10_000).map(|_| stream.quantile(&LIST_SIZES)).collect();
    sizes.sort_unstable();
    near(sizes[5_000], 7_930, 300, "median");
    near(sizes[9_500], 19_232, 1_000, "95th percentile");
    near(sizes[500], 2_602, 200, "5th percentile");
}

#[test]
fn requests_follow_the_measured_shares() {
    let tables = sample();
    let all = tables.requests.len();
    let among = |test: &dyn Fn(&RequestRow) -> bool| tables.requests.iter().filter(|row| test(row)).count();
    near(share(among(&|row| row.reconciliation == "not-seen"), all), 7_700 + 50, 250, "not seen");
    // Visits and those who need longer are rung: fewer than the 43 percent who would like a text message.
    near(share(among(&|row| row.contact_route == "sms"), all), 4_000, 250, "text messages");
    near(share(among(&|row| row.needs.contains("step-free")), all), 450, 80, "step-free");
    // Prebooked work is 43 percent GPs' (GP share and same-day shares together).
    let consultations = among(&|row| row.care_type == "gp-consultation");
    near(share(consultations, all), 4_300, 700, "consultations");
    let phone_only = among(&|row| row.delivery_channels.starts_with("telephone"));
    near(share(phone_only, consultations), 3_700, 300, "telephone among consultations");
}

#[test]
fn the_book_is_full_near_and_empty_far() {
    let tables = sample();
    let start = monday_after_outage();
    let duty: BTreeSet<&str> = tables
        .sessions
        .iter()
        .filter(|row| {
            !row.reserved_for.is_empty() || !row.additional.is_empty() || row.practitioner_id.contains("HUB")
        })
        .map(|row| row.session_id.as_str())
        .collect();
    let taken = |gps: bool, ahead: i64| {
        let day: Vec<&SlotRow> = tables
            .slots
            .iter()
            .filter(|row| !duty.contains(row.session_id.as_str()) && row.places.is_empty())
            .filter(|row| row.status != "busy-unavailable" && row.session_id.contains("-GP") == gps)
            .filter(|row| (row.start[..10].parse::<NaiveDate>().unwrap() - start).num_days() == ahead)
            .collect();
        share(day.iter().filter(|row| row.status != "free").count(), day.len())
    };
    for (days, gps, others) in [(1, 7_787, 8_727), (7, 3_532, 4_871), (14, 1_551, 2_386)] {
        let filled = |ahead: u32| ahead * FILLED_ON_THE_DAY / 10_000;
        // A few sessions of people on leave stand in the book with nobody in them.
        near(taken(true, days), filled(gps), 700, "GP slots taken");
        near(taken(false, days), filled(others), 900, "other slots taken");
    }
}

#[test]
fn a_practice_loses_as_much_as_areas_hit_did() {
    let (mut lost, mut volume) = (0, 0);
    for seed in 0..40 {
        let tables = generate(&options(Profile::Practice, seed)).unwrap().tables;
        lost += tables.requests.len() as u64;
        // A working day of a practice of 9,000.
        volume += 9_000 * APPOINTMENTS_PER_1000_WEEK / 1_000 / 5;
    }
    let prebooked =
        (10_000 - (GP_SHARE * GP_SAME_DAY + (10_000 - GP_SHARE) * OTHER_SAME_DAY) / 10_000) * volume / 10_000;
    // 1.0 to 1.5 working days of prebooked work, and those told to wait.
    let days = lost * 10 / prebooked;
    assert!((13..=20).contains(&days), "{days} tenths of a day");
}

#[test]
fn the_outage_is_all_or_nothing_by_system() {
    let tables = sample();
    let mut by_practice: BTreeMap<&str, usize> = tables
        .sites
        .iter()
        .filter(|row| !row.practice.is_empty())
        .map(|row| (row.practice.as_str(), 0))
        .collect();
    for row in &tables.requests {
        *by_practice.entry(&row.site_id[..5]).or_default() += 1;
    }
    let slots = tables.slots.len() / by_practice.len();
    let hit = by_practice.values().filter(|&&requests| requests * 20 > slots).count();
    near(share(hit, by_practice.len()), AFFECTED - 400, 1_200, "practices hit");
}

#[test]
fn a_folder_is_written_whole_and_never_overwritten_by_accident() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("case");
    let elective = options(Profile::Elective, 1);
    let mut told = 0;
    write(&elective, &folder, false, &mut |done, _| told = done).unwrap();
    assert_eq!(told, 1);
    let again = options(Profile::Practice, 1);
    assert!(matches!(write(&again, &folder, false, &mut |_, _| {}), Err(Error::Argument(_))));
    write(&again, &folder, true, &mut |_, _| {}).unwrap();
    let written: BTreeMap<String, Vec<u8>> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    assert_eq!(written, files(&again).unwrap());
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn the_fixtures_are_what_the_generator_makes() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let cases = [
        ("practice", Profile::Practice, 209, false),
        ("practice-dirty", Profile::Practice, 209, true),
        ("pcn", Profile::Pcn, 8, false),
        ("elective", Profile::Elective, 209, false),
    ];
    for (folder, profile, seed, dirty) in cases {
        for (name, bytes) in files(&Options { dirty, ..options(profile, seed) }).unwrap() {
            let kept = std::fs::read(fixtures.join(folder).join(&name)).unwrap();
            assert!(
                kept == bytes,
                "fixtures/{folder}/{name}: see fixtures/README.md on how to make it again"
            );
        }
    }
}

#[test]
fn the_book_of_medscheduler_is_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/medscheduler");
    let case = crate::tables::read_case(&folder, &ReadOptions::default()).unwrap();
    assert_eq!(case.warnings, []);
    assert_eq!((case.requests.len(), case.slots.len()), (153, 720));
}
