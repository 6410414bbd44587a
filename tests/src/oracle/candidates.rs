//! SPEC section 3: the candidates of a request, clause by clause.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use rebook::calendar::WorkingDays;
use rebook::model::{
    Case, Clinician, Continuity, DeliveryChannel, Gender, GenderWish, Session, Site, Slot, SlotStatus,
};

use super::before::{Wanted, needed_minutes};
use super::switches::{Clause, Switches};

/// A place that a request could take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Position of the session in `case.sessions`.
    pub session: usize,
    /// Positions of the slots in `case.slots`, in order of time.
    pub slots: Vec<usize>,
    /// The practitioner's position in `case.clinicians`.
    pub clinician: usize,
    /// The site's position in `case.sites`.
    pub site: usize,
    /// The appointment begins.
    pub start: NaiveDateTime,
    /// The appointment ends: start + needed minutes.
    pub end: NaiveDateTime,
    /// The last slot ends.
    pub slots_end: NaiveDateTime,
    /// How it is held.
    pub channel: DeliveryChannel,
    /// Whether it is a group slot.
    pub group: bool,
    /// Minutes of the slots.
    pub slot_minutes: i64,
    /// Minutes of those of the slots that are open.
    pub open_minutes: i64,
    /// Needed minutes with this practitioner.
    pub needed: i64,
}

impl Candidate {
    /// The date of the appointment.
    pub fn date(&self) -> NaiveDate {
        self.start.date()
    }
}

/// All candidates of a request, in the order of the book.
pub fn candidates(case: &Case, wanted: &Wanted<'_>, switches: Switches) -> Vec<Candidate> {
    // Section 2: without `place_after_window` a request whose window has passed is unplaced.
    if wanted.passed && !case.policy.place_after_window && switches.on(Clause::WindowPassed) {
        return Vec::new();
    }
    let calendar = case.policy.working_days();
    let mut found = Vec::new();
    for (index, session) in case.sessions.iter().enumerate() {
        let clinician = &case.clinicians[session.clinician.index()];
        let site = &case.sites[session.site.index()];
        if !(practitioner_fits(wanted, clinician, switches)
            && site_fits(case, wanted, session, site, switches)
            && (session_exists(case, session) || switches.off(Clause::Additional)))
        {
            continue;
        }
        let Some(channel) = channel(case, wanted, session, clinician, site, switches) else { continue };
        let needed = needed_minutes(wanted.duration_minutes, clinician.duration_multiplier, switches);
        for slots in runs(case, wanted, index, needed, switches) {
            let parts = || slots.iter().map(|&slot| &case.slots[slot]);
            let start = case.slots[slots[0]].start;
            let candidate = Candidate {
                session: index,
                clinician: session.clinician.index(),
                site: session.site.index(),
                start,
                end: start + TimeDelta::minutes(needed),
                slots_end: case.slots[slots[slots.len() - 1]].end(),
                channel,
                group: parts().any(|slot| slot.places.is_some()),
                slot_minutes: parts().map(|slot| i64::from(slot.duration_minutes)).sum(),
                open_minutes: parts()
                    .filter(|slot| slot.reserved_for.is_none())
                    .map(|slot| i64::from(slot.duration_minutes))
                    .sum(),
                needed,
                slots,
            };
            if date_is_open(case, &calendar, session, candidate.date(), switches)
                && date_fits(wanted, candidate.date(), switches)
                && times_fit(case, wanted, &candidate, switches)
                && patient_free(case, wanted, &candidate, switches)
                && practitioner_free(case, &candidate, switches)
            {
                found.push(candidate);
            }
        }
    }
    found
}

/// The runs of a session: each slot free, each open or reserved for a label the tier may use, each starting
/// exactly when the one before ends, the shortest from its first slot whose minutes reach those needed; a
/// group slot serves only alone and while it has places.
fn runs(
    case: &Case,
    wanted: &Wanted<'_>,
    session: usize,
    needed: i64,
    switches: Switches,
) -> Vec<Vec<usize>> {
    let of_session: Vec<usize> =
        (0..case.slots.len()).filter(|&slot| case.slots[slot].session.index() == session).collect();
    let may_take = |slot: &Slot| {
        (slot.status == SlotStatus::Free || switches.off(Clause::Free)) && label_fits(wanted, slot, switches)
    };
    let mut found = Vec::new();
    for first in 0..of_session.len() {
        let mut run: Vec<usize> = Vec::new();
        let mut minutes = 0;
        for &next in &of_session[first..] {
            let slot = &case.slots[next];
            let touches = run.last().is_none_or(|&before| case.slots[before].end() == slot.start);
            if !may_take(slot) || !(touches || switches.off(Clause::Contiguous)) {
                break;
            }
            run.push(next);
            minutes += i64::from(slot.duration_minutes);
            if minutes >= needed {
                if group_fits(case, &run, switches) {
                    found.push(run.clone());
                }
                if switches.on(Clause::Shortest) {
                    break;
                }
            }
        }
    }
    found
}

fn label_fits(wanted: &Wanted<'_>, slot: &Slot, switches: Switches) -> bool {
    let Some(label) = &slot.reserved_for else { return true };
    switches.off(Clause::Label) || (switches.on(Clause::MayUse) && wanted.tier.may_use.contains(label))
}

fn group_fits(case: &Case, run: &[usize], switches: Switches) -> bool {
    let alone = run.len() == 1 || switches.off(Clause::GroupAlone);
    let ok = |&slot: &usize| match case.slots[slot].places {
        None => true,
        Some(places) => alone && (places > 0 || switches.off(Clause::GroupPlaces)),
    };
    run.iter().all(ok)
}

/// 3.1: role, gender, continuity.
fn practitioner_fits(wanted: &Wanted<'_>, clinician: &Clinician, switches: Switches) -> bool {
    let role = wanted.care_type.roles.contains(&clinician.role);
    let is = |gender: Gender| match clinician.gender {
        Some(its) => its == gender,
        None => switches.off(Clause::GenderUnknown),
    };
    let gender = match wanted.request.practitioner_gender {
        GenderWish::Any => true,
        GenderWish::Female => is(Gender::Female),
        GenderWish::Male => is(Gender::Male),
    };
    let continuity = wanted.request.continuity != Continuity::Required
        || wanted.request.preferred_practitioner_id.as_deref() == Some(&clinician.practitioner_id);
    (role || switches.off(Clause::Role))
        && (gender || switches.off(Clause::Gender))
        && (continuity || switches.off(Clause::Continuity))
}

/// 3.2: the first of the request's channels that the session has and for which every need is met.
fn channel(
    case: &Case,
    wanted: &Wanted<'_>,
    session: &Session,
    clinician: &Clinician,
    site: &Site,
    switches: Switches,
) -> Option<DeliveryChannel> {
    let may = |channel: &DeliveryChannel| {
        let remote = matches!(channel, DeliveryChannel::Telephone | DeliveryChannel::Video);
        let met = |need: &String| {
            let waived = remote && case.policy.place_needs.contains(need) && switches.on(Clause::PlaceNeeds);
            waived
                || (clinician.skills.contains(need) && switches.on(Clause::Skills))
                || (site.features.contains(need) && switches.on(Clause::SiteFeatures))
                || (session.features.contains(need) && switches.on(Clause::SessionFeatures))
        };
        let care_needs = wanted.care_type.needs.iter().filter(|_| switches.on(Clause::CareNeeds));
        let needs_met = wanted.request.needs.iter().chain(care_needs).all(met);
        (session.delivery_channels.contains(channel) || switches.off(Clause::Channel))
            && (needs_met || switches.off(Clause::Needs))
    };
    let mut channels = wanted.channels.iter().copied();
    if switches.on(Clause::ChannelOrder) { channels.find(may) } else { channels.rfind(may) }
}

/// 3.3: the patient's own site, one of the same practice, or a hub that serves it; the session's care types.
fn site_fits(case: &Case, wanted: &Wanted<'_>, session: &Session, site: &Site, switches: Switches) -> bool {
    let own = &case.sites[wanted.request.site.expect("a planned request has a site").index()];
    let same = |a: &Option<String>, b: &Option<String>| a.as_ref().is_some_and(|a| !a.is_empty()) && a == b;
    let practice = same(&site.practice, &own.practice) && switches.on(Clause::Practice);
    let serves = if site.serves.is_empty() || switches.off(Clause::HubServes) {
        same(&site.pcn, &own.pcn) && switches.on(Clause::HubNetwork)
    } else {
        site.serves.contains(&own.site_id)
    };
    let hub = site.hub && serves && switches.on(Clause::Hub);
    let listed = session.care_types.is_empty() || session.care_types.contains(&wanted.care_type.code);
    (site.site_id == own.site_id || practice || hub || switches.off(Clause::Site))
        && (listed || switches.off(Clause::SessionCareTypes))
}

/// 3.7: an additional session exists only where the run asks for it.
pub fn session_exists(case: &Case, session: &Session) -> bool {
    !session.additional || case.use_additional
}

/// 3.4, the date tests of the book: range, leave, closed dates, bank holidays.
pub fn date_is_open(
    case: &Case,
    calendar: &WorkingDays,
    session: &Session,
    date: NaiveDate,
    switches: Switches,
) -> bool {
    let in_range = case.policy.start <= date && date <= case.policy.last_date();
    let holiday = calendar.is_bank_holiday(date);
    let excepted = session.additional && switches.on(Clause::BankHolidayAdditional);
    (in_range || switches.off(Clause::Horizon))
        && (!case.clinicians[session.clinician.index()].leave.contains(date) || switches.off(Clause::Leave))
        && (!case.sites[session.site.index()].closed_dates.contains(date) || switches.off(Clause::Closed))
        && (!holiday || excepted || switches.off(Clause::BankHoliday))
}

/// 3.4: the request's own dates. A passed window no longer bounds them.
fn date_fits(wanted: &Wanted<'_>, date: NaiveDate, switches: Switches) -> bool {
    let request = wanted.request;
    let early = request.earliest_date.is_some_and(|earliest| date < earliest);
    let late = request.latest_date.is_some_and(|latest| date > latest)
        && !(wanted.passed && switches.on(Clause::WindowPassed));
    (!early || switches.off(Clause::Earliest))
        && (!late || switches.off(Clause::Latest))
        && (!request.unavailable_dates.contains(date) || switches.off(Clause::Unavailable))
}

/// 3.5: notice, one window of the patient, the care type's times.
fn times_fit(case: &Case, wanted: &Wanted<'_>, candidate: &Candidate, switches: Switches) -> bool {
    let notice = &case.policy.min_notice_hours;
    let by_route = if switches.on(Clause::RouteNotice) { notice.of(wanted.route) } else { notice.default };
    let hours = match wanted.tier.min_notice_hours {
        Some(hours) if switches.on(Clause::TierNotice) => hours,
        _ => by_route,
    };
    let told_in_time = candidate.start >= case.policy.as_of + TimeDelta::hours(i64::from(hours));

    // Both ends as time since midnight of the appointment's date.
    let midnight = candidate.date().and_hms_opt(0, 0, 0).expect("midnight");
    let (from, to) = (candidate.start - midnight, candidate.end - midnight);
    let minutes = |minutes: u32| TimeDelta::minutes(i64::from(minutes));
    let weekday = candidate.date().weekday().num_days_from_monday() as u8;
    let available = &wanted.request.available;
    let can_come = available.is_any()
        || available.windows().iter().any(|window| {
            let to = if switches.on(Clause::WholeInWindow) { to } else { from };
            window.weekday == weekday && minutes(window.from) <= from && to <= minutes(window.to)
        });
    let not_before = wanted.care_type.start_after.is_none_or(|first| minutes(first) <= from);
    let not_after = wanted.care_type.finish_by.is_none_or(|last| to <= minutes(last));

    (told_in_time || switches.off(Clause::Notice))
        && (can_come || switches.off(Clause::Available))
        && (not_before || switches.off(Clause::StartAfter))
        && (not_after || switches.off(Clause::FinishBy))
}

/// Whether a slot is in the book for somebody.
fn taken(slot: &Slot, switches: Switches) -> bool {
    match slot.status {
        SlotStatus::Busy => true,
        SlotStatus::BusyTentative => switches.on(Clause::Tentative),
        _ => false,
    }
}

/// 3.6: the appointment does not overlap a busy slot of the patient, and leaves time to travel where both are
/// in person at different sites; a busy slot counts as in person.
fn patient_free(case: &Case, wanted: &Wanted<'_>, candidate: &Candidate, switches: Switches) -> bool {
    case.slots
        .iter()
        .filter(|slot| {
            taken(slot, switches) && slot.patient_id.as_deref() == Some(wanted.request.patient_id.as_str())
        })
        .all(|busy| {
            let elsewhere = case.sessions[busy.session.index()].site.index() != candidate.site;
            let in_person = candidate.channel == DeliveryChannel::InPerson;
            let travels = elsewhere && (in_person || switches.off(Clause::BusyTravelRemote));
            let travel = TimeDelta::minutes(i64::from(case.policy.travel_minutes));
            let apart =
                |gap: TimeDelta| candidate.end + gap <= busy.start || busy.end() + gap <= candidate.start;
            (apart(TimeDelta::zero()) || switches.off(Clause::PatientBusy))
                && (!travels || apart(travel) || switches.off(Clause::PatientTravel))
        })
}

/// 3.6: its slots do not overlap a busy slot of the practitioner in another session.
fn practitioner_free(case: &Case, candidate: &Candidate, switches: Switches) -> bool {
    switches.off(Clause::PractitionerBusy)
        || case
            .slots
            .iter()
            .filter(|slot| {
                taken(slot, switches)
                    && slot.session.index() != candidate.session
                    && case.sessions[slot.session.index()].clinician.index() == candidate.clinician
            })
            .all(|busy| candidate.slots_end <= busy.start || busy.end() <= candidate.start)
}
