//! The files of a previous plan.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rebook::model::{
    Case, Counts, DeliveryChannel, ObjectiveEntry, ObjectiveRecord, PlanFiles, PlanRow, PolicyRecord,
    RunRecord, Slot, Summary,
};
use rust_decimal::Decimal;

/// A place that a request had.
#[derive(Debug, Clone)]
pub(super) struct Previous {
    pub(super) request_id: String,
    pub(super) slot_ids: Vec<String>,
}

/// The files of a plan that had these rows.
pub(super) fn previous_plan(case: &Case, rows: &[Previous]) -> PlanFiles {
    let plan = rows.iter().zip(1..).map(|(row, call_order)| plan_row(case, row, call_order)).collect();
    let nothing = ObjectiveEntry { value: 0, bound: 0 };
    PlanFiles {
        plan,
        unplaced: Vec::new(),
        excluded: Vec::new(),
        summary: Summary {
            status: "optimal".to_owned(),
            objective: ObjectiveRecord {
                late: Vec::new(),
                window: nothing.clone(),
                wait: Vec::new(),
                order: nothing,
            },
            counts: Counts {
                requests: rows.len(),
                placed: rows.len(),
                unplaced: 0,
                excluded: 0,
                by_tier: BTreeMap::new(),
            },
            policy: PolicyRecord {
                name: case.policy.name.clone(),
                version: case.policy.version.clone(),
                approved_by: case.policy.approved_by.clone(),
            },
            run: RunRecord {
                start: case.policy.start,
                as_of: rebook::calendar::format_moment(case.policy.as_of),
                additional: case.use_additional,
                previous: None,
                outcomes: Vec::new(),
                interrupted: false,
            },
            input_sha256: BTreeMap::new(),
            software_version: "0".to_owned(),
            seed: 0,
            elapsed_seconds: 0.0,
            warnings: Vec::new(),
        },
    }
}

fn plan_row(case: &Case, previous: &Previous, call_order: u32) -> PlanRow {
    let slots: Vec<&Slot> = previous
        .slot_ids
        .iter()
        .map(|id| case.slots.iter().find(|slot| slot.slot_id == *id).expect("a slot of that id"))
        .collect();
    let session = &case.sessions[slots[0].session.index()];
    let clinician = &case.clinicians[session.clinician.index()];
    let request = case.requests.iter().find(|request| request.request_id == previous.request_id);
    // The appointment is as long as the request needs; the whole run where the request is not in the case.
    let run_end = slots[slots.len() - 1].end();
    let end = request.map_or(run_end, |request| {
        let by_care_type =
            || request.care_type.map_or(15, |at| case.policy.care_types[at.index()].duration_minutes);
        let minutes = Decimal::from(request.duration_minutes.unwrap_or_else(by_care_type));
        let needed = (minutes * clinician.duration_multiplier).ceil();
        slots[0].start + TimeDelta::minutes(i64::try_from(needed).expect("minutes"))
    });
    PlanRow {
        call_order,
        call_by: None,
        request_id: previous.request_id.clone(),
        patient_id: request.map_or_else(String::new, |request| request.patient_id.clone()),
        tier: request.and_then(|request| request.priority.clone()).unwrap_or_default(),
        rank: 1,
        target_date: case.policy.start,
        latest_date: None,
        session_id: session.session_id.clone(),
        slot_ids: previous.slot_ids.clone(),
        practitioner_id: clinician.practitioner_id.clone(),
        site_id: case.sites[session.site.index()].site_id.clone(),
        start: slots[0].start,
        end: end.min(run_end),
        delivery_channel: DeliveryChannel::InPerson.as_str().to_owned(),
        contact_route: "phone".to_owned(),
        days_late: 0,
        status: "proposed".to_owned(),
        flags: Vec::new(),
        reason: String::new(),
        kept: Vec::new(),
    }
}
