//! SPEC section 6: by when each patient is called, and in which order.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rebook::model::ContactRoute;

use super::{Candidate, Prepared, Wanted};

/// `call_order` and `call_by` of a row.
pub type Turn = (u32, Option<NaiveDate>);

/// The turn of each placed request, by line.
pub fn turns(prepared: &Prepared<'_>, places: &BTreeMap<u64, &Candidate>) -> BTreeMap<u64, Turn> {
    let placed: Vec<(&Wanted<'_>, &Candidate)> = prepared
        .wanted
        .iter()
        .filter_map(|wanted| Some((wanted, *places.get(&wanted.request.line)?)))
        .collect();
    let mut call_by: BTreeMap<u64, NaiveDate> = BTreeMap::new();
    for site in 0..prepared.case.sites.len() {
        let calls = placed.iter().copied().filter(|(wanted, _)| {
            wanted.route == ContactRoute::Phone && wanted.request.site.is_some_and(|own| own.index() == site)
        });
        call_by.extend(days(prepared, site, calls.collect()));
    }
    // By call_by, rank, start, id; rows without a day come last.
    let mut order = placed;
    order.sort_by_key(|(wanted, place)| {
        let day = call_by.get(&wanted.request.line);
        (day.is_none(), day, wanted.rank, place.start, &wanted.request.request_id)
    });
    let lines = order.iter().map(|(wanted, _)| wanted.request.line);
    lines.zip(1..).map(|(line, turn)| (line, (turn, call_by.get(&line).copied()))).collect()
}

/// The days of a site's calls: by rank, start and id, unless an appointment would be missed; then by start first.
fn days(
    prepared: &Prepared<'_>,
    site: usize,
    mut calls: Vec<(&Wanted<'_>, &Candidate)>,
) -> Vec<(u64, NaiveDate)> {
    calls.sort_by_key(|(wanted, place)| (wanted.rank, place.start, &wanted.request.request_id));
    let mut found = earliest_days(prepared, site, &calls);
    if calls.iter().zip(&found).any(|((_, place), (_, day))| *day > place.date()) {
        calls.sort_by_key(|(wanted, place)| (place.start, wanted.rank, &wanted.request.request_id));
        found = earliest_days(prepared, site, &calls);
    }
    found
}

/// Each gets the earliest calling day with calls left; without a limit that is the start.
fn earliest_days(
    prepared: &Prepared<'_>,
    site: usize,
    calls: &[(&Wanted<'_>, &Candidate)],
) -> Vec<(u64, NaiveDate)> {
    let start = prepared.case.policy.start;
    let limit = prepared.case.sites[site].calls_per_day;
    let calendar = prepared.case.policy.working_days();
    if limit == Some(0) {
        // Nobody is called: who must be is not placed, unless rule 4.4 is broken.
        return Vec::new();
    }
    let (mut day, mut made) = (start, 0);
    let mut found = Vec::new();
    for (wanted, _) in calls {
        while limit.is_some_and(|limit| made >= limit) {
            day = day + Days::new(1);
            made = if calendar.is_working_day(day) { 0 } else { u32::MAX };
        }
        made += 1;
        found.push((wanted.request.line, day));
    }
    found
}
