//! SPEC 3.6: what the book already holds for the patient and for the practitioner.

use rebook::model::{DeliveryChannel, SlotStatus};
use rebook_tests::build::CaseBuilder;

use super::plan;

/// A slot from 10:00 to 10:15 of g1 at A; a slot of g2 at `site` at another time, busy for p1.
fn busy_at(site: &str, at: &str) -> CaseBuilder {
    CaseBuilder::gp()
        .site("B", |_| {})
        .clinician("g2", "gp", |_| {})
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "g2", site, &format!("2024-07-22 {at}"), &[15])
        .busy("T/1", "p1")
}

fn fits(case: CaseBuilder, fits: bool) {
    plan(case).placed(if fits { &[("R1", "S/1")] } else { &[] });
}

#[test]
fn the_patients_own_busy_slots() {
    let ask = |at: &str| busy_at("A", at).request("R1", |r| r.patient("p1"));
    fits(ask("10:00"), false);
    fits(ask("09:46"), false);
    fits(ask("09:45"), true);
    fits(ask("10:14"), false);
    fits(ask("10:15"), true);
    // Tentative ones too; somebody else's not, nor a slot that is only blocked.
    fits(ask("10:00").slot("T/1", |slot| slot.status = SlotStatus::BusyTentative), false);
    fits(ask("10:00").slot("T/1", |slot| slot.status = SlotStatus::BusyUnavailable), true);
    fits(busy_at("A", "10:00").request("R1", |r| r), true);
}

#[test]
fn the_appointment_counts_not_the_rest_of_its_slot() {
    let case = busy_at("A", "10:10").request("R1", |r| r.patient("p1").minutes(10));
    fits(case, true);
}

#[test]
fn travel_between_sites() {
    let ask = |at: &str| busy_at("B", at).request("R1", |r| r.patient("p1"));
    fits(ask("09:15"), true);
    fits(ask("09:16"), false);
    fits(ask("10:44"), false);
    fits(ask("10:45"), true);
}

#[test]
fn nobody_travels_to_a_call() {
    let ask =
        |at: &str| busy_at("B", at).request("R1", |r| r.patient("p1").by(&[DeliveryChannel::Telephone]));
    fits(ask("10:15"), true);
    fits(ask("10:14"), false);
}

#[test]
fn the_practitioner_in_another_session() {
    let case = |at: &str, minutes: u32| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00", &[15])
            .session("T", "g1", "A", &format!("2024-07-22 {at}"), &[15])
            .busy("T/1", "somebody")
            .request("R1", move |r| r.minutes(minutes))
    };
    fits(case("10:10", 15), false);
    fits(case("10:15", 15), true);
    // Here the slot counts, not the appointment.
    fits(case("10:10", 10), false);
    fits(case("10:10", 15).slot("T/1", |slot| slot.status = SlotStatus::BusyUnavailable), true);
}
