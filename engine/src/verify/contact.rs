//! SPEC section 6: the day by which each patient is called, and the order of the calls.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::asks::Asks;
use super::calls::is_calling_day;
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::View;
use crate::model::{ContactRoute, PlanRow};
use crate::units::SiteIdx;

/// Compares `call_by` and `call_order` with what they must be.
pub(super) fn check(
    view: &View,
    asks: &Asks,
    places: &[Option<Place>],
    rows: &[PlanRow],
    out: &mut Findings,
) {
    let days = call_days(view, asks, places);
    let mut order = Vec::new();
    for row in rows {
        let Some(index) = asks.by_id(&row.request_id) else { continue };
        let Some(place) = &places[index] else { continue };
        let ask = &asks.all[index];
        match days.get(&index) {
            // A site that makes no calls at all: rule 4.4 says so.
            Some(None) => {}
            expected => {
                let expected = expected.copied().flatten();
                if row.call_by != expected {
                    let say =
                        |day: Option<NaiveDate>| day.map_or("nothing".to_owned(), |day| day.to_string());
                    let message =
                        format!("{}: call_by is {}, expected {}", ask.id(), say(row.call_by), say(expected));
                    out.add(Rule::CallBy, message, [ask.id()]);
                }
            }
        }
        let phone = ask.route == ContactRoute::Phone;
        let day = days.get(&index).copied().flatten();
        order.push((!phone, day, ask.rank, place.start, ask.id(), row.call_order));
    }
    order.sort_unstable();
    for (expected, (.., id, stated)) in (1u32..).zip(order) {
        if stated != expected {
            let message = format!("{id}: call_order is {stated}, expected {expected}");
            out.add(Rule::CallOrder, message, [id]);
        }
    }
}

/// For each placed request that is reached by phone its day; `None` where its site can never call.
pub(super) fn call_days(
    view: &View,
    asks: &Asks,
    places: &[Option<Place>],
) -> BTreeMap<usize, Option<NaiveDate>> {
    let mut by_site: BTreeMap<SiteIdx, Vec<(usize, &Place)>> = BTreeMap::new();
    for (index, (ask, place)) in asks.all.iter().zip(places).enumerate() {
        if let (Some(place), ContactRoute::Phone) = (place, ask.route) {
            by_site.entry(ask.site).or_default().push((index, place));
        }
    }
    let mut days = BTreeMap::new();
    for (site, mut rows) in by_site {
        let limit = view.site(site).calls_per_day;
        rows.sort_by_key(|&(index, place)| (asks.all[index].rank, place.start, asks.all[index].id()));
        let mut called = in_turn(view, limit, rows.len());
        let too_late = |(day, (_, place)): (&Option<NaiveDate>, &(usize, &Place))| {
            day.is_none_or(|day| day > place.date())
        };
        if called.iter().zip(&rows).any(too_late) {
            rows.sort_by_key(|&(index, place)| (place.start, asks.all[index].rank, asks.all[index].id()));
            called = in_turn(view, limit, rows.len());
        }
        days.extend(rows.into_iter().map(|(index, _)| index).zip(called));
    }
    days
}

/// The day of each of so many calls, one after the other: the earliest calling day with calls left.
fn in_turn(view: &View, limit: Option<u32>, calls: usize) -> Vec<Option<NaiveDate>> {
    let Some(limit) = limit else { return vec![Some(view.policy.start); calls] };
    if limit == 0 {
        return vec![None; calls];
    }
    let days = view.policy.start.iter_days().filter(|&date| is_calling_day(view, date));
    let mut turns: Vec<_> =
        days.flat_map(|day| std::iter::repeat_n(Some(day), limit as usize)).take(calls).collect();
    turns.resize(calls, None);
    turns
}
