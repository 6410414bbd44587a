//! Section 5, the priority guarantee, part (a).

use crate::calendar::Availability;
use crate::model::{ContactRoute, Continuity, DeliveryChannel, Gender, GenderWish, Reserve};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, date, days};

/// One slot on Monday (`m`) and one on Tuesday of the next week (`n`), when A, B (27th) and U are late and C is not.
fn two_slots() -> Scene {
    let mut scene = Scene::new();
    scene.session("m", "dr", "S1", "2024-07-22T09:00", 1);
    scene.session("n", "dr", "S1", "2024-07-30T09:00", 1);
    scene
}

/// `first` in the early slot, `second` in the late one, by tier.
fn order(first: &str, second: &str) -> Scene {
    let mut scene = two_slots();
    scene.request("first", first);
    scene.request("second", second);
    scene.place("first", &["m/1"]);
    scene.place("second", &["n/1"]);
    scene
}

#[test]
fn nobody_is_late_for_one_of_later_standing() {
    order("A", "C").accepts();
    order("A", "B").accepts();
    order("B", "C").accepts();
    order("B", "A").rejects(Rule::GuaranteeA);
    order("C", "B").rejects(Rule::GuaranteeA);
    // Of equal standing: somebody must be late.
    order("B", "B").accepts();
}

#[test]
fn nobody_is_late_beside_a_free_slot() {
    let mut scene = order("B", "B");
    scene.session("f", "dr2", "S1", "2024-07-25T09:00", 1);
    scene.rejects(Rule::GuaranteeA);
    // One that is not earlier does not help.
    let mut later = order("B", "B");
    later.session("f", "dr2", "S1", "2024-07-30T08:00", 1);
    later.accepts();
    // Nor one that is no candidate.
    let mut other = order("B", "B");
    other.session("f", "dr2", "S3", "2024-07-25T09:00", 1);
    other.accepts();
}

#[test]
fn an_unplaced_request_is_late_too() {
    let mut scene = order("C", "C");
    scene.request("third", "B");
    scene.rejects(Rule::GuaranteeA);
    let mut equal = order("B", "B");
    equal.request("third", "C");
    equal.accepts();
    // Without weight it has no part to lower.
    scene.tier("B").weight = 0;
    scene.accepts();
}

#[test]
fn a_late_request_of_rank_c_is_saved_beyond_the_horizon_only_by_a_place() {
    let mut scene = two_slots();
    scene.request("first", "C");
    scene.place("first", &["m/1"]);
    scene.request("second", "C");
    scene.rejects(Rule::GuaranteeA);
}

/// `wide` of some tier placed on Monday; `narrow` of tier C with a window, unplaced, which only Monday fits.
fn window(tier: &str, latest: &str) -> Scene {
    let mut scene = two_slots();
    scene.request("wide", tier);
    scene.place("wide", &["m/1"]);
    scene.request("other", "C");
    scene.place("other", &["n/1"]);
    scene.request("narrow", "C").latest_date = Some(date(latest));
    scene
}

#[test]
fn a_window_stands_before_the_late_entries_behind_it() {
    window("A", "2024-07-25").accepts();
    window("B", "2024-07-25").rejects(Rule::GuaranteeA);
    window("C", "2024-07-25").rejects(Rule::GuaranteeA);
    let mut more_before = window("B", "2024-07-25");
    more_before.case.policy.window_rank = 3;
    more_before.accepts();
}

#[test]
fn one_who_holds_a_window_is_not_displaced_for_lateness_behind_it() {
    let mut scene = order("C", "B");
    scene.case.requests[0].latest_date = Some(date("2024-07-25"));
    // The C in its window stands before late_3, where the B would gain.
    scene.accepts();
    scene.case.requests[1].priority = Some("A".to_owned());
    scene.rejects(Rule::GuaranteeA);
    // Two windows are of equal standing.
    let mut both = window("C", "2024-07-25");
    both.case.requests[0].latest_date = Some(date("2024-07-25"));
    both.accepts();
}

#[test]
fn a_displaced_request_takes_its_companions_along() {
    let with_companion = |tier: &str| {
        let mut scene = order("C", "B");
        scene.session("v", "dr2", "S1", "2024-07-22T09:15", 1);
        scene.case.requests[0].together_id = Some("v".to_owned());
        let companion = scene.request("companion", tier);
        companion.together_id = Some("v".to_owned());
        scene.place("companion", &["v/1"]);
        // The mover can only use the slot of `first`.
        scene.case.requests[1].available = Availability::parse("Mon 09:00-09:15;Tue").unwrap();
        scene
    };
    with_companion("C").rejects(Rule::GuaranteeA);
    with_companion("A").accepts();
    with_companion("B").accepts();
}

#[test]
fn a_displaced_request_takes_along_those_linked_after_it() {
    let with_follower = |tier: &str| {
        let mut scene = order("C", "B");
        scene.session("f", "dr2", "S1", "2024-07-24T12:00", 1);
        let follower = scene.request("follower", tier);
        follower.after_request_id = Some("first".to_owned());
        follower.after_min_days = 0;
        scene.place("follower", &["f/1"]);
        scene.case.requests[1].available = Availability::parse("Mon;Tue").unwrap();
        scene
    };
    with_follower("C").rejects(Rule::GuaranteeA);
    with_follower("A").accepts();
    // Through another one.
    let mut chain = with_follower("C");
    chain.session("g", "dr2", "S1", "2024-07-24T13:00", 1);
    let last = chain.request("last", "A");
    last.after_request_id = Some("follower".to_owned());
    last.after_min_days = 0;
    chain.place("last", &["g/1"]);
    chain.accepts();
}

#[test]
fn whom_the_mover_comes_after_stays() {
    let linked = |scene: &mut Scene, to: &str| {
        scene.case.requests[1].after_request_id = Some(to.to_owned());
        scene.case.requests[1].after_min_days = 0;
        scene.case.requests[1].after_max_days = 28;
    };
    // `second` may not push out `first`, after whom it comes.
    let mut scene = order("C", "B");
    linked(&mut scene, "first");
    scene.accepts();
    // Placed itself it is no question: `first` takes it along. Unplaced it is asked.
    let mut unplaced = order("C", "B");
    linked(&mut unplaced, "first");
    unplaced.leave_out("second");
    unplaced.case.requests[1].available = Availability::parse("Mon").unwrap();
    unplaced.accepts();
    unplaced.case.requests[1].after_request_id = None;
    unplaced.rejects(Rule::GuaranteeA);
}

#[test]
fn who_would_take_along_one_whom_the_mover_comes_after_stays_too() {
    // `second`, unplaced, comes after `before`, whose visit companion `first` holds the only early slot.
    let mut scene = order("C", "B");
    scene.session("v", "dr2", "S1", "2024-07-22T08:45", 1);
    scene.case.requests[0].together_id = Some("v".to_owned());
    scene.request("before", "C").together_id = Some("v".to_owned());
    scene.place("before", &["v/1"]);
    scene.case.requests[1].after_request_id = Some("before".to_owned());
    scene.case.requests[1].after_min_days = 0;
    scene.case.requests[1].available = Availability::parse("Mon 09:00-10:00").unwrap();
    scene.leave_out("second");
    scene.accepts();
    // Without the visit `first` can go.
    for request in &mut scene.case.requests {
        request.together_id = None;
    }
    scene.rejects(Rule::GuaranteeA);
}

#[test]
fn the_movers_own_link_and_those_after_it_are_kept() {
    let mut own = order("C", "B");
    own.session("z", "dr2", "S1", "2024-07-25T09:00", 1);
    own.request("before", "C");
    own.place("before", &["z/1"]);
    own.case.requests[1].after_request_id = Some("before".to_owned());
    own.case.requests[1].after_max_days = 5;
    own.accepts();
    own.case.requests[1].after_request_id = None;
    own.rejects(Rule::GuaranteeA);
    // One that comes after the mover and is as urgent must not be left too far behind.
    let follower = |most: u32| {
        let mut scene = order("C", "B");
        scene.session("w", "dr2", "S1", "2024-07-31T09:00", 1);
        let follower = scene.request("follower", "A");
        follower.after_request_id = Some("second".to_owned());
        follower.after_min_days = 0;
        follower.after_max_days = most;
        follower.available = Availability::parse("Wed").unwrap();
        follower.earliest_date = Some(date("2024-07-31"));
        scene.place("follower", &["w/1"]);
        scene
    };
    follower(8).accepts();
    follower(9).rejects(Rule::GuaranteeA);
}

#[test]
fn members_of_a_visit_do_not_move_alone() {
    let mut scene = two_slots();
    scene.session("v", "dr2", "S1", "2024-07-30T09:15", 1);
    for (id, slot) in [("a", "n/1"), ("b", "v/1")] {
        scene.request(id, "B").together_id = Some("v".to_owned());
        scene.place(id, &[slot]);
    }
    scene.accepts();
    for request in &mut scene.case.requests {
        request.together_id = None;
    }
    scene.rejects(Rule::GuaranteeA);
}

/// `late` of tier B on the 30th, and a free slot on Monday, which a limit may close.
fn free_slot() -> Scene {
    let mut scene = two_slots();
    scene.request("late", "B");
    scene.place("late", &["n/1"]);
    scene.rejects(Rule::GuaranteeA);
    scene
}

#[test]
fn the_rules_are_kept_for_everybody_else() {
    let mut cap = free_slot();
    cap.case.sessions[0].max_contacts = Some(0);
    cap.accepts();
    let mut day_cap = free_slot();
    day_cap.session("k", "dr", "S1", "2024-07-22T15:00", 1);
    day_cap.request("kept", "A");
    day_cap.place("kept", &["k/1"]);
    day_cap.clinician("dr").max_contacts_day = Some(1);
    day_cap.accepts();
    // The one who fills the cap is of later standing: out with it.
    day_cap.case.requests[1].priority = Some("C".to_owned());
    day_cap.rejects(Rule::GuaranteeA);
    let mut reserve = free_slot();
    reserve.case.policy.reserves = vec![Reserve { role: "gp".to_owned(), fraction: "0.5".parse().unwrap() }];
    reserve.slot("n/1").reserved_for = Some("recovery".to_owned());
    reserve.tier("B").may_use.push("recovery".to_owned());
    reserve.accepts();
    reserve.tier("B").urgent = true;
    reserve.rejects(Rule::GuaranteeA);
}

#[test]
fn every_clause_of_a_candidate_counts() {
    let closed = |close: fn(&mut Scene)| {
        let mut scene = free_slot();
        scene.session("y", "an", "S1", "2024-07-24T09:00", 1);
        scene.clinician("dr").leave = days("2024-07-22");
        scene.rejects(Rule::GuaranteeA);
        close(&mut scene);
        scene.accepts();
    };
    closed(|scene| scene.care_type().roles = vec!["gp".to_owned()]);
    closed(|scene| {
        scene.clinician("dr").gender = Some(Gender::Male);
        scene.case.requests[0].practitioner_gender = GenderWish::Male;
    });
    closed(|scene| {
        scene.case.requests[0].continuity = Continuity::Required;
        scene.case.requests[0].preferred_practitioner_id = Some("dr".to_owned());
    });
    closed(|scene| scene.case.sessions[2].delivery_channels = vec![DeliveryChannel::Video]);
    closed(|scene| scene.case.sessions[2].care_types = vec!["smear".to_owned()]);
    closed(|scene| scene.case.sessions[2].additional = true);
    closed(|scene| scene.clinician("an").leave = days("2024-07-24"));
    closed(|scene| scene.slot("y/1").reserved_for = Some("urgent".to_owned()));
    closed(|scene| scene.case.requests[0].available = Availability::parse("Tue").unwrap());
    closed(|scene| scene.busy("y/1", "somebody"));
}

#[test]
fn one_alone_is_no_visit() {
    let mut scene = free_slot();
    scene.case.requests[0].together_id = Some("v".to_owned());
    scene.rejects(Rule::GuaranteeA);
}

#[test]
fn a_session_may_be_of_two_dates() {
    let mut scene = free_slot();
    scene.session("two", "dr2", "S1", "2024-07-24T09:00", 2);
    scene.slot("two/2").start = crate::verify::test_support::moment("2024-07-25T09:00");
    scene.clinician("dr").leave = days("2024-07-22");
    scene.clinician("dr2").max_contacts_day = Some(1);
    scene.session("k", "dr2", "S1", "2024-07-24T12:00", 1);
    scene.request("kept", "A");
    scene.place("kept", &["k/1"]);
    // The first date is full, the second is not.
    scene.rejects(Rule::GuaranteeA);
    scene.busy("two/2", "somebody");
    scene.accepts();
}

#[test]
fn calls_are_kept_for_everybody_else() {
    let calls = |limit: u32| {
        let mut scene = free_slot();
        scene.site("S1").calls_per_day = Some(limit);
        scene.session("k", "dr2", "S1", "2024-07-22T15:00", 1);
        scene.request("kept", "A");
        scene.place("kept", &["k/1"]);
        for request in &mut scene.case.requests {
            request.contact_route = ContactRoute::Phone;
        }
        scene
    };
    calls(1).accepts();
    calls(2).rejects(Rule::GuaranteeA);
}

#[test]
fn patients_and_practitioners_are_in_one_place_at_a_time() {
    let mut patient = free_slot();
    patient.session("k", "dr2", "S1", "2024-07-22T09:00", 1);
    patient.request("kept", "A").patient_id = "pat-late".to_owned();
    patient.case.requests[1].original_start = Some(crate::verify::test_support::moment("2024-07-20T09:00"));
    patient.place("kept", &["k/1"]);
    patient.accepts();
    let mut practitioner = free_slot();
    practitioner.session("k", "dr", "S2", "2024-07-22T09:10", 1);
    practitioner.request("kept", "A");
    practitioner.place("kept", &["k/1"]);
    practitioner.case.requests[0].available = Availability::parse("Mon 09:00-09:15;Tue").unwrap();
    practitioner.accepts();
}

#[test]
fn a_passed_window_that_the_policy_leaves_out_moves_nowhere() {
    let mut scene = two_slots();
    scene.request("late", "B").latest_date = Some(date("2024-07-20"));
    scene.case.policy.place_after_window = false;
    scene.reasons.insert("late".to_owned(), "window-passed".to_owned());
    scene.accepts();
    // With the policy's leave it is planned, though late.
    scene.case.policy.place_after_window = true;
    scene.rejects(Rule::GuaranteeA);
    scene.place("late", &["n/1"]);
    scene.rejects(Rule::GuaranteeA);
    scene.place("late", &["m/1"]);
    scene.accepts();
}

#[test]
fn being_less_late_is_enough_and_the_message_names_those_concerned() {
    let mut scene = order("C", "B");
    scene.case.requests[1].due_date = Some(date("2024-07-22"));
    scene.session("e", "dr2", "S1", "2024-07-29T09:00", 1);
    scene.clinician("dr").leave = days("2024-07-22");
    scene.leave_out("first");
    let plan = scene.plan();
    let found = crate::verify::verify(&scene.case, &plan);
    let violation = found.iter().find(|violation| violation.rule == Rule::GuaranteeA).unwrap();
    assert_eq!(violation.slots, ["e/1"]);
    // Only those who hold the slots are named, of those who would be left out.
    let mut named = order("C", "B");
    named.request("unplaced", "C");
    named.session("k", "dr2", "S1", "2024-07-22T12:00", 1);
    named.request("elsewhere", "C").delivery_channels = vec![DeliveryChannel::Telephone];
    named.place("elsewhere", &["k/1"]);
    let found = crate::verify::verify(&named.case, &named.plan());
    let violation = found.iter().find(|violation| violation.rule == Rule::GuaranteeA).unwrap();
    assert_eq!(violation.requests, ["second", "first"]);
}
