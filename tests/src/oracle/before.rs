//! SPEC section 2 (and the effective route of section 1): each request's rank, target, window and weight.

use chrono::{Days, NaiveDate};
use rebook::model::{CareType, Case, ContactRoute, DeliveryChannel, Request, Target, TargetFrom, Tier};
use rebook::units::CareTypeIdx;
use rust_decimal::Decimal;

use super::excluded::tier_code;
use super::switches::{Clause, Switches};

/// A request that is not excluded, with what planning needs to know of it.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The row.
    pub request: &'a Request,
    /// The tier, given or by care type.
    pub tier: &'a Tier,
    /// The care type.
    pub care_type: &'a CareType,
    /// From 1, after escalation.
    pub rank: usize,
    /// Whether its wait lifted it.
    pub escalated: bool,
    /// Whether it has a `latest_date` on or before the last plannable date.
    pub windowed: bool,
    /// Whether its `latest_date` lies before the start.
    pub passed: bool,
    /// The day after which it is late.
    pub target: NaiveDate,
    /// Whole percent.
    pub weight: i64,
    /// Effective contact route.
    pub route: ContactRoute,
    /// Best first.
    pub channels: &'a [DeliveryChannel],
    /// Before the practitioner's multiplier.
    pub duration_minutes: u32,
    /// `start` - `waiting_since`, in days; may be negative.
    pub waiting_days: i64,
}

/// The ranks of the scheduled tiers, in their order.
///
/// A tier with `shares_rank` takes the rank of the one before it among the scheduled ones, and the next tier
/// without it takes the next rank: ranks have no gaps. The first scheduled tier has rank 1 in any case.
pub fn ranks_of_tiers(case: &Case, switches: Switches) -> Vec<(&str, usize)> {
    let mut ranks: Vec<(&str, usize)> = Vec::new();
    for tier in case.policy.tiers.iter().filter(|tier| tier.schedule) {
        let rank = match ranks.last() {
            None => 1,
            Some((_, before)) if tier.shares_rank && switches.on(Clause::SharesRank) => *before,
            Some((_, before)) => before + 1,
        };
        ranks.push((&tier.code, rank));
    }
    ranks
}

/// What section 2 says of one request that is not excluded.
pub fn wanted<'a>(case: &'a Case, request: &'a Request, switches: Switches) -> Wanted<'a> {
    let policy = &case.policy;
    let tier =
        tier_code(case, request).and_then(|code| policy.tier(code)).expect("a planned request has a tier");
    let care_type: CareTypeIdx = request.care_type.expect("a planned request has a care type");
    let care_type = &policy.care_types[care_type.index()];
    let waiting_since = request
        .waiting_since
        .or_else(|| request.original_start.map(|original| original.date()))
        .expect("a planned request has an original start");
    let waiting_days = (policy.start - waiting_since).num_days();
    let passed = request.latest_date.is_some_and(|latest| latest < policy.start);

    let (rank, escalated) = rank(case, tier, waiting_days, switches);

    Wanted {
        request,
        tier,
        care_type,
        rank,
        escalated,
        windowed: request.latest_date.is_some_and(|latest| latest <= policy.last_date()),
        passed,
        target: target(case, request, tier, waiting_since, passed, switches),
        weight: if switches.on(Clause::Weights) { weight(case, request, tier, switches) } else { 100 },
        route: effective_route(request, tier, switches),
        channels: if request.delivery_channels.is_empty() {
            &care_type.delivery_channels
        } else {
            &request.delivery_channels
        },
        duration_minutes: request.duration_minutes.unwrap_or(care_type.duration_minutes),
        waiting_days,
    }
}

/// The tier's rank; one better, never better than 2, for who has waited long enough; and whether it is that.
fn rank(case: &Case, tier: &Tier, waiting_days: i64, switches: Switches) -> (usize, bool) {
    let ranks = ranks_of_tiers(case, switches);
    let (_, rank) = *ranks.iter().find(|(code, _)| *code == tier.code).expect("its tier is scheduled");
    let escalated = tier.escalate_after_days > 0
        && waiting_days >= i64::from(tier.escalate_after_days)
        && switches.on(Clause::Escalation);
    let best = if switches.on(Clause::EscalationLimit) { 2 } else { 1 };
    if escalated && rank > best { (rank - 1, true) } else { (rank, false) }
}

fn target(
    case: &Case,
    request: &Request,
    tier: &Tier,
    waiting_since: NaiveDate,
    passed: bool,
    switches: Switches,
) -> NaiveDate {
    if passed && case.policy.place_after_window && switches.on(Clause::PassedTarget) {
        return case.policy.start;
    }
    let from = match tier.target_from {
        TargetFrom::Start => case.policy.start,
        TargetFrom::WaitingSince if switches.off(Clause::WaitingSince) => case.policy.start,
        TargetFrom::WaitingSince => waiting_since,
    };
    let by_tier = match tier.target {
        Target::Days(days) => from + Days::new(u64::from(days)),
        Target::WorkingDays(days) if switches.off(Clause::WorkingDays) => from + Days::new(u64::from(days)),
        Target::WorkingDays(days) => case.policy.working_days().nth_after(from, days),
    };
    let mut target = request.due_date.filter(|_| switches.on(Clause::DueDate)).unwrap_or(by_tier);
    if let Some(latest) = request.latest_date
        && switches.on(Clause::TargetLatest)
    {
        target = target.min(latest);
    }
    if let Some(earliest) = request.earliest_date
        && switches.on(Clause::TargetEarliest)
    {
        target = target.max(earliest);
    }
    target
}

/// Exact product of the tier's weight and all that apply, capped, floored to whole percent.
fn weight(case: &Case, request: &Request, tier: &Tier, switches: Switches) -> i64 {
    let mut percent = if switches.on(Clause::TierWeight) { i128::from(tier.weight) } else { 100 };
    let mut divisor = 1_i128;
    let applies = |flag: &String| request.flags.contains(flag) && switches.on(Clause::FlagWeight);
    for factor in case.policy.weights.iter().filter(|factor| applies(&factor.flag)) {
        percent *= i128::from(factor.percent);
        divisor *= 100;
        if switches.off(Clause::WeightFloor) {
            percent /= divisor;
            divisor = 1;
        }
    }
    let cap = if switches.on(Clause::MaxWeight) { i128::from(case.policy.max_weight) } else { i128::MAX };
    (percent / divisor).min(cap) as i64
}

/// Section 1: the route by which the patient is reached in fact.
fn effective_route(request: &Request, tier: &Tier, switches: Switches) -> ContactRoute {
    if !request.safe_to_contact && switches.on(Clause::RouteSafe) {
        return ContactRoute::Clinician;
    }
    let by_text = matches!(request.contact_route, ContactRoute::Sms | ContactRoute::App);
    let called = tier.call && switches.on(Clause::RouteCall);
    if called || (by_text && !request.sms_permitted && switches.on(Clause::RouteText)) {
        return ContactRoute::Phone;
    }
    request.contact_route
}

/// Needed minutes with a practitioner: ceil(duration x multiplier).
pub fn needed_minutes(duration_minutes: u32, multiplier: Decimal, switches: Switches) -> i64 {
    let multiplier = if switches.on(Clause::Multiplier) { multiplier } else { Decimal::ONE };
    let minutes = (Decimal::from(duration_minutes) * multiplier).ceil();
    i64::try_from(minutes).expect("minutes of an appointment")
}
