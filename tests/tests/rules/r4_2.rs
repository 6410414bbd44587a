//! SPEC 4.2: contacts of a practitioner on a day and of a session.

use rebook::model::SlotStatus;
use rebook_tests::build::CaseBuilder;

use super::plan;

/// Six slots of g1 on one day, in sessions S and T, and two requests; GP2 comes first.
fn six() -> CaseBuilder {
    CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 09:00", &[15, 15, 15, 15])
        .session("T", "g1", "A", "2024-07-22 14:00", &[15, 15])
        .request("R1", |r| r.tier("GP2").available("Mon 09:45-10:00"))
        .request("R2", |r| r.tier("GP3").available("Mon 14:00-15:00"))
}

fn cap(cap: u32) -> impl FnOnce(&mut rebook::model::Clinician) {
    move |one| one.max_contacts_day = Some(cap)
}

const BOTH: &[i64] = &[0, 0, 0, 0, 0, 0];
const ONLY_R1: &[i64] = &[0, 0, 38_500, 0, 0, 0];
const NEITHER: &[i64] = &[0, 39_000, 38_500, 0, 0, 0];

#[test]
fn planned_contacts_of_the_day_over_all_sessions() {
    plan(six().clinician("g1", "gp", cap(2))).late(BOTH);
    plan(six().clinician("g1", "gp", cap(1))).late(ONLY_R1);
    plan(six().clinician("g1", "gp", cap(0))).late(NEITHER);
}

#[test]
fn the_policys_cap_for_the_role_unless_the_practitioner_has_one() {
    let by_role = || {
        six().policy(|policy| {
            policy.max_contacts_day.insert("gp".to_owned(), 1);
        })
    };
    plan(by_role()).late(ONLY_R1);
    plan(by_role().clinician("g1", "gp", cap(2))).late(BOTH);
}

#[test]
fn contacts_in_the_book_count() {
    let booked = || six().busy("S/1", "p1").clinician("g1", "gp", cap(2));
    plan(booked()).late(ONLY_R1);
    let tentative = booked().slot("S/1", |slot| slot.status = SlotStatus::BusyTentative);
    plan(tentative).late(ONLY_R1);
    let blocked = booked().slot("S/1", |slot| slot.status = SlotStatus::BusyUnavailable);
    plan(blocked).late(BOTH);
}

#[test]
fn neighbouring_slots_of_one_patient_are_one_contact() {
    let booked =
        |second: &'static str| six().busy("S/1", "p1").busy("S/2", second).clinician("g1", "gp", cap(3));
    plan(booked("p1")).late(BOTH);
    plan(booked("p2")).late(ONLY_R1);
    // Without an id nobody knows.
    let unknown = booked("p1").slots("S", |slot| slot.patient_id = None);
    plan(unknown).late(ONLY_R1);
    // Not next to each other: two contacts.
    let apart = six().busy("S/1", "p1").busy("S/3", "p1").clinician("g1", "gp", cap(3));
    plan(apart).late(ONLY_R1);
    let pause = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 09:00", &[15, -5, 15, 15])
        .busy("S/1", "p1")
        .busy("S/2", "p1")
        .clinician("g1", "gp", cap(2))
        .request("R1", |r| r);
    plan(pause).placed(&[]);
}

#[test]
fn people_in_a_group_slot_are_a_contact_each() {
    let group = |taken: u32| {
        six()
            .slot("S/1", move |slot| {
                slot.places = Some(0);
                slot.places_taken = taken;
            })
            .clinician("g1", "gp", cap(4))
    };
    plan(group(2)).late(BOTH);
    plan(group(3)).late(ONLY_R1);
}

#[test]
fn a_cap_that_the_book_breaks_allows_no_more() {
    let case = six().busy("S/1", "p1").busy("S/2", "p2").clinician("g1", "gp", cap(1));
    plan(case).late(NEITHER);
}

#[test]
fn a_sessions_cap() {
    let case = |most: u32| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 09:00", &[15, 15, 15])
            .busy("S/1", "p1")
            .edit_session("S", |session| session.max_contacts = Some(most))
            .request("R1", |r| r.tier("GP2"))
            .request("R2", |r| r.tier("GP3"))
    };
    plan(case(3)).late(BOTH);
    plan(case(2)).late(ONLY_R1);
    plan(case(1)).late(NEITHER);
}
