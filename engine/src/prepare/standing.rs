//! SPEC section 2: rank, target date and window of one request.

use chrono::{Days, NaiveDate};

use super::links::Link;
use super::{Barred, Planned, effective_route, not_before, weight};
use crate::calendar::WorkingDays;
use crate::model::{Case, Policy, Request, Target, TargetFrom};
use crate::units::{Rank, RequestIdx, TierIdx};

/// Longest wait that the last entry of the objective counts, in days.
const LONGEST_WAIT_COUNTED: i64 = 365;

/// The date the wait began; none only where `original_start` is unreadable.
pub(crate) fn waiting_since(request: &Request) -> Option<NaiveDate> {
    request.waiting_since.or_else(|| request.original_start.map(|start| start.date()))
}

/// The tier of a request: the one given, else its care type's; none where there is none or the code is unknown.
pub(super) fn tier_of(policy: &Policy, request: &Request) -> Option<TierIdx> {
    let code = match &request.priority {
        Some(code) => code.as_str(),
        None => policy.care_types[request.care_type?.index()].priority.as_deref()?,
    };
    policy.tiers.iter().position(|tier| tier.code == code).map(TierIdx::from)
}

fn target_date(
    policy: &Policy,
    tier: TierIdx,
    request: &Request,
    since: NaiveDate,
    days: &WorkingDays,
) -> NaiveDate {
    let tier = &policy.tiers[tier.index()];
    let from = match tier.target_from {
        TargetFrom::Start => policy.start,
        TargetFrom::WaitingSince => since,
    };
    let by_tier = match tier.target {
        Target::Days(days) => from.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX),
        Target::WorkingDays(count) => days.nth_after(from, count),
    };
    let mut target = request.due_date.unwrap_or(by_tier);
    if let Some(latest) = request.latest_date {
        target = target.min(latest);
    }
    if let Some(earliest) = request.earliest_date {
        target = target.max(earliest);
    }
    target
}

/// Derives everything of section 2; links, visits and flags are filled in by the caller.
///
/// None where the row lacks what planning needs; the exclusions of section 1 leave no such row.
pub(super) fn derive(
    case: &Case,
    (index, request): (RequestIdx, &Request),
    ranks: &[Option<Rank>],
    working_days: &WorkingDays,
) -> Option<Planned> {
    let policy = &case.policy;
    let tier_index = tier_of(policy, request)?;
    let tier = &policy.tiers[tier_index.index()];
    let care_index = request.care_type?;
    let care_type = &policy.care_types[care_index.index()];
    let since = waiting_since(request)?;
    let waited = (policy.start - since).num_days();

    let own_rank = ranks[tier_index.index()]?;
    let lifts = tier.escalate_after_days > 0 && waited >= i64::from(tier.escalate_after_days);
    let rank = if lifts && own_rank.0 > 2 { Rank(own_rank.0 - 1) } else { own_rank };

    let windowed = request.latest_date.is_some_and(|latest| latest <= policy.last_date());
    let window_passed = request.latest_date.is_some_and(|latest| latest < policy.start);
    let target = if window_passed && policy.place_after_window {
        policy.start
    } else {
        target_date(policy, tier_index, request, since, working_days)
    };
    let mut needs: Vec<String> = request.needs.iter().chain(&care_type.needs).cloned().collect();
    needs.sort();
    needs.dedup();
    let route = effective_route(case, request, tier_index);
    Some(Planned {
        request: index,
        site: request.site?,
        care_type: care_index,
        tier: tier_index,
        rank,
        escalated: rank != own_rank,
        weight: weight::weight(policy, tier_index, request),
        target,
        windowed,
        window_passed,
        earliest: request.earliest_date,
        latest: if window_passed { None } else { request.latest_date },
        route,
        not_before: not_before(case, tier_index, route),
        duration_minutes: request.duration_minutes.unwrap_or(care_type.duration_minutes),
        channels: if request.delivery_channels.is_empty() {
            care_type.delivery_channels.clone()
        } else {
            request.delivery_channels.clone()
        },
        needs,
        waited: waited.clamp(0, LONGEST_WAIT_COUNTED) as u32,
        check_first: false,
        link: Link::None,
        visit: None,
        previous: None,
        barred: (window_passed && !policy.place_after_window).then_some(Barred::WindowPassed),
    })
}
