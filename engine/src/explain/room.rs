//! Changes that make room: contacts, calls, sessions, slots, skills, the reserve.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Explainer;
use super::change::Change;
use super::hold::Obstacle;
use super::search::{Goal, Search};
use super::trial::{Open, ways_after};
use crate::candidates::{Rule, Sitting, hurdles};
use crate::prepare::{Planned, PlannedIdx};
use crate::solve::Limit;

/// Largest number of further contacts or calls tried.
const MOST_MORE: u32 = 16;
/// Step of a smaller reserve, in hundredths.
const RESERVE_STEP: i64 = 10;
/// Most sessions in which a missing need is looked at, and most that are planned anew.
const MOST_SESSIONS: usize = 8;
const LIKELY: usize = 2;

impl Explainer<'_, '_> {
    /// The limits that alone close a way, by how many ways.
    fn limits_alone(&self, index: PlannedIdx) -> BTreeMap<Limit, usize> {
        let mut found = BTreeMap::new();
        self.each_way(index, |way| {
            if let [Obstacle::Full(limit)] = self.holds().obstacles(way.moves)[..] {
                *found.entry(limit).or_default() += 1;
            }
        });
        found
    }

    pub(super) fn more_contacts(&self, search: &mut Search<'_>) -> Option<Change> {
        let case = self.context.case;
        let limits = self.limits_alone(search.index);
        let caps = limits.keys().filter(|limit| matches!(limit, Limit::Day(..) | Limit::Session(_)));
        let limit = caps.max_by_key(|limit| (limits[limit], std::cmp::Reverse(**limit)))?;
        self.least(search, MOST_MORE, |more| match limit {
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
        self.least(search, MOST_MORE, |more| {
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
        self.least(search, steps as u32, |count| {
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
        self.least(search, pattern.room / members, |count| Some(pattern.slots(count * members)))
    }

    /// What a session, which would else do, lacks: an interpreter, a person with a skill. A need of the place cannot
    /// be brought in.
    pub(super) fn provide_need(&self, search: &mut Search<'_>) -> Option<Change> {
        let case = self.context.case;
        for member in self.job(search.index) {
            let planned = &self.prepared.requests[member.index()];
            let mut changes: Vec<(bool, Change)> = Vec::new();
            let mut lacking = self.lacking_one(planned);
            lacking.sort_by_key(|(sitting, _)| (sitting.date, sitting.session));
            for (sitting, need) in lacking {
                let session_id = case.sessions[sitting.session.index()].session_id.clone();
                let change = Change::Provide { session_id, date: sitting.date, need: need.to_owned() };
                let ways = ways_after(search.area, &change.apply(&search.area.case), search.id);
                if !ways.is_empty() {
                    changes.push((!ways.iter().any(Open::is_free), change));
                }
                if changes.len() == MOST_SESSIONS {
                    break;
                }
            }
            // Those with a free way first.
            changes.sort_by_key(|(held, _)| *held);
            let likely = changes.into_iter().map(|(_, change)| change).take(LIKELY);
            if let Some(change) =
                likely.collect::<Vec<_>>().into_iter().find(|change| self.does(search, change))
            {
                return Some(change);
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
            let site = &case.sites[session.site.index()];
            let has = |need: &String| {
                self.context.clinician(sitting).skills.contains(need)
                    || site.features.contains(need)
                    || session.features.contains(need)
            };
            let channel = planned.channels.iter().any(|channel| session.delivery_channels.contains(channel));
            let mut lacking = planned.needs.iter().filter(|need| !has(need));
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
