//! SPEC 3.4: dates.

use rebook::model::BankHolidays;
use rebook_tests::build::{CaseBuilder, RequestDraft, dates, day, moment};

use super::plan;

fn on(date: &str) -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", &format!("{date} 10:00"), &[15])
}

fn fits(case: CaseBuilder, fits: bool) {
    plan(case.request("R1", |r| r)).placed(if fits { &[("R1", "S/1")] } else { &[] });
}

#[test]
fn from_the_start_to_the_last_plannable_date() {
    fits(on("2024-07-21"), false);
    // Also where the notice would allow it.
    fits(on("2024-07-21").policy(|policy| policy.as_of = moment("2024-07-20 00:00")), false);
    fits(on("2024-07-22"), true);
    fits(on("2024-08-18"), true);
    fits(on("2024-08-19"), false);
}

#[test]
fn within_earliest_and_latest_date() {
    let asks = |date: &str, change: fn(&mut RequestDraft) -> &mut RequestDraft, fits: bool| {
        plan(on(date).request("R1", change)).placed(if fits { &[("R1", "S/1")] } else { &[] });
    };
    asks("2024-07-24", |r| r.earliest("2024-07-24"), true);
    asks("2024-07-23", |r| r.earliest("2024-07-24"), false);
    asks("2024-07-24", |r| r.latest("2024-07-24"), true);
    asks("2024-07-25", |r| r.latest("2024-07-24"), false);
    asks("2024-07-24", |r| r.unavailable("2024-07-23..2024-07-25"), false);
    asks("2024-07-26", |r| r.unavailable("2024-07-23..2024-07-25"), true);
}

#[test]
fn not_on_leave_and_not_where_closed() {
    fits(on("2024-07-24").clinician("g1", "gp", |one| one.leave = dates("2024-07-24")), false);
    fits(on("2024-07-24").clinician("n1", "nurse", |one| one.leave = dates("2024-07-24")), true);
    fits(on("2024-07-24").site("A", |site| site.closed_dates = dates("2024-07-23..2024-07-24")), false);
    // A patient's own site may be closed while another is open.
    let elsewhere = CaseBuilder::gp()
        .site("A", |site| {
            site.closed_dates = dates("2024-07-24");
            site.practice = Some("X".to_owned());
        })
        .site("B", |site| site.practice = Some("X".to_owned()))
        .session("S", "g1", "B", "2024-07-24 10:00", &[15]);
    fits(elsewhere, true);
}

#[test]
fn weekends_count_where_there_is_a_session() {
    fits(on("2024-07-27"), true);
}

#[test]
fn bank_holidays_only_in_additional_sessions() {
    let august = || {
        on("2024-08-26").policy(|policy| {
            policy.start = day("2024-08-22");
            policy.as_of = moment("2024-08-22 00:00");
        })
    };
    let additional =
        |case: CaseBuilder| case.edit_session("S", |session| session.additional = true).use_additional();
    fits(august(), false);
    fits(additional(august()), true);
    fits(august().policy(|policy| policy.bank_holidays = BankHolidays::Listed(Vec::new())), true);
    let listed = on("2024-07-24")
        .policy(|policy| policy.bank_holidays = BankHolidays::Listed(vec![day("2024-07-24")]));
    fits(listed.clone(), false);
    fits(additional(listed), true);
}
