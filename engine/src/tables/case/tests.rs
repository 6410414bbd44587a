use super::*;
use crate::model::{Continuity, Gender, Reconciliation, SlotStatus};
use crate::tables::write_case;

type Files = BTreeMap<String, Vec<u8>>;

fn case() -> Files {
    let text = [
        (
            "requests.csv",
            "request_id,patient_id,site_id,care_type,priority,original_start,latest_date,preferred_practitioner_id,available,reconciliation,flags\n\
             R1,P1,A,gp-consultation,GP3,2024-07-19T09:00,2024-08-01,D1,Mon-Fri 09:00-17:00,not-seen,'=x;y\n\
             \n\
             R2,P2,A,blood-test,GP5,2024-07-19 10:00:30,,,,,\n",
        ),
        (
            "sessions.csv",
            "session_id,practitioner_id,site_id,start,end,reserved_for,cost\r\n\
             S2,D1,B,2024-07-22T09:00,2024-07-22T12:00,urgent,300.50\r\n\
             S1,D1,A,2024-07-22T14:00,2024-07-22T17:00,,\r\n",
        ),
        (
            "slots.csv",
            "slot_id,session_id,start,duration_minutes,status,reserved_for,patient_id,places,places_taken\n\
             2,S2,2024-07-22T09:15,15,free,open,,,\n\
             1,S2,2024-07-22T09:00,15,busy,,P9,,\n\
             3,S1,2024-07-22T14:00,30,,,,4,2\n\
             4,S1,2024-07-22T14:00,60,entered-in-error,,,,\n",
        ),
        (
            "clinicians.csv",
            "practitioner_id,role,gender,skills,max_contacts_day,duration_multiplier,leave\n\
             D1,gp,female,inr; bsl,20,1.5,2024-08-01..2024-08-03;2024-08-10\n",
        ),
        ("sites.csv", "site_id,name,practice,hub,latitude\nA,\"Elm, Street\",X,no,53.4\nB,,X,YES,-0.5\n"),
        ("policy.toml", "start = \"2024-07-22\"\n"),
    ];
    text.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect()
}

fn edit(name: &str, from: &str, to: &str) -> Files {
    let mut files = case();
    let text = String::from_utf8(files[name].clone()).unwrap();
    assert!(text.contains(from), "{from} is not in {name}");
    files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
    files
}

fn open(files: &Files) -> Case {
    read_case_files(files, &ReadOptions::default()).unwrap_or_else(|error| match error {
        Error::Unusable(issues) => panic!("{issues:#?}"),
        other => panic!("{other}"),
    })
}

fn issues(files: &Files) -> Vec<String> {
    let Err(Error::Unusable(issues)) = read_case_files(files, &ReadOptions::default()) else {
        panic!("it is usable")
    };
    issues
        .iter()
        .map(|issue| {
            let line = issue.line.map_or(String::new(), |line| line.to_string());
            format!("{} {}:{line} {}", issue.code, issue.file, issue.field.as_deref().unwrap_or("-"))
        })
        .collect()
}

fn defects(case: &Case, row: usize) -> Vec<(Code, &str)> {
    case.requests[row]
        .defects
        .iter()
        .map(|issue| (issue.code, issue.field.as_deref().unwrap_or("-")))
        .collect()
}

#[test]
fn a_case_is_read_with_defaults_and_in_order() {
    let case = open(&case());
    assert_eq!(case.requests.len(), 2);
    assert_eq!(case.requests[1].line, 4);
    assert_eq!(case.requests[0].continuity, Continuity::Preferred);
    assert_eq!(case.requests[0].flags, ["=x", "y"]);
    assert_eq!(case.requests[1].original_start.unwrap().to_string(), "2024-07-19 10:00:30");
    assert!(case.requests.iter().all(|request| request.defects.is_empty()));
    assert_eq!(case.sessions[0].session_id, "S1");
    assert_eq!(case.sessions[1].cost.unwrap().to_string(), "300.50");
    let slots: Vec<(&str, Option<&str>)> =
        case.slots.iter().map(|slot| (slot.slot_id.as_str(), slot.reserved_for.as_deref())).collect();
    assert_eq!(slots, [("3", None), ("1", Some("urgent")), ("2", None)]);
    assert_eq!(case.slots[0].places, Some(4));
    assert_eq!(case.slots[1].status, SlotStatus::Busy);
    assert_eq!(case.clinicians[0].duration_multiplier.to_string(), "1.5");
    assert!(case.sites[1].hub && case.sites[1].listed);
    assert_eq!(case.files.iter().map(|file| file.rows).collect::<Vec<_>>(), [1, 0, 2, 2, 2, 4]);
    assert_eq!(case.warnings, []);
}

#[test]
fn a_gender_that_cannot_be_asked_for_is_no_defect_of_the_book() {
    for (text, gender) in [("female", Some(Gender::Female)), ("other", None), ("unknown", None), ("", None)] {
        assert_eq!(
            open(&edit("clinicians.csv", ",female,", &format!(",{text},"))).clinicians[0].gender,
            gender
        );
    }
    assert_eq!(issues(&edit("clinicians.csv", ",female,", ",x,")), ["E214 clinicians.csv:2 gender"]);
}

#[test]
fn a_case_written_reads_back_the_same() {
    let mut files = case();
    files.get_mut("requests.csv").unwrap().extend_from_slice(b"R3,,A,nonsense,,22/07/2024,,,,died,\n");
    let read = open(&files);
    let home = tempfile::tempdir().unwrap();
    write_case(&read, home.path()).unwrap();
    let options = ReadOptions::default();
    let mut again = read_case(home.path(), &options).unwrap();
    // Lines, digests and the text of the cells are those of the new files.
    again.files.clone_from(&read.files);
    for (new, old) in again.requests.iter_mut().zip(&read.requests) {
        assert_eq!(new.defects.len(), old.defects.len());
        (new.line, new.defects) = (old.line, old.defects.clone());
        new.content.clone_from(&old.content);
    }
    assert_eq!(again, read);
}

#[test]
fn sessions_are_derived_and_slots_are_cut() {
    let mut files = case();
    files.remove("sessions.csv");
    assert_eq!(issues(&files), ["E101 sessions.csv: -"]);
    let slots = "slot_id,session_id,start,duration_minutes,practitioner_id,site_id\n\
                 b,S,2024-07-22T10:00,20,D1,A\na,S,2024-07-22T09:00,15,D1,A\n";
    files.insert("slots.csv".to_owned(), slots.into());
    let derived = open(&files);
    assert_eq!(derived.sessions[0].start.to_string(), "2024-07-22 09:00:00");
    assert_eq!(derived.sessions[0].end.to_string(), "2024-07-22 10:20:00");

    let mut files = case();
    files.remove("slots.csv");
    assert_eq!(issues(&files), ["E101 slots.csv: -"]);
    let sessions = "session_id,practitioner_id,site_id,start,end,slot_minutes\n\
                    S,D1,A,2024-07-22T09:00,2024-07-22T10:05,20\nT,D1,A,2024-07-22T11:00,2024-07-22T11:15,\n";
    files.insert("sessions.csv".to_owned(), sessions.into());
    let cut: Vec<String> = open(&files).slots.into_iter().map(|slot| slot.slot_id.into()).collect();
    assert_eq!(cut, ["S/1", "S/2", "S/3", "T/1"]);
}

#[test]
fn a_request_is_never_lost_and_keeps_what_is_readable() {
    let mut files = case();
    let rows = "R3,P3,A,blood-test,GP5,2024-07-19T09:00,,,,died\n\
                R4,P4,A,blood,GP0,45495,2024-13-01,,Mon 9,gone,\n\
                Total,,,,,,,,,,3\n,,,,,,,,,,\n";
    files.get_mut("requests.csv").unwrap().extend_from_slice(rows.as_bytes());
    let case = open(&files);
    assert_eq!(case.requests.len(), 5);
    assert_eq!(defects(&case, 2), [(Code::TooFewCells, "request_id")]);
    assert_eq!(case.requests[2].reconciliation, Reconciliation::Died);
    assert_eq!(
        defects(&case, 3),
        [
            (Code::UnknownCareType, "care_type"),
            (Code::DateSerial, "original_start"),
            (Code::NoSuchDate, "latest_date"),
            (Code::AvailabilityUnreadable, "available"),
            (Code::UnknownWord, "reconciliation"),
        ]
    );
    assert_eq!(case.requests[3].priority.as_deref(), Some("GP0"));
    assert_eq!(defects(&case, 4), [(Code::TotalRow, "request_id")]);
    assert_eq!(case.warnings.iter().map(|issue| issue.code).collect::<Vec<_>>(), [Code::BlankRows]);
}

#[test]
fn the_book_must_be_readable_and_every_problem_is_told() {
    let mut files = edit("slots.csv", "2,S2,2024-07-22T09:15,15,free", "1,S2,2024-07-22T09:10,15,open");
    files.insert("clinicians.csv".to_owned(), b"practitioner_id,role\n01,gp\nD2,\nD2,gp\n".to_vec());
    let sessions = "session_id,practitioner_id,site_id,start,end\n\
                    S2,1,A,2024-07-22T09:00,2024-07-22T08:00\nS1,D1,C,2024-07-22T09:00,2024-07-23T08:00\n";
    files.insert("sessions.csv".to_owned(), sessions.into());
    assert_eq!(
        issues(&files),
        [
            "E206 clinicians.csv:3 role",
            "E301 clinicians.csv:4 practitioner_id",
            "E304 sessions.csv:2 end",
            "E303 sessions.csv:2 practitioner_id",
            "E305 sessions.csv:3 end",
            "E302 sessions.csv:3 practitioner_id",
            "E302 sessions.csv:3 site_id",
            "E214 slots.csv:2 status",
            "E301 slots.csv:3 slot_id",
        ]
    );
}

/// Everything that reading says, so that two ways of reading can be compared.
fn outcome(files: &Files, piece: usize, threads: usize) -> std::result::Result<Case, Vec<Issue>> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let source = Source::Memory(files);
    let read = || {
        read(&Reading { source: &source, book: None, piece, progress: &|_, _| {} }, &ReadOptions::default())
    };
    pool.install(read).map_err(|error| match error {
        Error::Unusable(issues) => issues,
        other => panic!("{other}"),
    })
}

#[test]
fn in_pieces_and_side_by_side_a_case_reads_the_same() {
    use rand::{RngExt, SeedableRng};
    let mut random = rand_pcg::Pcg64::seed_from_u64(3);
    let noise: [&[u8]; 12] = [
        b"\"",
        b"\"\"",
        b"\r",
        b"\n",
        b"\r\n",
        b",",
        b"\xe9",
        b"\0",
        b" ",
        b"\n\n,,,\n",
        b"'=1",
        b"\xEF\xBB\xBF",
    ];
    let (mut usable, mut unusable) = (0, 0);
    for round in 0..600 {
        let mut files = case();
        for _ in 0..round % 4 {
            let name = ["requests.csv", "slots.csv", "sessions.csv", "sites.csv"][random.random_range(0..4)];
            let bytes = files.get_mut(name).unwrap();
            let at = random.random_range(0..=bytes.len());
            let gone = random.random_range(0..3.min(bytes.len() - at + 1));
            bytes.splice(at..at + gone, noise[random.random_range(0..noise.len())].iter().copied());
        }
        let expected = outcome(&files, usize::MAX, 1);
        for threads in [1, 3] {
            let piece = random.random_range(1..200);
            assert_eq!(outcome(&files, piece, threads), expected, "round {round}, piece {piece}");
        }
        if expected.is_ok() { usable += 1 } else { unusable += 1 }
    }
    assert!(usable > 150 && unusable > 150, "{usable} {unusable}");
}

#[test]
fn fixtures_read_the_same_in_pieces() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let entries = |dir: &Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let mut folders = entries(&fixtures.join("invalid"));
    folders.extend(["practice", "practice-dirty", "elective"].map(|name| fixtures.join(name)));
    let mut compared = 0;
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let files: Files = entries(folder)
            .into_iter()
            .filter(|path| path.is_file())
            .map(|path| {
                (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
            })
            .collect();
        let expected = outcome(&files, usize::MAX, 1);
        for piece in [64, 1000, 30_000] {
            assert_eq!(outcome(&files, piece, 2), expected, "{} by {piece}", folder.display());
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared}");
}
