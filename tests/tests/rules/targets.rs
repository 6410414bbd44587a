//! SPEC section 2: target dates.

use rebook::model::{Target, TargetFrom};
use rebook_tests::build::{CaseBuilder, RequestDraft, day, moment};

use super::{one_slot, plan};

fn target_of(target: Target, from: TargetFrom, since: &str, expected: &str) {
    let case = one_slot()
        .tier("GP4", |tier| {
            tier.target = target;
            tier.target_from = from;
        })
        .request("R1", |r| r.since(since));
    plan(case).target("R1", expected);
}

#[test]
fn days_from_the_start_or_from_the_wait() {
    target_of(Target::Days(0), TargetFrom::Start, "2024-07-01", "2024-07-22");
    target_of(Target::Days(6), TargetFrom::Start, "2024-07-01", "2024-07-28");
    target_of(Target::Days(6), TargetFrom::WaitingSince, "2024-07-20", "2024-07-26");
    // A target may lie before the start.
    target_of(Target::Days(6), TargetFrom::WaitingSince, "2024-07-01", "2024-07-07");
}

#[test]
fn working_days_skip_weekends_and_bank_holidays() {
    target_of(Target::WorkingDays(0), TargetFrom::Start, "2024-07-01", "2024-07-22");
    target_of(Target::WorkingDays(5), TargetFrom::Start, "2024-07-01", "2024-07-29");
    // From a Saturday: 0 is the Monday, 1 is the Monday.
    target_of(Target::WorkingDays(0), TargetFrom::WaitingSince, "2024-07-20", "2024-07-22");
    target_of(Target::WorkingDays(1), TargetFrom::WaitingSince, "2024-07-20", "2024-07-22");
    let case = |start: &str| {
        CaseBuilder::gp()
            .policy(|policy| {
                policy.start = day(start);
                policy.as_of = moment(&format!("{start} 00:00"));
            })
            .request("R1", |r| r.tier("GP2"))
    };
    // Two working days after Friday 23 August 2024; Monday the 26th is a bank holiday.
    plan(case("2024-08-23")).target("R1", "2024-08-28");
}

fn target_with(change: fn(&mut RequestDraft) -> &mut RequestDraft, expected: &str) {
    plan(one_slot().request("R1", change)).target("R1", expected);
}

#[test]
fn a_due_date_comes_before_the_tier() {
    target_with(|r| r.due("2024-08-30"), "2024-08-30");
    target_with(|r| r.due("2024-07-10"), "2024-07-10");
}

#[test]
fn at_most_the_latest_and_at_least_the_earliest_date() {
    target_with(|r| r.latest("2024-07-25"), "2024-07-25");
    target_with(|r| r.latest("2024-08-25"), "2024-08-05");
    target_with(|r| r.earliest("2024-08-10"), "2024-08-10");
    target_with(|r| r.earliest("2024-07-23"), "2024-08-05");
}
