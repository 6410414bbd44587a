//! The smallest change that would place a request, found by trying.
//!
//! One thing at a time, in this order: what the patient can be asked (another day or time, another way to be told,
//! another channel, another practitioner); a little more room (one contact or one call more, additional sessions,
//! what one session lacks, more slots); what a clinician must allow (a wider window, another
//! interval to the appointment before, no link, no joint visit); less in reserve.
//!
//! A first pass goes through what can be proven by hand (`repair`), each request on its own. Only who is left without
//! an answer has changes tried by new plans (`trial`), one request after the other in the order of the file, within
//! one budget; a change that was tried for one may be the answer for the next. Numbers are doubled until they do and
//! then halved back: that is the least number where every smaller one was tried in vain, and else words say so.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::change::Change;
use super::ledger::Seat;
use super::repair::Looks;
use super::{Explainer, words};
use crate::candidates::Run;
use crate::model::Request;
use crate::prepare::{Barred, Link, PlannedIdx};

/// Ways that are tried for each wish that is relaxed.
const WAYS: usize = 4;

/// What a change must bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// A place.
    Placed,
    /// A place on or before this day.
    By(u32),
}

impl Goal {
    /// Whether a place on this day meets it.
    fn is_met_on(self, day: u32) -> bool {
        match self {
            Self::Placed => true,
            Self::By(last) => day <= last,
        }
    }
}

/// True = no more time is to be spent.
pub(super) type Hurry<'h> = &'h (dyn Fn() -> bool + Sync);

/// One search.
pub(super) struct Search<'h> {
    /// The request.
    pub index: PlannedIdx,
    /// What is sought.
    pub goal: Goal,
    /// What proofs by hand may still cost.
    pub looks: Looks,
    /// Whether new plans may be made.
    plans: bool,
    /// Asked now and then while a new plan is made: true = stop, and leave it untried.
    pub hurry: Hurry<'h>,
    /// Whether something could be told by a new plan only, and was not.
    untried: bool,
    /// Whether anything at all was tried.
    tried: bool,
}

/// The smallest change for a request, where one was found, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smallest {
    /// The change.
    pub change: Option<Change>,
    /// In words; without a change, why there is none.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Before,
    Dates,
    Times,
    Route,
    Channel,
    Gender,
    Practitioner,
    Need,
    Contacts,
    Calls,
    ExtraSessions,
    Slots,
    LaterWindow,
    EarlierWindow,
    Interval,
    Unlinked,
    Apart,
    Reserve,
}

/// In the order of the page.
const STEPS: [Step; 18] = [
    Step::Before,
    Step::Dates,
    Step::Times,
    Step::Route,
    Step::Channel,
    Step::Gender,
    Step::Practitioner,
    Step::Need,
    Step::Contacts,
    Step::Calls,
    Step::ExtraSessions,
    Step::Slots,
    Step::LaterWindow,
    Step::EarlierWindow,
    Step::Interval,
    Step::Unlinked,
    Step::Apart,
    Step::Reserve,
];

impl Step {
    /// Whether it changes what others may use too, so that only a new plan can tell.
    fn makes_room(self) -> bool {
        matches!(
            self,
            Self::Need | Self::Contacts | Self::Calls | Self::ExtraSessions | Self::Slots | Self::Reserve
        )
    }
}

impl<'h> Search<'h> {
    fn new(index: PlannedIdx, goal: Goal, plans: bool, hurry: Hurry<'h>) -> Self {
        Self { index, goal, looks: Looks::new(), plans, hurry, untried: false, tried: false }
    }
}

impl Explainer<'_, '_> {
    /// A change that does for a request, in words that promise no more than was tried: where smaller numbers were not,
    /// or did as well, fewer may do.
    pub(super) fn said(&self, change: &Change, index: PlannedIdx, goal: Goal) -> String {
        let area = self.area_with(index);
        let fails = |smaller: &Change| match self.trials.known(area, smaller) {
            Some(Some(days)) => !days.get(self.id(index)).is_some_and(|&day| goal.is_met_on(day)),
            _ => false,
        };
        let fewer = if change.smaller().iter().all(fails) { "" } else { " (fewer may do)" };
        words::sentence(&(change.in_words(self.id(index)) + fewer))
    }

    fn found(&self, change: Change, index: PlannedIdx) -> Smallest {
        Smallest { text: self.said(&change, index, Goal::Placed), change: Some(change) }
    }

    /// The smallest change for each of these unplaced requests; none for those that were not looked at because
    /// `hurry` said so, which is asked now and then.
    pub fn smallest_changes(&self, of: &[PlannedIdx], hurry: Hurry<'_>) -> Vec<Option<Smallest>> {
        let by_hand = |&index: &PlannedIdx| {
            // Nothing can be proven beside a plan that is not.
            let look = || {
                if self.proven {
                    self.first_change(index, false, hurry)
                } else {
                    (None, Search::new(index, Goal::Placed, false, hurry))
                }
            };
            (!hurry()).then(look)
        };
        let proven: Vec<Option<(Option<Change>, Search<'_>)>> = of.par_iter().map(by_hand).collect();
        let mut found = Vec::with_capacity(of.len());
        for (&index, proven) in of.iter().zip(proven) {
            found.push(match proven {
                Some((Some(change), _)) => Some(self.found(change, index)),
                Some((None, search)) if !hurry() => Some(self.tried_change(index, search)),
                _ => None,
            });
        }
        found
    }

    /// The change that would place a request of those that can be proven by hand.
    pub(super) fn proven_change(&self, index: PlannedIdx, hurry: Hurry<'_>) -> Option<Change> {
        self.first_change(index, false, hurry).0
    }

    fn first_change<'h>(
        &self,
        index: PlannedIdx,
        plans: bool,
        hurry: Hurry<'h>,
    ) -> (Option<Change>, Search<'h>) {
        let mut search = Search::new(index, Goal::Placed, plans, hurry);
        let mut steps = self.steps(index);
        if !plans {
            let before = steps.len();
            steps.retain(|step| !step.makes_room());
            search.untried = steps.len() < before;
        }
        // Where plans are made, room comes first: it is what they are good for.
        let of_room = |step: &&Step| plans && matches!(step, Step::Slots | Step::ExtraSessions);
        let (first, then): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(of_room);
        let found = first.into_iter().chain(then).find_map(|step| self.step(*step, &mut search));
        (found, search)
    }

    /// What new plans tell of a request for which nothing could be proven by hand.
    fn tried_change(&self, index: PlannedIdx, by_hand: Search<'_>) -> Smallest {
        let mut search = by_hand;
        if search.untried && self.proven {
            if let Some(change) = self.shared_change(index) {
                return self.found(change, index);
            }
            if self.may_plan(self.area_with(index)) {
                let (change, then) = self.first_change(index, true, search.hurry);
                if let Some(change) = change {
                    return self.found(change, index);
                }
                search = then;
            }
        }
        let why = match (self.proven, search.untried, search.tried) {
            (false, ..) => "none looked for: this plan is not proven to be the best",
            (true, true, _) => "none found within the work allowed",
            (true, false, true) => "no single change that was tried would place it",
            (true, false, false) => "there is no single change that could be tried",
        };
        Smallest { change: None, text: words::sentence(why) }
    }

    /// The smallest change that was tried for somebody else and places this request too.
    fn shared_change(&self, index: PlannedIdx) -> Option<Change> {
        let number = self.area_with(index);
        let size = |change: &Change| match change {
            Change::MoreSlots { count, .. } => (1, *count),
            _ => (0, 0),
        };
        let known = self.trials.that_place(number, self.id(index));
        known.into_iter().filter(|change| change.request_id().is_none()).min_by_key(size)
    }

    /// Every step's change that does, in their order; whether something was left untried: for want of budget, or of
    /// `plans`, which lets what cannot be proven by hand be tried by new plans.
    pub(super) fn all_changes(&self, index: PlannedIdx, goal: Goal, plans: bool) -> (Vec<Change>, bool) {
        let mut untried = false;
        let mut found: Vec<Change> = Vec::new();
        for step in self.steps(index) {
            let mut search = Search::new(index, goal, plans, &|| false);
            let change = self.step(step, &mut search);
            untried |= search.untried;
            found.extend(change.filter(|change| !found.contains(change)));
        }
        (found, untried)
    }

    /// The steps that touch what keeps a request without a place.
    fn steps(&self, index: PlannedIdx) -> Vec<Step> {
        let members = self.job(index);
        let planned = |member: &PlannedIdx| &self.prepared.requests[member.index()];
        let barred: BTreeSet<Barred> = members.iter().filter_map(|member| planned(member).barred).collect();
        let waits = members.iter().any(|member| match planned(member).link {
            Link::After { other, .. } => !members.contains(&other) && self.ledger.seat(other).is_none(),
            _ => false,
        });
        let can_help = |step: &&Step| match step {
            Step::Apart => planned(&index).visit.is_some(),
            Step::Unlinked if barred.contains(&Barred::AfterExcluded) => true,
            Step::LaterWindow if barred.contains(&Barred::WindowPassed) => true,
            _ if !barred.is_empty() => false,
            Step::Before | Step::Unlinked if waits => true,
            Step::Before => false,
            _ => !waits,
        };
        STEPS.iter().filter(can_help).copied().collect()
    }

    fn step(&self, step: Step, search: &mut Search<'_>) -> Option<Change> {
        match step {
            Step::Before => self.with_before(search),
            Step::Dates => self.other_dates(search),
            Step::Times => self.other_times(search),
            Step::Route => self.other_route(search),
            Step::Channel => self.other_channel(search),
            Step::Gender => self.any_gender(search),
            Step::Practitioner => self.any_practitioner(search),
            Step::Need => self.provide_need(search),
            Step::Contacts => self.more_contacts(search),
            Step::Calls => self.more_calls(search),
            Step::ExtraSessions => self.extra_sessions(search),
            Step::Slots => self.more_slots(search),
            Step::LaterWindow => self.longer_window(search),
            Step::EarlierWindow => self.earlier_window(search),
            Step::Interval => self.other_interval(search),
            Step::Unlinked => self.unlinked(search),
            Step::Apart => self.booked_apart(search),
            Step::Reserve => self.less_reserve(search),
        }
    }

    /// Whether there is enough left to plan this area again.
    fn may_plan(&self, area: usize) -> bool {
        self.trials.may_plan(|| self.requests_in(area))
    }

    /// Whether the goal is met when the area is planned again with this change.
    pub(super) fn does(&self, search: &mut Search<'_>, change: &Change) -> bool {
        let number = self.area_with(search.index);
        let known = self.trials.known(number, change);
        if known.is_none() && !(search.plans && self.may_plan(number)) {
            search.untried = true;
            return false;
        }
        search.tried = true;
        let outcome =
            known.unwrap_or_else(|| self.trials.plan(number, &self.area(number), change, search.hurry));
        let Some(days) = outcome else {
            search.untried = true;
            return false;
        };
        days.get(self.id(search.index)).is_some_and(|&day| search.goal.is_met_on(day))
    }

    /// Whether a change of what a request asks for does: never where it gives no way that is better, at once where
    /// that can be proven by hand.
    pub(super) fn asking_does(
        &self,
        search: &mut Search<'_>,
        (member, change): (PlannedIdx, &Change),
        also: &[PlannedIdx],
    ) -> bool {
        let seen = self.with_change((member, search.index), change, |changed| {
            let waits = !also.is_empty() && self.ledger.seat(search.index).is_none();
            if !waits && !opens(changed, search) {
                return (false, false);
            }
            let sound = match search.goal {
                Goal::Placed => true,
                Goal::By(last) => self.only_opens_by(changed, search.index, change, last),
            };
            (true, sound && self.proves(changed, search.index, also, &mut search.looks))
        });
        match seen {
            Some((true, true)) => true,
            Some((true, false)) => self.does(search, change),
            Some((false, _)) | None => {
                search.tried = true;
                false
            }
        }
    }

    /// Whether a change leaves all ways as they were and adds none after a day: then a better plan with the request
    /// in a new way has it there by that day.
    fn only_opens_by(
        &self,
        changed: &Explainer<'_, '_>,
        index: PlannedIdx,
        change: &Change,
        last: u32,
    ) -> bool {
        let adds_alone = matches!(
            change,
            Change::AlsoAvailable { .. }
                | Change::AlsoOnDate { .. }
                | Change::AnyGender { .. }
                | Change::AnyPractitioner { .. }
                | Change::OtherChannel { .. }
        );
        let runs = |explainer: &Explainer<'_, '_>| {
            let mut found: BTreeSet<Vec<(PlannedIdx, Run)>> = BTreeSet::new();
            explainer.each_way(index, |way| {
                if way.day > last {
                    found.insert(way.moves.iter().map(|one| (one.who, one.run)).collect());
                }
            });
            found
        };
        adds_alone && runs(changed).is_subset(&runs(self))
    }

    /// Relaxes one wish of each member in turn, sees which ways would be open then, and narrows the change to one.
    pub(super) fn relax(
        &self,
        search: &mut Search<'_>,
        wish: impl Fn(&Request) -> bool,
        relax: impl Fn(&mut Request),
        narrow: impl Fn(&Request, &Seat) -> Option<Change>,
    ) -> Option<Change> {
        for member in self.job(search.index) {
            let request = self.context.request(&self.prepared.requests[member.index()]);
            if !wish(request) {
                continue;
            }
            let mut row = request.clone();
            relax(&mut row);
            // The easiest ways come first, and among these the first day: it is the smallest thing to ask for.
            let mut changes: Vec<Change> = Vec::new();
            let index = search.index;
            self.with_row((member, index), &row, |changed| {
                for way in changed.better_ways(index, &mut search.looks) {
                    let seat = changed.seat_in(&way.moves, member);
                    let change = seat.and_then(|seat| narrow(request, &seat));
                    changes.extend(change.filter(|change| !changes.contains(change)));
                    if changes.len() == WAYS {
                        break;
                    }
                }
            });
            search.tried = true;
            let found = changes.into_iter().find(|change| self.asking_does(search, (member, change), &[]));
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
        self.job(search.index).into_iter().find_map(|member| {
            let change = change(member, self.context.request(&self.prepared.requests[member.index()]))?;
            self.asking_does(search, (member, &change), &[]).then_some(change)
        })
    }

    /// The least number that does, from a first guess on: doubled until one does, then halved back.
    pub(super) fn least(
        &self,
        search: &mut Search<'_>,
        (guess, most): (u32, u32),
        make: impl Fn(u32) -> Option<Change>,
    ) -> Option<Change> {
        let mut failed = 0;
        let mut number = guess.clamp(1, most.max(1));
        let mut found = loop {
            if number > most {
                return None;
            }
            let change = make(number)?;
            if self.does(search, &change) {
                break change;
            }
            if search.untried {
                return None;
            }
            failed = number;
            number = if number < most { (number * 2).min(most) } else { most + 1 };
        };
        while failed + 1 < number && !search.untried {
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

/// Whether the request has a better way there that would meet the goal.
fn opens(changed: &Explainer<'_, '_>, search: &Search<'_>) -> bool {
    let present = changed.present_cost(search.index);
    let mut found = false;
    changed.each_way(search.index, |way| {
        found |= search.goal.is_met_on(way.day) && way.cost < present.as_slice();
    });
    found
}
