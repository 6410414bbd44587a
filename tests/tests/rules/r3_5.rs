//! SPEC 3.5: notice, the patient's windows, the care type's times.

use rebook::model::ContactRoute;
use rebook_tests::build::{CaseBuilder, moment};

use super::{one_slot, plan};

const PLACED: &[(&str, &str)] = &[("R1", "S/1")];

fn notice(as_of: &str, change: impl FnOnce(CaseBuilder) -> CaseBuilder, fits: bool) {
    let case = one_slot().policy(|policy| {
        policy.as_of = moment(as_of);
        policy.min_notice_hours.default = 3;
        policy.min_notice_hours.by_route.insert(ContactRoute::Phone, 2);
        policy.min_notice_hours.by_route.insert(ContactRoute::Letter, 24);
    });
    plan(change(case)).placed(if fits { PLACED } else { &[] });
}

#[test]
fn notice_by_effective_route() {
    // The slot is at 10:00.
    let phone = |case: CaseBuilder| case.request("R1", |r| r);
    notice("2024-07-22 08:00", phone, true);
    notice("2024-07-22 08:01", phone, false);
    let letter = |case: CaseBuilder| case.request("R1", |r| r.route(ContactRoute::Letter));
    notice("2024-07-21 10:00", letter, true);
    notice("2024-07-21 10:01", letter, false);
    let clinician = |case: CaseBuilder| case.request("R1", |r| r.route(ContactRoute::Clinician));
    notice("2024-07-22 07:00", clinician, true);
    notice("2024-07-22 07:01", clinician, false);
    // A text without permission is a call.
    let text = |case: CaseBuilder| case.request("R1", |r| r.route(ContactRoute::Sms));
    notice("2024-07-22 08:00", text, true);
}

#[test]
fn the_tiers_own_notice_wins() {
    let own = |hours: u32| {
        move |case: CaseBuilder| {
            case.tier("GP4", |tier| tier.min_notice_hours = Some(hours))
                .request("R1", |r| r.route(ContactRoute::Letter))
        }
    };
    notice("2024-07-22 10:00", own(0), true);
    notice("2024-07-22 10:01", own(0), false);
    notice("2024-07-21 10:00", own(25), false);
}

fn available(list: &'static str, fits: bool) {
    // Monday 10:00 to 10:15.
    plan(one_slot().request("R1", |r| r.available(list))).placed(if fits { PLACED } else { &[] });
}

#[test]
fn the_whole_appointment_lies_in_one_window() {
    available("Mon 10:00-10:15", true);
    available("Mon 10:01-12:00", false);
    available("Mon 09:00-10:14", false);
    available("Tue 09:00-12:00", false);
    available("Mon", true);
    available("Sat-Mon 09:00-11:00", true);
    available("Mon 09:00-10:10;Mon 10:10-11:00", true);
    available("Mon 09:00-10:10;Mon 10:11-11:00", false);
}

#[test]
fn the_appointment_counts_not_the_slot() {
    let case = one_slot().request("R1", |r| r.minutes(10).available("Mon 10:00-10:10"));
    plan(case).placed(PLACED);
}

#[test]
fn seconds_count() {
    // From 10:00:30 to 10:15:30.
    let asks = |list: &'static str| {
        CaseBuilder::gp()
            .session("S", "g1", "A", "2024-07-22 10:00:30", &[15])
            .request("R1", move |r| r.available(list))
    };
    plan(asks("Mon 10:00-10:16")).placed(PLACED);
    plan(asks("Mon 10:00-10:15")).placed(&[]);
    plan(asks("Mon 10:01-10:16")).placed(&[]);
}

#[test]
fn the_care_types_times() {
    let times = |after: Option<u32>, by: Option<u32>| {
        let case = one_slot().care_type("consult", |care| {
            care.start_after = after;
            care.finish_by = by;
        });
        plan(case.request("R1", |r| r))
    };
    times(Some(600), Some(615)).placed(PLACED);
    times(Some(601), None).placed(&[]);
    times(None, Some(614)).placed(&[]);
}
