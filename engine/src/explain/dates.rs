//! Every date of the plan for one request, and who or what holds it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::hold::{Kind, Obstacle};
use super::{Explainer, words};
use crate::candidates::{Offer, Rule, offers};
use crate::prepare::PlannedIdx;
use crate::solve::Limit;

/// Groups of near misses that are told of a date.
const TOLD: usize = 2;

/// Requests or limits that are named of a date.
const NAMED: usize = 5;

/// One date, as a request sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateAnswer {
    /// The date.
    pub date: NaiveDate,
    /// Starts on that date that would suit better than where the request is now, or than no place; for a visit, ways
    /// to book all of it.
    pub better: usize,
    /// What holds them, and what else there is to say of the date.
    pub holds: Vec<HoldAnswer>,
}

/// Something that holds starts of a date, or leaves it without any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HoldAnswer {
    /// `more-urgent`, `last-date`, `same-rank`, `less-urgent`, `linked`, `own-appointment`, `cap`, `reserve`,
    /// `calls`, `free`; `suits-less` where there are starts that are no better; `rules` where nothing suits,
    /// `visit` where nothing suits the whole visit, `no-session` where nobody works who could serve.
    pub kind: &'static str,
    /// How many starts; sessions where nothing suits.
    pub count: usize,
    /// The requests that are in the way at these starts.
    pub by: Vec<String>,
    /// The limits that are full at these starts.
    pub limits: Vec<LimitAnswer>,
    /// Codes of the rules that leave no start.
    pub rules: Vec<&'static str>,
    /// What `text` names: the requests, the limits or the rules that make it this kind.
    #[serde(skip)]
    pub names: Vec<String>,
    #[serde(skip)]
    kind_of: Option<Kind>,
    #[serde(skip)]
    proven: bool,
    /// In words.
    pub text: String,
}

impl HoldAnswer {
    fn new(kind: &'static str, count: usize, text: String) -> Self {
        let (by, limits, rules, names) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { kind, count, by, limits, rules, names, kind_of: None, proven: false, text }
    }

    /// The same of several dates together: so many starts, and the first of these names.
    pub fn said_of(&self, count: usize, names: &[&str]) -> String {
        let mut text = match self.kind_of {
            Some(kind) => kind.held(count, self.proven),
            None if self.rules.is_empty() => return self.text.clone(),
            None => {
                let sessions = words::count(count, "session", "sessions");
                format!("{} ({sessions})", words::list(&self.names))
            }
        };
        if self.kind_of.is_some() && !names.is_empty() {
            text.extend([" (", &words::few(names, NAMED), ")"]);
        }
        text
    }
}

/// A limit that has nothing left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LimitAnswer {
    /// `cap-day`, `cap-session`, `reserve` or `calls`.
    pub kind: &'static str,
    /// In words.
    pub text: String,
}

/// What is gathered of one kind on one date.
#[derive(Debug, Default)]
struct Gathered {
    count: usize,
    by: BTreeSet<PlannedIdx>,
    linked: BTreeSet<PlannedIdx>,
    of_patient: BTreeSet<PlannedIdx>,
    limits: BTreeSet<Limit>,
}

/// What the ways of one date come to.
#[derive(Debug, Default)]
struct Day {
    better: BTreeMap<Kind, Gathered>,
    no_better: usize,
    drawbacks: BTreeSet<&'static str>,
}

impl Explainer<'_, '_> {
    /// Every date from the plan's start to the request's own, or to the last on which there is something better.
    ///
    /// None where it can have no place whatever the book holds: then no date is held by anything else.
    pub fn dates(&self, index: PlannedIdx) -> Vec<DateAnswer> {
        if self.job(index).iter().any(|member| self.prepared.requests[member.index()].barred.is_some()) {
            return Vec::new();
        }
        let days = self.days(index);
        let placed = self.placed[index.index()].as_ref().map(|placed| placed.offer.day);
        let last_better = days.iter().rev().find(|(_, day)| !day.better.is_empty()).map(|(&day, _)| day);
        let last = match placed {
            Some(own) => own.max(last_better.unwrap_or(0)),
            None => self.context.case.policy.horizon_days.saturating_sub(1),
        };
        let of_day = |day: u32| {
            let date = self.date_of(day);
            let found = days.get(&day);
            let mut holds: Vec<HoldAnswer> = Vec::new();
            if let Some(found) = found {
                holds.extend(found.better.iter().map(|(&kind, gathered)| self.hold(index, kind, gathered)));
                if found.no_better > 0 && placed.is_some_and(|own| day < own) {
                    holds.push(suits_less(found));
                }
            } else {
                holds.extend(self.nothing_on(index, date));
            }
            let better = found.map_or(0, |day| day.better.values().map(|gathered| gathered.count).sum());
            DateAnswer { date, better, holds }
        };
        let told = |answer: &DateAnswer| !answer.holds.is_empty();
        (0..=last).map(of_day).filter(told).collect()
    }

    fn days(&self, index: PlannedIdx) -> BTreeMap<u32, Day> {
        let present = self.present_cost(index);
        let holds = self.holds();
        let mut days: BTreeMap<u32, Day> = BTreeMap::new();
        self.each_way(index, |way| {
            let day = days.entry(way.day).or_default();
            if way.cost >= present.as_slice() {
                day.no_better += 1;
                for one in way.moves {
                    let now = self.placed[one.who.index()].as_ref().map(|placed| &placed.offer);
                    day.drawbacks
                        .extend(now.map_or(Vec::new(), |now| self.drawbacks(one.who, one.offer, now)));
                }
                return;
            }
            let obstacles = holds.obstacles(way.moves);
            let gathered = day.better.entry(holds.telling(index, way.moves, &obstacles)).or_default();
            gathered.count += 1;
            for obstacle in obstacles {
                match obstacle {
                    Obstacle::Waits(other) | Obstacle::After(other) | Obstacle::Before(other) => {
                        gathered.by.insert(other);
                        gathered.linked.insert(other);
                    }
                    Obstacle::Patient(other) => {
                        gathered.by.insert(other);
                        gathered.of_patient.insert(other);
                    }
                    Obstacle::Taken(by) => gathered.by.extend(by),
                    Obstacle::Full(limit) => {
                        gathered.limits.insert(limit);
                    }
                }
            }
        });
        days
    }

    fn hold(&self, index: PlannedIdx, kind: Kind, gathered: &Gathered) -> HoldAnswer {
        let holds = self.holds();
        // Only those of the kind are named in words; beside them there may be others.
        let of_kind = |other: &&PlannedIdx| match kind {
            Kind::MoreUrgent | Kind::LastDate | Kind::AsUrgent | Kind::LessUrgent => {
                holds.compare(index, **other) == kind
            }
            Kind::Link => gathered.linked.contains(other),
            Kind::Patient => gathered.of_patient.contains(other),
            _ => false,
        };
        let named: Vec<&str> = gathered.by.iter().filter(of_kind).map(|&other| self.id(other)).collect();
        let full: Vec<String> = gathered
            .limits
            .iter()
            .filter(|&&limit| holds.kind(index, &Obstacle::Full(limit)) == kind)
            .map(|&limit| self.limit_words(limit))
            .collect();
        let names: Vec<String> = named.into_iter().map(str::to_owned).chain(full).collect();
        let limit = |limit: &Limit| LimitAnswer {
            kind: match limit {
                Limit::Day(..) => "cap-day",
                Limit::Session(_) => "cap-session",
                Limit::Reserve(..) => "reserve",
                Limit::Calls(..) => "calls",
            },
            text: self.limit_words(*limit),
        };
        let mut hold = HoldAnswer {
            by: gathered.by.iter().map(|&other| self.id(other).to_owned()).collect(),
            limits: gathered.limits.iter().map(limit).collect(),
            kind_of: Some(kind),
            proven: self.proven,
            ..HoldAnswer::new(kind.code(), gathered.count, String::new())
        };
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        hold.text = hold.said_of(gathered.count, &shown);
        hold.names = names;
        hold
    }

    /// Why there is no way at all on a date.
    fn nothing_on(&self, index: PlannedIdx, date: NaiveDate) -> Vec<HoldAnswer> {
        let planned = &self.prepared.requests[index.index()];
        let without = |kind: &'static str, text: &str| vec![HoldAnswer::new(kind, 0, text.to_owned())];
        let sittings: Vec<_> =
            self.context.sittings_for(planned).filter(|sitting| sitting.date == date).collect();
        if sittings.is_empty() {
            return without("no-session", "no session at a site that serves this patient");
        }
        let on_day = |offer: &Offer| self.date_of(offer.day) == date;
        if self.offers_of(index).iter().any(on_day) {
            return without("visit", "no times in a row for the whole visit");
        }
        if planned.barred.is_none() && offers(self.context, planned).iter().any(on_day) {
            let text = "outside the days asked for from the appointment before it, which is booked";
            return without("linked", text);
        }
        if let Some(rule) = self.own_date_rule(index, date) {
            return vec![rules(&[rule], vec![rule.words().to_owned()], sittings.len())];
        }
        let mut misses = self.misses(planned, sittings.into_iter());
        if misses.is_empty() {
            return Vec::new();
        }
        let structural = misses[0].is_structural();
        misses.retain(|miss| miss.is_structural() == structural);
        if structural {
            return without("no-session", "no session for this kind of appointment");
        }
        // In the order of the page, so that dates that are alike read alike.
        misses.truncate(TOLD);
        misses.sort_by(|a, b| a.rules.cmp(&b.rules));
        let told =
            misses.iter().map(|miss| rules(&miss.rules, self.miss_words(planned, miss), miss.sittings.len()));
        told.collect()
    }

    /// The request's own dates, where they rule a date out: then nothing else needs to be said of it.
    fn own_date_rule(&self, index: PlannedIdx, date: NaiveDate) -> Option<Rule> {
        let planned = &self.prepared.requests[index.index()];
        if planned.earliest.is_some_and(|earliest| date < earliest) {
            Some(Rule::Earliest)
        } else if planned.latest.is_some_and(|latest| latest < date) {
            Some(Rule::Latest)
        } else {
            let barred = self.context.request(planned).unavailable_dates.contains(date);
            barred.then_some(Rule::UnavailableDate)
        }
    }
}

/// So many sessions that fail these rules.
fn rules(rules: &[Rule], names: Vec<String>, sessions: usize) -> HoldAnswer {
    let mut hold = HoldAnswer {
        rules: rules.iter().map(|rule| rule.code()).collect(),
        names,
        ..HoldAnswer::new("rules", sessions, String::new())
    };
    hold.text = hold.said_of(sessions, &[]);
    hold
}

fn suits_less(day: &Day) -> HoldAnswer {
    let why: Vec<String> = day.drawbacks.iter().map(|&why| why.to_owned()).collect();
    let starts = words::count(day.no_better, "start suits", "starts suit");
    let why = if why.is_empty() { String::new() } else { format!(": {}", words::list(&why)) };
    HoldAnswer::new("suits-less", day.no_better, format!("{starts} no better{why}"))
}
