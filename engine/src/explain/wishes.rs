//! Changes of what a request asks for: what the patient can be asked, and what a clinician must allow.

use super::Explainer;
use super::change::Change;
use super::hold::Obstacle;
use super::phrase::part_of_day;
use super::search::{Search, relaxed};
use super::trial::{Open, ways_after};
use crate::calendar::{Availability, DateSet};
use crate::model::{ContactRoute, Continuity, DeliveryChannel, GenderWish, Request};
use crate::prepare::Link;
use crate::solve::Limit;

impl Explainer<'_, '_> {
    pub(super) fn other_dates(&self, search: &mut Search<'_>) -> Option<Change> {
        self.relax(
            search,
            |request| !request.unavailable_dates.is_empty(),
            |request| request.unavailable_dates = DateSet::default(),
            |request, way| {
                let (request_id, date) = (request.request_id.clone(), way.start.date());
                let barred = request.unavailable_dates.contains(date);
                barred.then_some(Change::AlsoOnDate { request_id, date })
            },
        )
    }

    pub(super) fn other_times(&self, search: &mut Search<'_>) -> Option<Change> {
        self.relax(
            search,
            |request| !request.available.is_any(),
            |request| request.available = Availability::default(),
            |request, way| {
                let (weekday, from, to) = part_of_day(way.start, way.end);
                let known = request.available.windows();
                let new = !known.iter().any(|w| w.weekday == weekday && w.from <= from && to <= w.to);
                let request_id = request.request_id.clone();
                new.then_some(Change::AlsoAvailable { request_id, weekday, from, to })
            },
        )
    }

    pub(super) fn longer_window(&self, search: &mut Search<'_>) -> Option<Change> {
        self.relax(
            search,
            |request| request.latest_date.is_some(),
            |request| request.latest_date = None,
            |request, way| {
                let (request_id, latest_date) = (request.request_id.clone(), way.start.date());
                let later = request.latest_date.is_some_and(|latest| latest < latest_date);
                later.then_some(Change::LongerWindow { request_id, latest_date })
            },
        )
    }

    pub(super) fn earlier_window(&self, search: &mut Search<'_>) -> Option<Change> {
        self.relax(
            search,
            |request| request.earliest_date.is_some(),
            |request| request.earliest_date = None,
            |request, way| {
                let (request_id, earliest_date) = (request.request_id.clone(), way.start.date());
                let sooner = request.earliest_date.is_some_and(|earliest| earliest_date < earliest);
                sooner.then_some(Change::EarlierWindow { request_id, earliest_date })
            },
        )
    }

    /// A call instead of a message where that needs less notice; a message instead of a call where calls are few.
    pub(super) fn other_route(&self, search: &mut Search<'_>) -> Option<Change> {
        let policy = &self.context.case.policy;
        let mut few_calls = false;
        self.each_way(search.index, |way| {
            let full = |obstacle: &Obstacle| matches!(obstacle, Obstacle::Full(Limit::Calls(..)));
            few_calls = few_calls || self.holds().obstacles(way.moves).iter().any(full);
        });
        self.ask(search, |member, request| {
            let planned = &self.prepared.requests[member.index()];
            let tier = &policy.tiers[planned.tier.index()];
            if tier.call || !request.safe_to_contact {
                return None;
            }
            let route = match planned.route {
                ContactRoute::Phone => few_calls.then_some(ContactRoute::Sms),
                ContactRoute::Clinician => None,
                asked => {
                    let notice = |route| policy.min_notice_hours.of(route);
                    let sooner =
                        tier.min_notice_hours.is_none() && notice(ContactRoute::Phone) < notice(asked);
                    sooner.then_some(ContactRoute::Phone)
                }
            }?;
            Some(Change::OtherRoute { request_id: request.request_id.clone(), route })
        })
    }

    /// Channels of the care type that the request's own list leaves out.
    pub(super) fn other_channel(&self, search: &mut Search<'_>) -> Option<Change> {
        DeliveryChannel::ALL.iter().find_map(|&channel| {
            self.ask(search, |member, request| {
                let planned = &self.prepared.requests[member.index()];
                let usual = &self.context.case.policy.care_types[planned.care_type.index()].delivery_channels;
                let left_out = usual.contains(&channel) && !planned.channels.contains(&channel);
                left_out.then(|| Change::OtherChannel { request_id: request.request_id.clone(), channel })
            })
        })
    }

    pub(super) fn any_gender(&self, search: &mut Search<'_>) -> Option<Change> {
        self.ask(search, |_, request| {
            let asked = request.practitioner_gender != GenderWish::Any;
            asked.then(|| Change::AnyGender { request_id: request.request_id.clone() })
        })
    }

    pub(super) fn any_practitioner(&self, search: &mut Search<'_>) -> Option<Change> {
        self.ask(search, |_, request| {
            let asked = request.continuity == Continuity::Required;
            asked.then(|| Change::AnyPractitioner { request_id: request.request_id.clone() })
        })
    }

    /// Another interval, as little other as the ways allow.
    pub(super) fn other_interval(&self, search: &mut Search<'_>) -> Option<Change> {
        let planned = &self.prepared.requests[search.index.index()];
        let before = match planned.link {
            Link::None => return None,
            Link::Booked { end, .. } => end.date(),
            Link::After { other, .. } => self.ledger.seat(other)?.date(),
        };
        let request = self.context.request(planned);
        let after_request_id = request.after_request_id.clone()?;
        let relaxed = relaxed(&search.area.case, search.id, &|request: &mut Request| {
            request.after_min_days = 0;
            request.after_max_days = u32::MAX;
        });
        let mut ways = ways_after(search.area, &relaxed, search.id);
        let interval = |way: &Open| {
            let days = (way.start.date() - before).num_days().max(0) as u32;
            (request.after_min_days.min(days), request.after_max_days.max(days))
        };
        ways.sort_by_key(|way| {
            let (least, most) = interval(way);
            (!way.is_free(), request.after_min_days - least + (most - request.after_max_days), way.clone())
        });
        let (after_min_days, after_max_days) = interval(ways.first()?);
        if (after_min_days, after_max_days) == (request.after_min_days, request.after_max_days) {
            return None;
        }
        let request_id = request.request_id.clone();
        let change = Change::OtherInterval { request_id, after_request_id, after_min_days, after_max_days };
        self.asking_does(search, &change).then_some(change)
    }

    pub(super) fn unlinked(&self, search: &mut Search<'_>) -> Option<Change> {
        self.ask(search, |_, request| {
            let after_request_id = request.after_request_id.clone()?;
            Some(Change::Unlinked { request_id: request.request_id.clone(), after_request_id })
        })
    }

    /// Companions could go elsewhere then, so that this is always planned anew.
    pub(super) fn booked_apart(&self, search: &mut Search<'_>) -> Option<Change> {
        self.prepared.requests[search.index.index()].visit?;
        let change = Change::BookedApart { request_id: search.id.to_owned() };
        self.does(search, &change).then_some(change)
    }

    /// What would place the request that this one comes after.
    pub(super) fn with_before(&self, search: &mut Search<'_>) -> Option<Change> {
        let Link::After { other, .. } = self.prepared.requests[search.index.index()].link else {
            return None;
        };
        if self.placed[other.index()].is_some() {
            return None;
        }
        let change = self.change(other)?;
        self.does(search, &change).then_some(change)
    }
}
