//! The same input gives the same plan, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::{Place, columns, files, fixture, plan, rows};

#[test]
fn at_any_number_of_threads_and_every_time() {
    let place = Place::new();
    let case = fixture("practice");
    let mut plans = Vec::new();
    for (position, threads) in ["1", "2", "8", "1"].iter().enumerate() {
        let out = format!("plan-{position}");
        place.run(&["plan", &case, "--out", &out, "--threads", threads]).with(0);
        plans.push(plan(&place.path(&out)));
    }
    assert!(plans.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Puts the rows of a table into another order: the last first.
fn reversed(bytes: &[u8]) -> Vec<u8> {
    let mut rows = rows(bytes);
    rows[1..].reverse();
    written(&rows, csv::Terminator::Any(b'\n'), false)
}

/// A table as bytes, each cell in quotes or only where it must be.
fn written(rows: &[Vec<String>], end: csv::Terminator, quoted: bool) -> Vec<u8> {
    let style = if quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut writer = csv::WriterBuilder::new().terminator(end).quote_style(style).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory");
    }
    writer.into_inner().expect("memory")
}

/// A copy of a case with its tables changed.
fn changed(case: &Path, copy: &Path, change: impl Fn(&[u8]) -> Vec<u8>) {
    fs::create_dir(copy).expect("a folder");
    for (name, bytes) in files(case) {
        let bytes =
            if Path::new(&name).extension().is_some_and(|end| end == "csv") { change(&bytes) } else { bytes };
        fs::write(copy.join(name), bytes).expect("written");
    }
}

/// What a plan says, without what it says of its input.
fn said(dir: &Path) -> BTreeMap<String, Vec<Vec<String>>> {
    let files = plan(dir);
    let excluded = ["request_id", "patient_id", "reason_code", "field", "detail"];
    let mut found = BTreeMap::new();
    found.insert("plan".to_owned(), rows(&files["plan.csv"]));
    found.insert("unplaced".to_owned(), rows(&files["unplaced.csv"]));
    found.insert("excluded".to_owned(), columns(&files["excluded.csv"], &excluded));
    let mut summary: serde_json::Value = serde_json::from_slice(&files["summary.json"]).expect("JSON");
    let object = summary.as_object_mut().expect("an object");
    object.remove("input_sha256");
    // Warnings name lines of the files.
    object.remove("warnings");
    found.insert("summary".to_owned(), vec![vec![summary.to_string()]]);
    found
}

#[test]
fn whatever_the_order_of_rows_and_the_ways_of_spreadsheets() {
    let place = Place::new();
    let case = fixture("practice");
    changed(Path::new(&case), &place.path("reversed"), reversed);
    changed(Path::new(&case), &place.path("spreadsheet"), |bytes| {
        let mut text = b"\xEF\xBB\xBF".to_vec();
        text.extend(written(&rows(bytes), csv::Terminator::CRLF, true));
        text
    });
    let mut plans = Vec::new();
    for (case, out) in [(case.as_str(), "a"), ("reversed", "b"), ("spreadsheet", "c")] {
        place.run(&["plan", case, "--out", out]).with(0);
        plans.push(said(&place.path(out)));
    }
    assert_eq!(plans[0], plans[1]);
    assert_eq!(plans[0], plans[2]);
}

#[test]
fn a_plan_made_again_after_itself_moves_nobody() {
    let place = Place::new();
    let case = fixture("practice");
    place.run(&["plan", &case, "--out", "first"]).with(0);
    place.run(&["plan", &case, "--out", "second", "--previous", "first"]).with(0);
    place.run(&["verify", &case, "second"]).with(0);
    let places = |out: &str| {
        let bytes = &plan(&place.path(out))["plan.csv"];
        columns(bytes, &["request_id", "session_id", "slot_ids", "start"])
    };
    assert_eq!(places("first"), places("second"));
}

#[test]
fn a_plan_after_calls_is_verified_and_explained_without_saying_more() {
    let place = Place::new();
    let case = fixture("practice");
    place.run(&["plan", &case, "--out", "first"]).with(0);
    let first = std::fs::read(place.path("first/plan.csv")).expect("a plan");
    let called = columns(&first, &["request_id"]);
    let list = format!("request_id,outcome\n{},accepted\n{},no answer\n", called[0][0], called[1][0]);
    std::fs::write(place.path("calls.csv"), list).expect("written");
    let again = ["plan", &case, "--out", "second", "--outcomes", "calls.csv"];
    let alone = place.run(&again).with(2);
    assert!(alone.err.contains("--previous"), "{}", alone.err);
    place.run(&[&again[..], &["--previous", "first"]].concat()).with(0);
    place.run(&["verify", &case, "second"]).with(0);
    let answer = place.run(&["explain", &case, "second", &called[0][0]]).with(0);
    assert!(answer.out.contains("booked"), "{}", answer.out);
    std::fs::write(place.path("calls.csv"), "request_id,outcome\n").expect("written");
    place.run(&["verify", &case, "second"]).with(4);
}

#[test]
fn a_seed_means_the_same_case() {
    let place = Place::new();
    place.small_case("one", 5);
    place.small_case("two", 5);
    place.small_case("three", 6);
    assert_eq!(files(&place.path("one")), files(&place.path("two")));
    assert_ne!(files(&place.path("one")), files(&place.path("three")));
}
