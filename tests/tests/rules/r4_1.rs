//! SPEC 4.1: one place per request, one request per slot, no overlap of a practitioner's slots.

use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

#[test]
fn a_slot_takes_one() {
    let case = one_slot().request("R1", |r| r.tier("GP3")).request("R2", |r| r.tier("GP2"));
    plan(case).placed(&[("R2", "S/1")]);
}

#[test]
fn runs_share_no_slot() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15, 15, 15])
        .request("R1", |r| r.tier("GP2").minutes(30))
        .request("R2", |r| r.tier("GP3").minutes(30));
    // Either run of R1 has the middle slot.
    plan(case).late(&[0, 0, 38_500, 0, 0, 0]);
}

#[test]
fn a_group_slot_takes_its_places() {
    let case = one_slot()
        .slot("S/1", |slot| slot.places = Some(2))
        .request("R1", |r| r.tier("GP2"))
        .request("R2", |r| r.tier("GP3"))
        .request("R3", |r| r.tier("GP4"));
    plan(case).placed(&[("R1", "S/1"), ("R2", "S/1")]);
}

#[test]
fn two_sessions_of_a_practitioner_at_one_time() {
    let case = |practitioner: &str, at: &str| {
        CaseBuilder::gp()
            .clinician("g2", "gp", |_| {})
            .session("S", "g1", "A", "2024-07-22 10:00", &[15])
            .session("T", practitioner, "A", at, &[15])
            .request("R1", |r| r.tier("GP2").minutes(10))
            .request("R2", |r| r.tier("GP3").minutes(10))
    };
    let both = [0, 0, 0, 0, 0, 0];
    let one = [0, 0, 38_500, 0, 0, 0];
    plan(case("g1", "2024-07-22 10:10")).late(&one);
    plan(case("g1", "2024-07-22 10:15")).late(&both);
    plan(case("g2", "2024-07-22 10:10")).late(&both);
}

#[test]
fn a_group_slot_and_another_slot_still_overlap() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .slot("S/1", |slot| slot.places = Some(2))
        .session("T", "g1", "A", "2024-07-22 10:00", &[15])
        .request("R1", |r| r.tier("GP2"))
        .request("R2", |r| r.tier("GP2"))
        .request("R3", |r| r.tier("GP3"));
    plan(case).placed(&[("R1", "S/1"), ("R2", "S/1")]);
}
