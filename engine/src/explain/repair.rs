//! A better plan by hand: a request takes a way, whoever is in it makes room, and goes where there is still a place.
//!
//! What this proves. Let P be a best plan of a case, and r a request that has no place in it, with its visit. A change
//! of what r asks for neither opens nor closes a place to anybody else; every plan without r is a plan of the case
//! before, at costs that differ by what r adds when it is left out, the same for all. So P is still best among the
//! plans without r. If some plan with r costs less than P then, every best plan of the changed case has r in it.
//! Where the change lets others in as well (`also`: the companions, once booked apart; and all who waited for them), a
//! plan without r is one of the case before and these; it can be better than P by no more than what each of them costs
//! less at its best place than when left out. A plan with r that is better than P by more than that proves the same.

use super::Explainer;
use super::hold::{Holds, Kind, Obstacle};
use super::ledger::Ledger;
use super::ways::Move;
use crate::prepare::PlannedIdx;

/// Most requests that make room for one.
const MOST_MOVED: usize = 6;

/// Ways that are tried for one change.
const WAYS: usize = 8;

/// Looks at places that the proofs for one request may take together: the budget, in work and not in seconds.
const LOOKS: u32 = 3_000;

/// A way kept beyond the look at it.
#[derive(Debug, Clone)]
pub(super) struct Kept<'e> {
    cost: Vec<i64>,
    pub(super) moves: Vec<Move<'e>>,
}

/// What the proofs for one request have left to spend.
#[derive(Debug)]
pub(super) struct Looks(u32);

impl Looks {
    pub fn new() -> Self {
        Self(LOOKS)
    }
}

impl Explainer<'_, '_> {
    /// The ways that would be better than where the request is now: those that are free first, then those held by
    /// the less urgent, then by day. As many are looked at as there are looks left.
    pub(super) fn better_ways(&self, index: PlannedIdx, looks: &mut Looks) -> Vec<Kept<'_>> {
        let present = self.present_cost(index);
        let holds = self.holds();
        let mut found = Vec::new();
        self.each_way(index, |way| {
            if looks.0 > 0 && way.cost < present.as_slice() {
                looks.0 -= 1;
                let obstacles = holds.obstacles(way.moves);
                let ease = match holds.first_kind(index, &obstacles) {
                    Kind::Free => 0,
                    Kind::LessUrgent => 1,
                    _ => 2,
                };
                let kept = Kept { cost: way.cost.to_vec(), moves: way.moves.to_vec() };
                found.push(((ease, obstacles.len(), way.day), kept));
            }
        });
        found.sort_by(|a, b| (a.0, &a.1.cost).cmp(&(b.0, &b.1.cost)));
        found.into_iter().map(|(_, way)| way).collect()
    }

    /// Those whom a change lets in besides the request, one of each visit: these and all who waited for them.
    fn let_in(&self, changed: &Explainer<'_, '_>, index: PlannedIdx, also: &[PlannedIdx]) -> Vec<PlannedIdx> {
        let own = changed.job(index);
        let mut found: Vec<PlannedIdx> = also.to_vec();
        let mut next = 0;
        while let Some(&other) = found.get(next) {
            next += 1;
            for member in changed.job(other) {
                for &follower in &self.ledger.followers[member.index()] {
                    let first = changed.job(follower)[0];
                    let known = own.contains(&first) || found.iter().any(|one| changed.job(*one)[0] == first);
                    if !known && self.ledger.seat(follower).is_none() {
                        found.push(first);
                    }
                }
            }
        }
        found
    }

    /// Whether every best plan has the request in it once its wish is changed so (see above); false where this
    /// cannot be told by hand.
    pub(super) fn proves(
        &self,
        changed: &Explainer<'_, '_>,
        index: PlannedIdx,
        also: &[PlannedIdx],
        looks: &mut Looks,
    ) -> bool {
        if !self.proven {
            return false;
        }
        let ways = changed.better_ways(index, looks);
        if ways.is_empty() {
            return false;
        }
        let mut slack = vec![0_i64; self.layout.len()];
        for other in self.let_in(changed, index, also) {
            let known = !changed.offers_of(other).is_empty();
            let explainer = if known { changed } else { self };
            let mut least = changed.present_cost(other);
            let left_out = least.clone();
            explainer.each_way(other, |way| {
                if way.cost < least.as_slice() {
                    least.copy_from_slice(way.cost);
                }
            });
            for (sum, (left_out, least)) in slack.iter_mut().zip(left_out.iter().zip(&least)) {
                *sum += left_out - least;
            }
        }
        let mut repair = Repair {
            base: self,
            changed,
            ledger: Ledger::clone(&changed.ledger),
            out: Vec::new(),
            put: Vec::new(),
            more: slack.clone(),
        };
        let last = (!also.is_empty()).then_some(None);
        ways.iter().take(WAYS).map(Some).chain(last).any(|way| {
            let better = repair.attempt(index, way, also, looks) && repair.more < vec![0; slack.len()];
            repair.undo();
            repair.more.clone_from(&slack);
            better
        })
    }
}

/// One attempt after the other.
struct Repair<'e> {
    /// Knows every offer but those that the change gives.
    base: &'e Explainer<'e, 'e>,
    /// Knows those.
    changed: &'e Explainer<'e, 'e>,
    ledger: Ledger<'e>,
    /// Those who were taken out of their places, in that order.
    out: Vec<PlannedIdx>,
    /// Those who were put somewhere.
    put: Vec<Move<'e>>,
    /// What the plan costs more than it did.
    more: Vec<i64>,
}

impl<'e> Repair<'e> {
    /// Puts a request into a way, and all who must make room somewhere else; without a way it goes last, to where
    /// there is still a place. False where that cannot be.
    fn attempt(
        &mut self,
        index: PlannedIdx,
        way: Option<&Kept<'e>>,
        also: &[PlannedIdx],
        looks: &mut Looks,
    ) -> bool {
        for &other in also {
            self.take_out(other);
        }
        self.take_out(index);
        if let Some(way) = way {
            if !self.make_room(&way.moves, looks) {
                return false;
            }
            self.put_in(way);
        }
        let mut waiting: Vec<PlannedIdx> = also.to_vec();
        waiting.extend(self.out.iter().copied().filter(|&out| self.ledger.seat(out).is_none()));
        let mut next = 0;
        while let Some(&who) = waiting.get(next) {
            next += 1;
            let job = self.changed.job(who);
            if waiting[..next - 1].iter().any(|other| job.contains(other)) {
                continue;
            }
            if self.ledger.seat(who).is_some() || self.put_anywhere(who, looks) {
                continue;
            }
            // Whoever is linked after one that is left out now has to go as well.
            for member in job {
                for follower in self.ledger.followers[member.index()].clone() {
                    if self.ledger.seat(follower).is_none() {
                        continue;
                    }
                    if self.put.iter().any(|one| one.who == follower) || waiting.len() > 2 * MOST_MOVED {
                        return false;
                    }
                    self.take_out(follower);
                    waiting.push(follower);
                }
            }
        }
        self.ledger.seat(index).is_some()
    }

    /// Takes whoever is in the way of these moves out of the plan, the last in standing first.
    fn make_room(&mut self, moves: &[Move<'_>], looks: &mut Looks) -> bool {
        loop {
            let holds = Holds { ledger: &self.ledger, ..self.changed.holds() };
            looks.0 = looks.0.saturating_sub(1);
            let obstacles = holds.obstacles(moves);
            let Some(first) = obstacles.first() else { return true };
            let standing = |who: &PlannedIdx| {
                let planned = &self.changed.prepared.requests[who.index()];
                (self.changed.layout.standing(planned), planned.target, *who)
            };
            let who = match first {
                Obstacle::Waits(_) => None,
                Obstacle::After(other) | Obstacle::Before(other) | Obstacle::Patient(other) => Some(*other),
                Obstacle::Taken(by) => by.iter().copied().max_by_key(standing),
                Obstacle::Full(limit) => {
                    let users = self.ledger.users(*limit).iter().map(|(who, _)| *who);
                    users.filter(|who| moves.iter().all(|one| one.who != *who)).max_by_key(standing)
                }
            };
            match who {
                Some(who) if self.out.len() < MOST_MOVED => self.take_out(who),
                _ => return false,
            }
        }
    }

    /// Takes a request and its companions out of where they are in the plan.
    fn take_out(&mut self, who: PlannedIdx) {
        let cost = self.changed.present_cost(who);
        for (more, cost) in self.more.iter_mut().zip(&cost) {
            *more -= cost;
        }
        for member in self.changed.job(who) {
            let planned = &self.changed.prepared.requests[member.index()];
            if let Some(placed) = &self.changed.placed[member.index()] {
                self.ledger.remove(self.changed.context, planned, member, &placed.offer);
            }
            self.out.push(member);
        }
    }

    fn put_in(&mut self, way: &Kept<'e>) {
        for one in &way.moves {
            let planned = &self.changed.prepared.requests[one.who.index()];
            self.ledger.add(self.changed.context, planned, one.who, one.offer, one.run);
            self.put.push(*one);
        }
        for (more, cost) in self.more.iter_mut().zip(&way.cost) {
            *more += cost;
        }
    }

    /// Puts a request that is out into the best place that is free, or leaves it out: then it says false.
    fn put_anywhere(&mut self, who: PlannedIdx, looks: &mut Looks) -> bool {
        let known = !self.changed.offers_of(who).is_empty();
        let explainer = if known { self.changed } else { self.base };
        let holds = Holds { ledger: &self.ledger, ..self.changed.holds() };
        let mut left_out = vec![0_i64; self.more.len()];
        for member in self.changed.job(who) {
            explainer.add_cost(member, None, &mut left_out);
        }
        let mut best: Option<Kept<'e>> = None;
        explainer.each_way(who, |way| {
            let than = best.as_ref().map_or(left_out.as_slice(), |best| best.cost.as_slice());
            if looks.0 > 0 && way.cost < than {
                looks.0 -= 1;
                if holds.obstacles(way.moves).is_empty() {
                    best = Some(Kept { cost: way.cost.to_vec(), moves: way.moves.to_vec() });
                }
            }
        });
        if let Some(best) = best {
            self.put_in(&best);
            return true;
        }
        for (more, cost) in self.more.iter_mut().zip(&left_out) {
            *more += cost;
        }
        false
    }

    /// Everybody is where they are in the plan again.
    fn undo(&mut self) {
        for one in std::mem::take(&mut self.put) {
            let planned = &self.changed.prepared.requests[one.who.index()];
            self.ledger.remove(self.changed.context, planned, one.who, one.offer);
        }
        for who in std::mem::take(&mut self.out) {
            let planned = &self.changed.prepared.requests[who.index()];
            if let (None, Some(placed)) = (self.ledger.seat(who), &self.changed.placed[who.index()]) {
                self.ledger.add(self.changed.context, planned, who, &placed.offer, placed.run);
            }
        }
    }
}
