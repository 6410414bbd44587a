//! The sittings of an area with what is left of their slots, by date: most of what cannot be had is seen here at once.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use crate::candidates::{Context, Run, Sitting};
use crate::lookup::Lookup;
use crate::model::Slot;
use crate::prepare::{Planned, Prepared};
use crate::units::{SessionIdx, SiteIdx};

/// A sitting with what is left of it.
pub(super) struct Room {
    /// Which.
    pub sitting: Sitting,
    /// Places left of each of its slots.
    places: Vec<u32>,
    /// Slots that have places left.
    free: usize,
    /// Whether a limit on all that is placed in it has been reached: nothing ever gives it back.
    closed: bool,
}

impl Room {
    fn new(context: &Context<'_>, sitting: Sitting) -> Self {
        let slots = &context.case.slots[sitting.slots()];
        let places: Vec<u32> = slots.iter().map(Slot::places_free).collect();
        let free = places.iter().filter(|&&left| left > 0).count();
        Self { sitting, places, free, closed: false }
    }

    fn of(&self, run: Run) -> Range<usize> {
        let first = run.first.index() - self.sitting.slots().start;
        first..first + run.count as usize
    }

    /// Whether nobody more has a place in it.
    pub fn is_full(&self) -> bool {
        self.closed || self.free == 0
    }

    /// Whether every slot of a run has a place left.
    pub fn has(&self, run: Run) -> bool {
        self.places[self.of(run)].iter().all(|&left| left > 0)
    }

    fn take(&mut self, run: Run) {
        for at in self.of(run) {
            self.places[at] = self.places[at].saturating_sub(1);
            self.free -= usize::from(self.places[at] == 0);
        }
    }
}

/// The sittings that the requests of an area could go to.
pub(super) struct Rooms {
    all: Vec<Room>,
    at: Lookup<(SessionIdx, NaiveDate), usize>,
    /// By the patients' own site, then by day from the plan's start.
    reach: BTreeMap<SiteIdx, Vec<Vec<usize>>>,
}

impl Rooms {
    /// Those of these requests.
    pub fn new(context: &Context<'_>, prepared: &Prepared) -> Self {
        let mut rooms = Self { all: Vec::new(), at: Lookup::default(), reach: BTreeMap::new() };
        for planned in &prepared.requests {
            if rooms.reach.contains_key(&planned.site) {
                continue;
            }
            let mut by_day = vec![Vec::new(); context.case.policy.horizon_days as usize];
            for sitting in context.open_sittings_for(planned) {
                let next = rooms.all.len();
                let at = *rooms.at.get_or_insert_with((sitting.session, sitting.date), || next);
                if at == next {
                    rooms.all.push(Room::new(context, *sitting));
                }
                by_day[context.day_of(sitting) as usize].push(at);
            }
            rooms.reach.insert(planned.site, by_day);
        }
        rooms
    }

    /// Where a request could go on a day, by the site alone.
    pub fn on(&self, planned: &Planned, day: usize) -> &[usize] {
        self.reach.get(&planned.site).and_then(|days| days.get(day)).map_or(&[], Vec::as_slice)
    }

    /// A room by its number.
    pub fn room(&self, at: usize) -> &Room {
        &self.all[at]
    }

    /// Says that nobody more has a place in a room.
    pub fn close(&mut self, at: usize) {
        self.all[at].closed = true;
    }

    /// Takes the slots of a run.
    pub fn take(&mut self, context: &Context<'_>, run: Run) {
        let first = &context.case.slots[run.first.index()];
        if let Some(&at) = self.at.get(&(first.session, first.start.date())) {
            self.all[at].take(run);
        }
    }
}
