//! SPEC sections 4 and 5: the best plan, with its proof.
//!
//! The road: the case falls into areas (`areas`, `area`); offers become options of jobs (`build`); an area falls into
//! independent parts (`parts`, `strategy`); each part is solved by a lexicographic simplex method (`lp`, `master`) with
//! rows added where they are broken, inside branch and bound (`branch`), with exact whole-number bounds (`bound`); starts
//! are settled by exact packing (`pack`).

mod again;
mod alike;
mod area;
mod areas;
mod atoms;
mod bound;
mod branch;
mod build;
mod carry;
mod covers;
mod crowd;
mod cuts;
mod groups;
mod guarantee;
pub mod instance;
mod limits;
mod lp;
mod master;
mod pack;
mod parity;
mod parts;
mod pools;
mod problem;
mod rows;
mod seats;
mod stage;
mod state;
mod strategy;
mod ties;
mod trade;
mod visits;
mod watch;

use crate::candidates::{Context, Offer, Run};
use crate::objective::Layout;
use crate::prepare::Prepared;

pub(crate) use again::{AtHand, replan, stand};
pub(crate) use areas::{area_of, requests_of};
pub(crate) use build::{all_offers, offers_of};
#[cfg(feature = "desk")]
pub(crate) use build::{offers_in, offers_until};
pub(crate) use limits::{Limit, Limits};
pub(crate) use visits::{VisitWay, combinations};
pub use watch::Progress;

use area::Whole;

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The offer taken, with all its runs.
    pub offer: Offer,
    /// The run taken.
    pub run: Run,
}

/// An entry of the objective: value and proven lower bound given the values before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Of the plan.
    pub value: i64,
    /// No plan with the same entries before has less.
    pub bound: i64,
}

/// A plan with its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// By planned request.
    pub placed: Vec<Option<Placed>>,
    /// In the order of the layout.
    pub entries: Vec<Entry>,
    /// Branch-and-bound nodes looked at.
    pub nodes: u64,
    /// Simplex pivots made: the measure of work.
    pub pivots: u64,
    /// Whether the run was stopped before all was proven.
    pub interrupted: bool,
}

impl Solution {
    /// Whether every value meets its bound.
    pub fn is_optimal(&self) -> bool {
        self.entries.iter().all(|entry| entry.value == entry.bound)
    }
}

/// What a run may spend.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Simplex pivots of each independent part.
    pub pivots: u64,
    /// Asked now and then from several threads: true = stop with the best so far.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// Finds the best plan and proves it.
pub fn solve(context: &Context<'_>, prepared: &Prepared, effort: Effort<'_>) -> Solution {
    solve_aloud(context, prepared, effort, &|_| ())
}

/// Finds the best plan and proves it, and tells now and then, from several threads, how far it is.
pub fn solve_aloud(
    context: &Context<'_>,
    prepared: &Prepared,
    effort: Effort<'_>,
    tell: &(dyn Fn(&Progress<'_>) + Sync),
) -> Solution {
    tell(&Progress::of("finding every place that each request could have"));
    let layout = Layout::new(prepared);
    let limits = Limits::new(context);
    let whole = Whole { context, prepared, layout, limits: &limits };
    let solved = area::solve(whole, effort, tell);
    let mut solution = Solution {
        placed: vec![None; prepared.requests.len()],
        entries: Vec::new(),
        nodes: solved.iter().map(|area| area.nodes).sum(),
        pivots: solved.iter().map(|area| area.pivots).sum(),
        interrupted: false,
    };
    let sum =
        |of: fn(&area::Area, usize) -> i64, at: usize| solved.iter().map(|area| of(area, at)).sum::<i64>();
    for at in 0..layout.len() {
        let (value, bound) = (sum(|area, at| area.value[at], at), sum(|area, at| area.bounds[at], at));
        solution.entries.push(Entry { value, bound });
    }
    // Once an entry is not met, the entries before no longer say what each of several areas has.
    if let Some(unmet) = solution.entries.iter().position(|entry| entry.value != entry.bound)
        && solved.len() > 1
    {
        let trades = area::trades(&solved, layout.len());
        let gain = |at| trades.as_ref().map_or(i64::MAX, |trades| trades.gain(at));
        for at in unmet..layout.len() {
            let entry = &mut solution.entries[at];
            let least = if at == unmet { entry.bound } else { sum(|area, at| area.least[at], at) };
            entry.bound = entry.value.saturating_sub(gain(at)).max(least);
        }
    }
    for area in solved {
        for (request, placed) in area.requests.iter().zip(area.placed) {
            solution.placed[request.index()] = placed;
        }
    }
    // Asked in any case: whoever interrupts after this does not mean the search.
    let stopped = (effort.stop)();
    solution.interrupted = stopped && !solution.is_optimal();
    solution
}
