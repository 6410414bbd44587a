//! SPEC 4.7: rows booked as one visit.

use rebook::model::Reconciliation;
use rebook_tests::build::CaseBuilder;

use super::plan;

/// A slot of the GP at 10:00 and one of the nurse at `at`, at `site`; a visit of a consultation and of bloods.
fn visit(site: &str, at: &str) -> CaseBuilder {
    CaseBuilder::gp()
        .site("A", |site| site.practice = Some("X".to_owned()))
        .site("B", |site| site.practice = Some("X".to_owned()))
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "n1", site, at, &[15])
        .request("R1", |r| r.together("v"))
        .request("R2", |r| r.care("bloods").together("v"))
}

const BOTH: &[(&str, &str)] = &[("R1", "S/1"), ("R2", "T/1")];

#[test]
fn one_after_the_other_with_at_most_the_gap() {
    let at = |at: &str| plan(visit("A", &format!("2024-07-22 {at}")));
    at("10:15").placed(BOTH);
    at("10:45").placed(BOTH);
    at("10:46").placed(&[]);
    at("10:14").placed(&[]);
    at("10:00").placed(&[]);
    at("09:15").placed(BOTH);
    at("09:14").placed(&[]);
}

#[test]
fn one_site_one_date() {
    plan(visit("B", "2024-07-22 10:30")).placed(&[]);
    plan(visit("A", "2024-07-23 10:15")).placed(&[]);
}

#[test]
fn all_or_none() {
    let case = visit("A", "2024-07-22 10:15").slot("T/1", |slot| {
        slot.status = rebook::model::SlotStatus::BusyUnavailable;
    });
    plan(case).placed(&[]);
}

#[test]
fn excluded_members_do_not_count() {
    let case = visit("A", "2024-07-23 10:15")
        .request("R3", |r| r.together("w"))
        .request("R4", |r| r.together("w").became(Reconciliation::SeenOnPaper))
        .session("U", "g1", "A", "2024-07-24 10:15", &[15]);
    plan(case).placed(&[("R3", "S/1")]);
}

#[test]
fn nobody_urgent_waits_for_a_companion() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "n1", "A", "2024-07-24 10:15", &[15])
        .session("U", "n1", "A", "2024-07-26 10:15", &[15])
        .session("V", "g1", "A", "2024-07-26 10:30", &[15])
        .request("R1", |r| r.tier("GP1").together("v"))
        .request("R2", |r| r.care("bloods").together("v"))
        .request("R3", |r| r.together("v").earliest("2024-07-26"));
    // R1 goes alone; the others stay together.
    plan(case).placed(&[("R1", "S/1"), ("R2", "U/1"), ("R3", "V/1")]);
}

#[test]
fn three_members_and_their_gaps_from_one_to_the_next() {
    let third = |at: &str| {
        visit("A", "2024-07-22 10:15")
            .session("U", "n1", "A", &format!("2024-07-22 {at}"), &[15])
            .request("R3", |r| r.care("bloods").minutes(10).together("v"))
    };
    plan(third("11:00")).late(&[0; 6]);
    plan(third("11:01")).placed(&[]);
}

#[test]
fn sharing_a_group_slot_is_neither_an_overlap_nor_a_gap() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[40])
        .slot("S/1", |slot| slot.places = Some(2))
        .session("T", "n1", "A", "2024-07-22 10:50", &[15])
        .request("R1", |r| r.minutes(10).together("v"))
        .request("R2", |r| r.minutes(30).together("v"))
        .request("R3", |r| r.care("bloods").together("v"));
    // The longer of the two ends at 10:30; the bloods begin within half an hour of that.
    plan(case).placed(&[("R1", "S/1"), ("R2", "S/1"), ("R3", "T/1")]);
}

#[test]
fn a_single_member_is_no_visit() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .request("R1", |r| r.together("v"));
    plan(case).placed(&[("R1", "S/1")]);
}
