//! Section 1: who is excluded, and why first.

use super::{first, one};
use crate::issue::{Code, Issue};
use crate::model::{CancelledBy, Continuity, PlanFiles, Reconciliation, Request, SlotStatus};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, codes, date};

fn defect() -> Issue {
    Issue {
        file: "requests.csv".to_owned(),
        line: Some(2),
        field: Some("due_date".to_owned()),
        code: Code::ALL[0],
        value: None,
        expected: "a date".to_owned(),
        help: "write one".to_owned(),
    }
}

/// The reason codes of one request, changed so; empty for one that is planned.
fn reasons(change: impl FnOnce(&mut Request)) -> Vec<String> {
    let mut scene = one();
    change(first(&mut scene));
    reasons_of(&mut scene)
}

fn reasons_of(scene: &mut Scene) -> Vec<String> {
    let plan = scene.plan();
    for row in &plan.excluded {
        scene.leave_out(&row.request_id);
    }
    scene.accepts();
    scene.plan().excluded.into_iter().map(|row| row.reason_code).collect()
}

#[test]
fn each_reason_is_found() {
    let set = |value: Reconciliation| move |request: &mut Request| request.reconciliation = value;
    for (value, reason) in [
        (Reconciliation::Died, "died"),
        (Reconciliation::Deregistered, "deregistered"),
        (Reconciliation::SeenOnPaper, "seen-on-paper"),
        (Reconciliation::SeenElsewhere, "seen-elsewhere"),
        (Reconciliation::Resolved, "resolved"),
        (Reconciliation::Declined, "declined"),
    ] {
        assert_eq!(reasons(set(value)), [reason]);
    }
    assert_eq!(reasons(set(Reconciliation::Unknown)), [""; 0]);
    let by = |value: CancelledBy| move |request: &mut Request| request.cancelled_by = value;
    assert_eq!(reasons(by(CancelledBy::Death)), ["died"]);
    assert_eq!(reasons(by(CancelledBy::Patient)), ["cancelled-by-patient"]);
    assert_eq!(reasons(by(CancelledBy::OtherService)), [""; 0]);
    assert_eq!(reasons(by(CancelledBy::Unknown)), [""; 0]);
    let tier = |value: &'static str| move |request: &mut Request| request.priority = Some(value.to_owned());
    assert_eq!(reasons(tier("X")), ["escalate-now"]);
    assert_eq!(reasons(tier("nonsense")), ["needs-clinical-review"]);
    assert_eq!(reasons(|request| request.priority = None), ["needs-clinical-review"]);
}

#[test]
fn the_tier_may_come_from_the_care_type() {
    let by_care_type = |tier: &str, given: Option<&str>| {
        let mut scene = one();
        scene.care_type().priority = Some(tier.to_owned());
        first(&mut scene).priority = given.map(str::to_owned);
        reasons_of(&mut scene)
    };
    assert_eq!(by_care_type("X", None), ["escalate-now"]);
    assert_eq!(by_care_type("B", None), [""; 0]);
    assert_eq!(by_care_type("X", Some("B")), [""; 0]);
    assert_eq!(by_care_type("B", Some("nonsense")), ["needs-clinical-review"]);
}

#[test]
fn unreadable_rows_are_invalid_cell_by_cell_and_between_cells() {
    assert_eq!(reasons(|request| request.defects.push(defect())), ["invalid-row"]);
    assert_eq!(reasons(|request| request.patient_id.clear()), ["invalid-row"]);
    assert_eq!(reasons(|request| request.site = None), ["invalid-row"]);
    assert_eq!(reasons(|request| request.care_type = None), ["invalid-row"]);
    assert_eq!(reasons(|request| request.original_start = None), ["invalid-row"]);
    assert_eq!(reasons(|request| request.continuity = Continuity::Required), ["invalid-row"]);
    let swapped = |request: &mut Request| {
        request.earliest_date = Some(date("2024-07-24"));
        request.latest_date = Some(date("2024-07-23"));
    };
    assert_eq!(reasons(swapped), ["invalid-row"]);
    let early_due = |request: &mut Request| {
        request.earliest_date = Some(date("2024-07-24"));
        request.due_date = Some(date("2024-07-23"));
    };
    assert_eq!(reasons(early_due), ["invalid-row"]);
}

#[test]
fn what_is_settled_comes_before_all_and_escalation_before_what_is_unreadable() {
    let died = |request: &mut Request| {
        request.defects.push(defect());
        request.priority = Some("X".to_owned());
        request.cancelled_by = CancelledBy::Death;
        request.reconciliation = Reconciliation::SeenOnPaper;
    };
    assert_eq!(reasons(died), ["died"]);
    let escalate = |request: &mut Request| {
        request.defects.push(defect());
        request.priority = Some("X".to_owned());
        request.reconciliation = Reconciliation::Declined;
    };
    assert_eq!(reasons(escalate), ["escalate-now"]);
    let invalid = |request: &mut Request| {
        request.defects.push(defect());
        request.reconciliation = Reconciliation::Declined;
    };
    assert_eq!(reasons(invalid), ["invalid-row"]);
    let declined = |request: &mut Request| {
        request.cancelled_by = CancelledBy::Patient;
        request.reconciliation = Reconciliation::Declined;
        request.priority = None;
    };
    assert_eq!(reasons(declined), ["declined"]);
    let by_patient = |request: &mut Request| {
        request.cancelled_by = CancelledBy::Patient;
        request.priority = None;
    };
    assert_eq!(reasons(by_patient), ["cancelled-by-patient"]);
}

/// `one` with a second row of the same id.
fn twice(change: impl FnOnce(&mut Request)) -> Vec<String> {
    let mut scene = one();
    scene.request("r", "B");
    change(&mut scene.case.requests[1]);
    let mut found = vec![String::new(); 2];
    for row in scene.plan().excluded {
        found[row.line as usize - 2] = row.reason_code;
    }
    if !found[0].is_empty() {
        scene.leave_out("r");
    }
    scene.accepts();
    found
}

#[test]
fn the_same_id_again_is_a_duplicate_or_a_clash() {
    assert_eq!(twice(|_| ()), ["", "duplicate-request"]);
    assert_eq!(twice(|row| row.content.push('!')), ["invalid-row", "invalid-row"]);
    let other_died = |row: &mut Request| {
        row.content.push('!');
        row.reconciliation = Reconciliation::Died;
    };
    assert_eq!(twice(other_died), ["invalid-row", "died"]);
    // Two rows without any id are two rows without an id, not one of them twice.
    let mut scene = one();
    for content in ["a", "a"] {
        let row = scene.request("", "B");
        content.clone_into(&mut row.content);
    }
    assert_eq!(reasons_of(&mut scene), ["invalid-row", "invalid-row"]);
}

#[test]
fn a_duplicate_of_somebody_who_declined_is_a_duplicate() {
    let mut scene = one();
    scene.request("r", "B");
    for row in &mut scene.case.requests {
        row.reconciliation = Reconciliation::Declined;
    }
    assert_eq!(reasons_of(&mut scene), ["declined", "duplicate-request"]);
}

#[test]
fn circles_of_links_are_invalid_and_what_leads_into_them_is_not() {
    let linked = |links: &[(&str, &str)]| {
        let mut scene = Scene::new();
        for (id, after) in links {
            scene.request(id, "B").after_request_id = Some((*after).to_owned());
            scene.reasons.insert((*id).to_owned(), "after-excluded".to_owned());
        }
        reasons_of(&mut scene);
        let excluded = scene.plan().excluded.into_iter();
        excluded.map(|row| (row.request_id, row.reason_code)).collect::<Vec<_>>()
    };
    let invalid = |id: &str| (id.to_owned(), "invalid-row".to_owned());
    assert_eq!(linked(&[("a", "a")]), [invalid("a")]);
    assert_eq!(linked(&[("a", "b"), ("b", "a"), ("c", "a")]), [invalid("a"), invalid("b")]);
}

#[test]
fn circles_are_judged_on_all_rows_also_on_those_excluded() {
    let mut scene = Scene::new();
    scene.request("a", "B").after_request_id = Some("b".to_owned());
    let b = scene.request("b", "B");
    b.after_request_id = Some("a".to_owned());
    b.reconciliation = Reconciliation::Resolved;
    assert_eq!(reasons_of(&mut scene), ["invalid-row", "resolved"]);
}

/// `one` placed by a previous plan, its slot in the book now.
fn booked() -> Scene {
    let mut scene = one();
    first(&mut scene).duration_minutes = Some(30);
    scene.place("r", &["s/1", "s/2"]);
    scene.replan();
    scene.busy("s/1", "pat-r");
    scene.busy("s/2", "pat-r");
    scene
}

#[test]
fn a_place_that_is_booked_is_resolved() {
    let scene = booked();
    scene.accepts();
    assert_eq!(scene.plan().excluded[0].reason_code, "resolved");
    scene.rejects_tampered(Rule::ExcludedRow, |plan| plan.excluded[0].detail = "seen".to_owned());
    let mut tentative = booked();
    tentative.slot("s/1").status = SlotStatus::BusyTentative;
    assert_eq!(tentative.plan().excluded.len(), 1);
}

#[test]
fn a_place_that_is_booked_in_part_or_for_another_is_not() {
    let mut in_part = booked();
    in_part.slot("s/2").status = SlotStatus::Free;
    assert_eq!(in_part.plan().excluded, []);
    let mut another = booked();
    another.busy("s/1", "somebody");
    assert_eq!(another.plan().excluded, []);
    let mut blocked = booked();
    blocked.slot("s/1").status = SlotStatus::BusyUnavailable;
    assert_eq!(blocked.plan().excluded, []);
}

#[test]
fn a_booked_row_may_be_unreadable() {
    let mut scene = booked();
    first(&mut scene).defects.push(defect());
    first(&mut scene).priority = Some("X".to_owned());
    assert_eq!(scene.plan().excluded[0].reason_code, "resolved");
}

fn with_one_excluded() -> Scene {
    let mut scene = one();
    scene.request("x", "X");
    scene.request("y", "B").reconciliation = Reconciliation::Died;
    scene
}

#[test]
fn the_rows_of_the_file_are_compared() {
    let tampered = |rule, tamper: fn(&mut PlanFiles)| with_one_excluded().rejects_tampered(rule, tamper);
    tampered(Rule::Excluded, |plan| plan.excluded[1].reason_code = "declined".to_owned());
    tampered(Rule::ExcludedRow, |plan| plan.excluded[1].request_id = "z".to_owned());
    tampered(Rule::ExcludedRow, |plan| plan.excluded[1].patient_id = "z".to_owned());
    tampered(Rule::ExcludedOrder, |plan| plan.excluded.reverse());
    let scene = with_one_excluded();
    let broken = |tamper: fn(&mut PlanFiles)| {
        let mut plan = scene.plan();
        tamper(&mut plan);
        codes(&scene.case, &plan)
    };
    assert!(broken(|plan| drop(plan.excluded.pop())).contains(&"1.excluded"));
    assert!(broken(|plan| plan.excluded.push(plan.excluded[1].clone())).contains(&"1.excluded"));
    assert!(broken(|plan| plan.excluded[1].line = 2).contains(&"1.excluded"));
    assert!(broken(|plan| plan.excluded[1].line = 99).contains(&"1.excluded-row"));
}

#[test]
fn an_invalid_row_names_field_and_reason() {
    let mut scene = one();
    scene.request("z", "B").defects.push(defect());
    scene.rejects_tampered(Rule::ExcludedRow, |plan| plan.excluded[0].field.clear());
    scene.rejects_tampered(Rule::ExcludedRow, |plan| plan.excluded[0].detail.clear());
}

#[test]
fn nobody_excluded_is_on_a_list() {
    let mut scene = with_one_excluded();
    scene.place("y", &["s/2"]);
    assert!(scene.codes().contains(&"1.excluded"));
}
