//! Where more slots would do most for a request: who would hold them, where, on what date and at what time.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Explainer;
use super::change::Change;
use super::ledger::Seat;
use crate::model::{Clinician, Continuity, DeliveryChannel, Gender, GenderWish};
use crate::prepare::{Link, Planned, PlannedIdx};
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx};

/// Most slots that are asked for at once.
const MOST_SLOTS: u32 = 32;

/// First and last minute of the day at which new slots are looked for, and the step.
const DAY: (i64, i64, usize) = (8 * 60 + 30, 20 * 60, 5);

/// Slots that would suit a request, or all members of a visit one after the other.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    held: Held,
    start: NaiveDateTime,
    /// Most slots that fit before the day is over.
    pub room: u32,
}

/// Who would hold the slots, and where.
#[derive(Debug, Clone)]
struct Held {
    site: SiteIdx,
    site_id: String,
    role: String,
    channel: DeliveryChannel,
    gender: Option<Gender>,
    skills: Vec<String>,
    minutes: u32,
    /// The practitioner, where continuity is required.
    by: Option<(ClinicianIdx, String)>,
}

impl Pattern {
    /// So many of them.
    pub fn slots(&self, count: u32) -> Change {
        let held = self.held.clone();
        Change::MoreSlots {
            count,
            minutes: held.minutes,
            role: held.role,
            site_id: held.site_id,
            start: self.start,
            channel: held.channel,
            gender: held.gender,
            skills: held.skills,
            practitioner_id: held.by.map(|(_, id)| id),
        }
    }
}

impl Explainer<'_, '_> {
    /// The best new slots for a request: at the patient's own site if it will do, on the last date that keeps the
    /// target, for there the fewest others want them, else on the next date after it.
    pub(super) fn pattern(&self, index: PlannedIdx, not_after: Option<u32>) -> Option<Pattern> {
        let members: Vec<&Planned> =
            self.job(index).iter().map(|member| &self.prepared.requests[member.index()]).collect();
        let own = &self.prepared.requests[index.index()];
        let others = self.context.sites_for(own.site).iter().copied().filter(|&site| site != own.site);
        let held =
            std::iter::once(own.site).chain(others).find_map(|site| self.held_at(own, &members, site))?;

        let start = self.context.case.policy.start;
        let not_after = not_after.map_or(self.context.last_date, |day| self.date_of(day));
        let aim = members.iter().map(|member| member.target).min()?.min(not_after);
        let days = (aim - start).num_days().max(0) as u64;
        let later = days + 1..u64::from(self.context.case.policy.horizon_days);
        let dates = (0..=days).rev().chain(later).map(|day| start + Days::new(day));
        dates.filter(|date| *date <= not_after).find_map(|date| {
            let start = self.start_on(&held, &members, date)?;
            let room = self.room(&held, start);
            Some(Pattern { held: held.clone(), start, room })
        })
    }

    /// How slots that suit all members could be held at a site.
    fn held_at(&self, own: &Planned, members: &[&Planned], site: SiteIdx) -> Option<Held> {
        let case = self.context.case;
        if !members.iter().all(|member| self.context.serves(site, member.site)) {
            return None;
        }
        let mut by: Option<ClinicianIdx> = None;
        let mut gender = None;
        for member in members {
            let request = self.context.request(member);
            if request.continuity == Continuity::Required {
                let id = request.preferred_practitioner_id.as_deref()?;
                let found = case.clinicians.iter().position(|one| one.practitioner_id == id)?;
                let found = ClinicianIdx::from(found);
                if by.replace(found).is_some_and(|other| other != found) {
                    return None;
                }
            }
            let asked = match request.practitioner_gender {
                GenderWish::Any => continue,
                GenderWish::Female => Gender::Female,
                GenderWish::Male => Gender::Male,
            };
            if gender.replace(asked).is_some_and(|other| other != asked) {
                return None;
            }
        }
        // Somebody who works elsewhere only would tie places together that have nothing to do with each other.
        let works_here = |by: ClinicianIdx| {
            let mut own = case.sessions.iter().filter(|session| session.clinician == by);
            own.all(|session| self.area_of(session.site) == self.area_of(site))
        };
        if !by.is_none_or(works_here) {
            return None;
        }
        let person = by.map(|by| &case.clinicians[by.index()]);
        if person.is_some_and(|person| gender.is_some() && person.gender != gender) {
            return None;
        }
        let (channel, skills) =
            own.channels.iter().find_map(|&channel| self.skills_for(channel, members, site, person))?;
        let multiplier = person.map_or(Decimal::ONE, |person| person.duration_multiplier);
        let longest = members.iter().map(|member| member.duration_minutes).max()?;
        Some(Held {
            site,
            site_id: case.sites[site.index()].site_id.clone(),
            role: self.role_for(own, members, person)?,
            channel,
            gender,
            skills,
            minutes: (Decimal::from(longest) * multiplier).ceil().to_u32()?,
            by: by.zip(person.map(|person| person.practitioner_id.clone())),
        })
    }

    /// The best role that may do it all; one that somebody has, if there is any.
    fn role_for(&self, own: &Planned, members: &[&Planned], person: Option<&Clinician>) -> Option<String> {
        let case = self.context.case;
        let roles = |planned: &Planned| &case.policy.care_types[planned.care_type.index()].roles;
        let will_do = |role: &&String| members.iter().all(|member| roles(member).contains(role));
        let known = |role: &&String| case.clinicians.iter().any(|one| one.role == **role);
        if let Some(person) = person {
            return Some(&person.role).filter(will_do).cloned();
        }
        let all: Vec<&String> = roles(own).iter().filter(will_do).collect();
        all.iter().copied().find(known).or(all.first().copied()).cloned()
    }

    /// The skills that an appointment by this channel takes, beside what the site has; none where the site lacks
    /// a need of the place, or the practitioner a skill.
    fn skills_for(
        &self,
        channel: DeliveryChannel,
        members: &[&Planned],
        site: SiteIdx,
        person: Option<&Clinician>,
    ) -> Option<(DeliveryChannel, Vec<String>)> {
        let case = self.context.case;
        let remote = matches!(channel, DeliveryChannel::Telephone | DeliveryChannel::Video);
        let mut skills: Vec<String> = Vec::new();
        for member in members {
            if !member.channels.contains(&channel) {
                return None;
            }
            let missing = |need: &&String| !case.sites[site.index()].features.contains(need);
            for need in member.needs.iter().filter(missing) {
                let of_place = case.policy.place_needs.contains(need);
                if of_place && remote {
                    continue;
                }
                if of_place || person.is_some_and(|person| !person.skills.contains(need)) {
                    return None;
                }
                skills.push(need.clone());
            }
        }
        skills.sort();
        skills.dedup();
        Some((channel, skills))
    }

    /// The first time on a date at which the members could be seen one after the other.
    fn start_on(&self, held: &Held, members: &[&Planned], date: NaiveDate) -> Option<NaiveDateTime> {
        if !self.opens_on(held, date) || !members.iter().all(|member| self.may_come(member, date)) {
            return None;
        }
        let midnight = date.and_hms_opt(0, 0, 0)?;
        let busy = self.busy_on(held, date);
        let length = TimeDelta::minutes(i64::from(held.minutes));
        let block = length * members.len() as i32;
        let times = (DAY.0..DAY.1).step_by(DAY.2).map(|minute| midnight + TimeDelta::minutes(minute));
        times.into_iter().find(|&start| {
            let starts = std::iter::successors(Some(start), |start| Some(*start + length));
            (start + block).date() == date
                && busy.iter().all(|&(from, to)| to <= start || start + block <= from)
                && members.iter().zip(starts).all(|(member, start)| self.suits(held, member, start))
        })
    }

    /// Whether slots could be held on a date: working days, and other days on which the site has sessions.
    fn opens_on(&self, held: &Held, date: NaiveDate) -> bool {
        let case = self.context.case;
        let on_leave =
            held.by.as_ref().is_some_and(|(by, _)| case.clinicians[by.index()].leave.contains(date));
        let in_use = || {
            let at_site = |session: SessionIdx| case.sessions[session.index()].site == held.site;
            let sittings = self.context.sittings().iter();
            sittings.filter(|sitting| sitting.date == date).any(|sitting| at_site(sitting.session))
        };
        !self.context.working_days.is_bank_holiday(date)
            && !case.sites[held.site.index()].closed_dates.contains(date)
            && !on_leave
            && (self.context.working_days.is_working_day(date) || in_use())
    }

    /// Whether a request's own dates allow this one, links included.
    fn may_come(&self, member: &Planned, date: NaiveDate) -> bool {
        let within = |from: NaiveDate, min_days: u32, max_days: u32| {
            (i64::from(min_days)..=i64::from(max_days)).contains(&(date - from).num_days())
        };
        let linked = match member.link {
            Link::None => true,
            Link::Booked { end, min_days, max_days } => within(end.date(), min_days, max_days),
            Link::After { other, min_days, max_days } => {
                self.ledger.seat(other).is_none_or(|seat| within(seat.date(), min_days, max_days))
            }
        };
        linked
            && member.earliest.is_none_or(|earliest| earliest <= date)
            && member.latest.is_none_or(|latest| date <= latest)
            && !self.context.request(member).unavailable_dates.contains(date)
    }

    /// Whether an appointment at this time suits, beside all others of the patient.
    fn suits(&self, held: &Held, member: &Planned, start: NaiveDateTime) -> bool {
        let request = self.context.request(member);
        let end = start + TimeDelta::minutes(i64::from(held.minutes));
        let from = start.hour() * 60 + start.minute();
        let to = from + held.minutes;
        let care_type = &self.context.case.policy.care_types[member.care_type.index()];
        let linked = match member.link {
            Link::After { other, .. } => self.ledger.seat(other).map(|other| other.end),
            Link::Booked { end, .. } => Some(end),
            Link::None => None,
        };
        start >= member.not_before
            && request.available.covers(start.weekday(), from, to)
            && care_type.start_after.is_none_or(|after| after <= from)
            && care_type.finish_by.is_none_or(|by| to <= by)
            && linked.is_none_or(|ended| ended.date() < start.date() || ended <= start)
            && self.patient_free(held, member, start, end)
    }

    fn patient_free(&self, held: &Held, member: &Planned, start: NaiveDateTime, end: NaiveDateTime) -> bool {
        let in_person = held.channel == DeliveryChannel::InPerson;
        let travel = TimeDelta::minutes(i64::from(self.context.case.policy.travel_minutes));
        let apart = |from: NaiveDateTime, to: NaiveDateTime, site: SiteIdx, other_in_person: bool| {
            let far = in_person && other_in_person && site != held.site;
            let gap = if far { travel } else { TimeDelta::zero() };
            end + gap <= from || to + gap <= start
        };
        let patient = &self.context.request(member).patient_id;
        let mut booked = self.context.patient_bookings(patient).iter();
        let seats = self
            .ledger
            .of_patient(patient)
            .iter()
            .filter(|other| self.prepared.requests[other.index()].request != member.request);
        let mut planned = seats.filter_map(|&other| self.ledger.seat(other));
        booked.all(|booking| apart(booking.start, booking.end, booking.site, true))
            && planned.all(|seat: &Seat| apart(seat.start, seat.end, seat.site, seat.in_person))
    }

    /// Every slot of any kind that the practitioner has on a date, where it must be this very one.
    fn busy_on(&self, held: &Held, date: NaiveDate) -> Vec<(NaiveDateTime, NaiveDateTime)> {
        let Some((by, _)) = &held.by else { return Vec::new() };
        let own = |session: SessionIdx| self.context.case.sessions[session.index()].clinician == *by;
        let sittings = self.context.sittings().iter();
        let sittings = sittings.filter(|sitting| sitting.date == date && own(sitting.session));
        let slots = sittings.flat_map(|sitting| &self.context.case.slots[sitting.slots()]);
        slots.map(|slot| (slot.start, slot.end())).collect()
    }

    /// How many slots fit one after the other before the day is over, or before the practitioner's next slot.
    fn room(&self, held: &Held, start: NaiveDateTime) -> u32 {
        let busy = self.busy_on(held, start.date());
        let length = TimeDelta::minutes(i64::from(held.minutes.max(1)));
        let fits = |count: u32| {
            let end = start + length * count as i32;
            end.date() == start.date() && busy.iter().all(|&(from, to)| to <= start || end <= from)
        };
        (1..=MOST_SLOTS).take_while(|&count| fits(count)).last().unwrap_or(1)
    }
}
