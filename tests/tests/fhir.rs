//! A book as FHIR R4 is the same case and the same plan as its tables.

use std::fs;
use std::path::{Path, PathBuf};

use rebook::calendar::{DateSet, format_instant};
use rebook::model::{Case, DeliveryChannel, Gender, Session, SlotStatus};
use rebook::tables::{ReadOptions, plan_files, read_case, write_case};
use rebook_tests::planner::engine_plan;
use serde_json::{Value, json};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name)
}

fn read(dir: &Path) -> Case {
    read_case(dir, &ReadOptions::default()).unwrap_or_else(|error| panic!("{}: {error:?}", dir.display()))
}

/// The practice, without what FHIR has no element for; some of its busy slots have a patient who wants another place.
fn practice() -> Case {
    let mut case = read(&fixture("practice"));
    for clinician in &mut case.clinicians {
        clinician.skills.clear();
        clinician.leave = DateSet::default();
        clinician.max_contacts_day = None;
        clinician.duration_multiplier = 1.into();
    }
    for site in &mut case.sites {
        (site.pcn, site.icb, site.region, site.calls_per_day) = (None, None, None, None);
        (site.hub, site.closed_dates) = (false, DateSet::default());
        site.serves.clear();
        site.features.clear();
    }
    for session in &mut case.sessions {
        session.care_types.clear();
        session.features.clear();
        // The label stands on each slot.
        session.reserved_for = None;
        (session.max_contacts, session.additional, session.cost) = (None, false, None);
    }
    let mut patients = case.requests.iter().map(|request| request.patient_id.clone()).step_by(2);
    for (at, slot) in case.slots.iter_mut().enumerate() {
        (slot.places, slot.places_taken) = (None, 0);
        slot.patient_id = if at % 9 == 0 && slot.status == SlotStatus::Busy {
            patients.next().map(Into::into)
        } else {
            None
        };
    }
    assert!(case.slots.iter().filter(|slot| slot.patient_id.is_some()).count() > 20);
    case
}

const CHANNEL: &str = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel";
const ROLES: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName";

fn channels(session: &Session) -> Value {
    let channels = session.delivery_channels.iter().map(|channel| {
        let concept = match channel {
            DeliveryChannel::InPerson => json!({ "coding": [{ "code": "In-person" }] }),
            DeliveryChannel::Telephone => json!({ "coding": [{ "code": "Telephone" }] }),
            DeliveryChannel::Video => json!({ "coding": [{ "code": "Video" }] }),
            DeliveryChannel::HomeVisit => {
                json!({ "coding": [{ "code": "In-person" }], "text": "Home visit" })
            }
        };
        json!({ "url": CHANNEL, "valueCodeableConcept": concept })
    });
    channels.collect()
}

/// The book of a case as resources.
fn resources(case: &Case) -> Vec<Value> {
    let mut all = vec![json!({ "resourceType": "Organization", "id": "P0001" })];
    for site in &case.sites {
        let mut location = json!({
            "resourceType": "Location", "id": site.site_id, "name": site.name, "status": "active",
            "position": {
                "latitude": site.latitude.map(|degrees| serde_json::from_str::<Value>(&degrees.to_string()).expect("a number")),
                "longitude": site.longitude.map(|degrees| serde_json::from_str::<Value>(&degrees.to_string()).expect("a number")),
            },
        });
        if let Some(practice) = &site.practice {
            location["managingOrganization"] = json!({ "reference": format!("Organization/{practice}") });
        }
        all.push(location);
    }
    for clinician in &case.clinicians {
        let id = &clinician.practitioner_id;
        let code = match clinician.role.as_str() {
            "gp" => json!({ "system": ROLES, "code": "R0260", "display": "General Medical Practitioner" }),
            "pharmacist" => json!({ "system": ROLES, "code": "R1290" }),
            role => json!({ "system": "https://example.org/roles", "code": role }),
        };
        let gender = clinician.gender.map(Gender::as_str);
        all.push(json!({ "resourceType": "Practitioner", "id": id, "gender": gender }));
        all.push(json!({
            "resourceType": "PractitionerRole", "id": format!("{id}-role"), "active": true,
            "practitioner": { "reference": format!("Practitioner/{id}") }, "code": [{ "coding": [code] }],
        }));
    }
    for session in &case.sessions {
        let practitioner = &case.clinicians[session.clinician.index()].practitioner_id;
        all.push(json!({
            "resourceType": "Schedule", "id": session.session_id, "active": true, "extension": channels(session),
            "actor": [
                { "reference": format!("PractitionerRole/{practitioner}-role") },
                { "reference": format!("Location/{}", case.sites[session.site.index()].site_id) },
            ],
            "planningHorizon": { "start": format_instant(session.start), "end": format_instant(session.end) },
        }));
    }
    for slot in &case.slots {
        let id = slot.slot_id.as_str();
        // What an appointment says of a slot counts.
        let status = if slot.patient_id.is_some() { "free" } else { slot.status.as_str() };
        let mut one = json!({
            "resourceType": "Slot", "id": id, "status": status,
            "schedule": { "reference": format!("https://example.org/fhir/Schedule/{}", case.sessions[slot.session.index()].session_id) },
            "start": format_instant(slot.start), "end": format_instant(slot.end()),
        });
        if let Some(label) = &slot.reserved_for {
            assert_eq!(label, "urgent");
            one["appointmentType"] = json!({ "coding": [{ "code": "EMERGENCY" }] });
        }
        all.push(one);
        if let Some(patient) = &slot.patient_id {
            all.push(json!({
                "resourceType": "Appointment", "id": format!("A-{id}"), "status": "booked",
                "start": format_instant(slot.start), "end": format_instant(slot.end()),
                "slot": [{ "reference": format!("Slot/{id}") }],
                "participant": [{ "actor": { "reference": format!("Patient/{patient}") }, "status": "accepted" }],
            }));
        }
    }
    all
}

/// A case whose book is in these files.
fn with_book(tables: &Path, dir: &Path, files: &[(&str, String)]) -> Case {
    fs::create_dir_all(dir.join("fhir")).expect("a folder");
    for name in ["requests.csv", "policy.toml"] {
        fs::copy(tables.join(name), dir.join(name)).expect("copied");
    }
    for (name, text) in files {
        fs::write(dir.join(name), text).expect("written");
    }
    read(dir)
}

fn bundle(resources: &[Value]) -> String {
    let entries = resources.iter().map(|resource| json!({ "resource": resource }));
    format!(
        "{:#}",
        json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries.collect::<Vec<_>>() })
    )
}

fn lines<'a>(resources: impl IntoIterator<Item = &'a Value>) -> String {
    let mut lines: Vec<String> = resources.into_iter().map(Value::to_string).collect();
    lines.push(String::new());
    lines.join("\n")
}

#[test]
fn a_book_of_fhir_gives_the_case_and_the_plan_of_its_tables() {
    let home = tempfile::tempdir().expect("a folder");
    let tables = home.path().join("tables");
    write_case(&practice(), &tables).expect("written");
    let from_tables = read(&tables);
    let resources = resources(&from_tables);
    let plan_of = |case: &Case| {
        let files = plan_files(&engine_plan(case).expect("a plan"), &[]).expect("files");
        let [tables @ .., _summary] = <[_; 4]>::try_from(files).expect("four files");
        tables.map(|file| file.bytes)
    };
    let expected = plan_of(&from_tables);
    assert!(expected[0].len() > 1000, "there is a plan");

    let (even, odd) = (resources.iter().step_by(2), resources.iter().skip(1).step_by(2));
    let patient = r#"{"resourceType":"Patient","id":"x"}"#;
    for (name, files) in [
        ("bundle", vec![("book.json", bundle(&resources))]),
        ("list", vec![("book.json", Value::from(resources.clone()).to_string())]),
        ("lines", vec![("book.ndjson", lines(&resources))]),
        // The first file refers to what is in the second; a copy of all changes nothing.
        (
            "folder",
            vec![
                ("fhir/1.ndjson", lines(odd)),
                ("fhir/2.ndjson", lines(even)),
                ("fhir/3.json", bundle(&resources)),
                ("fhir/patient.json", patient.to_owned()),
                ("fhir/notes.txt", "no resource".to_owned()),
            ],
        ),
    ] {
        let case = with_book(&tables, &home.path().join(name), &files);
        assert_eq!(case.clinicians, from_tables.clinicians, "{name}");
        assert_eq!(case.sites, from_tables.sites, "{name}");
        assert_eq!(case.sessions, from_tables.sessions, "{name}");
        assert_eq!(case.slots, from_tables.slots, "{name}");
        assert_eq!(plan_of(&case), expected, "{name}");
        let read = files
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| Path::new(name).extension().is_none_or(|end| end != "txt"));
        let named: Vec<&str> = case.files.iter().map(|file| file.name.as_str()).collect();
        let mut wanted: Vec<&str> = read.chain(["policy.toml", "requests.csv"]).collect();
        wanted.sort_unstable();
        assert_eq!(named, wanted, "{name}");
        assert!(case.files.iter().all(|file| file.sha256.len() == 64), "{name}");
    }
}
