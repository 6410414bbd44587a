//! SPEC 4.4: calls that a site can make by each date.

use rebook::model::ContactRoute;
use rebook_tests::build::{CaseBuilder, day, moment};

use super::plan;

/// Three slots on Monday and one on Tuesday; `calls` calls a day; requests R1 to R3 to be called, all of rank 4.
fn calls(calls: u32) -> CaseBuilder {
    CaseBuilder::gp()
        .site("A", |site| site.calls_per_day = Some(calls))
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15, 15])
        .session("T", "g1", "A", "2024-07-23 10:00", &[15])
        .request("R1", |r| r)
        .request("R2", |r| r)
        .request("R3", |r| r)
}

#[test]
fn appointments_by_a_date_have_calls_by_that_date() {
    plan(calls(3)).wait(&[0; 6]);
    // Two on Monday, one on Tuesday.
    plan(calls(2)).wait(&[0, 0, 0, 1_000, 0, 0]);
    // One on Monday, one on Tuesday; the third is left out, seen 392 days after the start.
    plan(calls(1)).wait(&[0, 0, 0, 1_000 + 392_000, 0, 0]);
    plan(calls(0)).placed(&[]);
}

#[test]
fn unused_calls_carry_over() {
    let case = CaseBuilder::gp()
        .site("A", |site| site.calls_per_day = Some(1))
        .session("S", "g1", "A", "2024-07-24 10:00", &[15, 15, 15, 15])
        .request("R1", |r| r)
        .request("R2", |r| r)
        .request("R3", |r| r);
    plan(case).wait(&[0, 0, 0, 6_000, 0, 0]);
}

#[test]
fn other_routes_need_no_call() {
    let case = calls(0).request("R4", |r| r.route(ContactRoute::Letter));
    plan(case).late(&[0, 0, 0, 3 * 37_800, 0, 0]);
}

#[test]
fn it_is_the_patients_own_site_that_calls() {
    let case = CaseBuilder::gp()
        .site("A", |site| {
            site.calls_per_day = Some(0);
            site.practice = Some("X".to_owned());
        })
        .site("B", |site| site.practice = Some("X".to_owned()))
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "g1", "B", "2024-07-22 14:00", &[15, 15])
        .request("R1", |r| r.of_site("B").available("Mon 14:00-14:15"))
        .request("R2", |r| r);
    plan(case).placed(&[("R1", "T/1")]);
}

#[test]
fn calling_days_are_working_days_and_the_start() {
    // From Saturday: one call then, none on Sunday, one on Monday, whatever days the site is closed.
    let case = CaseBuilder::gp()
        .policy(|policy| {
            policy.start = day("2024-07-20");
            policy.as_of = moment("2024-07-20 00:00");
        })
        .site("A", |site| {
            site.calls_per_day = Some(1);
            site.closed_dates = rebook_tests::build::dates("2024-07-22");
        })
        .session("S", "g1", "A", "2024-07-20 10:00", &[15, 15])
        .session("T", "g1", "A", "2024-07-21 10:00", &[15, 15])
        .session("U", "g1", "A", "2024-07-23 10:00", &[15, 15, 15, 15])
        .request("R1", |r| r)
        .request("R2", |r| r)
        .request("R3", |r| r)
        .request("R4", |r| r);
    // One on Saturday, two on Tuesday (calls of Saturday, Monday and Tuesday), one left out.
    let unplaced = (27 + 365) * 10;
    plan(case).wait(&[0, 0, 0, 100 * (2 * 30 + unplaced), 0, 0]);
}
