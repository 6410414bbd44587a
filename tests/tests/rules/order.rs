//! SPEC section 5: those who have waited longest come first, other things equal.

use rebook_tests::build::CaseBuilder;

use super::plan;

/// Two requests of one rank, a slot today and one tomorrow.
fn two_days() -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", "2024-07-22 10:00", &[15]).session(
        "T",
        "g1",
        "A",
        "2024-07-23 10:00",
        &[15],
    )
}

#[test]
fn who_has_waited_longer_is_first() {
    let case = two_days().request("R1", |r| r.since("2024-07-10")).request("R2", |r| r.since("2024-07-01"));
    plan(case).placed(&[("R2", "S/1"), ("R1", "T/1")]).order(12);
}

#[test]
fn no_wait_counts_for_more_than_a_year_or_for_less_than_nothing() {
    let since = |date: &'static str| {
        CaseBuilder::gp()
            .session("T", "g1", "A", "2024-07-23 10:00", &[15])
            .request("R1", move |r| r.since(date))
    };
    plan(since("2020-01-01")).order(365);
    plan(since("2023-07-23")).order(365);
    plan(since("2023-07-24")).order(364);
    plan(since("2024-07-25")).order(0);
}

#[test]
fn weight_is_not_in_it() {
    let case = CaseBuilder::gp()
        .tier("GP4", |tier| tier.weight = 50)
        .session("T", "g1", "A", "2024-07-24 10:00", &[15])
        .request("R1", |r| r.since("2024-07-12"));
    plan(case).order(20).wait(&[0, 0, 0, 1_000, 0, 0]);
}

#[test]
fn the_wait_of_the_unplaced_counts() {
    // Seen on 2025-08-18: 392 days after the start; ten days waited before.
    let case = CaseBuilder::gp().request("R1", |r| r.since("2024-07-12"));
    plan(case).order(3_920);
}

#[test]
fn it_never_outweighs_convenience() {
    // R2 has waited longer; but R1 is the one whose own GP works today.
    let case = CaseBuilder::gp()
        .clinician("g2", "gp", |_| {})
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "g2", "A", "2024-07-23 10:00", &[15])
        .request("R1", |r| r.since("2024-07-10").prefers("g1", rebook::model::Continuity::Preferred))
        .request("R2", |r| r.since("2024-07-01").prefers("g2", rebook::model::Continuity::Preferred));
    plan(case).placed(&[("R1", "S/1"), ("R2", "T/1")]);
}
