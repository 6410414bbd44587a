//! Schedules: who holds them, where, and whether their free slots are for anybody.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::file::{Found, Place, Resources};
use super::notes::Notes;
use super::people::People;
use super::refer::References;
use super::resources::Schedule;
use super::rows::Rows;
use super::slots::instant;
use super::terms::{self, UNKNOWN};
use crate::issue::Code;

/// A schedule.
pub struct Holding<'a> {
    pub place: &'a Place,
    /// Who holds it; where nobody is named, what does.
    pub holder: String,
    /// Where it is held; empty where that is not said.
    pub site: &'a str,
    /// The ways in which its appointments can be held, unless its slots say otherwise.
    pub channels: String,
    /// Whether nobody can be placed in it, whatever is free.
    pub shut: bool,
    /// Whether a practitioner holds it.
    pub held: bool,
    /// The hours that it is for.
    pub horizon: Option<(NaiveDateTime, NaiveDateTime)>,
}

/// The schedules of a book.
pub fn holdings<'a>(
    resources: &'a Resources,
    references: &References<'a>,
    people: &mut People<'a>,
    notes: &mut Notes,
) -> Vec<Holding<'a>> {
    resources.schedules.iter().map(|found| holding(found, references, people, notes)).collect()
}

fn holding<'a>(
    found: &'a Found<Schedule>,
    references: &References<'a>,
    people: &mut People<'a>,
    notes: &mut Notes,
) -> Holding<'a> {
    let Found { place, value: schedule } = found;
    let mut refused =
        |field, value: &str, expected| notes.add(Code::FhirNotOffered, place, field, value, expected);
    let mut shut = false;
    let practitioners: BTreeSet<&str> =
        schedule.actor.iter().filter_map(|actor| references.practitioner(actor)).collect();
    if practitioners.len() > 1 {
        shut = true;
        let all = practitioners.iter().copied().collect::<Vec<_>>().join(", ");
        refused("actor", &all, "one practitioner for each Schedule");
    }
    let holder = practitioners.first().map(|id| (*id).to_owned());
    let held = holder.is_some();
    let holder = holder.unwrap_or_else(|| {
        let first = schedule.actor.iter().find_map(|actor| references.target(actor));
        let value =
            first.map_or_else(String::new, |actor| format!("{}/{}", actor.kind.unwrap_or("actor"), actor.id));
        refused("actor", &value, "a Practitioner or PractitionerRole among the actors");
        if value.is_empty() { format!("Schedule/{}", place.id) } else { value }
    });
    if let Some(person) = people.get_mut(holder.as_str())
        && !person.active
    {
        shut = true;
        refused("actor", &format!("Practitioner/{holder} is not active"), "a practitioner who is active");
    }
    let mut sites = schedule.actor.iter().filter_map(|actor| references.id_of(actor, "Location"));
    let mut site = sites.next();
    for role in schedule.actor.iter().filter_map(|actor| references.role(actor)) {
        if role.value.active == Some(false) {
            shut = true;
            let value = format!("PractitionerRole/{} is not active", role.place.id);
            refused("actor", &value, "a PractitionerRole that is active");
        } else if let Some(person) = people.get_mut(holder.as_str()) {
            person.used.insert(role.place.id.clone());
        }
        if let ([only], None) = (role.value.location.as_slice(), site) {
            site = references.target(only).map(|target| target.id);
        }
    }
    if schedule.active == Some(false) {
        shut = true;
        refused("active", "false", "a Schedule that is active");
    }
    let status = site.and_then(|site| references.location(site)?.value.status.as_deref());
    if let Some(status) = status.filter(|status| *status != "active") {
        shut = true;
        let value = format!("Location/{} is {status}", site.unwrap_or_default());
        refused("actor", &value, "a Location that is active");
    }
    let horizon = schedule.planning_horizon.as_ref().and_then(|period| {
        let time = |text: Option<&String>| instant(text?).map(|instant| instant.local);
        time(period.start.as_ref()).zip(time(period.end.as_ref()))
    });
    let channels = terms::channels(&schedule.extension);
    Holding { place, holder, site: site.unwrap_or_default(), channels, shut, held, horizon }
}

/// Schedules of practitioners of whom no role is known.
pub fn unknown_roles(holdings: &[Holding<'_>], clinicians: &Rows, notes: &mut Notes) {
    let unknown: BTreeSet<&str> = (0..clinicians.len())
        .map(|row| clinicians.row(row))
        .filter(|cells| cells[1] == UNKNOWN)
        .map(|cells| cells[0].as_str())
        .collect();
    for holding in holdings.iter().filter(|holding| holding.held && unknown.contains(holding.holder.as_str()))
    {
        let expected =
            "a practitioner whose PractitionerRole is among the resources read, active and with a code";
        notes.add(Code::FhirNotOffered, holding.place, "actor", &holding.holder, expected);
    }
}
