//! Who holds what now: the book as it was read, and what an earlier list says has been done since.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use super::settled::Settled;
use super::{Action, Step};
use crate::desk::Desk;
use crate::lookup::Lookup;
use crate::model::{PlanRow, Request, Slot, SlotStatus};

/// A booking that somebody holds or is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Booking {
    /// Numbered.
    pub slots: Vec<u32>,
    pub session_id: String,
    pub slot_ids: Vec<String>,
    pub start: NaiveDateTime,
    pub end: NaiveDateTime,
    /// The key of the step that made it, where a list says so.
    pub key: Option<String>,
}

impl Booking {
    /// The place of a row of a plan.
    pub fn of_row(numbers: &mut Numbers<'_>, row: &PlanRow) -> Self {
        Self {
            slots: numbers.of(&row.slot_ids),
            session_id: row.session_id.clone(),
            slot_ids: row.slot_ids.clone(),
            start: row.start,
            end: row.end,
            key: None,
        }
    }
}

/// The numbers of slots: their positions in the book, and further ones for those that the book does not show any more.
pub(super) struct Numbers<'d> {
    known: Lookup<&'d str, u32>,
    further: BTreeMap<String, u32>,
}

impl<'d> Numbers<'d> {
    pub fn new(desk: &'d Desk<'_>) -> Self {
        let mut known = Lookup::with_capacity(desk.case.slots.len());
        for (at, slot) in desk.case.slots.iter().enumerate() {
            known.insert(slot.slot_id.as_str(), at as u32);
        }
        Self { known, further: BTreeMap::new() }
    }

    pub fn of(&mut self, ids: &[String]) -> Vec<u32> {
        let mut number = |id: &String| {
            let next = (self.known.len() + self.further.len()) as u32;
            let known = self.known.get(id.as_str()).copied();
            known.unwrap_or_else(|| *self.further.entry(id.clone()).or_insert(next))
        };
        ids.iter().map(&mut number).collect()
    }
}

/// Who holds what, by request.
#[derive(Default)]
pub(super) struct Held {
    pub by_request: BTreeMap<String, Vec<Booking>>,
    /// Requests that are for the very time of one booking of their patient, with its slots.
    pub shared: BTreeMap<String, Vec<String>>,
}

/// Who holds what now and still in the future, and how many places each slot of the book then has left: those that were
/// accepted and are not booked yet are left as well, for whoever accepted them.
pub(super) fn held(
    desk: &Desk<'_>,
    numbers: &mut Numbers<'_>,
    settled: &[Settled<'_>],
    past: &[Step],
) -> (Held, Vec<u32>) {
    let slots = &desk.case.slots;
    let mut held = Held::default();
    let mut cancelled: BTreeSet<(&str, &[String])> = BTreeSet::new();
    for step in past {
        let id = step.request_id.as_str();
        let own = held.by_request.entry(id.to_owned()).or_default();
        own.retain(|booking| booking.slot_ids != step.slot_ids);
        match step.action {
            Action::Book => {
                cancelled.remove(&(id, step.slot_ids.as_slice()));
                own.push(Booking {
                    slots: numbers.of(&step.slot_ids),
                    session_id: step.session_id.clone(),
                    slot_ids: step.slot_ids.clone(),
                    start: step.start,
                    end: step.end,
                    key: Some(step.key.clone()),
                });
            }
            Action::Cancel => {
                cancelled.insert((id, step.slot_ids.as_slice()));
            }
        }
    }
    let patients: BTreeMap<&str, &str> =
        past.iter().map(|step| (step.request_id.as_str(), step.patient_id.as_str())).collect();
    let was_free: BTreeSet<u32> = settled.iter().flat_map(|one| &one.was_free).copied().collect();
    for (request_id, own) in &mut held.by_request {
        let patient = patients.get(request_id.as_str()).copied().unwrap_or_default();
        // What was accepted is taken in the case alone: the book as read does not show anybody there.
        let still = |slot: &u32| {
            was_free.contains(slot) || slots.get(*slot as usize).is_none_or(|slot| may_hold(slot, patient))
        };
        own.retain(|booking| booking.start >= desk.case.policy.as_of && booking.slots.iter().all(still));
    }
    let mut free: Vec<u32> = slots.iter().map(Slot::places_free).collect();
    // Of a group slot several may have taken a place.
    for slot in settled.iter().flat_map(|one| &one.was_free) {
        if let Some(free) = free.get_mut(*slot as usize) {
            *free += 1;
        }
    }
    for slot in held.by_request.values().flatten().flat_map(|booking| &booking.slots) {
        if let Some(free) = free.get_mut(*slot as usize) {
            *free = free.saturating_sub(1);
        }
    }
    for one in settled.iter().filter(|one| one.in_book) {
        let own = held.by_request.entry(one.request.request_id.clone()).or_default();
        if let Some(target) = one.target.as_ref()
            && own.iter().all(|other| other.slots != target.slots)
        {
            own.push(target.clone());
        }
    }
    for (request_id, booking) in originals(desk, settled, &mut held.shared) {
        let own = held.by_request.entry(request_id.to_owned()).or_default();
        if !cancelled.contains(&(request_id, booking.slot_ids.as_slice()))
            && own.iter().all(|other| other.slots != booking.slots)
        {
            own.push(booking);
        }
    }
    (held, free)
}

/// Whether the book allows that somebody holds a slot, as a list says: it knows better where it shows somebody else.
fn may_hold(slot: &Slot, patient: &str) -> bool {
    match slot.status {
        SlotStatus::Free => true,
        SlotStatus::BusyUnavailable => false,
        SlotStatus::Busy | SlotStatus::BusyTentative => {
            slot.patient_id.as_deref().is_none_or(|other| other == patient)
        }
    }
}

/// What the book still holds of the appointments that were cancelled, in the future: with the request of each.
fn originals<'d>(
    desk: &'d Desk<'_>,
    settled: &[Settled<'d>],
    shared: &mut BTreeMap<String, Vec<String>>,
) -> Vec<(&'d str, Booking)> {
    let planned = desk.entries.iter().map(|entry| (entry.request, entry.planned.duration_minutes));
    let waiting = desk.waiting.iter().map(|row| (row.request, row.planned.duration_minutes));
    let placed = settled.iter().filter(|one| one.target.is_some());
    let placed = placed.filter_map(|one| Some((one.request, desk.case.minutes_of(one.request)?)));
    let mut asked: BTreeMap<(&str, NaiveDateTime), Vec<(&Request, u32)>> = BTreeMap::new();
    for (request, minutes) in planned.chain(waiting).chain(placed) {
        if let Some(start) = request.original_start.filter(|start| *start >= desk.case.policy.as_of) {
            asked.entry((request.patient_id.as_str(), start)).or_default().push((request, minutes));
        }
    }
    let mut found = Vec::new();
    if asked.is_empty() {
        return found;
    }
    // What has taken the place of a cancelled appointment is none, whatever time it is at.
    let new: BTreeSet<u32> = settled.iter().flat_map(|one| &one.booked.0).copied().collect();
    let ends_at = |at: usize| {
        let slot = &desk.case.slots[at];
        let patient = slot.patient_id.as_deref().unwrap_or_default();
        new.contains(&(at as u32)) || asked.contains_key(&(patient, slot.start))
    };
    for (first, slot) in desk.case.slots.iter().enumerate().filter(|(_, slot)| slot.status.is_taken()) {
        let Some(patient) = slot.patient_id.as_deref() else { continue };
        let Some(requests) = asked.get(&(patient, slot.start)) else { continue };
        if new.contains(&(first as u32)) {
            continue;
        }
        for (request, minutes) in requests {
            let booking = original(desk, *minutes, first, &ends_at);
            if requests.len() > 1 {
                shared.entry(request.request_id.clone()).or_default().extend(booking.slot_ids);
            } else {
                found.push((request.request_id.as_str(), booking));
            }
        }
    }
    found
}

/// The booking that begins with this slot: as many of the patient's slots as the appointment needs, up to where something
/// else begins.
fn original(desk: &Desk<'_>, minutes: u32, first: usize, ends_at: &impl Fn(usize) -> bool) -> Booking {
    let slots = &desk.case.slots;
    let session = &desk.case.sessions[slots[first].session.index()];
    let needed = desk.case.clinicians[session.clinician.index()].minutes_for(minutes);
    let long_enough = slots[first].start + TimeDelta::minutes(i64::from(needed));
    let mut last = first;
    while let Some(next) = slots.get(last + 1)
        && slots[last].end() < long_enough
        && next.session == slots[first].session
        && next.start == slots[last].end()
        && next.status.is_taken()
        && next.patient_id == slots[first].patient_id
        && !ends_at(last + 1)
    {
        last += 1;
    }
    Booking {
        slots: (first..=last).map(|slot| slot as u32).collect(),
        session_id: session.session_id.clone(),
        slot_ids: slots[first..=last].iter().map(|slot| slot.slot_id.to_string()).collect(),
        start: slots[first].start,
        end: slots[last].end(),
        key: None,
    }
}
