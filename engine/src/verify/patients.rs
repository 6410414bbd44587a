//! SPEC 4.5: two appointments of one patient do not overlap and leave time to travel.

use std::collections::BTreeMap;

use super::asks::Asks;
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::{View, overlap};
use crate::model::DeliveryChannel;

/// Whether one patient cannot keep both.
pub(super) fn clash(view: &View, a: &Place, b: &Place) -> bool {
    let both_in_person = [a, b].iter().all(|place| place.channel == DeliveryChannel::InPerson);
    let same_site = view.session(a.session).site == view.session(b.session).site;
    let apart = if both_in_person && !same_site { view.policy.travel_minutes } else { 0 };
    overlap((a.start, a.end), (b.start, b.end), apart)
}

/// Checks the whole plan.
pub(super) fn check(view: &View, asks: &Asks, places: &[Option<Place>], out: &mut Findings) {
    let mut by_patient: BTreeMap<usize, Vec<(&Place, &str)>> = BTreeMap::new();
    for (ask, place) in asks.all.iter().zip(places) {
        if let Some(place) = place {
            by_patient.entry(ask.patient).or_default().push((place, ask.id()));
        }
    }
    for appointments in by_patient.into_values() {
        for (index, (place, id)) in appointments.iter().enumerate() {
            for (other, other_id) in &appointments[index + 1..] {
                if clash(view, place, other) {
                    let message = format!("{id} and {other_id} are of one patient, who cannot keep both");
                    let slots = place.slot_ids(view).into_iter().chain(other.slot_ids(view));
                    out.add_with_slots(Rule::Patient, message, [id, other_id], slots);
                }
            }
        }
    }
}
