//! SPEC 4.6: one request after another.

use rebook::model::Reconciliation;
use rebook_tests::build::CaseBuilder;

use super::plan;

/// A slot for bloods on Monday 22 July at 10:00 (B1, by the nurse), and one for the GP at another time.
fn after(at: &str) -> CaseBuilder {
    CaseBuilder::gp()
        .session("B", "n1", "A", "2024-07-22 10:00", &[15])
        .session("S", "g1", "A", at, &[15])
        .request("B1", |r| r.care("bloods"))
}

const BOTH: &[(&str, &str)] = &[("B1", "B/1"), ("R1", "S/1")];
const FIRST: &[(&str, &str)] = &[("B1", "B/1")];

#[test]
fn at_least_and_at_most_so_many_days_later() {
    let on = |at: &str| plan(after(at).request("R1", |r| r.after("B1", 2, 4)));
    on("2024-07-23 10:00").placed(FIRST);
    on("2024-07-24 10:00").placed(BOTH);
    on("2024-07-26 10:00").placed(BOTH);
    on("2024-07-27 10:00").placed(FIRST);
}

#[test]
fn on_one_date_not_before_the_other_has_ended() {
    let on = |at: &str| plan(after(at).request("R1", |r| r.after("B1", 0, 4)));
    on("2024-07-22 10:14").placed(FIRST);
    on("2024-07-22 10:15").placed(BOTH);
    on("2024-07-22 09:00").placed(FIRST);
}

#[test]
fn only_if_that_one_is_placed() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-24 10:00", &[15])
        .request("B1", |r| r.care("bloods"))
        .request("R1", |r| r.after("B1", 0, 30));
    plan(case).placed(&[]);
}

#[test]
fn the_first_may_be_later_than_it_could_so_that_the_second_fits() {
    // The urgent one comes after the bloods, which could be had today.
    let case = CaseBuilder::gp()
        .session("B", "n1", "A", "2024-07-22 10:00", &[15])
        .session("C", "n1", "A", "2024-07-24 10:00", &[15])
        .session("S", "g1", "A", "2024-07-26 10:00", &[15])
        .request("B1", |r| r.care("bloods"))
        .request("R1", |r| r.tier("GP2").after("B1", 0, 2));
    plan(case).placed(&[("B1", "C/1"), ("R1", "S/1")]);
}

#[test]
fn chains() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "g1", "A", "2024-07-24 10:00", &[15])
        .session("U", "g1", "A", "2024-07-26 10:00", &[15])
        .request("R3", |r| r.after("R2", 2, 2))
        .request("R2", |r| r.after("R1", 2, 2))
        .request("R1", |r| r);
    plan(case).placed(&[("R1", "S/1"), ("R2", "T/1"), ("R3", "U/1")]);
}

#[test]
fn met_where_that_one_is_not_in_the_case_or_was_seen() {
    let alone = || CaseBuilder::gp().session("S", "g1", "A", "2024-07-22 10:00", &[15]);
    plan(alone().request("R1", |r| r.after("B1", 2, 4))).placed(&[("R1", "S/1")]);
    for became in [Reconciliation::SeenOnPaper, Reconciliation::SeenElsewhere, Reconciliation::Resolved] {
        let case = alone().request("B1", |r| r.became(became)).request("R1", |r| r.after("B1", 2, 4));
        plan(case).placed(&[("R1", "S/1")]);
    }
}

#[test]
fn excluded_otherwise_it_stays_out() {
    let alone = || CaseBuilder::gp().session("S", "g1", "A", "2024-07-22 10:00", &[15]);
    for became in [Reconciliation::Died, Reconciliation::Deregistered, Reconciliation::Declined] {
        let case = alone().request("B1", |r| r.became(became)).request("R1", |r| r.after("B1", 0, 4));
        plan(case).placed(&[]);
    }
    let escalated = alone().request("B1", |r| r.tier("GP0")).request("R1", |r| r.after("B1", 0, 4));
    plan(escalated).placed(&[]);
}

#[test]
fn where_it_is_booked_the_days_count_from_there() {
    let on = |at: &str| {
        let case = CaseBuilder::gp()
            .session("B", "n1", "A", "2024-07-22 10:00", &[15])
            .busy("B/1", "p-B1")
            .session("S", "g1", "A", at, &[15])
            .request("B1", |r| r.care("bloods"))
            .request("R1", |r| r.after("B1", 2, 4))
            .previously("B1", &["B/1"]);
        plan(case)
    };
    on("2024-07-23 10:00").placed(&[]);
    on("2024-07-24 10:00").placed(&[("R1", "S/1")]);
    on("2024-07-26 10:00").placed(&[("R1", "S/1")]);
    on("2024-07-29 10:00").placed(&[]);
}

#[test]
fn where_it_is_booked_on_the_same_date_not_before_that_has_ended() {
    let on = |at: &str| {
        let case = CaseBuilder::gp()
            .session("B", "n1", "A", "2024-07-22 10:00", &[15])
            .busy("B/1", "p-B1")
            .session("S", "g1", "A", at, &[15])
            .request("B1", |r| r.care("bloods"))
            .request("R1", |r| r.after("B1", 0, 4))
            .previously("B1", &["B/1"]);
        plan(case)
    };
    on("2024-07-22 10:14").placed(&[]);
    on("2024-07-22 10:15").placed(&[("R1", "S/1")]);
    // It ends with the appointment, not with its slot.
    let short = |at: &str| {
        let case = CaseBuilder::gp()
            .session("B", "n1", "A", "2024-07-22 10:00", &[15])
            .busy("B/1", "p-B1")
            .session("S", "g1", "A", at, &[15])
            .request("B1", |r| r.care("bloods").minutes(10))
            .request("R1", |r| r.after("B1", 0, 4))
            .previously("B1", &["B/1"]);
        plan(case)
    };
    short("2024-07-22 10:09").placed(&[]);
    short("2024-07-22 10:10").placed(&[("R1", "S/1")]);
}

#[test]
fn a_link_to_an_id_that_clashes_waits_for_a_person() {
    // One of the rows says that it was seen; the other one has the same id and other content.
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .request("B1", |r| r.became(Reconciliation::SeenOnPaper))
        .again(|r| r.became(Reconciliation::NotSeen))
        .request("R1", |r| r.after("B1", 0, 4));
    plan(case).excluded(&[(2, "seen-on-paper"), (3, "invalid-row")]).placed(&[]);
}

#[test]
fn a_link_to_a_repeated_row_is_to_the_one_that_is_kept() {
    let case = CaseBuilder::gp()
        .session("B", "n1", "A", "2024-07-22 10:00", &[15])
        .session("S", "g1", "A", "2024-07-24 10:00", &[15])
        .request("B1", |r| r.care("bloods"))
        .again(|r| r)
        .request("R1", |r| r.after("B1", 2, 2));
    plan(case).placed(BOTH);
}
