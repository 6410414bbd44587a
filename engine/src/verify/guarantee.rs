//! SPEC section 5, the priority guarantee, part (a).
//!
//! How the text is read here:
//! - The mover takes one candidate (section 3); everybody who stays, and the mover, keep every rule of section 4.
//! - Whoever may be displaced is left out: of later standing than the entry in question, with all whom they take
//!   along (visit companions, those linked after them, and so on), each of them of later standing too.
//! - Whom the mover comes after stays, and so does everybody whose leaving would take one of those along.
//! - The mover takes the candidate alone. A member of a visit of two or more cannot: unplaced, its companions would
//!   be without a place; placed, it must stay on their date, so that it is as late as before. Such members are
//!   therefore passed over.
//! - A request of weight 0 has no part to lower and adds nothing to window.

use super::asks::{Asks, Link};
use super::findings::Findings;
use super::ledger::{Ledger, Limits};
use super::objective::{days_late, in_window_entry, standing};
use super::place::{Place, candidate, serving};
use super::rule::Rule;
use super::view::View;

/// Checks every request that is late, or unplaced with a window.
pub(super) fn check(view: &View, asks: &Asks, limits: &Limits, places: &[Option<Place>], out: &mut Findings) {
    let firmness = firmness(asks, places);
    for entry in 0..=asks.ranks.count {
        let movers: Vec<usize> = (0..asks.all.len())
            .filter(|&ask| entry_to_lower(view, asks, places, ask) == Some(entry))
            .collect();
        if movers.is_empty() {
            continue;
        }
        let mut ledger = Ledger::new(view, asks, limits);
        for (ask, place) in places.iter().enumerate() {
            if let (Some(place), true) = (place, firmness[ask] <= entry) {
                ledger.add(ask, place);
            }
        }
        for mover in movers {
            let kept: Vec<usize> = needed_by(asks, mover)
                .into_iter()
                .filter(|&ask| ledger.place_of(ask).is_none() && places[ask].is_some())
                .collect();
            ledger.remove(mover);
            for &ask in &kept {
                if let Some(place) = &places[ask] {
                    ledger.add(ask, place);
                }
            }
            if let Some(place) = better_place(view, asks, &ledger, places, mover) {
                report(view, asks, &ledger, places, mover, &place, out);
            }
            for ask in kept {
                ledger.remove(ask);
            }
            if let Some(place) = &places[mover] {
                ledger.add(mover, place);
            }
        }
    }
}

/// The entry that a request might lower by another place: window where it adds to that, else its late entry where
/// it has a part in that.
fn entry_to_lower(view: &View, asks: &Asks, places: &[Option<Place>], index: usize) -> Option<u32> {
    let ask = &asks.all[index];
    let place = places[index].as_ref();
    if ask.weight == 0 || ask.visit.is_some() {
        None
    } else if place.is_none() && in_window_entry(asks, ask) {
        Some(asks.ranks.window_entry())
    } else {
        (days_late(view, ask, place) > 0).then(|| asks.ranks.late_entry(ask.rank))
    }
}

/// For each placed request the earliest standing among those who would go with it, itself included: it may be
/// displaced for the sake of any entry before that one.
fn firmness(asks: &Asks, places: &[Option<Place>]) -> Vec<u32> {
    (0..asks.all.len())
        .map(|ask| {
            let goes_along = |ask: usize| {
                let companions = asks.all[ask].visit.map_or(&[][..], |visit| &asks.visits[visit]);
                companions
                    .iter()
                    .chain(&asks.followers[ask])
                    .copied()
                    .filter(|&other| places[other].is_some())
            };
            let group = reach([ask], goes_along);
            group.into_iter().map(|ask| standing(asks, &asks.all[ask])).min().unwrap_or(0)
        })
        .collect()
}

/// Those who must stay for the mover's sake: whom it comes after, directly or through others, and those whose
/// leaving would take one of these along.
fn needed_by(asks: &Asks, mover: usize) -> Vec<usize> {
    let before = |ask: usize| match asks.all[ask].link {
        Link::After(other) => Some(other),
        _ => None,
    };
    reach(before(mover), |ask| {
        let companions = asks.all[ask].visit.map_or(&[][..], |visit| &asks.visits[visit]);
        companions.iter().copied().chain(before(ask))
    })
}

/// Everything that can be reached from these by those steps, the start included.
fn reach<I: IntoIterator<Item = usize>>(
    from: impl IntoIterator<Item = usize>,
    steps: impl Fn(usize) -> I,
) -> Vec<usize> {
    let mut reached: Vec<usize> = from.into_iter().collect();
    let mut next = 0;
    while let Some(&current) = reached.get(next) {
        for other in steps(current) {
            if !reached.contains(&other) {
                reached.push(other);
            }
        }
        next += 1;
    }
    reached
}

/// A place that would lower the mover's entry.
fn better_place(
    view: &View,
    asks: &Asks,
    ledger: &Ledger,
    places: &[Option<Place>],
    mover: usize,
) -> Option<Place> {
    let ask = &asks.all[mover];
    let now = places[mover].as_ref();
    let saves_window = now.is_none() && in_window_entry(asks, ask);
    let late_now = days_late(view, ask, now);
    for (session, channel) in serving(view, ask) {
        // The cheap questions first: nearly every slot falls to one of them. A session is of one date, as a rule.
        let mut open = None;
        for (first, &slot) in view.slots_of(session).iter().enumerate() {
            let date = view.slot(slot).start.date();
            let late = (date - ask.target).num_days().max(0);
            if (late >= late_now && !saves_window) || !ledger.has_room(&[slot]) {
                continue;
            }
            let (_, within_caps) = open
                .filter(|(of, _)| *of == date)
                .unwrap_or_else(|| (date, ledger.within_caps(session, date)));
            open = Some((date, within_caps));
            if !within_caps {
                continue;
            }
            let place = candidate(view, ask, session, channel, first);
            if let Some(place) = place.filter(|place| ledger.allows(mover, place)) {
                return Some(place);
            }
        }
    }
    None
}

fn report(
    view: &View,
    asks: &Asks,
    ledger: &Ledger,
    places: &[Option<Place>],
    mover: usize,
    place: &Place,
    out: &mut Findings,
) {
    let ask = &asks.all[mover];
    let holders: Vec<&str> = (0..asks.all.len())
        .filter(|&other| other != mover && ledger.place_of(other).is_none())
        .filter(|&other| {
            places[other].as_ref().is_some_and(|at| at.slots.iter().any(|s| place.slots.contains(s)))
        })
        .map(|other| asks.all[other].id())
        .collect();
    let by = match holders.as_slice() {
        [] => "once requests of later standing are left out".to_owned(),
        ids => format!("which {} of later standing holds", ids.join(", ")),
    };
    let now = match &places[mover] {
        Some(_) => format!("{} days late", days_late(view, ask, places[mover].as_ref())),
        None => "unplaced".to_owned(),
    };
    let message = format!(
        "{} (rank {}) is {now}, but could be seen on {}, {} days late, {by}",
        ask.id(),
        ask.rank,
        place.date(),
        days_late(view, ask, Some(place)),
    );
    let requests = std::iter::once(ask.id()).chain(holders);
    out.add_with_slots(Rule::GuaranteeA, message, requests, place.slot_ids(view));
}
