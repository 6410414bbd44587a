//! SPEC 4.6: a linked request comes after the other one, by the days asked for.

use chrono::{NaiveDate, NaiveDateTime};

use super::asks::{Ask, Asks, Link};
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;

/// Whether the link of a request placed here is kept; `place_of` tells where the others are.
pub(super) fn kept<'p>(ask: &Ask, place: &Place, place_of: impl Fn(usize) -> Option<&'p Place>) -> bool {
    match ask.link {
        Link::Free => true,
        Link::Excluded => false,
        Link::Booked(booked) => follows(ask, place, booked.date, booked.end),
        Link::After(other) => {
            place_of(other).is_some_and(|other| follows(ask, place, other.date(), other.end))
        }
    }
}

fn follows(ask: &Ask, place: &Place, date: NaiveDate, end: NaiveDateTime) -> bool {
    let days = (place.date() - date).num_days();
    (i64::from(ask.request.after_min_days)..=i64::from(ask.request.after_max_days)).contains(&days)
        && (days != 0 || end <= place.start)
}

/// Checks the whole plan.
pub(super) fn check(asks: &Asks, places: &[Option<Place>], out: &mut Findings) {
    for (ask, place) in asks.all.iter().zip(places) {
        let Some(place) = place else { continue };
        if kept(ask, place, |other| places[other].as_ref()) {
            continue;
        }
        let after = ask.request.after_request_id.as_deref().unwrap_or_default();
        let (least, most) = (ask.request.after_min_days, ask.request.after_max_days);
        let why = match ask.link {
            Link::Excluded => "which is excluded".to_owned(),
            Link::After(other) if places[other].is_none() => "which has no place".to_owned(),
            _ => format!("by {least} to {most} days and not before that one has ended"),
        };
        out.add(Rule::Links, format!("{} must come after {after}, {why}", ask.id()), [ask.id(), after]);
    }
}
