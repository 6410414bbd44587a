//! Section 6: rows, conservation, counts and the rest of the summary.

use super::one;
use crate::model::{InputFile, PlanFiles, TierCounts};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, codes, date, moment};

/// One placed, one unplaced, one excluded.
fn three() -> Scene {
    let mut scene = one();
    scene.request("u", "C").delivery_channels = vec![crate::model::DeliveryChannel::Video];
    scene.reasons.insert("u".to_owned(), "no-candidate".to_owned());
    scene.request("x", "X");
    scene
}

#[track_caller]
fn tampered(rule: Rule, tamper: impl FnOnce(&mut PlanFiles)) {
    three().rejects_tampered(rule, tamper);
}

#[test]
fn a_rows_facts_are_compared() {
    tampered(Rule::Row, |plan| plan.plan[0].patient_id = "p".to_owned());
    tampered(Rule::Row, |plan| plan.plan[0].tier = "C".to_owned());
    tampered(Rule::Row, |plan| plan.plan[0].latest_date = Some(date("2024-07-30")));
    tampered(Rule::Row, |plan| plan.plan[0].practitioner_id = "dr2".to_owned());
    tampered(Rule::Row, |plan| plan.plan[0].site_id = "S2".to_owned());
    tampered(Rule::Row, |plan| plan.plan[0].start = moment("2024-07-22T09:15"));
    tampered(Rule::Row, |plan| plan.plan[0].end = moment("2024-07-22T09:16"));
    tampered(Rule::Row, |plan| plan.plan[0].days_late = 1);
    tampered(Rule::Row, |plan| plan.plan[0].status = "booked".to_owned());
}

#[test]
fn words_are_free_and_other_flags_too() {
    let scene = three();
    let mut plan = scene.plan();
    plan.plan[0].reason = "the first open slot".to_owned();
    plan.plan[0].flags.push("interpreter".to_owned());
    plan.unplaced[0].smallest_change = "a telephone appointment".to_owned();
    assert_eq!(codes(&scene.case, &plan), [""; 0]);
}

#[test]
fn every_request_is_in_exactly_one_file() {
    let broken = |tamper: fn(&mut PlanFiles)| {
        let scene = three();
        let mut plan = scene.plan();
        tamper(&mut plan);
        codes(&scene.case, &plan)
    };
    assert!(broken(|plan| plan.plan.clear()).contains(&"6.conservation"));
    assert!(broken(|plan| plan.unplaced.clear()).contains(&"6.conservation"));
    assert!(broken(|plan| plan.excluded.clear()).contains(&"6.conservation"));
    assert!(broken(|plan| plan.plan[0].request_id = "nobody".to_owned()).contains(&"6.conservation"));
    assert!(broken(|plan| plan.unplaced.push(plan.unplaced[0].clone())).contains(&"6.conservation"));
    let stranger = broken(|plan| plan.unplaced[0].request_id = "nobody".to_owned());
    assert!(stranger.contains(&"6.conservation") && !stranger.contains(&"1.excluded"));
    let both = |plan: &mut PlanFiles| {
        let mut row = plan.unplaced[0].clone();
        row.request_id = "r".to_owned();
        plan.unplaced.push(row);
    };
    assert!(broken(both).contains(&"6.conservation"));
}

#[test]
fn the_counts_are_those_of_the_rows() {
    three().accepts();
    let counts = three().plan().summary.counts;
    assert_eq!([counts.requests, counts.placed, counts.unplaced, counts.excluded], [3, 1, 1, 1]);
    assert_eq!(counts.by_tier["B"], TierCounts { requests: 1, placed: 1, unplaced: 0 });
    assert_eq!(counts.by_tier["C"], TierCounts { requests: 1, placed: 0, unplaced: 1 });
    assert!(!counts.by_tier.contains_key("X"), "the excluded are left out");
    tampered(Rule::Counts, |plan| plan.summary.counts.requests += 1);
    tampered(Rule::Counts, |plan| plan.summary.counts.placed += 1);
    tampered(Rule::Counts, |plan| plan.summary.counts.unplaced += 1);
    tampered(Rule::Counts, |plan| plan.summary.counts.excluded += 1);
    for change in [
        |tier: &mut TierCounts| tier.requests += 1,
        |tier: &mut TierCounts| tier.placed += 1,
        |tier: &mut TierCounts| tier.unplaced += 1,
    ] {
        tampered(Rule::Counts, |plan| change(plan.summary.counts.by_tier.get_mut("B").unwrap()));
    }
    tampered(Rule::Counts, |plan| plan.summary.counts.by_tier.retain(|tier, _| tier != "C"));
    tampered(Rule::Counts, |plan| {
        let counts = TierCounts { requests: 1, placed: 0, unplaced: 0 };
        plan.summary.counts.by_tier.insert("X".to_owned(), counts);
    });
}

#[test]
fn the_policy_and_the_run_are_named() {
    tampered(Rule::PolicyRecord, |plan| plan.summary.policy.name = "another".to_owned());
    tampered(Rule::PolicyRecord, |plan| plan.summary.policy.version = "2".to_owned());
    tampered(Rule::PolicyRecord, |plan| plan.summary.policy.approved_by = String::new());
    tampered(Rule::RunRecord, |plan| plan.summary.run.start = date("2024-07-23"));
    tampered(Rule::RunRecord, |plan| plan.summary.run.as_of = "2024-07-22T07:00".to_owned());
    tampered(Rule::RunRecord, |plan| plan.summary.run.as_of = "early".to_owned());
    tampered(Rule::RunRecord, |plan| plan.summary.run.additional = true);
    tampered(Rule::RunRecord, |plan| plan.summary.run.previous = Some("before".to_owned()));
}

#[test]
fn the_digests_are_those_of_the_files() {
    let mut scene = three();
    scene.case.files = vec![InputFile { name: "requests.csv".to_owned(), sha256: "ab".to_owned(), rows: 3 }];
    scene.rejects_tampered(Rule::Input, |plan| plan.summary.input_sha256.clear());
    scene.rejects_tampered(Rule::Input, |plan| {
        plan.summary.input_sha256.insert("requests.csv".to_owned(), "cd".to_owned());
    });
    scene.rejects_tampered(Rule::Input, |plan| {
        plan.summary.input_sha256.insert("slots.csv".to_owned(), "ab".to_owned());
    });
}
