//! Finds the offers of many requests. What several requests may use of a sitting - its runs that are long enough, free
//! and at the right time of day - is found once and shared.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use super::alike::{Alike, Place};
use super::channel::channel_of;
use super::context::{Context, Sitting};
use super::run::{self, Run, RunCheck, needed_minutes};
use super::{Asks, Offer, RUN_RULES, SITTING_RULES, SittingRule};
use crate::calendar::Availability;
use crate::lookup::Lookup;
use crate::prepare::Planned;
use crate::units::{CareTypeIdx, ClinicianIdx, SessionIdx, TierIdx};

/// What the runs of sittings depend on: the first of them, how many they are and who is left out, labels, times of day, and
/// minutes.
type Kind = (SessionIdx, NaiveDate, (usize, Apart), TierIdx, CareTypeIdx, u32);

/// What tells sittings that are alike apart for one request: its preferred practitioner, and the session of its place before.
type Apart = (Option<ClinicianIdx>, Option<SessionIdx>);

/// Runs of sittings that are alike, which cost and use the same.
struct Shared {
    wasted: u32,
    open_minutes: u32,
    checks: Vec<RunCheck>,
    runs: Arc<[Run]>,
    /// Those of them at certain times, where sittings are alike: there are thousands, and many ask for the same.
    at: Lookup<Times, Arc<[Run]>>,
}

/// When a request can come, and its notice where that matters on the date.
type Times = (Availability, Option<NaiveDateTime>);

/// Finds the offers of a case.
pub(crate) struct Finder<'a, 'c> {
    context: &'a Context<'c>,
    alike: Option<&'a Alike>,
    shares: Shares,
}

impl<'a, 'c> Finder<'a, 'c> {
    pub fn new(context: &'a Context<'c>) -> Self {
        Self { context, alike: None, shares: Shares::new(context) }
    }

    /// Sittings that are alike make one offer, which names the first of them.
    pub fn over(context: &'a Context<'c>, alike: &'a Alike) -> Self {
        Self { alike: Some(alike), ..Self::new(context) }
    }

    /// Every offer for a request, ascending by session.
    pub fn offers(&mut self, planned: &Planned) -> Vec<Offer> {
        self.shares.offers_of(self.context, planned, self.context.last_date, self.alike)
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
        self.offers_of(context, planned, last, None)
    }

    fn offers_of(
        &mut self,
        context: &Context<'_>,
        planned: &Planned,
        last: NaiveDate,
        alike: Option<&Alike>,
    ) -> Vec<Offer> {
        let mut found = Vec::new();
        let preferred = context.request(planned).preferred_practitioner_id.as_deref();
        for sitting in context.open_sittings_for(planned) {
            let set = match alike.map_or(Place::Single, |alike| alike.place(sitting)) {
                Place::Single => std::slice::from_ref(sitting),
                Place::Head(set) => set,
                Place::Follower => continue,
            };
            if sitting.date > last {
                continue;
            }
            if set.len() > 1 && (preferred.is_some() || planned.previous.is_some()) {
                self.offers_apart(context, planned, set, preferred, &mut found);
            } else if may_be_in(context, planned, sitting) {
                self.offers_in(context, planned, (set, (None, None)), &mut found);
            }
        }
        found
    }

    /// The offers in sittings that are alike to everybody else: those that are not to this request stand alone.
    fn offers_apart(
        &mut self,
        context: &Context<'_>,
        planned: &Planned,
        set: &[Sitting],
        preferred: Option<&str>,
        found: &mut Vec<Offer>,
    ) {
        let from = found.len();
        let mut apart = (None, None);
        let mut others: Vec<Sitting> = Vec::with_capacity(set.len());
        for sitting in set {
            let (session, clinician) = (context.session(sitting), context.clinician(sitting));
            let is_preferred = preferred == Some(clinician.practitioner_id.as_str());
            let is_previous =
                planned.previous.as_ref().is_some_and(|(previous, _)| *previous == session.session_id);
            apart.0 = if is_preferred { Some(session.clinician) } else { apart.0 };
            apart.1 = if is_previous { Some(sitting.session) } else { apart.1 };
            if !is_preferred && !is_previous {
                others.push(*sitting);
            } else if may_be_in(context, planned, sitting) {
                self.offers_in(context, planned, (std::slice::from_ref(sitting), (None, None)), found);
            }
        }
        if others.first().is_some_and(|sitting| may_be_in(context, planned, sitting)) {
            self.offers_in(context, planned, (&others, apart), found);
        }
        found[from..].sort_by_key(|offer| offer.session);
    }

    /// Every offer for a request in one sitting.
    fn offers_at(&mut self, context: &Context<'_>, planned: &Planned, sitting: &Sitting) -> Vec<Offer> {
        let mut found = Vec::new();
        let site = context.session(sitting).site;
        if sitting.is_open() && context.serves(site, planned.site) && may_be_in(context, planned, sitting) {
            self.offers_in(context, planned, (std::slice::from_ref(sitting), (None, None)), &mut found);
        }
        found
    }

    /// The offers in sittings that are alike: what holds for the first of them holds for all.
    fn offers_in(
        &mut self,
        context: &Context<'_>,
        planned: &Planned,
        (sittings, apart): (&[Sitting], Apart),
        found: &mut Vec<Offer>,
    ) {
        let sitting = &sittings[0];
        let Some(channel) = channel_of(context, planned, sitting) else { return };
        let needed = needed_minutes(context, planned, context.session(sitting).clinician);
        let tier = self.labels[planned.tier.index()];
        let kind = (sitting.session, sitting.date, (sittings.len(), apart), tier, planned.care_type, needed);
        let shared = self.found.get_or_insert_with(kind, || shared(context, planned, sittings));
        let whole = is_unrestricted(context, planned, sitting);
        let times = (sittings.len() > 1 && context.bookings_of(planned).is_empty()).then(|| {
            let notice = Some(planned.not_before).filter(|notice| notice.date() >= sitting.date);
            (context.request(planned).available.clone(), notice)
        });
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
            // The session of its place before, where it has one, is not among several.
            if let Some(times) = &times {
                let checks = &shared.checks;
                let find = || checks.iter().filter(own).map(|check| check.run).collect();
                let runs = shared.at.get_or_insert_with(times.clone(), find);
                if !runs.is_empty() {
                    let runs = Arc::clone(runs);
                    found.push(offer(shared, planned.previous.is_some(), runs));
                }
                continue;
            }
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

/// The runs of sittings that are alike which keep what does not depend on the request, in groups that cost and use the same.
fn shared(context: &Context<'_>, planned: &Planned, sittings: &[Sitting]) -> Vec<Shared> {
    let Some(channel) = channel_of(context, planned, &sittings[0]) else { return Vec::new() };
    let mut groups: Vec<Vec<RunCheck>> = Vec::new();
    for check in sittings.iter().flat_map(|sitting| run::runs(context, planned, sitting, channel)) {
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
        at: Lookup::default(),
    };
    groups.into_iter().map(share).collect()
}
