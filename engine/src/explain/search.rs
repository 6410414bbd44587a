//! The smallest change that would place a request, found by trying.
//!
//! One thing at a time, in this order: what the patient can be asked (another day or time, another way to be told,
//! another channel, another practitioner); a little more room (one contact or one call more, additional sessions,
//! what one session lacks, more slots, the fewest that do); what a clinician must allow (a wider window, another interval to the
//! appointment before, no link, no joint visit); less in reserve. Numbers are doubled until they do and then
//! halved back. Every change stated has been tried: see `trial` for what that means.

use super::area::Area;
use super::change::Change;
use super::trial::{Open, ways_after};
use super::{Explainer, words};
use crate::model::{Case, Request};
use crate::prepare::PlannedIdx;

/// New plans that the search for one request may make.
const PLANS: u32 = 12;
/// New ways that are tried for each wish that is relaxed.
const WAYS: usize = 2;

/// What a change must bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// A place.
    Placed,
    /// A place on or before this day.
    By(u32),
}

/// One search.
pub(super) struct Search<'e> {
    /// Id of the request.
    pub id: &'e str,
    /// The request.
    pub index: PlannedIdx,
    /// What is sought.
    pub goal: Goal,
    /// Its area.
    pub area: &'e Area,
    number: usize,
    /// New plans left to make.
    plans: u32,
    /// What was tried without success, in words.
    tried: Vec<&'static str>,
    /// Whether something was left untried, or could not be decided, for want of budget.
    cut_short: bool,
}

type Step = fn(&Explainer<'_, '_>, &mut Search<'_>) -> Option<Change>;

/// The steps in their order, each with what is said where it does not help.
const STEPS: &[(&str, Step)] = &[
    ("the change that would place what it comes after", |explainer, search| explainer.with_before(search)),
    ("other dates", |explainer, search| explainer.other_dates(search)),
    ("other times", |explainer, search| explainer.other_times(search)),
    ("another way to tell the patient", |explainer, search| explainer.other_route(search)),
    ("another channel", |explainer, search| explainer.other_channel(search)),
    ("a practitioner of any gender", |explainer, search| explainer.any_gender(search)),
    ("another practitioner", |explainer, search| explainer.any_practitioner(search)),
    ("what a session lacks", |explainer, search| explainer.provide_need(search)),
    ("more contacts", |explainer, search| explainer.more_contacts(search)),
    ("more calls", |explainer, search| explainer.more_calls(search)),
    ("the additional sessions", |explainer, search| explainer.extra_sessions(search)),
    ("more slots", |explainer, search| explainer.more_slots(search)),
    ("a longer window", |explainer, search| explainer.longer_window(search)),
    ("an earlier window", |explainer, search| explainer.earlier_window(search)),
    ("another interval", |explainer, search| explainer.other_interval(search)),
    ("no link", |explainer, search| explainer.unlinked(search)),
    ("separate bookings", |explainer, search| explainer.booked_apart(search)),
    ("a smaller reserve", |explainer, search| explainer.less_reserve(search)),
];

impl Explainer<'_, '_> {
    /// The smallest change that would place an unplaced request, in words: each is found by trying it.
    pub fn smallest_change(&self, index: PlannedIdx) -> String {
        let mut search = self.search(index, Goal::Placed);
        if let Some(change) = self.first_change(&mut search) {
            return words::sentence(&change.to_string());
        }
        words::sentence(&search.failure())
    }

    /// The smallest change that would place an unplaced request; none where none was found.
    pub fn change(&self, index: PlannedIdx) -> Option<Change> {
        self.first_change(&mut self.search(index, Goal::Placed))
    }

    pub(super) fn search(&self, index: PlannedIdx, goal: Goal) -> Search<'_> {
        let (number, area) = self.area(index);
        Search {
            id: self.id(index),
            index,
            goal,
            number,
            area,
            plans: PLANS,
            tried: Vec::new(),
            cut_short: false,
        }
    }

    fn first_change(&self, search: &mut Search<'_>) -> Option<Change> {
        STEPS.iter().find_map(|(name, step)| {
            let plans = search.plans;
            let found = step(self, search);
            if found.is_none() && search.plans < plans {
                search.tried.push(name);
            }
            found
        })
    }

    /// Every step's change that does, in their order.
    pub(super) fn all_changes(&self, search: &mut Search<'_>) -> Vec<Change> {
        let each = STEPS.iter().filter_map(|(_, step)| {
            search.plans = PLANS;
            step(self, search)
        });
        let mut found: Vec<Change> = Vec::new();
        for change in each {
            if !found.contains(&change) {
                found.push(change);
            }
        }
        found
    }

    /// Whether the goal is met when the area is planned again with this change.
    pub(super) fn does(&self, search: &mut Search<'_>, change: &Change) -> bool {
        if !self.trials.is_known(search.number, change) {
            if search.plans == 0 {
                search.cut_short = true;
                return false;
            }
            search.plans -= 1;
        }
        let Some(days) = self.trials.plan(search.number, search.area, change) else {
            search.cut_short = true;
            return false;
        };
        days.get(search.id).is_some_and(|&day| match search.goal {
            Goal::Placed => true,
            Goal::By(last) => day <= last,
        })
    }

    /// Whether a change of what the request asks for does: at once where the plan leaves it a free way, and never
    /// where it has no way at all.
    pub(super) fn asking_does(&self, search: &mut Search<'_>, change: &Change) -> bool {
        let ways = ways_after(search.area, &change.apply(&search.area.case), search.id);
        let proof = self.proven && search.goal == Goal::Placed;
        (proof && ways.iter().any(Open::is_free)) || (!ways.is_empty() && self.does(search, change))
    }

    /// Relaxes one wish of each member in turn, sees which ways would be open then, and narrows the change to one.
    pub(super) fn relax(
        &self,
        search: &mut Search<'_>,
        wish: impl Fn(&Request) -> bool,
        relax: impl Fn(&mut Request),
        narrow: impl Fn(&Request, &Open) -> Option<Change>,
    ) -> Option<Change> {
        for member in self.job(search.index) {
            let request = self.context.request(&self.prepared.requests[member.index()]);
            if !wish(request) {
                continue;
            }
            let relaxed = relaxed(&search.area.case, &request.request_id, &relax);
            // Free ways come first, and the first day first: it is the smallest thing to ask for.
            let mut changes: Vec<Change> = Vec::new();
            for way in ways_after(search.area, &relaxed, &request.request_id) {
                let change = narrow(request, &way).filter(|change| !changes.contains(change));
                changes.extend(change);
                if changes.len() == WAYS {
                    break;
                }
            }
            let found = changes.into_iter().find(|change| self.asking_does(search, change));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Asks for one thing for each member in turn.
    pub(super) fn ask(
        &self,
        search: &mut Search<'_>,
        change: impl Fn(PlannedIdx, &Request) -> Option<Change>,
    ) -> Option<Change> {
        let request = |member: PlannedIdx| self.context.request(&self.prepared.requests[member.index()]);
        let members = self.job(search.index);
        let changes = members.into_iter().filter_map(|member| change(member, request(member)));
        changes.collect::<Vec<_>>().into_iter().find(|change| self.asking_does(search, change))
    }

    /// The least number that does: doubled until one does, then halved back.
    pub(super) fn least(
        &self,
        search: &mut Search<'_>,
        most: u32,
        make: impl Fn(u32) -> Option<Change>,
    ) -> Option<Change> {
        let mut failed = 0;
        let mut number = 1;
        let mut found = loop {
            if number > most {
                return None;
            }
            let change = make(number)?;
            if self.does(search, &change) {
                break change;
            }
            failed = number;
            number = if number < most { (number * 2).min(most) } else { most + 1 };
        };
        while failed + 1 < number {
            let middle = failed + (number - failed) / 2;
            let change = make(middle)?;
            if self.does(search, &change) {
                (number, found) = (middle, change);
            } else {
                failed = middle;
            }
        }
        Some(found)
    }
}

impl Search<'_> {
    /// What is said where nothing was found.
    pub fn failure(&self) -> String {
        let tried: Vec<&str> = self.tried.clone();
        match (tried.is_empty(), self.cut_short) {
            (true, false) => "no single change that could be tried would place it".to_owned(),
            (true, true) => "not found: the search was cut short".to_owned(),
            (false, cut_short) => {
                let end = if cut_short { "; the search was cut short" } else { "" };
                format!("nothing tried would place it: {}{end}", words::few(&tried, tried.len()))
            }
        }
    }
}

/// A case with one wish of a request relaxed.
pub(super) fn relaxed(case: &Case, request_id: &str, relax: &impl Fn(&mut Request)) -> Case {
    let mut case = case.clone();
    case.requests.iter_mut().filter(|request| request.request_id == request_id).for_each(relax);
    case
}
