//! SPEC 4.5: two appointments of one patient.

use rebook::model::DeliveryChannel;
use rebook_tests::build::CaseBuilder;

use super::plan;

/// One slot at A at 10:00 for R1 and one elsewhere for R2, both of patient p1.
fn two(site: &str, at: &str, by: &'static [DeliveryChannel]) -> CaseBuilder {
    CaseBuilder::gp()
        .site("A", |site| site.practice = Some("X".to_owned()))
        .site("B", |site| site.practice = Some("X".to_owned()))
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .session("T", "n1", site, &format!("2024-07-22 {at}"), &[15])
        .edit_session("T", |session| session.delivery_channels = DeliveryChannel::ALL.to_vec())
        .request("R1", |r| r.tier("GP2").patient("p1"))
        .request("R2", move |r| r.tier("GP3").patient("p1").care("bloods").by(by))
}

fn both(case: CaseBuilder, both: bool) {
    plan(case).placed(if both { &[("R1", "S/1"), ("R2", "T/1")] } else { &[("R1", "S/1")] });
}

#[test]
fn they_do_not_overlap() {
    let at = |at: &str| two("A", at, &[DeliveryChannel::InPerson]);
    both(at("10:00"), false);
    both(at("10:14"), false);
    both(at("10:15"), true);
    both(at("09:46"), false);
    both(at("09:45"), true);
}

#[test]
fn and_leave_time_to_travel() {
    let at = |at: &str| two("B", at, &[DeliveryChannel::InPerson]);
    both(at("10:44"), false);
    both(at("10:45"), true);
    both(at("09:16"), false);
    both(at("09:15"), true);
    both(two("B", "10:15", &[DeliveryChannel::Telephone]), true);
    both(two("B", "10:10", &[DeliveryChannel::Telephone]), false);
    both(two("B", "10:15", &[DeliveryChannel::HomeVisit]), true);
}

#[test]
fn not_twice_in_one_group_slot() {
    let case = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .slot("S/1", |slot| slot.places = Some(2))
        .request("R1", |r| r.tier("GP2").patient("p1"))
        .request("R2", |r| r.tier("GP3").patient("p1"));
    plan(case).placed(&[("R1", "S/1")]);
}
