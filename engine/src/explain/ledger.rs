//! A plan as a ledger of starts: who is seen when and by whom, and what is left of every limit.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use crate::candidates::{Context, Offer, Run};
use crate::model::DeliveryChannel;
use crate::prepare::{Link, Planned, PlannedIdx, Prepared};
use crate::solve::{Limit, Limits, Placed};
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx, SlotIdx};

/// One appointment: what the rules of SPEC section 4 ask about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    /// In which session.
    pub session: SessionIdx,
    /// Whose.
    pub clinician: ClinicianIdx,
    /// Where.
    pub site: SiteIdx,
    /// Whether the patient comes to the site.
    pub in_person: bool,
    /// Start of the appointment and of its first slot.
    pub start: NaiveDateTime,
    /// End of the appointment.
    pub end: NaiveDateTime,
    /// End of its last slot.
    pub slots_end: NaiveDateTime,
    /// The group slot that it shares with others, where it is one.
    pub group: Option<SlotIdx>,
}

impl Seat {
    /// The seat that an offer's run is.
    pub fn new(context: &Context<'_>, offer: &Offer, run: Run) -> Self {
        let case = context.case;
        let first = &case.slots[run.first.index()];
        let last = &case.slots[(run.first.0 + run.count.max(1) - 1) as usize];
        let session = &case.sessions[offer.session.index()];
        Self {
            session: offer.session,
            clinician: session.clinician,
            site: session.site,
            in_person: offer.channel == DeliveryChannel::InPerson,
            start: first.start,
            end: first.start + TimeDelta::minutes(i64::from(offer.needed)),
            slots_end: last.end(),
            group: first.places.map(|_| run.first),
        }
    }

    /// Date of the appointment.
    pub fn date(&self) -> NaiveDate {
        self.start.date()
    }

    /// Whether both share one group slot.
    pub fn shares(&self, other: &Self) -> bool {
        self.group.is_some() && self.group == other.group
    }

    /// Whether one practitioner would have to be in both at once (rule 4.1).
    pub fn collides(&self, other: &Self) -> bool {
        self.clinician == other.clinician
            && !self.shares(other)
            && self.start < other.slots_end
            && other.start < self.slots_end
    }

    /// Whether one patient could not keep both (rule 4.5).
    pub fn clashes(&self, other: &Self, travel: TimeDelta) -> bool {
        let apart = self.in_person && other.in_person && self.site != other.site;
        let gap = if apart { travel } else { TimeDelta::zero() };
        self.start < other.end + gap && other.start < self.end + gap
    }

    /// Whether this one comes after that one by the days asked for (rule 4.6).
    pub fn follows(&self, before: NaiveDateTime, ended: NaiveDateTime, min_days: u32, max_days: u32) -> bool {
        let days = (self.date() - before.date()).num_days();
        (i64::from(min_days)..=i64::from(max_days)).contains(&days) && (days != 0 || ended <= self.start)
    }
}

/// Who is where in a plan.
#[derive(Debug, Clone)]
pub(crate) struct Ledger<'a> {
    /// By planned request.
    pub seats: Vec<Option<Seat>>,
    /// What the limits leave before anybody is placed.
    pub limits: Arc<Limits>,
    /// Those linked after each request.
    pub followers: Vec<Vec<PlannedIdx>>,
    at_work: BTreeMap<(ClinicianIdx, NaiveDate), Vec<PlannedIdx>>,
    of_patient: BTreeMap<&'a str, Vec<PlannedIdx>>,
    in_group: BTreeMap<SlotIdx, Vec<PlannedIdx>>,
    users: BTreeMap<Limit, Users>,
}

/// Those who use a limit, each with how much, and how much they use together.
#[derive(Debug, Clone, Default)]
struct Users {
    each: Vec<(PlannedIdx, i64)>,
    sum: i64,
}

impl<'a> Ledger<'a> {
    /// The ledger of a plan.
    pub fn new(
        context: &Context<'a>,
        prepared: &Prepared,
        placed: &[Option<Placed>],
        limits: Arc<Limits>,
    ) -> Self {
        let mut ledger = Self {
            seats: vec![None; placed.len()],
            limits,
            followers: vec![Vec::new(); placed.len()],
            at_work: BTreeMap::new(),
            of_patient: BTreeMap::new(),
            in_group: BTreeMap::new(),
            users: BTreeMap::new(),
        };
        for (index, planned) in prepared.iter() {
            if let Link::After { other, .. } = planned.link {
                ledger.followers[other.index()].push(index);
            }
            if let Some(placed) = &placed[index.index()] {
                ledger.add(context, planned, index, &placed.offer, placed.run);
            }
        }
        ledger
    }

    /// Puts a request into a run.
    pub fn add(
        &mut self,
        context: &Context<'a>,
        planned: &Planned,
        index: PlannedIdx,
        offer: &Offer,
        run: Run,
    ) {
        let seat = Seat::new(context, offer, run);
        self.seats[index.index()] = Some(seat);
        self.at_work.entry((seat.clinician, seat.date())).or_default().push(index);
        self.of_patient.entry(&context.request(planned).patient_id).or_default().push(index);
        if let Some(slot) = seat.group {
            self.in_group.entry(slot).or_default().push(index);
        }
        for (limit, amount) in self.limits.uses(context, planned, offer) {
            let users = self.users.entry(limit).or_default();
            users.each.push((index, amount));
            users.sum += amount;
        }
    }

    /// Takes a request out of the run that it was put into by this offer; nothing where it has no place.
    pub fn remove(&mut self, context: &Context<'_>, planned: &Planned, index: PlannedIdx, offer: &Offer) {
        let Some(seat) = self.seats[index.index()].take() else { return };
        let others = |all: Option<&mut Vec<PlannedIdx>>| {
            if let Some(all) = all {
                all.retain(|&other| other != index);
            }
        };
        others(self.at_work.get_mut(&(seat.clinician, seat.date())));
        others(self.of_patient.get_mut(context.request(planned).patient_id.as_str()));
        others(seat.group.and_then(|slot| self.in_group.get_mut(&slot)));
        for (limit, _) in self.limits.uses(context, planned, offer) {
            if let Some(users) = self.users.get_mut(&limit) {
                users.each.retain(|(other, _)| *other != index);
                users.sum = users.each.iter().map(|(_, amount)| amount).sum();
            }
        }
    }

    /// The seat of a request, where it has one.
    pub fn seat(&self, index: PlannedIdx) -> Option<&Seat> {
        self.seats[index.index()].as_ref()
    }

    /// Those whom the practitioner of a seat sees on its dates, and on the day before: a slot may reach past midnight.
    pub fn at_work_around(&self, seat: Seat) -> impl Iterator<Item = (PlannedIdx, &Seat)> {
        let (clinician, date, last) = (seat.clinician, seat.date(), seat.slots_end.date());
        let dates = [Some(date - Days::new(1)), Some(date), (last != date).then_some(last)];
        let lists = dates.into_iter().flatten().filter_map(move |date| self.at_work.get(&(clinician, date)));
        lists.flatten().filter_map(|&other| Some((other, self.seat(other)?)))
    }

    /// Those whom a practitioner sees at the same time as this seat would take, group slots shared apart.
    pub fn colliding(&self, seat: Seat) -> impl Iterator<Item = PlannedIdx> {
        let found = self.at_work_around(seat).filter(move |(_, other)| seat.collides(other));
        found.map(|(other, _)| other)
    }

    /// Those in a group slot.
    pub fn in_group(&self, slot: SlotIdx) -> &[PlannedIdx] {
        self.in_group.get(&slot).map_or(&[], Vec::as_slice)
    }

    /// The placed requests of a patient.
    pub fn of_patient(&self, patient_id: &str) -> &[PlannedIdx] {
        self.of_patient.get(patient_id).map_or(&[], Vec::as_slice)
    }

    /// Who uses a limit, and how much of it.
    pub fn users(&self, limit: Limit) -> &[(PlannedIdx, i64)] {
        self.users.get(&limit).map_or(&[], |users| users.each.as_slice())
    }

    /// The first limit that has no room left for an offer.
    #[cfg(feature = "desk")]
    pub fn full(&self, context: &Context<'_>, planned: &Planned, offer: &Offer) -> Option<Limit> {
        let lacks = |&(limit, amount): &(Limit, i64)| {
            self.limits.left(limit).is_some_and(|left| amount > left - self.used(limit))
        };
        self.limits.uses(context, planned, offer).into_iter().find(lacks).map(|(limit, _)| limit)
    }

    /// How much of a limit is used.
    pub fn used(&self, limit: Limit) -> i64 {
        self.users.get(&limit).map_or(0, |users| users.sum)
    }
}
