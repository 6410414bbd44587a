//! Rules 4.1 and 4.5: one place each, nobody twice at once.

use super::one;
use crate::model::DeliveryChannel;
use crate::verify::rule::Rule;
use crate::verify::test_support::Scene;

fn two(slots: [&str; 2]) -> Scene {
    let mut scene = one();
    scene.request("q", "B");
    scene.place("r", &[slots[0]]);
    scene.place("q", &[slots[1]]);
    scene
}

#[test]
fn an_ordinary_slot_takes_one() {
    two(["s/1", "s/2"]).accepts();
    assert_eq!(two(["s/1", "s/1"]).codes(), ["4.1"]);
}

#[test]
fn a_group_slot_takes_as_many_as_it_has_places() {
    let mut scene = two(["s/1", "s/1"]);
    scene.group("s/1", 2);
    scene.accepts();
    scene.group("s/1", 1);
    assert_eq!(scene.codes(), ["4.1"]);
}

#[test]
fn one_place_for_each_request() {
    let scene = two(["s/1", "s/2"]);
    let mut plan = scene.plan();
    let mut again = plan.plan[0].clone();
    again.slot_ids = vec!["s/3".to_owned()];
    plan.plan.push(again);
    assert!(crate::verify::test_support::codes(&scene.case, &plan).contains(&"4.1"));
}

/// A second session of a practitioner from 9:10.
fn two_sessions(clinician: &str) -> Scene {
    let mut scene = two(["s/1", "s/2"]);
    scene.session("t", clinician, "S1", "2024-07-22T09:10", 2);
    scene
}

#[test]
fn the_slots_of_a_practitioner_never_overlap() {
    let mut scene = two_sessions("dr");
    scene.place("q", &["t/1"]);
    assert_eq!(scene.codes(), ["4.1"]);
    scene.place("q", &["t/2"]);
    scene.accepts();
    let mut other = two_sessions("dr2");
    other.place("q", &["t/1"]);
    other.accepts();
    let mut long = two_sessions("dr");
    long.slot("t/1").start = crate::verify::test_support::moment("2024-07-22T09:20");
    long.case.requests[0].duration_minutes = Some(30);
    long.place("r", &["s/1", "s/2"]);
    long.place("q", &["t/1"]);
    assert_eq!(long.codes(), ["4.1"]);
    // The slots count, not the appointments: 5 minutes of each would fit.
    let mut short = two_sessions("dr");
    short.case.requests[0].duration_minutes = Some(5);
    short.place("q", &["t/1"]);
    assert_eq!(short.codes(), ["4.1"]);
}

#[test]
fn sharing_a_group_slot_is_no_overlap_but_another_session_is() {
    let mut scene = two_sessions("dr");
    scene.group("s/1", 5);
    scene.place("q", &["s/1"]);
    scene.accepts();
    scene.place("q", &["t/1"]);
    assert_eq!(scene.codes(), ["4.1"]);
}

/// `r` and `q` of one patient, `q` in the first slot of a session elsewhere.
fn one_patient(site: &str, start: &str) -> Scene {
    let mut scene = two(["s/1", "s/2"]);
    scene.case.requests[1].patient_id = "pat-r".to_owned();
    scene.case.requests[1].original_start = Some(crate::verify::test_support::moment("2024-07-20T10:00"));
    scene.session("t", "dr2", site, start, 1);
    scene.place("q", &["t/1"]);
    scene
}

#[test]
fn one_patient_is_in_one_place_at_a_time() {
    assert_eq!(one_patient("S1", "2024-07-22T09:00").codes(), ["4.5"]);
    assert_eq!(one_patient("S1", "2024-07-22T09:14").codes(), ["4.5"]);
    one_patient("S1", "2024-07-22T09:15").accepts();
    one_patient("S1", "2024-07-23T09:00").accepts();
    let mut shared = one_patient("S1", "2024-07-22T10:00");
    shared.group("s/1", 2);
    shared.place("q", &["s/1"]);
    assert_eq!(shared.codes(), ["4.5"], "not even in one group slot");
}

#[test]
fn one_patient_has_time_to_travel() {
    assert_eq!(one_patient("S2", "2024-07-22T09:44").codes(), ["4.5"]);
    one_patient("S2", "2024-07-22T09:45").accepts();
    assert_eq!(one_patient("S2", "2024-07-22T08:16").codes(), ["4.5"]);
    let mut by_phone = one_patient("S2", "2024-07-22T09:15");
    by_phone.case.requests[1].delivery_channels = vec![DeliveryChannel::Telephone];
    by_phone.accepts();
    by_phone.case.requests[1].delivery_channels = vec![DeliveryChannel::InPerson];
    by_phone.rejects(Rule::Patient);
}
