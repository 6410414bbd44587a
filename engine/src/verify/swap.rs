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
        if points_now <= 0 {
            continue;
        }
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
                let Some(taken) = candidate(view, ask, session, channel, first)
                    .filter(|taken| taken.slots == other_place.slots)
                    .filter(|taken| points(view, ask, Some(taken)) < points_now)
                else {
                    continue;
                };
                let Some(given) = candidate_at(view, other_ask, place.session, &place.slots) else {
                    continue;
                };
                if exchange_allowed(&mut ledger, (urgent, &taken), (other, &given)) {
                    let message = format!(
                        "{} (rank {}) and {} (rank {}) could have each other's slots: the more urgent would have {} points instead of {points_now}, and neither would be later",
                        ask.id(),
                        ask.rank,
                        other_ask.id(),
                        other_ask.rank,
                        points(view, ask, Some(&taken)),
                    );
                    let slots = place.slot_ids(view).into_iter().chain(other_place.slot_ids(view));
                    out.add_with_slots(Rule::GuaranteeB, message, [ask.id(), other_ask.id()], slots);
                }
            }
        }
    }
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
