//! Areas: requests that could meet in some session, and nobody else. They are told apart by sites, practitioners and
//! patients alone, before any place is looked for, so that a country is planned area by area in the memory of a few.

use super::groups::Groups;
use crate::candidates::Context;
use crate::lookup::Lookup;
use crate::prepare::{Link, PlannedIdx, Prepared};

/// The requests of each area, ascending; areas ascend by the first of their sites.
pub(crate) fn areas(context: &Context<'_>, prepared: &Prepared) -> Vec<Vec<PlannedIdx>> {
    requests_of(prepared, &area_of(context, prepared))
}

/// The same where the areas of the sites are known.
pub(crate) fn requests_of(prepared: &Prepared, area_of: &[usize]) -> Vec<Vec<PlannedIdx>> {
    let mut areas: Vec<Vec<PlannedIdx>> = vec![Vec::new(); area_of.len()];
    for (index, planned) in prepared.iter() {
        areas[area_of[planned.site.index()]].push(index);
    }
    areas.retain(|area| !area.is_empty());
    areas
}

/// Number of the area of each site, which is its first site.
///
/// Sites belong to one area where anything ties them: a site that serves the other's patients, a practitioner who
/// works at both, a patient, a link or a visit with requests of both. Every rule of SPEC section 4 ties requests
/// through one of these (a slot or a cap through its practitioner, the reserve and the calls through the site, the
/// rest through the patient, the link or the visit). So the best plan of the whole is the best plan of each area, side
/// by side.
pub(crate) fn area_of(context: &Context<'_>, prepared: &Prepared) -> Vec<usize> {
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
    (0..context.case.sites.len()).map(|site| sites.root(site)).collect()
}
