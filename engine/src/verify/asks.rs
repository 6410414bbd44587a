//! SPEC section 2: what each request that is planned asks for: rank, target, window, route, notice, weight.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use super::exclusions::{Booked, Exclusions, tier_of};
use super::ranks::{Ranks, escalated};
use super::view::View;
use super::weights::weight;
use crate::model::{
    CareType, Clinician, ContactRoute, DeliveryChannel, Reconciliation, Request, Target, TargetFrom, Tier,
};
use crate::units::SiteIdx;

/// A request that is not excluded, with all that follows from its row and the policy.
pub(super) struct Ask<'a> {
    pub request: &'a Request,
    pub tier: &'a Tier,
    pub care_type: &'a CareType,
    pub site: SiteIdx,
    pub rank: u32,
    pub windowed: bool,
    pub window_passed: bool,
    pub target: NaiveDate,
    /// The last date that candidates may have, where there is one.
    pub bound: Option<NaiveDate>,
    pub route: ContactRoute,
    pub earliest_start: NaiveDateTime,
    pub duration_minutes: u32,
    pub channels: &'a [DeliveryChannel],
    pub weight: i64,
    pub waiting_since: NaiveDate,
    pub check_first: bool,
    pub link: Link,
    /// Position in `Asks::visits`, where it has companions to be booked with.
    pub visit: Option<usize>,
    /// Number of its patient: equal for equal patients.
    pub patient: usize,
}

impl Ask<'_> {
    /// Minutes needed with a practitioner; `None` where there is no such number.
    pub fn needed_minutes(&self, clinician: &Clinician) -> Option<u32> {
        let minutes = clinician.duration_multiplier.checked_mul(self.duration_minutes.into())?;
        u32::try_from(minutes.ceil()).ok()
    }

    /// Unplaced because its window has passed: no place would do.
    pub fn never(&self) -> bool {
        self.window_passed && self.bound.is_some()
    }

    pub fn id(&self) -> &str {
        &self.request.request_id
    }
}

/// What `after_request_id` comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// There is none, or it is met whatever the date.
    Free,
    /// The other one is booked already.
    Booked(Booked),
    /// The other one is planned: position in `Asks::all`.
    After(usize),
    /// The other one is excluded for a reason that keeps this one waiting.
    Excluded,
}

/// All requests that are planned.
pub(super) struct Asks<'a> {
    /// In the order of the file.
    pub all: Vec<Ask<'a>>,
    pub ranks: Ranks,
    /// Members of each visit that has at least two.
    pub visits: Vec<Vec<usize>>,
    /// For each request, those linked after it.
    pub followers: Vec<Vec<usize>>,
    by_id: BTreeMap<&'a str, usize>,
}

impl<'a> Asks<'a> {
    pub fn new(view: &View<'a>, exclusions: &Exclusions) -> Self {
        let ranks = Ranks::new(view.policy);
        let seen_twice = seen_twice(view);
        let mut patients: BTreeMap<&str, usize> = BTreeMap::new();
        let mut all = Vec::new();
        for (request, reason) in view.case.requests.iter().zip(&exclusions.reasons) {
            if reason.is_some() {
                continue;
            }
            let next = patients.len();
            let patient = *patients.entry(&request.patient_id).or_insert(next);
            all.extend(ask(view, &ranks, request, patient, &seen_twice));
        }
        let by_id: BTreeMap<&str, usize> =
            all.iter().enumerate().map(|(index, ask)| (ask.request.request_id.as_str(), index)).collect();
        let mut asks = Self { followers: vec![Vec::new(); all.len()], all, ranks, visits: Vec::new(), by_id };
        asks.resolve_links(view, exclusions);
        asks.resolve_visits();
        asks
    }

    pub fn by_id(&self, request_id: &str) -> Option<usize> {
        self.by_id.get(request_id).copied()
    }

    fn resolve_links(&mut self, view: &View, exclusions: &Exclusions) {
        let mut excluded: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, request) in view.case.requests.iter().enumerate() {
            if exclusions.reasons[row].is_some() {
                excluded.entry(&request.request_id).or_default().push(row);
            }
        }
        for index in 0..self.all.len() {
            let Some(after) = self.all[index].request.after_request_id.as_deref() else { continue };
            self.all[index].link = match self.by_id(after) {
                Some(other) => {
                    self.followers[other].push(index);
                    Link::After(other)
                }
                None => link_to_excluded(exclusions, excluded.get(after).map_or(&[], Vec::as_slice)),
            };
        }
    }

    /// Urgent members are planned on their own.
    fn resolve_visits(&mut self) {
        let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, ask) in self.all.iter().enumerate() {
            if let (Some(id), false) = (&ask.request.together_id, ask.tier.urgent) {
                members.entry(id).or_default().push(index);
            }
        }
        for visit in members.into_values().filter(|members| members.len() > 1) {
            for &member in &visit {
                self.all[member].visit = Some(self.visits.len());
            }
            self.visits.push(visit);
        }
    }
}

/// A link to an id that is planned on none of its rows: met where the case lacks it, or where each of its rows is
/// excluded as seen or resolved.
fn link_to_excluded(exclusions: &Exclusions, rows: &[usize]) -> Link {
    let meets = |row: &usize| exclusions.reasons[*row].is_some_and(super::exclusions::Reason::meets_links);
    if !rows.iter().all(meets) {
        return Link::Excluded;
    }
    let resolved = |row: &&usize| exclusions.reasons[**row] == Some(super::exclusions::Reason::Resolved);
    let booked = rows.iter().filter(resolved).find_map(|row| exclusions.booked[*row]);
    booked.map_or(Link::Free, Link::Booked)
}

fn ask<'a>(
    view: &View<'a>,
    ranks: &Ranks,
    request: &'a Request,
    patient: usize,
    seen_twice: &BTreeSet<(&str, usize, NaiveDateTime)>,
) -> Option<Ask<'a>> {
    let policy = view.policy;
    let tier = tier_of(view, request)?;
    let care_type = &policy.care_types[request.care_type?.index()];
    let original_start = request.original_start?;
    let waiting_since = request.waiting_since.unwrap_or(original_start.date());
    let waited = (policy.start - waiting_since).num_days();
    let window_passed = request.latest_date.is_some_and(|latest| latest < policy.start);
    let released = window_passed && policy.place_after_window;
    let route = effective_route(request, tier);
    let notice = tier.min_notice_hours.unwrap_or_else(|| policy.min_notice_hours.of(route));
    let booked_later =
        view.busy_of_patient(&request.patient_id).iter().any(|&slot| view.slot(slot).start > original_start);
    let key = (request.patient_id.as_str(), request.care_type?.index(), original_start);
    Some(Ask {
        request,
        tier,
        care_type,
        site: request.site?,
        rank: escalated(tier, ranks.of(policy, tier)?, waited),
        windowed: request.latest_date.is_some_and(|latest| latest <= view.last_date),
        window_passed,
        target: if released { policy.start } else { target(view, request, tier, waiting_since) },
        bound: request.latest_date.filter(|_| !released),
        route,
        earliest_start: policy
            .as_of
            .checked_add_signed(TimeDelta::hours(i64::from(notice)))
            .unwrap_or(NaiveDateTime::MAX),
        duration_minutes: request.duration_minutes.unwrap_or(care_type.duration_minutes),
        channels: if request.delivery_channels.is_empty() {
            &care_type.delivery_channels
        } else {
            &request.delivery_channels
        },
        weight: weight(tier, request, &policy.weights, policy.max_weight),
        waiting_since,
        check_first: request.reconciliation == Reconciliation::Unknown
            || booked_later
            || seen_twice.contains(&key),
        link: Link::Free,
        visit: None,
        patient,
    })
}

fn target(view: &View, request: &Request, tier: &Tier, waiting_since: NaiveDate) -> NaiveDate {
    let from = match tier.target_from {
        TargetFrom::Start => view.policy.start,
        TargetFrom::WaitingSince => waiting_since,
    };
    let by_tier = || match tier.target {
        Target::Days(days) => from.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX),
        Target::WorkingDays(days) => view.working_days.nth_after(from, days),
    };
    let mut date = request.due_date.unwrap_or_else(by_tier);
    if let Some(latest) = request.latest_date {
        date = date.min(latest);
    }
    if let Some(earliest) = request.earliest_date {
        date = date.max(earliest);
    }
    date
}

fn effective_route(request: &Request, tier: &Tier) -> ContactRoute {
    if !request.safe_to_contact {
        return ContactRoute::Clinician;
    }
    let written = matches!(request.contact_route, ContactRoute::Sms | ContactRoute::App);
    if tier.call || (written && !request.sms_permitted) { ContactRoute::Phone } else { request.contact_route }
}

/// Patient, care type and original start that stand under two ids, on whatever rows.
fn seen_twice<'a>(view: &View<'a>) -> BTreeSet<(&'a str, usize, NaiveDateTime)> {
    let mut ids: BTreeMap<(&str, usize, NaiveDateTime), &str> = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for request in &view.case.requests {
        if let (Some(care_type), Some(start)) = (request.care_type, request.original_start) {
            let key = (request.patient_id.as_str(), care_type.index(), start);
            if *ids.entry(key).or_insert(&request.request_id) != request.request_id {
                twice.insert(key);
            }
        }
    }
    twice
}
