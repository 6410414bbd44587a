//! The part of a case that has to do with a request: what trying a change needs to plan again.
//!
//! The solver plans area by area (see `solve`), and the changes that are tried tie no sites together either, so it finds
//! the same places for the requests of an area with or without the rest.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Case;
use crate::units::{SessionIdx, SiteIdx};

/// Cuts an area out of a case: all but what lies outside. Sites and practitioners are all kept, so that they keep
/// their numbers.
pub(super) fn cut(whole: &Case, inside: impl Fn(SiteIdx) -> bool) -> Case {
    let rows = rows_of(whole, &inside);
    let patients: BTreeSet<&str> = rows.iter().map(|&row| whole.requests[row].patient_id.as_str()).collect();
    let mut kept: Vec<bool> = whole.sessions.iter().map(|session| inside(session.site)).collect();
    for slot in &whole.slots {
        let of_area = slot.patient_id.as_deref().is_some_and(|patient| patients.contains(patient));
        kept[slot.session.index()] |= of_area && slot.status.is_taken();
    }
    let mut sessions = Vec::new();
    let mut session_at: Vec<Option<SessionIdx>> = Vec::with_capacity(whole.sessions.len());
    for (session, kept) in whole.sessions.iter().zip(kept) {
        session_at.push(kept.then(|| SessionIdx::from(sessions.len())));
        if kept {
            sessions.push(session.clone());
        }
    }
    let mut slots = Vec::new();
    for slot in &whole.slots {
        let session = session_at[slot.session.index()];
        slots.extend(session.map(|session| crate::model::Slot { session, ..slot.clone() }));
    }
    Case {
        policy: whole.policy.clone(),
        requests: rows.iter().map(|&row| whole.requests[row].clone()).collect(),
        sessions,
        slots,
        clinicians: whole.clinicians.clone(),
        sites: whole.sites.clone(),
        previous: whole.previous.clone(),
        accepted: Vec::new(),
        use_additional: whole.use_additional,
        kept_columns: Vec::new(),
        warnings: Vec::new(),
        files: Vec::new(),
    }
}

/// The rows of an area: those of its sites, and those outside that decide what becomes of them, which are the
/// excluded rows that they come after and rows that share an id.
fn rows_of(case: &Case, inside: &impl Fn(SiteIdx) -> bool) -> Vec<usize> {
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, request) in case.requests.iter().enumerate() {
        rows.entry(&request.request_id).or_default().push(row);
    }
    let mut found: BTreeSet<usize> = BTreeSet::new();
    let mut next: Vec<usize> =
        (0..case.requests.len()).filter(|&row| case.requests[row].site.is_some_and(inside)).collect();
    while let Some(row) = next.pop() {
        if found.insert(row) {
            let request = &case.requests[row];
            let ids = [Some(request.request_id.as_str()), request.after_request_id.as_deref()];
            next.extend(ids.into_iter().flatten().filter_map(|id| rows.get(id)).flatten());
        }
    }
    found.into_iter().collect()
}
