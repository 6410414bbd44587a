//! Part (b): no two of different rank should have each other's very slots.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Repair;
use super::board::Way;
use crate::candidates::{Offer, Run};
use crate::objective::{cost_of, days_late};
use crate::prepare::{Planned, PlannedIdx};
use crate::solve::problem::{JobOption, Place, Span};
use crate::units::Rank;

/// A member of a job, by the position of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seat {
    job: usize,
    place: usize,
}

/// Where a member is, or is to be: the pool, the position among its offers, and the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    pool: u32,
    offer: usize,
    run: Run,
}

/// Who is placed in each pool, the least urgent first.
struct Seats(Vec<Vec<(Reverse<Rank>, PlannedIdx, Seat)>>);

impl Seats {
    fn add(&mut self, pool: u32, entry: (Reverse<Rank>, PlannedIdx, Seat)) {
        let seats = &mut self.0[pool as usize];
        let at = seats.partition_point(|other| (other.0, other.1) < (entry.0, entry.1));
        seats.insert(at, entry);
    }

    fn remove(&mut self, pool: u32, member: PlannedIdx) {
        self.0[pool as usize].retain(|other| other.1 != member);
    }
}

impl Repair<'_> {
    /// Swaps every pair that should be swapped, the more urgent first; says whether any was.
    pub(super) fn exchange(&mut self) -> bool {
        let mut seats = Seats(vec![Vec::new(); self.whole.problem.pools.len()]);
        let mut members: Vec<(Rank, PlannedIdx, Seat)> = Vec::new();
        for (job, of_job) in self.whole.problem.jobs.iter().enumerate() {
            for (place, &member) in of_job.members.iter().enumerate() {
                let (rank, seat) = (self.planned(member).rank, Seat { job, place });
                members.push((rank, member, seat));
                if let Some(spot) = self.spot(seat) {
                    seats.add(spot.pool, (Reverse(rank), member, seat));
                }
            }
        }
        members.sort_unstable_by_key(|&(rank, member, _)| (rank, member));
        let mut changed = false;
        loop {
            let mut moved = false;
            for &(_, _, seat) in &members {
                moved |= self.exchange_one(seat, &mut seats);
            }
            changed |= moved;
            if !moved {
                return changed;
            }
        }
    }

    fn planned(&self, member: PlannedIdx) -> &Planned {
        &self.whole.prepared.requests[member.index()]
    }

    fn offer(&self, member: PlannedIdx, at: usize) -> &Offer {
        &self.whole.offers[member.index()][at]
    }

    fn member(&self, seat: Seat) -> PlannedIdx {
        self.whole.problem.jobs[seat.job].members[seat.place]
    }

    /// Where a member is now.
    fn spot(&self, seat: Seat) -> Option<Spot> {
        let way = self.board.way(seat.job)?;
        let option = &self.whole.problem.jobs[seat.job].options[way.option];
        let place = &option.places[seat.place];
        let at = option.picked(way.pick).nth(seat.place)?;
        Some(Spot { pool: place.pool, offer: place.offer as usize, run: place.spans[at].run })
    }

    fn late(&self, member: PlannedIdx, day: u32) -> i64 {
        days_late(self.whole.context, self.planned(member), i64::from(day))
    }

    /// Gives a member the slots of somebody less urgent who can take its own, where it has fewer points then and
    /// nobody is later.
    fn exchange_one(&mut self, seat: Seat, seats: &mut Seats) -> bool {
        let member = self.member(seat);
        let Some(now) = self.spot(seat) else { return false };
        // A weight of nothing (floored to 0) means that the policy does not mind how long the request waits.
        if self.planned(member).weight == 0 {
            return false;
        }
        for (offer, to) in self.better_offers(seat, now) {
            for at in 0..seats.0[to as usize].len() {
                let (Reverse(rank), other, other_seat) = seats.0[to as usize][at];
                if rank <= self.planned(member).rank {
                    break;
                }
                let Some(theirs) = self.spot(other_seat) else { continue };
                let wanted = Spot { offer, ..theirs };
                let runs = &self.offer(member, offer).runs;
                let found = runs.binary_search_by_key(&wanted.run.first, |run| run.first);
                if found.map(|at| runs[at]) != Ok(wanted.run)
                    || self.late(other, self.offer(member, now.offer).day)
                        > self.late(other, self.offer(other, theirs.offer).day)
                {
                    continue;
                }
                let Some(given) = self.spot_with(other_seat, now) else { continue };
                if self.swap((seat, wanted), (other_seat, given)) {
                    let own_rank = self.planned(member).rank;
                    seats.remove(now.pool, member);
                    seats.remove(to, other);
                    seats.add(to, (Reverse(own_rank), member, seat));
                    seats.add(now.pool, (Reverse(rank), other, other_seat));
                    return true;
                }
            }
        }
        false
    }

    /// Offers with fewer points than now that are not later, the best first, each with its pool.
    fn better_offers(&self, seat: Seat, now: Spot) -> Vec<(usize, u32)> {
        let (whole, member) = (self.whole, self.member(seat));
        let planned = self.planned(member);
        let job = &whole.problem.jobs[seat.job];
        let mut found: Vec<(usize, u32)> = Vec::new();
        if let [_] = job.members.as_slice() {
            let (late, wait) = (whole.layout.late(planned.rank), whole.layout.wait(planned.rank));
            let cost = self.cost(seat.job);
            for option in &job.options[self.board.cheaper(seat.job, cost)] {
                let at = (option.places[0].offer as usize, option.places[0].pool);
                if option.cost[wait] < cost[wait]
                    && option.cost[late] <= cost[late]
                    && found.last() != Some(&at)
                {
                    found.push(at);
                }
            }
            return found;
        }
        let cost = |at: usize| cost_of(whole.context, planned, self.offer(member, at));
        let present = cost(now.offer);
        let place = |option: &JobOption| (option.places[seat.place].offer, option.places[seat.place].pool);
        let places: BTreeSet<(u32, u32)> = job.options.iter().map(place).collect();
        let mut better: Vec<(i64, i64, (usize, u32))> = places
            .into_iter()
            .map(|(at, pool)| (cost(at as usize), (at as usize, pool)))
            .filter(|(cost, _)| cost.wait < present.wait && cost.late <= present.late)
            .map(|(cost, place)| (cost.late, cost.wait, place))
            .collect();
        better.sort_unstable();
        found.extend(better.into_iter().map(|(_, _, place)| place));
        found
    }

    /// The same place by the offer that a member has of it, where it has one.
    fn spot_with(&self, seat: Seat, spot: Spot) -> Option<Spot> {
        let options = self.whole.problem.jobs[seat.job].options.iter();
        let mut places = options.map(|option| &option.places[seat.place]);
        let place = places.find(|place| {
            let at = |span: &Span| span.run.first.cmp(&spot.run.first);
            let found = place.spans.binary_search_by(at);
            place.pool == spot.pool && found.is_ok_and(|at| place.spans[at].run == spot.run)
        })?;
        Some(Spot { offer: place.offer as usize, ..spot })
    }

    /// Swaps two members if every rule is kept then; they may belong to one visit.
    fn swap(&mut self, one: (Seat, Spot), other: (Seat, Spot)) -> bool {
        let (job, partner) = (one.0.job, other.0.job);
        let moves = if job == partner {
            self.way_with(job, &[(one.0.place, one.1), (other.0.place, other.1)]).map(|way| vec![(job, way)])
        } else {
            let way = self.way_with(job, &[(one.0.place, one.1)]);
            let given = way.and_then(|_| self.way_with(partner, &[(other.0.place, other.1)]));
            way.zip(given).map(|(way, given)| vec![(job, way), (partner, given)])
        };
        let Some(moves) = moves else { return false };
        let value = self.board.value.clone();
        let swapped = self.board.change(&moves);
        debug_assert!(!swapped || self.board.value < value, "each step makes the vector smaller");
        swapped
    }

    /// The way of a job that differs from its present one in these places alone.
    fn way_with(&self, job: usize, moves: &[(usize, Spot)]) -> Option<Way> {
        let whole = self.whole;
        let of_job = &whole.problem.jobs[job];
        let mut wanted: Vec<Spot> =
            (0..of_job.members.len()).map(|place| self.spot(Seat { job, place })).collect::<Option<_>>()?;
        let mut cost = self.cost(job).to_vec();
        for &(place, spot) in moves {
            let member = of_job.members[place];
            let planned = self.planned(member);
            let mut change = |at: usize, sign: i64| {
                let mut own = vec![0; cost.len()];
                cost_of(whole.context, planned, self.offer(member, at)).add_to(
                    whole.layout,
                    planned.rank,
                    &mut own,
                );
                for (cost, own) in cost.iter_mut().zip(own) {
                    *cost += sign * own;
                }
            };
            change(wanted[place].offer, -1);
            change(spot.offer, 1);
            wanted[place] = spot;
        }
        // Options ascend by cost.
        let from = of_job.options.partition_point(|option| option.cost[..] < cost[..]);
        let equal = of_job.options[from..].iter().take_while(|option| option.cost[..] == cost[..]);
        for (at, option) in equal.enumerate() {
            let span = |(place, spot): (&Place, &Spot)| {
                let found = place.spans.iter().position(|span| span.run == spot.run);
                found.filter(|_| place.offer as usize == spot.offer)
            };
            let spans: Option<Vec<usize>> = option.places.iter().zip(&wanted).map(span).collect();
            if let Some(spans) = spans {
                return Some(Way { option: from + at, pick: option.pick_of(spans.into_iter()) });
            }
        }
        None
    }
}
