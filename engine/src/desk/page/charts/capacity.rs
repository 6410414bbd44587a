//! What becomes of the minutes of the book, by role and day.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::draw::{Cell, Chart, Fill, WIDTH, bar, drawing, line, part, round_up, text, text_to};
use crate::candidates::slots_of;
use crate::desk::Desk;
use crate::desk::page::words;
use crate::model::SlotStatus;
use crate::units::SiteIdx;

const TITLE: &str = "Capacity used, by role and day";

/// More roles than these are left to the table.
const DRAWN: usize = 12;
/// Over more days than these, bars are weeks.
const BY_DAY: i64 = 70;

/// Minutes of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minutes {
    /// Booked already.
    pub busy: i64,
    /// Taken by the plan.
    pub planned: i64,
    /// Kept for new demand: by the reserve, or free under a label.
    pub kept: i64,
    /// Left.
    pub left: i64,
}

impl Minutes {
    fn add(&mut self, other: Self) {
        self.busy += other.busy;
        self.planned += other.planned;
        self.kept += other.kept;
        self.left += other.left;
    }

    fn all(self) -> i64 {
        self.busy + self.planned + self.kept + self.left
    }

    fn parts(self) -> [(i64, Fill); 4] {
        [
            (self.busy, Fill::Pale),
            (self.planned, Fill::Dark),
            (self.kept, Fill::Striped),
            (self.left, Fill::Empty),
        ]
    }
}

/// The minutes of each role on each day.
pub type ByRole<'a> = BTreeMap<&'a str, BTreeMap<NaiveDate, Minutes>>;

/// The minutes of the book by role and date, from the moment on at which it was read: slots that are blocked or had
/// begun by then are no capacity, and neither are free ones on leave, bank holidays or where a site is closed.
pub fn minutes<'a>(desk: &Desk<'a>) -> ByRole<'a> {
    let (case, context) = (desk.case, &desk.context);
    let policy = &case.policy;
    let mut taken = vec![0_i64; case.slots.len()];
    for slot in desk.entries.iter().flat_map(|entry| slots_of(entry.placed.run)) {
        taken[slot.index()] += 1;
    }
    // With the minutes that are open to all who are planned, taken or not: what the reserve is a part of.
    let mut found: BTreeMap<(&str, SiteIdx, NaiveDate), (Minutes, i64)> = BTreeMap::new();
    for sitting in context.sittings() {
        let session = context.session(sitting);
        let in_plan = policy.start <= sitting.date && sitting.date <= context.last_date;
        if !in_plan || (session.additional && !case.use_additional) {
            continue;
        }
        let role = context.clinician(sitting).role.as_str();
        for at in sitting.slots() {
            let slot = &case.slots[at];
            if slot.status == SlotStatus::BusyUnavailable || slot.start < policy.as_of {
                continue;
            }
            let (of, base) = found.entry((role, session.site, sitting.date)).or_default();
            let length = i64::from(slot.duration_minutes);
            of.busy += length * i64::from(slot.places_taken);
            if slot.status != SlotStatus::Free {
                of.busy += if slot.places.is_none() { length } else { 0 };
            } else if sitting.is_plannable() {
                let (whole, now) = (length * i64::from(slot.places.unwrap_or(1)), length * taken[at]);
                of.planned += now;
                if slot.reserved_for.is_none() {
                    *base += whole;
                    of.left += whole - now;
                } else {
                    of.kept += whole - now;
                }
            }
        }
    }
    let mut roles: ByRole<'a> = BTreeMap::new();
    for ((role, _, date), (mut of, base)) in found {
        let reserve = policy.reserves.iter().find(|reserve| reserve.role == role);
        let kept = reserve.map_or(0, |reserve| {
            let open = ((Decimal::ONE - reserve.fraction) * Decimal::from(base)).floor();
            base - open.to_i64().unwrap_or(base)
        });
        let kept = kept.min(of.left);
        of.kept += kept;
        of.left -= kept;
        roles.entry(role).or_default().entry(date).or_default().add(of);
    }
    roles
}

pub fn chart(desk: &Desk<'_>) -> Markup {
    let roles = minutes(desk);
    let mut total = Minutes::default();
    roles.values().flat_map(BTreeMap::values).for_each(|of| total.add(*of));
    let free = total.planned + total.kept + total.left;
    let drawn = if roles.len() > DRAWN {
        format!(" The {DRAWN} roles with most minutes planned are drawn; all are in the table.")
    } else {
        String::new()
    };
    let says = format!(
        "Of {} that were free, the plan takes {}; {} are kept for new demand and {} are left. {} were busy already.{drawn}",
        words::count(free, "minute", "minutes"),
        words::number(total.planned),
        words::number(total.kept),
        words::number(total.left),
        words::number(total.busy)
    );
    let row = |role: &str, day: NaiveDate, of: &Minutes| {
        let mut cells = vec![Cell::Text(role.to_owned()), Cell::Text(words::short_date(day))];
        cells.extend([of.busy, of.planned, of.kept, of.left].map(|of| Cell::Number(words::number(of))));
        cells
    };
    Chart {
        id: "capacity",
        title: TITLE,
        says: &says,
        drawing: picture(&roles),
        heads: &["Role", "Day", "Busy (minutes)", "Planned", "Kept", "Left"],
        rows: roles
            .iter()
            .flat_map(|(role, days)| days.iter().map(|(day, of)| row(role, *day, of)))
            .collect(),
        wide: true,
    }
    .markup()
}

fn picture(roles: &ByRole<'_>) -> Markup {
    let planned = |days: &BTreeMap<NaiveDate, Minutes>| days.values().map(|of| of.planned).sum::<i64>();
    let mut order: Vec<_> = roles.iter().collect();
    order.sort_by_key(|(role, days)| (-planned(days), **role));
    let dates = || roles.values().flat_map(BTreeMap::keys).copied();
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else {
        return html! { p { "The book has no minutes on the days of the plan." } };
    };
    let scale = Scale::new(first, last);
    let names = ["busy already", "planned", "kept for new demand or under a label", "left"];
    html! {
        ul.key {
            @for (name, (_, fill)) in names.into_iter().zip(Minutes::default().parts()) {
                li {
                    svg aria-hidden="true" focusable="false" viewBox="0 0 240 160" { (bar(8, 8, 224, 144, fill)) }
                    (name)
                }
            }
        }
        div.panels {
            @for (at, (role, days)) in order.into_iter().take(DRAWN).enumerate() {
                (scale.panel(&format!("capacity-{at}"), role, days))
            }
        }
        p.note {
            "Minutes by " @if scale.step == 1 { "day" } @else { "week" } ". Each role has a scale of its own."
        }
    }
}

const PLOT: (i64, i64) = (560, 3_180);
const TOP: i64 = 320;
const MIDDLE: i64 = 785;
const FLOOR: i64 = 1_250;
const HEIGHT: i64 = 1_500;

/// Days as positions from left to right, the same for every role.
struct Scale {
    first: NaiveDate,
    /// Days to a bar.
    step: i64,
    bars: i64,
}

impl Scale {
    fn new(first: NaiveDate, last: NaiveDate) -> Self {
        let days = (last - first).num_days() + 1;
        if days <= BY_DAY {
            return Self { first, step: 1, bars: days };
        }
        let monday = first - Days::new(u64::from(first.weekday().num_days_from_monday()));
        Self { first: monday, step: 7, bars: (last - monday).num_days() / 7 + 1 }
    }

    fn at(&self, bar: i64) -> i64 {
        PLOT.0 + bar * (PLOT.1 - PLOT.0) / self.bars
    }

    /// The dates that are named below: Mondays, and fewer where they would stand too close.
    fn named(&self) -> impl Iterator<Item = (i64, NaiveDate)> {
        let date = |bar: i64| self.first + Days::new((bar * self.step) as u64);
        let mondays = (0..self.bars).filter(move |bar| date(*bar).weekday() == chrono::Weekday::Mon);
        let apart = if self.step == 1 { self.at(7) } else { self.at(1) } - PLOT.0;
        let every = (600 / apart.max(1) + 1) as usize;
        mondays.step_by(every).map(move |bar| (bar, date(bar)))
    }

    fn panel(&self, id: &str, role: &str, days: &BTreeMap<NaiveDate, Minutes>) -> Markup {
        let mut bars: BTreeMap<i64, Minutes> = BTreeMap::new();
        let mut total = Minutes::default();
        for (day, of) in days {
            bars.entry((*day - self.first).num_days() / self.step).or_default().add(*of);
            total.add(*of);
        }
        let most = round_up(bars.values().map(|of| of.all()).max().unwrap_or(1));
        let says = format!(
            "{} busy, {} planned, {} kept and {} left.",
            words::number(total.busy),
            words::number(total.planned),
            words::number(total.kept),
            words::number(total.left)
        );
        let wide = ((PLOT.1 - PLOT.0) / self.bars * 4 / 5).clamp(8, 260);
        let inside = html! {
            text.strong x="0" y="140" { (words::cut(role, 40)) }
            @for (value, y) in [(most, TOP), (most / 2, MIDDLE), (0, FLOOR)] {
                (text_to(PLOT.0 - 60, y + 45, &words::number(value)))
                (line((PLOT.0 - 30, y), (PLOT.1, y), 6))
            }
            @for (bar, of) in &bars { (stack(self.at(*bar), wide, *of, most)) }
            @for (bar, date) in self.named() {
                (line((self.at(bar), FLOOR), (self.at(bar), FLOOR + 50), 10))
                @if self.at(bar) + 450 <= WIDTH {
                    (text(self.at(bar), FLOOR + 200, &date.format("%-d %b").to_string()))
                }
            }
        };
        drawing(id, HEIGHT, &format!("{role}: minutes"), &says, &inside)
    }
}

/// A bar with its parts, the busy ones at the bottom.
fn stack(x: i64, wide: i64, of: Minutes, most: i64) -> Markup {
    let mut below = 0;
    html! {
        @for (value, fill) in of.parts() {
            @let (from, to) = (part(below, most, FLOOR - TOP), part(below + value, most, FLOOR - TOP));
            @let () = below += value;
            @if value > 0 { (bar(x, FLOOR - to, wide, to - from, fill)) }
        }
    }
}
