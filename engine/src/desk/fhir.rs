//! The plan as FHIR R4: proposed appointments, and the steps in the booking system as requests that can be sent.
//!
//! Files only: nothing is sent. Times are instants with London's offset; of a patient there is the pseudonym.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDateTime;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::transactions::{Action, Step};
use super::view::Desk;
use crate::calendar::format_instant;
use crate::error::{Error, Result};
use crate::model::{Clinician, DeliveryChannel, PlanRow, Session, Site};
use crate::tables::{DELIVERY_CHANNEL, OutputFile, hexadecimal};

/// Its codes.
const CHANNELS: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DeliveryChannel";

/// The systems of this project's names: requests, steps, and the ids of a case.
const SYSTEM: &str = "urn:x-rebook:";

/// Two bundles: `fhir/proposed.json` has an appointment for each row of the plan, `fhir/cancel-replace.json` the steps that
/// are still to be done by staff: who books by a link would be booked twice.
///
/// # Errors
/// [`Error::Argument`] where a step names a session that the case does not have.
pub fn bundles(desk: &Desk<'_>, steps: &[Step]) -> Result<Vec<OutputFile>> {
    let as_of = format_instant(desk.case.policy.as_of);
    let proposed = desk.entries.iter().map(|entry| {
        let row = entry.row;
        let place = Place {
            slots: &row.slot_ids,
            patient: &row.patient_id,
            clinician: entry.clinician,
            site: entry.site,
            start: row.start,
            end: row.end,
            channel: DeliveryChannel::parse(&row.delivery_channel),
        };
        let mut appointment =
            place.appointment("proposed", "needs-action", ("request", &row.request_id), &as_of);
        appointment.insert(1, "id", json!(resource_id(&row.request_id)));
        json!({ "fullUrl": urn("request", &row.request_id), "resource": appointment.value() })
    });
    let proposed = bundle("collection", &as_of, proposed.collect());
    let replace = bundle("collection", &as_of, requests(desk, steps, &as_of)?);
    Ok(vec![file("fhir/proposed.json", &proposed), file("fhir/cancel-replace.json", &replace)])
}

fn file(name: &str, value: &Value) -> OutputFile {
    // Pretty printing puts no floats and no maps in another order.
    OutputFile { name: name.to_owned(), bytes: format!("{value:#}\n").into_bytes() }
}

fn bundle(kind: &str, as_of: &str, entries: Vec<Value>) -> Value {
    let mut bundle = json!({ "resourceType": "Bundle", "type": kind, "timestamp": as_of });
    // An array of FHIR is never empty.
    if !entries.is_empty() {
        bundle["entry"] = Value::Array(entries);
    }
    bundle
}

/// The steps that staff still have to do, each a transaction of its own, in their order.
///
/// One batch would not do: FHIR lets a server carry out the entries of a batch in any order, and no entry may depend on
/// another. One transaction would not do either: it is all or nothing, so one slot taken meanwhile would undo everything.
fn requests(desk: &Desk<'_>, steps: &[Step], as_of: &str) -> Result<Vec<Value>> {
    let todo = || steps.iter().filter(|step| !step.done && step.self_book_until.is_none());
    let of = |action| {
        todo().filter(move |step| step.action == action).map(|step| (step.request_id.as_str(), step))
    };
    let planned: BTreeMap<&str, &PlanRow> =
        desk.entries.iter().map(|entry| (entry.row.request_id.as_str(), entry.row)).collect();
    let (books, cancels): (BTreeMap<&str, &Step>, BTreeMap<&str, &Step>) =
        (of(Action::Book).collect(), of(Action::Cancel).collect());
    todo()
        .map(|step| {
            let id = step.request_id.as_str();
            let (entry, link) = match step.action {
                Action::Book => {
                    let before = cancels.get(id).map(|cancel| ("predecessor-version", search(cancel)));
                    (post(desk, step, planned.get(id).copied(), as_of)?, before)
                }
                Action::Cancel => {
                    let after = books.get(id).map(|book| {
                        ("successor-version", format!("Appointment?{}", identified("step", &book.key)))
                    });
                    (patch(step, after.is_some()), after)
                }
            };
            let mut transaction = json!({
                "resourceType": "Bundle",
                "identifier": { "system": format!("{SYSTEM}step"), "value": step.key },
                "type": "transaction",
            });
            if let Some((relation, url)) = link {
                transaction["link"] = json!([{ "relation": relation, "url": url }]);
            }
            transaction["entry"] = json!([entry]);
            Ok(json!({ "fullUrl": urn("transaction", &step.key), "resource": transaction }))
        })
        .collect()
}

/// Books, once however often it is sent.
fn post(desk: &Desk<'_>, step: &Step, planned: Option<&PlanRow>, as_of: &str) -> Result<Value> {
    let case = desk.case;
    let at = case.sessions.binary_search_by(|session| session.session_id.as_str().cmp(&step.session_id));
    let session: &Session = at.map(|at| &case.sessions[at]).map_err(|_| {
        Error::Argument(format!("step {}: the case has no session {:?}", step.number, step.session_id))
    })?;
    let planned = planned.filter(|row| row.session_id == step.session_id);
    let place = Place {
        slots: &step.slot_ids,
        patient: &step.patient_id,
        clinician: &case.clinicians[session.clinician.index()],
        site: &case.sites[session.site.index()],
        start: step.start,
        end: step.end,
        channel: planned.and_then(|row| DeliveryChannel::parse(&row.delivery_channel)),
    };
    Ok(json!({
        "fullUrl": urn("step", &step.key),
        "resource": place.appointment("booked", "accepted", ("step", &step.key), as_of).value(),
        "request": {
            "method": "POST",
            "url": "Appointment",
            "ifNoneExist": identified("step", &step.key),
        },
    }))
}

/// Cancels what the patient has in the slot, and leaves the rest of that appointment alone.
fn patch(step: &Step, moved: bool) -> Value {
    let operation = |kind: &str, path: &str, name: Option<&str>, value: Value| {
        let mut parts = vec![
            json!({ "name": "type", "valueCode": kind }),
            json!({ "name": "path", "valueString": path }),
        ];
        parts.extend(name.map(|name| json!({ "name": "name", "valueString": name })));
        parts.push(value);
        json!({ "name": "operation", "part": parts })
    };
    let cancelled = json!({ "name": "value", "valueCode": "cancelled" });
    let mut operations = vec![operation("replace", "Appointment.status", None, cancelled)];
    if moved {
        let reason =
            json!({ "name": "value", "valueCodeableConcept": { "text": "Moved to another appointment" } });
        operations.push(operation("add", "Appointment", Some("cancelationReason"), reason));
    }
    json!({
        "fullUrl": urn("step", &step.key),
        "resource": { "resourceType": "Parameters", "parameter": operations },
        "request": { "method": "PATCH", "url": search(step) },
    })
}

/// The appointment of a step's patient in its slots, as a search.
fn search(step: &Step) -> String {
    let slot = step.slot_ids.first().map(|slot| format!("&{}", named("slot", "Slot", slot)));
    format!("Appointment?{}{}", named("patient", "Patient", &step.patient_id), slot.unwrap_or_default())
}

/// A condition on what a parameter refers to.
fn named(parameter: &str, kind: &str, id: &str) -> String {
    if is_legal(id) {
        format!("{parameter}={kind}/{id}")
    } else {
        format!("{parameter}:{}", identified(&kind.to_lowercase(), id))
    }
}

/// A condition on an identifier of ours.
fn identified(what: &str, value: &str) -> String {
    format!("identifier={SYSTEM}{what}%7C{}", encoded(value))
}

/// A text as it stands in the query of an address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to memory does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An appointment's place.
struct Place<'a> {
    slots: &'a [String],
    patient: &'a str,
    clinician: &'a Clinician,
    site: &'a Site,
    start: NaiveDateTime,
    end: NaiveDateTime,
    channel: Option<DeliveryChannel>,
}

impl Place<'_> {
    fn appointment(
        &self,
        status: &str,
        taking_part: &str,
        (what, name): (&str, &str),
        as_of: &str,
    ) -> Fields {
        let mut fields = Fields(vec![("resourceType", json!("Appointment"))]);
        if let Some(channel) = self.channel {
            fields.push(
                "extension",
                json!([{ "url": DELIVERY_CHANNEL, "valueCodeableConcept": concept(channel) }]),
            );
        }
        fields.push("identifier", json!([{ "system": format!("{SYSTEM}{what}"), "value": name }]));
        fields.push("status", json!(status));
        fields.push("start", json!(format_instant(self.start)));
        fields.push("end", json!(format_instant(self.end)));
        fields.push("minutesDuration", json!((self.end - self.start).num_minutes()));
        let slots: Vec<Value> = self.slots.iter().map(|slot| reference("Slot", slot, false)).collect();
        fields.push("slot", Value::Array(slots));
        fields.push("created", json!(as_of));
        let actors = [
            reference("Patient", self.patient, true),
            reference("Practitioner", &self.clinician.practitioner_id, false),
            reference("Location", &self.site.site_id, false),
        ];
        let participants = actors.map(|actor| json!({ "actor": actor, "status": taking_part }));
        fields.push("participant", json!(participants));
        fields
    }
}

/// The elements of a resource, in order.
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn push(&mut self, name: &'static str, value: Value) {
        self.0.push((name, value));
    }

    fn insert(&mut self, at: usize, name: &'static str, value: Value) {
        self.0.insert(at, (name, value));
    }

    fn value(self) -> Value {
        Value::Object(self.0.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// How an appointment is held, in the words of UK Core, which has none for a home visit.
fn concept(channel: DeliveryChannel) -> Value {
    let code = match channel {
        DeliveryChannel::InPerson | DeliveryChannel::HomeVisit => "In-person",
        DeliveryChannel::Telephone => "Telephone",
        DeliveryChannel::Video => "Video",
    };
    let mut concept = json!({ "coding": [{ "system": CHANNELS, "code": code, "display": code }] });
    if channel == DeliveryChannel::HomeVisit {
        concept["text"] = json!("Home visit");
    }
    concept
}

/// A reference to what a case calls so: by its id where FHIR allows that, else by an identifier.
fn reference(kind: &str, id: &str, identify: bool) -> Value {
    let legal = is_legal(id);
    let mut reference = serde_json::Map::new();
    if legal {
        reference.insert("reference".to_owned(), json!(format!("{kind}/{id}")));
    }
    reference.insert("type".to_owned(), json!(kind));
    if identify || !legal {
        let system = format!("{SYSTEM}{}", kind.to_lowercase());
        reference.insert("identifier".to_owned(), json!({ "system": system, "value": id }));
    }
    Value::Object(reference)
}

/// Whether FHIR allows the text as an id.
fn is_legal(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// The id of the resource for a request: the request's own where FHIR allows it, else a digest of it.
fn resource_id(request_id: &str) -> String {
    if is_legal(request_id) {
        request_id.to_owned()
    } else {
        format!("request-{}", &digest("id", request_id)[..40])
    }
}

fn digest(what: &str, name: &str) -> String {
    let mut sha = Sha256::new();
    sha.update(what);
    sha.update([0]);
    sha.update(name);
    hexadecimal(&sha.finalize())
}

/// A name that is the same in every run: a UUID (version 8) of a digest.
fn urn(what: &str, name: &str) -> String {
    let hex = digest(what, name);
    format!("urn:uuid:{}-{}-8{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_fhir_or_digests() {
        assert_eq!(resource_id("R-1.a"), "R-1.a");
        for odd in ["R_1", "", "R 1", "Ř1", &"x".repeat(65)] {
            let id = resource_id(odd);
            assert!(is_legal(&id) && id.starts_with("request-"), "{odd:?}: {id}");
            assert_eq!(id, resource_id(odd));
        }
        assert_ne!(resource_id("R_1"), resource_id("R_2"));
        assert_ne!(urn("step", "1"), urn("request", "1"));
        let urn = urn("step", "1");
        assert_eq!((urn.len(), urn.as_bytes()[23], urn.as_bytes()[28]), (45, b'8', b'a'), "{urn}");
    }

    #[test]
    fn references_are_by_id_where_that_is_one() {
        assert_eq!(reference("Slot", "S-1", false), json!({ "reference": "Slot/S-1", "type": "Slot" }));
        let named =
            json!({ "type": "Slot", "identifier": { "system": "urn:x-rebook:slot", "value": "S/1" } });
        assert_eq!(reference("Slot", "S/1", false), named);
        let patient = reference("Patient", "P1", true);
        assert_eq!(patient["reference"], "Patient/P1");
        assert_eq!(patient["identifier"]["value"], "P1");
    }

    #[test]
    fn what_is_searched_for_is_encoded() {
        assert_eq!(named("slot", "Slot", "S-1"), "slot=Slot/S-1");
        assert_eq!(named("slot", "Slot", "S/1 é"), "slot:identifier=urn:x-rebook:slot%7CS%2F1%20%C3%A9");
    }

    #[test]
    fn a_home_visit_is_in_person_with_words() {
        assert_eq!(concept(DeliveryChannel::HomeVisit)["text"], "Home visit");
        assert_eq!(concept(DeliveryChannel::HomeVisit)["coding"][0]["code"], "In-person");
        assert_eq!(concept(DeliveryChannel::InPerson).get("text"), None);
        assert_eq!(concept(DeliveryChannel::Video)["coding"][0]["code"], "Video");
    }
}
