//! SPEC rule 3.6: what is already in the book for the patient and for the practitioner.

use chrono::TimeDelta;

use super::context::Context;
use super::run::RunCheck;
use crate::model::DeliveryChannel;
use crate::prepare::Planned;

/// No overlap with the patient's bookings, and time to travel where both are in person at different sites.
pub(super) fn patient(context: &Context<'_>, planned: &Planned, check: &RunCheck) -> bool {
    let bookings = context.bookings_of(planned);
    if bookings.is_empty() {
        return true;
    }
    let end = check.start + TimeDelta::minutes(i64::from(check.needed));
    let site = context.case.sessions[check.session.index()].site;
    let travel = TimeDelta::minutes(i64::from(context.case.policy.travel_minutes));
    bookings.iter().all(|booking| {
        let apart = check.channel == DeliveryChannel::InPerson && booking.site != site;
        let gap = if apart { travel } else { TimeDelta::zero() };
        end + gap <= booking.start || booking.end + gap <= check.start
    })
}

/// The slots do not overlap a booking of the practitioner in another session.
pub(super) fn practitioner(context: &Context<'_>, _: &Planned, check: &RunCheck) -> bool {
    if !check.busy_elsewhere {
        return true;
    }
    let clinician = context.case.sessions[check.session.index()].clinician;
    context.practitioner_bookings(clinician, check.start.date()).iter().all(|booking| {
        booking.session == check.session || check.slots_end <= booking.start || booking.end <= check.start
    })
}
