//! SPEC 4.1 to 4.5: what the places of a plan forbid to one more.

use chrono::{Days, NaiveDate, TimeDelta};
use rebook::model::{ContactRoute, DeliveryChannel};
use rebook::units::SiteIdx;
use rust_decimal::Decimal;

use super::Rules;
use crate::oracle::candidates::Candidate;
use crate::oracle::switches::Clause;

impl Rules<'_> {
    /// 4.1: an ordinary slot takes one, a group slot its places; slots of a practitioner never overlap in time.
    pub(super) fn slots_once(&self, plan: &[Option<&Candidate>], new: &Candidate) -> Result<(), Clause> {
        for other in plan.iter().flatten() {
            let shared = other.slots.iter().any(|slot| new.slots.contains(slot));
            let group = shared && new.group && other.group;
            self.check(Clause::SlotOnce, !shared || group)?;
            let apart = other.slots_end <= new.start || new.slots_end <= other.start;
            let same_practitioner = other.clinician == new.clinician;
            self.check(Clause::PractitionerOverlap, apart || !same_practitioner || shared)?;
        }
        if new.group {
            let slot = new.slots[0];
            let places = self.case.slots[slot].places.unwrap_or(1) as usize;
            let taken = plan.iter().flatten().filter(|other| other.slots.contains(&slot)).count();
            self.check(Clause::GroupCapacity, taken < places)?;
        }
        Ok(())
    }

    /// 4.2: contacts of a practitioner on a day, and of a session.
    pub(super) fn caps(&self, plan: &[Option<&Candidate>], new: &Candidate) -> Result<(), Clause> {
        let clinician = &self.case.clinicians[new.clinician];
        let own = clinician.max_contacts_day.filter(|_| self.switches.on(Clause::OwnCap));
        let of_role = self.case.policy.max_contacts_day.get(&clinician.role).copied();
        let day_cap = own.or(of_role.filter(|_| self.switches.on(Clause::RoleCap)));
        if let Some(cap) = day_cap {
            let booked = self.booked_on_day.get(&(new.clinician, new.date())).copied().unwrap_or(0);
            let planned = plan
                .iter()
                .flatten()
                .filter(|other| other.clinician == new.clinician && other.date() == new.date())
                .count() as i64;
            self.check(Clause::DayCap, booked + planned < i64::from(cap))?;
        }
        if let Some(cap) = self.case.sessions[new.session].max_contacts {
            let booked = self.booked_in_session.get(&new.session).copied().unwrap_or(0);
            let planned = plan.iter().flatten().filter(|other| other.session == new.session).count() as i64;
            self.check(Clause::SessionCap, booked + planned < i64::from(cap))?;
        }
        Ok(())
    }

    /// 4.3: open minutes of requests that are not urgent, by site, role and date.
    pub(super) fn reserve(
        &self,
        plan: &[Option<&Candidate>],
        position: usize,
        new: &Candidate,
    ) -> Result<(), Clause> {
        let role = &self.case.clinicians[new.clinician].role;
        let Some(reserve) = self.case.policy.reserves.iter().find(|reserve| reserve.role == *role) else {
            return Ok(());
        };
        let bound =
            |position: usize| !self.wanted[position].tier.urgent || self.switches.off(Clause::ReserveUrgent);
        let minutes = |place: &Candidate| {
            if self.switches.on(Clause::ReserveOpen) { place.open_minutes } else { place.slot_minutes }
        };
        if !bound(position) || minutes(new) == 0 {
            return Ok(());
        }
        let key = (new.site, role.clone(), new.date());
        let allowance = self.reserve.get(&key).copied().unwrap_or_default();
        let limit = ((Decimal::ONE - reserve.fraction) * Decimal::from(allowance.base)).floor();
        let planned: i64 = plan
            .iter()
            .enumerate()
            .filter_map(|(position, place)| place.filter(|_| bound(position)))
            .filter(|other| {
                other.site == new.site
                    && self.case.clinicians[other.clinician].role == *role
                    && other.date() == new.date()
            })
            .map(minutes)
            .sum();
        self.check(Clause::Reserve, Decimal::from(allowance.used + planned + minutes(new)) <= limit)
    }

    /// 4.4: calls of the patient's own site, up to each date.
    pub(super) fn calls(
        &self,
        plan: &[Option<&Candidate>],
        position: usize,
        new: &Candidate,
    ) -> Result<(), Clause> {
        // The site that makes the call: the patient's own.
        let caller = |position: usize, place: &Candidate| {
            let own = self.wanted[position].request.site.map(SiteIdx::index);
            if self.switches.on(Clause::CallsOwnSite) { own } else { Some(place.site) }
        };
        let called = |position: usize| {
            self.wanted[position].route == ContactRoute::Phone || self.switches.off(Clause::CallsPhone)
        };
        let site = caller(position, new);
        let per_day = site.and_then(|site| self.case.sites[site].calls_per_day);
        let Some(per_day) = per_day.filter(|_| called(position)) else { return Ok(()) };
        let start = self.case.policy.start;
        let mut allowed = 0;
        let mut date = start;
        while date <= self.case.policy.last_date() {
            let always = date == start && self.switches.on(Clause::CallsStart);
            if self.switches.off(Clause::CallsCarry) {
                allowed = 0;
            }
            if self.calendar.is_working_day(date) || always || self.switches.off(Clause::CallsWorkingDays) {
                allowed += i64::from(per_day);
            }
            let calls = plan
                .iter()
                .enumerate()
                .filter(|(position, place)| {
                    let by_then =
                        |day: NaiveDate| day == date || (day < date && self.switches.on(Clause::CallsCarry));
                    called(*position)
                        && place
                            .is_some_and(|place| caller(*position, place) == site && by_then(place.date()))
                })
                .count() as i64;
            // Dates before the new appointment were judged before.
            let concerned = date == new.date() || (date > new.date() && self.switches.on(Clause::CallsCarry));
            self.check(Clause::Calls, !concerned || calls < allowed)?;
            date = date + Days::new(1);
        }
        Ok(())
    }

    /// 4.5: two appointments of one patient.
    pub(super) fn patient(
        &self,
        plan: &[Option<&Candidate>],
        position: usize,
        new: &Candidate,
    ) -> Result<(), Clause> {
        for (of, other) in plan.iter().enumerate() {
            let Some(other) = other else { continue };
            if self.wanted[of].request.patient_id != self.wanted[position].request.patient_id {
                continue;
            }
            let apart = |gap: TimeDelta| new.end + gap <= other.start || other.end + gap <= new.start;
            let in_person = |place: &Candidate| place.channel == DeliveryChannel::InPerson;
            let remote = self.switches.off(Clause::PatientRemote);
            let travels = other.site != new.site && (remote || (in_person(new) && in_person(other)));
            let travel = TimeDelta::minutes(i64::from(self.case.policy.travel_minutes));
            self.check(Clause::PatientOverlap, apart(TimeDelta::zero()))?;
            self.check(Clause::PatientApart, !travels || apart(travel))?;
        }
        Ok(())
    }
}
