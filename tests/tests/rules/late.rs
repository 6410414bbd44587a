//! SPEC section 5: lateness, most urgent first.

use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

#[test]
fn days_after_the_target() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-08-08 10:00", &[15])
        .request("R1", |r| r.due("2024-08-05"));
    plan(case).late(&[0, 0, 0, 300, 0, 0]).says("R1", &3, |row| row.days_late);
}

#[test]
fn the_unplaced_are_seen_so_many_days_after_the_last_date() {
    // Last plannable date 2024-08-18; target 2024-08-05: 13 days and 365 more.
    plan(CaseBuilder::gp().request("R1", |r| r)).late(&[0, 0, 0, 37_800, 0, 0]);
    let soon = CaseBuilder::gp().policy(|policy| policy.unplaced_days = 1).request("R1", |r| r);
    plan(soon).late(&[0, 0, 0, 1_400, 0, 0]);
}

#[test]
fn no_lateness_of_many_buys_one_day_of_the_more_urgent() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[30])
        .session("T", "g1", "A", "2024-07-23 10:00", &[30])
        .request("R1", |r| r.tier("GP2").minutes(30).due("2024-07-22"))
        .request("R2", |r| r.tier("GP3").minutes(30).due("2024-07-22").latest("2024-07-22"));
    // R2 has no other day, and is left out all the same.
    plan(case).placed(&[("R1", "S/1")]);
}

#[test]
fn less_lateness_even_if_more_are_left_out_of_lower_ranks() {
    // R1 needs both slots to be in time; R2 and R3 could share them.
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15])
        .request("R1", |r| r.tier("GP2").minutes(30))
        .request("R2", |r| r)
        .request("R3", |r| r);
    plan(case).placed(&[("R1", "S/1;S/2")]);
}

#[test]
fn nobody_is_late_by_being_early() {
    plan(one_slot().request("R1", |r| r)).late(&[0; 6]);
}
