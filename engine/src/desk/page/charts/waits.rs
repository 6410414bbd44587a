//! How long patients have waited when the plan starts, and by their new appointments.

use maud::{Markup, html};

use super::draw::{Cell, Chart, Fill, WIDTH, bar, drawing, line, part, text, text_to};
use crate::desk::page::tiers::{Spread, Tier};
use crate::desk::page::words;

const TITLE: &str = "How long patients will have waited, by tier";
const NO_PLACE: &str = "no place";

/// Where bars begin, how long they may be, and where the two columns of numbers end.
const FROM: i64 = 520;
const ROOM: i64 = 1_340;
const MEDIAN: i64 = 2_440;
/// Height of the titles of the columns, and of a tier.
const TOP: i64 = 200;
const TIER: i64 = 620;

pub fn chart(tiers: &[Tier<'_>]) -> Markup {
    let left: usize = tiers.iter().map(|tier| tier.no_place).sum();
    let waiting = if left > 0 {
        let requests = words::count(left, "request is", "requests are");
        format!(" {requests} without a place: counted as waiting longer than all others.")
    } else {
        String::new()
    };
    let says = format!(
        "Days since the wait began: before is when the plan starts, after is at the new appointment. The bar ends where \
        85 in 100 have waited no longer; the thick line is the median.{waiting}"
    );
    let days = |of: Option<i64>| of.map_or_else(|| NO_PLACE.to_owned(), words::number);
    let row = |tier: &Tier<'_>| {
        let spread = |of: Spread| [of.median, of.p85, of.longest].map(|of| Cell::Number(days(of)));
        let [before, after] = [tier.before, tier.after].map(spread);
        let mut cells = vec![Cell::Text(tier.code.to_owned()), Cell::Number(words::number(tier.requests))];
        cells.extend(before);
        cells.extend(after);
        cells.push(Cell::Number(words::number(tier.no_place)));
        cells
    };
    Chart {
        id: "waits",
        title: TITLE,
        says: &says,
        drawing: picture(tiers, &says, &days),
        heads: &[
            "Tier",
            "Requests",
            "Median before",
            "85 in 100 before",
            "Longest before",
            "Median after",
            "85 in 100 after",
            "Longest after",
            "Without a place",
        ],
        rows: tiers.iter().map(row).collect(),
        wide: false,
    }
    .markup()
}

fn picture(tiers: &[Tier<'_>], says: &str, days: &dyn Fn(Option<i64>) -> String) -> Markup {
    if tiers.is_empty() {
        return html! { p { "Nobody is planned." } };
    }
    let known = tiers.iter().flat_map(|tier| [tier.before, tier.after]).flat_map(|of| [of.p85, of.median]);
    let most = known.flatten().max().unwrap_or(1).max(1);
    let side = |y: i64, name: &str, of: Spread, fill: Fill| {
        // Whoever has no place waits longer than can be drawn: the bar has no end.
        let length = of.p85.map_or(ROOM, |days| part(days, most, ROOM));
        html! {
            (text(0, y + 125, name))
            (bar(FROM, y, length, 150, fill))
            @if of.p85.is_none() {
                path d={ "M" (FROM + ROOM - 40) " " (y - 20) " l80 95 l-80 95" } fill="none" stroke="#212b32"
                    stroke-width="24" {}
            }
            @if let Some(median) = of.median {
                (line((FROM + part(median, most, ROOM), y - 25), (FROM + part(median, most, ROOM), y + 175), 34))
            }
            (text_to(MEDIAN, y + 125, &days(of.median)))
            (text_to(WIDTH, y + 125, &days(of.p85)))
        }
    };
    let inside = html! {
        (text_to(MEDIAN, 130, "median"))
        (text_to(WIDTH, 130, "85 in 100"))
        @for (at, tier) in tiers.iter().enumerate() {
            @let y = TOP + at as i64 * TIER;
            text.strong x="0" y=(y + 130) {
                (words::cut(tier.code, 24)) " (" (words::number(tier.requests)) ")"
            }
            (side(y + 190, "before", tier.before, Fill::Empty))
            (side(y + 390, "after", tier.after, Fill::Dark))
        }
    };
    drawing("waits-drawing", TOP + tiers.len() as i64 * TIER, TITLE, says, &inside)
}
