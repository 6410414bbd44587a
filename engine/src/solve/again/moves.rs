//! The best plan that moves as few as possible, when some cannot keep their places.
//!
//! The vector gets one more entry, the number of those who had a place and have another one or none. It comes after the
//! entries of lateness with `window` among them, and before those of waiting.
//!
//! First everybody stays who can, and the small problem of the others is solved. Where that plan has no more lateness than
//! was proven before, and moves no more than must move, it is the best (docs/method.md); else the search goes on from it
//! over everybody.

use super::AtHand;
use super::beside::{Left, chosen, own_offer};
use super::must::{Must, must_move, with_tied};
use crate::candidates::Offer;
use crate::prepare::{PlannedIdx, Prepared};
use crate::solve::branch::Budget;
use crate::solve::build::{Built, build_from};
use crate::solve::problem::{Assignment, Chosen, Job, Problem, options};
use crate::solve::ties::Ties;
use crate::solve::watch::{AreaWatch, Watch};
use crate::solve::{Effort, Entry, Placed, guarantee, rows, strategy};

/// A plan for a case in which some cannot keep their places.
#[derive(Debug, Clone)]
pub(crate) struct Replanned {
    /// By planned request.
    pub placed: Vec<Option<Placed>>,
    /// The vector with the entry of moves in it; each bound holds given the values of all entries before.
    pub entries: Vec<Entry>,
    /// The least that each entry can be on its own.
    pub least: Vec<i64>,
    /// Branch-and-bound nodes looked at.
    pub nodes: u64,
    /// Simplex pivots made.
    pub pivots: u64,
    /// Whether others than those who had to move were looked at.
    pub widened: bool,
}

/// Plans again. The plan at hand has the places of before, `displaced` says who of them cannot keep theirs, `offers` are what
/// each request has now, and `known` is the certificate of before, empty where that says nothing of the case as it is now.
pub(crate) fn replan(
    at_hand: AtHand<'_>,
    displaced: &[bool],
    offers: Vec<Vec<Offer>>,
    known: &[Entry],
    effort: Effort<'_>,
) -> Replanned {
    let AtHand { context, prepared, layout, limits, .. } = at_hand;
    let watch = Watch::new(prepared.requests.len(), 1, &|_| ());
    let everybody: Vec<PlannedIdx> = prepared.iter().map(|(index, _)| index).collect();
    let area = AreaWatch { watch: &watch, context, prepared, requests: &everybody };
    let budget = Budget { pivots: effort.pivots, stop: effort.stop, watch: area };
    let at = layout.ranks() + 1;
    let must = must_move(at_hand, displaced);
    let old = Known::new(known, at, must.least as i64);

    let mut found = solve_beside(at_hand, displaced, &offers, &must, budget);
    let mut built = build_from(context, prepared, layout, limits, offers);
    let widened = !old.are_met_by(&found.value);
    if widened {
        widen(at_hand, &mut built, &mut found, &old, budget);
    } else {
        // Proven by what was known; what is proven of waiting while all others stay is proven of all (docs/method.md).
        found.bounds[..=at].copy_from_slice(&found.value[..=at]);
    }
    let Found { value, placed, bounds, nodes, pivots } = found;

    let ties = Ties::new(&built.problem);
    let chosen = chosen(AtHand { placed: &placed, ..at_hand }, &built, &ties);
    let plan = Assignment { value: worth(&built.problem, &chosen), chosen };
    let problem = &built.problem;
    let whole = guarantee::Whole { context, prepared, layout, offers: &built.offers, problem };
    let mended = guarantee::repair_alone(whole, &plan, value[..at] == bounds[..at]);
    let placed = built.places(context, &mended.chosen);
    let mut after = mended.value;
    after.insert(at, moves(prepared, &placed));
    let mut least = problem.least();
    least.insert(at, must.least as i64);
    let bounds = guarantee::bounds(&least, &value, &after, &bounds);
    let entries = after.into_iter().zip(bounds).map(|(value, bound)| Entry { value, bound }).collect();
    Replanned { placed, entries, least, nodes, pivots, widened }
}

/// A plan on the way, with the entry of moves in its vector.
struct Found {
    placed: Vec<Option<Placed>>,
    value: Vec<i64>,
    /// Each holds given the values of the entries before.
    bounds: Vec<i64>,
    nodes: u64,
    pivots: u64,
}

/// Solves the problem of those who must move and those without a place, while all others stay; its bounds hold while they do.
fn solve_beside(
    at_hand: AtHand<'_>,
    displaced: &[bool],
    offers: &[Vec<Offer>],
    must: &Must,
    budget: Budget<'_>,
) -> Found {
    let AtHand { context, prepared, layout, limits, placed } = at_hand;
    let mut free = displaced.to_vec();
    for index in &must.among {
        free[index.index()] = true;
    }
    for (index, planned) in prepared.iter() {
        free[index.index()] |= placed[index.index()].is_none() && planned.barred.is_none();
    }
    let free = with_tied(at_hand, free);
    let own = |index: PlannedIdx| {
        if free[index.index()] {
            offers[index.index()].clone()
        } else {
            own_offer(at_hand, index).into_iter().collect()
        }
    };
    let own = prepared.iter().map(|(index, _)| own(index)).collect();
    let mut built = build_from(context, prepared, layout, limits, own);
    count_moves(&mut built, prepared, layout.ranks() + 1);
    let problem = &built.problem;
    let ties = Ties::new(problem);
    let mut stay = placed.to_vec();
    for index in &must.enough {
        stay[index.index()] = None;
    }
    let mut plan = chosen(AtHand { placed: &stay, ..at_hand }, &built, &ties);
    let is_free = |job: &Job| job.members.iter().any(|member| free[member.index()]);
    let free: Vec<bool> = problem.jobs.iter().map(is_free).collect();
    let left = Left::new(problem, &ties, &plan, &free);
    let solved = strategy::solve(&left.problem, budget, Some(&left.start(&plan)));
    left.put_into(&solved.best.chosen, &mut plan);
    let value = worth(problem, &plan);
    let of_left = solved.bounds.iter().zip(&solved.best.value);
    let bounds = value.iter().zip(of_left).map(|(value, (bound, own))| value - own + bound).collect();
    Found {
        placed: built.places(at_hand.context, &plan),
        value,
        bounds,
        nodes: solved.nodes,
        pivots: solved.pivots,
    }
}

/// Searches on over everybody.
fn widen(at_hand: AtHand<'_>, built: &mut Built, found: &mut Found, old: &Known, budget: Budget<'_>) {
    let at = at_hand.layout.ranks() + 1;
    count_moves(built, at_hand.prepared, at);
    let ties = Ties::new(&built.problem);
    let start = chosen(AtHand { placed: &found.placed, ..at_hand }, built, &ties);
    let start: Vec<Option<usize>> = options(&start).collect();
    let met = found.value.iter().zip(old.bounds(&found.value, &built.problem.least()));
    built.problem.settled = met.take_while(|(value, bound)| *value == bound).count();
    let solved = strategy::solve(&built.problem, budget, Some(&start));
    let before = old.bounds(&solved.best.value, &built.problem.least());
    *found = Found {
        placed: built.places(at_hand.context, &solved.best.chosen),
        bounds: solved.bounds.iter().zip(before).map(|(new, old)| *new.max(&old)).collect(),
        value: solved.best.value,
        nodes: found.nodes + solved.nodes,
        pivots: found.pivots + solved.pivots,
    };
    forget_moves(&mut built.problem, at);
}

/// What was proven before.
struct Known {
    values: Vec<i64>,
    bounds: Vec<i64>,
    at: usize,
    moves: i64,
}

impl Known {
    fn new(known: &[Entry], at: usize, moves: i64) -> Self {
        let values = known.iter().take(at).map(|entry| entry.value).collect();
        let bounds = known.iter().take(at).map(|entry| entry.bound).collect();
        Self { values, bounds, at, moves }
    }

    /// Whether a plan with this vector has no more lateness than before, which is proven, and moves no more than must move.
    fn are_met_by(&self, value: &[i64]) -> bool {
        value[..self.at] == self.values && value[..self.at] == self.bounds && value[self.at] == self.moves
    }

    /// What holds for each entry of a plan with this vector: the bounds of before as far as the entries before are the same,
    /// that so many must move, and what holds for every plan.
    fn bounds(&self, value: &[i64], least: &[i64]) -> Vec<i64> {
        let mut bounds = least.to_vec();
        let same = self.values.iter().zip(value).take_while(|(before, now)| before == now).count();
        for (bound, &before) in bounds.iter_mut().zip(&self.bounds).take(same + 1) {
            *bound = before.max(*bound);
        }
        bounds[self.at] = self.moves.max(bounds[self.at]);
        bounds
    }
}

/// The vector of a plan.
fn worth(problem: &Problem, plan: &Chosen) -> Vec<i64> {
    problem.value(options(plan))
}

/// How many who had a place have another one or none.
fn moves(prepared: &Prepared, placed: &[Option<Placed>]) -> i64 {
    let had = prepared.requests.iter().zip(placed).filter(|(planned, _)| planned.previous.is_some());
    had.filter(|(_, now)| now.as_ref().is_none_or(|now| now.offer.moved)).count() as i64
}

/// Adds the entry of moves to the vector.
fn count_moves(built: &mut Built, prepared: &Prepared, at: usize) {
    let Built { offers, problem } = built;
    problem.entries += 1;
    for job in &mut problem.jobs {
        let had = |member: &&PlannedIdx| prepared.requests[member.index()].previous.is_some();
        job.unplaced.insert(at, job.members.iter().filter(had).count() as i64);
        for option in &mut job.options {
            let places = option.places.iter();
            let moved = places.filter(|place| offers[place.member.index()][place.offer as usize].moved);
            option.cost.insert(at, moved.count() as i64);
        }
        rows::order(job);
    }
}

/// Takes the entry of moves out again.
fn forget_moves(problem: &mut Problem, at: usize) {
    problem.entries -= 1;
    problem.settled = 0;
    for job in &mut problem.jobs {
        job.unplaced.remove(at);
        for option in &mut job.options {
            option.cost.remove(at);
        }
        rows::order(job);
    }
}
