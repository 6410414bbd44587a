//! SPEC section 3: runs of consecutive slots.

use super::asks::Ask;
use super::view::View;
use crate::model::{Slot, SlotStatus};
use crate::units::{SessionIdx, SlotIdx};

/// The run of `needed` minutes that begins with the slot at `first` of a session; `None` where there is none.
pub(super) fn from<'v>(
    view: &'v View,
    ask: &Ask,
    session: SessionIdx,
    first: usize,
    needed: u32,
) -> Option<&'v [SlotIdx]> {
    let slots = view.slots_of(session).get(first..)?;
    let mut minutes = 0;
    for (index, &current) in slots.iter().enumerate() {
        let slot = view.slot(current);
        let follows = index == 0 || view.slot(slots[index - 1]).end() == slot.start;
        if !follows || !is_free(slot) || !may_use(ask, slot) || !group_alone(slot, index, needed) {
            return None;
        }
        minutes = u32::saturating_add(minutes, slot.duration_minutes);
        if minutes >= needed {
            return Some(&slots[..=index]);
        }
    }
    None
}

/// Free, and a group slot while it has places.
fn is_free(slot: &Slot) -> bool {
    slot.status == SlotStatus::Free && slot.places != Some(0)
}

/// Open, or reserved for a label that the request's tier may use.
fn may_use(ask: &Ask, slot: &Slot) -> bool {
    slot.reserved_for.as_ref().is_none_or(|label| ask.tier.may_use.contains(label))
}

/// A group slot serves only a run of length one.
fn group_alone(slot: &Slot, index: usize, needed: u32) -> bool {
    slot.places.is_none() || (index == 0 && slot.duration_minutes >= needed)
}

/// Why these slots, in order of start, are not the run that begins with the first of them.
pub(super) fn problem(view: &View, ask: &Ask, slots: &[SlotIdx], needed: u32) -> Option<String> {
    let first = *slots.first()?;
    let session = view.slot(first).session;
    if from(view, ask, session, view.position(first), needed).is_some_and(|run| run == slots) {
        return None;
    }
    for (index, &current) in slots.iter().enumerate() {
        let slot = view.slot(current);
        let id = &slot.slot_id;
        if !is_free(slot) {
            return Some(format!("slot {id} is not free"));
        }
        if !may_use(ask, slot) {
            return Some(format!("slot {id} is reserved, and tier {} may not use it", ask.tier.code));
        }
        if !group_alone(slot, index, needed) {
            return Some(format!("group slot {id} cannot be part of a longer run"));
        }
        if index > 0 && view.slot(slots[index - 1]).end() != slot.start {
            return Some(format!("slot {id} does not start when the one before ends"));
        }
    }
    Some(format!("the slots are not the shortest run of {needed} minutes from the first of them"))
}
