//! SPEC 4.2: contacts in the book, and the caps of a practitioner's day and of a session.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::asks::Asks;
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::View;
use crate::units::{ClinicianIdx, SessionIdx, SlotIdx};

/// Contacts that stand in the book already.
pub(super) struct Book {
    by_day: BTreeMap<(ClinicianIdx, NaiveDate), u64>,
    by_session: Vec<u64>,
}

impl Book {
    pub fn new(view: &View) -> Self {
        let mut by_day = BTreeMap::new();
        let mut by_session = vec![0; view.case.sessions.len()];
        for (index, session) in view.case.sessions.iter().enumerate() {
            let slots = view.slots_of(index.into());
            for (position, &current) in slots.iter().enumerate() {
                let before = position.checked_sub(1).map(|before| slots[before]);
                let contacts = contacts_of(view, before, current);
                *by_day.entry((session.clinician, view.slot(current).start.date())).or_insert(0) += contacts;
                by_session[index] += contacts;
            }
        }
        Self { by_day, by_session }
    }

    /// How many more contacts the practitioner of a session may have on a date; `None` without a cap.
    pub fn room_of_day(&self, view: &View, session: SessionIdx, date: NaiveDate) -> Option<u64> {
        let clinician = view.clinician_of(session);
        let cap = clinician
            .max_contacts_day
            .or_else(|| view.policy.max_contacts_day.get(&clinician.role).copied())?;
        let booked = self.by_day.get(&(view.session(session).clinician, date)).copied().unwrap_or(0);
        // A cap that the book already breaks allows no more.
        Some(u64::from(cap).saturating_sub(booked))
    }

    /// How many more contacts a session may have; `None` without a cap.
    pub fn room_of_session(&self, view: &View, session: SessionIdx) -> Option<u64> {
        let cap = view.session(session).max_contacts?;
        Some(u64::from(cap).saturating_sub(self.by_session[session.index()]))
    }
}

/// The contacts that a slot adds: one where it is taken, unless it goes on with the patient of the slot right
/// before it; and the people already in a group slot.
fn contacts_of(view: &View, before: Option<SlotIdx>, current: SlotIdx) -> u64 {
    let slot = view.slot(current);
    let goes_on = before.map(|before| view.slot(before)).is_some_and(|before| {
        before.status.is_taken()
            && before.end() == slot.start
            && before.patient_id.is_some()
            && before.patient_id == slot.patient_id
    });
    u64::from(slot.status.is_taken() && !goes_on) + u64::from(slot.places_taken)
}

/// Checks the whole plan.
pub(super) fn check(view: &View, asks: &Asks, places: &[Option<Place>], out: &mut Findings) {
    let book = Book::new(view);
    let mut days: BTreeMap<(ClinicianIdx, NaiveDate), (SessionIdx, Vec<&str>)> = BTreeMap::new();
    let mut sessions: BTreeMap<SessionIdx, Vec<&str>> = BTreeMap::new();
    for (ask, place) in asks.all.iter().zip(places) {
        let Some(place) = place else { continue };
        let key = (view.session(place.session).clinician, place.date());
        days.entry(key).or_insert_with(|| (place.session, Vec::new())).1.push(ask.id());
        sessions.entry(place.session).or_default().push(ask.id());
    }
    for ((_, date), (session, ids)) in days {
        if let Some(room) = book.room_of_day(view, session, date).filter(|room| ids.len() as u64 > *room) {
            let who = &view.clinician_of(session).practitioner_id;
            let message = format!(
                "practitioner {who} may have {room} more contacts on {date}, but the plan adds {}",
                ids.len()
            );
            out.add(Rule::Contacts, message, ids);
        }
    }
    for (session, ids) in sessions {
        if let Some(room) = book.room_of_session(view, session).filter(|room| ids.len() as u64 > *room) {
            let id = &view.session(session).session_id;
            let message =
                format!("session {id} may have {room} more contacts, but the plan adds {}", ids.len());
            out.add(Rule::Contacts, message, ids);
        }
    }
}
