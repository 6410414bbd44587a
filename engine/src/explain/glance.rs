//! What holds the starts of a request, start by start: whatever does not depend on the start is looked up once.
//!
//! The kinds found are those of `Holds::telling`; a debug build compares them.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::hold::{Holds, Kind};
use super::ledger::Seat;
use super::ways::{Move, Way};
use crate::candidates::Offer;
use crate::prepare::{Link, PlannedIdx};
use crate::solve::Limit;

/// A look at all ways to place a request.
pub(super) struct Glance<'e, 'c> {
    holds: Holds<'e, 'c>,
    who: PlannedIdx,
    own: Option<Own>,
    /// The offer looked at last, and what holds all of its starts.
    offer: Option<(&'e Offer, OfDay)>,
}

/// What is the same for all ways of a request on its own.
struct Own {
    /// Whether it is tied by a link, on either side.
    linked: bool,
    /// The patient's other appointments.
    of_patient: Vec<Seat>,
    /// What it uses of limits where it is now.
    uses: Vec<(Limit, i64)>,
    /// The last date before which there are no calls left beside those for others, and none even without them.
    calls_full: Option<NaiveDate>,
    calls_never: Option<NaiveDate>,
}

/// What is the same for all starts of one offer.
struct OfDay {
    /// The first kind of limit without room even while nobody else is placed.
    never: Option<Kind>,
    /// The first kind of limit without room.
    full: Option<Kind>,
    /// When the practitioner is taken, by whom, and in which group slot.
    taken: Vec<(Seat, Kind)>,
}

impl<'e, 'c> Glance<'e, 'c> {
    /// For a request that is placed by this offer now, if it is.
    pub fn new(holds: Holds<'e, 'c>, who: PlannedIdx, now: Option<&Offer>) -> Self {
        let alone = holds.prepared.requests[who.index()].visit.is_none();
        let own = alone.then(|| Own::new(&holds, who, now));
        Self { holds, who, own, offer: None }
    }

    /// The most telling thing in the way.
    pub fn kind(&mut self, way: &Way<'_, 'e>) -> Kind {
        let generic = |holds: &Holds<'_, '_>| holds.telling(self.who, way.moves, &holds.obstacles(way.moves));
        let (Some(own), [one]) = (&self.own, way.moves) else { return generic(&self.holds) };
        let seat = Seat::new(self.holds.context, one.offer, one.run);
        if seat.group.is_some() || seat.slots_end.date() != seat.date() {
            return generic(&self.holds);
        }
        if self.offer.as_ref().is_none_or(|(offer, _)| !std::ptr::eq(*offer, one.offer)) {
            self.offer = Some((one.offer, OfDay::new(&self.holds, self.who, own, one.offer, &seat)));
        }
        let found = self.offer.as_ref().map_or(Kind::Free, |(_, of_day)| {
            of_day.never.unwrap_or_else(|| own.kind_at(&self.holds, one, &seat, of_day))
        });
        debug_assert_eq!(found, generic(&self.holds), "a glance sees what a look does");
        found
    }
}

impl Own {
    fn new(holds: &Holds<'_, '_>, who: PlannedIdx, now: Option<&Offer>) -> Self {
        let Holds { context, prepared, ledger, .. } = holds;
        let planned = &prepared.requests[who.index()];
        let others = ledger.of_patient(&context.request(planned).patient_id).iter();
        let uses = now.map_or_else(Vec::new, |now| ledger.limits.uses(context, planned, now));
        let (mut calls_full, mut calls_never) = (None, None);
        for limit in ledger.limits.of_calls(context, planned, 0) {
            if let Limit::Calls(_, date) = limit {
                let left = ledger.limits.left(limit).unwrap_or(i64::MAX);
                if left < 1 {
                    calls_never = Some(date);
                }
                if left_beside(holds, &uses, limit) < 1 {
                    calls_full = Some(date);
                }
            }
        }
        Self {
            linked: matches!(planned.link, Link::After { .. }) || !ledger.followers[who.index()].is_empty(),
            of_patient: others
                .filter(|&&other| other != who)
                .filter_map(|&other| ledger.seat(other).copied())
                .collect(),
            uses,
            calls_full,
            calls_never,
        }
    }

    fn kind_at(&self, holds: &Holds<'_, '_>, one: &Move<'_>, seat: &Seat, of_day: &OfDay) -> Kind {
        if self.linked && holds.breaks_link(one.who, seat) {
            return Kind::Link;
        }
        let travel = TimeDelta::minutes(i64::from(holds.context.case.policy.travel_minutes));
        if self.of_patient.iter().any(|other| seat.clashes(other, travel)) {
            return Kind::Patient;
        }
        let overlaps = |(other, kind): &(Seat, Kind)| {
            (seat.start < other.slots_end && other.start < seat.slots_end).then_some(*kind)
        };
        let taken = of_day.taken.iter().filter_map(overlaps).min();
        taken.or(of_day.full).unwrap_or(Kind::Free)
    }
}

impl OfDay {
    fn new(holds: &Holds<'_, '_>, who: PlannedIdx, own: &Own, offer: &Offer, seat: &Seat) -> Self {
        let Holds { context, prepared, ledger, .. } = holds;
        let planned = &prepared.requests[who.index()];
        let on_or_before = |last: Option<NaiveDate>| last.is_some_and(|last| seat.date() <= last);
        let mut never = on_or_before(own.calls_never).then_some(Kind::Calls);
        let mut full = on_or_before(own.calls_full).then_some(Kind::Calls);
        let first = |kinds: &mut Option<Kind>, kind: Kind| {
            *kinds = Some(kinds.map_or(kind, |other| other.min(kind)));
        };
        for (limit, amount) in ledger.limits.uses_of_sitting(context, planned, offer) {
            if ledger.limits.left(limit).is_some_and(|left| left < amount) {
                first(&mut never, Kind::of_limit(limit));
            }
            if left_beside(holds, &own.uses, limit) < amount {
                first(&mut full, Kind::of_limit(limit));
            }
        }
        let midnight = NaiveDateTime::from(seat.date());
        let at_work = ledger.at_work_around(*seat).filter(|&(other, _)| other != who);
        let taken = at_work
            .filter(|(_, other)| other.slots_end > midnight)
            .map(|(other, at)| (*at, holds.compare(who, other)))
            .collect();
        Self { never, full, taken }
    }
}

/// What is left of a limit beside what others use.
fn left_beside(holds: &Holds<'_, '_>, own: &[(Limit, i64)], limit: Limit) -> i64 {
    let own: i64 = own.iter().filter(|(other, _)| *other == limit).map(|(_, amount)| amount).sum();
    let used = holds.ledger.used(limit) - own;
    holds.ledger.limits.left(limit).unwrap_or(i64::MAX).saturating_sub(used)
}
