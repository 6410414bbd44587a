//! Single moves: who could go into slots that are free while all others stay where they are, and what that changes.

use super::AtHand;
use super::beside::{chosen, own_offer, touches};
use crate::candidates::{Context, Finder, Offer, Run, Sitting};
use crate::prepare::PlannedIdx;
use crate::solve::Placed;
use crate::solve::build::{Built, build_from, offers_in};
use crate::solve::guarantee::{Beside, Board, Way};
use crate::solve::problem::{Assignment, Chosen, options};
use crate::solve::ties::Ties;

/// One move.
#[derive(Debug, Clone)]
pub(crate) struct SingleMove {
    /// Who: a request, or all members of a visit.
    pub members: Vec<PlannedIdx>,
    /// Where each of them is before.
    pub before: Vec<Option<Placed>>,
    /// Where each of them would be.
    pub places: Vec<Placed>,
    /// What is added to each entry of the vector.
    pub change: Vec<i64>,
}

/// Who stands where before anybody moves.
pub(crate) struct Standing {
    built: Built,
    ties: Ties,
    chosen: Chosen,
    slots: Run,
}

/// The plan at hand with everybody in it who still can be, and every offer that has some of these slots of a sitting.
pub(crate) fn stand(at_hand: AtHand<'_>, sitting: &Sitting, slots: Run) -> Standing {
    let AtHand { context, prepared, layout, limits, .. } = at_hand;
    let mut finder = Finder::new(context);
    let site = context.session(sitting).site;
    let same_day = |other: &&Sitting| other.date == sitting.date && context.session(other).site == site;
    let beside: Vec<&Sitting> = context.sittings().iter().filter(same_day).collect();
    let mut into_slots = |index: PlannedIdx| -> Vec<Offer> {
        let mut found = offers_in(context, &prepared.requests[index.index()], sitting, &mut finder);
        for offer in &mut found {
            offer.runs = offer.runs.iter().filter(|run| touches(**run, slots)).copied().collect();
        }
        found.retain(|offer| !offer.runs.is_empty());
        found
    };
    let mut offers: Vec<Vec<Offer>> = prepared.iter().map(|(index, _)| into_slots(index)).collect();
    for visit in &prepared.visits {
        if visit.iter().any(|member| !offers[member.index()].is_empty()) {
            // Its companions take other slots of that day.
            for member in visit {
                let planned = &prepared.requests[member.index()];
                let of_day = beside.iter().flat_map(|other| offers_in(context, planned, other, &mut finder));
                offers[member.index()] = of_day.collect();
            }
        }
    }
    for (index, _) in prepared.iter().filter(|(_, planned)| planned.barred.is_none()) {
        offers[index.index()].extend(own_offer(at_hand, index));
    }
    let built = build_from(context, prepared, layout, limits, offers);
    let ties = Ties::new(&built.problem);
    let chosen = chosen(at_hand, &built, &ties);
    Standing { built, ties, chosen, slots }
}

impl Standing {
    /// Those who had a place and cannot keep it.
    pub(crate) fn lost(&self, at_hand: AtHand<'_>) -> Vec<PlannedIdx> {
        let jobs = self.built.problem.jobs.iter().zip(&self.chosen);
        let members = jobs.filter(|(_, choice)| choice.is_none()).flat_map(|(job, _)| &job.members);
        let mut lost: Vec<PlannedIdx> =
            members.copied().filter(|member| at_hand.placed[member.index()].is_some()).collect();
        lost.sort_unstable();
        lost
    }

    /// Everybody for whom a way into the slots makes the vector less: the best way of each, the best first; of equal
    /// ones the first by id.
    pub(crate) fn moves(&self, at_hand: AtHand<'_>) -> Vec<SingleMove> {
        let problem = &self.built.problem;
        let value = problem.value(options(&self.chosen));
        let plan = Assignment { chosen: self.chosen.clone(), value };
        let mut board = Board::new(problem, &self.ties, &plan);
        let mut found = Vec::new();
        for (job, of_job) in problem.jobs.iter().enumerate() {
            let now = board.cost(job);
            let cheaper = board.cheaper(job, now);
            if cheaper.is_empty() {
                continue;
            }
            let before = board.lift(job);
            let fits = |way: &Way| {
                self.takes(job, *way)
                    && board.allows(job, way.option, Beside::All)
                    && board.has_room(job, *way, Beside::All)
            };
            // Options ascend by cost, starts by time.
            let best = cheaper.flat_map(|option| board.ways_of(job, option)).find(fits);
            if let Some(before) = before {
                board.put(job, before);
            }
            let Some(way) = best else { continue };
            let place_of =
                |member: &PlannedIdx| at_hand.placed[member.index()].clone().filter(|_| before.is_some());
            let cost = &of_job.options[way.option].cost;
            found.push(SingleMove {
                before: of_job.members.iter().map(place_of).collect(),
                members: of_job.members.clone(),
                places: self.places(at_hand.context, job, way),
                change: cost.iter().zip(now).map(|(after, before)| after - before).collect(),
            });
        }
        found.sort_by(|a, b| a.change.cmp(&b.change).then_with(|| a.members.cmp(&b.members)));
        found
    }

    /// Whether a way has some of the slots.
    fn takes(&self, job: usize, way: Way) -> bool {
        let option = &self.built.problem.jobs[job].options[way.option];
        let mut spans = option.places.iter().zip(option.picked(way.pick));
        spans.any(|(place, at)| touches(place.spans[at].run, self.slots))
    }

    fn places(&self, context: &Context<'_>, job: usize, way: Way) -> Vec<Placed> {
        let option = &self.built.problem.jobs[job].options[way.option];
        let spans: Vec<usize> = option.picked(way.pick).collect();
        self.built.placed(context, option, |at| spans[at]).map(|(_, placed)| placed).collect()
    }
}
