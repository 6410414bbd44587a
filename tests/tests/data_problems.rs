//! Every code of a data problem has a fixture that shows it and a line in the documentation.
//!
//! `expected.txt` in a fixture lists what is to be found in it, no more and no less. To write these files and
//! `docs/data-problems.md` anew, run this test with `REBOOK_UPDATE=1` and read the difference.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rebook::Error;
use rebook::issue::{Code, Issue, Severity};
use rebook::tables::{ReadOptions, read_case};

/// Codes that mean a file as a whole, or something that is not in it.
const WITHOUT_LINE: [Code; 22] = [
    Code::FileMissing,
    Code::FolderMissing,
    Code::NotReadable,
    Code::FileEmpty,
    Code::SpreadsheetFile,
    Code::WideText,
    Code::TableTwice,
    Code::BookTwice,
    Code::FhirIgnored,
    Code::ParquetUnreadable,
    Code::ColumnType,
    Code::PatientNumber,
    Code::StartDefaulted,
    Code::HolidaysRunOut,
    Code::PolicyRoleUnused,
    Code::NoRoomInDay,
    Code::NoTierScheduled,
    Code::SummaryUnreadable,
    Code::WorkbookUnreadable,
    Code::NoOutcomes,
    Code::ListMissing,
    Code::ListForgotten,
];

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn update() -> bool {
    std::env::var_os("REBOOK_UPDATE").is_some()
}

/// The fixtures, by the code in their name.
fn fixtures() -> Vec<(Code, PathBuf)> {
    let mut fixtures: Vec<(Code, PathBuf)> = fs::read_dir(home().join("fixtures/invalid"))
        .expect("the fixtures")
        .map(|entry| entry.expect("a fixture").path())
        .filter(|path| path.is_dir())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let code = Code::parse(name.split('-').next().unwrap_or_default());
            (code.unwrap_or_else(|| panic!("{name} does not begin with a code")), path)
        })
        .collect();
    fixtures.sort();
    fixtures
}

/// Everything that reading a fixture says, and whether it can be used.
fn findings(fixture: &Path) -> (Vec<Issue>, bool) {
    let case = match fs::read_to_string(fixture.join("at.txt")) {
        Ok(name) => fixture.join(name.trim()),
        Err(_) => fixture.to_owned(),
    };
    let previous = Some(fixture.join("previous")).filter(|path| path.is_dir());
    let lists = ["outcomes.csv", "outcomes.xlsx"].map(|name| fixture.join(name));
    let outcomes = lists.into_iter().filter(|path| path.is_file()).collect();
    match read_case(&case, &ReadOptions { previous, outcomes, ..ReadOptions::default() }) {
        Ok(case) => {
            let defects = case.requests.iter().flat_map(|request| request.defects.clone());
            let mut issues: Vec<Issue> = defects.chain(case.warnings.iter().cloned()).collect();
            issues.sort();
            (issues, true)
        }
        Err(Error::Unusable(issues)) => (issues, false),
        Err(other) => panic!("{}: {other}", fixture.display()),
    }
}

/// An issue as `expected.txt` lists it.
fn listed(issue: &Issue, fixture: &Path) -> String {
    let file = issue.file.replace(&fixture.display().to_string(), "").replace('\\', "/");
    let file = file.trim_start_matches('/');
    let line = issue.line.map_or(String::new(), |line| format!(":{line}"));
    let field = issue.field.as_deref().unwrap_or("-");
    let value = issue.value.as_deref().unwrap_or("-");
    format!("{} {file}{line} {field} {value:?}", issue.code)
}

#[test]
fn registry_fixtures_and_documentation_agree() {
    let registry: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(registry.len(), Code::ALL.len(), "codes are unique");
    assert!(
        Code::ALL.iter().all(|code| code.as_str().starts_with('W') == (code.severity() == Severity::Warning))
    );
    let shown: Vec<&str> = fixtures().iter().map(|(code, _)| code.as_str()).collect();
    let unique: BTreeSet<&str> = shown.iter().copied().collect();
    assert_eq!(unique.len(), shown.len(), "one fixture each");
    assert_eq!(unique, registry, "every code has a fixture");

    let path = home().join("docs/data-problems.md");
    if update() {
        fs::write(&path, documentation()).expect("the documentation is written");
    }
    let text = fs::read_to_string(&path).expect("docs/data-problems.md");
    assert_eq!(text.replace("\r\n", "\n"), documentation(), "docs/data-problems.md is out of date");
}

fn documentation() -> String {
    let mut text = String::from(
        "# Data problems\n\nEverything that can be wrong with the files of a case, by code. `rebook rule CODE` says \
         more; `rebook check CASE` finds them all at once.\nEach code has a fixture in `fixtures/invalid/` that \
         shows it. Warnings (W) never stop a run.\n\n| code | problem | what follows | what to do |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let _ = writeln!(
            text,
            "| {code} | {} | {} | {} |",
            code.title(),
            code.severity().describe(),
            code.help().replace('|', "\\|")
        );
    }
    text
}

#[test]
fn each_fixture_shows_its_problem_and_nothing_else() {
    for (code, fixture) in fixtures() {
        let (issues, usable) = findings(&fixture);
        let name = fixture.display();
        let own: Vec<&Issue> = issues.iter().filter(|issue| issue.code == code).collect();
        assert!(!own.is_empty(), "{name} does not show {code}: {issues:#?}");
        for issue in &issues {
            assert!(
                !issue.file.is_empty() && !issue.expected.is_empty() && !issue.help.is_empty(),
                "{issue:?}"
            );
        }
        for issue in own {
            let placed = issue.line.is_some() || WITHOUT_LINE.contains(&code);
            assert!(placed, "{name}: no line in {issue:?}");
            let named = issue.field.is_some() || whole_file(code);
            assert!(named, "{name}: no field in {issue:?}");
            assert!(issue.value.is_some() || code == Code::FileMissing, "{name}: no value in {issue:?}");
            assert_eq!(usable, issue.severity() != Severity::Unusable, "{name}: what follows");
        }
        let mut found: String = String::new();
        for issue in &issues {
            let _ = writeln!(found, "{}", listed(issue, &fixture));
        }
        let path = fixture.join("expected.txt");
        if update() {
            fs::write(&path, &found).expect("the list is written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{name}");
    }
}

/// Codes that are about rows, lines or files and not about one column.
fn whole_file(code: Code) -> bool {
    (code.as_str().starts_with("E1") && !matches!(code, Code::ColumnMissing | Code::ColumnTwice))
        || matches!(
            code,
            Code::NoRows
                | Code::FhirIgnored
                | Code::BlankRows
                | Code::Windows1252
                | Code::TomlBroken
                | Code::WorkbookUnreadable
        )
}

#[test]
fn all_problems_of_all_files_are_told_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| fs::write(home.path().join(name), text).expect("a file");
    put(
        "requests.csv",
        "request_id,patient_id,site_id,care_type,original_start\nR1,P1,A,nonsense,19/07/2024\n,P2,A,blood-test,45492\n",
    );
    put(
        "sessions.csv",
        "session_id,practitioner_id,site_id,start,end\nS1,D9,A,2024-07-22T10:00,2024-07-22T09:00\n",
    );
    put(
        "slots.csv",
        "slot_id,session_id,start,duration_minutes,status\nT1,S9,09:00,x,taken\nT1,S1,2024-07-22T09:00,0,free\n",
    );
    put("clinicians.csv", "practitioner_id,role,gender\nD1,gp,woman\nD1,gp,female\n");
    put("policy.toml", "wait_per_day = 0\nhorizon = 3\n");
    let (issues, usable) = findings(home.path());
    assert!(!usable);
    let found: Vec<String> = issues.iter().map(|issue| listed(issue, home.path())).collect();
    assert_eq!(
        found,
        [
            "E214 clinicians.csv:2 gender \"woman\"",
            "E301 clinicians.csv:3 practitioner_id \"D1\"",
            "E403 policy.toml:1 wait_per_day \"0\"",
            "E402 policy.toml:2 horizon \"horizon\"",
            "E208 requests.csv:2 original_start \"19/07/2024\"",
            "E209 requests.csv:3 original_start \"45492\"",
            "E206 requests.csv:3 request_id \"\"",
            "E304 sessions.csv:2 end \"2024-07-22T09:00\"",
            "E302 sessions.csv:2 practitioner_id \"D9\"",
            "E212 slots.csv:2 duration_minutes \"x\"",
            "E302 slots.csv:2 session_id \"S9\"",
            "E211 slots.csv:2 start \"09:00\"",
            "E214 slots.csv:2 status \"taken\"",
            "E213 slots.csv:3 duration_minutes \"0\"",
            "E301 slots.csv:3 slot_id \"T1\"",
        ]
    );
}
