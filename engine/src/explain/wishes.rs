//! Changes of what a request asks for: what the patient can be asked, and what a clinician must allow.

use super::Explainer;
use super::change::Change;
use super::hold::Obstacle;
use super::ledger::Seat;
use super::phrase::part_of_day;
use super::search::Search;
use crate::calendar::{Availability, DateSet};
use crate::model::{ContactRoute, Continuity, DeliveryChannel, GenderWish, Request};
use crate::prepare::{Link, PlannedIdx};
use crate::solve::Limit;

/// Ways that are looked at for the interval nearest to the one asked for.
const WAYS: usize = 8;

impl Explainer<'_, '_> {
    pub(super) fn other_dates(&self, search: &mut Search<'_>) -> Option<Change> {
        self.relax(
            search,
            |request| !request.unavailable_dates.is_empty(),
            |request| request.unavailable_dates = DateSet::default(),
            |request, seat| {
                let (request_id, date) = (request.request_id.clone(), seat.date());
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
            |request, seat| {
                let (weekday, from, to) = part_of_day(seat.start, seat.end);
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
            |request, seat| {
                let (request_id, latest_date) = (request.request_id.clone(), seat.date());
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
            |request, seat| {
                let (request_id, earliest_date) = (request.request_id.clone(), seat.date());
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
        let interval = |request: &Request, seat: &Seat| {
            let days = (seat.date() - before).num_days().max(0) as u32;
            (request.after_min_days.min(days), request.after_max_days.max(days))
        };
        let index = search.index;
        let row = self.context.request(planned);
        let mut free = row.clone();
        (free.after_min_days, free.after_max_days) = (0, u32::MAX);
        let narrowest = self.with_row((index, index), &free, |changed| {
            let seats = changed.better_ways(index, &mut search.looks).into_iter().take(WAYS);
            let intervals = seats.filter_map(|way| Some(interval(row, &changed.seat_in(&way.moves, index)?)));
            intervals.min_by_key(|(least, most)| (row.after_min_days - least) + (most - row.after_max_days))
        });
        let (after_min_days, after_max_days) = narrowest.flatten()?;
        if (after_min_days, after_max_days) == (row.after_min_days, row.after_max_days) {
            return None;
        }
        let request_id = row.request_id.clone();
        let after_request_id = row.after_request_id.clone()?;
        let change = Change::OtherInterval { request_id, after_request_id, after_min_days, after_max_days };
        self.asking_does(search, (index, &change), &[]).then_some(change)
    }

    pub(super) fn unlinked(&self, search: &mut Search<'_>) -> Option<Change> {
        self.ask(search, |_, request| {
            let after_request_id = request.after_request_id.clone()?;
            Some(Change::Unlinked { request_id: request.request_id.clone(), after_request_id })
        })
    }

    /// Companions could go elsewhere then, on their own.
    pub(super) fn booked_apart(&self, search: &mut Search<'_>) -> Option<Change> {
        self.prepared.requests[search.index.index()].visit?;
        let rest: Vec<PlannedIdx> =
            self.job(search.index).into_iter().filter(|&member| member != search.index).collect();
        // The rest is one job, or one request.
        let also = &rest[..1];
        let change = Change::BookedApart { request_id: self.id(search.index).to_owned() };
        self.asking_does(search, (search.index, &change), also).then_some(change)
    }

    /// What would place the request that this one comes after.
    pub(super) fn with_before(&self, search: &mut Search<'_>) -> Option<Change> {
        let Link::After { other, .. } = self.prepared.requests[search.index.index()].link else {
            return None;
        };
        if self.placed[other.index()].is_some() {
            return None;
        }
        let change = self.proven_change(other, search.hurry)?;
        let owner =
            self.job(other).into_iter().find(|&member| change.request_id() == Some(self.id(member)))?;
        let mut also = vec![other];
        if matches!(change, Change::BookedApart { .. }) {
            // The rest of that visit is free to go elsewhere as well.
            also.extend(self.job(other).into_iter().find(|&member| member != other));
        }
        self.asking_does(search, (owner, &change), &also).then_some(change)
    }
}
