//! One area from offers to places, and nothing of it kept but the plan.

use super::branch::Budget;
use super::limits::Limits;
use super::{Placed, build, guarantee, strategy};
use crate::candidates::Context;
use crate::objective::Layout;
use crate::prepare::Prepared;

/// A solved area.
pub(super) struct Area {
    /// By request of the area.
    pub placed: Vec<Option<Placed>>,
    /// The vector.
    pub value: Vec<i64>,
    /// For each entry a proven lower bound given the entries before.
    pub bounds: Vec<i64>,
    /// The least that each entry can be on its own.
    pub least: Vec<i64>,
    /// Nodes looked at.
    pub nodes: u64,
    /// Pivots made.
    pub pivots: u64,
}

/// Finds the best plan of an area and proves it; a plan that is not proven is repaired.
pub(super) fn solve(
    context: &Context<'_>,
    prepared: &Prepared,
    (layout, limits): (Layout, &Limits),
    budget: Budget<'_>,
) -> Area {
    let build::Built { offers, problem } = build::build(context, prepared, layout, limits);
    let mut solved = strategy::solve(&problem, budget, None);
    let least = problem.least();
    if solved.bounds != solved.best.value {
        budget.watch.mending();
        let whole = guarantee::Whole { context, prepared, layout, offers: &offers, problem: &problem };
        let best = guarantee::repair(whole, &solved.best);
        debug_assert!(best.value <= solved.best.value, "a repair never makes a plan worse");
        solved.bounds = guarantee::bounds(&least, &solved.best.value, &best.value, &solved.bounds);
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
    let (nodes, pivots) = (solved.nodes, solved.pivots);
    Area { placed, value: solved.best.value, bounds: solved.bounds, least, nodes, pivots }
}
