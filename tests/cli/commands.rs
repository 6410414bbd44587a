//! What goes to which stream, help, colours, and the verifier's verdict on a plan that somebody changed.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use crate::support::{Place, ended, rows, summary};

const COMMANDS: [&str; 7] = ["plan", "verify", "explain", "check", "schema", "rule", "generate"];

#[test]
fn help_and_version_are_results() {
    let place = Place::new();
    assert!(place.run(&["--version"]).with(0).out.starts_with("rebook "));
    let all = place.run(&["--help"]).with(0).out;
    for command in COMMANDS {
        assert!(all.contains(command), "--help lists {command}");
        let help = place.run(&[command, "--help"]).with(0);
        assert!(help.out.contains("Usage:"), "{command}");
        assert_eq!(help.err, "");
    }
}

#[test]
fn standard_output_holds_the_result_alone() {
    let place = Place::new();
    place.small_case("case", 2);
    let plain = place.run(&["plan", "case", "--out", "plan"]).with(0);
    assert_eq!(plain.out, "");
    assert!(plain.err.contains("Everything is proposed"), "{}", plain.err);

    let quiet = place.run(&["plan", "case", "--out", "plan", "--quiet", "--json"]).with(0);
    assert_eq!(quiet.err, "");
    let printed: serde_json::Value = serde_json::from_str(&quiet.out).expect("JSON");
    assert_eq!(printed["counts"], summary(&place.path("plan"))["counts"]);

    let check = place.run(&["check", "case", "--json"]).with(0);
    serde_json::from_str::<serde_json::Value>(&check.out).expect("JSON");
    let schema = place.run(&["schema"]).with(0);
    serde_json::from_str::<serde_json::Value>(&schema.out).expect("JSON");
}

#[test]
fn no_colours_where_they_are_not_wanted() {
    let place = Place::new();
    place.small_case("case", 2);
    let runs: [&[&str]; 4] = [
        &["--help"],
        &["nonsense"],
        &["plan", "case", "--out", "plan"],
        &["plan", "nowhere", "--out", "plan"],
    ];
    for arguments in runs {
        let ended = ended(place.command(arguments).env("NO_COLOR", "1").env("TERM", "xterm-256color"));
        assert!(!ended.out.contains('\x1b') && !ended.err.contains('\x1b'), "{arguments:?}");
    }
}

/// `rebook schema | head` is no error.
#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let place = Place::new();
    for arguments in [&["schema"][..], &["rule"], &["--help"]] {
        let mut child = place
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().expect("standard error").read_to_string(&mut err).expect("UTF-8");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "{arguments:?}: {err}");
        assert_eq!(err, "", "{arguments:?}");
    }
}

/// Whoever changes a plan by hand hears of it.
#[test]
fn a_plan_that_was_changed_is_found_out() {
    let place = Place::new();
    place.small_case("case", 2);
    place.run(&["plan", "case", "--out", "plan"]).with(0);
    let path = place.path("plan").join("plan.csv");
    let text = fs::read_to_string(&path).expect("a plan");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 3 && rows(text.as_bytes()).len() == lines.len());

    // Somebody dropped the last row.
    fs::write(&path, lines[..lines.len() - 1].join("\n") + "\n").expect("written");
    let ended = place.run(&["verify", "case", "plan"]).with(4);
    assert!(ended.err.contains("6.conservation"), "{}", ended.err);

    // Somebody gave a patient another's slots.
    fs::write(&path, text.replace(&cell(&text, 1, "slot_ids"), &cell(&text, 2, "slot_ids")))
        .expect("written");
    let ended = place.run(&["verify", "case", "plan", "--json"]).with(4);
    let findings: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
    assert!(findings["broken"].as_u64().is_some_and(|broken| broken > 0));

    fs::write(&path, text).expect("written");
    place.run(&["verify", "case", "plan"]).with(0);

    // The case has changed since.
    let requests = place.path("case").join("requests.csv");
    let mut more = fs::read_to_string(&requests).expect("requests");
    more.push('\n');
    fs::write(&requests, more).expect("written");
    let ended = place.run(&["verify", "case", "plan"]).with(4);
    assert!(ended.err.contains("6.input"), "{}", ended.err);
}

/// A number, a word or a slot that is another: exit code 4, and the rule is named.
#[test]
fn what_was_tampered_with_is_named() {
    let place = Place::new();
    place.small_case("case", 2);
    place.run(&["plan", "case", "--out", "plan"]).with(0);
    let tamper = |file: &str, change: &dyn Fn(&str) -> String, rule: &str| {
        let path = place.path("plan").join(file);
        let text = fs::read_to_string(&path).expect("a file");
        let changed = change(&text);
        assert_ne!(text, changed, "{rule}");
        fs::write(&path, changed).expect("written");
        let ended = place.run(&["verify", "case", "plan"]).with(4);
        assert!(ended.err.contains(rule), "{rule}: {}", ended.err);
        assert!(ended.err.contains("do not use this plan"), "{}", ended.err);
        fs::write(&path, text).expect("written");
    };
    let order = summary(&place.path("plan"))["objective"]["order"]["value"].to_string();
    let less = (order.parse::<i64>().expect("a number") - 1).to_string();
    tamper("summary.json", &|text| text.replace(&order, &less), "5.value");
    tamper("summary.json", &|text| text.replacen("\"optimal\"", "\"feasible\"", 1), "5.status");
    tamper("plan.csv", &|text| text.replacen(",proposed,", ",booked,", 1), "6.row");
    tamper("plan.csv", &|text| same_place(text), "4.1");
    tamper(
        "plan.csv",
        &|text| edited(text, |row, at| row[at("target_date")] = "2025-12-24".to_owned()),
        "2.target",
    );
    place.run(&["verify", "case", "plan"]).with(0);
}

/// The first row of a plan in the place of the second.
fn same_place(text: &str) -> String {
    const PLACE: [&str; 6] = ["session_id", "slot_ids", "practitioner_id", "site_id", "start", "end"];
    edited(text, |row, at| {
        for name in PLACE {
            row[at(name)] = cell(text, 2, name);
        }
    })
}

/// A table with its first row changed.
fn edited(text: &str, change: impl Fn(&mut Vec<String>, &dyn Fn(&str) -> usize)) -> String {
    let mut rows = rows(text.as_bytes());
    let columns = rows[0].clone();
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    change(&mut rows[1], &at);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in &rows {
        writer.write_record(row).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("written")).expect("UTF-8")
}

fn cell(text: &str, row: usize, column: &str) -> String {
    let rows = rows(text.as_bytes());
    let at = rows[0].iter().position(|name| name == column).expect("a column");
    rows[row][at].clone()
}
