//! SPEC sections 1 and 2: who is planned, and each request's rank, target and window.

mod exclude;
mod links;
mod standing;
mod weight;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rayon::prelude::*;

use crate::calendar::WorkingDays;
use crate::model::{Case, ContactRoute, DeliveryChannel, PlanRow, Policy, Request};
use crate::units::{CareTypeIdx, Rank, RequestIdx, SiteIdx, SlotIdx, TierIdx};

pub use exclude::{ExcludeReason, Excluded};
pub use links::Link;
#[cfg(feature = "desk")]
pub(crate) use standing::waiting_since;

/// Position in `Prepared::requests`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlannedIdx(pub u32);

impl PlannedIdx {
    /// The position as a `usize`, for indexing.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why a request can have no place, whatever the book holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barred {
    /// Its window has passed and the policy does not plan it.
    WindowPassed,
    /// What it comes after is excluded.
    AfterExcluded,
}

/// A request to be planned, with everything that sections 1 and 2 derive.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its row.
    pub request: RequestIdx,
    /// The patient's own site.
    pub site: SiteIdx,
    /// What is needed.
    pub care_type: CareTypeIdx,
    /// The tier given, or the care type's.
    pub tier: TierIdx,
    /// From 1, escalation applied.
    pub rank: Rank,
    /// Lifted one rank because it has waited long.
    pub escalated: bool,
    /// Percent.
    pub weight: u32,
    /// Target date.
    pub target: NaiveDate,
    /// Has a `latest_date` on or before the last plannable date.
    pub windowed: bool,
    /// Its `latest_date` is before the plan's start.
    pub window_passed: bool,
    /// First date that will do.
    pub earliest: Option<NaiveDate>,
    /// Last date that will do; none where the window has passed and no longer binds.
    pub latest: Option<NaiveDate>,
    /// Effective contact route.
    pub route: ContactRoute,
    /// No appointment starts before.
    pub not_before: NaiveDateTime,
    /// Minutes before the practitioner's multiplier.
    pub duration_minutes: u32,
    /// Best first.
    pub channels: Vec<DeliveryChannel>,
    /// The request's and the care type's, ascending.
    pub needs: Vec<String>,
    /// Days waited on the plan's start, between 0 and 365: the factor of the last entry of the objective.
    pub waited: u32,
    /// Flagged `check-first`.
    pub check_first: bool,
    /// What it comes after.
    pub link: Link,
    /// The visit it belongs to.
    pub visit: Option<usize>,
    /// Place in the previous plan: session id and start.
    pub previous: Option<(String, NaiveDateTime)>,
    /// Why it can have no place at all.
    pub barred: Option<Barred>,
}

impl Planned {
    /// The order in which those without a place are told of: passed windows first, then by rank, target and id.
    pub(crate) fn standing_order(&self, index: PlannedIdx) -> (bool, Rank, NaiveDate, PlannedIdx) {
        (!self.window_passed, self.rank, self.target, index)
    }
}

/// What is to be planned, and what is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Ascending by `request_id`.
    pub requests: Vec<Planned>,
    /// Members of each visit, ascending by `request_id`; at least two each.
    pub visits: Vec<Vec<PlannedIdx>>,
    /// `escalate-now` first, then by request id and line.
    pub excluded: Vec<Excluded>,
    /// In words, without repeats, ascending.
    pub warnings: Vec<String>,
    /// The working-day calendar of the policy.
    pub working_days: WorkingDays,
    /// Rank of each tier that is scheduled.
    pub ranks: Vec<Option<Rank>>,
    /// Number of ranks.
    pub rank_count: u32,
    /// Position v: the window entry comes right after the lateness of this rank.
    pub window_rank: Rank,
}

impl Prepared {
    /// Some of the requests as if there were no others; nothing may link or join them to those left out.
    ///
    /// `requests` ascend; their positions count anew.
    pub(crate) fn area(&self, requests: &[PlannedIdx]) -> Self {
        let renamed = |index: PlannedIdx| {
            // invariant: an area is closed under links and visits.
            PlannedIdx(requests.binary_search(&index).unwrap_or_default() as u32)
        };
        let mut visits: Vec<Vec<PlannedIdx>> = Vec::new();
        let mut of_visit: BTreeMap<usize, usize> = BTreeMap::new();
        let mut own: Vec<Planned> = Vec::with_capacity(requests.len());
        for &index in requests {
            let mut planned = self.requests[index.index()].clone();
            if let Link::After { other, .. } = &mut planned.link {
                *other = renamed(*other);
            }
            planned.visit = planned.visit.map(|visit| {
                *of_visit.entry(visit).or_insert_with(|| {
                    visits.push(self.visits[visit].iter().map(|&member| renamed(member)).collect());
                    visits.len() - 1
                })
            });
            own.push(planned);
        }
        Self {
            requests: own,
            visits,
            excluded: Vec::new(),
            warnings: Vec::new(),
            working_days: self.working_days.clone(),
            ranks: self.ranks.clone(),
            rank_count: self.rank_count,
            window_rank: self.window_rank,
        }
    }

    /// The planned requests with their positions.
    pub fn iter(&self) -> impl Iterator<Item = (PlannedIdx, &Planned)> {
        self.requests.iter().enumerate().map(|(index, planned)| (PlannedIdx(index as u32), planned))
    }
}

/// The rank of each tier (none where it is not scheduled), the number of ranks, and the rank v of the window.
pub fn rank_tiers(policy: &Policy) -> (Vec<Option<Rank>>, u32, Rank) {
    let mut count = 0;
    let mut by_position = Vec::new();
    let ranks = policy
        .tiers
        .iter()
        .map(|tier| {
            tier.schedule.then(|| {
                if !tier.shares_rank || count == 0 {
                    count += 1;
                }
                by_position.push(Rank(count));
                Rank(count)
            })
        })
        .collect();
    let position = (policy.window_rank as usize).saturating_sub(1);
    let window_rank = by_position.get(position).copied().unwrap_or(Rank(count));
    (ranks, count, window_rank)
}

/// Decides who is planned, and derives rank, target, window, route and links of each.
pub fn prepare(case: &Case) -> Prepared {
    let (ranks, rank_count, window_rank) = rank_tiers(&case.policy);
    let working_days = case.policy.working_days();
    let previous = previous_places(case);
    let booked = exclude::booked_places(case, &previous);
    let (excluded, kept) = exclude::exclude(case, &booked);
    let mut warnings = Vec::new();
    let check_first = exclude::check_first(case, &kept, &mut warnings);

    let mut order = kept;
    order.par_sort_by(|a, b| case.requests[a.index()].request_id.cmp(&case.requests[b.index()].request_id));
    let mut requests: Vec<Planned> = order
        .par_iter()
        .filter_map(|&index| {
            let request = &case.requests[index.index()];
            let mut planned = standing::derive(case, (index, request), &ranks, &working_days)?;
            planned.check_first = check_first[index.index()];
            planned.previous =
                previous.get(request.request_id.as_str()).map(|row| (row.session_id.clone(), row.start));
            Some(planned)
        })
        .collect();
    links::resolve(case, &mut requests, &excluded, &booked, &mut warnings);
    let visits = links::visits(case, &mut requests, &mut warnings);
    warnings.sort();
    warnings.dedup();
    Prepared { requests, visits, excluded, warnings, working_days, ranks, rank_count, window_rank }
}

/// A request as it would be planned if its row were in another form: other wishes, dates or days to the appointment
/// before it, or no longer linked; but of the same patient and site, and in the same visit.
pub(crate) fn planned_again(
    case: &Case,
    prepared: &Prepared,
    index: PlannedIdx,
    row: &Request,
) -> Option<Planned> {
    let before = &prepared.requests[index.index()];
    let again = standing::derive(case, (before.request, row), &prepared.ranks, &prepared.working_days)?;
    let (min_days, max_days) = (row.after_min_days, row.after_max_days);
    let linked = row.after_request_id.is_some();
    let link = match before.link {
        Link::After { other, .. } if linked => Link::After { other, min_days, max_days },
        Link::Booked { end, .. } if linked => Link::Booked { end, min_days, max_days },
        _ => Link::None,
    };
    let after_excluded = before.barred.filter(|&barred| linked && barred == Barred::AfterExcluded);
    Some(Planned {
        check_first: before.check_first,
        link,
        visit: before.visit,
        previous: before.previous.clone(),
        barred: again.barred.or(after_excluded),
        ..again
    })
}

/// The rows of the previous plan by request id.
fn previous_places(case: &Case) -> BTreeMap<&str, &PlanRow> {
    let rows = case.previous.iter().flat_map(|files| &files.plan);
    rows.map(|row| (row.request_id.as_str(), row)).collect()
}

/// The slots of a row of a plan, where the book has every one of them.
pub(crate) fn slots_of_row(row: &PlanRow, by_id: &BTreeMap<&str, SlotIdx>) -> Option<Vec<SlotIdx>> {
    let slots: Option<Vec<SlotIdx>> = row.slot_ids.iter().map(|id| by_id.get(id.as_str()).copied()).collect();
    slots.filter(|slots| !slots.is_empty())
}

/// The slots of the book by id.
pub(crate) fn slots_by_id(case: &Case) -> BTreeMap<&str, SlotIdx> {
    case.slots.iter().enumerate().map(|(index, slot)| (slot.slot_id.as_str(), SlotIdx::from(index))).collect()
}

/// The moment from which an appointment may start: the policy's notice for this route and tier.
fn not_before(case: &Case, tier: TierIdx, route: ContactRoute) -> NaiveDateTime {
    let policy = &case.policy;
    let own = policy.tiers[tier.index()].min_notice_hours;
    let hours = own.unwrap_or_else(|| policy.min_notice_hours.of(route));
    policy.as_of + TimeDelta::hours(i64::from(hours))
}

/// How the patient is told, whatever was asked for.
fn effective_route(case: &Case, request: &Request, tier: TierIdx) -> ContactRoute {
    if !request.safe_to_contact {
        return ContactRoute::Clinician;
    }
    let asked = request.contact_route;
    let text = matches!(asked, ContactRoute::Sms | ContactRoute::App);
    if case.policy.tiers[tier.index()].call || (text && !request.sms_permitted) {
        ContactRoute::Phone
    } else {
        asked
    }
}
