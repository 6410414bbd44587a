//! First come, first served as it is defined, slowly: every place of a request is tried beside those placed before, from the
//! best on, and the oracle says which is the first that breaks no rule.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use rebook::model::{Case, Continuity, DeliveryChannel};
use rebook_tests::oracle::{Candidate, Prepared, Switches, Wanted, prepare};

/// The slots of each request that has a place, by its id.
pub type Slots = BTreeMap<String, Vec<String>>;

/// More arrangements of one visit than this are not tried.
const MOST_WAYS: usize = 40_000;

/// Who is placed where; none where a visit could be arranged in too many ways to try.
pub fn first_come(case: &Case) -> Option<Slots> {
    let prepared = prepare(case, Switches::ALL_ON);
    let mut served =
        Served { prepared: &prepared, done: BTreeSet::new(), places: BTreeMap::new(), too_many: false };
    let mut order: Vec<usize> = (0..prepared.wanted.len()).collect();
    order.sort_by_key(|&at| turn(&prepared.wanted[at]));
    for (turn, &at) in order.iter().enumerate() {
        served.serve(at, turn, &order);
    }
    if served.too_many {
        return None;
    }
    let slot_id = |slot: &usize| case.slots[*slot].slot_id.to_string();
    let row = |wanted: &Wanted<'_>| {
        let place = served.places.get(&wanted.request.line)?;
        Some((wanted.request.request_id.clone(), place.slots.iter().map(slot_id).collect()))
    };
    Some(prepared.wanted.iter().filter_map(row).collect())
}

fn turn<'a>(wanted: &Wanted<'a>) -> (NaiveDate, NaiveDateTime, &'a str) {
    let original = wanted.request.original_start.expect("readable");
    (wanted.request.waiting_since.unwrap_or(original.date()), original, &wanted.request.request_id)
}

struct Served<'p, 'c> {
    prepared: &'p Prepared<'c>,
    done: BTreeSet<usize>,
    places: BTreeMap<u64, &'p Candidate>,
    too_many: bool,
}

impl<'p, 'c> Served<'p, 'c> {
    fn wanted(&self, at: usize) -> &'p Wanted<'c> {
        &self.prepared.wanted[at]
    }

    /// Those who are booked with a request, by id, itself included.
    fn together(&self, at: usize) -> Vec<usize> {
        let joins = |at: usize| {
            let wanted = self.wanted(at);
            wanted.request.together_id.as_ref().filter(|_| !wanted.tier.urgent)
        };
        let mut members: Vec<usize> = (0..self.prepared.wanted.len())
            .filter(|&other| other == at || (joins(at).is_some() && joins(other) == joins(at)))
            .collect();
        members.sort_by_key(|&member| &self.wanted(member).request.request_id);
        members
    }

    /// Whether all that these come after are done, those among themselves apart.
    fn is_ready(&self, members: &[usize]) -> bool {
        members.iter().all(|&member| {
            let Some(after) = &self.wanted(member).request.after_request_id else { return true };
            let mut all = 0..self.prepared.wanted.len();
            all.find(|&other| self.wanted(other).request.request_id == *after)
                .is_none_or(|other| self.done.contains(&other) || members.contains(&other))
        })
    }

    /// Serves a request with its companions where it is ready, and right after it those who waited for it although their
    /// turn is over; `turn` is how far the order has come.
    fn serve(&mut self, at: usize, turn: usize, order: &[usize]) {
        let members = self.together(at);
        if self.done.contains(&at) || !self.is_ready(&members) {
            return;
        }
        self.place(&members);
        self.done.extend(&members);
        for &other in order {
            let waiting = self.together(other);
            let is_over = order.iter().position(|one| waiting.contains(one)) < Some(turn);
            if is_over && waiting.iter().any(|&one| self.comes_after(one, &members)) {
                self.serve(other, turn, order);
            }
        }
    }

    fn comes_after(&self, at: usize, members: &[usize]) -> bool {
        let after = self.wanted(at).request.after_request_id.as_ref();
        members.iter().any(|&member| after == Some(&self.wanted(member).request.request_id))
    }

    fn place(&mut self, members: &[usize]) {
        let mut ways: Vec<Vec<&'p Candidate>> = vec![Vec::new()];
        for &member in members {
            let candidates = &self.prepared.candidates[member];
            if ways.len() * candidates.len() > MOST_WAYS {
                self.too_many = true;
                return;
            }
            let with = |way: &Vec<&'p Candidate>| {
                let way = way.clone();
                candidates.iter().map(move |one| way.iter().copied().chain([one]).collect::<Vec<_>>())
            };
            ways = ways.iter().flat_map(with).collect();
        }
        ways.sort_by_key(|way| {
            let mut starts: Vec<NaiveDateTime> = way.iter().map(|place| place.start).collect();
            starts.sort();
            let case = self.prepared.case();
            let points =
                members.iter().zip(way).map(|(&member, place)| points(case, self.wanted(member), place));
            let session = |place: &&Candidate| case.sessions[place.session].session_id.as_str();
            let slots: Vec<(&str, usize)> =
                way.iter().map(|place| (session(place), place.slots[0])).collect();
            (starts, points.sum::<i64>(), slots)
        });
        for way in ways {
            let mut places = self.places.clone();
            places.extend(members.iter().map(|&member| self.wanted(member).request.line).zip(way));
            if self.prepared.judge(&places).is_ok() {
                self.places = places;
                return;
            }
        }
    }
}

/// The points of SPEC section 5 beside waiting, of a case without a previous plan or with one.
fn points(case: &Case, wanted: &Wanted<'_>, place: &Candidate) -> i64 {
    let (request, prices) = (wanted.request, &case.policy.inconvenience);
    let clinician = &case.clinicians[place.clinician];
    let stranger = request.continuity == Continuity::Preferred
        && request.preferred_practitioner_id.as_ref().is_some_and(|id| *id != clinician.practitioner_id);
    let away = place.channel == DeliveryChannel::InPerson
        && request.site.is_some_and(|site| site.index() != place.site);
    let step = wanted.care_type.roles.iter().position(|role| *role == clinician.role).unwrap_or(0) as i64;
    let wasted = if place.group { 0 } else { place.slot_minutes - place.needed };
    let rows = case.previous.iter().flat_map(|files| &files.plan);
    let before = rows.into_iter().find(|row| row.request_id == request.request_id);
    let moved = before.is_some_and(|row| {
        row.session_id != case.sessions[place.session].session_id || row.start != place.start
    });
    i64::from(prices.other_practitioner) * i64::from(stranger)
        + i64::from(prices.other_site) * i64::from(away)
        + i64::from(prices.role_step) * step
        + i64::from(prices.wasted_minute) * wasted
        + i64::from(prices.moved) * i64::from(moved)
}
