//! Finds the offers of many requests. What several requests may use of a sitting - its runs that are long enough, free
//! and at the right time of day - is found once and shared.

use std::sync::Arc;

use chrono::NaiveDate;

use super::channel::channel_of;
use super::context::{Context, Sitting};
use super::run::{self, Run, RunCheck, needed_minutes};
use super::{Asks, Offer, RUN_RULES, SITTING_RULES, SittingRule};
use crate::lookup::Lookup;
use crate::prepare::Planned;
use crate::units::{CareTypeIdx, SessionIdx, TierIdx};

/// What the runs of a sitting depend on beside the sitting: labels, times of day, and minutes.
type Kind = (SessionIdx, NaiveDate, TierIdx, CareTypeIdx, u32);

/// Runs of a sitting that cost and use the same.
struct Shared {
    wasted: u32,
    open_minutes: u32,
    checks: Vec<RunCheck>,
    runs: Arc<[Run]>,
}

/// Finds the offers of a case.
pub(crate) struct Finder<'a, 'c> {
    context: &'a Context<'c>,
    shares: Shares,
}

impl<'a, 'c> Finder<'a, 'c> {
    pub fn new(context: &'a Context<'c>) -> Self {
        Self { context, shares: Shares::new(context) }
    }

    /// Every offer for a request, ascending by session.
    pub fn offers(&mut self, planned: &Planned) -> Vec<Offer> {
        self.shares.offers(self.context, planned, self.context.last_date)
    }

    /// Every offer for a request in one sitting.
    pub fn offers_at(&mut self, planned: &Planned, sitting: &Sitting) -> Vec<Offer> {
        self.shares.offers_at(self.context, planned, sitting)
    }
}

/// What is remembered of a case because requests share it.
pub(crate) struct Shares {
    /// By tier: the first one that may use the same labels.
    labels: Vec<TierIdx>,
    found: Lookup<Kind, Vec<Shared>>,
}

impl Shares {
    /// Of this case; nothing is known yet.
    pub fn new(context: &Context<'_>) -> Self {
        let tiers = &context.case.policy.tiers;
        let same = |tier: &crate::model::Tier| {
            TierIdx::from(tiers.iter().position(|other| other.may_use == tier.may_use).unwrap_or_default())
        };
        Self { labels: tiers.iter().map(same).collect(), found: Lookup::default() }
    }

    /// Every offer for a request up to a date, ascending by session.
    pub fn offers(&mut self, context: &Context<'_>, planned: &Planned, last: NaiveDate) -> Vec<Offer> {
        let mut found = Vec::new();
        for sitting in context.open_sittings_for(planned) {
            if sitting.date <= last && may_be_in(context, planned, sitting) {
                self.offers_in(context, planned, sitting, &mut found);
            }
        }
        found
    }

    /// Every offer for a request in one sitting.
    fn offers_at(&mut self, context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> Vec<Offer> {
        let mut found = Vec::new();
        let site = context.session(sitting).site;
        if sitting.is_open() && context.serves(site, planned.site) && may_be_in(context, planned, sitting) {
            self.offers_in(context, planned, sitting, &mut found);
        }
        found
    }

    fn offers_in(
        &mut self,
        context: &Context<'_>,
        planned: &Planned,
        sitting: &Sitting,
        found: &mut Vec<Offer>,
    ) {
        let Some(channel) = channel_of(context, planned, sitting) else { return };
        let needed = needed_minutes(context, planned, context.session(sitting).clinician);
        let tier = self.labels[planned.tier.index()];
        let kind = (sitting.session, sitting.date, tier, planned.care_type, needed);
        let shared = self.found.get_or_insert_with(kind, || shared(context, planned, sitting));
        let whole = is_unrestricted(context, planned, sitting);
        let offer = |shared: &Shared, moved: bool, runs: Arc<[Run]>| Offer {
            session: sitting.session,
            day: context.day_of(sitting),
            channel,
            needed,
            wasted: shared.wasted,
            open_minutes: shared.open_minutes,
            moved,
            runs,
        };
        let first = found.len();
        for shared in shared {
            if whole {
                // Where it was before, it was in another session.
                found.push(offer(shared, planned.previous.is_some(), Arc::clone(&shared.runs)));
                continue;
            }
            let own = |check: &&RunCheck| {
                let check = RunCheck { channel, ..**check };
                RUN_RULES
                    .iter()
                    .all(|(_, asks, rule)| *asks == Asks::Sitting || rule(context, planned, &check))
            };
            let Some((before, start)) = &planned.previous else {
                let own: Vec<Run> = shared.checks.iter().filter(own).map(|check| check.run).collect();
                let all = own.len() == shared.runs.len();
                if !own.is_empty() {
                    let runs = if all { Arc::clone(&shared.runs) } else { own.into() };
                    found.push(offer(shared, false, runs));
                }
                continue;
            };
            let elsewhere = *before != context.session(sitting).session_id;
            let (moved, stays): (Vec<&RunCheck>, Vec<&RunCheck>) =
                shared.checks.iter().filter(own).partition(|check| elsewhere || *start != check.start);
            for (moved, checks) in [(true, moved), (false, stays)] {
                if !checks.is_empty() {
                    found.push(offer(shared, moved, checks.into_iter().map(|check| check.run).collect()));
                }
            }
        }
        found[first..].sort_by_key(|offer| offer.runs[0].first);
    }
}

/// Whether a request may be in an open sitting, as far as that does not depend on the run.
fn may_be_in(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    SITTING_RULES.iter().all(|(_, rule)| match rule {
        // Nothing is open where one of these is broken.
        SittingRule::Book(_) => true,
        SittingRule::Request(holds) => holds(context, planned, sitting),
    })
}

/// Whether the request asks nothing that one run of the sitting could keep and another break.
fn is_unrestricted(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> bool {
    let session = &context.session(sitting).session_id;
    planned.previous.as_ref().is_none_or(|(before, _)| before != session)
        && planned.not_before.date() < sitting.date
        && context.request(planned).available.is_any()
        && context.bookings_of(planned).is_empty()
}

/// The runs of a sitting that keep what does not depend on the request, in groups that cost and use the same.
fn shared(context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> Vec<Shared> {
    let Some(channel) = channel_of(context, planned, sitting) else { return Vec::new() };
    let mut groups: Vec<Vec<RunCheck>> = Vec::new();
    for check in run::runs(context, planned, sitting, channel) {
        if !RUN_RULES.iter().all(|(_, asks, rule)| *asks == Asks::Request || rule(context, planned, &check)) {
            continue;
        }
        let alike = |group: &&mut Vec<RunCheck>| {
            let other = group[0];
            (other.wasted, other.open_minutes, other.run.count)
                == (check.wasted, check.open_minutes, check.run.count)
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(check),
            None => groups.push(vec![check]),
        }
    }
    let share = |checks: Vec<RunCheck>| Shared {
        wasted: checks[0].wasted,
        open_minutes: checks[0].open_minutes,
        runs: checks.iter().map(|check| check.run).collect(),
        checks,
    };
    groups.into_iter().map(share).collect()
}
