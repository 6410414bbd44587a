//! `rebook explain`: an answer for every request of a case, and words that help where there is none.

use std::fs;

use serde_json::Value;

use crate::support::{Place, columns, ended, fixture, rows};

fn asked(place: &Place, case: &str, request: &str) -> Value {
    let ended = place.run(&["explain", case, "plan", request, "--json"]).with(0);
    serde_json::from_str(&ended.out).expect("JSON")
}

#[test]
fn every_request_has_an_answer() {
    let place = Place::new();
    place.small_case("case", 11);
    place.run(&["plan", "case", "--out", "plan"]).with(0);
    let ids = |file: &str, more: &str| {
        let bytes = fs::read(place.path("plan").join(file)).expect("a file");
        columns(&bytes, &["request_id", more])
    };
    for row in ids("plan.csv", "start") {
        let answer = asked(&place, "case", &row[0]);
        assert_eq!(answer["status"], "placed", "{row:?}");
        assert!(answer["place"]["start"].as_str().is_some_and(|start| start.starts_with(&row[1])), "{row:?}");
        let better = answer["dates"].as_array().expect("dates").iter().any(|date| date["better"] != 0);
        assert_eq!(answer["place"]["is_best"], !better, "{row:?}");
    }
    for row in ids("unplaced.csv", "reason_code") {
        let answer = asked(&place, "case", &row[0]);
        assert_eq!(
            (&answer["status"], &answer["reason_code"]),
            (&"unplaced".into(), &row[1].as_str().into())
        );
    }
    for row in ids("excluded.csv", "reason_code") {
        let answer = asked(&place, "case", &row[0]);
        assert_eq!(answer["excluded_rows"][0]["reason_code"], row[1].as_str());
    }
}

#[test]
fn the_answer_names_rank_target_dates_and_changes() {
    let place = Place::new();
    let case = fixture("practice");
    place.run(&["plan", &case, "--out", "plan"]).with(0);
    let late = place.run(&["explain", &case, "plan", "R0115"]).with(0);
    for words in ["Rank 3 of 6: GP3", "Target Mon 22 Jul", "3 DAYS LATE", "Why: ", "sessions)"] {
        assert!(late.out.contains(words), "{words}: {}", late.out);
    }
    // Somebody is late because of others, and they are named.
    let plan = rows(&fs::read(place.path("plan/plan.csv")).expect("a plan"));
    let at = |name: &str| plan[0].iter().position(|column| column == name).expect("a column");
    let (id, days) = (at("request_id"), at("days_late"));
    let answers = plan[1..].iter().filter(|row| row[days] != "0").map(|row| {
        let answer = place.run(&["explain", &case, "plan", &row[id]]).with(0);
        answer.out
    });
    assert!(answers.into_iter().any(|answer| answer.contains("held by")), "nobody is held by others");
    assert_eq!(late.err, "");
    let left = place.run(&["explain", &case, "plan", "R0015"]).with(0);
    for words in ["NO PLACE", "It would have a place with any one of these", "  - If "] {
        assert!(left.out.contains(words), "{words}: {}", left.out);
    }
    let plain = ended(place.command(&["explain", &case, "plan", "R0015"]).env("NO_COLOR", "1"));
    assert_eq!(plain.out, left.out);
    assert!(!left.out.contains('\x1b'));
}

#[test]
fn the_excluded_and_the_unknown() {
    let place = Place::new();
    let case = fixture("practice");
    place.run(&["plan", &case, "--out", "plan"]).with(0);
    let excluded = place.run(&["explain", &case, "plan", "R0073"]).with(0);
    for words in ["NOT PLANNED, escalate-now (requests.csv line 74)", "What to do: A clinician"] {
        assert!(excluded.out.contains(words), "{words}: {}", excluded.out);
    }
    let unknown = place.run(&["explain", &case, "plan", "r15"]).with(2);
    assert_eq!(unknown.out, "");
    assert!(unknown.err.contains("did you mean R0015?"), "{}", unknown.err);
    let unknown = place.run(&["explain", &case, "plan", "nobody"]).with(2);
    assert!(unknown.err.contains("plan.csv"), "{}", unknown.err);
    place.run(&["explain", &case, "not-there", "R0015"]).with(2);
    place.run(&["explain", &case, "plan"]).with(2);
}

/// A plan made from other files is not explained as if nothing had happened.
#[test]
fn a_plan_made_from_other_files() {
    let place = Place::new();
    place.small_case("case", 11);
    place.run(&["plan", "case", "--out", "plan"]).with(0);
    let placed =
        columns(&fs::read(place.path("plan").join("plan.csv")).expect("a plan"), &["request_id", "slot_ids"]);
    let requests = place.path("case").join("requests.csv");
    let text = fs::read_to_string(&requests).expect("requests");
    fs::write(&requests, text.clone() + "\n").expect("written");
    let ended = place.run(&["explain", "case", "plan", &placed[0][0]]).with(0);
    assert!(ended.err.contains("requests.csv has changed since"), "{}", ended.err);
    let json = asked(&place, "case", &placed[0][0]);
    assert_eq!(json["changed_files"][0], "requests.csv");

    // A slot of the plan is gone.
    let slots = place.path("case").join("slots.csv");
    let text = fs::read_to_string(&slots).expect("slots");
    let gone = placed[0][1].split(';').next().expect("a slot");
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(&format!("{gone},"))).collect();
    assert!(kept.len() < text.lines().count());
    fs::write(&slots, kept.join("\n") + "\n").expect("written");
    let ended = place.run(&["explain", "case", "plan", &placed[1][0]]).with(2);
    assert!(ended.err.contains("slots.csv have changed since"), "{}", ended.err);
    assert!(ended.err.contains(&placed[0][0]), "{}", ended.err);
}
