//! Rule 4.6.

use crate::model::{Reconciliation, Request};
use crate::verify::rule::Rule;
use crate::verify::test_support::Scene;

/// `b` after `a` by 2 to 4 days, `a` on Monday at 10 and `b` at a time of the week.
fn linked(start: &str) -> Scene {
    let mut scene = Scene::new();
    scene.session("s", "dr", "S1", "2024-07-22T10:00", 4);
    scene.session("t", "dr2", "S1", start, 2);
    scene.request("a", "C");
    let b = scene.request("b", "C");
    b.after_request_id = Some("a".to_owned());
    (b.after_min_days, b.after_max_days) = (2, 4);
    scene.place("a", &["s/1"]);
    scene.place("b", &["t/1"]);
    scene
}

#[test]
fn the_days_between_are_as_asked() {
    linked("2024-07-24T09:00").accepts();
    linked("2024-07-26T09:00").accepts();
    assert_eq!(linked("2024-07-23T09:00").codes(), ["4.6"]);
    assert_eq!(linked("2024-07-27T09:00").codes(), ["4.6"]);
}

#[test]
fn on_one_date_not_before_the_other_has_ended() {
    let same_day = |start: &str| {
        let mut scene = linked(start);
        scene.case.requests[1].after_min_days = 0;
        scene.codes()
    };
    assert_eq!(same_day("2024-07-22T10:15"), [""; 0]);
    assert_eq!(same_day("2024-07-22T10:14"), ["4.6"]);
    assert_eq!(same_day("2024-07-22T09:00"), ["4.6"]);
    let mut day_after = linked("2024-07-23T09:00");
    day_after.case.requests[1].after_min_days = 0;
    day_after.accepts();
}

#[test]
fn placed_only_if_the_other_one_is() {
    let mut scene = linked("2024-07-24T09:00");
    scene.leave_out("a");
    scene.rejects(Rule::Links);
    scene.leave_out("b");
    scene.reasons.insert("b".to_owned(), "after-unplaced".to_owned());
    assert!(!scene.codes().contains(&"4.6"));
}

fn with_other(change: impl FnOnce(&mut Request)) -> Vec<&'static str> {
    let mut scene = linked("2024-07-23T09:00");
    change(&mut scene.case.requests[0]);
    scene.leave_out("a");
    scene.codes()
}

#[test]
fn a_link_to_one_who_is_seen_or_unknown_is_met() {
    for seen in [Reconciliation::SeenOnPaper, Reconciliation::SeenElsewhere, Reconciliation::Resolved] {
        assert_eq!(with_other(|other| other.reconciliation = seen), [""; 0]);
    }
    assert!(with_other(|other| other.request_id = "z".to_owned()).iter().all(|code| *code != "4.6"));
}

#[test]
fn a_link_to_one_excluded_otherwise_is_not() {
    for other in [Reconciliation::Died, Reconciliation::Deregistered, Reconciliation::Declined] {
        assert_eq!(with_other(|row| row.reconciliation = other), ["4.6"]);
    }
    assert_eq!(with_other(|row| row.priority = Some("X".to_owned())), ["4.6"]);
    let mut scene = linked("2024-07-24T09:00");
    scene.case.requests[0].reconciliation = Reconciliation::Died;
    scene.leave_out("a");
    scene.leave_out("b");
    scene.reasons.insert("b".to_owned(), "after-excluded".to_owned());
    scene.accepts();
}

/// `a` booked since the last plan, on Monday.
fn booked(start: &str, min_days: u32) -> Scene {
    let mut scene = linked(start);
    scene.case.requests[1].after_min_days = min_days;
    scene.leave_out("b");
    scene.replan();
    scene.busy("s/1", "pat-a");
    scene.place("b", &["t/1"]);
    scene
}

#[test]
fn days_count_from_a_booked_date() {
    booked("2024-07-24T09:00", 2).accepts();
    assert_eq!(booked("2024-07-23T09:00", 2).codes(), ["4.6"]);
    assert_eq!(booked("2024-07-27T09:00", 2).codes(), ["4.6"]);
    booked("2024-07-22T10:15", 0).accepts();
    assert_eq!(booked("2024-07-22T10:10", 0).codes(), ["4.6"]);
    // It has ended when its row says so, though its last slot lasts longer.
    let longer = |start: &str| {
        let mut scene = linked(start);
        scene.case.requests[1].after_min_days = 0;
        scene.case.requests[0].duration_minutes = Some(20);
        scene.place("a", &["s/1", "s/2"]);
        scene.replan();
        scene.busy("s/1", "pat-a");
        scene.busy("s/2", "pat-a");
        scene.place("b", &["t/1"]);
        scene.codes()
    };
    assert_eq!(longer("2024-07-22T10:20"), [""; 0]);
    assert_eq!(longer("2024-07-22T10:19"), ["4.6"]);
}

#[test]
fn an_id_on_several_rows_is_met_only_if_all_are() {
    let mut scene = linked("2024-07-23T09:00");
    scene.case.requests[0].reconciliation = Reconciliation::SeenOnPaper;
    let other = scene.request("a", "C");
    other.content.push('!');
    scene.leave_out("a");
    assert_eq!(scene.codes(), ["4.6"]);
    scene.case.requests[2].reconciliation = Reconciliation::Resolved;
    scene.accepts();
}
