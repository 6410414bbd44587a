//! Section 2: ranks, windows, targets, routes and flags, as the files state them.

use super::{first, keeps, one};
use crate::model::{ContactRoute, PlanRow, Reconciliation, Request, Target, TargetFrom};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, date, moment};

/// The row of `one`, changed so.
fn row(change: impl FnOnce(&mut Scene)) -> PlanRow {
    let mut scene = one();
    change(&mut scene);
    scene.plan().plan.remove(0)
}

fn rank(tier: &str, change: impl FnOnce(&mut Scene)) -> u32 {
    row(|scene| {
        first(scene).priority = Some(tier.to_owned());
        change(scene);
    })
    .rank
}

#[test]
fn the_rank_is_the_position_among_the_scheduled_tiers() {
    assert_eq!(["U", "A", "B", "C"].map(|tier| rank(tier, |_| ())), [1, 2, 3, 4]);
}

#[test]
fn tiers_may_share_a_rank() {
    let share = |scene: &mut Scene| scene.tier("B").shares_rank = true;
    assert_eq!(["U", "A", "B", "C"].map(|tier| rank(tier, share)), [1, 2, 2, 3]);
    let first_of_all = |scene: &mut Scene| scene.tier("U").shares_rank = true;
    assert_eq!(["U", "A"].map(|tier| rank(tier, first_of_all)), [1, 2]);
}

#[test]
fn a_long_wait_lifts_one_rank_but_never_above_the_second() {
    let waiting = |days: u32| {
        move |scene: &mut Scene| {
            first(scene).waiting_since = Some(date("2024-07-12"));
            for tier in &mut scene.case.policy.tiers {
                tier.escalate_after_days = days;
            }
        }
    };
    assert_eq!(["U", "A", "B", "C"].map(|tier| rank(tier, waiting(10))), [1, 2, 2, 3]);
    assert_eq!(["U", "A", "B", "C"].map(|tier| rank(tier, waiting(11))), [1, 2, 3, 4]);
    assert_eq!(rank("B", waiting(0)), 3);
}

#[test]
fn waiting_counts_from_the_original_start_without_a_date() {
    let since = |scene: &mut Scene| {
        first(scene).original_start = Some(moment("2024-07-12T23:00"));
        scene.tier("C").escalate_after_days = 10;
    };
    assert_eq!(rank("C", since), 3);
}

fn target(change: impl FnOnce(&mut Scene)) -> String {
    row(change).target_date.to_string()
}

#[test]
fn the_target_is_the_tiers_unless_a_due_date_is_given() {
    assert_eq!(target(|_| ()), "2024-07-27");
    assert_eq!(target(|scene| scene.tier("B").target = Target::WorkingDays(0)), "2024-07-22");
    assert_eq!(target(|scene| scene.tier("B").target = Target::WorkingDays(5)), "2024-07-29");
    let from_wait = |scene: &mut Scene| scene.tier("B").target_from = TargetFrom::WaitingSince;
    assert_eq!(target(from_wait), "2024-07-26");
    let since = |scene: &mut Scene| {
        from_wait(scene);
        first(scene).waiting_since = Some(date("2024-07-18"));
    };
    assert_eq!(target(since), "2024-07-23");
    assert_eq!(target(|scene| first(scene).due_date = Some(date("2024-07-30"))), "2024-07-30");
}

#[test]
fn the_target_keeps_to_the_requests_dates() {
    assert_eq!(target(|scene| first(scene).latest_date = Some(date("2024-07-25"))), "2024-07-25");
    assert_eq!(target(|scene| first(scene).latest_date = Some(date("2024-07-29"))), "2024-07-27");
    assert_eq!(target(|scene| first(scene).earliest_date = Some(date("2024-07-29"))), "2024-07-29");
}

fn passed(scene: &mut Scene) {
    first(scene).latest_date = Some(date("2024-07-21"));
}

#[test]
fn a_passed_window_is_planned_at_once_and_flagged() {
    keeps(passed);
    let row = row(passed);
    assert_eq!(row.target_date, date("2024-07-22"));
    assert_eq!(row.flags, ["window-passed"]);
    assert_eq!(row.latest_date, Some(date("2024-07-21")));
    let on_the_day = |scene: &mut Scene| first(scene).latest_date = Some(date("2024-07-22"));
    keeps(on_the_day);
    assert_eq!(self::row(on_the_day).flags, [""; 0]);
}

#[test]
fn a_passed_window_is_left_out_where_the_policy_says_so() {
    let mut scene = one();
    passed(&mut scene);
    scene.case.policy.place_after_window = false;
    scene.rejects(Rule::WindowPassed);
    scene.leave_out("r");
    scene.reasons.insert("r".to_owned(), "window-passed".to_owned());
    scene.accepts();
    let unplaced = &scene.plan().unplaced[0];
    assert!(unplaced.windowed);
    assert_eq!(unplaced.target_date, date("2024-07-21"));
}

#[test]
fn windowed_is_a_latest_date_inside_the_range() {
    let windowed = |latest: Option<&str>| {
        let mut scene = Scene::new();
        scene.request("r", "B").latest_date = latest.map(date);
        scene.plan().unplaced[0].windowed
    };
    assert!(windowed(Some("2024-08-04")));
    assert!(windowed(Some("2024-07-01")));
    assert!(!windowed(Some("2024-08-05")));
    assert!(!windowed(None));
}

#[test]
fn what_the_rows_state_is_compared() {
    one().rejects_tampered(Rule::Rank, |plan| plan.plan[0].rank = 2);
    one().rejects_tampered(Rule::Target, |plan| plan.plan[0].target_date = date("2024-07-26"));
    let mut unplaced = Scene::new();
    unplaced.request("r", "B");
    unplaced.reasons.insert("r".to_owned(), "no-candidate".to_owned());
    unplaced.rejects_tampered(Rule::Rank, |plan| plan.unplaced[0].rank = 2);
    unplaced.rejects_tampered(Rule::Target, |plan| plan.unplaced[0].target_date = date("2024-07-26"));
    unplaced.rejects_tampered(Rule::Windowed, |plan| plan.unplaced[0].windowed = true);
    unplaced.rejects_tampered(Rule::Row, |plan| plan.unplaced[0].tier = "A".to_owned());
    unplaced.rejects_tampered(Rule::Row, |plan| plan.unplaced[0].patient_id = "p".to_owned());
    unplaced.rejects_tampered(Rule::Row, |plan| plan.unplaced[0].latest_date = Some(date("2024-07-26")));
}

#[test]
fn the_effective_route() {
    let route = |given: ContactRoute, change: fn(&mut Request), call: bool| {
        let mut scene = one();
        scene.tier("B").call = call;
        first(&mut scene).contact_route = given;
        change(first(&mut scene));
        scene.accepts();
        scene.plan().plan.remove(0).contact_route
    };
    let permitted = |request: &mut Request| request.sms_permitted = true;
    let unsafe_ = |request: &mut Request| request.safe_to_contact = false;
    assert_eq!(route(ContactRoute::Sms, |_| (), false), "phone");
    assert_eq!(route(ContactRoute::App, |_| (), false), "phone");
    assert_eq!(route(ContactRoute::Sms, permitted, false), "sms");
    assert_eq!(route(ContactRoute::App, permitted, false), "app");
    assert_eq!(route(ContactRoute::Letter, |_| (), false), "letter");
    assert_eq!(route(ContactRoute::Clinician, |_| (), false), "clinician");
    assert_eq!(route(ContactRoute::Sms, permitted, true), "phone");
    assert_eq!(route(ContactRoute::Letter, |_| (), true), "phone");
    assert_eq!(route(ContactRoute::Phone, unsafe_, true), "clinician");
    one().rejects_tampered(Rule::Row, |plan| plan.plan[0].contact_route = "phone".to_owned());
}

fn flags(change: impl FnOnce(&mut Scene)) -> Vec<String> {
    let mut scene = one();
    change(&mut scene);
    scene.accepts();
    scene.plan().plan.into_iter().find(|row| row.request_id == "r").map_or(vec![], |row| row.flags)
}

#[test]
fn whoever_might_be_seen_already_is_checked_first() {
    assert_eq!(flags(|_| ()), [""; 0]);
    assert_eq!(flags(|scene| first(scene).reconciliation = Reconciliation::Unknown), ["check-first"]);
    let booked = |start: &'static str, patient: &'static str| {
        move |scene: &mut Scene| {
            scene.session("b", "dr2", "S1", start, 1);
            scene.busy("b/1", patient);
        }
    };
    assert_eq!(flags(booked("2024-07-25T09:00", "pat-r")), ["check-first"]);
    assert_eq!(flags(booked("2024-07-21T09:01", "pat-r")), ["check-first"]);
    assert_eq!(flags(booked("2024-07-21T09:00", "pat-r")), [""; 0]);
    assert_eq!(flags(booked("2024-07-25T09:00", "somebody")), [""; 0]);
}

#[test]
fn one_appointment_under_two_ids_is_checked_first_also_where_one_is_excluded() {
    let again = |change: fn(&mut Request)| {
        move |scene: &mut Scene| {
            let row = scene.request("again", "B");
            row.patient_id = "pat-r".to_owned();
            row.reconciliation = Reconciliation::SeenElsewhere;
            change(row);
        }
    };
    assert_eq!(flags(again(|_| ())), ["check-first"]);
    assert_eq!(flags(again(|row| row.patient_id = "somebody".to_owned())), [""; 0]);
    assert_eq!(flags(again(|row| row.original_start = Some(moment("2024-07-21T09:01")))), [""; 0]);
    assert_eq!(flags(again(|row| row.care_type = None)), [""; 0]);
    let duplicate = |row: &mut Request| {
        row.request_id = "r".to_owned();
        row.content = "content of r".to_owned();
        row.reconciliation = Reconciliation::NotSeen;
    };
    assert_eq!(flags(again(duplicate)), [""; 0]);
}

#[test]
fn flags_are_set_where_due_and_only_there() {
    one().rejects_tampered(Rule::Flags, |plan| plan.plan[0].flags = vec!["check-first".to_owned()]);
    one().rejects_tampered(Rule::Flags, |plan| plan.plan[0].flags = vec!["window-passed".to_owned()]);
    let mut due = one();
    first(&mut due).reconciliation = Reconciliation::Unknown;
    passed(&mut due);
    due.rejects_tampered(Rule::Flags, |plan| plan.plan[0].flags.retain(|flag| flag != "check-first"));
    due.rejects_tampered(Rule::Flags, |plan| plan.plan[0].flags.retain(|flag| flag != "window-passed"));
}
