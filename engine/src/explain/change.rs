//! One change to a case that could place a request, and the case with it made.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::calendar::{Availability, DateSet, WeekdayWindow};
use crate::model::{
    Case, Clinician, ContactRoute, Continuity, DeliveryChannel, Gender, GenderWish, Request, Session, Slot,
    SlotStatus,
};
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx};

/// A change to a case. Rows are named by their ids, so that it can be applied to the whole case or to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the fields are those of the tables, under the same names")]
pub enum Change {
    /// The patient can come at these times too.
    AlsoAvailable { request_id: String, weekday: u8, from: u32, to: u32 },
    /// The patient can come on this date after all.
    AlsoOnDate { request_id: String, date: NaiveDate },
    /// The patient is told in another way.
    OtherRoute {
        request_id: String,
        #[serde(serialize_with = "as_text")]
        route: ContactRoute,
    },
    /// It may be held by this channel too.
    OtherChannel {
        request_id: String,
        #[serde(serialize_with = "as_text")]
        channel: DeliveryChannel,
    },
    /// Another practitioner than the preferred one will do.
    AnyPractitioner { request_id: String },
    /// A practitioner of any gender will do.
    AnyGender { request_id: String },
    /// It may be as late as this.
    LongerWindow { request_id: String, latest_date: NaiveDate },
    /// It may be as early as this.
    EarlierWindow { request_id: String, earliest_date: NaiveDate },
    /// Other days to the appointment that it comes after will do.
    OtherInterval { request_id: String, after_request_id: String, after_min_days: u32, after_max_days: u32 },
    /// It need not come after the other one.
    Unlinked { request_id: String, after_request_id: String },
    /// It need not be booked in one visit with others.
    BookedApart { request_id: String },
    /// More slots one after the other, open to all: by this practitioner, or by an extra one of this role and gender
    /// with these skills.
    MoreSlots {
        count: u32,
        minutes: u32,
        role: String,
        site_id: String,
        start: NaiveDateTime,
        #[serde(serialize_with = "as_text")]
        channel: DeliveryChannel,
        #[serde(serialize_with = "as_maybe_text")]
        gender: Option<Gender>,
        skills: Vec<String>,
        practitioner_id: Option<String>,
    },
    /// The practitioner sees so many people a day.
    MoreContactsDay { practitioner_id: String, most: u32, now: u32 },
    /// The session takes so many people.
    MoreContactsSession { session_id: String, most: u32, now: u32 },
    /// The site makes so many calls a day.
    MoreCalls { site_id: String, calls_per_day: u32, now: u32 },
    /// Less of the role's time is kept for new demand.
    LessReserve {
        role: String,
        #[serde(serialize_with = "as_text")]
        fraction: Decimal,
        #[serde(serialize_with = "as_text")]
        now: Decimal,
    },
    /// The session has what is needed, such as an interpreter.
    Provide { session_id: String, date: NaiveDate, need: String },
    /// Additional sessions are used.
    ExtraSessions,
}

fn as_text<S: serde::Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[allow(clippy::ref_option, reason = "serde hands the field over so")]
fn as_maybe_text<T: fmt::Display, S: serde::Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

impl Change {
    /// The case with this change made.
    #[must_use]
    pub fn apply(&self, case: &Case) -> Case {
        let mut case = case.clone();
        self.apply_to(&mut case);
        case
    }

    /// The request whose row it changes, where it changes one.
    pub(super) fn request_id(&self) -> Option<&str> {
        match self {
            Self::AlsoAvailable { request_id, .. }
            | Self::AlsoOnDate { request_id, .. }
            | Self::OtherRoute { request_id, .. }
            | Self::OtherChannel { request_id, .. }
            | Self::AnyPractitioner { request_id }
            | Self::AnyGender { request_id }
            | Self::LongerWindow { request_id, .. }
            | Self::EarlierWindow { request_id, .. }
            | Self::OtherInterval { request_id, .. }
            | Self::Unlinked { request_id, .. }
            | Self::BookedApart { request_id } => Some(request_id),
            _ => None,
        }
    }

    /// The same change with every smaller number, where it has one.
    #[must_use]
    pub fn smaller(&self) -> Vec<Self> {
        let numbers = match self {
            Self::MoreSlots { count, .. } => 1..*count,
            Self::MoreContactsDay { most, now, .. } | Self::MoreContactsSession { most, now, .. } => {
                now.saturating_add(1)..*most
            }
            Self::MoreCalls { calls_per_day, now, .. } => now.saturating_add(1)..*calls_per_day,
            _ => 0..0,
        };
        let with = |less: u32| {
            let mut one = self.clone();
            if let Self::MoreSlots { count: number, .. }
            | Self::MoreContactsDay { most: number, .. }
            | Self::MoreContactsSession { most: number, .. }
            | Self::MoreCalls { calls_per_day: number, .. } = &mut one
            {
                *number = less;
            }
            one
        };
        numbers.map(with).collect()
    }

    fn apply_to(&self, case: &mut Case) {
        if let Some(id) = self.request_id() {
            // Repeated rows stay repeated: each of them is changed.
            let rows = case.requests.iter_mut().filter(|request| request.request_id == id);
            rows.for_each(|request| self.change_request(request));
            return;
        }
        match self {
            Self::MoreSlots { .. } => self.add_slots(case),
            Self::MoreContactsDay { practitioner_id, most, .. } => {
                for one in case.clinicians.iter_mut().filter(|one| one.practitioner_id == *practitioner_id) {
                    one.max_contacts_day = Some(*most);
                }
            }
            Self::MoreContactsSession { session_id, most, .. } => {
                for session in case.sessions.iter_mut().filter(|session| session.session_id == *session_id) {
                    session.max_contacts = Some(*most);
                }
            }
            Self::MoreCalls { site_id, calls_per_day, .. } => {
                for site in case.sites.iter_mut().filter(|site| site.site_id == *site_id) {
                    site.calls_per_day = Some(*calls_per_day);
                }
            }
            Self::LessReserve { role, fraction, .. } => {
                for reserve in case.policy.reserves.iter_mut().filter(|reserve| reserve.role == *role) {
                    reserve.fraction = *fraction;
                }
            }
            Self::Provide { session_id, need, .. } => {
                for session in case.sessions.iter_mut().filter(|session| session.session_id == *session_id) {
                    session.features.push(need.clone());
                }
            }
            Self::ExtraSessions => case.use_additional = true,
            _ => {}
        }
    }

    /// Adds a session with free, open slots one after the other; the tables stay in their order.
    fn add_slots(&self, case: &mut Case) {
        let Self::MoreSlots { count, minutes, site_id, start, channel, practitioner_id, .. } = self else {
            return;
        };
        let Some(site) = case.sites.iter().position(|site| site.site_id == *site_id) else { return };
        let clinician = match practitioner_id {
            Some(id) => case.clinicians.iter().position(|one| one.practitioner_id == *id),
            None => self.add_clinician(case),
        };
        let Some(clinician) = clinician else { return };
        let id = new_id("extra-session", case.sessions.iter().map(|session| session.session_id.as_str()));
        let at = case.sessions.partition_point(|session| session.session_id < id);
        for slot in case.slots.iter_mut().filter(|slot| slot.session.index() >= at) {
            slot.session = SessionIdx::from(slot.session.index() + 1);
        }
        let length = TimeDelta::minutes(i64::from(*minutes));
        let starts = std::iter::successors(Some(*start), |start| Some(*start + length));
        let slots: Vec<Slot> = starts
            .take(*count as usize)
            .enumerate()
            .map(|(index, start)| Slot {
                slot_id: new_id(
                    &format!("{id}/{}", index + 1),
                    case.slots.iter().map(|slot| slot.slot_id.as_str()),
                )
                .into(),
                session: SessionIdx::from(at),
                start,
                duration_minutes: *minutes,
                status: SlotStatus::Free,
                reserved_for: None,
                patient_id: None,
                places: None,
                places_taken: 0,
            })
            .collect();
        let end = slots.last().map_or(*start, Slot::end);
        let before = case.slots.partition_point(|slot| slot.session.index() < at);
        case.slots.splice(before..before, slots);
        let session = Session {
            session_id: id,
            clinician: ClinicianIdx::from(clinician),
            site: SiteIdx::from(site),
            start: *start,
            end,
            delivery_channels: vec![*channel],
            care_types: Vec::new(),
            features: Vec::new(),
            reserved_for: None,
            max_contacts: None,
            additional: false,
            cost: None,
        };
        case.sessions.insert(at, session);
    }

    /// Adds a practitioner with nothing else to do, and no cap but the slots.
    fn add_clinician(&self, case: &mut Case) -> Option<usize> {
        let Self::MoreSlots { count, role, gender, skills, .. } = self else { return None };
        let taken = case.clinicians.iter().map(|one| one.practitioner_id.as_str());
        let extra = Clinician {
            practitioner_id: new_id("extra-practitioner", taken),
            role: role.clone(),
            gender: *gender,
            skills: skills.clone(),
            max_contacts_day: Some(*count),
            duration_multiplier: Decimal::ONE,
            leave: DateSet::default(),
        };
        let at = case.clinicians.partition_point(|one| one.practitioner_id < extra.practitioner_id);
        for session in case.sessions.iter_mut().filter(|session| session.clinician.index() >= at) {
            session.clinician = ClinicianIdx::from(session.clinician.index() + 1);
        }
        case.clinicians.insert(at, extra);
        Some(at)
    }

    pub(super) fn change_request(&self, request: &mut Request) {
        match self {
            Self::AlsoAvailable { weekday, from, to, .. } => {
                let mut windows = request.available.windows().to_vec();
                windows.push(WeekdayWindow { weekday: *weekday, from: *from, to: *to });
                request.available = Availability::from_windows(windows);
            }
            Self::AlsoOnDate { date, .. } => {
                request.unavailable_dates = request.unavailable_dates.without(*date);
            }
            Self::OtherRoute { route, .. } => {
                request.contact_route = *route;
                request.sms_permitted |= matches!(route, ContactRoute::Sms | ContactRoute::App);
            }
            Self::OtherChannel { channel, .. } => request.delivery_channels.push(*channel),
            Self::AnyPractitioner { .. } => request.continuity = Continuity::Preferred,
            Self::AnyGender { .. } => request.practitioner_gender = GenderWish::Any,
            Self::LongerWindow { latest_date, .. } => request.latest_date = Some(*latest_date),
            Self::EarlierWindow { earliest_date, .. } => request.earliest_date = Some(*earliest_date),
            Self::OtherInterval { after_min_days, after_max_days, .. } => {
                request.after_min_days = *after_min_days;
                request.after_max_days = *after_max_days;
            }
            Self::Unlinked { .. } => request.after_request_id = None,
            Self::BookedApart { .. } => request.together_id = None,
            _ => {}
        }
    }
}

/// An id that is not taken yet: this one, if need be with marks behind it.
fn new_id<'a>(id: &str, taken: impl Iterator<Item = &'a str>) -> String {
    let taken: BTreeSet<&str> = taken.collect();
    let mut id = id.to_owned();
    while taken.contains(id.as_str()) {
        id.push('+');
    }
    id
}
