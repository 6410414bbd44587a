//! SPEC section 5, the priority guarantee, part (b): no two placed requests of different rank should have each
//! other's very slots.
//!
//! Each must be a candidate of the other with exactly the same slots, every rule of section 4 kept once both have
//! changed places; the more urgent has fewer points, neither is later than before.

use std::collections::BTreeMap;

use super::asks::Asks;
use super::findings::Findings;
use super::ledger::{Ledger, Limits};
use super::objective::{days_late, points};
use super::place::{Place, candidate, candidate_at, serving};
use super::rule::Rule;
use super::view::View;
use crate::units::SessionIdx;

/// Checks every pair.
pub(super) fn check(view: &View, asks: &Asks, limits: &Limits, places: &[Option<Place>], out: &mut Findings) {
    let mut in_session: BTreeMap<SessionIdx, Vec<(usize, &Place)>> = BTreeMap::new();
    let mut ledger = Ledger::new(view, asks, limits);
    for (ask, place) in places.iter().enumerate() {
        if let Some(place) = place {
            in_session.entry(place.session).or_default().push((ask, place));
            ledger.add(ask, place);
        }
    }
    for (urgent, place) in places.iter().enumerate() {
        let Some(place) = place else { continue };
        let ask = &asks.all[urgent];
        let (points_now, late_now) = (points(view, ask, Some(place)), days_late(view, ask, Some(place)));
        // A weight of nothing (floored to 0) means that the policy does not mind how long the request waits.
        if points_now <= 0 || ask.weight == 0 {
            continue;
        }
        let mut partners = Vec::new();
        for (session, channel) in serving(view, ask) {
            for &(other, other_place) in in_session.get(&session).into_iter().flatten() {
                let other_ask = &asks.all[other];
                if other_ask.rank <= ask.rank
                    || days_late(view, ask, Some(other_place)) > late_now
                    || days_late(view, other_ask, Some(place)) > days_late(view, other_ask, Some(other_place))
                {
                    continue;
                }
                let first = view.position(other_place.slots[0]);
                let taken = candidate(view, ask, session, channel, first)
                    .filter(|taken| taken.slots == other_place.slots)
                    .filter(|taken| points(view, ask, Some(taken)) < points_now);
                let given =
                    taken.as_ref().and_then(|_| candidate_at(view, other_ask, place.session, &place.slots));
                if let (Some(taken), Some(given)) = (taken, given)
                    && exchange_allowed(&mut ledger, (urgent, &taken), (other, &given))
                {
                    partners.push((other, points(view, ask, Some(&taken))));
                }
            }
        }
        report(view, asks, places, urgent, &partners, out);
    }
}

/// One violation for a request, with all who hold what it should have; the one with the fewest points in words.
fn report(
    view: &View,
    asks: &Asks,
    places: &[Option<Place>],
    urgent: usize,
    partners: &[(usize, i64)],
    out: &mut Findings,
) {
    let Some(&(best, points_then)) = partners.iter().min_by_key(|(_, points)| *points) else { return };
    let (ask, other) = (&asks.all[urgent], &asks.all[best]);
    let more = match partners.len() - 1 {
        0 => String::new(),
        count => format!("; so it is with {count} more"),
    };
    let message = format!(
        "{} (rank {}) and {} (rank {}) could have each other's slots: the more urgent would have {points_then} points instead of {}, and neither would be later{more}",
        ask.id(),
        ask.rank,
        other.id(),
        other.rank,
        points(view, ask, places[urgent].as_ref()),
    );
    let requests =
        std::iter::once(ask.id()).chain(partners.iter().map(|&(partner, _)| asks.all[partner].id()));
    let concerned = [&places[urgent], &places[best]].into_iter().flatten();
    out.add_with_slots(Rule::GuaranteeB, message, requests, concerned.flat_map(|place| place.slot_ids(view)));
}

/// Whether both could change places, every rule kept; the ledger is left as it was.
fn exchange_allowed(ledger: &mut Ledger, one: (usize, &Place), other: (usize, &Place)) -> bool {
    let before = [one.0, other.0].map(|ask| (ask, ledger.place_of(ask).cloned()));
    ledger.remove(one.0);
    ledger.remove(other.0);
    let mut allowed = ledger.fits(one.0, one.1);
    ledger.add(one.0, one.1);
    allowed = allowed && ledger.fits(other.0, other.1);
    ledger.add(other.0, other.1);
    // Only now: they may be linked to one another, or members of one visit.
    allowed = allowed && ledger.coheres(one.0, one.1) && ledger.coheres(other.0, other.1);
    for (ask, place) in before {
        ledger.remove(ask);
        if let Some(place) = place {
            ledger.add(ask, &place);
        }
    }
    allowed
}
