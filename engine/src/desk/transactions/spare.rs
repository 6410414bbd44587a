//! A spare place for the moment between two bookings.

use chrono::TimeDelta;

use super::book::Booking;
use crate::candidates::{Offer, Run, offers, slots_of};
use crate::desk::{Desk, Entry};

/// The earliest place that would do for somebody, all of whose slots pass the test; the patient and the practitioner are
/// not wanted elsewhere at that time.
pub(super) fn spare(
    desk: &Desk<'_>,
    entry: &Entry<'_>,
    held: &[Booking],
    usable: &dyn Fn(u32) -> bool,
) -> Option<Booking> {
    let found = offers(&desk.context, entry.planned);
    let slots = &desk.case.slots;
    let mut runs: Vec<(&Offer, Run)> =
        found.iter().flat_map(|offer| offer.runs.iter().map(move |&run| (offer, run))).collect();
    runs.sort_by_key(|(_, run)| (slots[run.first.index()].start, run.first));
    runs.into_iter().filter(|(_, run)| slots_of(*run).all(|slot| usable(slot.0))).find_map(|(offer, run)| {
        // An offer may stand for several sessions that are alike.
        let session = &desk.case.sessions[slots[run.first.index()].session.index()];
        let start = slots[run.first.index()].start;
        let booking = Booking {
            slots: slots_of(run).map(|slot| slot.0).collect(),
            session_id: session.session_id.clone(),
            slot_ids: slots_of(run).map(|slot| slots[slot.index()].slot_id.to_string()).collect(),
            start,
            end: start + TimeDelta::minutes(i64::from(offer.needed)),
            key: None,
        };
        let travel = TimeDelta::minutes(i64::from(desk.case.policy.travel_minutes));
        let apart = |other: &Booking| booking.end <= other.start || other.end <= booking.start;
        let clear = |other: &Entry<'_>| {
            // What is one's own in this request has been looked at: the one is there until the other is.
            if other.index == entry.index {
                return true;
            }
            let same_patient = other.row.patient_id == entry.row.patient_id;
            let same_practitioner = other.session.clinician == session.clinician;
            let gap = if same_patient { travel } else { TimeDelta::zero() };
            !(same_patient || same_practitioner)
                || booking.end + gap <= other.row.start
                || other.row.end + gap <= booking.start
        };
        (held.iter().all(apart) && desk.entries.iter().all(clear)).then_some(booking)
    })
}
