//! Section 3, rules 1 to 7.

use super::{breaks, first, keeps, one};
use crate::calendar::Availability;
use crate::model::{BankHolidays, ContactRoute, Continuity, DeliveryChannel, Gender, GenderWish};
use crate::verify::rule::Rule;
use crate::verify::test_support::{Scene, date, days, moment};

fn tags(text: &[&str]) -> Vec<String> {
    text.iter().map(|tag| (*tag).to_owned()).collect()
}

#[test]
fn the_role_is_one_of_the_care_types() {
    keeps(|scene| scene.care_type().roles = tags(&["gp"]));
    breaks(Rule::Practitioner, |scene| scene.care_type().roles = tags(&["anp"]));
}

#[test]
fn the_gender_is_the_one_asked_for_and_unknown_fits_only_any() {
    keeps(|scene| {
        first(scene).practitioner_gender = GenderWish::Female;
        scene.clinician("dr").gender = Some(Gender::Female);
    });
    keeps(|scene| {
        first(scene).practitioner_gender = GenderWish::Male;
        scene.clinician("dr").gender = Some(Gender::Male);
    });
    breaks(Rule::Practitioner, |scene| {
        first(scene).practitioner_gender = GenderWish::Female;
        scene.clinician("dr").gender = Some(Gender::Male);
    });
    breaks(Rule::Practitioner, |scene| {
        first(scene).practitioner_gender = GenderWish::Male;
        scene.clinician("dr").gender = Some(Gender::Female);
    });
    breaks(Rule::Practitioner, |scene| first(scene).practitioner_gender = GenderWish::Male);
}

#[test]
fn required_continuity_means_the_preferred_practitioner() {
    let prefer = |scene: &mut Scene, who: &str, continuity| {
        first(scene).preferred_practitioner_id = Some(who.to_owned());
        first(scene).continuity = continuity;
    };
    keeps(|scene| prefer(scene, "dr", Continuity::Required));
    keeps(|scene| prefer(scene, "dr2", Continuity::Preferred));
    breaks(Rule::Practitioner, |scene| prefer(scene, "dr2", Continuity::Required));
}

#[test]
fn the_channel_is_the_first_of_the_list_that_the_session_has() {
    let mut scene = one();
    scene.case.sessions[0].delivery_channels = vec![DeliveryChannel::Telephone];
    assert_eq!(scene.plan().plan[0].delivery_channel, "telephone");
    scene.rejects_tampered(Rule::Channel, |plan| plan.plan[0].delivery_channel = "in-person".to_owned());
    one().rejects_tampered(Rule::Channel, |plan| plan.plan[0].delivery_channel = "telephone".to_owned());
    breaks(Rule::Channel, |scene| scene.case.sessions[0].delivery_channels = vec![DeliveryChannel::Video]);
}

#[test]
fn the_requests_channels_replace_the_care_types() {
    let mut scene = one();
    first(&mut scene).delivery_channels = vec![DeliveryChannel::Telephone, DeliveryChannel::InPerson];
    assert_eq!(scene.plan().plan[0].delivery_channel, "telephone");
    scene.accepts();
    breaks(Rule::Channel, |scene| first(scene).delivery_channels = vec![DeliveryChannel::Video]);
}

#[test]
fn every_need_is_met_by_skill_site_or_session() {
    for (need, rest) in [("bsl", "bsl"), ("bsl", "hoist")] {
        let met = need == rest;
        let mut by_skill = one();
        first(&mut by_skill).needs = tags(&[need]);
        by_skill.clinician("dr").skills = tags(&[rest]);
        let mut by_site = one();
        first(&mut by_site).needs = tags(&[need]);
        by_site.site("S1").features = tags(&[rest]);
        let mut by_session = one();
        first(&mut by_session).needs = tags(&[need]);
        by_session.case.sessions[0].features = tags(&[rest]);
        for scene in [by_skill, by_site, by_session] {
            assert_eq!(scene.codes(), if met { vec![] } else { vec!["3.2"] });
        }
    }
    breaks(Rule::Channel, |scene| scene.care_type().needs = tags(&["bsl"]));
    breaks(Rule::Channel, |scene| {
        first(scene).needs = tags(&["bsl", "hoist"]);
        scene.clinician("dr").skills = tags(&["bsl"]);
    });
}

#[test]
fn needs_of_the_place_do_not_bind_by_telephone_or_video() {
    let mut scene = one();
    first(&mut scene).needs = tags(&["step-free"]);
    // In person is first of the list, but the site has steps: the telephone it is.
    assert_eq!(scene.plan().plan[0].delivery_channel, "telephone");
    scene.accepts();
    scene.rejects_tampered(Rule::Channel, |plan| plan.plan[0].delivery_channel = "in-person".to_owned());
    keeps(|scene| {
        first(scene).needs = tags(&["step-free"]);
        first(scene).delivery_channels = vec![DeliveryChannel::Video];
        scene.case.sessions[0].delivery_channels = vec![DeliveryChannel::Video];
    });
    breaks(Rule::Channel, |scene| {
        first(scene).needs = tags(&["step-free"]);
        first(scene).delivery_channels = vec![DeliveryChannel::HomeVisit];
        scene.case.sessions[0].delivery_channels = vec![DeliveryChannel::HomeVisit];
    });
}

/// `r` at another site than its own.
fn elsewhere(site: &str) -> Scene {
    let mut scene = one();
    scene.session("e", "dr2", site, "2024-07-22T09:00", 1);
    scene.place("r", &["e/1"]);
    scene
}

#[test]
fn the_site_is_the_own_one_or_of_the_same_practice() {
    elsewhere("S2").accepts();
    assert_eq!(elsewhere("S3").codes(), ["3.3"]);
    let mut no_practice = elsewhere("S2");
    no_practice.site("S1").practice = None;
    no_practice.site("S2").practice = None;
    assert_eq!(no_practice.codes(), ["3.3"]);
    no_practice.site("S1").practice = Some(String::new());
    no_practice.site("S2").practice = Some(String::new());
    assert_eq!(no_practice.codes(), ["3.3"]);
}

#[test]
fn a_hub_serves_the_sites_it_lists_or_those_of_its_pcn() {
    let mut listed = elsewhere("S3");
    listed.site("S3").serves = tags(&["S1"]);
    assert_eq!(listed.codes(), ["3.3"], "a list without being a hub");
    listed.site("S3").hub = true;
    listed.accepts();
    listed.site("S3").serves = tags(&["S2"]);
    listed.site("S3").pcn = Some("N".to_owned());
    listed.site("S1").pcn = Some("N".to_owned());
    assert_eq!(listed.codes(), ["3.3"], "the list rules out the rest of the PCN");
    listed.site("S3").serves = vec![];
    listed.accepts();
    listed.site("S1").pcn = Some("M".to_owned());
    assert_eq!(listed.codes(), ["3.3"]);
    listed.site("S1").pcn = None;
    listed.site("S3").pcn = None;
    assert_eq!(listed.codes(), ["3.3"], "no PCN is not a common one");
}

#[test]
fn the_session_does_the_care_type_if_it_lists_any() {
    keeps(|scene| scene.case.sessions[0].care_types = tags(&["smear", "gp"]));
    breaks(Rule::Site, |scene| scene.case.sessions[0].care_types = tags(&["smear"]));
}

#[test]
fn the_date_is_in_the_plannable_range() {
    let at = |start: &str| {
        let mut scene = Scene::new();
        scene.case.policy.as_of = moment("2024-07-20T00:00");
        scene.session("s", "dr", "S1", start, 1);
        scene.request("r", "C");
        scene.place("r", &["s/1"]);
        scene.codes()
    };
    assert_eq!(at("2024-07-22T09:00"), [""; 0]);
    assert_eq!(at("2024-08-04T09:00"), [""; 0]);
    assert_eq!(at("2024-08-05T09:00"), ["3.4"]);
    assert_eq!(at("2024-07-21T09:00"), ["3.4"]);
}

#[test]
fn the_date_is_between_earliest_and_latest() {
    keeps(|scene| {
        first(scene).earliest_date = Some(date("2024-07-22"));
        first(scene).latest_date = Some(date("2024-07-22"));
    });
    breaks(Rule::Date, |scene| first(scene).earliest_date = Some(date("2024-07-23")));
    let mut late = one();
    late.session("t", "dr", "S1", "2024-07-24T09:00", 1);
    late.place("r", &["t/1"]);
    late.accepts();
    first(&mut late).latest_date = Some(date("2024-07-24"));
    late.accepts();
    first(&mut late).latest_date = Some(date("2024-07-23"));
    late.rejects(Rule::Date);
}

#[test]
fn nobody_is_away_and_the_site_is_open() {
    breaks(Rule::Date, |scene| first(scene).unavailable_dates = days("2024-07-20..2024-07-22"));
    breaks(Rule::Date, |scene| scene.clinician("dr").leave = days("2024-07-22"));
    breaks(Rule::Date, |scene| scene.site("S1").closed_dates = days("2024-07-22"));
    keeps(|scene| {
        first(scene).unavailable_dates = days("2024-07-23");
        scene.clinician("dr").leave = days("2024-07-23");
        scene.clinician("dr2").leave = days("2024-07-22");
        scene.site("S1").closed_dates = days("2024-07-23");
        scene.site("S2").closed_dates = days("2024-07-22");
    });
}

#[test]
fn no_bank_holiday_but_for_additional_sessions() {
    let holiday = |scene: &mut Scene| {
        scene.case.policy.bank_holidays = BankHolidays::Listed(vec![date("2024-07-22")]);
    };
    breaks(Rule::Date, holiday);
    keeps(|scene| {
        holiday(scene);
        scene.case.sessions[0].additional = true;
        scene.case.use_additional = true;
    });
}

#[test]
fn additional_sessions_only_where_asked_for() {
    keeps(|scene| {
        scene.case.sessions[0].additional = true;
        scene.case.use_additional = true;
    });
    breaks(Rule::Additional, |scene| scene.case.sessions[0].additional = true);
}

#[test]
fn the_notice_has_run() {
    let notice = |scene: &mut Scene, route: ContactRoute, hours: u32| {
        scene.case.policy.min_notice_hours.by_route.insert(route, hours);
    };
    keeps(|scene| notice(scene, ContactRoute::Letter, 9));
    keeps(|scene| notice(scene, ContactRoute::Phone, 10));
    breaks(Rule::Time, |scene| notice(scene, ContactRoute::Letter, 10));
    breaks(Rule::Time, |scene| scene.case.policy.min_notice_hours.default = 10);
    breaks(Rule::Time, |scene| scene.case.policy.as_of = moment("2024-07-22T09:01"));
    keeps(|scene| {
        notice(scene, ContactRoute::Letter, 10);
        scene.tier("B").min_notice_hours = Some(9);
    });
    breaks(Rule::Time, |scene| scene.tier("B").min_notice_hours = Some(10));
}

#[test]
fn the_notice_is_that_of_the_effective_route() {
    let hours = |scene: &mut Scene| {
        scene.case.policy.min_notice_hours.by_route.insert(ContactRoute::Phone, 10);
    };
    breaks(Rule::Time, |scene| {
        hours(scene);
        first(scene).contact_route = ContactRoute::Sms;
    });
    keeps(|scene| {
        hours(scene);
        first(scene).contact_route = ContactRoute::Sms;
        first(scene).sms_permitted = true;
    });
}

#[test]
fn the_whole_appointment_is_inside_one_window() {
    let when = |text: &'static str| {
        move |scene: &mut Scene| first(scene).available = Availability::parse(text).unwrap()
    };
    keeps(when("Mon 09:00-09:15"));
    keeps(when("Mon 08:00-09:05;Mon 09:05-10:00"));
    breaks(Rule::Time, when("Mon 09:00-09:14"));
    breaks(Rule::Time, when("Mon 09:01-10:00"));
    breaks(Rule::Time, when("Tue 09:00-10:00"));
    // It is the appointment that counts, not its slots.
    keeps(|scene| {
        when("Mon 09:00-09:10")(scene);
        first(scene).duration_minutes = Some(10);
    });
}

#[test]
fn the_care_types_hours_are_kept() {
    keeps(|scene| {
        scene.care_type().start_after = Some(9 * 60);
        scene.care_type().finish_by = Some(9 * 60 + 15);
    });
    breaks(Rule::Time, |scene| scene.care_type().start_after = Some(9 * 60 + 1));
    breaks(Rule::Time, |scene| scene.care_type().finish_by = Some(9 * 60 + 14));
}

/// `r` with a busy slot of its patient, the session of it with another practitioner.
fn with_busy(site: &str, start: &str) -> Scene {
    let mut scene = one();
    scene.session("b", "dr2", site, start, 1);
    scene.busy("b/1", "pat-r");
    first(&mut scene).original_start = Some(moment("2024-07-23T09:00"));
    scene
}

#[test]
fn the_patient_is_not_busy_at_the_time() {
    assert_eq!(with_busy("S1", "2024-07-22T09:00").codes(), ["3.6"]);
    assert_eq!(with_busy("S1", "2024-07-22T09:14").codes(), ["3.6"]);
    assert_eq!(with_busy("S1", "2024-07-22T08:46").codes(), ["3.6"]);
    with_busy("S1", "2024-07-22T09:15").accepts();
    with_busy("S1", "2024-07-22T08:45").accepts();
    let mut tentative = with_busy("S1", "2024-07-22T09:00");
    tentative.slot("b/1").status = crate::model::SlotStatus::BusyTentative;
    assert_eq!(tentative.codes(), ["3.6"]);
    let mut other = with_busy("S1", "2024-07-22T09:00");
    other.busy("b/1", "somebody");
    other.accepts();
}

#[test]
fn the_patient_has_time_to_travel_between_sites() {
    assert_eq!(with_busy("S2", "2024-07-22T09:44").codes(), ["3.6"]);
    with_busy("S2", "2024-07-22T09:45").accepts();
    assert_eq!(with_busy("S2", "2024-07-22T08:16").codes(), ["3.6"]);
    with_busy("S2", "2024-07-22T08:15").accepts();
    let mut by_phone = with_busy("S2", "2024-07-22T09:15");
    first(&mut by_phone).delivery_channels = vec![DeliveryChannel::Telephone];
    by_phone.accepts();
    // The busy slot counts as in person, whatever its session holds.
    let mut busy_phone = with_busy("S2", "2024-07-22T09:15");
    busy_phone.case.sessions[1].delivery_channels = vec![DeliveryChannel::Telephone];
    assert_eq!(busy_phone.codes(), ["3.6"]);
}

#[test]
fn the_practitioner_is_not_busy_in_another_session() {
    let busy_at = |clinician: &str, start: &str| {
        let mut scene = one();
        scene.session("b", clinician, "S2", start, 1);
        scene.busy("b/1", "somebody");
        scene
    };
    assert_eq!(busy_at("dr", "2024-07-22T09:14").codes(), ["3.6"]);
    assert_eq!(busy_at("dr", "2024-07-22T08:46").codes(), ["3.6"]);
    busy_at("dr", "2024-07-22T09:15").accepts();
    busy_at("dr", "2024-07-22T08:45").accepts();
    busy_at("dr2", "2024-07-22T09:00").accepts();
    // It is the slots that count, not the appointment in them.
    let mut short = busy_at("dr", "2024-07-22T09:10");
    first(&mut short).duration_minutes = Some(10);
    assert_eq!(short.codes(), ["3.6"]);
    // Every slot of the run counts.
    let mut long = busy_at("dr", "2024-07-22T09:20");
    first(&mut long).duration_minutes = Some(30);
    long.place("r", &["s/1", "s/2"]);
    assert_eq!(long.codes(), ["3.6"]);
    // A blocked slot is nobody's appointment.
    let mut blocked = busy_at("dr", "2024-07-22T09:00");
    blocked.slot("b/1").status = crate::model::SlotStatus::BusyUnavailable;
    blocked.accepts();
}

#[test]
fn midnight_ends_no_rule() {
    let mut scene = Scene::new();
    scene.session("s", "dr", "S1", "2024-07-22T23:55", 1);
    scene.session("b", "dr", "S1", "2024-07-23T00:05", 1);
    scene.request("r", "C");
    scene.place("r", &["s/1"]);
    scene.accepts();
    let mut busy = scene;
    busy.busy("b/1", "somebody");
    assert_eq!(busy.codes(), ["3.6"]);
    busy.slot("b/1").status = crate::model::SlotStatus::Free;
    first(&mut busy).available = Availability::parse("Mon;Tue").unwrap();
    assert_eq!(busy.codes(), ["3.5"], "windows of two days are two windows");
}
