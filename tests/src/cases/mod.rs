//! Random small cases in which the clauses of the SPEC exist and bind: a handful of requests for a handful of
//! slots, and in each case some of the themes below.

mod book;
mod dice;
mod policy;
mod previous;
mod requests;
mod twins;

pub use dice::Dice;
pub use twins::{pairs, twins};

use chrono::{Days, NaiveDate};
use rebook::model::Case;

use crate::build::{CaseBuilder, day};

/// So many random cases, of the seeds from 0 on, are compared with the oracle, and counted by clause.
pub const COMPARED: u64 = 8_000;

/// Which groups of rules a case is about.
#[derive(Debug, Clone, Copy)]
struct Themes {
    /// How many requests, before rows are repeated; more than seven in the larger cases.
    requests: usize,
    labels: bool,
    groups: bool,
    caps: bool,
    reserve: bool,
    calls: bool,
    links: bool,
    visits: bool,
    previous: bool,
    closures: bool,
    additional: bool,
    times: bool,
    notice: bool,
    busy: bool,
    needs: bool,
    channels: bool,
    people: bool,
    weights: bool,
    windows: bool,
    sites: bool,
    overlaps: bool,
    crowd: bool,
    couples: bool,
    /// Sessions of a slot or two, each so many minutes after another, at one site (0) or at several.
    pinch: Option<i64>,
    long: bool,
    mess: bool,
    /// A book with room for most, so that it is about who is where and when.
    roomy: bool,
}

impl Themes {
    fn throw(dice: &mut Dice) -> Self {
        Self {
            requests: dice.pick(&[1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7]),
            labels: dice.percent(25),
            groups: dice.percent(28),
            caps: dice.percent(28),
            reserve: dice.percent(35),
            calls: dice.percent(30),
            links: dice.percent(38),
            visits: dice.percent(55),
            previous: dice.percent(30),
            closures: dice.percent(22),
            additional: dice.percent(35),
            times: dice.percent(22),
            notice: dice.percent(28),
            busy: dice.percent(32),
            needs: dice.percent(22),
            channels: dice.percent(25),
            people: dice.percent(32),
            weights: dice.percent(25),
            windows: dice.percent(42),
            sites: dice.percent(45),
            overlaps: dice.percent(22),
            crowd: dice.percent(35),
            pinch: None,
            couples: dice.percent(30),
            long: dice.percent(35),
            mess: dice.percent(30),
            roomy: dice.percent(30),
        }
    }
}

impl Themes {
    /// With what themes need of one another to bind.
    fn seasoned(self, dice: &mut Dice) -> Self {
        let filters = if self.roomy { 70 } else { 40 };
        let mut themes = if dice.percent(filters) { self.without_filters() } else { self };
        // Visits and patients with two appointments need sessions side by side, often at two sites.
        if themes.visits || themes.couples {
            themes.crowd |= dice.percent(75);
            themes.sites |= dice.percent(55);
            themes.groups |= dice.percent(25);
            if themes.crowd && dice.percent(40) {
                let minutes = dice.pick(&[0, 0, 15]);
                themes.pinch = Some(minutes);
                themes.sites |= minutes > 0;
                if dice.percent(50) {
                    themes = themes.without_filters();
                }
            }
        }
        if themes.reserve {
            themes.previous |= dice.percent(50);
            themes.labels |= dice.percent(25);
            themes.additional |= dice.percent(30);
            themes.crowd |= dice.percent(50);
        }
        themes
    }

    /// Only the rules between placements, so that more requests have candidates to quarrel about.
    fn without_filters(self) -> Self {
        Self {
            labels: false,
            closures: false,
            additional: false,
            times: false,
            notice: false,
            busy: false,
            needs: false,
            channels: false,
            people: false,
            windows: false,
            mess: false,
            ..self
        }
    }
}

/// Mondays, Thursdays before a bank holiday, Fridays, a Saturday, Christmas, Easter.
const STARTS: [&str; 11] = [
    "2024-07-22",
    "2024-07-24",
    "2024-08-22",
    "2024-08-23",
    "2024-08-24",
    "2024-12-23",
    "2024-03-28",
    "2024-05-03",
    "2024-05-06",
    "2024-08-25",
    "2024-08-26",
];

/// The case of a seed: always the same; up to seven requests that are not excluded.
pub fn random_case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let themes = Themes::throw(&mut dice).seasoned(&mut dice);
    case_of(&mut dice, themes)
}

/// A larger case, too large to enumerate: 10 to 16 requests, visits of two at most.
pub fn mid_case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let themes = Themes::throw(&mut dice).without_filters();
    let requests = dice.from_to(10, 16) as usize;
    case_of(&mut dice, Themes { requests, roomy: true, ..themes })
}

fn case_of(dice: &mut Dice, themes: Themes) -> Case {
    let start = day(dice.pick(&STARTS));
    let mut policy = policy::random_policy(dice, themes, start);
    if themes.roomy {
        policy.horizon_days = policy.horizon_days.max(5);
    }
    let mut builder = CaseBuilder::with(policy);
    book::add_sites(dice, themes, &mut builder);
    book::add_clinicians(dice, themes, &mut builder);
    book::add_sessions(dice, themes, &mut builder);
    requests::add_requests(dice, themes, &mut builder);
    if themes.previous {
        previous::add_previous(dice, themes, &mut builder);
    }
    builder.use_additional = dice.percent(50);
    builder.build()
}

/// A date so many days after another, or before it.
fn days_from(date: NaiveDate, days: i64) -> NaiveDate {
    if days >= 0 { date + Days::new(days as u64) } else { date - Days::new(days.unsigned_abs()) }
}
