//! The hard rules of SPEC section 4 for one more place in a plan of which some are left out: what the priority
//! guarantee asks again and again.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::asks::Asks;
use super::book::Book;
use super::calls::{caller, calling_days};
use super::links;
use super::occupancy::{capacity, collide};
use super::patients::clash;
use super::place::Place;
use super::reserve::{Pool, Reserves, taken};
use super::view::{View, days_of};
use super::visits;
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx, SlotIdx};

/// What the rules allow before anybody is placed.
pub(super) struct Limits {
    book: Book,
    reserves: Reserves,
    calling_days: Vec<u64>,
}

impl Limits {
    pub fn new(view: &View) -> Self {
        Self { book: Book::new(view), reserves: Reserves::new(view), calling_days: calling_days(view) }
    }
}

/// Who is placed where, and what that uses up.
pub(super) struct Ledger<'v, 'a> {
    view: &'v View<'a>,
    asks: &'v Asks<'a>,
    limits: &'v Limits,
    places: Vec<Option<Place>>,
    in_slot: Vec<u32>,
    in_session: Vec<u64>,
    on_day: BTreeMap<(ClinicianIdx, NaiveDate), u64>,
    at_work: BTreeMap<(ClinicianIdx, NaiveDate), Vec<usize>>,
    of_patient: BTreeMap<usize, Vec<usize>>,
    in_pool: BTreeMap<Pool, i64>,
    /// By site: how many must be called for an appointment on or before each plannable date.
    called_by: BTreeMap<SiteIdx, Vec<u64>>,
}

impl<'v, 'a> Ledger<'v, 'a> {
    pub fn new(view: &'v View<'a>, asks: &'v Asks<'a>, limits: &'v Limits) -> Self {
        Self {
            view,
            asks,
            limits,
            places: vec![None; asks.all.len()],
            in_slot: vec![0; view.case.slots.len()],
            in_session: vec![0; view.case.sessions.len()],
            on_day: BTreeMap::new(),
            at_work: BTreeMap::new(),
            of_patient: BTreeMap::new(),
            in_pool: BTreeMap::new(),
            called_by: BTreeMap::new(),
        }
    }

    pub fn place_of(&self, ask: usize) -> Option<&Place> {
        self.places[ask].as_ref()
    }

    fn clinician(&self, session: SessionIdx) -> ClinicianIdx {
        self.view.session(session).clinician
    }

    /// Puts a request that has no place yet here, whether or not the rules allow it.
    pub fn add(&mut self, ask: usize, place: &Place) {
        self.places[ask] = Some(place.clone());
        for slot in &place.slots {
            self.in_slot[slot.index()] += 1;
        }
        let clinician = self.clinician(place.session);
        self.in_session[place.session.index()] += 1;
        *self.on_day.entry((clinician, place.date())).or_insert(0) += 1;
        for date in days_of(place.start, place.slots_end) {
            self.at_work.entry((clinician, date)).or_default().push(ask);
        }
        self.of_patient.entry(self.asks.all[ask].patient).or_default().push(ask);
        self.use_shared(ask, place, 1);
    }

    /// Takes a request out of its place, where it has one.
    pub fn remove(&mut self, ask: usize) {
        let Some(place) = self.places[ask].take() else { return };
        for slot in &place.slots {
            self.in_slot[slot.index()] -= 1;
        }
        let clinician = self.clinician(place.session);
        self.in_session[place.session.index()] -= 1;
        *self.on_day.entry((clinician, place.date())).or_insert(1) -= 1;
        for date in days_of(place.start, place.slots_end) {
            self.at_work.entry((clinician, date)).or_default().retain(|other| *other != ask);
        }
        self.of_patient.entry(self.asks.all[ask].patient).or_default().retain(|other| *other != ask);
        self.use_shared(ask, &place, -1);
    }

    /// Adds to or takes from the reserve's pool and the site's calls.
    fn use_shared(&mut self, ask: usize, place: &Place, sign: i64) {
        let ask = &self.asks.all[ask];
        if let Some((pool, minutes)) = taken(self.view, ask, place) {
            *self.in_pool.entry(pool).or_insert(0) += sign * minutes;
        }
        if let Some((site, _)) = caller(self.view, ask) {
            let days = self.limits.calling_days.len();
            let counts = self.called_by.entry(site).or_insert_with(|| vec![0; days]);
            for count in counts.iter_mut().skip(day_offset(self.view, place)) {
                *count = count.saturating_add_signed(sign);
            }
        }
    }

    /// Whether these slots all have room: the cheapest question, asked first.
    pub fn has_room(&self, slots: &[SlotIdx]) -> bool {
        slots.iter().all(|&slot| self.in_slot[slot.index()] < capacity(self.view, slot))
    }

    /// Whether a request that has no place now could have this one, every rule of section 4 kept for it and for
    /// everybody who is placed.
    pub fn allows(&self, ask: usize, place: &Place) -> bool {
        self.fits(ask, place) && self.coheres(ask, place)
    }

    /// Rules 4.1 to 4.5 for a request that has no place now.
    pub fn fits(&self, ask: usize, place: &Place) -> bool {
        self.has_room(&place.slots)
            && self.practitioner_free(place)
            && self.within_caps(place.session, place.date())
            && self.within_reserve(ask, place)
            && self.callable(ask, place)
            && self.patient_free(ask, place)
    }

    /// Rules 4.6 and 4.7 for a request here.
    pub fn coheres(&self, ask: usize, place: &Place) -> bool {
        self.linked(ask, place) && self.in_visit(ask, place)
    }

    fn practitioner_free(&self, place: &Place) -> bool {
        let clinician = self.clinician(place.session);
        days_of(place.start, place.slots_end).all(|date| {
            let others = self.at_work.get(&(clinician, date)).into_iter().flatten();
            others.filter_map(|&other| self.place_of(other)).all(|other| {
                place.slots_end <= other.start
                    || other.slots_end <= place.start
                    || !collide(self.view, place, other)
            })
        })
    }

    /// Whether a session on a date may have one more contact.
    pub fn within_caps(&self, session: SessionIdx, date: NaiveDate) -> bool {
        let planned = self.on_day.get(&(self.clinician(session), date)).copied().unwrap_or(0);
        let of_day = self.limits.book.room_of_day(self.view, session, date);
        let of_session = self.limits.book.room_of_session(self.view, session);
        of_day.is_none_or(|room| planned < room)
            && of_session.is_none_or(|room| self.in_session[session.index()] < room)
    }

    fn within_reserve(&self, ask: usize, place: &Place) -> bool {
        taken(self.view, &self.asks.all[ask], place).is_none_or(|(pool, minutes)| {
            self.in_pool.get(&pool).copied().unwrap_or(0) + minutes <= self.limits.reserves.room(pool)
        })
    }

    fn callable(&self, ask: usize, place: &Place) -> bool {
        let Some((site, limit)) = caller(self.view, &self.asks.all[ask]) else { return true };
        let counts = self.called_by.get(&site);
        let days = self.limits.calling_days.iter().enumerate().skip(day_offset(self.view, place));
        days.into_iter()
            .all(|(offset, days)| counts.map_or(0, |counts| counts[offset]) < u64::from(limit) * days)
    }

    fn patient_free(&self, ask: usize, place: &Place) -> bool {
        let others = self.of_patient.get(&self.asks.all[ask].patient).into_iter().flatten();
        others.filter_map(|&other| self.place_of(other)).all(|other| !clash(self.view, place, other))
    }

    /// Rules 4.6 and 4.7 for everybody who is placed.
    pub fn all_cohere(&self) -> bool {
        let placed = self.places.iter().enumerate();
        placed
            .filter_map(|(ask, place)| Some((ask, place.as_ref()?)))
            .all(|(ask, place)| self.coheres(ask, place))
    }

    /// Its own link, and those of the ones that come after it.
    fn linked(&self, ask: usize, place: &Place) -> bool {
        let place_of = |other: usize| if other == ask { Some(place) } else { self.place_of(other) };
        links::kept(&self.asks.all[ask], place, place_of)
            && self.asks.followers[ask].iter().all(|&follower| {
                self.place_of(follower).is_none_or(|at| links::kept(&self.asks.all[follower], at, place_of))
            })
    }

    /// With all its companions, and as one visit.
    fn in_visit(&self, ask: usize, place: &Place) -> bool {
        let Some(visit) = self.asks.all[ask].visit else { return true };
        let places: Option<Vec<&Place>> = self.asks.visits[visit]
            .iter()
            .map(|&member| if member == ask { Some(place) } else { self.place_of(member) })
            .collect();
        places.is_some_and(|places| visits::broken(self.view, &places).is_none())
    }
}

fn day_offset(view: &View, place: &Place) -> usize {
    usize::try_from((place.date() - view.policy.start).num_days()).unwrap_or(0)
}
