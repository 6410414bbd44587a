//! Rule 4.7.

use crate::model::Reconciliation;
use crate::verify::rule::Rule;
use crate::verify::test_support::Scene;

/// A visit of `a` with `dr` in the first slot and `b` with `dr2` in the first slot from some time on.
fn visit(site: &str, start: &str) -> Scene {
    let mut scene = Scene::new();
    scene.session("s", "dr", "S1", "2024-07-22T10:00", 4);
    scene.session("t", "dr2", site, start, 2);
    scene.request("a", "C").together_id = Some("v".to_owned());
    scene.request("b", "C").together_id = Some("v".to_owned());
    scene.place("a", &["s/1"]);
    scene.place("b", &["t/1"]);
    scene
}

#[test]
fn one_after_the_other_with_no_long_gap() {
    visit("S1", "2024-07-22T10:15").accepts();
    visit("S1", "2024-07-22T10:45").accepts();
    visit("S1", "2024-07-22T09:45").accepts();
    visit("S1", "2024-07-22T09:15").accepts();
    assert_eq!(visit("S1", "2024-07-22T10:46").codes(), ["4.7"]);
    assert_eq!(visit("S1", "2024-07-22T09:14").codes(), ["4.7"]);
    assert_eq!(visit("S1", "2024-07-22T10:14").codes(), ["4.7"]);
    assert_eq!(visit("S1", "2024-07-22T10:00").codes(), ["4.7"]);
}

#[test]
fn the_gap_begins_when_the_appointment_ends() {
    let mut short = visit("S1", "2024-07-22T10:40");
    short.case.requests[0].duration_minutes = Some(10);
    short.accepts();
    let mut shorter = visit("S1", "2024-07-22T10:41");
    shorter.case.requests[0].duration_minutes = Some(10);
    assert_eq!(shorter.codes(), ["4.7"]);
}

#[test]
fn one_site_and_one_date() {
    assert_eq!(visit("S2", "2024-07-22T10:15").codes(), ["4.7"]);
    assert_eq!(visit("S1", "2024-07-23T10:15").codes(), ["4.7"]);
}

#[test]
fn all_or_none() {
    let mut scene = visit("S1", "2024-07-22T10:15");
    scene.leave_out("b");
    scene.rejects(Rule::Visits);
    scene.leave_out("a");
    assert!(!scene.codes().contains(&"4.7"));
}

#[test]
fn members_who_are_excluded_are_not_waited_for() {
    let mut scene = visit("S1", "2024-07-22T10:15");
    scene.case.requests[1].reconciliation = Reconciliation::Resolved;
    scene.leave_out("b");
    scene.accepts();
}

#[test]
fn urgent_members_are_planned_on_their_own() {
    let mut scene = visit("S1", "2024-07-23T10:15");
    scene.case.requests[0].priority = Some("U".to_owned());
    scene.accepts();
    let mut three = visit("S1", "2024-07-22T10:15");
    three.request("u", "U").together_id = Some("v".to_owned());
    three.place("u", &["s/4"]);
    three.accepts();
}

#[test]
fn sharing_a_group_slot_is_neither_an_overlap_nor_a_gap() {
    let mut scene = visit("S1", "2024-07-22T12:00");
    scene.group("s/1", 3);
    scene.place("b", &["s/1"]);
    scene.accepts();
    // One of them is done after 5 minutes; the third follows the last to finish.
    scene.case.requests[1].duration_minutes = Some(5);
    scene.session("w", "dr2", "S1", "2024-07-22T10:45", 1);
    scene.request("c", "C").together_id = Some("v".to_owned());
    scene.place("c", &["w/1"]);
    scene.accepts();
    scene.case.policy.together_gap_minutes = 29;
    assert_eq!(scene.codes(), ["4.7"]);
}

#[test]
fn three_members_follow_one_another() {
    let mut scene = visit("S1", "2024-07-22T10:15");
    scene.request("c", "C").together_id = Some("v".to_owned());
    scene.place("c", &["s/4"]);
    scene.accepts();
    scene.case.policy.together_gap_minutes = 14;
    assert_eq!(scene.codes(), ["4.7"]);
}

#[test]
fn two_group_slots_at_once_are_an_overlap() {
    let mut scene = visit("S1", "2024-07-22T10:10");
    scene.group("s/1", 3);
    scene.group("t/1", 3);
    assert_eq!(scene.codes(), ["4.7"]);
}

#[test]
fn a_third_member_may_overlap_neither_of_the_others() {
    let mut scene = visit("S1", "2024-07-22T10:15");
    scene.session("w", "an", "S1", "2024-07-22T10:20", 1);
    scene.request("c", "C").together_id = Some("v".to_owned());
    scene.place("c", &["w/1"]);
    assert_eq!(scene.codes(), ["4.7"]);
}
