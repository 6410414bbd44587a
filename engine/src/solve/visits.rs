//! SPEC rule 4.7: every way in which the members of a visit can be seen one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};

use crate::candidates::{Context, Offer, Run};
use crate::prepare::{Link, PlannedIdx, Prepared};
use crate::units::{ClinicianIdx, SiteIdx, SlotIdx};

/// One way to place one member: the member, the position of its offer, and the run meant, or any that is at the same time.
pub(crate) type Placing = (PlannedIdx, usize, Option<usize>);

/// One way to book a visit: a placing of every member, in the order of the members.
pub(crate) type VisitWay = Vec<Placing>;

#[derive(Debug, Clone, Copy)]
struct Start {
    offer: usize,
    run: usize,
    begins: NaiveDateTime,
    end: NaiveDateTime,
    slots_end: NaiveDateTime,
    /// None where others have the same time free.
    clinician: Option<ClinicianIdx>,
    group: Option<SlotIdx>,
}

/// The times of an offer that differ: the first run of each, and whether it is the only one then.
fn times(context: &Context<'_>, offer: &Offer) -> Vec<(usize, bool)> {
    let mut first: BTreeMap<(NaiveDateTime, NaiveDateTime), (usize, bool)> = BTreeMap::new();
    for (at, &run) in offer.runs.iter().enumerate() {
        first.entry(span_of(context, run)).and_modify(|(_, alone)| *alone = false).or_insert((at, true));
    }
    let mut found: Vec<(usize, bool)> = first.into_values().collect();
    found.sort_unstable();
    found
}

/// From when to when a run is.
fn span_of(context: &Context<'_>, run: Run) -> (NaiveDateTime, NaiveDateTime) {
    let slots = &context.case.slots;
    (slots[run.first.index()].start, slots[(run.first.0 + run.count - 1) as usize].end())
}

/// Runs by time, each time with the position of its first run in the offer.
pub(super) type ByTime = Vec<(usize, Arc<[Run]>)>;

/// The runs of an offer by time, each with the position of the first: one each, but where sittings are alike.
pub(super) fn by_time(context: &Context<'_>, offer: &Offer) -> ByTime {
    let mut runs: BTreeMap<(NaiveDateTime, NaiveDateTime), (usize, Vec<Run>)> = BTreeMap::new();
    for (at, &run) in offer.runs.iter().enumerate() {
        runs.entry(span_of(context, run)).or_insert((at, Vec::new())).1.push(run);
    }
    let mut found: ByTime = runs.into_values().map(|(at, runs)| (at, runs.into())).collect();
    found.sort_unstable_by_key(|(at, _)| *at);
    found
}

/// Every combination of candidates that keeps the rule of the visit, members in their order.
pub(crate) fn combinations(
    context: &Context<'_>,
    prepared: &Prepared,
    members: &[PlannedIdx],
    offers: &[Vec<Offer>],
) -> Vec<Vec<Placing>> {
    let case = context.case;
    let mut by_day: BTreeMap<(u32, SiteIdx), Vec<Vec<Start>>> = BTreeMap::new();
    for (position, member) in members.iter().enumerate() {
        for (at, offer) in offers[member.index()].iter().enumerate() {
            let session = &case.sessions[offer.session.index()];
            let starts =
                by_day.entry((offer.day, session.site)).or_insert_with(|| vec![Vec::new(); members.len()]);
            for (index, alone) in times(context, offer) {
                let run = &offer.runs[index];
                let first = &case.slots[run.first.index()];
                starts[position].push(Start {
                    offer: at,
                    run: index,
                    begins: first.start,
                    end: first.start + TimeDelta::minutes(i64::from(offer.needed)),
                    slots_end: case.slots[(run.first.0 + run.count - 1) as usize].end(),
                    clinician: alone.then(|| case.sessions[first.session.index()].clinician),
                    group: first.places.map(|_| run.first),
                });
            }
        }
    }
    let gap = TimeDelta::minutes(i64::from(case.policy.together_gap_minutes));
    let mut found = Vec::new();
    for starts in by_day.into_values().filter(|starts| starts.iter().all(|of| !of.is_empty())) {
        let mut search =
            Search { context, prepared, members, starts: &starts, gap, chosen: vec![None; members.len()] };
        search.extend(None, &mut found);
    }
    found
}

struct Search<'a, 'c> {
    context: &'a Context<'c>,
    prepared: &'a Prepared,
    members: &'a [PlannedIdx],
    starts: &'a [Vec<Start>],
    gap: TimeDelta,
    chosen: Vec<Option<Start>>,
}

impl Search<'_, '_> {
    /// Adds the next member in the order of starts; `last` is the one before, with its position.
    fn extend(&mut self, last: Option<(usize, Start)>, found: &mut Vec<Vec<Placing>>) {
        if self.chosen.iter().all(Option::is_some) {
            if self.links_kept() {
                let place = |(member, start): (&PlannedIdx, &Option<Start>)| {
                    start.map(|start| (*member, start.offer, Some(start.run)))
                };
                found.extend(self.members.iter().zip(&self.chosen).map(place).collect::<Option<Vec<_>>>());
            }
            return;
        }
        for position in 0..self.members.len() {
            if self.chosen[position].is_some() {
                continue;
            }
            for index in 0..self.starts[position].len() {
                let start = self.starts[position][index];
                if last.is_none_or(|(before, last)| self.follows(before, &last, position, &start))
                    && self.fits_beside_chosen(position, &start)
                {
                    self.chosen[position] = Some(start);
                    self.extend(Some((position, start)), found);
                    self.chosen[position] = None;
                }
            }
        }
    }

    /// The next begins when the one before has ended, and at most the gap later; sharing one group slot is
    /// neither an overlap nor a gap (the shorter first, the earlier member first, so that each way is found once).
    fn follows(&self, before: usize, last: &Start, position: usize, next: &Start) -> bool {
        if last.group.is_some() && last.group == next.group {
            return (last.end, before) < (next.end, position);
        }
        last.end <= next.begins && next.begins - last.end <= self.gap
    }

    /// No practitioner's slots overlap, and a group slot has a place for each; but one patient cannot be in a group
    /// slot twice, since no two appointments of a patient overlap (rule 4.5).
    fn fits_beside_chosen(&self, position: usize, next: &Start) -> bool {
        let shares = |other: &Start| other.group.is_some() && other.group == next.group;
        let chosen = || self.chosen.iter().flatten();
        let patient = |position: usize| {
            let planned = &self.prepared.requests[self.members[position].index()];
            self.context.request(planned).patient_id.as_str()
        };
        let twice = |(at, other): (usize, &Option<Start>)| {
            other.as_ref().is_some_and(shares) && patient(at) == patient(position)
        };
        if self.chosen.iter().enumerate().any(twice) {
            return false;
        }
        let overlaps = |other: &Start| {
            other.clinician.is_some()
                && other.clinician == next.clinician
                && !shares(other)
                && other.begins < next.slots_end
                && next.begins < other.slots_end
        };
        if chosen().any(overlaps) {
            return false;
        }
        let Some(slot) = next.group else { return true };
        let places = self.context.case.slots[slot.index()].places.unwrap_or(0) as usize;
        chosen().filter(|other| shares(other)).count() < places
    }

    /// Links between members hold.
    fn links_kept(&self) -> bool {
        self.members.iter().zip(&self.chosen).all(|(member, start)| {
            let Link::After { other, min_days, .. } = self.prepared.requests[member.index()].link else {
                return true;
            };
            let Some(position) = self.members.iter().position(|member| *member == other) else { return true };
            // One visit is on one date: the days between are 0.
            let ended =
                self.chosen[position].zip(*start).is_some_and(|(before, own)| before.end <= own.begins);
            min_days == 0 && ended
        })
    }
}
