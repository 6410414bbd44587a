//! Who is meant by a reference, and copies of one resource.

use super::super::log::Log;
use super::file::{Found, Resources};
use super::resources::{Location, PractitionerRole, Reference};
use crate::issue::Code;
use crate::lookup::Lookup;

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// The type, where the reference says it.
    pub kind: Option<&'a str>,
    /// The id; where there is only an identifier, that.
    pub id: &'a str,
}

/// What references lead to.
pub struct References<'a> {
    urns: &'a Lookup<String, (&'static str, String)>,
    roles: Lookup<&'a str, &'a Found<PractitionerRole>>,
    locations: Lookup<&'a str, &'a Found<Location>>,
}

impl<'a> References<'a> {
    /// To these resources.
    pub fn new(resources: &'a Resources) -> Self {
        Self { urns: &resources.urns, roles: by_id(&resources.roles), locations: by_id(&resources.locations) }
    }

    /// What a reference names; nothing where it names nothing outside its own resource.
    pub fn target(&self, reference: &'a Reference) -> Option<Target<'a>> {
        let kind = reference.kind.as_deref();
        let Some(text) = reference.to.as_deref() else {
            let id = reference.identifier.as_ref()?.value.as_deref()?;
            return Some(Target { kind, id });
        };
        if let Some((kind, id)) = self.urns.get(text) {
            return Some(Target { kind: Some(kind), id });
        }
        if text.starts_with("urn:") {
            return Some(Target { kind, id: text.rsplit(':').next()? });
        }
        if text.starts_with('#') {
            return None;
        }
        let path = text.split_once("/_history/").map_or(text, |(path, _)| path);
        let mut parts = path.rsplit('/');
        let id = parts.next()?;
        Some(Target { kind: parts.next().or(kind), id })
    }

    /// The id of a resource of this type.
    pub fn id_of(&self, reference: &'a Reference, kind: &str) -> Option<&'a str> {
        self.target(reference).filter(|target| target.kind == Some(kind)).map(|target| target.id)
    }

    /// What somebody does somewhere, where a reference leads to that.
    pub fn role(&self, reference: &'a Reference) -> Option<&'a Found<PractitionerRole>> {
        self.roles.get(self.id_of(reference, "PractitionerRole")?).copied()
    }

    /// The practitioner meant by a reference, directly or by what they do somewhere.
    pub fn practitioner(&self, reference: &'a Reference) -> Option<&'a str> {
        self.id_of(reference, "Practitioner").or_else(|| {
            let role = self.role(reference)?.value.practitioner.as_ref()?;
            self.target(role).map(|target| target.id)
        })
    }

    /// A place by its id.
    pub fn location(&self, id: &str) -> Option<&'a Found<Location>> {
        self.locations.get(id).copied()
    }
}

fn by_id<T>(resources: &[Found<T>]) -> Lookup<&str, &Found<T>> {
    let mut known = Lookup::with_capacity(resources.len());
    for resource in resources {
        known.insert(resource.place.id.as_str(), resource);
    }
    known
}

impl Resources {
    /// Copies become one; those that differ are reported.
    pub fn unite(&mut self, log: &mut Log) {
        let files = &self.files;
        unite(&mut self.slots, files, log);
        unite(&mut self.schedules, files, log);
        unite(&mut self.roles, files, log);
        unite(&mut self.practitioners, files, log);
        unite(&mut self.locations, files, log);
        unite(&mut self.appointments, files, log);
    }
}

fn unite<T: PartialEq>(resources: &mut Vec<Found<T>>, files: &[String], log: &mut Log) {
    let mut first: Lookup<&str, usize> = Lookup::with_capacity(resources.len());
    let mut again = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        let Some(&before) = first.get(resource.place.id.as_str()) else {
            first.insert(&resource.place.id, at);
            continue;
        };
        again.push(at);
        let before = &resources[before];
        if before.value != resource.value {
            let (file, line) = (&files[before.place.file], before.place.line);
            let expected = format!("the same as in {file}, line {line}");
            let issue = resource.place.issue(Code::FhirTwice, files, "id", expected);
            log.problems.push(issue.value(&resource.place.id));
        }
    }
    let (mut at, mut again) = (0, again.into_iter().peekable());
    resources.retain(|_| {
        at += 1;
        again.next_if_eq(&(at - 1)).is_none()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_in_all_their_forms() {
        let mut resources = Resources::default();
        resources.urns.insert("urn:uuid:7".to_owned(), ("Slot", "s7".to_owned()));
        let references = References::new(&resources);
        for (json, kind, id) in [
            (r#"{"reference":"Slot/1"}"#, Some("Slot"), "1"),
            (r#"{"reference":"https://a.b/fhir/Slot/1/_history/2"}"#, Some("Slot"), "1"),
            (r#"{"reference":"urn:uuid:7"}"#, Some("Slot"), "s7"),
            (r#"{"reference":"urn:uuid:8","type":"Patient"}"#, Some("Patient"), "8"),
            (r#"{"type":"Patient","identifier":{"value":"P1"}}"#, Some("Patient"), "P1"),
            (r#"{"reference":"1","type":"Slot"}"#, Some("Slot"), "1"),
        ] {
            let reference: Reference = serde_json::from_str(json).expect("a reference");
            assert_eq!(references.target(&reference), Some(Target { kind, id }), "{json}");
        }
        for json in [r##"{"reference":"#own"}"##, r#"{"display":"Phone call"}"#] {
            let reference: Reference = serde_json::from_str(json).expect("a reference");
            assert_eq!(references.target(&reference), None, "{json}");
        }
    }
}
