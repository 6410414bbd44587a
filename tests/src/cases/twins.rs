//! The same case with clinicians of a role, and sessions at a site, that nothing tells apart but whose they are.

use std::collections::BTreeMap;

use rebook::model::{Case, Clinician, Session};

/// Makes everybody of a role and every session of a site like the first of them, and lifts all caps.
pub fn twins(mut case: Case) -> Case {
    case.policy.max_contacts_day.clear();
    let mut first: BTreeMap<String, Clinician> = BTreeMap::new();
    for clinician in &mut case.clinicians {
        let model = first.entry(clinician.role.clone()).or_insert_with(|| clinician.clone());
        *clinician = Clinician {
            practitioner_id: clinician.practitioner_id.clone(),
            leave: clinician.leave.clone(),
            max_contacts_day: None,
            ..model.clone()
        };
    }
    let mut of_site: BTreeMap<usize, Session> = BTreeMap::new();
    for session in &mut case.sessions {
        let model = of_site.entry(session.site.index()).or_insert_with(|| session.clone());
        *session = Session {
            session_id: session.session_id.clone(),
            clinician: session.clinician,
            start: session.start,
            end: session.end,
            reserved_for: session.reserved_for.clone(),
            max_contacts: None,
            ..model.clone()
        };
    }
    case
}

/// How many pairs of sessions there are in which two clinicians of a role work at one site on one date.
pub fn pairs(case: &Case) -> usize {
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for session in &case.sessions {
        let role = &case.clinicians[session.clinician.index()].role;
        *seen.entry((session.site, role, session.start.date())).or_default() += 1;
    }
    seen.values().map(|count| count - 1).sum()
}
