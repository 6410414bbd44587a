//! A case written and read is the same case.

use std::collections::BTreeMap;

use rebook::generate::{Format, Options, Profile, files};
use rebook::issue::{Code, Severity};
use rebook::model::{Case, ContactRoute};
use rebook::tables::{OutputFile, ReadOptions, plan_files, read_case, read_case_files, write_case};
use rebook::{Error, PlanOptions, plan};
use rebook_tests::cases::random_case;

/// What the tables of a case do not hold, or hold in other words.
fn essence(mut case: Case) -> Case {
    case.files.clear();
    case.warnings.clear();
    case.previous = None;
    let notice = &mut case.policy.min_notice_hours;
    for route in ContactRoute::ALL {
        notice.by_route.insert(*route, notice.of(*route));
    }
    for request in &mut case.requests {
        request.line = 0;
        request.content.clear();
    }
    for slot in &mut case.slots {
        // A slot that is free names nobody.
        slot.patient_id = slot.patient_id.take().filter(|_| slot.status.is_taken());
    }
    case
}

/// Problems of files that the random cases are free to have.
const BY_HAND: [Code; 3] = [Code::SlotsOverlap, Code::UnknownTier, Code::SharesRankFirst];

#[test]
fn random_cases_come_back_as_they_were_written() {
    let home = tempfile::tempdir().expect("a folder");
    let mut compared = 0;
    for seed in 0..1500 {
        let mut case = random_case(seed);
        // Defects of a case made by hand have no cell behind them that could be written.
        if case.requests.iter().any(|request| !request.defects.is_empty()) {
            continue;
        }
        case.kept_columns.clear();
        let dir = home.path().join(seed.to_string());
        write_case(&case, &dir).expect("it is written");
        let options = ReadOptions { use_additional: case.use_additional, ..ReadOptions::default() };
        let again = match read_case(&dir, &options) {
            Ok(again) => again,
            // Cases made by hand may hold what no file may.
            Err(Error::Unusable(issues)) if issues.iter().all(|issue| BY_HAND.contains(&issue.code)) => {
                continue;
            }
            Err(error) => panic!("seed {seed}: {error:?}"),
        };
        assert!(again.warnings.iter().all(|issue| issue.severity() == Severity::Warning));
        let (again, case) = (essence(again), essence(case));
        if again != case {
            let (again, case) = (format!("{again:#?}"), format!("{case:#?}"));
            let differ = again.lines().zip(case.lines()).find(|(new, old)| new != old);
            panic!("seed {seed}: {differ:?}\n{again}");
        }
        compared += 1;
    }
    assert!(compared > 500, "only {compared} cases were compared");
}

/// The tables of a plan, and how it was read.
fn planned(files: &BTreeMap<String, Vec<u8>>) -> (Vec<OutputFile>, Vec<String>) {
    let case = read_case_files(files, &ReadOptions::default()).expect("a case");
    let plan = plan(&case, &PlanOptions::default()).expect("a plan");
    let mut tables = plan_files(&plan, &[]).expect("files");
    // The summary has the digests of the files read, which differ.
    tables.pop();
    let warnings = case.warnings.iter().map(|issue| {
        format!(
            "{} {} {:?} {:?}",
            issue.code,
            issue.file.split('.').next().unwrap_or(""),
            issue.line,
            issue.value
        )
    });
    (tables, warnings.collect())
}

#[test]
fn the_same_case_as_parquet_gives_the_same_plan() {
    for (profile, dirty) in
        [(Profile::Practice, false), (Profile::Practice, true), (Profile::Elective, false)]
    {
        let mut options = Options { dirty, requests: Some(40), ..Options::new(profile, 5) };
        let csv = files(&options).expect("a case");
        options.format = Format::Parquet;
        let parquet = files(&options).expect("a case");
        assert!(parquet.contains_key("slots.parquet") && !parquet.contains_key("slots.csv"));
        let (expected, warnings) = planned(&csv);
        let (found, same) = planned(&parquet);
        assert!(expected[0].bytes.len() > 1000, "somebody has a place");
        for (found, expected) in found.iter().zip(&expected) {
            let lines = |file: &OutputFile| -> Vec<String> {
                String::from_utf8_lossy(&file.bytes).lines().map(str::to_owned).collect()
            };
            // What is said of a row that cannot be read names the file it stands in.
            let new = lines(found).into_iter().map(|line| match expected.name.as_str() {
                "excluded.csv" => line.replace("requests.parquet", "requests.csv"),
                _ => line,
            });
            let new: Vec<String> = new.collect();
            let old = lines(expected);
            let differ = new.iter().zip(&old).find(|(new, old)| new != old);
            assert!(new == old, "{}: {differ:?}", expected.name);
        }
        assert_eq!(same, warnings);
    }
}
