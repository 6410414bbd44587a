//! Indexes over the tables of a case: what a rule looks up, never what it decides.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::calendar::WorkingDays;
use crate::model::{Case, Clinician, PlanRow, Policy, Session, Site, Slot};
use crate::units::{ClinicianIdx, SessionIdx, SiteIdx, SlotIdx};

/// A case with its indexes.
pub(super) struct View<'a> {
    pub case: &'a Case,
    pub policy: &'a Policy,
    pub working_days: WorkingDays,
    pub last_date: NaiveDate,
    slots_of: Vec<Vec<SlotIdx>>,
    position: Vec<usize>,
    slot_ids: BTreeMap<&'a str, SlotIdx>,
    session_ids: BTreeMap<&'a str, SessionIdx>,
    sessions_at: Vec<Vec<SessionIdx>>,
    patient_busy: BTreeMap<&'a str, Vec<SlotIdx>>,
    clinician_busy: BTreeMap<(ClinicianIdx, NaiveDate), Vec<SlotIdx>>,
    previous: BTreeMap<&'a str, &'a PlanRow>,
}

impl<'a> View<'a> {
    pub fn new(case: &'a Case) -> Self {
        let mut view = Self {
            case,
            policy: &case.policy,
            working_days: case.policy.working_days(),
            last_date: case.policy.last_date(),
            slots_of: vec![Vec::new(); case.sessions.len()],
            position: vec![0; case.slots.len()],
            slot_ids: BTreeMap::new(),
            session_ids: BTreeMap::new(),
            sessions_at: vec![Vec::new(); case.sites.len()],
            patient_busy: BTreeMap::new(),
            clinician_busy: BTreeMap::new(),
            previous: BTreeMap::new(),
        };
        for (index, session) in case.sessions.iter().enumerate() {
            view.session_ids.insert(&session.session_id, index.into());
            view.sessions_at[session.site.index()].push(index.into());
        }
        for (index, slot) in case.slots.iter().enumerate() {
            view.add_slot(slot, index.into());
        }
        for slots in &mut view.slots_of {
            slots.sort_by_key(|slot| (case.slots[slot.index()].start, *slot));
            for (position, slot) in slots.iter().enumerate() {
                view.position[slot.index()] = position;
            }
        }
        for row in case.previous.iter().flat_map(|files| &files.plan) {
            view.previous.entry(&row.request_id).or_insert(row);
        }
        view
    }

    fn add_slot(&mut self, slot: &'a Slot, index: SlotIdx) {
        self.slot_ids.insert(&slot.slot_id, index);
        self.slots_of[slot.session.index()].push(index);
        if !slot.status.is_taken() {
            return;
        }
        if let Some(patient) = &slot.patient_id {
            self.patient_busy.entry(patient).or_default().push(index);
        }
        let clinician = self.case.sessions[slot.session.index()].clinician;
        for date in days_of(slot.start, slot.end()) {
            self.clinician_busy.entry((clinician, date)).or_default().push(index);
        }
    }

    pub fn slot(&self, slot: SlotIdx) -> &'a Slot {
        &self.case.slots[slot.index()]
    }

    pub fn session(&self, session: SessionIdx) -> &'a Session {
        &self.case.sessions[session.index()]
    }

    pub fn site(&self, site: SiteIdx) -> &'a Site {
        &self.case.sites[site.index()]
    }

    pub fn clinician_of(&self, session: SessionIdx) -> &'a Clinician {
        &self.case.clinicians[self.session(session).clinician.index()]
    }

    pub fn site_of(&self, session: SessionIdx) -> &'a Site {
        self.site(self.session(session).site)
    }

    /// The slots of a session, by start.
    pub fn slots_of(&self, session: SessionIdx) -> &[SlotIdx] {
        &self.slots_of[session.index()]
    }

    /// Where a slot stands among those of its session.
    pub fn position(&self, slot: SlotIdx) -> usize {
        self.position[slot.index()]
    }

    pub fn slot_by_id(&self, id: &str) -> Option<SlotIdx> {
        self.slot_ids.get(id).copied()
    }

    pub fn session_by_id(&self, id: &str) -> Option<SessionIdx> {
        self.session_ids.get(id).copied()
    }

    pub fn sessions_at(&self, site: SiteIdx) -> &[SessionIdx] {
        &self.sessions_at[site.index()]
    }

    /// The busy and busy-tentative slots of a patient.
    pub fn busy_of_patient(&self, patient_id: &str) -> &[SlotIdx] {
        self.patient_busy.get(patient_id).map_or(&[], Vec::as_slice)
    }

    /// The busy and busy-tentative slots of a practitioner that touch a date.
    pub fn busy_of_clinician(&self, clinician: ClinicianIdx, date: NaiveDate) -> &[SlotIdx] {
        self.clinician_busy.get(&(clinician, date)).map_or(&[], Vec::as_slice)
    }

    /// The request's row in the previous plan.
    pub fn previous_row(&self, request_id: &str) -> Option<&'a PlanRow> {
        self.previous.get(request_id).copied()
    }
}

/// The dates that `[from, to)` touches: one, or two across midnight.
pub(super) fn days_of(from: NaiveDateTime, to: NaiveDateTime) -> impl Iterator<Item = NaiveDate> {
    let last = if to > from { to - chrono::TimeDelta::nanoseconds(1) } else { from };
    from.date().iter_days().take_while(move |date| *date <= last.date())
}

/// Whether `[a.0, a.1)` and `[b.0, b.1)` overlap, or are less than `apart` minutes apart.
pub(super) fn overlap(
    a: (NaiveDateTime, NaiveDateTime),
    b: (NaiveDateTime, NaiveDateTime),
    apart: u32,
) -> bool {
    let apart = chrono::TimeDelta::minutes(i64::from(apart));
    a.0 - b.1 < apart && b.0 - a.1 < apart
}
