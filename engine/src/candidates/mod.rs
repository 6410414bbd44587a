//! SPEC section 3: where a request may go.
//!
//! A candidate is a run of consecutive slots of one session. Candidates of one request in one session that cost
//! the same and use the same are one *offer*: the solver chooses among offers, and the start is settled inside
//! the session afterwards.
//!
//! Each rule is one function; `SITTING_RULES` and `RUN_RULES` list them in the order of the page. The same
//! lists serve the enumeration and the explanation of what is in the way.

mod additional;
mod alike;
mod channel;
mod clash;
mod context;
mod date;
mod finder;
mod place;
mod rule;
mod run;
mod time;
mod who;

use std::sync::Arc;

use crate::calendar::MINUTES_PER_DAY;
use crate::model::DeliveryChannel;
use crate::prepare::Planned;
use crate::units::{SessionIdx, SlotIdx};

pub(crate) use alike::Alike;
pub use channel::channel_of;
pub(crate) use channel::unmet_needs;
use context::Book;
pub use context::{Booking, Context, Sitting};
pub(crate) use finder::{Finder, Shares};
pub use rule::Rule;
pub use run::{Run, RunCheck, needed_minutes};

/// A rule about a sitting as a whole.
enum SittingRule {
    /// It asks nothing of a request: what breaks it is open to nobody.
    Book(fn(&Book<'_>, &Sitting) -> bool),
    /// It asks something of the request.
    Request(fn(&Context<'_>, &Planned, &Sitting) -> bool),
}

impl SittingRule {
    fn holds(&self, context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
        match self {
            Self::Book(rule) => rule(&context.book(), sitting),
            Self::Request(rule) => rule(context, planned, sitting),
        }
    }
}

/// A rule about one run of slots.
type RunRule = fn(&Context<'_>, &Planned, &RunCheck) -> bool;

/// Rules about the sitting, in the order of the page.
const SITTING_RULES: &[(Rule, SittingRule)] = &[
    (Rule::Role, SittingRule::Request(who::role)),
    (Rule::Gender, SittingRule::Request(who::gender)),
    (Rule::Continuity, SittingRule::Request(who::continuity)),
    (Rule::Channel, SittingRule::Request(channel::channel)),
    (Rule::Site, SittingRule::Request(place::site)),
    (Rule::CareType, SittingRule::Request(place::care_type)),
    (Rule::Range, SittingRule::Book(date::in_range)),
    (Rule::Earliest, SittingRule::Request(date::earliest)),
    (Rule::Latest, SittingRule::Request(date::latest)),
    (Rule::UnavailableDate, SittingRule::Request(date::unavailable)),
    (Rule::Leave, SittingRule::Book(date::leave)),
    (Rule::Closed, SittingRule::Book(date::closed)),
    (Rule::BankHoliday, SittingRule::Book(date::bank_holiday)),
    (Rule::Additional, SittingRule::Book(additional::additional)),
];

/// What a rule about a run asks beside the run itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// Something of the request's own.
    Request,
    /// Nothing but the sitting and the care type: requests of one care type share the answer.
    Sitting,
}

/// Rules about a run, in the order of the page.
const RUN_RULES: &[(Rule, Asks, RunRule)] = &[
    (Rule::Notice, Asks::Request, time::notice),
    (Rule::Availability, Asks::Request, time::available),
    (Rule::TimeOfDay, Asks::Sitting, time::time_of_day),
    (Rule::PatientBusy, Asks::Request, clash::patient),
    (Rule::PractitionerBusy, Asks::Sitting, clash::practitioner),
];

/// Candidates of one request in one session that cost the same and use the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Where; the first of those that are alike where one offer stands for several.
    pub session: SessionIdx,
    /// Days from the plan's start.
    pub day: u32,
    /// How.
    pub channel: DeliveryChannel,
    /// Minutes the appointment takes with this practitioner.
    pub needed: u32,
    /// Minutes of the slots beyond that; 0 for a group slot.
    pub wasted: u32,
    /// Minutes of its open slots, which the reserve counts.
    pub open_minutes: u32,
    /// Not where the previous plan put it.
    pub moved: bool,
    /// Ascending by start.
    pub runs: Arc<[Run]>,
}

/// Whether a sitting keeps the rules that ask nothing of a request.
fn is_plannable(book: &Book<'_>, sitting: &Sitting) -> bool {
    SITTING_RULES.iter().all(|(_, rule)| match rule {
        SittingRule::Book(holds) => holds(book, sitting),
        SittingRule::Request(_) => true,
    })
}

/// Every offer for a request, ascending by session.
pub fn offers(context: &Context<'_>, planned: &Planned) -> Vec<Offer> {
    Finder::new(context).offers(planned)
}

/// What stands in the way of a request in this sitting: every sitting rule that fails; where none does, every
/// rule that some run fails, and [`Rule::Run`] where there is no run long enough at all.
pub fn hurdles(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> Vec<Rule> {
    let failing = |(rule, of): &(Rule, SittingRule)| (!of.holds(context, planned, sitting)).then_some(*rule);
    let found: Vec<Rule> = SITTING_RULES.iter().filter_map(failing).collect();
    if !found.is_empty() {
        return found;
    }
    let checks: Vec<RunCheck> = channel_of(context, planned, sitting)
        .map_or_else(Vec::new, |channel| run::runs(context, planned, sitting, channel).collect());
    if checks.is_empty() {
        return vec![run::why_no_run(context, planned, sitting)];
    }
    let mut found: Vec<Rule> = Vec::new();
    for check in &checks {
        for (rule, _, holds) in RUN_RULES {
            if !holds(context, planned, check) && !found.contains(rule) {
                found.push(*rule);
            }
        }
    }
    found
}

/// Minute of the day at which an appointment that starts at `start` and takes `minutes` ends, rounded up where it
/// starts inside a minute; a start near midnight may take it past the day.
fn clock_range(start: chrono::NaiveDateTime, minutes: u32) -> (u32, u32) {
    use chrono::Timelike;
    let from = start.hour() * 60 + start.minute();
    let end = from + minutes + u32::from(start.second() > 0);
    (from, end.min(MINUTES_PER_DAY + minutes))
}

/// The slots of a run, in order.
pub fn slots_of(run: Run) -> impl Iterator<Item = SlotIdx> {
    (run.first.0..run.first.0 + run.count).map(SlotIdx)
}
