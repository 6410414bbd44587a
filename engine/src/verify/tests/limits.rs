//! Rules 4.2 and 4.3: contacts and reserve.

use rust_decimal::Decimal;

use crate::model::{BankHolidays, Reserve, SlotStatus};
use crate::verify::test_support::{Scene, date, days, moment};

/// Requests `r1` to `rN` of a tier in the first slots of `s`, which has eight.
fn several(count: usize, tier: &str) -> Scene {
    let mut scene = Scene::new();
    scene.session("s", "dr", "S1", "2024-07-22T09:00", 8);
    for number in 1..=count {
        scene.request(&format!("r{number}"), tier);
        scene.place(&format!("r{number}"), &[&format!("s/{number}")]);
    }
    scene
}

#[test]
fn a_practitioners_day_has_a_cap() {
    let mut scene = several(3, "B");
    scene.clinician("dr").max_contacts_day = Some(3);
    scene.accepts();
    scene.clinician("dr").max_contacts_day = Some(2);
    assert_eq!(scene.codes(), ["4.2"]);
    scene.clinician("dr").max_contacts_day = None;
    scene.case.policy.max_contacts_day.insert("anp".to_owned(), 2);
    scene.accepts();
    scene.case.policy.max_contacts_day.insert("gp".to_owned(), 2);
    assert_eq!(scene.codes(), ["4.2"]);
    scene.clinician("dr").max_contacts_day = Some(3);
    scene.accepts();
}

#[test]
fn the_day_is_counted_over_sessions_and_by_date() {
    let elsewhere = |clinician: &str, start: &str| {
        let mut scene = several(3, "B");
        scene.session("t", clinician, "S2", start, 1);
        scene.place("r3", &["t/1"]);
        for clinician in ["dr", "dr2"] {
            scene.clinician(clinician).max_contacts_day = Some(2);
        }
        scene.codes()
    };
    assert_eq!(elsewhere("dr", "2024-07-22T14:00"), ["4.2"]);
    assert_eq!(elsewhere("dr", "2024-07-23T14:00"), [""; 0]);
    assert_eq!(elsewhere("dr2", "2024-07-22T14:00"), [""; 0]);
}

#[test]
fn a_session_has_a_cap() {
    let mut scene = several(3, "B");
    scene.case.sessions[0].max_contacts = Some(3);
    scene.accepts();
    scene.case.sessions[0].max_contacts = Some(2);
    assert_eq!(scene.codes(), ["4.2"]);
}

/// Whether two planned contacts still fit under a cap of three.
fn fits_beside(change: impl FnOnce(&mut Scene)) -> bool {
    let mut of_day = several(2, "B");
    change(&mut of_day);
    let mut of_session = Scene::new();
    of_session.case = of_day.case.clone();
    of_session.place("r1", &["s/1"]);
    of_session.place("r2", &["s/2"]);
    of_day.clinician("dr").max_contacts_day = Some(3);
    of_session.case.sessions[0].max_contacts = Some(3);
    let (day, session) = (of_day.codes(), of_session.codes());
    assert_eq!(day, session);
    assert!(day.is_empty() || day == ["4.2"]);
    day.is_empty()
}

#[test]
fn the_book_counts_too() {
    assert!(fits_beside(|scene| scene.busy("s/5", "p")));
    assert!(!fits_beside(|scene| {
        scene.busy("s/5", "p");
        scene.busy("s/7", "q");
    }));
    assert!(!fits_beside(|scene| {
        scene.busy("s/5", "p");
        scene.slot("s/5").status = SlotStatus::BusyTentative;
        scene.busy("s/7", "q");
    }));
    assert!(fits_beside(|scene| scene.slot("s/5").status = SlotStatus::BusyUnavailable));
}

#[test]
fn the_first_slot_of_a_session_counts_like_any_other() {
    let mut scene = several(2, "B");
    scene.session("t", "dr", "S1", "2024-07-22T14:00", 2);
    scene.busy("t/1", "p");
    scene.clinician("dr").max_contacts_day = Some(2);
    assert_eq!(scene.codes(), ["4.2"]);
}

#[test]
fn adjacent_slots_of_one_patient_are_one_contact() {
    assert!(fits_beside(|scene| {
        scene.busy("s/5", "p");
        scene.busy("s/6", "p");
        scene.busy("s/7", "p");
    }));
    assert!(!fits_beside(|scene| {
        scene.busy("s/5", "p");
        scene.busy("s/6", "q");
    }));
    assert!(!fits_beside(|scene| {
        scene.busy("s/5", "p");
        scene.busy("s/7", "p");
    }));
    assert!(!fits_beside(|scene| {
        scene.busy("s/5", "p");
        scene.busy("s/6", "p");
        scene.slot("s/6").start = moment("2024-07-22T10:16");
        scene.slot("s/6").duration_minutes = 14;
    }));
    assert!(!fits_beside(|scene| {
        scene.busy("s/5", "");
        scene.busy("s/6", "");
    }));
}

#[test]
fn people_in_a_group_slot_are_contacts() {
    let taken = |count: u32| {
        move |scene: &mut Scene| {
            scene.group("s/5", 3);
            scene.slot("s/5").places_taken = count;
        }
    };
    assert!(fits_beside(taken(1)));
    assert!(!fits_beside(taken(2)));
}

#[test]
fn a_cap_that_the_book_breaks_allows_no_more_but_breaks_nothing() {
    let mut scene = several(1, "B");
    for slot in ["s/4", "s/6", "s/8"] {
        scene.busy(slot, slot);
    }
    scene.clinician("dr").max_contacts_day = Some(2);
    assert_eq!(scene.codes(), ["4.2"]);
    scene.leave_out("r1");
    scene.accepts();
}

fn reserve(scene: &mut Scene, fraction: &str) {
    scene.case.policy.reserves =
        vec![Reserve { role: "gp".to_owned(), fraction: fraction.parse::<Decimal>().unwrap() }];
}

/// How many of the eight slots the reserve leaves to tier B.
fn left_by_reserve(fraction: &str, change: impl Fn(&mut Scene)) -> usize {
    let allowed = |count: &usize| {
        let mut scene = several(*count, "B");
        reserve(&mut scene, fraction);
        change(&mut scene);
        let codes = scene.codes();
        assert!(codes.is_empty() || codes == ["4.3"], "{codes:?}");
        codes.is_empty()
    };
    (0..=5).rev().find(allowed).unwrap()
}

#[test]
fn the_reserve_keeps_a_part_of_the_open_free_minutes() {
    assert_eq!(left_by_reserve("0.5", |_| ()), 4);
    assert_eq!(left_by_reserve("0.51", |_| ()), 3);
    assert_eq!(left_by_reserve("1", |_| ()), 0);
    // 0.375 x 120 = 45 minutes exactly.
    assert_eq!(left_by_reserve("0.625", |_| ()), 3);
    assert_eq!(left_by_reserve("0.6250001", |_| ()), 2);
}

#[test]
fn the_reserve_is_by_site_role_and_date() {
    let beside = |role: &'static str, site: &'static str, start: &'static str| {
        left_by_reserve("0.75", |scene| {
            let clinician = if role == "gp" { "dr2" } else { "an" };
            scene.session("t", clinician, site, start, 8);
        })
    };
    assert_eq!(beside("gp", "S1", "2024-07-22T14:00"), 4);
    assert_eq!(beside("anp", "S1", "2024-07-22T14:00"), 2);
    assert_eq!(beside("gp", "S2", "2024-07-22T14:00"), 2);
    assert_eq!(beside("gp", "S1", "2024-07-23T14:00"), 2);
}

#[test]
fn urgent_requests_and_other_roles_are_not_bound() {
    let mut scene = several(5, "U");
    reserve(&mut scene, "0.5");
    scene.accepts();
    let mut other = several(5, "B");
    reserve(&mut other, "0.5");
    other.case.policy.reserves[0].role = "anp".to_owned();
    other.accepts();
}

#[test]
fn only_open_free_slots_are_in_the_base() {
    // Without slots 7 and 8 the base is 90 minutes, of which 45 may be used.
    assert_eq!(
        left_by_reserve("0.5", |scene| ["s/7", "s/8"].into_iter().for_each(|id| scene.busy(id, id))),
        3
    );
    let label = |scene: &mut Scene| {
        for id in ["s/7", "s/8"] {
            scene.slot(id).reserved_for = Some("urgent".to_owned());
        }
    };
    assert_eq!(left_by_reserve("0.5", label), 3);
    assert_eq!(left_by_reserve("0.5", |scene| scene.group("s/8", 3)), 5);
    assert_eq!(left_by_reserve("0.5", |scene| scene.group("s/8", 0)), 3);
}

#[test]
fn minutes_on_reserved_slots_do_not_use_the_reserve() {
    let mut scene = several(5, "B");
    reserve(&mut scene, "0.5");
    scene.tier("B").may_use = vec!["recovery".to_owned()];
    assert_eq!(scene.codes(), ["4.3"]);
    // 90 open minutes, 45 allowed; two of the five sit on reserved slots.
    for id in ["s/1", "s/2"] {
        scene.slot(id).reserved_for = Some("recovery".to_owned());
    }
    scene.accepts();
}

#[test]
fn the_base_is_of_dates_and_sessions_that_can_be_planned() {
    let beside = |change: fn(&mut Scene)| {
        left_by_reserve("0.75", |scene| {
            scene.session("t", "dr2", "S1", "2024-07-22T14:00", 8);
            change(scene);
        })
    };
    assert_eq!(beside(|_| ()), 4);
    assert_eq!(beside(|scene| scene.clinician("dr2").leave = days("2024-07-22")), 2);
    assert_eq!(beside(|scene| scene.case.sessions[1].additional = true), 2);
    let asked = |scene: &mut Scene| {
        scene.case.sessions[1].additional = true;
        scene.case.use_additional = true;
    };
    assert_eq!(beside(asked), 4);
    // On a bank holiday only the additional sessions count, and serve.
    let holiday = |scene: &mut Scene| {
        scene.case.policy.bank_holidays = BankHolidays::Listed(vec![date("2024-07-22")]);
        scene.case.sessions[0].additional = true;
        scene.case.use_additional = true;
    };
    assert_eq!(beside(holiday), 2);
}

#[test]
fn slots_before_the_book_was_read_are_not_in_the_base() {
    let mut scene = several(2, "B");
    reserve(&mut scene, "0.5");
    scene.case.policy.as_of = moment("2024-07-22T10:00");
    scene.place("r1", &["s/5"]);
    scene.place("r2", &["s/6"]);
    scene.accepts();
    scene.case.policy.as_of = moment("2024-07-22T10:01");
    scene.place("r1", &["s/6"]);
    scene.place("r2", &["s/7"]);
    assert_eq!(scene.codes(), ["4.3"]);
}

#[test]
fn a_group_slot_uses_its_minutes_for_each_who_is_in_it() {
    let mut scene = several(4, "B");
    reserve(&mut scene, "0.5");
    for number in 2..=8 {
        scene.slot(&format!("s/{number}")).status = SlotStatus::BusyUnavailable;
    }
    scene.group("s/1", 8);
    for number in 1..=4 {
        scene.place(&format!("r{number}"), &["s/1"]);
    }
    scene.accepts();
    scene.group("s/1", 7);
    assert_eq!(scene.codes(), ["4.3"]);
}

/// Four booked by the previous plan, of a tier; one more asks.
fn replanned(tier: &str) -> Scene {
    let mut scene = several(4, tier);
    reserve(&mut scene, "0.5");
    scene.replan();
    for number in 1..=4 {
        scene.busy(&format!("s/{number}"), &format!("pat-r{number}"));
    }
    scene.request("more", "B");
    scene.place("more", &["s/5"]);
    scene
}

#[test]
fn planning_again_does_not_erode_the_reserve() {
    // 60 minutes are free, but 60 of the first 120 have gone to the first plan already.
    assert_eq!(replanned("B").codes(), ["4.3"]);
    let mut without = replanned("B");
    without.case.previous = None;
    for number in 1..=4 {
        without.case.requests[number - 1].reconciliation = crate::model::Reconciliation::Resolved;
    }
    without.accepts();
    // Whoever is in the slots that the plan before gave, they count in base and use alike.
    assert_eq!(replanned("U").codes(), ["4.3"]);
}

#[test]
fn rows_of_the_previous_plan_that_are_not_booked_do_not_count() {
    let mut scene = replanned("B");
    for number in 1..=4 {
        scene.slot(&format!("s/{number}")).status = SlotStatus::BusyUnavailable;
        scene.case.requests[number - 1].reconciliation = crate::model::Reconciliation::Resolved;
    }
    scene.accepts();
}

#[test]
fn a_row_counts_once_it_is_booked_as_a_whole_and_whatever_became_of_its_tier() {
    let base = || {
        let mut scene = several(2, "B");
        reserve(&mut scene, "0.5");
        for (id, slots) in [("r1", ["s/1", "s/2"]), ("r2", ["s/3", "s/4"])] {
            scene.place(id, &slots);
        }
        for request in &mut scene.case.requests {
            request.duration_minutes = Some(30);
        }
        scene.replan();
        for request in &mut scene.case.requests {
            request.reconciliation = crate::model::Reconciliation::Resolved;
        }
        scene.request("more", "B");
        scene.place("more", &["s/5"]);
        scene
    };
    // 90 minutes are free with the three slots of which only a part of a row is booked.
    let mut in_part = base();
    for slot in ["s/1", "s/3"] {
        in_part.busy(slot, "p");
    }
    in_part.accepts();
    let mut whole = base();
    for slot in ["s/1", "s/2", "s/3", "s/4"] {
        whole.busy(slot, "p");
    }
    assert_eq!(whole.codes(), ["4.3"]);
    for row in whole.case.previous.iter_mut().flat_map(|plan| &mut plan.plan) {
        row.tier = "no longer in the policy".to_owned();
    }
    assert_eq!(whole.codes(), ["4.3"]);
}
