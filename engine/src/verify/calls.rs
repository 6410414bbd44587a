//! SPEC 4.4: everybody who is called can be called before the appointment.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::asks::{Ask, Asks};
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::View;
use crate::model::ContactRoute;
use crate::units::SiteIdx;

/// Whether calls can be made on a date: on working days whatever the site's closed dates, and on the start itself.
pub(super) fn is_calling_day(view: &View, date: NaiveDate) -> bool {
    date == view.policy.start || (date > view.policy.start && view.working_days.is_working_day(date))
}

/// The number of calling days from the start to each plannable date.
pub(super) fn calling_days(view: &View) -> Vec<u64> {
    let mut count = 0;
    let dates = view.policy.start.iter_days().take_while(|date| *date <= view.last_date);
    dates
        .map(|date| {
            count += u64::from(is_calling_day(view, date));
            count
        })
        .collect()
}

/// The site whose calls a placed request takes, where that site has a limit: the patient's own.
pub(super) fn caller(view: &View, ask: &Ask) -> Option<(SiteIdx, u32)> {
    let limit = view.site(ask.site).calls_per_day?;
    (ask.route == ContactRoute::Phone).then_some((ask.site, limit))
}

/// Checks the whole plan.
pub(super) fn check(view: &View, asks: &Asks, places: &[Option<Place>], out: &mut Findings) {
    let days = calling_days(view);
    let mut by_site: BTreeMap<(SiteIdx, u32), Vec<(NaiveDate, &str)>> = BTreeMap::new();
    for (ask, place) in asks.all.iter().zip(places) {
        if let (Some(place), Some(key)) = (place, caller(view, ask)) {
            by_site.entry(key).or_default().push((place.date(), ask.id()));
        }
    }
    for ((site, limit), mut rows) in by_site {
        rows.sort_unstable();
        for index in 0..rows.len() {
            let date = rows[index].0;
            let last_of_date = rows.get(index + 1).is_none_or(|next| next.0 > date);
            // A date outside the plannable range is another rule's finding.
            let offset = usize::try_from((date - view.policy.start).num_days()).ok();
            let Some(&days) = offset.and_then(|offset| days.get(offset)) else { continue };
            let allowed = u64::from(limit) * days;
            if last_of_date && index as u64 + 1 > allowed {
                let id = &view.site(site).site_id;
                let message = format!(
                    "site {id} can make {allowed} calls up to {date}, but {} patients must be called by then",
                    index + 1
                );
                out.add(Rule::Calls, message, rows[..=index].iter().map(|row| row.1));
                break;
            }
        }
    }
}
