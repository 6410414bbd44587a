//! The cases kept with the project.

use std::collections::{BTreeMap, BTreeSet};

use rebook::desk::{Action, Earlier, MessageOptions, Why, transactions, transactions_csv};
use rebook::model::{Case, PlanFiles, PlanRow};
use rebook::tables::{ReadOptions, read_case};
use rebook::{PlanOptions, plan};

use super::pools::suits_everybody;
use super::{Told, at_desk, rows};

fn planned(name: &str) -> (Case, PlanFiles) {
    let folder = rebook_tests::house::root().join("fixtures").join(name);
    let case = read_case(&folder, &ReadOptions::default()).expect("a case");
    // Any plan will do, and this one is at hand at once.
    let hurried = PlanOptions { pivots: 0, stop: &|| true, hurry: &|| true, ..PlanOptions::default() };
    let plan = plan(&case, &hurried).expect("a plan");
    (case, plan)
}

/// Patients of whom a row says that they have died or left.
fn gone(plan: &PlanFiles) -> BTreeSet<&str> {
    let rows = plan.excluded.iter();
    let rows = rows.filter(|row| ["died", "deregistered"].contains(&row.reason_code.as_str()));
    rows.map(|row| row.patient_id.as_str()).collect()
}

#[test]
fn everybody_is_told_in_one_way_and_the_excluded_in_none() {
    for name in ["practice", "practice-dirty", "pcn"] {
        let (case, plan) = planned(name);
        let told = at_desk(&case, &plan, |desk| Told::at(desk, MessageOptions::default()));
        let mut ways: BTreeMap<String, usize> = BTreeMap::new();
        let lists = ["messages/held.csv", "letters.csv", "clinician-contact.csv"];
        for file in told.waves().into_iter().chain(lists) {
            for request in told.requests(file) {
                *ways.entry(request).or_default() += 1;
            }
        }
        let at_risk: BTreeSet<&str> = case
            .requests
            .iter()
            .filter(|row| !row.safe_to_contact)
            .map(|row| row.patient_id.as_str())
            .collect();
        let gone = gone(&plan);
        let wanted: BTreeMap<String, usize> = plan
            .plan
            .iter()
            .filter(|row| row.contact_route != "phone" || at_risk.contains(row.patient_id.as_str()))
            .filter(|row| !gone.contains(row.patient_id.as_str()))
            .map(|row| (row.request_id.clone(), 1))
            .collect();
        assert_eq!(ways, wanted, "{name}");
        let by_clinician = told.requests("clinician-contact.csv");
        let is_at_risk = |row: &&PlanRow| {
            at_risk.contains(row.patient_id.as_str()) && wanted.contains_key(&row.request_id)
        };
        for row in plan.plan.iter().filter(is_at_risk) {
            assert!(by_clinician.contains(&row.request_id), "{name}: {}", row.request_id);
        }
        let texts: BTreeSet<String> = plan
            .plan
            .iter()
            .filter(|row| ["sms", "app"].contains(&row.contact_route.as_str()))
            .map(|row| row.request_id.clone())
            .collect();
        let messaged: BTreeSet<String> = told.invited().into_iter().chain(told.held()).collect();
        assert!(messaged.is_subset(&texts), "{name}");
        let excluded: BTreeSet<&str> = plan.excluded.iter().map(|row| row.request_id.as_str()).collect();
        assert!(ways.keys().all(|request| !excluded.contains(request.as_str())));
        suits_everybody(&case, &plan, &told);
        assert!(!told.invited().is_empty() && !told.held().is_empty(), "{name}");
    }
}

#[test]
fn nothing_is_said_of_what_for_or_with_whom() {
    let (case, plan) = planned("practice");
    let told = at_desk(&case, &plan, |desk| Told::at(desk, MessageOptions::default()));
    let texts: Vec<String> = told
        .0
        .iter()
        .filter(|(name, _)| *name != "messages/pool.csv")
        .flat_map(|(_, bytes)| rows(bytes))
        .flat_map(|row| {
            row.into_iter()
                .filter(|(column, _)| column.starts_with("text_") || column == "message")
                .map(|cell| cell.1)
        })
        .collect();
    assert!(texts.len() > 20);
    for text in texts {
        let text = text.to_lowercase();
        for care_type in &case.policy.care_types {
            assert!(
                !text.contains(&care_type.code) && !text.contains(&care_type.code.replace('-', " ")),
                "{text}"
            );
        }
        for one in &case.clinicians {
            assert!(
                !text.contains(&one.practitioner_id.to_lowercase()) && !text.contains(&one.role),
                "{text}"
            );
        }
        assert!(
            !text.contains("hub of") || text.starts_with("it is on"),
            "a site is named in letters alone: {text}"
        );
    }
}

#[test]
fn every_place_is_booked_once_in_the_order_of_the_calls() {
    for name in ["practice", "practice-dirty", "pcn"] {
        let (case, plan) = planned(name);
        let list = at_desk(&case, &plan, |desk| {
            transactions(desk, &Earlier::default(), &BTreeMap::new()).expect("a list")
        });
        let booked: Vec<&str> = list
            .steps
            .iter()
            .filter(|step| step.action == Action::Book)
            .map(|step| step.request_id.as_str())
            .collect();
        let ids: Vec<&str> = plan.plan.iter().map(|row| row.request_id.as_str()).collect();
        // Of whom another request says that they have died or left: somebody looks first.
        let gone = gone(&plan);
        let left: Vec<(&str, Why)> =
            list.stuck.iter().map(|row| (row.request_id.as_str(), row.why)).collect();
        let apart: Vec<(&str, Why)> = plan
            .plan
            .iter()
            .filter(|row| gone.contains(row.patient_id.as_str()))
            .map(|row| (row.request_id.as_str(), Why::Gone))
            .collect();
        assert_eq!(left, apart, "{name}");
        let apart: BTreeSet<&str> = apart.into_iter().map(|(id, _)| id).collect();
        let ids: Vec<&str> = ids.into_iter().filter(|id| !apart.contains(id)).collect();
        assert_eq!(booked, ids, "{name}");
        let keys: BTreeSet<&str> = list.steps.iter().map(|step| step.key.as_str()).collect();
        assert_eq!(keys.len(), list.steps.len());
        let bytes = transactions_csv(&list.steps).expect("a file").bytes;
        assert_eq!(rows(&bytes).len(), list.steps.len());
    }
}
