//! First come, first served: what would become of the same requests, by the same rules, were urgency left out.
//!
//! Whoever has waited longest chooses first, and takes the earliest place that those before have left. It is what a plan
//! is compared with, and nothing to act on.

mod queue;
mod rooms;

use std::sync::Arc;

use chrono::NaiveDateTime;
use rayon::prelude::*;

use crate::candidates::{Context, Finder, Offer, Run};
use crate::explain::{Holds, Ledger, Move};
use crate::objective::{Layout, inconvenience};
use crate::prepare::{PlannedIdx, Prepared};
use crate::solve::{Limit, Limits, Placed, area_of, combinations, offers_in, requests_of};
use crate::units::{SessionIdx, SlotIdx};

use queue::queue;
use rooms::Rooms;

/// Where first come, first served would put each planned request.
///
/// The order is that of `waiting_since`, then `original_start`, then `request_id`. Each takes the earliest start, then the
/// fewest inconvenience points, then the first session, that SPEC sections 3 and 4 still allow beside those placed before.
/// A visit is arranged at the turn of the first of its members: the starts, in their order, as early as can be. Whoever
/// comes after another request is served after it. Tiers decide nothing but what those sections say of them: labels,
/// notice, calls and whom the reserve binds.
pub fn first_come(context: &Context<'_>, prepared: &Prepared) -> Vec<Option<Placed>> {
    let limits = Arc::new(Limits::new(context));
    let areas = requests_of(prepared, &area_of(context, prepared));
    let serve = |area: &Vec<PlannedIdx>| {
        let own = prepared.area(area);
        Reception::new(context, &own, Arc::clone(&limits)).serve()
    };
    let served: Vec<Vec<Option<Placed>>> = areas.par_iter().map(serve).collect();
    let mut placed = vec![None; prepared.requests.len()];
    for (area, places) in areas.iter().zip(served) {
        for (index, place) in area.iter().zip(places) {
            placed[index.index()] = place;
        }
    }
    placed
}

/// An area in which one request after the other is served.
struct Reception<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    finder: Finder<'a, 'c>,
    ledger: Ledger<'c>,
    rooms: Rooms,
    /// Offers by request, filled for the members of one visit on one day.
    offers: Vec<Vec<Offer>>,
    placed: Vec<Option<Placed>>,
}

/// What is preferred among the places of a request: an earlier start, fewer points, an earlier session.
type Wish = (NaiveDateTime, i64, SessionIdx);

/// The same of a visit: the starts ascending, the points of all, then sessions and slots by member.
type JointWish = (Vec<NaiveDateTime>, i64, Vec<(SessionIdx, SlotIdx)>);

impl<'a, 'c> Reception<'a, 'c> {
    fn new(context: &'a Context<'c>, prepared: &'a Prepared, limits: Arc<Limits>) -> Self {
        let nobody = vec![None; prepared.requests.len()];
        Self {
            context,
            prepared,
            finder: Finder::new(context),
            ledger: Ledger::new(context, prepared, &nobody, limits),
            rooms: Rooms::new(context, prepared),
            offers: vec![Vec::new(); prepared.requests.len()],
            placed: nobody,
        }
    }

    fn serve(mut self) -> Vec<Option<Placed>> {
        for party in queue(self.context, self.prepared) {
            let days = 0..self.context.case.policy.horizon_days as usize;
            let found = match party.as_slice() {
                &[alone] => days.map(|day| self.place(alone, day)).find(|found| !found.is_empty()),
                members => days.map(|day| self.place_together(members, day)).find(|found| !found.is_empty()),
            };
            for (index, place) in found.unwrap_or_default() {
                let planned = &self.prepared.requests[index.index()];
                self.ledger.add(self.context, planned, index, &place.offer, place.run);
                self.rooms.take(self.context, place.run);
                self.placed[index.index()] = Some(place);
            }
        }
        self.placed
    }

    /// The offers of a request on a day that the limits have room for.
    fn offers_on(&mut self, index: PlannedIdx, day: usize) -> Vec<(usize, Offer)> {
        let planned = &self.prepared.requests[index.index()];
        let mut found = Vec::new();
        for at in 0..self.rooms.on(planned, day).len() {
            let number = self.rooms.on(planned, day)[at];
            if self.rooms.room(number).is_full() {
                continue;
            }
            let sitting = self.rooms.room(number).sitting;
            for offer in offers_in(self.context, planned, &sitting, &mut self.finder) {
                let full = self.ledger.full(self.context, planned, &offer);
                if matches!(full, Some(Limit::Day(..) | Limit::Session(_))) {
                    self.rooms.close(number);
                }
                if full.is_none() {
                    found.push((number, offer));
                }
            }
        }
        found
    }

    /// The best place of a request on a day.
    fn place(&mut self, index: PlannedIdx, day: usize) -> Vec<(PlannedIdx, Placed)> {
        let planned = &self.prepared.requests[index.index()];
        let offers = self.offers_on(index, day);
        let mut places: Vec<(Wish, usize, Run)> = Vec::new();
        for (at, (room, offer)) in offers.iter().enumerate() {
            let points = inconvenience(self.context, planned, offer);
            let room = self.rooms.room(*room);
            for &run in offer.runs.iter().filter(|run| room.has(**run)) {
                places.push(((self.start_of(run), points, offer.session), at, run));
            }
        }
        places.sort_unstable();
        let fits = |&&(_, at, run): &&(Wish, usize, Run)| {
            self.fits(&[Move { who: index, offer: &offers[at].1, run }])
        };
        let best = places.iter().find(fits);
        best.map(|&(_, at, run)| (index, Placed { offer: offers[at].1.clone(), run })).into_iter().collect()
    }

    /// The best arrangement of a visit on a day.
    fn place_together(&mut self, members: &[PlannedIdx], day: usize) -> Vec<(PlannedIdx, Placed)> {
        for &member in members {
            let mut offers = self.offers_on(member, day);
            for (room, offer) in &mut offers {
                let room = self.rooms.room(*room);
                offer.runs = offer.runs.iter().filter(|run| room.has(**run)).copied().collect();
            }
            self.offers[member.index()] = offers.into_iter().map(|(_, offer)| offer).collect();
        }
        let ways = combinations(self.context, self.prepared, members, &self.offers);
        let mut ways: Vec<(JointWish, Vec<Move<'_>>)> = ways
            .iter()
            .map(|way| {
                let moves: Vec<Move<'_>> = way
                    .iter()
                    .filter_map(|&(who, at, run)| {
                        let offer = &self.offers[who.index()][at];
                        Some(Move { who, offer, run: *offer.runs.get(run.unwrap_or(0))? })
                    })
                    .collect();
                (self.joint_wish(&moves), moves)
            })
            .collect();
        ways.sort_by(|a, b| a.0.cmp(&b.0));
        let best = ways.iter().find(|(_, moves)| self.fits(moves));
        best.into_iter()
            .flat_map(|(_, moves)| moves)
            .map(|one| (one.who, Placed { offer: one.offer.clone(), run: one.run }))
            .collect()
    }

    fn joint_wish(&self, moves: &[Move<'_>]) -> JointWish {
        let mut starts: Vec<NaiveDateTime> = moves.iter().map(|one| self.start_of(one.run)).collect();
        starts.sort_unstable();
        let points =
            |one: &Move<'_>| inconvenience(self.context, &self.prepared.requests[one.who.index()], one.offer);
        let places = moves.iter().map(|one| (one.offer.session, one.run.first)).collect();
        (starts, moves.iter().map(points).sum(), places)
    }

    fn start_of(&self, run: Run) -> NaiveDateTime {
        self.context.case.slots[run.first.index()].start
    }

    /// Whether these moves break no rule beside those placed before.
    fn fits(&self, moves: &[Move<'_>]) -> bool {
        let layout = Layout::new(self.prepared);
        let holds = Holds { context: self.context, prepared: self.prepared, layout, ledger: &self.ledger };
        holds.obstacles(moves).is_empty()
    }
}
