//! SPEC sections 4 and 5: the best plan, with its proof.
//!
//! The road: offers become options of jobs (`build`); the case falls into independent parts (`parts`, `strategy`);
//! each part is solved by column generation over a lexicographic simplex method (`lp`, `master`) inside branch and
//! bound (`branch`), with exact whole-number bounds (`bound`); starts are settled by exact packing (`pack`).

mod bound;
mod branch;
mod build;
mod covers;
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
mod state;
mod strategy;
mod ties;
mod visits;
mod watch;

use crate::candidates::{Context, Offer, Run};
use crate::objective::Layout;
use crate::prepare::Prepared;

pub(crate) use build::{all_offers, offers_of};
pub(crate) use groups::Groups;
pub(crate) use limits::{Limit, Limits};
pub(crate) use visits::{VisitWay, combinations};

use branch::Budget;

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
    tell: &(dyn Fn(&str) + Sync),
) -> Solution {
    tell("finding every place that each request could have");
    let layout = Layout::new(prepared);
    let limits = Limits::new(context);
    let built = build::build(context, prepared, layout, &limits);
    let build::Built { offers, problem } = built;
    let watch = watch::Watch::new(context, prepared, &offers, tell);
    let budget = Budget { pivots: effort.pivots, stop: effort.stop, watch: &watch };
    let mut solved = strategy::solve(problem.clone(), budget, None);
    if solved.bounds != solved.best.value {
        tell("stopped before all was proven; seeing that nobody waits for somebody less urgent");
        let whole = guarantee::Whole { context, prepared, layout, offers: &offers, problem: &problem };
        let best = guarantee::repair(whole, &solved.best);
        debug_assert!(best.value <= solved.best.value, "a repair never makes a plan worse");
        solved.bounds = guarantee::bounds(&problem, &solved.best.value, &best.value, &solved.bounds);
        solved.best = best;
    }
    let mut placed: Vec<Option<Placed>> = vec![None; prepared.requests.len()];
    for (job, choice) in problem.jobs.iter().zip(&solved.best.chosen) {
        let Some((option, spans)) = choice else { continue };
        for (place, &span) in job.options[*option].places.iter().zip(spans) {
            let offer = offers[place.member.index()][place.offer as usize].clone();
            placed[place.member.index()] = Some(Placed { offer, run: place.spans[span].run });
        }
    }
    let pair = |(value, bound)| Entry { value, bound };
    let entries = solved.best.value.into_iter().zip(solved.bounds).map(pair).collect();
    let (nodes, pivots) = (solved.nodes, solved.pivots);
    let mut solution = Solution { placed, entries, nodes, pivots, interrupted: false };
    // Asked in any case: whoever interrupts after this does not mean the search.
    let stopped = (effort.stop)();
    solution.interrupted = stopped && !solution.is_optimal();
    solution
}
