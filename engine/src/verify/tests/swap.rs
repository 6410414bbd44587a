//! Section 5, the priority guarantee, part (b).

use crate::calendar::Availability;
use crate::model::Continuity;
use crate::verify::rule::Rule;
use crate::verify::test_support::Scene;

/// `low` of tier C on Monday, `high` of tier A on Tuesday: neither is late, and the wrong one waits.
fn crossed() -> Scene {
    let mut scene = Scene::new();
    scene.session("m", "dr", "S1", "2024-07-22T09:00", 2);
    scene.session("t", "dr", "S1", "2024-07-23T09:00", 2);
    scene.request("low", "C");
    scene.request("high", "A");
    scene.place("low", &["m/1"]);
    scene.place("high", &["t/1"]);
    scene
}

#[test]
fn the_more_urgent_has_the_better_of_two_slots() {
    assert_eq!(crossed().codes(), ["5.guarantee-b"]);
    let mut right = crossed();
    right.place("high", &["m/1"]);
    right.place("low", &["t/1"]);
    right.accepts();
    let mut equal = crossed();
    equal.case.requests[0].priority = Some("A".to_owned());
    equal.accepts();
    // The same date is no gain.
    let mut same = crossed();
    same.place("high", &["m/2"]);
    same.accepts();
}

#[test]
fn fewer_points_may_be_convenience() {
    let mut scene = crossed();
    scene.session("o", "dr2", "S1", "2024-07-22T11:00", 1);
    scene.place("high", &["o/1"]);
    scene.accepts();
    scene.case.requests[1].continuity = Continuity::Preferred;
    scene.case.requests[1].preferred_practitioner_id = Some("dr".to_owned());
    scene.rejects(Rule::GuaranteeB);
    // Better convenience a day later at that: 30 points outweigh 10.
    let mut later = crossed();
    later.session("o", "dr2", "S1", "2024-07-22T11:00", 1);
    later.place("high", &["o/1"]);
    later.place("low", &["t/1"]);
    later.accepts();
    later.case.requests[1].continuity = Continuity::Preferred;
    later.case.requests[1].preferred_practitioner_id = Some("dr".to_owned());
    later.rejects(Rule::GuaranteeB);
    later.case.policy.inconvenience.other_practitioner = 10;
    later.accepts();
}

#[test]
fn nobody_may_be_more_late() {
    let mut scene = crossed();
    scene.case.requests[0].due_date = Some("2024-07-22".parse().unwrap());
    scene.case.requests[0].priority = Some("C".to_owned());
    assert!(!scene.codes().contains(&"5.guarantee-b"));
    let mut high = crossed();
    high.case.requests[1].continuity = Continuity::Preferred;
    high.case.requests[1].preferred_practitioner_id = Some("dr".to_owned());
    high.session("o", "dr2", "S1", "2024-07-22T11:00", 1);
    high.place("high", &["o/1"]);
    high.place("low", &["t/1"]);
    high.rejects(Rule::GuaranteeB);
    high.case.requests[1].due_date = Some("2024-07-22".parse().unwrap());
    assert!(!high.codes().contains(&"5.guarantee-b"));
}

#[test]
fn each_place_must_be_a_candidate_of_the_other() {
    let mut high = crossed();
    high.case.requests[1].available = Availability::parse("Tue").unwrap();
    high.accepts();
    let mut low = crossed();
    low.case.requests[0].available = Availability::parse("Mon").unwrap();
    low.accepts();
    // The very slots: a longer appointment does not fit, a shorter one would take fewer.
    let mut longer = crossed();
    longer.case.requests[0].duration_minutes = Some(30);
    longer.place("low", &["m/1", "m/2"]);
    longer.accepts();
    let mut high_longer = crossed();
    high_longer.case.requests[1].duration_minutes = Some(30);
    high_longer.place("high", &["t/1", "t/2"]);
    high_longer.accepts();
}

#[test]
fn the_rules_are_kept_after_the_exchange() {
    // `low` comes after somebody seen on Monday and could not go before.
    let mut link = crossed();
    link.session("b", "dr2", "S1", "2024-07-22T15:00", 1);
    link.request("before", "C");
    link.place("before", &["b/1"]);
    link.case.requests[1].after_request_id = Some("before".to_owned());
    link.case.requests[1].after_min_days = 1;
    link.accepts();
    // A companion keeps `low` on Monday.
    let mut visit = crossed();
    visit.request("companion", "C").together_id = Some("v".to_owned());
    visit.case.requests[0].together_id = Some("v".to_owned());
    visit.place("companion", &["m/2"]);
    visit.accepts();
    // The patient of `high` is elsewhere on Monday.
    let mut patient = crossed();
    patient.session("b", "dr2", "S1", "2024-07-22T09:00", 1);
    let other = patient.request("other", "A");
    other.patient_id = "pat-high".to_owned();
    other.original_start = Some(crate::verify::test_support::moment("2024-07-20T09:00"));
    patient.place("other", &["b/1"]);
    patient.accepts();
}

#[test]
fn limits_that_the_two_share_are_no_hindrance() {
    let mut scene = crossed();
    scene.clinician("dr").max_contacts_day = Some(1);
    assert_eq!(scene.codes(), ["5.guarantee-b"]);
    let mut calls = crossed();
    calls.site("S1").calls_per_day = Some(1);
    for request in &mut calls.case.requests {
        request.contact_route = crate::model::ContactRoute::Phone;
    }
    assert_eq!(calls.codes(), ["5.guarantee-b"]);
    // Only the more urgent is called, and no call is left on Monday.
    let mut no_call = crossed();
    no_call.site("S1").calls_per_day = Some(1);
    no_call.session("k", "dr2", "S1", "2024-07-22T09:00", 1);
    no_call.request("kept", "A").contact_route = crate::model::ContactRoute::Phone;
    no_call.place("kept", &["k/1"]);
    no_call.case.requests[1].contact_route = crate::model::ContactRoute::Phone;
    no_call.accepts();
}

#[test]
fn two_who_are_linked_or_of_one_visit_may_change_places_too() {
    // Two ranks of one visit, in the wrong order by convenience: the other practitioner is preferred.
    let mut scene = Scene::new();
    scene.session("m", "dr", "S1", "2024-07-22T09:00", 1);
    scene.session("o", "dr2", "S1", "2024-07-22T09:15", 1);
    for (id, tier, slot) in [("low", "C", "m/1"), ("high", "A", "o/1")] {
        scene.request(id, tier).together_id = Some("v".to_owned());
        scene.place(id, &[slot]);
    }
    scene.accepts();
    scene.case.requests[1].continuity = Continuity::Preferred;
    scene.case.requests[1].preferred_practitioner_id = Some("dr".to_owned());
    assert_eq!(scene.codes(), ["5.guarantee-b"]);
    // The more urgent comes after the other one: it must stay behind.
    scene.case.requests[1].after_request_id = Some("low".to_owned());
    scene.case.requests[1].after_min_days = 0;
    scene.accepts();
}
