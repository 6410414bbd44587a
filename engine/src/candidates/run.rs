//! Runs of consecutive slots: each free, each open or under a label that the tier may use, each starting exactly
//! when the one before ends, and the run the shortest from its first slot that is long enough.

use chrono::NaiveDateTime;

use super::context::{Context, Sitting};
use super::rule::Rule;
use crate::model::{DeliveryChannel, Slot, SlotStatus};
use crate::prepare::Planned;
use crate::units::{ClinicianIdx, SessionIdx, SlotIdx};

/// Consecutive slots of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Run {
    /// The first slot.
    pub first: SlotIdx,
    /// How many.
    pub count: u32,
}

/// A run with what the rules ask about it.
#[derive(Debug, Clone, Copy)]
pub struct RunCheck {
    /// The slots.
    pub run: Run,
    /// Of this session.
    pub session: SessionIdx,
    /// How it would be held.
    pub channel: DeliveryChannel,
    /// Start of the appointment.
    pub start: NaiveDateTime,
    /// Minutes of the appointment.
    pub needed: u32,
    /// End of the last slot.
    pub slots_end: NaiveDateTime,
    /// Minutes of the slots beyond those needed; 0 for a group slot.
    pub wasted: u32,
    /// Minutes of open slots.
    pub open_minutes: u32,
    /// Whether the book has the practitioner in another session on that date.
    pub busy_elsewhere: bool,
}

/// Minutes needed with this practitioner: ceil(`duration_minutes` x `duration_multiplier`).
pub fn needed_minutes(context: &Context<'_>, planned: &Planned, clinician: ClinicianIdx) -> u32 {
    context.case.clinicians[clinician.index()].minutes_for(planned.duration_minutes)
}

fn usable(context: &Context<'_>, planned: &Planned, slot: &Slot) -> bool {
    let allowed = |label: &String| context.case.policy.tiers[planned.tier.index()].may_use.contains(label);
    slot.status == SlotStatus::Free && slot.reserved_for.as_ref().is_none_or(allowed)
}

/// Every run of a sitting that is long enough for the request and held so, ascending by start.
pub(super) fn runs<'a>(
    context: &'a Context<'_>,
    planned: &'a Planned,
    sitting: &'a Sitting,
    channel: DeliveryChannel,
) -> impl Iterator<Item = RunCheck> + 'a {
    let needed = needed_minutes(context, planned, context.session(sitting).clinician);
    let range = sitting.slots();
    range.clone().filter_map(move |first| {
        let slots = &context.case.slots[first..range.end];
        shortest(context, planned, slots, needed).map(|count| {
            let taken = &slots[..count];
            let minutes: u32 = taken.iter().map(|slot| slot.duration_minutes).sum();
            let open = taken.iter().filter(|slot| slot.reserved_for.is_none());
            let group = taken[0].places.is_some();
            RunCheck {
                run: Run { first: SlotIdx::from(first), count: count as u32 },
                session: sitting.session,
                channel,
                start: taken[0].start,
                needed,
                slots_end: taken[count - 1].end(),
                wasted: if group { 0 } else { minutes - needed },
                open_minutes: open.map(|slot| slot.duration_minutes).sum(),
                busy_elsewhere: sitting.is_busy_elsewhere(),
            }
        })
    })
}

/// How many slots from the first are needed; none where the run breaks before it is long enough.
fn shortest(context: &Context<'_>, planned: &Planned, slots: &[Slot], needed: u32) -> Option<usize> {
    let mut minutes = 0;
    for (index, slot) in slots.iter().enumerate() {
        let joined = index == 0 || slots[index - 1].end() == slot.start;
        if !joined || !usable(context, planned, slot) {
            return None;
        }
        if let Some(places) = slot.places {
            // A group slot serves only a run of length one, while it has places.
            return (index == 0 && places > 0 && slot.duration_minutes >= needed).then_some(1);
        }
        minutes += slot.duration_minutes;
        if minutes >= needed {
            return Some(index + 1);
        }
    }
    None
}

/// Why a sitting that keeps every other rule has no run: labels, or nothing free that is long enough.
pub(super) fn why_no_run(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> Rule {
    let slots = &context.case.slots[sitting.slots()];
    let labelled =
        slots.iter().any(|slot| slot.status == SlotStatus::Free && !usable(context, planned, slot));
    if labelled { Rule::Label } else { Rule::Run }
}
