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
fn midnight_is_another_date() {
    let around = |before: &str, after: &str| {
        CaseBuilder::gp()
            .session("S", "g1", "A", before, &[15])
            .session("T", "n1", "A", after, &[15])
            .request("R1", |r| r.together("v"))
            .request("R2", |r| r.care("bloods").together("v"))
    };
    plan(around("2024-07-22 23:30", "2024-07-22 23:45")).placed(BOTH);
    plan(around("2024-07-22 23:45", "2024-07-23 00:00")).placed(&[]);
}

#[test]
fn one_patient_is_not_twice_in_a_group() {
    let group = |second: &'static str| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00", &[15])
            .slot("S/1", |slot| slot.places = Some(2))
            .request("R1", |r| r.patient("p1").together("v"))
            .request("R2", move |r| r.patient(second).together("v"))
    };
    plan(group("p2")).placed(&[("R1", "S/1"), ("R2", "S/1")]);
    plan(group("p1")).placed(&[]);
}

#[test]
fn a_group_slot_has_a_place_for_each() {
    let group = |places: u32| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00", &[15])
            .slot("S/1", move |slot| slot.places = Some(places))
            .request("R1", |r| r.together("v"))
            .request("R2", |r| r.together("v"))
            .request("R3", |r| r.together("v"))
    };
    plan(group(3)).placed(&[("R1", "S/1"), ("R2", "S/1"), ("R3", "S/1")]);
    plan(group(2)).placed(&[]);
}

#[test]
fn a_practitioner_is_not_at_two_slots_at_once() {
    // The appointments are apart, but the slot of the first reaches into that of the second.
    let second = |at: &str| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00", &[15])
            .session("T", "g1", "A", at, &[15])
            .request("R1", |r| r.minutes(10).together("v"))
            .request("R2", |r| r.minutes(10).together("v"))
    };
    plan(second("2024-07-22 10:10")).placed(&[]);
    plan(second("2024-07-22 10:15")).late(&[0; 6]);
}

#[test]
fn a_link_between_members_holds_too() {
    let linked = |at: &str, min: u32| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00", &[15])
            .session("T", "n1", "A", at, &[15])
            .request("R1", |r| r.together("v"))
            .request("R2", move |r| r.care("bloods").together("v").after("R1", min, 5))
    };
    plan(linked("2024-07-22 10:15", 0)).placed(BOTH);
    plan(linked("2024-07-22 09:45", 0)).placed(&[]);
    // A visit is on one date.
    plan(linked("2024-07-22 10:15", 1)).placed(&[]);
}

#[test]
fn a_single_member_is_no_visit() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .request("R1", |r| r.together("v"))
        .request("R2", |r| r.care("bloods").together("w"));
    plan(case).placed(&[("R1", "S/1")]).unplaced(&[("R2", "no-candidate")]);
}
