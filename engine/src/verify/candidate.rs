//! SPEC section 3, rules 1 to 7: one function for each clause, and the two lists of all of them.

use chrono::{Datelike, NaiveDateTime};

use super::asks::Ask;
use super::place::Place;
use super::rule::Rule;
use super::view::{View, days_of, overlap};
use crate::model::{Continuity, DeliveryChannel, Gender, GenderWish, Site};
use crate::units::{SessionIdx, SiteIdx};

/// A clause that a session must fulfil for a request.
pub(super) struct SessionClause {
    pub rule: Rule,
    /// What is said where it does not hold.
    pub broken: &'static str,
    pub holds: fn(&View, &Ask, SessionIdx) -> bool,
}

/// A clause that a place must fulfil for a request.
pub(super) struct PlaceClause {
    pub rule: Rule,
    /// What is said where it does not hold.
    pub broken: &'static str,
    pub holds: fn(&View, &Ask, &Place) -> bool,
}

/// The clauses that depend on the session alone; those that need little work first.
pub(super) const SESSION_CLAUSES: &[SessionClause] = &[
    SessionClause {
        rule: Rule::Additional,
        broken: "the session is additional, and the run did not ask for such",
        holds: additional_asked_for,
    },
    SessionClause {
        rule: Rule::Practitioner,
        broken: "the care type is not for the practitioner's role",
        holds: role,
    },
    SessionClause {
        rule: Rule::Practitioner,
        broken: "the practitioner's gender is not the one asked for",
        holds: gender,
    },
    SessionClause {
        rule: Rule::Practitioner,
        broken: "continuity is required and this is somebody else",
        holds: continuity,
    },
    SessionClause { rule: Rule::Site, broken: "the site does not serve the patient's own", holds: site },
    SessionClause { rule: Rule::Site, broken: "the session does not do the care type", holds: care_type },
    SessionClause {
        rule: Rule::Channel,
        broken: "no channel of the list is held there with every need met",
        holds: some_channel,
    },
];

/// The clauses that depend on date and time too.
pub(super) const PLACE_CLAUSES: &[PlaceClause] = &[
    PlaceClause { rule: Rule::Date, broken: "the date is outside the plannable range", holds: plannable },
    PlaceClause {
        rule: Rule::Date,
        broken: "the date is before the earliest or after the latest date",
        holds: within_dates,
    },
    PlaceClause { rule: Rule::Date, broken: "the patient is unavailable on the date", holds: patient_can },
    PlaceClause { rule: Rule::Date, broken: "the practitioner is on leave", holds: not_on_leave },
    PlaceClause { rule: Rule::Date, broken: "the site is closed", holds: site_open },
    PlaceClause { rule: Rule::Date, broken: "it is a bank holiday", holds: no_bank_holiday },
    PlaceClause { rule: Rule::Time, broken: "it starts before the notice has run", holds: notice },
    PlaceClause {
        rule: Rule::Time,
        broken: "it is not inside one window of the patient's availability",
        holds: available,
    },
    PlaceClause {
        rule: Rule::Time,
        broken: "it starts before the care type's start_after",
        holds: start_after,
    },
    PlaceClause { rule: Rule::Time, broken: "it ends after the care type's finish_by", holds: finish_by },
    PlaceClause {
        rule: Rule::Clash,
        broken: "the patient has another appointment at the time",
        holds: patient_free,
    },
    PlaceClause {
        rule: Rule::Clash,
        broken: "the practitioner is busy in another session",
        holds: practitioner_free,
    },
];

/// The channel by which a session serves a request; `None` where a clause of the session does not hold.
pub(super) fn session_channel(view: &View, ask: &Ask, session: SessionIdx) -> Option<DeliveryChannel> {
    SESSION_CLAUSES
        .iter()
        .all(|clause| (clause.holds)(view, ask, session))
        .then(|| channel(view, ask, session))?
}

/// Whether every clause of a place holds.
pub(super) fn place_fits(view: &View, ask: &Ask, place: &Place) -> bool {
    PLACE_CLAUSES.iter().all(|clause| (clause.holds)(view, ask, place))
}

fn role(view: &View, ask: &Ask, session: SessionIdx) -> bool {
    ask.care_type.roles.contains(&view.clinician_of(session).role)
}

fn gender(view: &View, ask: &Ask, session: SessionIdx) -> bool {
    let known = view.clinician_of(session).gender;
    match ask.request.practitioner_gender {
        GenderWish::Any => true,
        GenderWish::Female => known == Some(Gender::Female),
        GenderWish::Male => known == Some(Gender::Male),
    }
}

fn continuity(view: &View, ask: &Ask, session: SessionIdx) -> bool {
    ask.request.continuity != Continuity::Required
        || ask.request.preferred_practitioner_id.as_ref() == Some(&view.clinician_of(session).practitioner_id)
}

fn some_channel(view: &View, ask: &Ask, session: SessionIdx) -> bool {
    channel(view, ask, session).is_some()
}

/// The first channel of the request's list that the session has and for which every need is met.
pub(super) fn channel(view: &View, ask: &Ask, session: SessionIdx) -> Option<DeliveryChannel> {
    let held = &view.session(session).delivery_channels;
    ask.channels
        .iter()
        .copied()
        .find(|channel| held.contains(channel) && needs_met(view, ask, session, *channel))
}

fn needs_met(view: &View, ask: &Ask, session: SessionIdx, channel: DeliveryChannel) -> bool {
    let remote = matches!(channel, DeliveryChannel::Telephone | DeliveryChannel::Video);
    ask.request.needs.iter().chain(&ask.care_type.needs).all(|need| {
        (remote && view.policy.place_needs.contains(need))
            || view.clinician_of(session).skills.contains(need)
            || view.site_of(session).features.contains(need)
            || view.session(session).features.contains(need)
    })
}

fn site(view: &View, ask: &Ask, session: SessionIdx) -> bool {
    site_serves(view, ask, view.session(session).site)
}

/// Whether a site is the patient's own or serves it.
pub(super) fn site_serves(view: &View, ask: &Ask, site: SiteIdx) -> bool {
    site == ask.site || serves(view.site(site), view.site(ask.site))
}

/// Whether a site serves the patients of another one: the same practice, or a hub.
fn serves(site: &Site, own: &Site) -> bool {
    let both = |a: &Option<String>, b: &Option<String>| a.as_deref().is_some_and(|a| !a.is_empty()) && a == b;
    let as_hub = || {
        if site.serves.is_empty() { both(&site.pcn, &own.pcn) } else { site.serves.contains(&own.site_id) }
    };
    both(&site.practice, &own.practice) || (site.hub && as_hub())
}

fn care_type(view: &View, ask: &Ask, session: SessionIdx) -> bool {
    let listed = &view.session(session).care_types;
    listed.is_empty() || listed.contains(&ask.care_type.code)
}

fn additional_asked_for(view: &View, _: &Ask, session: SessionIdx) -> bool {
    view.case.use_additional || !view.session(session).additional
}

fn plannable(view: &View, _: &Ask, place: &Place) -> bool {
    view.policy.start <= place.date() && place.date() <= view.last_date
}

fn within_dates(_: &View, ask: &Ask, place: &Place) -> bool {
    ask.request.earliest_date.is_none_or(|earliest| earliest <= place.date())
        && ask.bound.is_none_or(|latest| place.date() <= latest)
}

fn patient_can(_: &View, ask: &Ask, place: &Place) -> bool {
    !ask.request.unavailable_dates.contains(place.date())
}

fn not_on_leave(view: &View, _: &Ask, place: &Place) -> bool {
    !view.clinician_of(place.session).leave.contains(place.date())
}

fn site_open(view: &View, _: &Ask, place: &Place) -> bool {
    !view.site_of(place.session).closed_dates.contains(place.date())
}

fn no_bank_holiday(view: &View, _: &Ask, place: &Place) -> bool {
    view.session(place.session).additional || !view.working_days.is_bank_holiday(place.date())
}

fn notice(_: &View, ask: &Ask, place: &Place) -> bool {
    ask.earliest_start <= place.start
}

fn available(_: &View, ask: &Ask, place: &Place) -> bool {
    let (from, to) = minutes_of_day(place);
    ask.request.available.covers(place.date().weekday(), from, to)
}

fn start_after(_: &View, ask: &Ask, place: &Place) -> bool {
    ask.care_type.start_after.is_none_or(|bound| bound <= minutes_of_day(place).0)
}

fn finish_by(_: &View, ask: &Ask, place: &Place) -> bool {
    ask.care_type.finish_by.is_none_or(|bound| minutes_of_day(place).1 <= bound)
}

/// The appointment in minutes of the day it starts on: the start's whole minute, the end rounded up.
fn minutes_of_day(place: &Place) -> (u32, u32) {
    let midnight = NaiveDateTime::from(place.date());
    let seconds = |moment: NaiveDateTime| (moment - midnight).num_seconds();
    ((seconds(place.start) / 60) as u32, (seconds(place.end) as u64).div_ceil(60) as u32)
}

fn patient_free(view: &View, ask: &Ask, place: &Place) -> bool {
    view.busy_of_patient(&ask.request.patient_id).iter().all(|&busy| {
        let slot = view.slot(busy);
        let same_site = view.session(slot.session).site == view.session(place.session).site;
        let travels = place.channel == DeliveryChannel::InPerson && !same_site;
        let apart = if travels { view.policy.travel_minutes } else { 0 };
        !overlap((place.start, place.end), (slot.start, slot.end()), apart)
    })
}

fn practitioner_free(view: &View, _: &Ask, place: &Place) -> bool {
    let clinician = view.session(place.session).clinician;
    days_of(place.start, place.slots_end).all(|date| {
        view.busy_of_clinician(clinician, date).iter().all(|&busy| {
            let slot = view.slot(busy);
            slot.session == place.session
                || !overlap((place.start, place.slots_end), (slot.start, slot.end()), 0)
        })
    })
}
