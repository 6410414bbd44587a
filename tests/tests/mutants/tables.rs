//! The book or the policy is not what the planner took it for: each rule of sections 1 to 4.

use rebook::verify::Rule;

use super::Mutant;

/// Changes of the case; the plan stays, and claims to be made from it.
pub const MUTANTS: &[Mutant] = &[
    (Rule::Excluded, "has died", |f| f.case_cell("requests.csv", "R1", "reconciliation", "died")),
    (Rule::Excluded, "is no longer declined", |f| {
        f.case_cell("requests.csv", "X1", "reconciliation", "not-seen");
    }),
    (Rule::Excluded, "a tier that is never scheduled", |f| {
        f.case_cell("requests.csv", "R9", "priority", "GP0");
    }),
    (Rule::Excluded, "an unreadable cell", |f| {
        f.case_cell("requests.csv", "R1", "duration_minutes", "quarter of an hour");
    }),
    (Rule::Excluded, "on a circle", |f| f.case_cell("requests.csv", "R4", "after_request_id", "R5")),
    (Rule::Rank, "another tier", |f| f.case_cell("requests.csv", "R2", "priority", "GP2")),
    (Rule::Windowed, "a window that closes later", |f| {
        f.case_cell("requests.csv", "L1", "latest_date", "2024-07-31");
    }),
    (Rule::WindowPassed, "passed windows are not planned", |f| {
        f.policy("place_after_window = true", "place_after_window = false");
        f.case_cell("requests.csv", "R1", "latest_date", "2024-07-20");
    }),
    (Rule::Target, "a due date", |f| f.case_cell("requests.csv", "R1", "due_date", "2024-07-23")),
    (Rule::Run, "a slot that is not free", |f| f.case_cell("slots.csv", "S/1", "status", "busy-unavailable")),
    (Rule::Run, "a slot with a label", |f| f.case_cell("slots.csv", "S/1", "reserved_for", "urgent")),
    (Rule::Run, "a slot too short", |f| f.case_cell("slots.csv", "S/1", "duration_minutes", "10")),
    (Rule::Run, "a slow practitioner", |f| {
        f.case_cell("clinicians.csv", "g1", "duration_multiplier", "1.1");
    }),
    (Rule::Run, "a group slot without places", |f| f.case_cell("slots.csv", "S/1", "places", "0")),
    (Rule::Practitioner, "another role", |f| f.case_cell("clinicians.csv", "g1", "role", "nurse")),
    (Rule::Practitioner, "gender unknown", |f| {
        f.case_cell("requests.csv", "R1", "practitioner_gender", "female");
    }),
    (Rule::Practitioner, "continuity required", |f| {
        f.case_cell("requests.csv", "R1", "preferred_practitioner_id", "g2");
        f.case_cell("requests.csv", "R1", "continuity", "required");
    }),
    (Rule::Channel, "a need that nobody meets", |f| f.case_cell("requests.csv", "R1", "needs", "bsl")),
    (Rule::Channel, "another channel first", |f| {
        f.case_cell("requests.csv", "R1", "delivery_channels", "telephone;in-person");
    }),
    (Rule::Channel, "a session without the channel", |f| {
        f.case_cell("sessions.csv", "S", "delivery_channels", "video");
    }),
    (Rule::Site, "a site of another practice", |f| {
        f.case_cell("sites.csv", "A", "practice", "Y");
        f.case_cell("requests.csv", "R1", "site_id", "B");
    }),
    (Rule::Site, "a session for something else", |f| {
        f.case_cell("sessions.csv", "S", "care_types", "bloods");
    }),
    (Rule::Date, "on leave", |f| f.case_cell("clinicians.csv", "g1", "leave", "2024-07-22")),
    (Rule::Date, "closed", |f| f.case_cell("sites.csv", "A", "closed_dates", "2024-07-22")),
    (Rule::Date, "unavailable", |f| f.case_cell("requests.csv", "R1", "unavailable_dates", "2024-07-22")),
    (Rule::Date, "too early", |f| f.case_cell("requests.csv", "R1", "earliest_date", "2024-07-23")),
    (Rule::Date, "too late", |f| f.case_cell("requests.csv", "R9", "latest_date", "2024-07-22")),
    (Rule::Date, "a bank holiday", |f| {
        f.policy("bank_holidays = \"england\"", "bank_holidays = [\"2024-07-22\"]");
    }),
    (Rule::Date, "beyond the plan", |f| f.policy("horizon_days = 28", "horizon_days = 7")),
    (Rule::Time, "another time of the day", |f| {
        f.case_cell("requests.csv", "R1", "available", "Mon 10:00-10:14");
    }),
    (Rule::Time, "no notice", |f| f.policy("as_of = \"2024-07-22T00:00\"", "as_of = \"2024-07-22T10:01\"")),
    (Rule::Clash, "the patient is elsewhere", |f| {
        f.case_cell("sessions.csv", "O", "practitioner_id", "g2");
        f.case_cell("slots.csv", "O/1", "patient_id", "p-R6");
        f.case_cell("slots.csv", "O/1", "start", "2024-07-23T09:20");
    }),
    (Rule::Clash, "the practitioner is elsewhere", |f| {
        f.case_cell("sessions.csv", "O", "practitioner_id", "g1");
        f.case_cell("slots.csv", "O/1", "start", "2024-07-22T10:05");
    }),
    (Rule::Additional, "a session that is not there", |f| {
        f.case_cell("sessions.csv", "S", "additional", "true");
    }),
    (Rule::Capacity, "two sessions of one practitioner at once", |f| {
        f.case_cell("sessions.csv", "T", "practitioner_id", "g1");
    }),
    (Rule::Contacts, "a cap of the day", |f| f.case_cell("clinicians.csv", "g1", "max_contacts_day", "2")),
    (Rule::Contacts, "a cap of the session", |f| f.case_cell("sessions.csv", "N", "max_contacts", "2")),
    (Rule::Contacts, "people in the group already", |f| {
        f.case_cell("clinicians.csv", "g1", "max_contacts_day", "3");
        f.case_cell("slots.csv", "S/1", "places", "1");
        f.case_cell("slots.csv", "S/1", "places_taken", "1");
    }),
    (Rule::Reserve, "a reserve", |f| f.more_policy("\n[[reserve]]\nrole = \"gp\"\nfraction = 0.4\n")),
    (Rule::Calls, "fewer calls", |f| f.case_cell("sites.csv", "A", "calls_per_day", "1")),
    (Rule::Calls, "no calls", |f| f.case_cell("sites.csv", "A", "calls_per_day", "0")),
    (Rule::Patient, "one patient at two sites at once", |f| {
        f.case_cell("requests.csv", "R3", "patient_id", "p-R1");
        f.plan_cell("R3", "patient_id", "p-R1");
    }),
    (Rule::Patient, "no time to travel", |f| {
        f.case_cell("requests.csv", "R3", "patient_id", "p-R2");
        f.plan_cell("R3", "patient_id", "p-R2");
    }),
    (Rule::Links, "too soon", |f| f.case_cell("requests.csv", "R5", "after_min_days", "7")),
    (Rule::Links, "too late", |f| f.case_cell("requests.csv", "R5", "after_max_days", "5")),
    (Rule::Links, "after one that is not placed", |f| {
        f.case_cell("requests.csv", "R5", "after_request_id", "L1");
    }),
    (Rule::Links, "after one that is excluded", |f| {
        f.case_cell("requests.csv", "R5", "after_request_id", "X1");
    }),
    (Rule::Links, "before the other has ended", |f| {
        f.case_cell("requests.csv", "R1", "after_request_id", "R2");
        f.case_cell("requests.csv", "R1", "after_min_days", "0");
    }),
    (Rule::Visits, "not on one date", |f| f.case_cell("requests.csv", "R5", "together_id", "v")),
    (Rule::Visits, "not all of them", |f| f.case_cell("requests.csv", "L1", "together_id", "v")),
    (Rule::Visits, "too far apart", |f| {
        f.policy("together_gap_minutes = 30", "together_gap_minutes = 0");
        f.case_cell("requests.csv", "R6", "duration_minutes", "14");
    }),
    (Rule::Visits, "not at one site", |f| {
        f.case_cell("requests.csv", "R1", "together_id", "w");
        f.case_cell("requests.csv", "R3", "together_id", "w");
    }),
    (Rule::Conservation, "a request more", |f| {
        f.change("case/requests.csv", |rows| {
            let mut row = rows[0].clone();
            "R0".clone_into(&mut row[0]);
            rows.push(row);
        });
    }),
    (Rule::PolicyRecord, "another version", |f| f.policy("version = \"1\"", "version = \"2\"")),
    (Rule::Input, "a table that has changed since", |f| {
        f.set("case/requests.csv", "R1", "times_cancelled", "2");
    }),
];
