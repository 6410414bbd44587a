//! Section 5: the vector and the certificate, computed by hand.

use super::{first, one};
use crate::model::{Continuity, FlagWeight, ObjectiveRecord};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, date};

/// The values of the late entries, of window, of the wait entries and of order.
fn values(scene: &Scene) -> (Vec<i64>, i64, Vec<i64>, i64) {
    let objective: ObjectiveRecord = scene.plan().summary.objective;
    (
        objective.late.iter().map(|entry| entry.value).collect(),
        objective.window.value,
        objective.wait.iter().map(|entry| entry.value).collect(),
        objective.order.value,
    )
}

/// `r` of tier B (target the 27th), weight 100, on Monday the 29th at 9.
fn week_later() -> Scene {
    let mut scene = one();
    scene.session("t", "dr", "S1", "2024-07-29T09:00", 2);
    scene.place("r", &["t/1"]);
    scene
}

#[test]
fn a_placed_request_is_late_waits_and_counts_by_its_wait() {
    // 2 days late, 7 days of waiting; waiting since the day before the start.
    assert_eq!(values(&week_later()), (vec![0, 0, 200, 0], 0, vec![0, 0, 7000, 0], 7));
    let mut early = week_later();
    first(&mut early).due_date = Some(date("2024-07-30"));
    assert_eq!(values(&early).0, [0; 4]);
}

#[test]
fn an_unplaced_request_counts_as_seen_long_after_the_end() {
    let mut scene = one();
    scene.leave_out("r");
    // The 4th of August and 365 days: 8 + 365 days after the target, 13 + 365 after the start.
    assert_eq!(values(&scene), (vec![0, 0, 37_300, 0], 0, vec![0, 0, 378_000, 0], 378));
}

#[test]
fn window_counts_the_unplaced_windowed_of_the_ranks_behind() {
    let window = |tier: &str, latest: &str, v: u32, placed: bool| {
        let mut scene = one();
        scene.case.policy.window_rank = v;
        first(&mut scene).priority = Some(tier.to_owned());
        first(&mut scene).latest_date = Some(date(latest));
        if !placed {
            scene.leave_out("r");
        }
        values(&scene).1
    };
    assert_eq!(window("B", "2024-07-30", 2, false), 100);
    assert_eq!(window("B", "2024-08-04", 2, false), 100);
    assert_eq!(window("B", "2024-08-05", 2, false), 0);
    assert_eq!(window("B", "2024-07-30", 2, true), 0);
    assert_eq!(window("B", "2024-07-30", 3, false), 0);
    assert_eq!(window("A", "2024-07-30", 2, false), 0);
    assert_eq!(window("C", "2024-07-30", 9, false), 0);
    assert_eq!(window("U", "2024-07-30", 0, false), 100);
}

#[test]
fn the_window_rank_is_that_of_the_tier_at_the_position() {
    let mut scene = one();
    scene.tier("A").shares_rank = true;
    scene.case.policy.window_rank = 2;
    first(&mut scene).latest_date = Some(date("2024-07-30"));
    scene.leave_out("r");
    // The second tier shares rank 1; tier B has rank 2, behind it.
    assert_eq!(values(&scene).1, 100);
}

#[test]
fn weights_multiply_late_wait_and_window_but_not_order() {
    let mut scene = week_later();
    scene.tier("B").weight = 150;
    scene.case.policy.weights = vec![
        FlagWeight { flag: "ld".to_owned(), percent: 110 },
        FlagWeight { flag: "other".to_owned(), percent: 120 },
    ];
    first(&mut scene).flags = vec!["ld".to_owned(), "ld".to_owned()];
    assert_eq!(values(&scene), (vec![0, 0, 330, 0], 0, vec![0, 0, 11_550, 0], 7));
    scene.case.policy.max_weight = 160;
    assert_eq!(values(&scene).0, [0, 0, 320, 0]);
    first(&mut scene).latest_date = Some(date("2024-07-30"));
    scene.leave_out("r");
    assert_eq!(values(&scene).1, 160);
}

#[test]
fn order_counts_the_wait_before_the_start_within_bounds() {
    let order = |since: &str| {
        let mut scene = week_later();
        first(&mut scene).waiting_since = Some(date(since));
        values(&scene).3
    };
    assert_eq!(order("2024-07-12"), 70);
    assert_eq!(order("2020-01-01"), 365 * 7);
    assert_eq!(order("2024-07-25"), 0);
}

/// The points of `r` in the first slot of `s` on Monday: inconvenience alone.
fn points(change: impl FnOnce(&mut Scene)) -> i64 {
    let mut scene = one();
    change(&mut scene);
    scene.accepts();
    values(&scene).2[2] / 100
}

#[test]
fn each_inconvenience_has_its_price() {
    assert_eq!(points(|_| ()), 0);
    let prefer = |who: &'static str, continuity| {
        move |scene: &mut Scene| {
            first(scene).preferred_practitioner_id = Some(who.to_owned());
            first(scene).continuity = continuity;
        }
    };
    assert_eq!(points(prefer("dr2", Continuity::Preferred)), 30);
    assert_eq!(points(prefer("dr", Continuity::Preferred)), 0);
    assert_eq!(points(prefer("dr2", Continuity::None)), 0);
    assert_eq!(points(|scene| first(scene).continuity = Continuity::Preferred), 0);
    assert_eq!(points(|scene| scene.care_type().roles = ["an", "x", "gp"].map(str::to_owned).to_vec()), 20);
    assert_eq!(points(|scene| first(scene).duration_minutes = Some(10)), 5);
    assert_eq!(
        points(|scene| {
            first(scene).duration_minutes = Some(10);
            scene.group("s/1", 3);
        }),
        0
    );
    assert_eq!(
        points(|scene| {
            first(scene).duration_minutes = Some(20);
            scene.place("r", &["s/1", "s/2"]);
        }),
        10
    );
}

#[test]
fn another_site_is_inconvenient_only_in_person() {
    assert_eq!(points(|scene| first(scene).site = Some(1usize.into())), 20);
    assert_eq!(
        points(|scene| {
            first(scene).site = Some(1usize.into());
            first(scene).delivery_channels = vec![crate::model::DeliveryChannel::Telephone];
        }),
        0
    );
}

#[test]
fn to_be_moved_is_inconvenient() {
    assert_eq!(points(Scene::replan_in_place), 0);
    assert_eq!(
        points(|scene| {
            scene.replan();
            scene.place("r", &["s/2"]);
        }),
        140
    );
    // Another session at the same time.
    assert_eq!(
        points(|scene| {
            scene.session("t", "dr2", "S1", "2024-07-22T09:00", 1);
            scene.replan();
            scene.place("r", &["t/1"]);
        }),
        140
    );
    // No place in the previous plan: nothing to be moved from.
    assert_eq!(
        points(|scene| {
            scene.leave_out("r");
            scene.replan();
            scene.place("r", &["s/2"]);
        }),
        0
    );
}

#[test]
fn each_value_stated_is_compared() {
    one().rejects_tampered(Rule::Value, |plan| {
        plan.summary.objective.late[1].value = 1;
        plan.summary.objective.late[1].bound = 1;
    });
    one().rejects_tampered(Rule::Value, |plan| {
        plan.summary.objective.wait[3].value = 1;
        plan.summary.objective.wait[3].bound = 1;
    });
    one().rejects_tampered(Rule::Value, |plan| {
        plan.summary.objective.window.value = 1;
        plan.summary.objective.window.bound = 1;
    });
    one().rejects_tampered(Rule::Value, |plan| {
        plan.summary.objective.order.value = -1;
        plan.summary.objective.order.bound = -1;
    });
    one().rejects_tampered(Rule::Value, |plan| drop(plan.summary.objective.late.pop()));
    one().rejects_tampered(Rule::Value, |plan| plan.summary.objective.late[0].rank = 2);
    one().rejects_tampered(Rule::Value, |plan| plan.summary.objective.wait[0].tier = "A".to_owned());
}

#[test]
fn ranks_are_labelled_by_their_tiers() {
    let mut scene = one();
    scene.tier("B").shares_rank = true;
    let labels: Vec<_> = scene.plan().summary.objective.late.into_iter().map(|entry| entry.tier).collect();
    assert_eq!(labels, ["U", "A+B", "C"]);
}

#[test]
fn no_bound_is_above_its_value() {
    let feasible = |summary: &mut crate::model::Summary| summary.status = "feasible".to_owned();
    one().rejects_tampered(Rule::Bound, |plan| {
        plan.summary.objective.late[0].bound = 1;
        feasible(&mut plan.summary);
    });
    one().rejects_tampered(Rule::Bound, |plan| {
        plan.summary.objective.wait[0].bound = 1;
        feasible(&mut plan.summary);
    });
    one().rejects_tampered(Rule::Bound, |plan| {
        plan.summary.objective.window.bound = 1;
        feasible(&mut plan.summary);
    });
    one().rejects_tampered(Rule::Bound, |plan| {
        plan.summary.objective.order.bound = 1;
        feasible(&mut plan.summary);
    });
}

#[test]
fn optimal_is_what_meets_every_bound() {
    one().rejects_tampered(Rule::Status, |plan| plan.summary.status = "feasible".to_owned());
    one().rejects_tampered(Rule::Status, |plan| plan.summary.objective.late[0].bound = -1);
    one().rejects_tampered(Rule::Status, |plan| plan.summary.objective.wait[0].bound = -1);
    one().rejects_tampered(Rule::Status, |plan| plan.summary.objective.window.bound = -1);
    one().rejects_tampered(Rule::Status, |plan| plan.summary.objective.order.bound = -1);
    let scene = one();
    let mut plan = scene.plan();
    plan.summary.objective.order.bound = -1;
    plan.summary.status = "feasible".to_owned();
    assert_eq!(crate::verify::verify(&scene.case, &plan), []);
}
