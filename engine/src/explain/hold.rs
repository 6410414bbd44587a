//! What holds a way to place a request: every rule of SPEC section 4 that the rest of the plan leaves no room for.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::ledger::{Ledger, Seat};
use super::ways::Move;
use crate::candidates::Context;
use crate::objective::Layout;
use crate::prepare::{Link, PlannedIdx, Prepared};
use crate::solve::Limit;

/// One thing in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// 4.6: it comes after this request by certain days, and that one has no place.
    Waits(PlannedIdx),
    /// 4.6: it comes after this request, and the days between would not be those asked for.
    After(PlannedIdx),
    /// 4.6: this request comes after it, and the days between would not be those asked for.
    Before(PlannedIdx),
    /// 4.5: the patient's other appointment of this plan.
    Patient(PlannedIdx),
    /// 4.1: the practitioner sees these at that time, or they fill the group slot.
    Taken(Vec<PlannedIdx>),
    /// 4.2 to 4.4: a limit with too little left.
    Full(Limit),
}

/// What kind of thing keeps a start from a request: the most telling obstacle alone.
///
/// What is the patient's own comes first, then who is there, then limits: a free slot that a limit closes is told
/// from a slot in which somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// The days to a linked appointment.
    Link,
    /// The patient's other appointment.
    Patient,
    /// Somebody of a better rank.
    MoreUrgent,
    /// Somebody of a lower rank, left out only after this one: their last date comes first (SPEC section 5).
    LastDate,
    /// Somebody of the same rank.
    AsUrgent,
    /// Somebody of a lower rank.
    LessUrgent,
    /// Contacts of the practitioner or the session.
    Cap,
    /// The reserve for new demand.
    Reserve,
    /// Calls.
    Calls,
    /// Nothing. In a proven plan such a place is worth no more than the one it has, or than none: a weight of 0, or
    /// an inconvenience larger than that of being left out.
    Free,
}

impl Kind {
    /// Its name for other programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Link => "linked",
            Self::Patient => "own-appointment",
            Self::MoreUrgent => "more-urgent",
            Self::LastDate => "last-date",
            Self::AsUrgent => "same-rank",
            Self::LessUrgent => "less-urgent",
            Self::Cap => "cap",
            Self::Reserve => "reserve",
            Self::Calls => "calls",
            Self::Free => "free",
        }
    }

    /// What a limit that is full comes under.
    pub fn of_limit(limit: Limit) -> Self {
        match limit {
            Limit::Day(..) | Limit::Session(_) => Self::Cap,
            Limit::Reserve(..) => Self::Reserve,
            Limit::Calls(..) => Self::Calls,
        }
    }

    /// `3 held by more urgent patients`.
    pub fn held(self, count: usize, proven: bool) -> String {
        let patients = if count == 1 { "a patient" } else { "patients" };
        match self {
            Self::Link => format!("{count} outside the days asked for from a linked appointment"),
            Self::Patient => format!("{count} too near another new appointment of the patient"),
            Self::MoreUrgent if count == 1 => "1 held by a more urgent patient".to_owned(),
            Self::MoreUrgent => format!("{count} held by more urgent patients"),
            Self::LastDate => format!("{count} held by {patients} whose last date comes first"),
            Self::AsUrgent => format!("{count} held by {patients} of the same rank"),
            Self::LessUrgent => {
                let who = if count == 1 { "a less urgent patient" } else { "less urgent patients" };
                let why = " who cannot move without somebody being late or somebody as urgent waiting longer";
                format!("{count} held by {who}{}", if proven { why } else { "" })
            }
            Self::Cap => format!("{count} closed by the cap on contacts"),
            Self::Reserve => format!("{count} kept in reserve for new demand"),
            Self::Calls => format!("{count} before all can be called"),
            Self::Free if proven => {
                format!("{count} free, but by this policy no better than no place")
            }
            Self::Free => format!("{count} free: this plan is not proven to be the best"),
        }
    }
}

/// Looks up what is in the way.
#[derive(Clone, Copy)]
pub(crate) struct Holds<'e, 'c> {
    pub context: &'e Context<'c>,
    pub prepared: &'e Prepared,
    pub layout: Layout,
    pub ledger: &'e Ledger<'c>,
}

impl Holds<'_, '_> {
    /// Everything in the way of these moves, made together, while everybody else stays.
    pub fn obstacles(&self, moves: &[Move<'_>]) -> Vec<Obstacle> {
        let moving = |index: PlannedIdx| moves.iter().any(|one| one.who == index);
        let seats: Vec<Seat> = moves.iter().map(|one| Seat::new(self.context, one.offer, one.run)).collect();
        let mut found = Vec::new();
        for (one, seat) in moves.iter().zip(&seats) {
            self.links(one.who, seat, &moving, &mut found);
        }
        let travel = TimeDelta::minutes(i64::from(self.context.case.policy.travel_minutes));
        for (one, seat) in moves.iter().zip(&seats) {
            let planned = &self.prepared.requests[one.who.index()];
            for &other in self.ledger.of_patient(&self.context.request(planned).patient_id) {
                let clash = |other: &Seat| seat.clashes(other, travel);
                if !moving(other) && self.ledger.seat(other).is_some_and(clash) {
                    found.push(Obstacle::Patient(other));
                }
            }
        }
        for seat in &seats {
            let mut by: Vec<PlannedIdx> =
                self.ledger.colliding(*seat).filter(|&other| !moving(other)).collect();
            if let Some(slot) = seat.group {
                let others = || self.ledger.in_group(slot).iter().copied().filter(|&other| !moving(other));
                let own = seats.iter().filter(|other| other.shares(seat)).count();
                let places = self.context.case.slots[slot.index()].places.unwrap_or(0) as usize;
                if others().count() + own > places {
                    by.extend(others());
                }
            }
            if !by.is_empty() {
                by.sort_unstable();
                by.dedup();
                found.push(Obstacle::Taken(by));
            }
        }
        self.limits(moves, &moving, &mut found);
        found
    }

    fn links(
        &self,
        who: PlannedIdx,
        seat: &Seat,
        moving: &impl Fn(PlannedIdx) -> bool,
        found: &mut Vec<Obstacle>,
    ) {
        // Links inside a visit are kept by every way to book it.
        if let Link::After { other, min_days, max_days } = self.prepared.requests[who.index()].link
            && !moving(other)
        {
            match self.ledger.seat(other) {
                None => found.push(Obstacle::Waits(other)),
                Some(before) => {
                    if !seat.follows(before.start, before.end, min_days, max_days) {
                        found.push(Obstacle::After(other));
                    }
                }
            }
        }
        for &follower in &self.ledger.followers[who.index()] {
            let Link::After { min_days, max_days, .. } = self.prepared.requests[follower.index()].link else {
                continue;
            };
            if let (false, Some(after)) = (moving(follower), self.ledger.seat(follower))
                && !after.follows(seat.start, seat.end, min_days, max_days)
            {
                found.push(Obstacle::Before(follower));
            }
        }
    }

    /// Whether a link of the request is not kept in this seat.
    pub fn breaks_link(&self, who: PlannedIdx, seat: &Seat) -> bool {
        let mut found = Vec::new();
        self.links(who, seat, &|other| other == who, &mut found);
        !found.is_empty()
    }

    fn limits(&self, moves: &[Move<'_>], moving: &impl Fn(PlannedIdx) -> bool, found: &mut Vec<Obstacle>) {
        let seated = moves.iter().any(|one| self.ledger.seat(one.who).is_some());
        for (limit, amount) in self.asked(moves) {
            if amount > self.left(limit, seated, moving) {
                found.push(Obstacle::Full(limit));
            }
        }
    }

    /// Whether the limits have room for these moves while nobody else is placed.
    pub fn within_limits(&self, moves: &[Move<'_>]) -> bool {
        self.asked(moves)
            .into_iter()
            .all(|(limit, amount)| self.ledger.limits.left(limit).is_none_or(|left| amount <= left))
    }

    /// How much of each limit these moves would use.
    fn asked(&self, moves: &[Move<'_>]) -> BTreeMap<Limit, i64> {
        let mut asked: BTreeMap<Limit, i64> = BTreeMap::new();
        for one in moves {
            let planned = &self.prepared.requests[one.who.index()];
            for (limit, amount) in self.ledger.limits.uses(self.context, planned, one.offer) {
                *asked.entry(limit).or_default() += amount;
            }
        }
        asked
    }

    /// What is left of a limit beside those who do not move; whether any who moves has a seat.
    fn left(&self, limit: Limit, seated: bool, moving: &impl Fn(PlannedIdx) -> bool) -> i64 {
        let moves = self.ledger.users(limit).iter().filter(|(index, _)| seated && moving(*index));
        let used = self.ledger.used(limit) - moves.map(|(_, amount)| amount).sum::<i64>();
        self.ledger.limits.left(limit).unwrap_or(i64::MAX).saturating_sub(used)
    }

    /// How somebody else's claim compares with this request's.
    pub fn compare(&self, who: PlannedIdx, other: PlannedIdx) -> Kind {
        let (own, theirs) = (&self.prepared.requests[who.index()], &self.prepared.requests[other.index()]);
        match theirs.rank.cmp(&own.rank) {
            std::cmp::Ordering::Less => Kind::MoreUrgent,
            std::cmp::Ordering::Equal => Kind::AsUrgent,
            std::cmp::Ordering::Greater => {
                if self.layout.standing(theirs) < self.layout.standing(own) {
                    Kind::LastDate
                } else {
                    Kind::LessUrgent
                }
            }
        }
    }

    /// The kind of one obstacle.
    pub fn kind(&self, who: PlannedIdx, obstacle: &Obstacle) -> Kind {
        match obstacle {
            Obstacle::Waits(_) | Obstacle::After(_) | Obstacle::Before(_) => Kind::Link,
            Obstacle::Patient(_) => Kind::Patient,
            Obstacle::Taken(by) => {
                by.iter().map(|&other| self.compare(who, other)).min().unwrap_or(Kind::AsUrgent)
            }
            Obstacle::Full(limit) => Kind::of_limit(*limit),
        }
    }

    /// The most telling kind of thing in the way of these moves: a limit that has no room for them even while nobody
    /// else is placed, else the first of all obstacles.
    pub fn telling(&self, who: PlannedIdx, moves: &[Move<'_>], obstacles: &[Obstacle]) -> Kind {
        let never = |obstacle: &&Obstacle| match obstacle {
            Obstacle::Full(limit) => self
                .ledger
                .limits
                .left(*limit)
                .is_some_and(|left| self.asked(moves).get(limit).is_some_and(|&amount| amount > left)),
            _ => false,
        };
        let kind = obstacles.iter().filter(never).map(|obstacle| self.kind(who, obstacle)).min();
        kind.unwrap_or_else(|| self.first_kind(who, obstacles))
    }

    /// The most telling kind among all obstacles.
    pub fn first_kind(&self, who: PlannedIdx, obstacles: &[Obstacle]) -> Kind {
        obstacles.iter().map(|obstacle| self.kind(who, obstacle)).min().unwrap_or(Kind::Free)
    }
}
