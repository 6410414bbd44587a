//! SPEC rules 4.2 to 4.4 as limits: contacts, reserve and calls, with what the book has already used.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::calendar::WorkingDays;
use crate::candidates::{Context, Offer, Sitting};
use crate::model::{Case, ContactRoute, SlotStatus};
use crate::prepare::{Planned, slots_by_id, slots_of_row};
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx, SlotIdx};

/// A limit that placements share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Limit {
    /// Contacts of a practitioner on a date.
    Day(ClinicianIdx, NaiveDate),
    /// Contacts of a session.
    Session(SessionIdx),
    /// Open minutes of a role at a site on a date; the role by its position among the policy's reserves.
    Reserve(SiteIdx, u32, NaiveDate),
    /// Calls of a site for appointments on or before a date.
    Calls(SiteIdx, NaiveDate),
}

/// What is left of every limit.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    days: BTreeMap<(ClinicianIdx, NaiveDate), i64>,
    sessions: BTreeMap<SessionIdx, i64>,
    reserves: BTreeMap<(SiteIdx, u32, NaiveDate), i64>,
    calls: BTreeMap<SiteIdx, Vec<(NaiveDate, i64)>>,
}

impl Limits {
    /// What is left of a limit; none where there is no such limit.
    pub(crate) fn left(&self, limit: Limit) -> Option<i64> {
        match limit {
            Limit::Day(clinician, date) => self.days.get(&(clinician, date)).copied(),
            Limit::Session(session) => self.sessions.get(&session).copied(),
            Limit::Reserve(site, role, date) => self.reserves.get(&(site, role, date)).copied(),
            Limit::Calls(site, date) => {
                let dates = self.calls.get(&site)?;
                dates.iter().find(|(by, _)| *by == date).map(|&(_, left)| left)
            }
        }
    }

    /// Whether no limit of the other one leaves less than here.
    pub(crate) fn are_within(&self, other: &Self) -> bool {
        fn all<K: Ord>(these: &BTreeMap<K, i64>, others: &BTreeMap<K, i64>) -> bool {
            others.iter().all(|(key, other)| these.get(key).is_some_and(|left| left <= other))
        }
        all(&self.days, &other.days)
            && all(&self.sessions, &other.sessions)
            && all(&self.reserves, &other.reserves)
            && self.calls == other.calls
    }

    /// The limits that a placement counts against, each with how much.
    pub(crate) fn uses(&self, context: &Context<'_>, planned: &Planned, offer: &Offer) -> Vec<(Limit, i64)> {
        let calls = self.of_calls(context, planned, offer.day).map(|limit| (limit, 1));
        self.uses_of_sitting(context, planned, offer).chain(calls).collect()
    }

    /// The same without calls.
    pub(crate) fn uses_of_sitting(
        &self,
        context: &Context<'_>,
        planned: &Planned,
        offer: &Offer,
    ) -> impl Iterator<Item = (Limit, i64)> {
        let of_sitting = self.of_sitting(context, offer.session, offer.day);
        let counted = of_sitting.map(|limit| (limit, Self::amount(context, planned, offer, limit)));
        counted.filter(|(_, amount)| *amount > 0)
    }

    /// The limits on what is placed in a session on a day.
    pub(super) fn of_sitting(
        &self,
        context: &Context<'_>,
        session: SessionIdx,
        day: u32,
    ) -> impl Iterator<Item = Limit> {
        let date = context.case.policy.date_of(day);
        let held = &context.case.sessions[session.index()];
        let by_day = self.days.contains_key(&(held.clinician, date));
        let by_session = self.sessions.contains_key(&session);
        let by_role = reserve_of(context.case, held.clinician);
        let contacts = by_day.then_some(Limit::Day(held.clinician, date));
        let reserve = by_role.map(|role| Limit::Reserve(held.site, role, date));
        contacts.into_iter().chain(by_session.then_some(Limit::Session(session))).chain(reserve)
    }

    /// How much a placement counts against one of these.
    pub(super) fn amount(context: &Context<'_>, planned: &Planned, offer: &Offer, limit: Limit) -> i64 {
        match limit {
            Limit::Reserve(..) if context.case.policy.tiers[planned.tier.index()].urgent => 0,
            Limit::Reserve(..) => i64::from(offer.open_minutes),
            Limit::Day(..) | Limit::Session(..) | Limit::Calls(..) => 1,
        }
    }

    /// The limits on calls that an appointment on this day counts against, with 1 each.
    pub(crate) fn of_calls(
        &self,
        context: &Context<'_>,
        planned: &Planned,
        day: u32,
    ) -> impl Iterator<Item = Limit> {
        let date = context.case.policy.date_of(day);
        let dates = self.calls.get(&planned.site).filter(|_| planned.route == ContactRoute::Phone);
        let on_or_after = dates.into_iter().flatten().filter(move |(by, _)| *by >= date);
        on_or_after.map(|&(by, _)| Limit::Calls(planned.site, by))
    }

    /// Every limit of a case.
    pub(crate) fn new(context: &Context<'_>) -> Self {
        let mut limits = Self::default();
        limits.add_contacts(context);
        limits.add_reserves(context);
        limits.add_calls(context.case, &context.working_days);
        limits
    }

    /// 4.2: contacts of a practitioner on a day and of a session, less those in the book.
    fn add_contacts(&mut self, context: &Context<'_>) {
        let case = context.case;
        let mut by_day: BTreeMap<(ClinicianIdx, NaiveDate), i64> = BTreeMap::new();
        let mut by_session: BTreeMap<SessionIdx, i64> = BTreeMap::new();
        for sitting in context.sittings() {
            let contacts = contacts_in_book(case, sitting);
            let session = context.session(sitting);
            *by_day.entry((session.clinician, sitting.date)).or_default() += contacts;
            *by_session.entry(sitting.session).or_default() += contacts;
        }
        for ((clinician, date), contacts) in by_day {
            let person = &case.clinicians[clinician.index()];
            let cap =
                person.max_contacts_day.or_else(|| case.policy.max_contacts_day.get(&person.role).copied());
            if let Some(cap) = cap {
                self.days.insert((clinician, date), (i64::from(cap) - contacts).max(0));
            }
        }
        for (session, contacts) in by_session {
            if let Some(cap) = case.sessions[session.index()].max_contacts {
                self.sessions.insert(session, (i64::from(cap) - contacts).max(0));
            }
        }
    }

    /// 4.3: open minutes that requests of tiers that are not urgent may use.
    fn add_reserves(&mut self, context: &Context<'_>) {
        let case = context.case;
        let mut base: BTreeMap<(SiteIdx, u32, NaiveDate), i64> = BTreeMap::new();
        for sitting in context.sittings() {
            let session = context.session(sitting);
            let Some(role) = reserve_of(case, session.clinician) else { continue };
            let minutes = base.entry((session.site, role, sitting.date)).or_default();
            if !sitting.is_plannable() {
                continue;
            }
            for slot in &case.slots[sitting.slots()] {
                if slot.status == SlotStatus::Free
                    && slot.reserved_for.is_none()
                    && slot.start >= case.policy.as_of
                {
                    *minutes += i64::from(slot.duration_minutes) * i64::from(slot.places.unwrap_or(1));
                }
            }
        }
        let booked = booked_minutes(case);
        for (key, minutes) in base {
            let fraction = case.policy.reserves[key.1 as usize].fraction;
            let used = booked.get(&key).copied().unwrap_or(0);
            let allowed = ((Decimal::ONE - fraction) * Decimal::from(minutes + used)).floor();
            let left = allowed.to_i64().unwrap_or(i64::MAX) - used;
            self.reserves.insert(key, left.max(0));
        }
    }

    /// 4.4: calls up to each date; only dates are kept after which another call can be made, and the last one.
    fn add_calls(&mut self, case: &Case, working_days: &WorkingDays) {
        for (index, site) in case.sites.iter().enumerate() {
            let Some(per_day) = site.calls_per_day else { continue };
            let mut dates = Vec::new();
            let mut calling_days = 0;
            for date in case.policy.start.iter_days().take(case.policy.horizon_days as usize) {
                let calling = date == case.policy.start || working_days.is_working_day(date);
                if !calling {
                    // The limit of the day before holds for this one too, and this one is the stricter.
                    dates.pop();
                }
                calling_days += i64::from(calling);
                dates.push((date, i64::from(per_day) * calling_days));
            }
            self.calls.insert(SiteIdx::from(index), dates);
        }
    }
}

/// Position of the reserve of a practitioner's role.
fn reserve_of(case: &Case, clinician: ClinicianIdx) -> Option<u32> {
    let role = &case.clinicians[clinician.index()].role;
    case.policy.reserves.iter().position(|reserve| reserve.role == *role).map(|at| at as u32)
}

/// Contacts in the book: one for each taken slot, adjacent ones of one patient being one, and the people already
/// in group slots.
fn contacts_in_book(case: &Case, sitting: &Sitting) -> i64 {
    let slots = &case.slots[sitting.slots()];
    let mut contacts = 0;
    for (index, slot) in slots.iter().enumerate() {
        contacts += i64::from(slot.places_taken);
        if !slot.status.is_taken() {
            continue;
        }
        let continues = index > 0 && {
            let before = &slots[index - 1];
            before.status.is_taken()
                && before.end() == slot.start
                && slot.patient_id.is_some()
                && before.patient_id == slot.patient_id
        };
        contacts += i64::from(!continues);
    }
    contacts
}

/// Open minutes of the previous plan's rows whose slots are busy in the book now.
fn booked_minutes(case: &Case) -> BTreeMap<(SiteIdx, u32, NaiveDate), i64> {
    let mut minutes = BTreeMap::new();
    let Some(previous) = &case.previous else { return minutes };
    let by_id = slots_by_id(case);
    for row in &previous.plan {
        let Some(slots) = slots_of_row(row, &by_id) else { continue };
        let slot = |slot: &SlotIdx| &case.slots[slot.index()];
        if !slots.iter().all(|at| slot(at).status.is_taken()) {
            continue;
        }
        for at in &slots {
            let slot = slot(at);
            let session = &case.sessions[slot.session.index()];
            if let (Some(role), None) = (reserve_of(case, session.clinician), &slot.reserved_for) {
                *minutes.entry((session.site, role, slot.start.date())).or_insert(0) +=
                    i64::from(slot.duration_minutes);
            }
        }
    }
    minutes
}
