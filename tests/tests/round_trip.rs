//! A case written and read is the same case.

use rebook::Error;
use rebook::issue::{Code, Severity};
use rebook::model::{Case, ContactRoute};
use rebook::tables::{ReadOptions, read_case, write_case};
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
