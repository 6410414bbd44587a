//! Rule 4.4.

use crate::model::{BankHolidays, ContactRoute};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, date, days, moment};

/// So many requests by phone, one a day from Monday on in its own session; one call a day.
fn calls(days_of_appointments: &[&str]) -> Scene {
    let mut scene = Scene::new();
    scene.site("S1").calls_per_day = Some(1);
    for (number, day) in days_of_appointments.iter().enumerate() {
        scene.session(&format!("s{number}"), "dr", "S1", &format!("{day}T0{number}:00"), 1);
        scene.request(&format!("r{number}"), "C").contact_route = ContactRoute::Phone;
        scene.place(&format!("r{number}"), &[&format!("s{number}/1")]);
    }
    scene
}

#[test]
fn everybody_can_be_called_in_time() {
    calls(&["2024-07-22", "2024-07-23", "2024-07-24"]).accepts();
    let two_by_monday = calls(&["2024-07-22", "2024-07-22"]);
    assert_eq!(two_by_monday.codes(), ["4.4"]);
    let mut limit = calls(&["2024-07-22", "2024-07-22"]);
    limit.site("S1").calls_per_day = Some(2);
    limit.accepts();
    limit.site("S1").calls_per_day = None;
    limit.accepts();
    limit.site("S1").calls_per_day = Some(0);
    limit.rejects(Rule::Calls);
}

#[test]
fn calls_are_made_on_working_days_and_at_the_start() {
    // Saturday is no calling day: Monday to Friday are five.
    let week = ["2024-07-22", "2024-07-23", "2024-07-24", "2024-07-25", "2024-07-26", "2024-07-27"];
    calls(&week).rejects(Rule::Calls);
    let mut holiday = calls(&["2024-07-22", "2024-07-24"]);
    holiday.case.policy.bank_holidays = BankHolidays::Listed(vec![date("2024-07-23")]);
    holiday.accepts();
    let mut three = calls(&["2024-07-22", "2024-07-24", "2024-07-24"]);
    three.accepts();
    three.case.policy.bank_holidays = BankHolidays::Listed(vec![date("2024-07-23")]);
    three.rejects(Rule::Calls);
    // The start itself is one, also where it is a Sunday.
    let mut sunday = calls(&["2024-07-21", "2024-07-22"]);
    sunday.case.policy.start = date("2024-07-21");
    sunday.case.policy.as_of = moment("2024-07-20T00:00");
    sunday.accepts();
}

#[test]
fn the_last_plannable_date_counts_like_any_other() {
    let mut scene = calls(&["2024-08-04"]);
    scene.accepts();
    scene.site("S1").calls_per_day = Some(0);
    scene.rejects(Rule::Calls);
}

#[test]
fn closed_sites_still_call() {
    let mut scene = calls(&["2024-07-22", "2024-07-24", "2024-07-24"]);
    scene.site("S1").closed_dates = days("2024-07-23");
    scene.accepts();
}

#[test]
fn only_the_phone_and_the_patients_own_site_count() {
    let mut letters = calls(&["2024-07-22", "2024-07-22"]);
    letters.case.requests[1].contact_route = ContactRoute::Letter;
    letters.accepts();
    let mut elsewhere = calls(&["2024-07-22", "2024-07-22"]);
    elsewhere.case.requests[1].site = Some(1usize.into());
    elsewhere.accepts();
    let mut other_site = calls(&["2024-07-22", "2024-07-22"]);
    other_site.case.sessions[1].site = 1usize.into();
    other_site.rejects(Rule::Calls);
}
