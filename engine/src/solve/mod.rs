//! SPEC sections 4 and 5: the best plan, with its proof.
//!
//! The road: offers become options of jobs (`build`); the case falls into independent parts; each part is solved
//! by column generation over a lexicographic simplex method (`lp`, `master`) inside branch and bound (`branch`),
//! with exact whole-number bounds (`bound`); starts are settled by exact packing (`pack`).

mod bound;
mod branch;
mod build;
mod covers;
mod cuts;
mod limits;
mod lp;
mod master;
mod pack;
mod pools;
mod problem;
mod state;
mod ties;
mod visits;

use rayon::prelude::*;

use crate::candidates::{Context, Offer, Run};
use crate::objective::Layout;
use crate::prepare::Prepared;

pub(crate) use build::{all_offers, offers_of};
pub(crate) use limits::{Limit, Limits};
pub(crate) use visits::{VisitWay, combinations};

use branch::Budget;
use problem::add;

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
    let budget = Budget { pivots: effort.pivots, stop: effort.stop };
    let solved: Vec<branch::Solved> =
        built.parts.par_iter().map(|part| branch::solve(&part.problem, budget, None)).collect();
    let mut placed: Vec<Option<Placed>> = vec![None; prepared.requests.len()];
    let mut value = vec![0_i64; layout.len()];
    let mut bound = vec![0_i64; layout.len()];
    let (mut nodes, mut pivots) = (0, 0);
    for (part, solved) in built.parts.iter().zip(&solved) {
        nodes += solved.nodes;
        pivots += solved.pivots;
        let least = part.problem.least();
        for (at, &entry) in part.entries.iter().enumerate() {
            value[entry] += solved.best.value[at];
            bound[entry] += solved.bounds[at].unwrap_or(least[at]).clamp(least[at], solved.best.value[at]);
        }
        for (job, choice) in part.problem.jobs.iter().zip(&solved.best.chosen) {
            let Some((option, spans)) = choice else { continue };
            for (place, &span) in job.options[*option].places.iter().zip(spans) {
                let offer = built.offers[place.member.index()][place.offer as usize].clone();
                placed[place.member.index()] = Some(Placed { offer, run: place.spans[span].run });
            }
        }
    }
    let entries = value.into_iter().zip(bound).map(|(value, bound)| Entry { value, bound }).collect();
    Solution { placed, entries, nodes, pivots, interrupted: (effort.stop)() }
}

impl problem::Problem {
    /// The least that each entry can be, each on its own.
    fn least(&self) -> Vec<i64> {
        let mut sum = vec![0; self.entries];
        for job in &self.jobs {
            let mut least = job.unplaced.clone();
            for option in &job.options {
                for (least, &cost) in least.iter_mut().zip(&option.cost) {
                    *least = cost.min(*least);
                }
            }
            add(&mut sum, &least);
        }
        sum
    }
}
