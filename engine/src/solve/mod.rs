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

use crate::candidates::{Context, Offer, Run};
use crate::objective::Layout;
use crate::prepare::Prepared;

pub(crate) use build::{all_offers, offers_of};
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
    /// Whether the run was stopped.
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
    let layout = Layout::new(prepared);
    let limits = Limits::new(context);
    let built = build::build(context, prepared, layout, &limits);
    let build::Built { offers, problem } = built;
    let budget = Budget { pivots: effort.pivots, stop: effort.stop };
    let solved = strategy::solve(problem.clone(), budget, None);
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
    Solution { placed, entries, nodes, pivots, interrupted: (effort.stop)() }
}
