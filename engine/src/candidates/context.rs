//! What the rules look up: the book indexed by session, patient, practitioner and site.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use crate::calendar::WorkingDays;
use crate::model::{Case, Clinician, Request, Session};
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
}

impl Sitting {
    /// Positions of its slots in `case.slots`.
    pub fn slots(&self) -> Range<usize> {
        self.first as usize..self.end as usize
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
    patients: BTreeMap<&'a str, Vec<Booking>>,
    practitioners: BTreeMap<(ClinicianIdx, NaiveDate), Vec<Booking>>,
    roles: Vec<Option<u32>>,
    reachable: Vec<Vec<u32>>,
    serves: Vec<Vec<SiteIdx>>,
}

impl<'a> Context<'a> {
    /// Indexes a case.
    pub fn new(case: &'a Case) -> Self {
        let mut sittings: Vec<Sitting> = Vec::new();
        let mut patients: BTreeMap<&str, Vec<Booking>> = BTreeMap::new();
        let mut practitioners: BTreeMap<(ClinicianIdx, NaiveDate), Vec<Booking>> = BTreeMap::new();
        for (index, slot) in case.slots.iter().enumerate() {
            let (at, date) = (index as u32, slot.start.date());
            match sittings.last_mut() {
                Some(last) if last.session == slot.session && last.date == date => last.end = at + 1,
                _ => sittings.push(Sitting { session: slot.session, date, first: at, end: at + 1 }),
            }
            if slot.status.is_taken() {
                let session = &case.sessions[slot.session.index()];
                let booking =
                    Booking { start: slot.start, end: slot.end(), session: slot.session, site: session.site };
                practitioners.entry((session.clinician, slot.start.date())).or_default().push(booking);
                if let Some(patient) = &slot.patient_id {
                    patients.entry(patient).or_default().push(booking);
                }
            }
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
        Self {
            case,
            working_days: case.policy.working_days(),
            last_date: case.policy.last_date(),
            index: Arc::new(Index { sittings, patients, practitioners, roles, reachable, serves }),
            changed: None,
        }
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

    /// What the book already holds for this patient.
    pub fn patient_bookings(&self, patient_id: &str) -> &[Booking] {
        self.index.patients.get(patient_id).map_or(&[], Vec::as_slice)
    }

    /// What the book already holds for this practitioner on this date.
    pub fn practitioner_bookings(&self, clinician: ClinicianIdx, date: NaiveDate) -> &[Booking] {
        self.index.practitioners.get(&(clinician, date)).map_or(&[], Vec::as_slice)
    }
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
