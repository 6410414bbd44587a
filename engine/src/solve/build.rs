//! From requests and offers to jobs and options.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::alike::alike;
use super::limits::Limits;
use super::pools::Pools;
use super::problem::{Appointment, Chosen, Cost, Job, JobOption, Place, Problem, Tie};
use super::seats::Seats;
use super::{Placed, rows, visits};
use crate::candidates::{Alike, Context, Finder, Offer, Run, Sitting};
use crate::model::DeliveryChannel;
use crate::objective::{Layout, cost_of, cost_unplaced};
use crate::prepare::{Link, Planned, PlannedIdx, Prepared};

/// A case as the solver sees it.
pub(crate) struct Built {
    /// Offers of each planned request, ascending by session.
    pub offers: Vec<Vec<Offer>>,
    /// The whole of it.
    pub(super) problem: Problem,
}

impl Built {
    /// Where an option puts the members of its job, each at the start that is picked for it.
    pub(super) fn placed<'a>(
        &'a self,
        context: &'a Context<'_>,
        option: &'a JobOption,
        pick: impl Fn(usize) -> usize + 'a,
    ) -> impl Iterator<Item = (PlannedIdx, Placed)> + 'a {
        option.places.iter().enumerate().map(move |(at, place)| {
            let offer = &self.offers[place.member.index()][place.offer as usize];
            let run = place.spans[pick(at)].run;
            (place.member, Placed { offer: of_session(context, offer, run), run })
        })
    }

    /// Where a plan puts each request.
    pub(super) fn places(&self, context: &Context<'_>, plan: &Chosen) -> Vec<Option<Placed>> {
        let mut placed = vec![None; self.offers.len()];
        for (job, choice) in self.problem.jobs.iter().zip(plan) {
            let Some((option, spans)) = choice else { continue };
            for (member, place) in self.placed(context, &job.options[*option], |at| spans[at]) {
                placed[member.index()] = Some(place);
            }
        }
        placed
    }
}

/// An offer of sittings that are alike as that of the one alone in which this run is.
fn of_session(context: &Context<'_>, offer: &Offer, run: Run) -> Offer {
    let session_of = |run: &Run| context.case.slots[run.first.index()].session;
    let session = session_of(&run);
    // Slots ascend by session.
    let from = offer.runs.partition_point(|run| session_of(run) < session);
    let to = offer.runs.partition_point(|run| session_of(run) <= session);
    let whole = to - from == offer.runs.len();
    let runs = if whole { Arc::clone(&offer.runs) } else { offer.runs[from..to].into() };
    Offer { session, runs, ..offer.clone() }
}

/// Whether an offer on this day keeps the link to an appointment that is already booked.
fn keeps_booked_link(context: &Context<'_>, planned: &Planned, offer: &mut Offer) -> bool {
    let Link::Booked { end, min_days, max_days } = planned.link else { return true };
    let date = context.case.policy.date_of(offer.day);
    let days = (date - end.date()).num_days();
    if days < i64::from(min_days) || days > i64::from(max_days) {
        return false;
    }
    if days == 0 {
        let after = |run: &&Run| context.case.slots[run.first.index()].start >= end;
        offer.runs = offer.runs.iter().filter(after).copied().collect();
    }
    !offer.runs.is_empty()
}

/// Every offer of a request: none for one that can have no place at all.
pub(crate) fn offers_of(context: &Context<'_>, planned: &Planned) -> Vec<Offer> {
    find_offers(context, planned, &mut Finder::new(context))
}

/// The same with what the finder remembers of other requests.
pub(crate) fn find_offers(
    context: &Context<'_>,
    planned: &Planned,
    finder: &mut Finder<'_, '_>,
) -> Vec<Offer> {
    allowed(context, planned, || finder.offers(planned))
}

/// Every offer of a request up to a date.
#[cfg(feature = "desk")]
pub(crate) fn offers_until(
    context: &Context<'_>,
    planned: &Planned,
    shares: &mut crate::candidates::Shares,
    last: chrono::NaiveDate,
) -> Vec<Offer> {
    allowed(context, planned, || shares.offers(context, planned, last))
}

/// What is found, unless the request can have no place at all, and as far as that keeps a link to what is booked.
fn allowed(context: &Context<'_>, planned: &Planned, find: impl FnOnce() -> Vec<Offer>) -> Vec<Offer> {
    if planned.barred.is_some() {
        return Vec::new();
    }
    let mut found = find();
    found.retain_mut(|offer| keeps_booked_link(context, planned, offer));
    found
}

/// Every offer of a request in one sitting.
pub(crate) fn offers_in(
    context: &Context<'_>,
    planned: &Planned,
    sitting: &Sitting,
    finder: &mut Finder<'_, '_>,
) -> Vec<Offer> {
    allowed(context, planned, || finder.offers_at(planned, sitting))
}

/// Finds every offer of every request.
pub(crate) fn all_offers(context: &Context<'_>, prepared: &Prepared) -> Vec<Vec<Offer>> {
    let mut finder = Finder::new(context);
    prepared.requests.iter().map(|planned| find_offers(context, planned, &mut finder)).collect()
}

/// Requests whose very start matters to others: those tied on one date to another appointment of the patient or
/// of a link. Members of visits always are.
fn start_matters(ties: &[Tie]) -> BTreeSet<PlannedIdx> {
    let mut found = BTreeSet::new();
    for tie in ties {
        match *tie {
            Tie::Patient { first, second } => found.extend([first, second]),
            Tie::Link { first, second, min_days, .. } => {
                if min_days == 0 {
                    found.extend([first, second]);
                }
            }
        }
    }
    found
}

fn find_ties(context: &Context<'_>, prepared: &Prepared) -> Vec<Tie> {
    let mut ties = Vec::new();
    let mut of_patient: BTreeMap<&str, Vec<PlannedIdx>> = BTreeMap::new();
    for (index, planned) in prepared.iter() {
        if planned.barred.is_none() {
            of_patient.entry(&context.request(planned).patient_id).or_default().push(index);
        }
        if let Link::After { other, min_days, max_days } = planned.link {
            ties.push(Tie::Link { first: other, second: index, min_days, max_days });
        }
    }
    for requests in of_patient.into_values() {
        for (at, &first) in requests.iter().enumerate() {
            for &second in &requests[at + 1..] {
                let visit = prepared.requests[first.index()].visit;
                if visit.is_none() || visit != prepared.requests[second.index()].visit {
                    ties.push(Tie::Patient { first, second });
                }
            }
        }
    }
    ties
}

/// Builds the problem of a case.
pub(crate) fn build(context: &Context<'_>, prepared: &Prepared, layout: Layout, limits: &Limits) -> Built {
    let alike = alike(context, prepared, limits);
    let mut finder = Finder::over(context, &alike);
    let offers = prepared.requests.iter().map(|planned| find_offers(context, planned, &mut finder)).collect();
    build_over(Book { context, prepared, layout, limits, alike: &alike }, offers)
}

/// Builds the problem of a case in which each request has these offers alone.
pub(super) fn build_from(
    context: &Context<'_>,
    prepared: &Prepared,
    layout: Layout,
    limits: &Limits,
    offers: Vec<Vec<Offer>>,
) -> Built {
    build_over(Book { context, prepared, layout, limits, alike: &Alike::default() }, offers)
}

/// A case, and which of its sittings are taken as one.
#[derive(Clone, Copy)]
struct Book<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    layout: Layout,
    limits: &'a Limits,
    alike: &'a Alike,
}

fn build_over(book: Book<'_, '_>, offers: Vec<Vec<Offer>>) -> Built {
    let Book { context, prepared, layout, limits, alike } = book;
    let pools = Pools::new(context, alike, offers.iter().flatten());
    let ties = find_ties(context, prepared);
    let exact_start = start_matters(&ties);
    let mut maker = Maker {
        context,
        prepared,
        layout,
        offers: &offers,
        seats: Seats::new(context, prepared, limits, (&pools, alike)),
    };
    let mut jobs: Vec<Job> = Vec::new();
    for (index, planned) in prepared.iter() {
        match planned.visit {
            None => jobs.push(maker.single(index, exact_start.contains(&index))),
            Some(visit) if prepared.visits[visit][0] == index => {
                jobs.push(maker.visit(&prepared.visits[visit]));
            }
            Some(_) => {}
        }
    }
    let mut rows = maker.seats.into_rows();
    rows::settle(&mut jobs, &mut rows);
    let problem = Problem {
        entries: layout.len(),
        settled: 0,
        jobs,
        rows,
        pools: pools.list,
        ties,
        travel: 60 * i64::from(context.case.policy.travel_minutes),
    };
    Built { offers, problem }
}

struct Maker<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    layout: Layout,
    offers: &'a [Vec<Offer>],
    seats: Seats<'a, 'c>,
}

impl Maker<'_, '_> {
    fn job(&self, members: &[PlannedIdx], options: Vec<JobOption>) -> Job {
        let mut unplaced: Cost = smallvec![0; self.layout.len()];
        for member in members {
            let planned = &self.prepared.requests[member.index()];
            cost_unplaced(self.context, self.layout, planned).add_to(
                self.layout,
                planned.rank,
                &mut unplaced,
            );
        }
        Job { members: members.to_vec(), unplaced, options, ..Job::default() }
    }

    /// The option of placing these members so; the third of each is the run of the offer that is meant.
    fn option(&mut self, members: &[(PlannedIdx, usize, Option<usize>)]) -> JobOption {
        let mut option = JobOption {
            cost: smallvec![0; self.layout.len()],
            uses: SmallVec::new(),
            places: SmallVec::new(),
            basic: false,
        };
        for &(member, at, run) in members {
            let planned = &self.prepared.requests[member.index()];
            let offer = &self.offers[member.index()][at];
            cost_of(self.context, planned, offer).add_to(self.layout, planned.rank, &mut option.cost);
            let (pool, spans) = self.seats.seat(planned, offer, run, &mut option.uses);
            let first = &self.context.case.slots[spans[0].run.first.index()];
            let start = first.start.and_utc().timestamp();
            let appointment = Appointment {
                start,
                end: start + 60 * i64::from(offer.needed),
                day: i64::from(offer.day),
                site: self.context.case.sessions[offer.session.index()].site,
                in_person: offer.channel == DeliveryChannel::InPerson,
            };
            option.places.push(Place { member, offer: at as u32, pool, spans, appointment });
        }
        // Members of a visit may use the same limit.
        option.uses.sort_unstable();
        option.uses.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0 };
            same
        });
        option
    }

    fn single(&mut self, member: PlannedIdx, exact_start: bool) -> Job {
        let offers = self.offers[member.index()].iter().enumerate();
        let mut options = Vec::with_capacity(offers.len());
        for (at, offer) in offers {
            if exact_start {
                let first = self.seats.first_of_times(offer);
                options.extend(first.into_iter().map(|run| self.option(&[(member, at, Some(run))])));
            } else {
                options.push(self.option(&[(member, at, None)]));
            }
        }
        self.job(&[member], options)
    }

    fn visit(&mut self, members: &[PlannedIdx]) -> Job {
        let together = visits::combinations(self.context, self.prepared, members, self.offers);
        let options = together.iter().map(|placing| self.option(placing)).collect();
        self.job(members, options)
    }
}
