//! SPEC 4.3: the part of each day's open minutes kept for new demand.

use rebook::model::{BankHolidays, Reserve, SlotStatus};
use rebook_tests::build::{CaseBuilder, day, moment};

use super::plan;

/// Four slots of 15 minutes on one day and three requests of 15 minutes, most urgent first.
fn hour(fraction: &str) -> CaseBuilder {
    let fraction = fraction.parse().expect("a decimal");
    CaseBuilder::gp()
        .policy(|policy| policy.reserves = vec![Reserve { role: "gp".to_owned(), fraction }])
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15, 15, 15])
        .request("R2", |r| r.tier("GP2"))
        .request("R3", |r| r.tier("GP3"))
        .request("R4", |r| r.tier("GP4"))
}

/// How many of those three, most urgent first, are placed.
fn placed(case: CaseBuilder, number: usize) {
    let late: [i64; 3] = [39_000, 38_500, 37_800];
    let mut expected = [0; 6];
    expected[number + 1..4].copy_from_slice(&late[number..]);
    plan(case).late(&expected);
}

#[test]
fn a_fraction_of_the_open_minutes_stays_free() {
    placed(hour("0"), 3);
    placed(hour("0.25"), 3);
    placed(hour("0.26"), 2);
    placed(hour("0.5"), 2);
    placed(hour("0.51"), 1);
    placed(hour("1"), 0);
}

#[test]
fn the_limit_is_exact() {
    // 60 minutes less a third: 40 and a bit; less two thirds: 20.
    placed(hour("0.3333333333"), 2);
    placed(hour("0.6666666667"), 1);
    // floor((1 - 0.7500000001) x 60) = 14.
    placed(hour("0.75"), 1);
    placed(hour("0.7500000001"), 0);
}

#[test]
fn only_of_that_role() {
    let case = hour("1").policy(|policy| policy.reserves[0].role = "nurse".to_owned());
    placed(case, 3);
}

#[test]
fn urgent_requests_are_not_bound_and_not_counted() {
    placed(hour("1").tier("GP2", |tier| tier.urgent = true), 1);
    // R2 takes one slot, R3 still may have the half hour less the reserve.
    placed(hour("0.75").tier("GP2", |tier| tier.urgent = true), 2);
}

#[test]
fn slots_with_a_label_are_neither_base_nor_use() {
    let labelled = |case: CaseBuilder| {
        ["GP2", "GP3", "GP4"]
            .into_iter()
            .fold(case, |case, code| case.tier(code, |tier| tier.may_use = vec!["recovery".to_owned()]))
            .slot("S/1", |slot| slot.reserved_for = Some("recovery".to_owned()))
    };
    // One in the labelled slot, and of 45 open minutes 22 for the others.
    placed(labelled(hour("0.5")), 2);
    placed(labelled(hour("1")), 1);
}

#[test]
fn busy_and_past_slots_are_not_in_the_base() {
    let half = || hour("0.5");
    placed(half().slot("S/4", |slot| slot.status = SlotStatus::BusyUnavailable), 1);
    // At 10:15 the first slot is over: 45 minutes, 22 of them.
    placed(half().policy(|policy| policy.as_of = moment("2024-07-22 10:15")), 1);
    placed(half().policy(|policy| policy.as_of = moment("2024-07-22 10:00")), 2);
}

#[test]
fn a_group_slot_counts_its_places() {
    let case = hour("0.5").slots("S", |slot| slot.status = SlotStatus::BusyUnavailable).slot("S/1", |slot| {
        slot.status = SlotStatus::Free;
        slot.places = Some(4);
    });
    placed(case, 2);
}

#[test]
fn slots_taken_count_whole() {
    // 20 minutes take two slots of 15.
    let case = CaseBuilder::gp()
        .policy(|policy| {
            policy.reserves =
                vec![Reserve { role: "gp".to_owned(), fraction: "0.6".parse().expect("a decimal") }];
        })
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15, 15, 15])
        .request("R1", |r| r.minutes(20));
    plan(case).placed(&[]);
}

#[test]
fn the_base_is_of_one_site_one_role_one_date() {
    let case = hour("0.5")
        .clinician("g2", "gp", |_| {})
        .session("T", "g2", "A", "2024-07-22 16:00", &[15, 15])
        .session("U", "g1", "A", "2024-07-23 10:00", &[15, 15, 15, 15]);
    // Ninety minutes of two GPs: three of 15 fit into 45.
    plan(case).late(&[0; 6]).wait(&[0; 6]);
}

#[test]
fn sessions_that_are_closed_or_not_asked_for_are_not_in_the_base() {
    let more = |additional: bool, ask: bool| {
        let case = hour("0.5")
            .clinician("g2", "gp", |_| {})
            .session("T", "g2", "A", "2024-07-22 16:00", &[15, 15])
            .edit_session("T", move |session| session.additional = additional);
        if ask { case.use_additional() } else { case }
    };
    placed(more(true, false), 2);
    placed(more(true, true), 3);
    let on_leave =
        more(false, false).clinician("g2", "gp", |one| one.leave = rebook_tests::build::dates("2024-07-22"));
    placed(on_leave, 2);
}

#[test]
fn a_re_run_never_erodes_it() {
    // Half of the hour was planned and is booked: the rest is the reserve.
    let booked = |previously: bool| {
        let case = hour("0.5").busy("S/1", "p8").busy("S/2", "p9");
        if previously { case.previously("R8", &["S/1"]).previously("R9", &["S/2"]) } else { case }
    };
    placed(booked(true), 0);
    // Without the plan before, the half hour that is left is taken for the whole.
    placed(booked(false), 1);
}

#[test]
fn what_was_planned_and_is_booked_is_base_and_use() {
    // 60 minutes with the booked one: 30 for plans, 15 of them used.
    placed(hour("0.5").busy("S/1", "p8").previously("R8", &["S/1"]), 1);
}

#[test]
fn rows_of_the_plan_before_count_where_all_their_slots_are_busy() {
    // One of its two slots is free again: 22 of 45 minutes.
    placed(hour("0.5").busy("S/1", "p8").previously("R8", &["S/1", "S/2"]), 1);
}

#[test]
fn slots_with_a_label_do_not_count_in_the_plan_before() {
    // 22 of 45 open minutes, whatever was planned under the label.
    let case = hour("0.51")
        .slot("S/1", |slot| slot.reserved_for = Some("recovery".to_owned()))
        .busy("S/1", "p8")
        .previously("R8", &["S/1"]);
    placed(case, 1);
}

#[test]
fn on_a_bank_holiday_only_additional_sessions_are_in_the_base() {
    // S is additional, T is not: half of the hour of S.
    let case = hour("0.5")
        .policy(|policy| policy.bank_holidays = BankHolidays::Listed(vec![day("2024-07-22")]))
        .clinician("g2", "gp", |_| {})
        .session("T", "g2", "A", "2024-07-22 16:00", &[15, 15, 15, 15])
        .edit_session("S", |session| session.additional = true)
        .use_additional();
    placed(case, 2);
}
