//! SPEC section 6: by when each patient is called, and the order of the rows.

use rebook::model::ContactRoute;
use rebook_tests::build::{CaseBuilder, day, moment};

use super::{one_slot, plan};

/// Slots of the GP on Monday, Tuesday and Wednesday, two each; `calls` calls a day.
fn three_days(calls: u32) -> CaseBuilder {
    CaseBuilder::gp()
        .site("A", |site| site.calls_per_day = Some(calls))
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15])
        .session("T", "g1", "A", "2024-07-23 10:00", &[15, 15])
        .session("U", "g1", "A", "2024-07-24 10:00", &[15, 15])
}

#[test]
fn without_a_limit_everybody_is_called_on_the_start() {
    let case = CaseBuilder::gp()
        .session("U", "g1", "A", "2024-07-24 10:00", &[15, 15])
        .request("R1", |r| r.available("Wed 10:15-10:30"))
        .request("R2", |r| r.available("Wed 10:00-10:15"));
    // By start, as their rank is the same.
    plan(case).calls(&[("R2", "2024-07-22"), ("R1", "2024-07-22")]);
}

#[test]
fn by_rank_then_start_then_id_while_there_are_calls_left() {
    let case = three_days(2)
        .request("R1", |r| r.tier("GP5").available("Wed 10:00-10:15"))
        .request("R2", |r| r.tier("GP5").available("Tue 10:00-10:15"))
        .request("R3", |r| r.tier("GP3").available("Wed 10:15-10:30"))
        .request("R4", |r| r.tier("GP5").available("Tue 10:15-10:30"));
    plan(case).calls(&[
        ("R3", "2024-07-22"),
        ("R2", "2024-07-22"),
        ("R4", "2024-07-23"),
        ("R1", "2024-07-23"),
    ]);
}

#[test]
fn by_start_where_an_appointment_would_be_missed() {
    // By rank R2 would be called on Tuesday, after its appointment.
    let case = three_days(1)
        .request("R1", |r| r.tier("GP3").available("Wed"))
        .request("R2", |r| r.tier("GP5").available("Mon"));
    plan(case).calls(&[("R2", "2024-07-22"), ("R1", "2024-07-23")]);
    // Of one start the more urgent is first.
    let same_start = three_days(1)
        .clinician("g2", "gp", |_| {})
        .session("V", "g2", "A", "2024-07-24 10:00", &[15])
        .request("R1", |r| r.tier("GP5").available("Wed 10:00-10:15"))
        .request("R2", |r| r.tier("GP4").available("Wed 10:00-10:15"))
        .request("R3", |r| r.tier("GP6").available("Mon"));
    plan(same_start).calls(&[("R3", "2024-07-22"), ("R2", "2024-07-23"), ("R1", "2024-07-24")]);
}

#[test]
fn on_working_days_and_on_the_start() {
    // From Saturday: a call then, none on Sunday, one on Monday; each site on its own.
    let case = CaseBuilder::gp()
        .policy(|policy| {
            policy.start = day("2024-07-20");
            policy.as_of = moment("2024-07-20 00:00");
        })
        .site("A", |site| site.calls_per_day = Some(1))
        .site("B", |site| site.calls_per_day = Some(1))
        .session("T", "g1", "A", "2024-07-23 10:00", &[15, 15])
        .session("U", "g1", "B", "2024-07-24 10:00", &[15])
        .request("R1", |r| r.tier("GP3"))
        .request("R2", |r| r.tier("GP5"))
        .request("R3", |r| r.tier("GP4").of_site("B"));
    plan(case).calls(&[("R1", "2024-07-20"), ("R3", "2024-07-20"), ("R2", "2024-07-22")]);
}

#[test]
fn who_is_not_called_has_no_day_and_comes_last() {
    let case = three_days(1)
        .request("R1", |r| r.tier("GP2").route(ContactRoute::Letter).available("Mon"))
        .request("R2", |r| r.tier("GP2").route(ContactRoute::Clinician).available("Tue"))
        .request("R3", |r| r.tier("GP6").available("Wed"));
    plan(case).calls(&[("R3", "2024-07-22"), ("R1", "-"), ("R2", "-")]);
}

#[test]
fn passed_windows_are_the_first_of_the_unplaced() {
    let case = CaseBuilder::gp()
        .request("R1", |r| r.tier("GP2"))
        .request("R2", |r| r.tier("GP6").latest("2024-07-19"))
        .request("R3", |r| r.tier("GP3"));
    plan(case).unplaced_in_order(&["R2", "R1", "R3"]);
}

#[test]
fn who_must_be_escalated_is_the_first_of_the_excluded() {
    let case = one_slot()
        .request("R1", |r| r.became(rebook::model::Reconciliation::Died))
        .request("R2", |r| r.unreadable("duration_minutes"))
        .request("R3", |r| r.tier("GP0"));
    plan(case).excluded_in_order(&[4, 2, 3]);
}
