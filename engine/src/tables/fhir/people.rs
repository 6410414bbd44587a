//! Who works where, and what the places are: the rows of `clinicians` and `sites`.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::{CompactString, ToCompactString, format_compact};

use super::super::schema::{CLINICIANS, SITES};
use super::file::{Place, Resources};
use super::notes::Notes;
use super::refer::References;
use super::rows::Rows;
use super::slots::Places;
use super::terms::{self, Term, UNKNOWN};
use crate::issue::Code;

/// Somebody who works.
pub struct Person {
    /// The resource that tells of them.
    pub place: Place,
    /// As FHIR has it.
    pub gender: Option<String>,
    /// Whether they are there at all.
    pub active: bool,
    /// What they do, and where that is said.
    pub roles: Vec<(Term, Place)>,
    /// The resources of what they do that schedules name: these count where there are others too.
    pub used: BTreeSet<String>,
}

/// Those who work, by id.
pub type People<'a> = BTreeMap<&'a str, Person>;

/// Those of whom resources tell.
pub fn people<'a>(resources: &'a Resources, references: &References<'a>, notes: &mut Notes) -> People<'a> {
    let known = resources.practitioners.iter().map(|found| {
        let person = Person {
            place: found.place.clone(),
            gender: found.value.gender.clone(),
            active: found.value.active != Some(false),
            roles: Vec::new(),
            used: BTreeSet::new(),
        };
        (found.place.id.as_str(), person)
    });
    let mut people: People<'_> = known.collect();
    for role in resources.roles.iter().filter(|role| role.value.active != Some(false)) {
        // A role that nobody has is nobody's.
        let reference = role.value.practitioner.as_ref();
        let Some(target) = reference.and_then(|reference| references.target(reference)) else { continue };
        let person = people.entry(target.id).or_insert_with(|| {
            let value = format!("Practitioner/{}", target.id);
            let expected = "a Practitioner that is among the resources read";
            notes.add(Code::FhirOutside, &role.place, "practitioner", &value, expected);
            stranger(&role.place)
        });
        let terms = terms::roles(&role.value.code);
        person.roles.extend(terms.into_iter().map(|term| (term, role.place.clone())));
    }
    people
}

/// Somebody of whom nothing is known.
fn stranger(place: &Place) -> Person {
    Person { place: place.clone(), gender: None, active: true, roles: Vec::new(), used: BTreeSet::new() }
}

impl Person {
    /// The one role that they have, and where that is said.
    fn role(&self) -> Result<&(Term, Place), Vec<&str>> {
        let counts = |(_, place): &&(Term, Place)| self.used.is_empty() || self.used.contains(&place.id);
        let named: Vec<&(Term, Place)> = self.roles.iter().filter(counts).collect();
        let texts: BTreeSet<&str> = named.iter().map(|(term, _)| term.text.as_str()).collect();
        match named.first() {
            Some(first) if texts.len() == 1 => Ok(first),
            _ => Err(texts.into_iter().collect()),
        }
    }
}

/// The rows of `clinicians`: those of whom resources tell, and those that hold something.
pub fn clinicians(people: &People<'_>, places: &Places<'_>, notes: &mut Notes) -> Rows {
    let mut rows = Rows::new(&CLINICIANS, &["practitioner_id", "role", "gender"]);
    let strangers = places.holders().filter(|(id, _)| !people.contains_key(id));
    let strangers: BTreeMap<&str, Person> = strangers.map(|(id, place)| (id, stranger(place))).collect();
    let mut all: Vec<(&str, &Person)> =
        people.iter().chain(&strangers).map(|(id, person)| (*id, person)).collect();
    all.sort_unstable_by_key(|(id, _)| *id);
    for (id, person) in all {
        let role = person.role();
        let text = match &role {
            Ok((term, place)) => {
                if !term.listed {
                    let expected =
                        format!("a role of the table of job roles; {:?} was taken as it is", term.text);
                    notes.add(Code::FhirCode, place, "code", &term.text, &expected);
                }
                term.text.as_str()
            }
            Err(several) => {
                if several.len() > 1 {
                    let expected =
                        "one role for each practitioner, or Schedules that name the PractitionerRole";
                    notes.add(Code::FhirNotOffered, &person.place, "id", &several.join(", "), expected);
                }
                UNKNOWN
            }
        };
        let gender = person.gender.as_deref().unwrap_or_default().to_compact_string();
        rows.push(&person.place, [id.to_compact_string(), text.to_compact_string(), gender]);
        if let Ok((_, place)) = role {
            rows.from("role", place);
        }
    }
    rows
}

/// The rows of `sites`: the places of which resources tell, and those that something is held at.
pub fn sites(
    resources: &Resources,
    references: &References<'_>,
    places: &Places<'_>,
    notes: &mut Notes,
) -> Rows {
    let mut rows = Rows::new(&SITES, &["site_id", "name", "practice", "latitude", "longitude"]);
    for found in &resources.locations {
        let location = &found.value;
        let number = |number: Option<&serde_json::Number>| {
            number.map_or_else(CompactString::default, |number| format_compact!("{number}"))
        };
        let position = location.position.as_ref();
        let practice = location.managing_organization.as_ref().and_then(|organisation| {
            let code = organisation.identifier.as_ref().and_then(|identifier| identifier.value.as_deref());
            code.or_else(|| references.target(organisation).map(|target| target.id))
        });
        rows.push(
            &found.place,
            [
                found.place.id.to_compact_string(),
                location.name.as_deref().unwrap_or_default().to_compact_string(),
                practice.unwrap_or_default().to_compact_string(),
                number(position.and_then(|position| position.latitude.as_ref())),
                number(position.and_then(|position| position.longitude.as_ref())),
            ],
        );
    }
    for (id, place) in places.sites() {
        if references.location(id).is_some() {
            continue;
        }
        if id != super::slots::NOWHERE {
            let expected = "a Location that is among the resources read";
            let field = if place.kind == "Schedule" { "actor" } else { "participant" };
            notes.add(Code::FhirOutside, place, field, &format!("Location/{id}"), expected);
        }
        let none = CompactString::default;
        rows.push(place, [id.to_compact_string(), none(), none(), none(), none()]);
    }
    rows
}
