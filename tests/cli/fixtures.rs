//! Each case kept with the project is planned, and the verifier finds nothing to say against the plan.

use crate::support::{Place, fixture, plan, rows, summary};

fn planned_and_verified(name: &str, code: i32) {
    let place = Place::new();
    let case = fixture(name);
    place.run(&["plan", &case, "--out", "plan"]).with(code);
    place.run(&["verify", &case, "plan"]).with(0);

    let dir = place.path("plan");
    let (files, summary) = (plan(&dir), summary(&dir));
    assert_eq!(summary["status"], "optimal");
    let count = |file: &str| rows(&files[file]).len() - 1;
    let counts = &summary["counts"];
    assert_eq!(counts["placed"], count("plan.csv"));
    assert_eq!(counts["unplaced"], count("unplaced.csv"));
    assert_eq!(counts["excluded"], count("excluded.csv"));
    let total = count("plan.csv") + count("unplaced.csv") + count("excluded.csv");
    assert_eq!(counts["requests"], total, "nobody is lost");
    assert!(total > 0);
}

#[test]
fn practice() {
    planned_and_verified("practice", 0);
}

#[test]
fn practice_dirty() {
    planned_and_verified("practice-dirty", 3);
}

/// Large enough that the proof may take longer than a test should: proven or not, the plan keeps every rule.
#[test]
fn pcn() {
    let place = Place::new();
    let case = fixture("pcn");
    let ended = place.run(&["plan", &case, "--out", "plan", "--time-limit", "30"]);
    let proven = summary(&place.path("plan"))["status"] == "optimal";
    let stopped = summary(&place.path("plan"))["run"]["interrupted"] == true;
    assert!(proven || stopped, "{}", ended.err);
    ended.with(if stopped { 130 } else { 0 });
    place.run(&["verify", &case, "plan"]).with(0);
}

#[test]
fn elective() {
    planned_and_verified("elective", 0);
}

#[test]
fn medscheduler() {
    planned_and_verified("medscheduler", 0);
}
