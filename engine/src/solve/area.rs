//! Areas from offers to places, and nothing of them kept but the plan.
//!
//! All areas are searched with a little work first, and those that are not proven with ever more: so that one that resists
//! does not keep the others waiting, and a run that is stopped has something to say of each.

use rayon::prelude::*;

use super::areas::areas;
use super::branch::Budget;
use super::limits::Limits;
use super::problem::{Assignment, Chosen, options};
use super::trade::Trades;
use super::watch::{AreaWatch, Progress, Watch};
use super::{Effort, Placed, build, guarantee, strategy};
use crate::candidates::Context;
use crate::objective::Layout;
use crate::prepare::{PlannedIdx, Prepared};

/// Pivots of the first round: so many for each request, and so many besides.
const PIVOTS_A_REQUEST: u64 = 8;
const PIVOTS_BESIDES: u64 = 2_000;
/// How much more each round may take than the one before.
const MORE: u64 = 4;

/// A case with what all areas share.
#[derive(Clone, Copy)]
pub(super) struct Whole<'a> {
    pub context: &'a Context<'a>,
    pub prepared: &'a Prepared,
    pub layout: Layout,
    pub limits: &'a Limits,
}

impl Whole<'_> {
    /// The requests of an area, and their problem.
    fn built(&self, requests: &[PlannedIdx]) -> (Prepared, build::Built) {
        let own = self.prepared.area(requests);
        let built = build::build(self.context, &own, self.layout, self.limits);
        (own, built)
    }
}

/// An area, and how far it has come.
#[derive(Default)]
pub(super) struct Area {
    /// Ascending.
    pub requests: Vec<PlannedIdx>,
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
    /// What could be traded in any plan, for bounds of several areas.
    pub trades: Option<Trades>,
    /// What could be traded in plans that are better than this one, where it is not proven.
    pub narrow: Option<Trades>,
    /// The plan in terms of the options, to go on from.
    chosen: Chosen,
    /// Whether a plan that is not proven keeps the priority guarantee already.
    mended: bool,
}

/// What could be traded among areas and within them.
pub(super) fn trades(areas: &[Area], entries: usize) -> Option<Trades> {
    // Where one alone is open, a better plan of the whole is a better one of that area.
    let open = areas.iter().filter(|area| !area.is_proven()).count();
    let mut trades = Trades::none(entries);
    for area in areas {
        let narrow = area.narrow.as_ref().filter(|_| open == 1 && !area.is_proven());
        trades.append(narrow.or(area.trades.as_ref())?);
    }
    Some(trades)
}

impl Area {
    pub fn is_proven(&self) -> bool {
        self.value == self.bounds
    }
}

/// Solves every area; plans that are not proven are repaired.
pub(super) fn solve(
    whole: Whole<'_>,
    effort: Effort<'_>,
    tell: &(dyn Fn(&Progress<'_>) + Sync),
) -> Vec<Area> {
    let area = |requests| Area { requests, bounds: vec![0], ..Area::default() };
    let mut areas: Vec<Area> = areas(whole.context, whole.prepared).into_iter().map(area).collect();
    let watch = Watch::new(whole.prepared.requests.len(), areas.len(), tell);
    let alone = areas.len() == 1;
    let mut round = 1_u64;
    let mut open: Vec<&mut Area> = areas.iter_mut().collect();
    while !open.is_empty() {
        // The last one keeps nobody waiting.
        if open.len() == 1 {
            round = u64::MAX;
        }
        open.par_iter_mut().for_each(|area| area.search(whole, effort, round, &watch, alone));
        open.retain(|area| !area.is_proven());
        if (effort.stop)() || open.iter().all(|area| area.pivots_of(round) >= effort.pivots) {
            break;
        }
        round = round.saturating_mul(MORE);
    }
    open.par_iter_mut().filter(|area| !area.mended).for_each(|area| {
        watch.mending();
        let (own, built) = whole.built(&area.requests);
        area.mend(whole, &own, &built);
    });
    areas
}

impl Area {
    /// Pivots of a round: so many times those of the first.
    fn pivots_of(&self, round: u64) -> u64 {
        round.saturating_mul(PIVOTS_BESIDES + PIVOTS_A_REQUEST * self.requests.len() as u64)
    }

    /// Searches for the best plan, from the one known where there is one.
    ///
    /// What could be traded is kept in few words where it is not `alone`.
    fn search(&mut self, whole: Whole<'_>, effort: Effort<'_>, round: u64, watch: &Watch<'_>, alone: bool) {
        let Whole { context, .. } = whole;
        let (own, built) = whole.built(&self.requests);
        let problem = &built.problem;
        let area_watch = AreaWatch { watch, context, prepared: &own, requests: &self.requests };
        let warm: Option<Vec<Option<usize>>> =
            (!self.chosen.is_empty()).then(|| options(&self.chosen).collect());
        let pivots = self.pivots_of(round).min(effort.pivots);
        let budget = Budget { pivots, stop: effort.stop, watch: area_watch };
        let mut solved = if alone {
            strategy::solve(problem, budget, warm.as_deref())
        } else {
            let (solved, trades) = strategy::solve_apart(problem, budget, warm.as_deref());
            self.trades = Some(trades.summary());
            solved
        };
        let narrow = solved.trades.take();
        self.narrow = if alone { narrow } else { narrow.map(|trades| trades.summary()) };
        self.nodes += solved.nodes;
        self.pivots += solved.pivots;
        self.bounds = if solved.best.value == self.value {
            // Both hold, given the same entries before.
            solved.bounds.iter().zip(&self.bounds).map(|(new, old)| *new.max(old)).collect()
        } else {
            solved.bounds
        };
        self.value = solved.best.value;
        self.least = problem.least();
        self.placed = built.places(context, &solved.best.chosen);
        if self.is_proven() {
            watch.proven();
            return;
        }
        self.chosen = solved.best.chosen;
        if (effort.stop)() {
            // There is no further round, and what has been built is at hand.
            watch.mending();
            self.mend(whole, &own, &built);
        }
    }

    /// Makes a plan that is not proven keep the priority guarantee.
    fn mend(&mut self, whole: Whole<'_>, own: &Prepared, built: &build::Built) {
        let Whole { context, layout, .. } = whole;
        let build::Built { offers, problem } = built;
        self.mended = true;
        let plan = Assignment { chosen: std::mem::take(&mut self.chosen), value: self.value.clone() };
        let whole = guarantee::Whole { context, prepared: own, layout, offers, problem };
        let best = guarantee::repair(whole, &plan);
        debug_assert!(best.value <= plan.value, "a repair never makes a plan worse");
        self.bounds = guarantee::bounds(&self.least, &plan.value, &best.value, &self.bounds);
        for trades in self.trades.iter_mut().chain(&mut self.narrow) {
            trades.change(&plan.value, &best.value);
        }
        if let Some(trades) = &self.narrow {
            let same =
                plan.value.iter().zip(&best.value).take_while(|(before, after)| before == after).count();
            for (entry, bound) in self.bounds.iter_mut().enumerate().skip(same + 1) {
                *bound = best.value[entry].saturating_sub(trades.gain(entry)).max(*bound);
            }
        }
        self.value = best.value;
        self.placed = built.places(context, &best.chosen);
    }
}
