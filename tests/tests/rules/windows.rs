//! SPEC section 2: hard windows, those that have passed too.

use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

#[test]
fn a_passed_window_is_planned_as_of_the_start_and_flagged() {
    let case = one_slot().request("R1", |r| r.tier("GP5").latest("2024-07-20").due("2024-07-15"));
    plan(case).placed(&[("R1", "S/1")]).target("R1", "2024-07-22").flags("R1", &["window-passed"]);
}

#[test]
fn a_passed_window_does_not_loosen_the_other_dates() {
    let case = one_slot().request("R1", |r| r.latest("2024-07-20").unavailable("2024-07-22"));
    plan(case).unplaced(&[("R1", "no-candidate")]);
}

#[test]
fn without_place_after_window_it_is_left_out() {
    let case = one_slot()
        .policy(|policy| policy.place_after_window = false)
        .request("R1", |r| r.tier("GP5").latest("2024-07-20"));
    plan(case).unplaced(&[("R1", "window-passed")]).target("R1", "2024-07-20").window(100);
}

#[test]
fn a_window_that_ends_at_the_start_has_not_passed() {
    let case = one_slot()
        .policy(|policy| policy.place_after_window = false)
        .request("R1", |r| r.latest("2024-07-22"));
    plan(case).placed(&[("R1", "S/1")]).flags("R1", &[]);
}

#[test]
fn windowed_means_by_the_last_plannable_date() {
    // Nobody can be placed; the window entry counts those whose window closes in the plan.
    let case = |latest: &str| CaseBuilder::gp().request("R1", |r| r.tier("GP5").latest(latest));
    plan(case("2024-08-18")).window(100);
    plan(case("2024-08-19")).window(0);
    plan(case("2024-07-01")).window(100);
}
