//! Section 3, runs of slots.

use rust_decimal::Decimal;

use super::{breaks, first, keeps, one};
use crate::model::SlotStatus;
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, moment};

fn long(scene: &mut Scene, minutes: u32, slots: &[&str]) {
    first(scene).duration_minutes = Some(minutes);
    scene.place("r", slots);
}

#[test]
fn the_run_is_the_shortest_that_reaches_the_needed_minutes() {
    keeps(|scene| long(scene, 30, &["s/1", "s/2"]));
    keeps(|scene| long(scene, 16, &["s/1", "s/2"]));
    keeps(|scene| long(scene, 30, &["s/2", "s/1"]));
    breaks(Rule::Run, |scene| long(scene, 30, &["s/1"]));
    breaks(Rule::Run, |scene| long(scene, 30, &["s/1", "s/2", "s/3"]));
    breaks(Rule::Run, |scene| long(scene, 15, &["s/1", "s/2"]));
    breaks(Rule::Run, |scene| long(scene, 30, &["s/1", "s/3"]));
}

#[test]
fn the_minutes_are_multiplied_and_rounded_up() {
    let with = |multiplier: &str, slots: &'static [&'static str]| {
        let multiplier: Decimal = multiplier.parse().unwrap();
        move |scene: &mut Scene| {
            scene.clinician("dr").duration_multiplier = multiplier;
            scene.place("r", slots);
        }
    };
    keeps(with("2", &["s/1", "s/2"]));
    breaks(Rule::Run, with("2", &["s/1"]));
    keeps(with("1.01", &["s/1", "s/2"]));
    breaks(Rule::Run, with("1.01", &["s/1"]));
    keeps(with("0.5", &["s/1"]));
    let mut scene = one();
    with("0.5", &["s/1"])(&mut scene);
    assert_eq!(scene.plan().plan[0].end, moment("2024-07-22T09:08"));
    breaks(Rule::Run, with("10000000000", &["s/1"]));
}

#[test]
fn each_slot_starts_when_the_one_before_ends() {
    breaks(Rule::Run, |scene| {
        scene.slot("s/2").start = moment("2024-07-22T09:16");
        scene.slot("s/2").duration_minutes = 14;
        long(scene, 29, &["s/1", "s/2"]);
    });
}

#[test]
fn each_slot_is_free() {
    for status in [SlotStatus::Busy, SlotStatus::BusyTentative, SlotStatus::BusyUnavailable] {
        breaks(Rule::Run, |scene| scene.slot("s/1").status = status);
        breaks(Rule::Run, |scene| {
            scene.slot("s/2").status = status;
            long(scene, 30, &["s/1", "s/2"]);
        });
    }
}

#[test]
fn a_label_must_be_one_that_the_tier_may_use() {
    let reserve = |scene: &mut Scene| scene.slot("s/1").reserved_for = Some("urgent".to_owned());
    breaks(Rule::Run, reserve);
    keeps(|scene| {
        reserve(scene);
        first(scene).priority = Some("U".to_owned());
    });
    keeps(|scene| first(scene).priority = Some("U".to_owned()));
    keeps(|scene| {
        reserve(scene);
        scene.tier("B").may_use = vec!["urgent".to_owned()];
    });
}

#[test]
fn a_group_slot_serves_only_a_run_of_one_while_it_has_places() {
    keeps(|scene| scene.group("s/1", 1));
    let mut full = one();
    full.group("s/1", 0);
    assert_eq!(full.codes(), ["3.run", "4.1"]);
    breaks(Rule::Run, |scene| {
        scene.group("s/1", 5);
        long(scene, 30, &["s/1", "s/2"]);
    });
    breaks(Rule::Run, |scene| {
        scene.group("s/2", 5);
        long(scene, 30, &["s/1", "s/2"]);
    });
}

#[test]
fn rows_that_name_nothing_known_are_said_to() {
    for tamper in [
        |plan: &mut crate::model::PlanFiles| plan.plan[0].slot_ids = vec!["s/99".to_owned()],
        |plan: &mut crate::model::PlanFiles| plan.plan[0].session_id = "t".to_owned(),
        |plan: &mut crate::model::PlanFiles| plan.plan[0].slot_ids = vec![],
        |plan: &mut crate::model::PlanFiles| plan.plan[0].slot_ids = vec!["s/1".to_owned(); 2],
    ] {
        let scene = one();
        let mut plan = scene.plan();
        tamper(&mut plan);
        assert_eq!(crate::verify::test_support::codes(&scene.case, &plan)[0], "3.run");
    }
    let mut scene = one();
    scene.session("t", "dr2", "S1", "2024-07-22T09:00", 1);
    let mut plan = scene.plan();
    plan.plan[0].session_id = "t".to_owned();
    assert_eq!(crate::verify::test_support::codes(&scene.case, &plan)[0], "3.run");
}

#[test]
fn what_is_wrong_with_a_run_is_said() {
    let message = |change: fn(&mut Scene)| {
        let mut scene = one();
        change(&mut scene);
        let found = crate::verify::verify(&scene.case, &scene.plan());
        found.into_iter().find(|violation| violation.rule == Rule::Run).map(|violation| violation.message)
    };
    for (change, words) in [
        ((|scene| scene.busy("s/1", "p")) as fn(&mut Scene), "not free"),
        (|scene| scene.slot("s/1").reserved_for = Some("urgent".to_owned()), "reserved"),
        (
            |scene| {
                scene.group("s/1", 5);
                long(scene, 30, &["s/1", "s/2"]);
            },
            "group slot",
        ),
        (|scene| long(scene, 30, &["s/1", "s/3"]), "does not start when"),
        (|scene| long(scene, 30, &["s/1"]), "not the shortest run of 30 minutes"),
    ] {
        assert!(message(change).is_some_and(|message| message.contains(words)), "{words}");
    }
}
