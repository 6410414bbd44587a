//! Changes that make room: contacts, calls, sessions, slots, skills, the reserve.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Explainer;
use super::change::Change;
use super::hold::Obstacle;
use super::repair::Kept;
use super::search::{Goal, Search};
use crate::candidates::{Rule, Sitting, hurdles, unmet_needs};
use crate::prepare::{Planned, PlannedIdx};
use crate::solve::Limit;

/// Largest number of further contacts or calls tried.
const MOST_MORE: u32 = 16;
/// Step of a smaller reserve, in hundredths.
const RESERVE_STEP: i64 = 10;
/// Most sessions in which a missing need is looked at, and most that are planned anew.
const MOST_SESSIONS: usize = 8;
const LIKELY: usize = 2;
/// More requests than this without a place are a crowd.
const CROWD: usize = 10;

impl Explainer<'_, '_> {
    /// The limits that alone close a way, by how many ways. A date counts the calls of all dates before it too, so that
    /// the calls of one site are one limit: that of the first date without calls left.
    fn limits_alone(&self, index: PlannedIdx) -> BTreeMap<Limit, usize> {
        let mut found = BTreeMap::new();
        self.each_way(index, |way| {
            let obstacles = self.holds().obstacles(way.moves);
            if let Some((Obstacle::Full(first), rest)) = obstacles.split_first()
                && rest.iter().all(|other| same_calls(*first, other))
            {
                *found.entry(*first).or_default() += 1;
            }
        });
        found
    }

    pub(super) fn more_contacts(&self, search: &mut Search<'_>) -> Option<Change> {
        let case = self.context.case;
        let limits = self.limits_alone(search.index);
        let caps = limits.keys().filter(|limit| matches!(limit, Limit::Day(..) | Limit::Session(_)));
        let limit = caps.max_by_key(|limit| (limits[limit], std::cmp::Reverse(**limit)))?;
        self.least(search, (1, MOST_MORE), |more| match limit {
            Limit::Day(clinician, _) => {
                let one = &case.clinicians[clinician.index()];
                let of_role = || case.policy.max_contacts_day.get(&one.role).copied();
                let now = one.max_contacts_day.or_else(of_role)?;
                let (practitioner_id, most) = (one.practitioner_id.clone(), now.saturating_add(more));
                Some(Change::MoreContactsDay { practitioner_id, most, now })
            }
            Limit::Session(session) => {
                let session = &case.sessions[session.index()];
                let now = session.max_contacts?;
                let (session_id, most) = (session.session_id.clone(), now.saturating_add(more));
                Some(Change::MoreContactsSession { session_id, most, now })
            }
            _ => None,
        })
    }

    pub(super) fn more_calls(&self, search: &mut Search<'_>) -> Option<Change> {
        let limits = self.limits_alone(search.index);
        let calls = limits.keys().find_map(|limit| match limit {
            Limit::Calls(site, _) => Some(*site),
            _ => None,
        })?;
        let site = &self.context.case.sites[calls.index()];
        self.least(search, (1, MOST_MORE), |more| {
            let now = site.calls_per_day?;
            Some(Change::MoreCalls {
                site_id: site.site_id.clone(),
                calls_per_day: now.saturating_add(more),
                now,
            })
        })
    }

    pub(super) fn less_reserve(&self, search: &mut Search<'_>) -> Option<Change> {
        let limits = self.limits_alone(search.index);
        let role = limits.keys().find_map(|limit| match limit {
            Limit::Reserve(_, role, _) => Some(*role),
            _ => None,
        })?;
        let reserve = &self.context.case.policy.reserves[role as usize];
        let step = Decimal::new(RESERVE_STEP, 2);
        let steps = (1..=10).take_while(|&count| step * Decimal::from(count - 1) < reserve.fraction).count();
        self.least(search, (1, steps as u32), |count| {
            let fraction = (reserve.fraction - step * Decimal::from(count)).max(Decimal::ZERO);
            Some(Change::LessReserve { role: reserve.role.clone(), fraction, now: reserve.fraction })
        })
    }

    pub(super) fn extra_sessions(&self, search: &mut Search<'_>) -> Option<Change> {
        let wanted = |member: &PlannedIdx| {
            let planned = &self.prepared.requests[member.index()];
            self.misses(planned, self.context.sittings_for(planned))
                .iter()
                .any(|miss| miss.rules == [Rule::Additional])
        };
        let some = !self.context.case.use_additional && self.job(search.index).iter().any(wanted);
        (some && self.does(search, &Change::ExtraSessions)).then_some(Change::ExtraSessions)
    }

    pub(super) fn more_slots(&self, search: &mut Search<'_>) -> Option<Change> {
        let not_after = match search.goal {
            Goal::Placed => None,
            Goal::By(day) => Some(day),
        };
        let pattern = self.pattern(search.index, not_after)?;
        let members = self.job(search.index).len() as u32;
        let guess = self.rivals(search.index).next_power_of_two();
        let most = pattern.room / members.max(1);
        self.least(search, (guess.min(most), most), |count| Some(pattern.slots(count * members)))
    }

    /// How many unplaced requests would want the same new slots at least as much, itself included: the first guess
    /// of how many it takes. Where a crowd has no place all of them count, so that one trial answers for many.
    fn rivals(&self, index: PlannedIdx) -> u32 {
        let crowded = self.placed.iter().filter(|placed| placed.is_none()).count() > CROWD;
        let own = &self.prepared.requests[index.index()];
        let roles = |planned: &Planned| &self.context.case.policy.care_types[planned.care_type.index()].roles;
        let wants = |(other, planned): (PlannedIdx, &Planned)| {
            other == index
                || (self.ledger.seat(other).is_none()
                    && planned.barred.is_none()
                    && (crowded || self.layout.standing(planned) <= self.layout.standing(own))
                    && self.context.serves(own.site, planned.site)
                    && roles(planned).iter().any(|role| roles(own).contains(role)))
        };
        self.prepared.iter().filter(|&one| wants(one)).count() as u32
    }

    /// What a session, which would else do, lacks: an interpreter, a person with a skill. A need of the place cannot
    /// be brought in.
    pub(super) fn provide_need(&self, search: &mut Search<'_>) -> Option<Change> {
        let case = self.context.case;
        for member in self.job(search.index) {
            let planned = &self.prepared.requests[member.index()];
            let mut lacking = self.lacking_one(planned);
            lacking.sort_by_key(|(sitting, _)| (sitting.date, sitting.session));
            let mut likely = 0;
            for (sitting, need) in lacking.into_iter().take(MOST_SESSIONS) {
                let mut met = planned.clone();
                met.needs.retain(|other| other != need);
                let row = self.context.request(planned);
                let index = search.index;
                let opens = self.with_planned((member, index), met, row, |changed| {
                    let there = |way: &Kept<'_>| {
                        let own = way.moves.iter().find(|one| one.who == member);
                        own.is_some_and(|one| one.offer.session == sitting.session)
                    };
                    changed.better_ways(index, &mut search.looks).iter().any(there)
                });
                if !opens {
                    continue;
                }
                let session_id = case.sessions[sitting.session.index()].session_id.clone();
                let change = Change::Provide { session_id, date: sitting.date, need: need.to_owned() };
                if self.does(search, &change) {
                    return Some(change);
                }
                likely += 1;
                if likely == LIKELY {
                    break;
                }
            }
        }
        None
    }

    /// Sittings that miss by one need alone, with that need.
    fn lacking_one<'s>(&'s self, planned: &'s Planned) -> Vec<(&'s Sitting, &'s str)> {
        let case = self.context.case;
        let lacks = |sitting: &&'s Sitting| -> Option<(&'s Sitting, &'s str)> {
            if hurdles(self.context, planned, sitting) != [Rule::Channel] {
                return None;
            }
            let session = self.context.session(sitting);
            let channel = planned.channels.iter().any(|channel| session.delivery_channels.contains(channel));
            let mut lacking = unmet_needs(self.context, planned, sitting);
            match (lacking.next(), lacking.next()) {
                (Some(need), None) if channel && !case.policy.place_needs.contains(need) => {
                    Some((sitting, need.as_str()))
                }
                _ => None,
            }
        };
        self.context.sittings_for(planned).filter_map(|sitting| lacks(&sitting)).collect()
    }
}

/// Whether both are the calls of one site.
fn same_calls(limit: Limit, other: &Obstacle) -> bool {
    match (limit, other) {
        (Limit::Calls(site, _), Obstacle::Full(Limit::Calls(other, _))) => site == *other,
        _ => false,
    }
}
