//! SPEC 4.7: rows with the same `together_id` are booked as one visit.

use super::asks::Asks;
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::{View, overlap};

/// Whether these places make one visit; if not, why.
pub(super) fn broken(view: &View, members: &[&Place]) -> Option<&'static str> {
    let mut members = members.to_vec();
    members.sort_by_key(|place| (place.start, place.end));
    let first = *members.first()?;
    if members.iter().any(|place| view.session(place.session).site != view.session(first.session).site) {
        return Some("is at more than one site");
    }
    if members.iter().any(|place| place.date() != first.date()) {
        return Some("is on more than one date");
    }
    // Who shares a group slot is there at once, with no gap between; the next one follows the last to finish.
    let mut ended = first.end;
    for (index, place) in members.iter().enumerate().skip(1) {
        let shares = |other: &Place| place.is_group(view) && other.slots == place.slots;
        let meets = |other: &Place| overlap((place.start, place.end), (other.start, other.end), 0);
        if members[..index].iter().any(|other| meets(other) && !shares(other)) {
            return Some("has members who overlap");
        }
        let gap = (place.start - ended).num_seconds();
        if gap > i64::from(view.policy.together_gap_minutes) * 60 {
            return Some("has too long a gap");
        }
        ended = ended.max(place.end);
    }
    None
}

/// Checks the whole plan.
pub(super) fn check(view: &View, asks: &Asks, places: &[Option<Place>], out: &mut Findings) {
    for visit in &asks.visits {
        let placed: Vec<&Place> = visit.iter().filter_map(|&member| places[member].as_ref()).collect();
        let problem = if placed.is_empty() {
            None
        } else if placed.len() < visit.len() {
            Some("has members without a place")
        } else {
            broken(view, &placed)
        };
        if let Some(problem) = problem {
            let id = asks.all[visit[0]].request.together_id.as_deref().unwrap_or_default();
            let slots = placed.iter().flat_map(|place| place.slot_ids(view));
            let members = visit.iter().map(|&member| asks.all[member].id());
            out.add_with_slots(Rule::Visits, format!("visit {id} {problem}"), members, slots);
        }
    }
}
