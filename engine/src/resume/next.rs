//! A slot has become free: who is next.

use super::kept::Kept;
use super::stand::Moved;
use crate::candidates::{Context, Run, Sitting};
use crate::error::{Error, Result};
use crate::model::{Case, Reconciliation, Slot, SlotStatus};
use crate::objective::Layout;
use crate::prepare::{ExcludeReason, PlannedIdx, Prepared, prepare};
use crate::solve::{AtHand, Limits, Placed, stand};
use crate::units::SlotIdx;

/// Who could go into a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The slots that are free, ascending by start.
    pub slot_ids: Vec<String>,
    /// Who gives them up, where it is somebody of the plan: that request counts as declined.
    pub withdrawn: Option<String>,
    /// Who had a place and cannot keep it without the one who gives up: those who come after it, and companions of its
    /// visit whose places no longer go together. Ascending by id.
    pub lost: Vec<String>,
    /// Everybody who would be better off there while all others stay where they are, the best for all first.
    pub takers: Vec<Taker>,
}

/// Somebody who would be better off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taker {
    /// The request, or the members of a visit, who go together; ascending by id.
    pub who: Vec<Moved>,
    /// What the move adds to each entry of the vector, in its order (SPEC section 5): the first that is not 0 is below 0.
    pub change: Vec<i64>,
}

/// A plan in which slots are free.
struct Freed<'f> {
    at_hand: AtHand<'f>,
    slots: Run,
    withdrawn: Option<String>,
}

impl Kept<'_> {
    /// Who is next for a slot: one that the plan leaves free, one that somebody of the plan gives up, or one of the book
    /// that has become free.
    ///
    /// Each taker has the best of all runs with this slot in it that it could have, every rule kept and everybody else left
    /// where they are; the first of the list makes the best plan that one single move can make. Equal ones go by id.
    ///
    /// # Errors
    /// [`Error::Argument`] where the case has no such slot, or several people hold it: then
    /// [`next_after`](Kept::next_after) one of them is the question.
    pub fn next_for(&self, slot_id: &str) -> Result<Next> {
        let slot = self.case.slots.iter().position(|slot| slot.slot_id == slot_id).map(SlotIdx::from);
        let slot = slot
            .ok_or_else(|| Error::Argument(format!("this case has no slot {slot_id:?}; see slots.csv.")))?;
        let book = &self.case.slots[slot.index()];
        let own = Run { first: slot, count: 1 };
        if book.status != SlotStatus::Free {
            return Ok(self.cancelled(slot));
        }
        let holds = |placed: &Option<Placed>| {
            placed.as_ref().is_some_and(|placed| {
                (placed.run.first.0..placed.run.first.0 + placed.run.count).contains(&slot.0)
            })
        };
        let holders: Vec<usize> = (0..self.placed.len()).filter(|&at| holds(&self.placed[at])).collect();
        match holders[..] {
            _ if holders.len() < book.places.unwrap_or(1) as usize => {
                Ok(self.takers(&Freed { at_hand: self.at_hand(), slots: own, withdrawn: None }))
            }
            [one] => Ok(self.given_up(one)),
            [] => Err(Error::Argument(format!(
                "the group slot {slot_id:?} is full of people of the book, who are not in this plan."
            ))),
            _ => Err(Error::Argument(format!(
                "{} people share slot {slot_id:?}: ask who is next after one of them.",
                holders.len()
            ))),
        }
    }

    /// Who is next for any of the slots of a request that does not want its place.
    ///
    /// # Errors
    /// [`Error::Argument`] where the request has no place in the plan.
    pub fn next_after(&self, request_id: &str) -> Result<Next> {
        let of_id = |at: &usize| self.context.request(&self.prepared.requests[*at]).request_id == request_id;
        let at = (0..self.placed.len()).filter(|&at| self.placed[at].is_some()).find(of_id);
        let at =
            at.ok_or_else(|| Error::Argument(format!("{request_id} has no place in this plan to give up.")))?;
        Ok(self.given_up(at))
    }

    /// Somebody of the plan gives up a place: as if its request had been declined.
    fn given_up(&self, at: usize) -> Next {
        let planned = &self.prepared.requests[at];
        let mut case = self.case.clone();
        case.requests[planned.request.index()].reconciliation = Reconciliation::Declined;
        let prepared = prepare(&case);
        let placed = self.places_in(&prepared);
        let slots = self.placed[at].as_ref().map_or(Run { first: SlotIdx(0), count: 0 }, |placed| placed.run);
        // What becomes of a request says nothing of where the others may go.
        let at_hand = AtHand { prepared: &prepared, placed: &placed, ..self.at_hand() };
        let withdrawn = Some(self.context.request(planned).request_id.clone());
        self.takers(&Freed { at_hand, slots, withdrawn })
    }

    /// A slot of the book is free now.
    fn cancelled(&self, slot: SlotIdx) -> Next {
        let mut case = self.case.clone();
        let book: &mut Slot = &mut case.slots[slot.index()];
        (book.status, book.patient_id) = (SlotStatus::Free, None);
        self.decline_booked(&mut case, slot);
        let prepared = prepare(&case);
        let placed = self.places_in(&prepared);
        let context = Context::new(&case);
        let limits = Limits::new(&context);
        let at_hand = AtHand {
            context: &context,
            prepared: &prepared,
            layout: Layout::new(&prepared),
            limits: &limits,
            placed: &placed,
        };
        self.takers(&Freed { at_hand, slots: Run { first: slot, count: 1 }, withdrawn: None })
    }

    /// Whose booking it was does not want it: a request that is not planned because it counts as booked by this slot.
    fn decline_booked(&self, case: &mut Case, slot: SlotIdx) {
        let slot_id = self.case.slots[slot.index()].slot_id.as_str();
        let rows = self.case.previous.iter().flat_map(|files| &files.plan);
        let of_slot = rows.filter(|row| row.slot_ids.iter().any(|id| id == slot_id));
        let ids: Vec<&str> = of_slot.map(|row| row.request_id.as_str()).collect();
        for excluded in self.prepared.excluded.iter().filter(|row| row.reason == ExcludeReason::Resolved) {
            let request = &mut case.requests[excluded.request.index()];
            if ids.contains(&request.request_id.as_str()) {
                request.reconciliation = Reconciliation::Declined;
            }
        }
    }

    /// The places of the plan for those who are still planned.
    fn places_in(&self, prepared: &Prepared) -> Vec<Option<Placed>> {
        let mut of_row: Vec<Option<usize>> = vec![None; self.case.requests.len()];
        for (index, planned) in self.prepared.iter() {
            of_row[planned.request.index()] = Some(index.index());
        }
        let place = |row: usize| self.placed[of_row[row]?].clone();
        prepared.requests.iter().map(|planned| place(planned.request.index())).collect()
    }

    fn takers(&self, freed: &Freed<'_>) -> Next {
        let Freed { at_hand, slots, withdrawn } = freed;
        let context = at_hand.context;
        let first = slots.first.index();
        let has = |sitting: &&Sitting| sitting.slots().contains(&first);
        let id = |slot: u32| self.case.slots[slot as usize].slot_id.to_string();
        let mut next = Next {
            slot_ids: (slots.first.0..slots.first.0 + slots.count).map(id).collect(),
            withdrawn: withdrawn.clone(),
            lost: Vec::new(),
            takers: Vec::new(),
        };
        let Some(sitting) = context.sittings().iter().find(has) else { return next };
        let standing = stand(*at_hand, sitting, *slots);
        let planned = |index: PlannedIdx| &at_hand.prepared.requests[index.index()];
        let lost = standing.lost(*at_hand).into_iter();
        next.lost = lost.map(|index| context.request(planned(index)).request_id.clone()).collect();
        for one in standing.moves(*at_hand) {
            let places = one.before.iter().zip(&one.places);
            let who = one.members.iter().zip(places);
            let who = who.map(|(&index, (before, after))| {
                Moved::new(context, planned(index), before.as_ref(), Some(after))
            });
            next.takers.push(Taker { who: who.collect(), change: one.change });
        }
        next
    }
}
