//! SPEC 3.3: the own site, one of the practice, or a hub that serves it; the session's care types.

use rebook::model::Site;
use rebook_tests::build::{CaseBuilder, tags};

use super::{one_slot, plan};

/// The patient's own site is A, the session is at B.
fn at_b(own: impl FnOnce(&mut Site), other: impl FnOnce(&mut Site), fits: bool) {
    let case = CaseBuilder::gp()
        .site("A", own)
        .site("B", other)
        .session("S", "g1", "B", "2024-07-22 10:00", &[15])
        .request("R1", |r| r);
    plan(case).placed(if fits { &[("R1", "S/1")] } else { &[] });
}

fn practice(code: &str) -> impl FnOnce(&mut Site) {
    move |site| site.practice = Some(code.to_owned())
}

#[test]
fn sites_of_one_practice() {
    at_b(practice("X"), practice("X"), true);
    at_b(practice("X"), practice("Y"), false);
    at_b(|_| {}, practice("X"), false);
    at_b(|_| {}, |_| {}, false);
    at_b(practice(""), practice(""), false);
}

fn hub(pcn: Option<&'static str>, serves: &'static [&'static str], hub: bool) -> impl FnOnce(&mut Site) {
    move |site| {
        site.pcn = pcn.map(str::to_owned);
        site.serves = tags(serves);
        site.hub = hub;
    }
}

#[test]
fn a_hub_serves_those_it_lists() {
    at_b(|_| {}, hub(None, &["A"], true), true);
    at_b(|_| {}, hub(None, &["C"], true), false);
    at_b(|_| {}, hub(None, &["A"], false), false);
}

#[test]
fn a_hub_that_lists_nobody_serves_its_network() {
    let of = |pcn: &'static str| move |site: &mut Site| site.pcn = Some(pcn.to_owned());
    at_b(of("N"), hub(Some("N"), &[], true), true);
    at_b(of("N"), hub(Some("M"), &[], true), false);
    at_b(|_| {}, hub(None, &[], true), false);
    at_b(of(""), hub(Some(""), &[], true), false);
    // A list is the whole list.
    at_b(of("N"), hub(Some("N"), &["C"], true), false);
    at_b(of("N"), hub(Some("N"), &[], false), false);
}

#[test]
fn a_hub_does_not_send_its_own_patients_away() {
    // B is the hub and the patient's own site; A is not a hub.
    let case = CaseBuilder::gp()
        .site("A", |site| site.pcn = Some("N".to_owned()))
        .site("B", hub(Some("N"), &[], true))
        .session("S", "g1", "A", "2024-07-22 10:00", &[15])
        .request("R1", |r| r.of_site("B"));
    plan(case).unplaced(&[("R1", "no-candidate")]);
}

#[test]
fn the_sessions_list_of_care_types() {
    let listed = |list: &'static [&'static str]| {
        one_slot().edit_session("S", |session| session.care_types = tags(list)).request("R1", |r| r)
    };
    plan(listed(&[])).placed(&[("R1", "S/1")]);
    plan(listed(&["bloods", "consult"])).placed(&[("R1", "S/1")]);
    plan(listed(&["bloods"])).unplaced(&[("R1", "no-candidate")]);
}
