//! SPEC 4.3: the part of each day's open free minutes that is kept for new demand.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::asks::{Ask, Asks};
use super::findings::Findings;
use super::place::Place;
use super::rule::Rule;
use super::view::View;
use crate::model::SlotStatus;
use crate::units::{SessionIdx, SiteIdx, SlotIdx};

/// Site, position in the policy's reserves, date.
pub(super) type Pool = (SiteIdx, usize, NaiveDate);

/// What each pool allows.
pub(super) struct Reserves {
    rooms: BTreeMap<Pool, i64>,
}

impl Reserves {
    pub fn new(view: &View) -> Self {
        let mut base: BTreeMap<Pool, i64> = BTreeMap::new();
        let mut used: BTreeMap<Pool, i64> = BTreeMap::new();
        for index in 0..view.case.slots.len() {
            let slot = SlotIdx::from(index);
            if let (true, Some(pool)) = (counts_in_base(view, slot), pool_of(view, slot)) {
                let places = i64::from(view.slot(slot).places.unwrap_or(1));
                *base.entry(pool).or_insert(0) += i64::from(view.slot(slot).duration_minutes) * places;
            }
        }
        for slot in booked_since(view) {
            if let (None, Some(pool)) = (&view.slot(slot).reserved_for, pool_of(view, slot)) {
                let minutes = i64::from(view.slot(slot).duration_minutes);
                *base.entry(pool).or_insert(0) += minutes;
                *used.entry(pool).or_insert(0) += minutes;
            }
        }
        let mut rooms = BTreeMap::new();
        for (pool, base) in base {
            let share = Decimal::ONE - view.policy.reserves[pool.1].fraction;
            let allowed = (share * Decimal::from(base)).floor().to_i64().unwrap_or(0);
            rooms.insert(pool, (allowed - used.get(&pool).copied().unwrap_or(0)).max(0));
        }
        Self { rooms }
    }

    /// Minutes that not urgent requests may still take.
    pub fn room(&self, pool: Pool) -> i64 {
        self.rooms.get(&pool).copied().unwrap_or(0)
    }
}

/// The pool that the slots of a session on a date belong to; `None` where the role has no reserve.
fn pool(view: &View, session: SessionIdx, date: NaiveDate) -> Option<Pool> {
    let role = &view.clinician_of(session).role;
    let reserve = view.policy.reserves.iter().position(|reserve| reserve.role == *role)?;
    Some((view.session(session).site, reserve, date))
}

fn pool_of(view: &View, slot: SlotIdx) -> Option<Pool> {
    pool(view, view.slot(slot).session, view.slot(slot).start.date())
}

/// Open, free, not before the book was read, and on a date and in a session where planning is possible at all.
fn counts_in_base(view: &View, index: SlotIdx) -> bool {
    let slot = view.slot(index);
    let session = view.session(slot.session);
    let date = slot.start.date();
    slot.status == SlotStatus::Free
        && slot.reserved_for.is_none()
        && slot.start >= view.policy.as_of
        && (view.policy.start..=view.last_date).contains(&date)
        && !view.clinician_of(slot.session).leave.contains(date)
        && !view.site_of(slot.session).closed_dates.contains(date)
        && (session.additional || !view.working_days.is_bank_holiday(date))
        && (view.case.use_additional || !session.additional)
}

/// The slots of rows of the previous plan that are all busy now, whoever is in them.
fn booked_since(view: &View) -> Vec<SlotIdx> {
    let mut booked = Vec::new();
    for row in view.case.previous.iter().flat_map(|files| &files.plan) {
        let slots: Option<Vec<SlotIdx>> = row.slot_ids.iter().map(|id| view.slot_by_id(id)).collect();
        let slots = slots.unwrap_or_default();
        if slots.iter().all(|&slot| view.slot(slot).status.is_taken()) {
            booked.extend(slots);
        }
    }
    booked
}

/// The minutes that a place takes from its pool: those of its open slots, unless the request is urgent.
pub(super) fn taken(view: &View, ask: &Ask, place: &Place) -> Option<(Pool, i64)> {
    let pool = pool(view, place.session, place.date())?;
    let open = place.slots.iter().map(|&slot| view.slot(slot)).filter(|slot| slot.reserved_for.is_none());
    let minutes: i64 = open.map(|slot| i64::from(slot.duration_minutes)).sum();
    (!ask.tier.urgent && minutes > 0).then_some((pool, minutes))
}

/// Checks the whole plan.
pub(super) fn check(view: &View, asks: &Asks, places: &[Option<Place>], out: &mut Findings) {
    let reserves = Reserves::new(view);
    let mut used: BTreeMap<Pool, (i64, Vec<&str>)> = BTreeMap::new();
    for (ask, place) in asks.all.iter().zip(places) {
        let Some((pool, minutes)) = place.as_ref().and_then(|place| taken(view, ask, place)) else {
            continue;
        };
        let entry = used.entry(pool).or_default();
        entry.0 += minutes;
        entry.1.push(ask.id());
    }
    for (pool, (minutes, ids)) in used {
        let room = reserves.room(pool);
        if minutes > room {
            let (site, role) = (&view.site(pool.0).site_id, &view.policy.reserves[pool.1].role);
            let message = format!(
                "{role} at {site} on {}: {minutes} minutes planned, {room} allowed beside the reserve",
                pool.2
            );
            out.add(Rule::Reserve, message, ids);
        }
    }
}
