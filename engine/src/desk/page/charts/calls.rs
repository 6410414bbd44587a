//! How many calls are due on each day, and how many can be made.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use maud::{Markup, html};

use super::draw::{Cell, Chart, Fill, WIDTH, bar, drawing, part, text, text_to};
use crate::desk::Desk;
use crate::desk::page::words;
use crate::model::ContactRoute;

const TITLE: &str = "Calls per day";

/// More days than these are left to the table.
const DRAWN: usize = 40;

const FROM: i64 = 850;
const ROOM: i64 = 1_450;
const DAY: i64 = 240;

/// The calls of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Calls {
    /// Due on it.
    due: usize,
    /// Those of them that sites make which have no limit.
    unlimited: usize,
}

/// The calls of each calling day, up to the last on which one is due.
fn days(desk: &Desk<'_>) -> BTreeMap<NaiveDate, Calls> {
    let mut days: BTreeMap<NaiveDate, Calls> = BTreeMap::new();
    for entry in desk.entries.iter().filter(|entry| entry.route == ContactRoute::Phone) {
        let Some(day) = entry.row.call_by else { continue };
        let of = days.entry(day).or_default();
        of.due += 1;
        of.unlimited += usize::from(entry.home.calls_per_day.is_none());
    }
    let last = days.keys().next_back().copied();
    let start = desk.case.policy.start;
    for day in start.iter_days().take_while(|day| last.is_some_and(|last| *day <= last)) {
        if day == start || desk.prepared.working_days.is_working_day(day) {
            days.entry(day).or_default();
        }
    }
    days
}

/// The calls that can be made in a day: those of all sites whose patients are called and that have a limit.
fn limit(desk: &Desk<'_>) -> Option<i64> {
    let called = desk.entries.iter().filter(|entry| entry.route == ContactRoute::Phone);
    let limits = called.filter_map(|entry| Some((&entry.home.site_id, i64::from(entry.home.calls_per_day?))));
    let limits: BTreeMap<&String, i64> = limits.collect();
    (!limits.is_empty()).then(|| limits.values().sum())
}

pub fn chart(desk: &Desk<'_>) -> Markup {
    let (days, limit) = (days(desk), limit(desk));
    let total: usize = days.values().map(|of| of.due).sum();
    let unlimited: usize = days.values().map(|of| of.unlimited).sum();
    let mut says =
        vec![format!("{} by phone.", words::count(total, "person is called", "people are called"))];
    if let Some(limit) = limit {
        says.push(format!("The outline is what can be called in a day: {}.", words::number(limit)));
    }
    if unlimited > 0 {
        let calls = words::count(unlimited, "call is", "calls are");
        says.push(format!("{calls} of sites that have no limit."));
    }
    if days.len() > DRAWN {
        says.push(format!("The first {DRAWN} days are drawn; all are in the table."));
    }
    let says = says.join(" ");
    let of_limit = limit.map_or_else(|| "no limit".to_owned(), words::number);
    let row = |(day, of): (&NaiveDate, &Calls)| {
        vec![
            Cell::Text(words::short_date(*day)),
            Cell::Number(words::number(of.due)),
            Cell::Number(words::number(of.unlimited)),
            Cell::Number(of_limit.clone()),
        ]
    };
    Chart {
        id: "calls",
        title: TITLE,
        says: &says,
        drawing: picture(&days, limit, &says),
        heads: &["Day", "Calls due", "Of sites without a limit", "Can be called in a day"],
        rows: days.iter().map(row).collect(),
        wide: false,
    }
    .markup()
}

fn picture(days: &BTreeMap<NaiveDate, Calls>, limit: Option<i64>, says: &str) -> Markup {
    if days.is_empty() {
        return html! { p { "Nobody is called." } };
    }
    let most = days.values().map(|of| of.due as i64).chain(limit).max().unwrap_or(1);
    let inside = html! {
        @for (at, (day, of)) in days.iter().take(DRAWN).enumerate() {
            @let y = at as i64 * DAY;
            (text(0, y + 165, &day.format("%a %-d %b").to_string()))
            @if let Some(limit) = limit { (bar(FROM, y + 30, part(limit, most, ROOM), 180, Fill::Empty)) }
            (bar(FROM, y + 60, part(of.due as i64, most, ROOM), 120, Fill::Dark))
            (text_to(WIDTH, y + 165, &limit.map_or_else(
                || words::number(of.due),
                |limit| format!("{} of {}", words::number(of.due), words::number(limit)),
            )))
        }
    };
    drawing("calls-drawing", days.len().min(DRAWN) as i64 * DAY, TITLE, says, &inside)
}
