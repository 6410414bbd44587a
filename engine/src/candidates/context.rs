//! What the rules look up: the book indexed by session, patient, practitioner and site.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use super::is_plannable;
use super::run::Run;
use crate::calendar::WorkingDays;
use crate::lookup::Lookup;
use crate::model::{Case, Clinician, Request, Session, Slot, SlotStatus};
use crate::prepare::Planned;
use crate::units::{CareTypeIdx, ClinicianIdx, RequestIdx, SessionIdx, SiteIdx};

/// Something in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    /// Local time.
    pub start: NaiveDateTime,
    /// Local time.
    pub end: NaiveDateTime,
    /// In which session.
    pub session: SessionIdx,
    /// Where.
    pub site: SiteIdx,
}

/// A session on one date: what its slots of that date offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    /// Of this session.
    pub session: SessionIdx,
    /// The slots' own date; that of the session but for slots outside its hours.
    pub date: NaiveDate,
    first: u32,
    end: u32,
    /// Whether it keeps the rules that ask nothing of a request.
    plannable: bool,
    /// And has a free slot.
    open: bool,
    /// Whether the book has its practitioner in another session on that date.
    busy_elsewhere: bool,
}

impl Sitting {
    /// Positions of its slots in `case.slots`.
    pub fn slots(&self) -> Range<usize> {
        self.first as usize..self.end as usize
    }

    /// Whether it keeps the rules about dates and additional sessions that ask nothing of a request.
    pub(crate) fn is_plannable(&self) -> bool {
        self.plannable
    }

    /// Whether somebody could have a place in it, as far as it does not depend on the request.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether the book has its practitioner in another session on that date.
    pub(super) fn is_busy_elsewhere(&self) -> bool {
        self.busy_elsewhere
    }
}

/// What the rules that ask nothing of a request look up.
#[derive(Clone, Copy)]
pub(super) struct Book<'a> {
    pub case: &'a Case,
    pub working_days: &'a WorkingDays,
    pub last_date: NaiveDate,
}

impl<'a> Book<'a> {
    /// The session of a sitting.
    pub fn session(&self, sitting: &Sitting) -> &'a Session {
        &self.case.sessions[sitting.session.index()]
    }
}

/// A case with its indexes.
#[derive(Debug)]
pub struct Context<'a> {
    /// The case.
    pub case: &'a Case,
    /// The policy's calendar.
    pub working_days: WorkingDays,
    /// The last plannable date.
    pub last_date: NaiveDate,
    index: Arc<Index<'a>>,
    /// A row of requests that is looked at in another form than the case has it.
    changed: Option<(RequestIdx, &'a Request)>,
}

/// The book, indexed.
#[derive(Debug)]
struct Index<'a> {
    sittings: Vec<Sitting>,
    /// Patients of requests, numbered.
    numbers: Lookup<&'a str, u32>,
    /// By row of requests.
    of_request: Vec<u32>,
    /// By patient.
    bookings: Vec<Vec<Booking>>,
    /// Of practitioners who have more than one sitting on a date.
    practitioners: Lookup<(ClinicianIdx, NaiveDate), Vec<Booking>>,
    roles: Vec<Option<u32>>,
    reachable: Vec<Vec<u32>>,
    serves: Vec<Vec<SiteIdx>>,
}

impl<'a> Context<'a> {
    /// Indexes a case.
    pub fn new(case: &'a Case) -> Self {
        let working_days = case.policy.working_days();
        let last_date = case.policy.last_date();
        let mut sittings = sittings(case);
        let practitioners = practitioners(case, &mut sittings);
        for sitting in &mut sittings {
            let free = |slot: &Slot| slot.status == SlotStatus::Free;
            let book = Book { case, working_days: &working_days, last_date };
            sitting.plannable = is_plannable(&book, sitting);
            sitting.open = sitting.plannable && case.slots[sitting.slots()].iter().any(free);
        }
        let roles = case
            .policy
            .care_types
            .iter()
            .flat_map(|care_type| {
                case.clinicians.iter().map(|clinician| {
                    care_type.roles.iter().position(|role| *role == clinician.role).map(|at| at as u32)
                })
            })
            .collect();
        let serves = serving_sites(case);
        let reachable = reachable_sittings(case, &serves, &sittings);
        let Patients { numbers, of_request, bookings } = patients(case);
        let index =
            Index { sittings, numbers, of_request, bookings, practitioners, roles, reachable, serves };
        Self { case, working_days, last_date, index: Arc::new(index), changed: None }
    }

    /// The same case with one row of requests in another form, of the same patient and site; the index is shared.
    pub(crate) fn with_request<'b>(&'b self, row: RequestIdx, request: &'b Request) -> Context<'b> {
        Context {
            case: self.case,
            working_days: self.working_days.clone(),
            last_date: self.last_date,
            index: Arc::<Index<'a>>::clone(&self.index),
            changed: Some((row, request)),
        }
    }

    pub(super) fn book(&self) -> Book<'_> {
        Book { case: self.case, working_days: &self.working_days, last_date: self.last_date }
    }

    /// The row of a planned request.
    pub fn request(&self, planned: &Planned) -> &'a Request {
        match self.changed {
            Some((row, request)) if row == planned.request => request,
            _ => &self.case.requests[planned.request.index()],
        }
    }

    /// The session of a sitting.
    pub fn session(&self, sitting: &Sitting) -> &'a Session {
        &self.case.sessions[sitting.session.index()]
    }

    /// The practitioner of a sitting.
    pub fn clinician(&self, sitting: &Sitting) -> &'a Clinician {
        &self.case.clinicians[self.session(sitting).clinician.index()]
    }

    /// Days from the plan's start to the date of a sitting; 0 for a date before it.
    pub fn day_of(&self, sitting: &Sitting) -> u32 {
        (sitting.date - self.case.policy.start).num_days().max(0) as u32
    }

    /// Every sitting, ascending by session and date.
    pub fn sittings(&self) -> &[Sitting] {
        &self.index.sittings
    }

    /// The sitting that has the slots of a run.
    pub fn sitting_of(&self, run: Run) -> Option<&Sitting> {
        let at = self.index.sittings.partition_point(|sitting| sitting.end <= run.first.0);
        self.index.sittings.get(at)
    }

    /// The practitioner's position in the care type's list of roles; none = may not do it.
    pub fn role_position(&self, care_type: CareTypeIdx, clinician: ClinicianIdx) -> Option<u32> {
        self.index.roles[care_type.index() * self.case.clinicians.len() + clinician.index()]
    }

    /// Whether a session at `site` may serve patients of `home`.
    pub fn serves(&self, site: SiteIdx, home: SiteIdx) -> bool {
        self.index.serves[home.index()].binary_search(&site).is_ok()
    }

    /// The sites whose sessions may serve patients of `home`, ascending.
    pub fn sites_for(&self, home: SiteIdx) -> &[SiteIdx] {
        &self.index.serves[home.index()]
    }

    /// The sittings at sites that may serve the patient, ascending.
    pub fn sittings_for(&self, planned: &Planned) -> impl Iterator<Item = &Sitting> {
        self.index.reachable[planned.site.index()].iter().map(|&index| &self.index.sittings[index as usize])
    }

    /// Those of them where somebody could have a place, as far as it does not depend on the request: the others fail
    /// a rule about dates, or have nothing free.
    pub(crate) fn open_sittings_for(&self, planned: &Planned) -> impl Iterator<Item = &Sitting> {
        self.sittings_for(planned).filter(|sitting| sitting.open)
    }

    /// What the book already holds for the patient of a request.
    pub fn patient_bookings(&self, patient_id: &str) -> &[Booking] {
        self.index.numbers.get(patient_id).map_or(&[], |&number| &self.index.bookings[number as usize])
    }

    /// The same by the request.
    pub(super) fn bookings_of(&self, planned: &Planned) -> &[Booking] {
        &self.index.bookings[self.index.of_request[planned.request.index()] as usize]
    }

    /// What the book already holds for a practitioner on a date on which there is more than one sitting.
    pub(super) fn practitioner_bookings(&self, clinician: ClinicianIdx, date: NaiveDate) -> &[Booking] {
        self.index.practitioners.get(&(clinician, date)).map_or(&[], Vec::as_slice)
    }
}

/// The sittings of the book, ascending by session and date.
fn sittings(case: &Case) -> Vec<Sitting> {
    let mut found: Vec<Sitting> = Vec::new();
    for (index, slot) in case.slots.iter().enumerate() {
        let (at, date) = (index as u32, slot.start.date());
        match found.last_mut() {
            Some(last) if last.session == slot.session && last.date == date => last.end = at + 1,
            _ => {
                let (session, first, end) = (slot.session, at, at + 1);
                found.push(Sitting {
                    session,
                    date,
                    first,
                    end,
                    plannable: false,
                    open: false,
                    busy_elsewhere: false,
                });
            }
        }
    }
    found
}

fn booking(case: &Case, slot: &Slot) -> Booking {
    let site = case.sessions[slot.session.index()].site;
    Booking { start: slot.start, end: slot.end(), session: slot.session, site }
}

/// What the book holds for practitioners who have more than one sitting on a date, noted at these sittings.
fn practitioners(case: &Case, sittings: &mut [Sitting]) -> Lookup<(ClinicianIdx, NaiveDate), Vec<Booking>> {
    let key = |sitting: &Sitting| (case.sessions[sitting.session.index()].clinician, sitting.date);
    let mut order: Vec<((ClinicianIdx, NaiveDate), u32)> =
        sittings.iter().enumerate().map(|(at, sitting)| (key(sitting), at as u32)).collect();
    order.sort_unstable();
    let mut found = Lookup::default();
    for of_day in order.chunk_by(|a, b| a.0 == b.0).filter(|of_day| of_day.len() > 1) {
        let slots = of_day.iter().flat_map(|&(_, at)| &case.slots[sittings[at as usize].slots()]);
        let taken: Vec<Booking> =
            slots.filter(|slot| slot.status.is_taken()).map(|slot| booking(case, slot)).collect();
        for &(_, at) in of_day {
            let own = sittings[at as usize].session;
            sittings[at as usize].busy_elsewhere = taken.iter().any(|booking| booking.session != own);
        }
        if !taken.is_empty() {
            found.insert(of_day[0].0, taken);
        }
    }
    found
}

/// Patients of requests, and what the book holds for them.
struct Patients<'a> {
    numbers: Lookup<&'a str, u32>,
    of_request: Vec<u32>,
    bookings: Vec<Vec<Booking>>,
}

fn patients(case: &Case) -> Patients<'_> {
    let mut numbers: Lookup<&str, u32> = Lookup::with_capacity(case.requests.len());
    let of_request = case
        .requests
        .iter()
        .map(|request| {
            let next = numbers.len() as u32;
            *numbers.get_or_insert_with(request.patient_id.as_str(), || next)
        })
        .collect();
    let mut bookings = vec![Vec::new(); numbers.len()];
    for slot in case.slots.iter().filter(|slot| slot.status.is_taken()) {
        if let Some(&number) = slot.patient_id.as_deref().and_then(|id| numbers.get(id)) {
            bookings[number as usize].push(booking(case, slot));
        }
    }
    Patients { numbers, of_request, bookings }
}

/// For each site, the sites whose sessions may serve its patients, ascending: itself, those of the same practice,
/// and hubs that serve it.
fn serving_sites(case: &Case) -> Vec<Vec<SiteIdx>> {
    let mut by_practice: BTreeMap<&str, Vec<SiteIdx>> = BTreeMap::new();
    let mut by_pcn: BTreeMap<&str, Vec<SiteIdx>> = BTreeMap::new();
    let mut by_id: BTreeMap<&str, SiteIdx> = BTreeMap::new();
    for (index, site) in case.sites.iter().enumerate() {
        let index = SiteIdx::from(index);
        by_id.insert(&site.site_id, index);
        if let Some(practice) = site.practice.as_deref().filter(|practice| !practice.is_empty()) {
            by_practice.entry(practice).or_default().push(index);
        }
        if let Some(pcn) = site.pcn.as_deref().filter(|pcn| !pcn.is_empty()) {
            by_pcn.entry(pcn).or_default().push(index);
        }
    }
    let mut serves: Vec<Vec<SiteIdx>> =
        (0..case.sites.len()).map(|index| vec![SiteIdx::from(index)]).collect();
    for (index, site) in case.sites.iter().enumerate() {
        if let Some(practice) = site.practice.as_deref() {
            serves[index].extend(by_practice.get(practice).into_iter().flatten());
        }
        if site.hub {
            let hub = SiteIdx::from(index);
            if site.serves.is_empty() {
                for home in site.pcn.as_deref().and_then(|pcn| by_pcn.get(pcn)).into_iter().flatten() {
                    serves[home.index()].push(hub);
                }
            } else {
                for home in site.serves.iter().filter_map(|id| by_id.get(id.as_str())) {
                    serves[home.index()].push(hub);
                }
            }
        }
    }
    for sites in &mut serves {
        sites.sort_unstable();
        sites.dedup();
    }
    serves
}

/// For each site, the sittings at the sites that may serve its patients, ascending.
fn reachable_sittings(case: &Case, serves: &[Vec<SiteIdx>], sittings: &[Sitting]) -> Vec<Vec<u32>> {
    let mut at: Vec<Vec<u32>> = vec![Vec::new(); case.sites.len()];
    for (index, sitting) in sittings.iter().enumerate() {
        at[case.sessions[sitting.session.index()].site.index()].push(index as u32);
    }
    let mut homes = vec![false; case.sites.len()];
    for site in case.requests.iter().filter_map(|request| request.site) {
        homes[site.index()] = true;
    }
    let reachable = |(sites, is_home): (&Vec<SiteIdx>, bool)| {
        let mut found: Vec<u32> = Vec::new();
        if is_home {
            found.extend(sites.iter().flat_map(|site| &at[site.index()]));
            found.sort_unstable();
        }
        found
    };
    serves.iter().zip(homes).map(reachable).collect()
}
