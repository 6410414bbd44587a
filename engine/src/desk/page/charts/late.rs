//! How late each tier is.

use maud::{Markup, html};

use super::draw::{Cell, Chart, Fill, WIDTH, bar, drawing, part, text_to};
use crate::desk::page::tiers::Tier;
use crate::desk::page::words;

const TITLE: &str = "Late days, by tier";

/// How long bars may be: the number stands beside them.
const ROOM: i64 = 2_350;
/// Height of a tier, and of one that has no bar.
const TIER: i64 = 520;
const NO_BAR: i64 = 260;

pub fn chart(tiers: &[Tier<'_>]) -> Markup {
    let days: i64 = tiers.iter().map(|tier| tier.days_late).sum();
    let late: usize = tiers.iter().map(|tier| tier.late).sum();
    let left: usize = tiers.iter().map(|tier| tier.no_place).sum();
    let says = if late == 0 && left == 0 {
        "Days after the target date, added up. Nobody is late.".to_owned()
    } else {
        format!(
            "Days after the target date, added up: {} for {}. {} without a place and in no bar.",
            words::count(days, "day", "days"),
            words::count(late, "late appointment", "late appointments"),
            words::count(left, "request is", "requests are")
        )
    };
    let number = |of: i64| Cell::Number(words::number(of));
    let row = |tier: &Tier<'_>| {
        let figures = [tier.requests as i64, tier.late as i64, tier.days_late, i64::from(tier.longest_late)];
        let mut cells = vec![Cell::Text(tier.code.to_owned())];
        cells.extend(figures.map(number));
        cells.push(number(tier.no_place as i64));
        cells
    };
    Chart {
        id: "late",
        title: TITLE,
        says: &says,
        drawing: picture(tiers, &says),
        heads: &["Tier", "Requests", "Late", "Days late", "Longest (days)", "Without a place"],
        rows: tiers.iter().map(row).collect(),
        wide: false,
    }
    .markup()
}

fn picture(tiers: &[Tier<'_>], says: &str) -> Markup {
    if tiers.is_empty() {
        return html! { p { "Nobody is planned." } };
    }
    let most = tiers.iter().map(|tier| tier.days_late).max().unwrap_or(1);
    let mut below = 0;
    let inside = html! {
        @for tier in tiers {
            @let y = below;
            @let () = below += if tier.days_late > 0 { TIER } else { NO_BAR };
            text x="0" y=(y + 140) {
                tspan.strong { (words::cut(tier.code, 16)) }
                ": " (words::number(tier.late)) " of " (words::number(tier.requests)) " late"
                @if tier.no_place > 0 { ", " (words::number(tier.no_place)) " without a place" }
            }
            @if tier.days_late > 0 {
                (bar(4, y + 210, part(tier.days_late, most, ROOM), 180, Fill::Dark))
                (text_to(WIDTH, y + 350, &words::count(tier.days_late, "day", "days")))
            }
        }
    };
    drawing("late-drawing", below, TITLE, says, &inside)
}
