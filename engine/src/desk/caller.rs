//! Who makes the calls, and how many there are: the same on every output that counts them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Desk, Entry};
use crate::model::ContactRoute;

/// Who speaks to a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// The reception of the practice.
    Reception,
    /// A clinician: it is not safe for anybody else, or a clinician must decide first.
    Clinician,
}

impl Caller {
    /// As the call list says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reception => "reception",
            Self::Clinician => "clinician",
        }
    }

    /// Who calls somebody who has a place; nobody calls whoever is written to, or may have died or left.
    pub fn of(desk: &Desk<'_>, entry: &Entry<'_>) -> Option<Self> {
        let is_gone = desk.gone.contains(entry.row.patient_id.as_str());
        match entry.route {
            _ if is_gone => None,
            ContactRoute::Clinician => Some(Self::Clinician),
            ContactRoute::Phone if entry.planned.window_passed => Some(Self::Clinician),
            ContactRoute::Phone => Some(Self::Reception),
            ContactRoute::Sms | ContactRoute::App | ContactRoute::Letter => None,
        }
    }
}

/// How many calls there are.
pub(super) struct Calls {
    /// By reception.
    pub reception: usize,
    /// Those of reception that are due on the first day on which any is.
    pub first: Option<(NaiveDate, usize)>,
    /// By a clinician.
    pub clinician: usize,
    /// People with a place who are looked up before anybody tells them of it.
    pub check_first: usize,
}

impl Calls {
    pub fn of(desk: &Desk<'_>) -> Self {
        let (mut reception, mut clinician) = (0, 0);
        let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for entry in &desk.entries {
            match Caller::of(desk, entry) {
                Some(Caller::Reception) => {
                    reception += 1;
                    if let Some(day) = entry.row.call_by {
                        *days.entry(day).or_default() += 1;
                    }
                }
                Some(Caller::Clinician) => clinician += 1,
                None => {}
            }
        }
        let told = desk.entries.iter().filter(|entry| !desk.gone.contains(entry.row.patient_id.as_str()));
        let check_first = told.filter(|entry| entry.planned.check_first).count();
        Self { reception, first: days.pop_first(), clinician, check_first }
    }
}
