//! From requests and offers to jobs, options and rows, split into independent parts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use rayon::prelude::*;

use super::limits::{Limit, Limits};
use super::pools::Pools;
use super::problem::{Appointment, Job, JobOption, Place, Pool, Problem, Row, RowKind, Span, Tie};
use super::visits;
use crate::candidates::{Context, Offer, offers};
use crate::model::DeliveryChannel;
use crate::objective::{Layout, cost_of, cost_unplaced};
use crate::prepare::{Link, Planned, PlannedIdx, Prepared};

/// Longest run, in slots, for which rounded room rows are made.
const LONGEST_STRIDE: usize = 4;

/// A case as the solver sees it.
pub(crate) struct Built {
    /// Offers of each planned request, ascending by session.
    pub offers: Vec<Vec<Offer>>,
    /// The whole of it.
    pub(super) problem: Problem,
}

/// Whether an offer on this day keeps the link to an appointment that is already booked.
fn keeps_booked_link(context: &Context<'_>, planned: &Planned, offer: &mut Offer) -> bool {
    let Link::Booked { end, min_days, max_days } = planned.link else { return true };
    let date = context.case.policy.start + Days::new(u64::from(offer.day));
    let days = (date - end.date()).num_days();
    if days < i64::from(min_days) || days > i64::from(max_days) {
        return false;
    }
    if days == 0 {
        offer.runs.retain(|run| context.case.slots[run.first.index()].start >= end);
    }
    !offer.runs.is_empty()
}

/// Every offer of a request: none for one that can have no place at all.
pub(crate) fn offers_of(context: &Context<'_>, planned: &Planned) -> Vec<Offer> {
    if planned.barred.is_some() {
        return Vec::new();
    }
    let mut found = offers(context, planned);
    found.retain_mut(|offer| keeps_booked_link(context, planned, offer));
    found
}

/// Finds every offer of every request.
pub(crate) fn all_offers(context: &Context<'_>, prepared: &Prepared) -> Vec<Vec<Offer>> {
    prepared.requests.par_iter().map(|planned| offers_of(context, planned)).collect()
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
    let offers = all_offers(context, prepared);
    let pools = Pools::new(context, offers.iter().flatten());
    let ties = find_ties(context, prepared);
    let exact_start = start_matters(&ties);
    let mut maker = Maker {
        context,
        prepared,
        layout,
        limits,
        offers: &offers,
        pools: &pools,
        counted: counted(&pools),
        rows: BTreeMap::new(),
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
    let rows = maker.finish(&mut jobs);
    let problem = Problem {
        entries: layout.len(),
        jobs,
        rows,
        pools: pools.pools,
        ties,
        travel: 60 * i64::from(context.case.policy.travel_minutes),
    };
    Built { offers, problem }
}

/// What a row is made of, before rows that cannot bind are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Limit(Limit),
    /// Room in a pool, counted on every k-th slot of each chain.
    Room(u32, u16),
}

struct Maker<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    layout: Layout,
    limits: &'a Limits,
    offers: &'a [Vec<Offer>],
    pools: &'a Pools,
    /// By pool and stride: how many atoms count before each.
    counted: Vec<[Vec<i64>; LONGEST_STRIDE]>,
    rows: BTreeMap<Key, u32>,
}

fn counted(pools: &Pools) -> Vec<[Vec<i64>; LONGEST_STRIDE]> {
    let before = |pool: &Pool, stride: usize| {
        let sums = pool.counts(stride).scan(0, |sum, counts| {
            *sum += i64::from(counts);
            Some(*sum)
        });
        std::iter::once(0).chain(sums).collect()
    };
    pools.pools.iter().map(|pool| std::array::from_fn(|at| before(pool, at + 1))).collect()
}

/// The fewest counted atoms that any of these spans covers.
fn least_hits(spans: &[Span], stride: usize, counted: &[i64]) -> i64 {
    if spans.iter().any(|span| usize::from(span.to - span.from) < stride) {
        return 0;
    }
    let hits = |span: &Span| counted[span.to as usize] - counted[span.from as usize];
    spans.iter().map(hits).min().unwrap_or(0)
}

impl Maker<'_, '_> {
    fn row(&mut self, key: Key) -> u32 {
        let next = self.rows.len() as u32;
        *self.rows.entry(key).or_insert(next)
    }

    fn unplaced(&self, members: &[PlannedIdx]) -> Vec<i64> {
        let mut cost = vec![0; self.layout.len()];
        for member in members {
            let planned = &self.prepared.requests[member.index()];
            cost_unplaced(self.context, self.layout, planned).add_to(self.layout, planned.rank, &mut cost);
        }
        cost
    }

    /// The option of placing these members so; `at` gives the runs of each member's offer that are meant.
    fn option(&mut self, members: &[(PlannedIdx, usize, Option<usize>)]) -> JobOption {
        let mut cost = vec![0; self.layout.len()];
        let mut uses: Vec<(u32, i64)> = Vec::new();
        let mut places = Vec::with_capacity(members.len());
        for &(member, at, run) in members {
            let planned = &self.prepared.requests[member.index()];
            let offer = &self.offers[member.index()][at];
            cost_of(self.context, planned, offer).add_to(self.layout, planned.rank, &mut cost);
            for (limit, amount) in self.limits.uses(self.context, planned, offer) {
                uses.push((self.row(Key::Limit(limit)), amount));
            }
            let runs = match run {
                Some(run) => &offer.runs[run..=run],
                None => &offer.runs[..],
            };
            let spans: Vec<_> = runs.iter().map(|&run| self.pools.span(self.context, run)).collect();
            let pool = spans[0].0;
            let spans: Vec<_> = spans.into_iter().map(|(_, span)| span).collect();
            for stride in 1..=LONGEST_STRIDE {
                let hits = least_hits(&spans, stride, &self.counted[pool as usize][stride - 1]);
                if hits > 0 {
                    uses.push((self.row(Key::Room(pool, stride as u16)), hits));
                }
            }
            let first = &self.context.case.slots[spans[0].run.first.index()];
            let start = first.start.and_utc().timestamp();
            let appointment = Appointment {
                start,
                end: start + 60 * i64::from(offer.needed),
                day: i64::from(offer.day),
                site: self.context.case.sessions[offer.session.index()].site,
                in_person: offer.channel == DeliveryChannel::InPerson,
            };
            places.push(Place { member, offer: at as u32, pool, spans, appointment });
        }
        // Members of a visit may use the same limit.
        uses.sort_unstable();
        uses.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0 };
            same
        });
        JobOption { cost, uses, places }
    }

    fn single(&mut self, member: PlannedIdx, exact_start: bool) -> Job {
        let mut options = Vec::new();
        for (at, offer) in self.offers[member.index()].iter().enumerate() {
            if exact_start {
                for run in 0..offer.runs.len() {
                    options.push(self.option(&[(member, at, Some(run))]));
                }
            } else {
                options.push(self.option(&[(member, at, None)]));
            }
        }
        Job {
            members: vec![member],
            unplaced: self.unplaced(&[member]),
            required: false,
            options,
            signed: false,
        }
    }

    fn visit(&mut self, members: &[PlannedIdx]) -> Job {
        let together = visits::combinations(self.context, self.prepared, members, self.offers);
        let options = together.iter().map(|placing| self.option(placing)).collect();
        Job {
            members: members.to_vec(),
            unplaced: self.unplaced(members),
            required: false,
            options,
            signed: false,
        }
    }

    /// Settles the rows: drops options that no plan can hold, scales, and gives every limit its right-hand side.
    fn finish(self, jobs: &mut [Job]) -> Vec<Row> {
        let mut rows: Vec<Row> = vec![Row { rhs: i64::MAX, kind: RowKind::Cap }; self.rows.len()];
        for (key, &row) in &self.rows {
            rows[row as usize] = match *key {
                Key::Limit(limit) => {
                    let kind = match limit {
                        Limit::Day(..) | Limit::Session(..) => RowKind::Cap,
                        Limit::Reserve(..) => RowKind::Reserve,
                        Limit::Calls(..) => RowKind::Calls,
                    };
                    Row { rhs: self.limits.left(limit).unwrap_or(i64::MAX), kind }
                }
                Key::Room(pool, stride) => {
                    let rhs = self.pools.pools[pool as usize].stride_capacity(stride as usize);
                    Row { rhs, kind: RowKind::Pool }
                }
            };
        }
        for job in jobs.iter_mut() {
            job.options
                .retain(|option| option.uses.iter().all(|&(row, amount)| amount <= rows[row as usize].rhs));
        }
        let mut divisors = vec![0_i64; rows.len()];
        for (row, amount) in jobs.iter().flat_map(|job| &job.options).flat_map(|option| &option.uses) {
            divisors[*row as usize] = gcd(divisors[*row as usize], *amount);
        }
        for (row, divisor) in rows.iter_mut().zip(&divisors) {
            row.rhs /= (*divisor).max(1);
        }
        for job in jobs.iter_mut() {
            for option in &mut job.options {
                for (row, amount) in &mut option.uses {
                    *amount /= divisors[*row as usize].max(1);
                }
            }
            job.options.sort_by(|a, b| a.cost.cmp(&b.cost).then_with(|| tie(a).cmp(&tie(b))));
        }
        rounded_rows(jobs, &mut rows);
        rows
    }
}

/// Order of options of equal cost: by offer and first start of each member.
fn tie(option: &JobOption) -> Vec<(u32, u32)> {
    option.places.iter().map(|place| (place.offer, place.spans[0].run.first.0)).collect()
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Chvatal-Gomory rows: a limit on sizes 1 and 2 of 15 also limits the twos to 7. Added for the reserve, whose
/// sizes differ; room in pools has its own rounded rows.
fn rounded_rows(jobs: &mut [Job], rows: &mut Vec<Row>) {
    let original = rows.len();
    let mut largest = vec![0_i64; original];
    for (row, amount) in jobs.iter().flat_map(|job| &job.options).flat_map(|option| &option.uses) {
        largest[*row as usize] = largest[*row as usize].max(*amount);
    }
    let mut new_rows: Vec<Vec<(i64, u32)>> = vec![Vec::new(); original];
    for row in 0..original {
        if rows[row].kind == RowKind::Reserve {
            for by in 2..=largest[row].min(LONGEST_STRIDE as i64) {
                if rows[row].rhs % by != 0 {
                    new_rows[row].push((by, rows.len() as u32));
                    rows.push(Row { rhs: rows[row].rhs / by, kind: RowKind::Reserve });
                }
            }
        }
    }
    for option in jobs.iter_mut().flat_map(|job| &mut job.options) {
        let mut more = Vec::new();
        for &(row, amount) in &option.uses {
            for &(by, new_row) in &new_rows[row as usize] {
                if amount / by > 0 {
                    more.push((new_row, amount / by));
                }
            }
        }
        option.uses.extend(more);
    }
}

impl Pool {
    /// Whether an atom counts in the room row of this stride: every k-th atom of a chain, so that every run of k
    /// slots in a row hits at least one.
    pub(super) fn counts(&self, stride: usize) -> impl Iterator<Item = bool> + '_ {
        let mut position = 0;
        self.chain_start.iter().map(move |&start| {
            position = if start { 1 } else { position + 1 };
            position % stride == 0
        })
    }

    fn stride_capacity(&self, stride: usize) -> i64 {
        let counted = self.counts(stride).zip(&self.capacity);
        counted.filter(|(counts, _)| *counts).map(|(_, &capacity)| i64::from(capacity)).sum()
    }
}
