//! Section 6: the reasons of unplaced requests.

use super::one;
use crate::model::{ContactRoute, DeliveryChannel, Reconciliation, Reserve};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, date};

/// `r` in the only slot, `u` of tier C without a place.
fn held() -> Scene {
    let mut scene = one();
    for slot in ["s/2", "s/3", "s/4"] {
        scene.busy(slot, slot);
    }
    scene.request("u", "C");
    scene
}

fn with_reason(mut scene: Scene, reason: &str) -> Vec<&'static str> {
    scene.reasons.insert("u".to_owned(), reason.to_owned());
    scene.codes()
}

const WRONG: [&str; 1] = ["6.unplaced-reason"];
const RIGHT: [&str; 0] = [];

#[test]
fn held_needs_a_candidate_and_no_candidate_needs_none() {
    assert_eq!(with_reason(held(), "held"), RIGHT);
    assert_eq!(with_reason(held(), "no-candidate"), WRONG);
    let none = || {
        let mut scene = held();
        scene.case.requests[1].delivery_channels = vec![DeliveryChannel::Video];
        scene
    };
    assert_eq!(with_reason(none(), "held"), WRONG);
    assert_eq!(with_reason(none(), "no-candidate"), RIGHT);
    assert_eq!(with_reason(none(), "no-candidate 3.2"), RIGHT);
    assert_eq!(with_reason(none(), "because"), WRONG);
}

#[test]
fn limits_must_be_there() {
    for reason in ["cap", "reserve", "calls"] {
        assert_eq!(with_reason(held(), reason), WRONG);
    }
    let mut cap = held();
    cap.clinician("dr2").max_contacts_day = Some(9);
    assert_eq!(with_reason(cap, "cap"), RIGHT);
    let mut session_cap = held();
    session_cap.session("t", "an", "S3", "2024-07-22T09:00", 1);
    session_cap.case.sessions[0].max_contacts = Some(9);
    assert_eq!(with_reason(session_cap, "cap"), RIGHT);
    let reserve = || {
        let mut scene = held();
        scene.case.policy.reserves =
            vec![Reserve { role: "anp".to_owned(), fraction: "0.5".parse().unwrap() }];
        scene
    };
    assert_eq!(with_reason(reserve(), "reserve"), RIGHT);
    let mut urgent = reserve();
    urgent.tier("C").urgent = true;
    assert_eq!(with_reason(urgent, "reserve"), WRONG);
    let mut calls = held();
    calls.site("S1").calls_per_day = Some(5);
    assert_eq!(with_reason(calls, "calls"), WRONG);
    let mut phone = held();
    phone.site("S1").calls_per_day = Some(5);
    phone.case.requests[1].contact_route = ContactRoute::Phone;
    assert_eq!(with_reason(phone, "calls"), RIGHT);
}

#[test]
fn a_passed_window_is_the_reason_wherever_the_policy_makes_it_one() {
    let mut scene = held();
    scene.case.requests[1].latest_date = Some(date("2024-07-20"));
    scene.case.policy.place_after_window = false;
    scene.case.requests[1].after_request_id = Some("x".to_owned());
    scene.request("x", "X");
    assert_eq!(with_reason(scene, "window-passed"), RIGHT);
    let mut held_back = held();
    held_back.case.requests[1].latest_date = Some(date("2024-07-20"));
    held_back.case.policy.place_after_window = false;
    assert_eq!(with_reason(held_back, "held"), WRONG);
    assert_eq!(with_reason(held(), "window-passed"), WRONG);
}

#[test]
fn links_are_the_reason_where_they_are() {
    let after = |id: &str| {
        let mut scene = held();
        scene.case.requests[1].after_request_id = Some(id.to_owned());
        scene.case.requests[1].after_min_days = 0;
        scene.request("x", "X");
        scene
    };
    assert_eq!(with_reason(after("x"), "after-excluded"), RIGHT);
    assert_eq!(with_reason(after("x"), "held"), WRONG);
    assert_eq!(with_reason(held(), "after-excluded"), WRONG);
    assert_eq!(with_reason(held(), "after-unplaced"), WRONG);
    let mut chain = after("w");
    chain.request("w", "C");
    assert_eq!(with_reason(chain, "after-unplaced"), RIGHT);
    let mut chain = after("w");
    chain.request("w", "C");
    assert_eq!(with_reason(chain, "held"), WRONG);
}

#[test]
fn a_link_to_a_booked_date_may_leave_no_candidate() {
    let after_booked = |most: u32| {
        let mut scene = one();
        scene.replan();
        scene.busy("s/1", "pat-r");
        for slot in ["s/2", "s/3", "s/4"] {
            scene.busy(slot, slot);
        }
        scene.session("t", "dr2", "S1", "2024-07-25T09:00", 1);
        scene.request("k", "A").due_date = Some(date("2024-07-25"));
        scene.place("k", &["t/1"]);
        let request = scene.request("u", "C");
        request.after_request_id = Some("r".to_owned());
        (request.after_min_days, request.after_max_days) = (1, most);
        scene
    };
    assert_eq!(with_reason(after_booked(2), "no-candidate"), RIGHT);
    assert_eq!(with_reason(after_booked(3), "no-candidate"), WRONG);
    assert_eq!(with_reason(after_booked(3), "held"), RIGHT);
}

/// A visit of `u` and `w`, unplaced, `w` on another practitioner's Monday from some time on; nobody in the way.
fn visit(start: &str) -> Scene {
    let mut scene = held();
    scene.case.requests[0].reconciliation = Reconciliation::Resolved;
    scene.leave_out("r");
    scene.session("t", "an", "S1", start, 1);
    scene.case.requests[1].together_id = Some("v".to_owned());
    scene.request("w", "C").together_id = Some("v".to_owned());
    scene.reasons.insert("w".to_owned(), "held".to_owned());
    scene
}

#[test]
fn a_visit_is_impossible_only_if_no_arrangement_serves() {
    assert_eq!(with_reason(held(), "together-impossible"), WRONG);
    assert_eq!(with_reason(visit("2024-07-22T09:15"), "together-impossible"), WRONG);
    assert_eq!(with_reason(visit("2024-07-23T09:15"), "together-impossible"), RIGHT);
    assert_eq!(with_reason(visit("2024-07-22T09:46"), "together-impossible"), RIGHT);
    assert_eq!(with_reason(visit("2024-07-22T09:15"), "held"), RIGHT);
}

#[test]
fn a_companion_without_candidates_keeps_the_visit_out() {
    let mut scene = visit("2024-07-22T09:15");
    scene.case.requests[2].delivery_channels = vec![DeliveryChannel::Video];
    scene.reasons.insert("w".to_owned(), "no-candidate".to_owned());
    assert_eq!(with_reason(scene, "no-candidate"), RIGHT);
}

#[test]
fn what_keeps_a_companion_out_keeps_the_visit_out() {
    let with_companion = |reason: &str, companion: fn(&mut crate::model::Request)| {
        let mut scene = visit("2024-07-22T09:15");
        scene.case.policy.place_after_window = false;
        companion(&mut scene.case.requests[2]);
        scene.request("x", "X");
        scene.reasons.insert("w".to_owned(), reason.to_owned());
        with_reason(scene, reason)
    };
    let passed = |row: &mut crate::model::Request| row.latest_date = Some(date("2024-07-20"));
    let excluded = |row: &mut crate::model::Request| row.after_request_id = Some("x".to_owned());
    assert_eq!(with_companion("after-excluded", excluded), RIGHT);
    assert_eq!(with_companion("after-excluded", |_| ()), WRONG);
    let mut scene = visit("2024-07-22T09:15");
    scene.case.policy.place_after_window = false;
    passed(&mut scene.case.requests[2]);
    scene.case.requests.swap(1, 2);
    scene.reasons.insert("w".to_owned(), "window-passed".to_owned());
    assert_eq!(with_reason(scene, "window-passed"), RIGHT);
}

#[test]
fn a_companion_without_a_place_is_no_reason() {
    let follower = |reason: &str| {
        let mut scene = visit("2024-07-22T09:15");
        let row = &mut scene.case.requests[2];
        (row.after_request_id, row.after_min_days) = (Some("u".to_owned()), 0);
        scene.reasons.insert("w".to_owned(), reason.to_owned());
        with_reason(scene, "held")
    };
    assert_eq!(follower("after-unplaced"), WRONG);
    assert_eq!(follower("held"), RIGHT);
}

#[test]
fn passed_windows_are_listed_first() {
    let mut scene = held();
    scene.request("p", "C").latest_date = Some(date("2024-07-20"));
    scene.case.policy.place_after_window = false;
    scene.reasons.insert("p".to_owned(), "window-passed".to_owned());
    scene.rejects_tampered(Rule::UnplacedOrder, |plan| plan.unplaced.reverse());
}
