//! The plan as FHIR R4: what is in the bundles, and in which order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rebook::Error;
use rebook::desk::{Action, Desk, Step, fhir};
use rebook::model::{Case, PlanFiles};
use rebook::prepare::prepare;
use rebook::tables::{OutputFile, ReadOptions, read_case};
use rebook_tests::planner::engine_plan;
use serde_json::Value;

fn planned() -> (Case, PlanFiles) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/fhir/practice");
    let case = read_case(&dir, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error:?}"));
    let plan = engine_plan(&case).expect("a plan");
    (case, plan)
}

fn bundles(case: &Case, plan: &PlanFiles, steps: &[Step]) -> rebook::Result<Vec<OutputFile>> {
    fhir::bundles(&Desk::new(case, &prepare(case), plan)?, steps)
}

/// The entries of a bundle.
fn entries(file: &OutputFile) -> Vec<Value> {
    let bundle: Value = serde_json::from_slice(&file.bytes).expect("JSON");
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&"Bundle".into(), &"collection".into()));
    assert_eq!(bundle["timestamp"], "2024-07-22T07:00:00+01:00");
    bundle["entry"].as_array().cloned().unwrap_or_default()
}

/// A place in the plan is booked, and what stands at its first slot's place in the book before is cancelled.
fn steps(plan: &PlanFiles) -> Vec<Step> {
    let row = &plan.plan[0];
    let step = |number: u32, action, slot_ids: Vec<String>, done| Step {
        number,
        key: format!("key/{number}"),
        action,
        request_id: row.request_id.clone(),
        patient_id: row.patient_id.clone(),
        session_id: row.session_id.clone(),
        slot_ids,
        start: row.start,
        end: row.end,
        after: Vec::new(),
        self_book_until: None,
        when: "",
        done,
    };
    vec![
        step(1, Action::Book, vec!["done".to_owned()], true),
        step(2, Action::Book, row.slot_ids.clone(), false),
        step(3, Action::Cancel, vec!["OLD-1".to_owned(), "OLD-2".to_owned()], false),
    ]
}

#[test]
fn every_row_of_the_plan_is_a_proposed_appointment() {
    let (case, plan) = planned();
    assert!(plan.plan.len() > 5, "there is a plan");
    let files = bundles(&case, &plan, &[]).expect("bundles");
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["fhir/proposed.json", "fhir/cancel-replace.json"]);
    let entries = entries(&files[0]);
    assert_eq!(entries.len(), plan.plan.len());
    let mut urls = BTreeSet::new();
    for (entry, row) in entries.iter().zip(&plan.plan) {
        let appointment = &entry["resource"];
        let text = |path: &str| appointment.pointer(path).and_then(Value::as_str).unwrap_or_default();
        assert!(urls.insert(entry["fullUrl"].to_string()), "each by its own name");
        assert_eq!((text("/resourceType"), text("/status")), ("Appointment", "proposed"));
        assert_eq!((text("/id"), text("/identifier/0/value")), (&*row.request_id, &*row.request_id));
        assert_eq!(text("/start"), format!("{}+01:00", row.start.format("%Y-%m-%dT%H:%M:%S")));
        assert_eq!(text("/end"), format!("{}+01:00", row.end.format("%Y-%m-%dT%H:%M:%S")));
        assert_eq!(appointment["minutesDuration"], (row.end - row.start).num_minutes());
        assert_eq!(text("/created"), "2024-07-22T07:00:00+01:00");
        let slots = appointment["slot"].as_array().expect("slots").iter();
        let slots: Vec<&str> = slots.filter_map(|slot| slot["reference"].as_str()).collect();
        assert_eq!(slots, row.slot_ids.iter().map(|slot| format!("Slot/{slot}")).collect::<Vec<_>>());
        assert_eq!(text("/participant/0/actor/reference"), format!("Patient/{}", row.patient_id));
        assert_eq!(text("/participant/1/actor/reference"), format!("Practitioner/{}", row.practitioner_id));
        assert_eq!(text("/participant/2/actor/reference"), format!("Location/{}", row.site_id));
        for at in 0..3 {
            assert_eq!(text(&format!("/participant/{at}/status")), "needs-action");
        }
        let channel = text("/extension/0/valueCodeableConcept/coding/0/code").to_lowercase();
        assert_eq!(channel, row.delivery_channel);
        // Nothing clinical, and nothing made up.
        for absent in [
            "reasonCode",
            "reasonReference",
            "description",
            "comment",
            "priority",
            "appointmentType",
            "serviceType",
        ] {
            assert_eq!(appointment.get(absent), None, "{absent}");
        }
    }
    assert!(!String::from_utf8_lossy(&files[0].bytes).contains("gp-consultation"));
}

#[test]
fn nobody_who_is_excluded_is_in_a_bundle() {
    let (mut case, _) = planned();
    let out = case.requests[0].patient_id.clone();
    case.requests[0].reconciliation = rebook::model::Reconciliation::Died;
    let plan = engine_plan(&case).expect("a plan");
    assert!(plan.excluded.iter().any(|row| row.patient_id == out));
    for file in bundles(&case, &plan, &[]).expect("bundles") {
        assert!(!String::from_utf8_lossy(&file.bytes).contains(&out), "{}", file.name);
    }
}

#[test]
fn steps_are_transactions_of_their_own_in_their_order() {
    let (case, plan) = planned();
    let steps = steps(&plan);
    let entries = entries(&bundles(&case, &plan, &steps).expect("bundles")[1]);
    assert_eq!(entries.len(), 2, "what is done is left out");
    let row = &plan.plan[0];
    let (book, cancel) = (&entries[0]["resource"], &entries[1]["resource"]);
    for (transaction, key) in [(book, "key/2"), (cancel, "key/3")] {
        assert_eq!(transaction["type"], "transaction");
        assert_eq!(transaction["identifier"]["value"], key);
        assert_eq!(transaction["entry"].as_array().map(Vec::len), Some(1));
    }
    let old = format!("Appointment?patient=Patient/{}&slot=Slot/OLD-1", row.patient_id);
    let new = "identifier=urn:x-rebook:step%7Ckey%2F2";

    let request = &book["entry"][0]["request"];
    assert_eq!((&request["method"], &request["url"]), (&"POST".into(), &"Appointment".into()));
    assert_eq!(request["ifNoneExist"], new);
    let appointment = &book["entry"][0]["resource"];
    assert_eq!(appointment["status"], "booked");
    assert_eq!(appointment.get("id"), None, "the booking system gives it");
    assert_eq!(appointment["identifier"][0]["value"], "key/2");
    assert_eq!(appointment["slot"][0]["reference"], format!("Slot/{}", row.slot_ids[0]));
    assert_eq!(
        appointment["participant"][1]["actor"]["reference"],
        format!("Practitioner/{}", row.practitioner_id)
    );
    assert_eq!(book["link"][0]["url"], old.as_str());

    let request = &cancel["entry"][0]["request"];
    assert_eq!((&request["method"], &request["url"]), (&"PATCH".into(), &old.as_str().into()));
    let operations = cancel["entry"][0]["resource"]["parameter"].as_array().expect("operations");
    assert_eq!(operations[0]["part"][2]["valueCode"], "cancelled");
    assert_eq!(operations.len(), 2, "why: it was moved");
    assert_eq!(cancel["link"][0]["url"], format!("Appointment?{new}"));

    // A cancellation by itself says nothing of a move.
    let alone = self::entries(&bundles(&case, &plan, &steps[2..]).expect("bundles")[1]);
    let cancel = &alone[0]["resource"];
    assert_eq!(cancel["entry"][0]["resource"]["parameter"].as_array().map(Vec::len), Some(1));
    assert_eq!(cancel.get("link"), None);
}

#[test]
fn a_step_of_another_case_is_refused() {
    let (case, plan) = planned();
    let mut steps = steps(&plan);
    steps[1].session_id = "elsewhere".to_owned();
    assert!(
        matches!(bundles(&case, &plan, &steps), Err(Error::Argument(text)) if text.contains("elsewhere"))
    );
}

/// Where these files are wanted for another look: `REBOOK_FHIR=DIR cargo test --test fhir_out`.
#[test]
fn the_bundles_can_be_kept() {
    let (case, plan) = planned();
    let files = bundles(&case, &plan, &steps(&plan)).expect("bundles");
    assert_eq!(files, bundles(&case, &plan, &steps(&plan)).expect("bundles"), "the same bytes");
    if let Some(dir) = std::env::var_os("REBOOK_FHIR") {
        for file in files {
            let path = Path::new(&dir).join(file.name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, file.bytes).expect("written");
        }
    }
}
