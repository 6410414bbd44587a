//! Areas: requests that could meet in some session, and nobody else. They are told apart by sites, practitioners and
//! patients alone, before any place is looked for, so that a country is planned area by area in the memory of a few.

use super::groups::Groups;
use crate::candidates::Context;
use crate::lookup::Lookup;
use crate::prepare::{Link, PlannedIdx, Prepared};

/// The requests of each area, ascending; areas ascend by the first of their sites.
pub(super) fn areas(context: &Context<'_>, prepared: &Prepared) -> Vec<Vec<PlannedIdx>> {
    let mut sites = Groups::new(context.case.sites.len());
    let mut of_patient: Lookup<&str, usize> = Lookup::with_capacity(prepared.requests.len());
    let mut seen = vec![false; context.case.sites.len()];
    for planned in &prepared.requests {
        let home = planned.site.index();
        if !std::mem::replace(&mut seen[home], true) {
            for site in context.sites_for(planned.site) {
                sites.join(home, site.index());
            }
        }
        let same_patient = *of_patient.get_or_insert_with(&context.request(planned).patient_id, || home);
        sites.join(home, same_patient);
        if let Link::After { other, .. } = planned.link {
            sites.join(home, prepared.requests[other.index()].site.index());
        }
    }
    for visit in &prepared.visits {
        for pair in visit.windows(2) {
            let home = |member: PlannedIdx| prepared.requests[member.index()].site.index();
            sites.join(home(pair[0]), home(pair[1]));
        }
    }
    let mut of_clinician: Vec<Option<usize>> = vec![None; context.case.clinicians.len()];
    for session in &context.case.sessions {
        let site = session.site.index();
        let elsewhere = *of_clinician[session.clinician.index()].get_or_insert(site);
        sites.join(site, elsewhere);
    }
    let mut areas: Vec<Vec<PlannedIdx>> = vec![Vec::new(); context.case.sites.len()];
    for (index, planned) in prepared.iter() {
        areas[sites.root(planned.site.index())].push(index);
    }
    areas.retain(|area| !area.is_empty());
    areas
}
