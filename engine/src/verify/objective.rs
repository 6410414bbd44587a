//! SPEC section 5: the vector of the plan, entry by entry, and the certificate.

use super::asks::{Ask, Asks};
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::View;
use crate::model::{Continuity, DeliveryChannel, RankEntry, Summary};

/// Days late of a request here, or unplaced.
pub(super) fn days_late(view: &View, ask: &Ask, place: Option<&Place>) -> i64 {
    match place {
        Some(place) => (place.date() - ask.target).num_days().max(0),
        None => ((view.last_date - ask.target).num_days() + i64::from(view.policy.unplaced_days)).max(0),
    }
}

fn days_waiting(view: &View, place: Option<&Place>) -> i64 {
    match place {
        Some(place) => (place.date() - view.policy.start).num_days(),
        None => (view.last_date - view.policy.start).num_days() + i64::from(view.policy.unplaced_days),
    }
}

/// Points of a request here, or unplaced.
pub(super) fn points(view: &View, ask: &Ask, place: Option<&Place>) -> i64 {
    i64::from(view.policy.wait_per_day) * days_waiting(view, place)
        + place.map_or(0, |place| inconvenience(view, ask, place))
}

fn inconvenience(view: &View, ask: &Ask, place: &Place) -> i64 {
    let prices = &view.policy.inconvenience;
    let session = view.session(place.session);
    let clinician = view.clinician_of(place.session);
    let mut points = 0;
    // Without a name there is nobody to be somebody else than.
    let preferred = ask.request.preferred_practitioner_id.as_ref();
    if ask.request.continuity == Continuity::Preferred
        && preferred.is_some_and(|preferred| *preferred != clinician.practitioner_id)
    {
        points += i64::from(prices.other_practitioner);
    }
    if place.channel == DeliveryChannel::InPerson && session.site != ask.site {
        points += i64::from(prices.other_site);
    }
    let step = ask.care_type.roles.iter().position(|role| *role == clinician.role).unwrap_or(0);
    points += i64::from(prices.role_step) * step as i64;
    if !place.is_group(view) {
        let needed = i64::from(ask.needed_minutes(clinician).unwrap_or(0));
        points += i64::from(prices.wasted_minute) * (place.slot_minutes(view) - needed);
    }
    if let Some(row) = view.previous_row(ask.id())
        && (row.session_id != session.session_id || row.start != place.start)
    {
        points += i64::from(prices.moved);
    }
    points
}

/// The values of the vector.
pub(super) struct Values {
    pub late: Vec<i128>,
    pub window: i128,
    pub wait: Vec<i128>,
    pub order: i128,
}

impl Values {
    pub fn new(view: &View, asks: &Asks, places: &[Option<Place>]) -> Self {
        let ranks = asks.ranks.count as usize;
        let mut values = Self { late: vec![0; ranks], window: 0, wait: vec![0; ranks], order: 0 };
        for (ask, place) in asks.all.iter().zip(places) {
            let place = place.as_ref();
            let weight = i128::from(ask.weight);
            let rank = ask.rank as usize - 1;
            values.late[rank] += weight * i128::from(days_late(view, ask, place));
            values.wait[rank] += weight * i128::from(points(view, ask, place));
            if place.is_none() && in_window_entry(asks, ask) {
                values.window += weight;
            }
            let waited = (view.policy.start - ask.waiting_since).num_days().clamp(0, 365);
            values.order += i128::from(waited) * i128::from(days_waiting(view, place));
        }
        values
    }
}

/// Whether a request adds to `window` when unplaced: windowed and of a rank worse than v.
pub(super) fn in_window_entry(asks: &Asks, ask: &Ask) -> bool {
    ask.windowed && ask.rank > asks.ranks.before_window
}

/// Position in the vector of the first entry that a request adds to when unplaced.
pub(super) fn standing(asks: &Asks, ask: &Ask) -> u32 {
    if in_window_entry(asks, ask) { asks.ranks.window_entry() } else { asks.ranks.late_entry(ask.rank) }
}

/// Compares the summary with the vector of the plan, and its bounds and status with one another.
pub(super) fn check(
    view: &View,
    asks: &Asks,
    places: &[Option<Place>],
    summary: &Summary,
    out: &mut Findings,
) {
    let values = Values::new(view, asks, places);
    let stated = &summary.objective;
    check_ranks(view, asks, "late", &values.late, &stated.late, out);
    check_ranks(view, asks, "wait", &values.wait, &stated.wait, out);
    let mut check_value = |name: &str, value: i128, stated: i64| {
        if value != i128::from(stated) {
            out.add_whole(Rule::Value, format!("{name} is {value}, not {stated}"));
        }
    };
    check_value("window", values.window, stated.window.value);
    check_value("order", values.order, stated.order.value);
    check_certificate(summary, out);
}

fn check_ranks(
    view: &View,
    asks: &Asks,
    name: &str,
    values: &[i128],
    stated: &[RankEntry],
    out: &mut Findings,
) {
    if values.len() != stated.len() {
        let message =
            format!("{name} has {} entries, expected one for each of {} ranks", stated.len(), values.len());
        out.add_whole(Rule::Value, message);
    }
    for (rank, (value, stated)) in (1..).zip(values.iter().zip(stated)) {
        let label = asks.ranks.label(view.policy, rank);
        if stated.rank != rank || stated.tier != label {
            let message = format!(
                "entry {rank} of {name} is said to be of rank {} ({}), expected {rank} ({label})",
                stated.rank, stated.tier
            );
            out.add_whole(Rule::Value, message);
        }
        if *value != i128::from(stated.value) {
            let message = format!("{name} of rank {rank} ({label}) is {value}, not {}", stated.value);
            out.add_whole(Rule::Value, message);
        }
    }
}

fn check_certificate(summary: &Summary, out: &mut Findings) {
    let stated = &summary.objective;
    let ranks = |name: &'static str, entries: &[RankEntry]| -> Vec<(String, i64, i64)> {
        entries.iter().map(|entry| (format!("{name}_{}", entry.rank), entry.value, entry.bound)).collect()
    };
    let mut entries = ranks("late", &stated.late);
    entries.push(("window".to_owned(), stated.window.value, stated.window.bound));
    entries.extend(ranks("wait", &stated.wait));
    entries.push(("order".to_owned(), stated.order.value, stated.order.bound));
    for (name, value, bound) in &entries {
        if bound > value {
            out.add_whole(Rule::Bound, format!("{name}: the bound {bound} is above the value {value}"));
        }
    }
    let proven = entries.iter().all(|(_, value, bound)| value == bound);
    let expected = if proven { "optimal" } else { "feasible" };
    if summary.status != expected {
        out.add_whole(Rule::Status, format!("the status is {:?}, expected {expected}", summary.status));
    }
}
