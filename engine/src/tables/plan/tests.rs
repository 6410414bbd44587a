use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::model::{Counts, ObjectiveEntry, ObjectiveRecord, PolicyRecord, RankEntry, RunRecord};
use crate::tables::{ReadOptions, read_case};

/// A plan with texts that a spreadsheet would run.
pub fn sample() -> PlanFiles {
    let date = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let entry = ObjectiveEntry { value: 0, bound: 0 };
    PlanFiles {
        plan: vec![PlanRow {
            call_order: 1,
            call_by: Some(date("2024-07-22")),
            request_id: "=R1".to_owned(),
            patient_id: "P1".to_owned(),
            tier: "GP3".to_owned(),
            rank: 3,
            target_date: date("2024-07-29"),
            latest_date: None,
            session_id: "S1".to_owned(),
            slot_ids: vec!["S1/1".to_owned(), "S1/2".to_owned()],
            practitioner_id: "D1".to_owned(),
            site_id: "A".to_owned(),
            start: date("2024-07-23").and_hms_opt(9, 0, 0).unwrap(),
            end: date("2024-07-23").and_hms_opt(9, 30, 0).unwrap(),
            delivery_channel: "in-person".to_owned(),
            contact_route: "phone".to_owned(),
            days_late: 0,
            status: "proposed".to_owned(),
            flags: vec!["check-first".to_owned()],
            reason: "the first free, \"quoted\" place".to_owned(),
            kept: vec!["-note, with comma".to_owned()],
        }],
        unplaced: Vec::new(),
        excluded: vec![ExcludedRow {
            request_id: String::new(),
            patient_id: "P2".to_owned(),
            reason_code: "invalid-row".to_owned(),
            field: "request_id".to_owned(),
            detail: "a required cell is empty".to_owned(),
            line: 3,
        }],
        summary: Summary {
            status: "optimal".to_owned(),
            objective: ObjectiveRecord {
                late: vec![RankEntry { rank: 1, tier: "GP1+GP2".to_owned(), value: 0, bound: 0 }],
                window: entry.clone(),
                wait: Vec::new(),
                order: entry,
            },
            counts: Counts { requests: 2, placed: 1, unplaced: 0, excluded: 1, by_tier: BTreeMap::new() },
            policy: PolicyRecord {
                name: "=cmd".to_owned(),
                version: "1".to_owned(),
                approved_by: String::new(),
            },
            run: RunRecord {
                start: date("2024-07-22"),
                as_of: "2024-07-22T00:00".to_owned(),
                additional: false,
                previous: None,
                outcomes: Vec::new(),
                interrupted: false,
            },
            input_sha256: BTreeMap::new(),
            software_version: "0.1.0".to_owned(),
            seed: 0,
            elapsed_seconds: 0.5,
            warnings: vec!["@all".to_owned()],
        },
    }
}

#[test]
fn a_plan_written_reads_back_the_same() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("plan");
    write_plan(&dir, &sample(), &["note".to_owned()]).unwrap();
    assert_eq!(read_plan(&dir).unwrap(), sample());
    let text = fs::read_to_string(dir.join("plan.csv")).unwrap();
    assert!(text.contains(",'=R1,") && text.contains("\"'-note, with comma\""), "{text}");
    assert!(fs::read_to_string(dir.join(MARKER)).unwrap().contains("\"'=cmd\""));
}

#[test]
fn every_problem_of_a_plan_is_told() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("plan");
    write_plan(&dir, &sample(), &["note".to_owned()]).unwrap();
    fs::remove_file(dir.join("unplaced.csv")).unwrap();
    fs::write(dir.join(MARKER), "{").unwrap();
    let text = fs::read_to_string(dir.join("plan.csv")).unwrap().replace("2024-07-29", "29/07/2024");
    fs::write(dir.join("plan.csv"), text).unwrap();
    let Err(Error::Unusable(issues)) = read_plan(&dir) else { panic!("the plan is broken") };
    let codes: Vec<Code> = issues.iter().map(|issue| issue.code).collect();
    assert_eq!(codes, [Code::DateUkOrder, Code::SummaryUnreadable, Code::FileMissing]);
}

/// A plan in memory is as good as the folder that it would be written to, digests and all.
#[test]
fn a_previous_plan_comes_from_memory_as_from_its_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/practice");
    let own = |previous| {
        let options = ReadOptions { previous, ..ReadOptions::default() };
        read_case(&folder, &options).unwrap()
    };
    let place = tempfile::tempdir().unwrap();
    let kept = ["-note".to_owned()];
    write_plan(place.path(), &sample(), &kept).unwrap();
    let wanted = own(Some(place.path().to_owned()));
    assert!(wanted.files.iter().any(|file| file.name == "previous/plan.csv" && file.rows == 1));
    assert_eq!(with_previous_in(own(None), place.path()).unwrap(), wanted);
    assert_eq!(with_previous(own(None), &sample(), &kept).unwrap(), wanted);
    // One takes the place of another.
    assert_eq!(with_previous(wanted.clone(), &sample(), &kept).unwrap(), wanted);
    let missing = with_previous_in(own(None), &place.path().join("nothing")).unwrap_err();
    assert!(matches!(missing, Error::Unusable(issues) if issues[0].code == Code::FolderMissing));
}
