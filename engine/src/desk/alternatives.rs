//! Other places to offer in a call, so that no two offers collide, in whatever order the calls are made and whatever
//! each patient takes.
//!
//! That holds because every offer is held back: a slot is offered to one request alone; a group slot to no more requests
//! than it has places; and of every limit (contacts, reserve, calls) the most that each request could use is set aside.
//! Two offers to one patient for different requests never clash, and neither do those of linked requests. Whoever is
//! booked in one visit with others has no alternative: a visit moves as a whole.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use super::view::{Desk, Entry};
use crate::candidates::{Context, Offer, Run, Shares, slots_of};
use crate::explain::Seat;
use crate::model::ContactRoute;
use crate::objective::{cost_of, days_late};
use crate::prepare::{Link, Planned, PlannedIdx};
use crate::solve::{Limit, Limits, Placed, offers_until};
use crate::units::{ClinicianIdx, SlotIdx};

/// Most alternatives for a request.
pub const MOST: usize = 2;

/// Days after the place proposed in which alternatives are looked for.
const DAYS_AFTER: i64 = 14;

/// Up to two alternatives for each row of the plan whose patient is spoken to, in the order of its rows.
///
/// The rows are served in the order of the calls, the most urgent first. An alternative keeps every rule of SPEC sections
/// 3 and 4 beside everything else that is proposed or offered; it is not later than the target where there is one that is
/// not, and it is on another date or in another half of the day than the places offered before it. The upper ranks (up to
/// that of the policy's `window_rank`) are offered nothing that is later against the target than the place proposed.
pub fn alternatives<'a>(desk: &Desk<'a>) -> Vec<Vec<Placed>> {
    let mut board = Board::new(desk);
    let mut shares = Shares::new(&desk.context);
    let spoken_to = |entry: &Entry<'_>| matches!(entry.route, ContactRoute::Phone | ContactRoute::Clinician);
    let of_entry = |entry: &Entry<'a>| {
        if !spoken_to(entry) || entry.planned.visit.is_some() {
            return Vec::new();
        }
        let last = desk.context.last_date.min(entry.row.start.date() + TimeDelta::days(DAYS_AFTER));
        let offers = offers_until(&desk.context, entry.planned, &mut shares, last);
        board.choose(entry, offers)
    };
    desk.entries.iter().map(of_entry).collect()
}

/// A place held for a request.
#[derive(Debug, Clone, Copy)]
struct Held {
    who: PlannedIdx,
    seat: Seat,
}

/// Everything that is proposed or offered, as if all of it were taken.
struct Board<'d, 'a> {
    context: &'d Context<'a>,
    desk: &'d Desk<'a>,
    limits: Limits,
    /// Of each limit, the most that all requests together could use.
    used: BTreeMap<Limit, i64>,
    /// By request: the most that it could use of each limit.
    most: BTreeMap<PlannedIdx, BTreeMap<Limit, i64>>,
    /// By slot: whether it is held for somebody, group slots apart.
    taken: Vec<bool>,
    /// Requests to which a group slot is offered.
    groups: BTreeMap<SlotIdx, Vec<PlannedIdx>>,
    at_work: BTreeMap<(ClinicianIdx, NaiveDate), Vec<Held>>,
    of_patient: BTreeMap<&'a str, Vec<Held>>,
    /// By request.
    offered: BTreeMap<PlannedIdx, Vec<Seat>>,
    /// Those linked after each request.
    followers: BTreeMap<PlannedIdx, Vec<PlannedIdx>>,
}

impl<'d, 'a> Board<'d, 'a> {
    fn new(desk: &'d Desk<'a>) -> Self {
        let mut board = Self {
            context: &desk.context,
            desk,
            limits: Limits::new(&desk.context),
            used: BTreeMap::new(),
            most: BTreeMap::new(),
            taken: vec![false; desk.case.slots.len()],
            groups: BTreeMap::new(),
            at_work: BTreeMap::new(),
            of_patient: BTreeMap::new(),
            offered: BTreeMap::new(),
            followers: BTreeMap::new(),
        };
        for entry in &desk.entries {
            if let Link::After { other, .. } = entry.planned.link {
                board.followers.entry(other).or_default().push(entry.index);
            }
            board.hold(entry, &entry.placed.offer, entry.placed.run);
        }
        board
    }

    /// Takes the best offers that collide with nothing, and holds them.
    fn choose(&mut self, entry: &Entry<'a>, mut offers: Vec<Offer>) -> Vec<Placed> {
        let (context, planned) = (self.context, entry.planned);
        let own = &entry.placed;
        if planned.rank <= self.desk.prepared.window_rank {
            let late = |offer: &Offer| days_late(context, planned, i64::from(offer.day));
            offers.retain(|offer| late(offer) <= late(&own.offer));
        }
        offers.sort_by_cached_key(|offer| {
            let late = days_late(context, planned, i64::from(offer.day));
            (late, cost_of(context, planned, offer), offer.day, offer.session)
        });
        let called = entry.row.call_by.unwrap_or(context.case.policy.start);
        let mut found: Vec<Placed> = Vec::new();
        let mut halves = vec![half_day(entry.row.start)];
        for offer in &offers {
            for &run in offer.runs.iter() {
                if found.len() == MOST {
                    return found;
                }
                let start = context.case.slots[run.first.index()].start;
                let too_soon = start.date() < called
                    || (start.date() == called
                        && called > context.case.policy.start
                        && start < entry.row.start);
                if run == own.run || too_soon || halves.contains(&half_day(start)) {
                    continue;
                }
                if self.is_free(entry, offer, run) {
                    self.hold(entry, offer, run);
                    halves.push(half_day(start));
                    found.push(Placed { offer: offer.clone(), run });
                }
            }
        }
        found
    }

    /// Whether a place collides with nothing that is held for anybody else.
    fn is_free(&self, entry: &Entry<'_>, offer: &Offer, run: Run) -> bool {
        let seat = Seat::new(self.context, offer, run);
        self.has_room(entry.index, run, &seat)
            && self.suits_patient(entry, &seat)
            && self.keeps_links(entry, &seat)
            && self.is_within_limits(entry, offer)
    }

    fn has_room(&self, who: PlannedIdx, run: Run, seat: &Seat) -> bool {
        if slots_of(run).any(|slot| self.taken[slot.index()]) {
            return false;
        }
        if let Some(slot) = seat.group {
            let others =
                self.groups.get(&slot).map_or(0, |all| all.iter().filter(|&&one| one != who).count());
            if others >= self.context.case.slots[slot.index()].places.unwrap_or(0) as usize {
                return false;
            }
        }
        // A slot may reach past midnight.
        let dates = [seat.date().pred_opt(), Some(seat.date()), seat.date().succ_opt()];
        let lists = dates.into_iter().flatten().filter_map(|date| self.at_work.get(&(seat.clinician, date)));
        lists.flatten().all(|held| held.who == who || !seat.collides(&held.seat))
    }

    fn suits_patient(&self, entry: &Entry<'_>, seat: &Seat) -> bool {
        let travel = TimeDelta::minutes(i64::from(self.context.case.policy.travel_minutes));
        let held = self.of_patient.get(entry.request.patient_id.as_str());
        held.into_iter().flatten().all(|held| held.who == entry.index || !seat.clashes(&held.seat, travel))
    }

    /// Whether the days between linked requests are those asked for, whatever the other one takes.
    fn keeps_links(&self, entry: &Entry<'_>, seat: &Seat) -> bool {
        let offered = |who: PlannedIdx| self.offered.get(&who).into_iter().flatten();
        if let Link::After { other, min_days, max_days } = entry.planned.link
            && !offered(other).all(|before| seat.follows(before.start, before.end, min_days, max_days))
        {
            return false;
        }
        let followers = self.followers.get(&entry.index).into_iter().flatten();
        followers.copied().all(|follower| {
            let Link::After { min_days, max_days, .. } = self.planned(follower).link else { return true };
            offered(follower).all(|after| after.follows(seat.start, seat.end, min_days, max_days))
        })
    }

    fn is_within_limits(&self, entry: &Entry<'_>, offer: &Offer) -> bool {
        let own = self.most.get(&entry.index);
        let uses = self.limits.uses(self.context, entry.planned, offer);
        uses.into_iter().all(|(limit, amount)| {
            let more = amount - own.and_then(|own| own.get(&limit)).copied().unwrap_or(0);
            let used = self.used.get(&limit).copied().unwrap_or(0);
            more <= 0 || self.limits.left(limit).is_none_or(|left| used + more <= left)
        })
    }

    /// Holds a place for a request.
    fn hold(&mut self, entry: &Entry<'a>, offer: &Offer, run: Run) {
        let who = entry.index;
        let seat = Seat::new(self.context, offer, run);
        match seat.group {
            Some(slot) => {
                let all = self.groups.entry(slot).or_default();
                if !all.contains(&who) {
                    all.push(who);
                }
            }
            None => slots_of(run).for_each(|slot| self.taken[slot.index()] = true),
        }
        self.at_work.entry((seat.clinician, seat.date())).or_default().push(Held { who, seat });
        self.of_patient.entry(&entry.request.patient_id).or_default().push(Held { who, seat });
        self.offered.entry(who).or_default().push(seat);
        let most = self.most.entry(who).or_default();
        for (limit, amount) in self.limits.uses(self.context, entry.planned, offer) {
            let own = most.entry(limit).or_default();
            if amount > *own {
                *self.used.entry(limit).or_default() += amount - *own;
                *own = amount;
            }
        }
    }

    fn planned(&self, who: PlannedIdx) -> &'a Planned {
        &self.desk.prepared.requests[who.index()]
    }
}

/// A date, and whether it is after noon: alternatives differ in it.
fn half_day(start: NaiveDateTime) -> (NaiveDate, bool) {
    (start.date(), start.hour() >= 12)
}
