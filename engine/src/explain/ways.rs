//! Every way to place a request: one start for a request on its own, one arrangement of all members for a visit.

use super::Explainer;
use super::ledger::Seat;
use crate::candidates::{Offer, Run};
use crate::objective::{cost_of, cost_unplaced};
use crate::prepare::PlannedIdx;

/// One request put into one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move<'e> {
    pub who: PlannedIdx,
    pub offer: &'e Offer,
    pub run: Run,
}

/// A way to place a request, with its companions where it is booked in a visit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'w, 'e> {
    /// Days from the plan's start.
    pub day: u32,
    /// What it adds to the objective.
    pub cost: &'w [i64],
    /// Who goes where.
    pub moves: &'w [Move<'e>],
}

impl Explainer<'_, '_> {
    /// The seat of one who moves.
    pub(super) fn seat_in(&self, moves: &[Move<'_>], who: PlannedIdx) -> Option<Seat> {
        let one = moves.iter().find(|one| one.who == who)?;
        Some(Seat::new(self.context, one.offer, one.run))
    }

    /// Those who are placed together with a request, itself included.
    pub(super) fn job(&self, index: PlannedIdx) -> Vec<PlannedIdx> {
        match self.prepared.requests[index.index()].visit {
            Some(visit) => self.prepared.visits[visit].clone(),
            None => vec![index],
        }
    }

    /// Shows every way to place a request (with its companions), ascending by session for a request on its own.
    pub(super) fn each_way<'s>(&'s self, index: PlannedIdx, mut look: impl FnMut(Way<'_, 's>)) {
        let Some(visit) = self.prepared.requests[index.index()].visit else {
            self.each_start(index, self.offers_of(index), look);
            return;
        };
        let mut cost = vec![0_i64; self.layout.len()];
        let mut moves = Vec::new();
        for way in self.visit_ways(visit) {
            cost.fill(0);
            moves.clear();
            for &(who, at, run) in way {
                let offer = &self.offers_of(who)[at];
                self.add_cost(who, Some(offer), &mut cost);
                moves.extend(offer.runs.get(run.unwrap_or(0)).map(|&run| Move { who, offer, run }));
            }
            let day = moves.first().map_or(0, |one| one.offer.day);
            look(Way { day, cost: &cost, moves: &moves });
        }
    }

    /// Shows every start of these offers of a request on its own.
    pub(super) fn each_start<'s>(
        &self,
        index: PlannedIdx,
        offers: &'s [Offer],
        mut look: impl FnMut(Way<'_, 's>),
    ) {
        let mut cost = vec![0_i64; self.layout.len()];
        for offer in offers {
            cost.fill(0);
            self.add_cost(index, Some(offer), &mut cost);
            for &run in offer.runs.iter() {
                look(Way { day: offer.day, cost: &cost, moves: &[Move { who: index, offer, run }] });
            }
        }
    }

    /// What a request (with its companions) adds to the objective where it is now.
    pub(super) fn present_cost(&self, index: PlannedIdx) -> Vec<i64> {
        let mut cost = vec![0_i64; self.layout.len()];
        for member in self.job(index) {
            let offer = self.placed[member.index()].as_ref().map(|placed| &placed.offer);
            self.add_cost(member, offer, &mut cost);
        }
        cost
    }

    pub(super) fn add_cost(&self, index: PlannedIdx, offer: Option<&Offer>, sum: &mut [i64]) {
        let planned = &self.prepared.requests[index.index()];
        let cost = match offer {
            Some(offer) => cost_of(self.context, planned, offer),
            None => cost_unplaced(self.context, self.layout, planned),
        };
        cost.add_to(self.layout, planned.rank, sum);
    }
}
