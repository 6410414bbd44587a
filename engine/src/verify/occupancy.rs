//! SPEC 4.1: one request for each place, and no practitioner twice at once.

use std::collections::BTreeMap;

use super::asks::Asks;
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::{View, days_of, overlap};
use crate::units::SlotIdx;

/// How many placed requests a slot can take: its places, or one.
pub(super) fn capacity(view: &View, slot: SlotIdx) -> u32 {
    view.slot(slot).places.unwrap_or(1)
}

/// Whether two places of one practitioner would take different slots at the same time.
pub(super) fn collide(view: &View, a: &Place, b: &Place) -> bool {
    a.slots.iter().any(|&one| {
        b.slots.iter().any(|&other| {
            let (p, q) = (view.slot(one), view.slot(other));
            one != other && overlap((p.start, p.end()), (q.start, q.end()), 0)
        })
    })
}

/// Checks the whole plan.
pub(super) fn check(view: &View, asks: &Asks, places: &[Option<Place>], out: &mut Findings) {
    let mut takers: BTreeMap<SlotIdx, Vec<&str>> = BTreeMap::new();
    let mut days = BTreeMap::new();
    for (ask, place) in asks.all.iter().zip(places) {
        let Some(place) = place else { continue };
        for &slot in &place.slots {
            takers.entry(slot).or_default().push(ask.id());
        }
        let clinician = view.session(place.session).clinician;
        for date in days_of(place.start, place.slots_end) {
            days.entry((clinician, date)).or_insert_with(Vec::new).push((place, ask.id()));
        }
    }
    for (slot, ids) in takers {
        let room = capacity(view, slot);
        if ids.len() as u64 > u64::from(room) {
            let slot_id = &view.slot(slot).slot_id;
            let message = format!("slot {slot_id} has room for {room}, but {} are in it", ids.len());
            out.add_with_slots(Rule::Capacity, message, ids, [slot_id]);
        }
    }
    for ((clinician, _), mut day) in days {
        day.sort_by_key(|(place, id)| (place.start, *id));
        for (index, (place, id)) in day.iter().enumerate() {
            let later = day[index + 1..].iter().take_while(|(other, _)| other.start < place.slots_end);
            for (other, other_id) in later.filter(|(other, _)| collide(view, place, other)) {
                let who = &view.case.clinicians[clinician.index()].practitioner_id;
                let message = format!("practitioner {who} would be with {id} and {other_id} at once");
                let slots = place.slot_ids(view).into_iter().chain(other.slot_ids(view));
                out.add_with_slots(Rule::Capacity, message, [id, other_id], slots);
            }
        }
    }
}
