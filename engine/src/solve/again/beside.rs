//! Problems beside a plan: who is where in terms of options, and what is left for some while all others stay.

use std::sync::Arc;

use super::AtHand;
use crate::candidates::{Offer, Run};
use crate::prepare::PlannedIdx;
use crate::solve::build::Built;
use crate::solve::guarantee::{Beside, Board};
use crate::solve::problem::{Assignment, Chosen, Job, Place, Problem, Span, Tie, options};
use crate::solve::ties::Ties;

/// The place that a request has now, as an offer of its own.
pub(super) fn own_offer(at_hand: AtHand<'_>, index: PlannedIdx) -> Option<Offer> {
    let placed = at_hand.placed[index.index()].as_ref()?;
    Some(Offer { runs: Arc::from([placed.run]), ..placed.offer.clone() })
}

/// The plan at hand in terms of the options.
///
/// Whoever has a place that is not among the offers is without one; so are visits that lack a member, and those who come
/// after somebody without a place.
pub(super) fn chosen(at_hand: AtHand<'_>, built: &Built, ties: &Ties) -> Chosen {
    let span_of = |place: &Place| -> Option<usize> {
        let placed = at_hand.placed[place.member.index()].as_ref()?;
        let offer = &built.offers[place.member.index()][place.offer as usize];
        let same = offer.session == placed.offer.session && offer.moved == placed.offer.moved;
        place.spans.iter().position(|span| same && span.run == placed.run)
    };
    let choice = |job: &Job| {
        job.options.iter().enumerate().find_map(|(at, option)| {
            let spans: Option<Vec<usize>> = option.places.iter().map(span_of).collect();
            Some((at, spans?))
        })
    };
    let mut chosen: Chosen = built.problem.jobs.iter().map(choice).collect();
    loop {
        let waits = |job: &usize| ties.before(*job).any(|before| chosen[before].is_none());
        let lost: Vec<usize> = (0..chosen.len()).filter(|job| chosen[*job].is_some()).filter(waits).collect();
        if lost.is_empty() {
            return chosen;
        }
        for job in lost {
            chosen[job] = None;
        }
    }
}

/// A problem of some of the jobs of another one, while all others stay where they are.
pub(super) struct Left {
    /// The problem.
    pub problem: Problem,
    /// Position that each of its jobs has in the whole.
    jobs: Vec<usize>,
    /// By job.
    options: Vec<Vec<Remaining>>,
}

/// What an option of the problem is in the whole.
struct Remaining {
    /// Its position.
    option: usize,
    /// The positions of its spans, if some are gone.
    spans: Option<Vec<usize>>,
}

impl Left {
    /// What those who are free have beside the others. Jobs that are tied to one that is free must be free too.
    pub(super) fn new(whole: &Problem, ties: &Ties, plan: &Chosen, free: &[bool]) -> Self {
        let stay: Chosen =
            plan.iter().zip(free).map(|(choice, free)| choice.clone().filter(|_| !free)).collect();
        let value = whole.value(options(&stay));
        let board = Board::new(whole, ties, &Assignment { chosen: stay, value });
        let mut left = Self {
            problem: Problem {
                entries: whole.entries,
                rows: whole.rows.clone(),
                pools: (0..whole.pools.len()).map(|pool| board.pool_left(pool)).collect(),
                travel: whole.travel,
                ..Problem::default()
            },
            jobs: Vec::new(),
            options: Vec::new(),
        };
        for (row, limit) in left.problem.rows.iter_mut().enumerate() {
            // Below nothing only where those who are free have no part in the row: nobody stays who does not fit.
            limit.rhs = (limit.rhs - board.used(row)).max(0);
        }
        let mut members: Vec<PlannedIdx> = Vec::new();
        for at in (0..whole.jobs.len()).filter(|&at| free[at]) {
            let mut job = Job { options: Vec::new(), ..whole.jobs[at].clone() };
            let mut kept = Vec::new();
            for (option, found) in whole.jobs[at].options.iter().enumerate() {
                if !board.within_limits(at, option, Beside::All) {
                    continue;
                }
                let open: Vec<usize> = board
                    .ways_of(at, option)
                    .filter(|&way| board.has_room(at, way, Beside::All))
                    .map(|way| way.pick)
                    .collect();
                let mut found = found.clone();
                let spans = match found.places.as_mut_slice() {
                    _ if open.is_empty() => continue,
                    [place] if open.len() < place.spans.len() => {
                        let spans: Arc<[Span]> = open.iter().map(|&span| place.spans[span]).collect();
                        place.spans = spans;
                        Some(open)
                    }
                    _ => None,
                };
                kept.push(Remaining { option, spans });
                job.options.push(found);
            }
            members.extend(&job.members);
            left.problem.jobs.push(job);
            left.jobs.push(at);
            left.options.push(kept);
        }
        members.sort_unstable();
        let inside = |tie: &&Tie| members.binary_search(&tie.ends().0).is_ok();
        left.problem.ties = whole.ties.iter().filter(inside).copied().collect();
        left
    }

    /// A plan of the whole in terms of this problem.
    pub(super) fn start(&self, plan: &Chosen) -> Vec<Option<usize>> {
        let own = |(&job, options): (&usize, &Vec<Remaining>)| {
            let (option, _) = plan[job].as_ref()?;
            options.binary_search_by_key(option, |kept| kept.option).ok()
        };
        self.jobs.iter().zip(&self.options).map(own).collect()
    }

    /// Puts the choices of this problem into a plan of the whole.
    pub(super) fn put_into(&self, found: &Chosen, plan: &mut Chosen) {
        for ((&job, options), choice) in self.jobs.iter().zip(&self.options).zip(found) {
            plan[job] = choice.as_ref().map(|(option, spans)| {
                let kept = &options[*option];
                let span = |&span: &usize| kept.spans.as_ref().map_or(span, |kept| kept[span]);
                (kept.option, spans.iter().map(span).collect())
            });
        }
    }
}

/// Whether a run has any of these slots.
pub(super) fn touches(run: Run, slots: Run) -> bool {
    run.first.0 < slots.first.0 + slots.count && slots.first.0 < run.first.0 + run.count
}
