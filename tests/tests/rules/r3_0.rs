//! SPEC section 3: a candidate is the shortest run of free slots that the tier may use.

use rebook::model::SlotStatus;
use rebook_tests::build::CaseBuilder;

use super::{one_slot, plan};

fn slots(minutes: &[i64]) -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", "2024-07-22 10:00", minutes)
}

#[test]
fn free_slots_only() {
    for status in [SlotStatus::Busy, SlotStatus::BusyTentative, SlotStatus::BusyUnavailable] {
        let case = slots(&[15, 15]).slot("S/1", |slot| slot.status = status).request("R1", |r| r);
        plan(case).placed(&[("R1", "S/2")]);
    }
}

#[test]
fn the_shortest_run_that_is_long_enough() {
    plan(slots(&[15, 15, 15]).request("R1", |r| r.minutes(15))).placed(&[("R1", "S/1")]);
    plan(slots(&[15, 15, 15]).request("R1", |r| r.minutes(16))).placed(&[("R1", "S/1;S/2")]);
    plan(slots(&[15, 15, 15]).request("R1", |r| r.minutes(45))).placed(&[("R1", "S/1;S/2;S/3")]);
    plan(slots(&[15, 15, 15]).request("R1", |r| r.minutes(46))).unplaced(&[("R1", "no-candidate")]);
    plan(slots(&[10, 20, 15]).request("R1", |r| r.minutes(12))).placed(&[("R1", "S/3")]);
}

#[test]
fn the_appointment_is_as_long_as_needed_not_as_the_slots() {
    let case = slots(&[15, 15]).request("R1", |r| r.minutes(20));
    plan(case).says("R1", &"10:20".to_owned(), |row| row.end.format("%H:%M").to_string());
}

#[test]
fn without_a_gap() {
    plan(slots(&[15, -5, 15, 15]).request("R1", |r| r.minutes(30))).placed(&[("R1", "S/2;S/3")]);
    let broken = slots(&[15, 15, 15]).slot("S/2", |slot| slot.status = SlotStatus::BusyUnavailable);
    plan(broken.request("R1", |r| r.minutes(30))).unplaced(&[("R1", "no-candidate")]);
}

#[test]
fn of_one_session() {
    let case = one_slot().session("T", "g1", "A", "2024-07-22 10:15", &[15]).request("R1", |r| r.minutes(30));
    plan(case).unplaced(&[("R1", "no-candidate")]);
}

#[test]
fn care_types_default_minutes() {
    let case = slots(&[15, 15]).care_type("consult", |care| care.duration_minutes = 25).request("R1", |r| r);
    plan(case).placed(&[("R1", "S/1;S/2")]);
}

#[test]
fn a_slow_practitioner_needs_more_slots() {
    let case = |multiplier: &str| {
        slots(&[15, 15])
            .clinician("g1", "gp", |one| one.duration_multiplier = multiplier.parse().expect("a decimal"))
            .request("R1", |r| r.minutes(10))
    };
    plan(case("1.5")).placed(&[("R1", "S/1")]);
    plan(case("1.51")).placed(&[("R1", "S/1;S/2")]);
    plan(case("2")).placed(&[("R1", "S/1;S/2")]);
}

#[test]
fn labels_are_for_tiers_that_may_use_them() {
    let label = |label: &'static str| {
        slots(&[15, 15]).slot("S/1", move |slot| slot.reserved_for = Some(label.to_owned()))
    };
    plan(label("urgent").request("R1", |r| r.tier("GP1"))).placed(&[("R1", "S/1")]);
    plan(label("urgent").request("R1", |r| r.tier("GP2"))).placed(&[("R1", "S/2")]);
    plan(label("111").request("R1", |r| r.tier("GP1"))).placed(&[("R1", "S/2")]);
}

#[test]
fn a_run_may_mix_open_slots_with_labels_that_may_be_used() {
    let case = slots(&[15, 15])
        .slot("S/2", |slot| slot.reserved_for = Some("urgent".to_owned()))
        .request("R1", |r| r.tier("GP1").minutes(30))
        .request("R2", |r| r.tier("GP3").minutes(30));
    plan(case).placed(&[("R1", "S/1;S/2")]);
}

#[test]
fn the_sessions_label_is_its_slots_unless_they_are_open() {
    let case = slots(&[15, 15])
        .edit_session("S", |session| session.reserved_for = Some("urgent".to_owned()))
        .slot("S/2", |slot| slot.reserved_for = Some("open".to_owned()))
        .request("R1", |r| r);
    plan(case).placed(&[("R1", "S/2")]);
}

#[test]
fn a_group_slot_serves_alone_while_it_has_places() {
    let group = |places: u32, minutes: u32| {
        slots(&[15, 15, 15])
            .slot("S/1", move |slot| slot.places = Some(places))
            .request("R1", move |r| r.minutes(minutes))
    };
    plan(group(1, 15)).placed(&[("R1", "S/1")]);
    plan(group(0, 15)).placed(&[("R1", "S/2")]);
    let full = slots(&[15]).slot("S/1", |slot| slot.places = Some(0)).request("R1", |r| r);
    plan(full).unplaced(&[("R1", "no-candidate")]);
    // Too short alone, and it does not join others.
    plan(group(1, 30)).placed(&[("R1", "S/2;S/3")]);
    let in_the_middle =
        slots(&[15, 15, 15]).slot("S/2", |slot| slot.places = Some(1)).request("R1", |r| r.minutes(30));
    plan(in_the_middle).unplaced(&[("R1", "no-candidate")]);
}
