use clap::CommandFactory;

use super::*;

fn rebook(arguments: &[&str]) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = ["rebook"].iter().chain(arguments).map(OsString::from);
    let exit = run(arguments, &mut Console { out: &mut out, err: &mut err });
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn the_arguments_are_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn help_is_a_result_and_a_mistake_is_not() {
    let (exit, out, err) = rebook(&["--help"]);
    assert_eq!((exit, err.as_str()), (Exit::Done, ""));
    assert!(out.contains("rebook check CASE"), "{out}");
    let (exit, out, err) = rebook(&["chekc"]);
    assert_eq!((exit, out.as_str()), (Exit::Unusable, ""));
    assert!(err.contains("check"), "{err}");
    let (exit, _, err) = rebook(&["check", "case", "--start", "22/07/2024"]);
    assert_eq!(exit, Exit::Unusable);
    assert!(err.contains("YYYY-MM-DD"), "{err}");
}

#[test]
fn every_code_is_explained() {
    let (exit, list, _) = rebook(&["rule"]);
    assert_eq!(exit, Exit::Done);
    assert_eq!(list.lines().count(), crate::issue::Code::ALL.len());
    let (exit, text, _) = rebook(&["rule", "e105"]);
    assert_eq!(exit, Exit::Done);
    assert!(text.starts_with("E105  A file is a workbook") && text.contains("What to do:"), "{text}");
    let (exit, _, err) = rebook(&["rule", "X9"]);
    assert_eq!(exit, Exit::Unusable);
    assert!(err.contains("rebook rule"), "{err}");
}

#[test]
fn the_schema_is_json_with_every_column() {
    let (exit, out, _) = rebook(&["schema"]);
    assert_eq!(exit, Exit::Done);
    let all: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(all["requests.csv"]["fields"].as_array().unwrap().len(), 30);
    assert_eq!(all["slots.csv"]["primaryKey"][0], "slot_id");
    let (_, one, _) = rebook(&["schema", "slots"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&one).unwrap(), all["slots.csv"]);
    assert_eq!(rebook(&["schema", "nonsense"]).0, Exit::Unusable);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let arguments = ["rebook", "schema"].map(OsString::from);
    assert_eq!(run(arguments, &mut Console { out: &mut Closed, err: &mut Vec::new() }), Exit::Done);
}

#[test]
fn a_case_is_generated_checked_and_not_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("case");
    let folder = folder.to_str().unwrap();
    let (exit, out, err) = rebook(&["generate", "--seed", "3", "--out", folder]);
    assert_eq!((exit, out.as_str()), (Exit::Done, ""), "{err}");
    assert!(err.contains("Wrote a case of"), "{err}");
    assert_eq!(rebook(&["check", folder]).0, Exit::Done);
    let (exit, _, err) = rebook(&["generate", "--out", folder]);
    assert_eq!(exit, Exit::Unusable);
    assert!(err.contains("--force"), "{err}");
    assert_eq!(rebook(&["generate", "--dirty", "--force", "--out", folder]).0, Exit::Done);
    assert_eq!(rebook(&["check", folder]).0, Exit::Rows);
    let (exit, _, err) = rebook(&["generate", "--practices", "0", "--out", folder, "--force"]);
    assert_eq!(exit, Exit::Unusable);
    assert!(err.contains("practices"), "{err}");
    assert_eq!(rebook(&["generate", "--profile", "village", "--out", folder]).0, Exit::Unusable);
}

fn fixture(name: &str) -> String {
    format!("{}/../fixtures/invalid/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_check_says_what_can_be_used_and_what_to_do() {
    let (exit, out, err) = rebook(&["check", &fixture("E208-uk-date")]);
    assert_eq!((exit, out.as_str()), (Exit::Rows, ""));
    for text in
        ["requests.csv              3 rows", "E208", "line 4", "3 July 2024 or 7 March 2024", "1 invalid-row"]
    {
        assert!(err.contains(text), "{text} is not in\n{err}");
    }
    let (exit, _, err) = rebook(&["check", &fixture("E303-zeros-lost")]);
    assert_eq!(exit, Exit::Unusable);
    assert!(err.contains("\"00123\"") && err.contains("cannot be used"), "{err}");
    assert_eq!(rebook(&["check", &fixture("W303-role-unused")]).0, Exit::Done);
    assert_eq!(rebook(&["check", &fixture("no-such-case")]).0, Exit::Unusable);
}

#[test]
fn a_check_for_machines_is_json_on_standard_output() {
    let (exit, out, err) = rebook(&["check", "--json", &fixture("E208-uk-date")]);
    assert_eq!((exit, err.as_str()), (Exit::Rows, ""));
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["exit_code"], 3);
    assert_eq!(found["requests"], 3);
    assert_eq!(found["problems"][0]["code"], "E208");
    assert_eq!(found["problems"][0]["severity"], "row");
    assert_eq!(found["excluded"]["invalid-row"], 1);
    let (exit, out, _) = rebook(&["check", "--json", &fixture("E101-file-missing")]);
    assert_eq!(exit, Exit::Unusable);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["usable"], false);
}

#[test]
fn columns_to_keep_must_be_there_and_have_a_place() {
    let case = fixture("W101-unknown-column");
    assert_eq!(rebook(&["check", &case, "--keep-columns", "notes"]).0, Exit::Done);
    for wrong in ["note", "reason", "notes,notes"] {
        assert_eq!(rebook(&["check", &case, "--keep-columns", wrong]).0, Exit::Unusable, "{wrong}");
    }
}

/// `verify` and `explain` read a case as `plan` does: whoever waits hears how far it is.
#[test]
fn reading_a_plan_and_its_case_is_told_of() {
    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        planned: PlanArgs,
    }
    let case = format!("{}/../fixtures/practice", env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan").display().to_string();
    assert_eq!(rebook(&["plan", &case, "--out", &plan]).0, Exit::Done);
    let only = Only::try_parse_from(["only", &case, &plan]).unwrap();
    let heard = std::sync::Mutex::new(Vec::new());
    only.planned.read(&|what| heard.lock().unwrap().push(what)).unwrap();
    let heard = heard.into_inner().unwrap();
    assert_eq!(heard[0], "reading the plan");
    for table in ["requests.csv", "slots.csv"] {
        assert!(heard.iter().any(|what| what.ends_with(&format!("rows of {table} so far"))), "{heard:?}");
    }
}
