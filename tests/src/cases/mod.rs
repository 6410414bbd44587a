//! Random small cases in which the clauses of the SPEC exist and bind: a handful of requests for a handful of
//! slots, and in each case some of the themes below.

mod book;
mod dice;
mod policy;
mod previous;
mod requests;

pub use dice::Dice;

use chrono::{Days, NaiveDate};
use rebook::model::Case;

use crate::build::{CaseBuilder, day};

/// Which groups of rules a case is about.
#[derive(Debug, Clone, Copy)]
struct Themes {
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
    long: bool,
    mess: bool,
}

impl Themes {
    fn throw(dice: &mut Dice) -> Self {
        Self {
            labels: dice.percent(25),
            groups: dice.percent(30),
            caps: dice.percent(25),
            reserve: dice.percent(30),
            calls: dice.percent(20),
            links: dice.percent(35),
            visits: dice.percent(35),
            previous: dice.percent(30),
            closures: dice.percent(20),
            additional: dice.percent(18),
            times: dice.percent(20),
            notice: dice.percent(25),
            busy: dice.percent(30),
            needs: dice.percent(20),
            channels: dice.percent(20),
            people: dice.percent(30),
            weights: dice.percent(25),
            windows: dice.percent(35),
            sites: dice.percent(45),
            overlaps: dice.percent(25),
            crowd: dice.percent(35),
            couples: dice.percent(30),
            long: dice.percent(40),
            mess: dice.percent(20),
        }
    }
}

/// Mondays, Thursdays before a bank holiday, Fridays, a Saturday, Christmas, Easter.
const STARTS: [&str; 9] = [
    "2024-07-22",
    "2024-07-24",
    "2024-08-22",
    "2024-08-23",
    "2024-08-24",
    "2024-12-23",
    "2024-03-28",
    "2024-05-03",
    "2024-05-06",
];

/// The case of a seed: always the same.
pub fn random_case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let themes = Themes::throw(&mut dice);
    let start = day(dice.pick(&STARTS));
    let policy = policy::random_policy(&mut dice, themes, start);
    let mut builder = CaseBuilder::with(policy);
    book::add_sites(&mut dice, themes, &mut builder);
    book::add_clinicians(&mut dice, themes, &mut builder);
    book::add_sessions(&mut dice, themes, &mut builder);
    requests::add_requests(&mut dice, themes, &mut builder);
    if themes.previous {
        previous::add_previous(&mut dice, &mut builder);
    }
    builder.use_additional = dice.percent(50);
    builder.build()
}

/// A date so many days after another, or before it.
fn days_from(date: NaiveDate, days: i64) -> NaiveDate {
    if days >= 0 { date + Days::new(days as u64) } else { date - Days::new(days.unsigned_abs()) }
}
