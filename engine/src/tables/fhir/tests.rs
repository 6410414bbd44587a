//! What becomes of each element, one case at a time.

use std::collections::BTreeMap;

use super::super::{ReadOptions, read_case_files};
use crate::calendar::format_moment;
use crate::error::Error;
use crate::issue::Issue;
use crate::model::{Case, DeliveryChannel, SlotStatus};

const CHANNEL: &str = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel";

const REQUESTS: &str = "request_id,patient_id,site_id,care_type,original_start\n\
                        R1,P1,L1,gp-consultation,2024-07-19T09:00\n";

const PEOPLE: &str = r#"
{"resourceType":"Location","id":"L1","status":"active","name":"Main","managingOrganization":{"identifier":{"value":"A81001"}}}
{"resourceType":"Practitioner","id":"D1","gender":"female"}
{"resourceType":"PractitionerRole","id":"DR1","practitioner":{"reference":"Practitioner/D1"},"location":[{"reference":"Location/L1"}],"code":[{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName","code":"R0260"}]}]}"#;

const SCHEDULE: &str = r#"{"resourceType":"Schedule","id":"S1","actor":[{"reference":"Practitioner/D1"},{"reference":"Location/L1"}]}"#;

/// A slot of the schedule: its own id, status, start and end in UTC on 22 July, and more elements.
fn slot(id: &str, status: &str, (start, end): (&str, &str), more: &str) -> String {
    format!(
        r#"{{"resourceType":"Slot","id":"{id}","status":"{status}","schedule":{{"reference":"Schedule/S1"}},"start":"2024-07-22T{start}:00Z","end":"2024-07-22T{end}:00Z"{more}}}"#
    )
}

fn appointment(id: &str, status: &str, more: &str, actors: &[&str]) -> String {
    let actors: Vec<String> = actors
        .iter()
        .map(|actor| format!(r#"{{"actor":{{"reference":"{actor}"}},"status":"accepted"}}"#))
        .collect();
    let actors = actors.join(",");
    format!(
        r#"{{"resourceType":"Appointment","id":"{id}","status":"{status}"{more},"participant":[{actors}]}}"#
    )
}

fn read(lines: &[&str]) -> Result<Case, Vec<Issue>> {
    let book = lines.join("\n").into_bytes();
    let files = BTreeMap::from([
        ("requests.csv".to_owned(), REQUESTS.as_bytes().to_vec()),
        ("policy.toml".to_owned(), b"start = \"2024-07-22\"\n".to_vec()),
        ("book.ndjson".to_owned(), book),
    ]);
    read_case_files(&files, &ReadOptions::default()).map_err(|error| match error {
        Error::Unusable(issues) => issues,
        other => panic!("{other}"),
    })
}

/// The book of these lines, which can be used.
fn good(lines: &[&str]) -> Case {
    read(lines).unwrap_or_else(|issues| panic!("{issues:#?}"))
}

/// Code, line, field and value of what was found.
fn told(issues: &[Issue]) -> Vec<String> {
    let told = issues.iter().map(|issue| {
        let (field, value) = (issue.field.as_deref().unwrap_or("-"), issue.value.as_deref().unwrap_or("-"));
        format!("{} {}:{} {field} {value}", issue.code, issue.file, issue.line.unwrap_or_default())
    });
    told.collect()
}

/// The sessions and slots of a case, in short.
fn book(case: &Case) -> Vec<String> {
    let slots = case.slots.iter().map(|slot| {
        let session = &case.sessions[slot.session.index()];
        format!(
            "{} {} {} {}+{} {} {}",
            session.session_id,
            case.clinicians[session.clinician.index()].practitioner_id,
            slot.slot_id,
            format_moment(slot.start),
            slot.duration_minutes,
            slot.status.as_str(),
            slot.patient_id.as_deref().unwrap_or("-")
        )
    });
    slots.collect()
}

#[test]
fn one_session_for_each_schedule_and_date() {
    let other_day = r#"{"resourceType":"Slot","id":"c","status":"free","schedule":{"reference":"Schedule/S1"},"start":"2024-12-02T09:00:00Z","end":"2024-12-02T09:15:00.000+00:00"}"#;
    let late = slot("b", "busy", ("23:00", "23:30"), "");
    let case = good(&[PEOPLE, SCHEDULE, &slot("a", "free", ("08:00", "08:15"), ""), &late, other_day]);
    assert_eq!(
        book(&case),
        [
            "S1@2024-07-22 D1 a 2024-07-22T09:00+15 free -",
            // An hour before midnight UTC is the next day in London.
            "S1@2024-07-23 D1 b 2024-07-23T00:00+30 busy -",
            "S1@2024-12-02 D1 c 2024-12-02T09:00+15 free -",
        ]
    );
    assert_eq!(case.sites[0].practice.as_deref(), Some("A81001"));
    assert_eq!(case.clinicians[0].role, "gp");
    assert!(case.warnings.is_empty(), "{:?}", case.warnings);
    let case = good(&[PEOPLE, SCHEDULE, &slot("a", "free", ("08:00", "08:15"), "")]);
    assert_eq!(case.sessions[0].session_id, "S1");
}

#[test]
fn slots_of_other_channels_make_a_session_of_their_own() {
    let video = format!(
        r#","extension":[{{"url":"{CHANNEL}","valueCodeableConcept":{{"coding":[{{"code":"Video"}}]}}}}]"#
    );
    let (a, b) = (slot("a", "free", ("08:00", "08:15"), &video), slot("b", "free", ("08:15", "08:30"), ""));
    let case = good(&[PEOPLE, SCHEDULE, &a, &b]);
    let sessions: Vec<(&str, &[DeliveryChannel])> = case
        .sessions
        .iter()
        .map(|session| (session.session_id.as_str(), session.delivery_channels.as_slice()))
        .collect();
    assert_eq!(
        sessions,
        [
            ("S1", &[DeliveryChannel::InPerson, DeliveryChannel::Telephone][..]),
            ("S1+video", &[DeliveryChannel::Video][..]),
        ]
    );
}

#[test]
fn what_is_not_free_for_everybody_is_not_offered_to_everybody() {
    let walk_in = r#","appointmentType":{"coding":[{"code":"WALKIN"}]}"#;
    let case = good(&[
        PEOPLE,
        SCHEDULE,
        &slot("a", "free", ("08:00", "08:15"), walk_in),
        &slot("b", "free", ("08:15", "08:30"), r#","overbooked":true"#),
        &slot("c", "entered-in-error", ("08:00", "08:15"), ""),
    ]);
    assert_eq!(case.slots[0].reserved_for.as_deref(), Some("walk-in"));
    assert_eq!(case.slots[1].status, SlotStatus::BusyUnavailable);
    assert_eq!(case.slots.len(), 2);
}

#[test]
fn schedules_that_are_not_there_are_not_offered_but_those_booked_in_them_count() {
    let free = slot("a", "free", ("08:00", "08:15"), "");
    let busy = slot("b", "busy", ("08:15", "08:30"), "");
    let offered = |lines: &[&str]| {
        let mut all = lines.to_vec();
        all.extend([free.as_str(), busy.as_str()]);
        let case = good(&all);
        assert_eq!(case.slots[1].status, SlotStatus::Busy);
        let holder = &case.clinicians[case.sessions[0].clinician.index()];
        (case.slots[0].status == SlotStatus::Free && holder.role == "gp", told(&case.warnings))
    };
    let schedule = |more: &str, actors: &str| {
        format!("{{\"resourceType\":\"Schedule\",\"id\":\"S1\",\"actor\":[{actors}]{more}}}")
    };
    let role = r#"{"reference":"PractitionerRole/DR1"}"#;
    let place = r#"{"reference":"Location/L1"}"#;
    let (yes, warnings) = offered(&[PEOPLE, &schedule("", role)]);
    assert!(yes && warnings.is_empty(), "{warnings:?}");
    let (yes, warnings) = offered(&[PEOPLE, &schedule(r#","active":false"#, role)]);
    assert!(!yes);
    assert_eq!(warnings, ["W109 book.ndjson:5 Schedule/S1.active false"]);
    for (people, field) in [
        (
            PEOPLE.replace(r#""id":"DR1""#, r#""id":"DR1","active":false"#),
            "PractitionerRole/DR1 is not active",
        ),
        (PEOPLE.replace(r#""id":"D1""#, r#""id":"D1","active":false"#), "Practitioner/D1 is not active"),
        (PEOPLE.replace(r#""status":"active""#, r#""status":"suspended""#), "Location/L1 is suspended"),
    ] {
        let (yes, warnings) = offered(&[&people, &schedule("", role)]);
        assert!(!yes, "{field}");
        assert!(warnings.contains(&format!("W109 book.ndjson:5 Schedule/S1.actor {field}")), "{warnings:?}");
    }
    let (yes, warnings) = offered(&[PEOPLE, &schedule("", place)]);
    assert!(!yes);
    assert!(
        warnings.contains(&"W109 book.ndjson:5 Schedule/S1.actor Location/L1".to_owned()),
        "{warnings:?}"
    );
    let two = format!(r#"{role},{place},{{"reference":"Practitioner/D2"}}"#);
    let (yes, warnings) = offered(&[PEOPLE, &schedule("", &two)]);
    assert!(!yes);
    assert!(warnings.contains(&"W109 book.ndjson:5 Schedule/S1.actor D1, D2".to_owned()), "{warnings:?}");
}

#[test]
fn several_roles_are_no_role_unless_the_schedule_names_one() {
    let second = r#"{"resourceType":"PractitionerRole","id":"DR2","practitioner":{"reference":"Practitioner/D1"},"code":[{"text":"Care co-ordinator"}]}"#;
    let free = slot("a", "free", ("08:00", "08:15"), "");
    let case = good(&[PEOPLE, second, SCHEDULE, &free]);
    assert_eq!(case.clinicians[0].role, "unknown");
    let warned = told(&case.warnings);
    assert!(
        warned.contains(&"W109 book.ndjson:3 Practitioner/D1.id care-co-ordinator, gp".to_owned()),
        "{warned:?}"
    );
    let by_role = SCHEDULE.replace("Practitioner/D1", "PractitionerRole/DR1");
    let case = good(&[PEOPLE, second, &by_role, &free]);
    assert_eq!(case.clinicians[0].role, "gp");
    let by_role = SCHEDULE.replace("Practitioner/D1", "PractitionerRole/DR2");
    let case = good(&[PEOPLE, second, &by_role, &free]);
    assert_eq!(case.clinicians[0].role, "care-co-ordinator");
    let warned = told(&case.warnings);
    assert!(
        warned.contains(&"W107 book.ndjson:5 PractitionerRole/DR2.code care-co-ordinator".to_owned()),
        "{warned:?}"
    );
}

#[test]
fn appointments_take_their_slots() {
    let (a, b) = (slot("a", "free", ("08:00", "08:15"), ""), slot("b", "busy", ("08:15", "08:30"), ""));
    let slots = r#","slot":[{"reference":"Slot/a"},{"reference":"Slot/b"}]"#;
    let taken = |status: &str| {
        book(&good(&[PEOPLE, SCHEDULE, &a, &b, &appointment("x", status, slots, &["Patient/P1"])]))
    };
    for (status, free, busy) in [
        ("booked", "busy P1", "busy P1"),
        ("arrived", "busy P1", "busy P1"),
        ("checked-in", "busy P1", "busy P1"),
        ("fulfilled", "busy P1", "busy P1"),
        ("pending", "busy-tentative P1", "busy P1"),
        ("proposed", "busy-tentative P1", "busy P1"),
        ("cancelled", "free -", "busy -"),
        ("noshow", "free -", "busy -"),
        ("waitlist", "free -", "busy -"),
        ("entered-in-error", "free -", "busy -"),
    ] {
        assert_eq!(
            taken(status),
            [format!("S1 D1 a 2024-07-22T09:00+15 {free}"), format!("S1 D1 b 2024-07-22T09:15+15 {busy}"),],
            "{status}"
        );
    }
}

#[test]
fn appointments_without_slots_take_the_time_that_they_say() {
    let (a, b) = (slot("a", "free", ("08:00", "08:15"), ""), slot("b", "busy", ("08:15", "08:30"), ""));
    let booked = |start: &str, more: &str, actors: &[&str]| {
        let times = format!(r#","start":"2024-07-22T{start}:00Z"{more}"#);
        book(&good(&[PEOPLE, SCHEDULE, &a, &b, &appointment("x", "booked", &times, actors)]))
    };
    // Slots of the practitioner that are exactly that time are its slots.
    assert_eq!(
        booked("08:00", r#","minutesDuration":30"#, &["Patient/P1", "Practitioner/D1"]),
        ["S1 D1 a 2024-07-22T09:00+15 busy P1", "S1 D1 b 2024-07-22T09:15+15 busy P1"]
    );
    // Otherwise it is a session of its own, which keeps both from being booked twice.
    assert_eq!(
        booked("08:10", r#","end":"2024-07-22T08:20:00Z""#, &["Patient/P1", "Practitioner/D1"])[0],
        "Appointment/x D1 Appointment/x 2024-07-22T09:10+10 busy P1"
    );
    // So it is where it begins or ends with slots, but does not end or begin with them.
    for (start, end) in [("08:00", "08:20"), ("08:10", "08:30"), ("08:00", "08:45")] {
        let end = format!(r#","end":"2024-07-22T{end}:00Z""#);
        let found = booked(start, &end, &["Patient/P1", "Practitioner/D1"]);
        assert!(found[0].starts_with("Appointment/x D1 "), "{found:?}");
        assert!(found[1..].iter().all(|slot| slot.ends_with(" -")), "{found:?}");
    }
    // Nobody but the patient is known, and two patients are two.
    let lonely = booked("08:00", r#","minutesDuration":15"#, &["Patient/P1", "Patient/P2"]);
    assert_eq!(
        lonely[..2],
        [
            "Appointment/x Practitioner/unknown Appointment/x 2024-07-22T09:00+15 busy P1",
            "Appointment/x/2 Practitioner/unknown Appointment/x/2 2024-07-22T09:00+15 busy P2",
        ]
    );
    let declined = appointment(
        "x",
        "booked",
        r#","start":"2024-07-22T08:00:00Z","minutesDuration":15"#,
        &["Patient/P1"],
    )
    .replace("accepted", "declined");
    let case = good(&[PEOPLE, SCHEDULE, &a, &declined]);
    assert!(case.slots.iter().all(|slot| slot.patient_id.is_none()));
    // Neither slot nor time: it is not in the book.
    let case = good(&[PEOPLE, SCHEDULE, &a, &appointment("x", "proposed", "", &["Patient/P1"])]);
    assert_eq!(case.slots.len(), 1);
}

#[test]
fn an_appointment_is_in_the_slots_of_one_schedule_or_in_none() {
    let other = SCHEDULE.replace(r#""S1""#, r#""S2""#);
    let a = slot("a", "free", ("08:00", "08:15"), "");
    let b = slot("b", "free", ("08:15", "08:30"), "").replace("Schedule/S1", "Schedule/S2");
    let times = r#","start":"2024-07-22T08:00:00Z","end":"2024-07-22T08:30:00Z""#;
    let both = appointment("x", "booked", times, &["Patient/P1", "Practitioner/D1"]);
    assert_eq!(
        book(&good(&[PEOPLE, SCHEDULE, &other, &a, &b, &both])),
        [
            "Appointment/x D1 Appointment/x 2024-07-22T09:00+30 busy P1",
            "S1 D1 a 2024-07-22T09:00+15 free -",
            "S2 D1 b 2024-07-22T09:15+15 free -",
        ]
    );
}

#[test]
fn a_second_appointment_in_a_slot_is_not_lost() {
    let a = slot("a", "busy", ("08:00", "08:15"), "");
    let slots = r#","slot":[{"reference":"Slot/a"}]"#;
    let (x, y) = (
        appointment("x", "booked", slots, &["Patient/P1"]),
        appointment("y", "booked", slots, &["Patient/P2"]),
    );
    assert_eq!(
        book(&good(&[PEOPLE, SCHEDULE, &a, &x, &y])),
        ["Appointment/y D1 Appointment/y 2024-07-22T09:00+15 busy P2", "S1 D1 a 2024-07-22T09:00+15 busy P1",]
    );
    // One that is longer than its slots.
    let long = appointment(
        "x",
        "booked",
        &format!(r#"{slots},"start":"2024-07-22T08:00:00Z","end":"2024-07-22T09:00:00Z""#),
        &["Patient/P1"],
    );
    let found = book(&good(&[PEOPLE, SCHEDULE, &a, &long]));
    assert_eq!(found[0], "Appointment/x D1 Appointment/x 2024-07-22T09:00+60 busy P1");
}

#[test]
fn the_hour_that_is_shown_twice_is_pointed_out() {
    let one = |id: &str, start: &str, end: &str| {
        format!(
            r#"{{"resourceType":"Slot","id":"{id}","status":"busy","schedule":{{"reference":"Schedule/S1"}},"start":"2024-10-27T{start}:00Z","end":"2024-10-27T{end}:00Z"}}"#
        )
    };
    // 00:45 UTC is 01:45 in London, and a quarter of an hour later it is 01:00.
    let case = good(&[PEOPLE, SCHEDULE, &one("a", "00:45", "01:00")]);
    assert_eq!(book(&case), ["S1 D1 a 2024-10-27T01:45+15 busy -"]);
    assert_eq!(told(&case.warnings), ["W108 book.ndjson:6 Slot/a.start 2024-10-27T00:45:00Z"]);
    let issues =
        read(&[PEOPLE, SCHEDULE, &one("a", "00:15", "00:30"), &one("b", "01:15", "01:30")]).unwrap_err();
    assert_eq!(told(&issues), ["E306 book.ndjson:7 Slot/b.start 2024-10-27T01:15"]);
    assert!(!issues[0].expected.contains("line"), "{}", issues[0].expected);
}

#[test]
fn problems_name_resource_and_element() {
    let a = slot("a", "free", ("08:00", "08:15"), "");
    for (lines, expected) in [
        (a.replace(r#""free""#, r#""open""#), "E214 book.ndjson:6 Slot/a.status open"),
        (a.replace(r#""status":"free","#, ""), "E206 book.ndjson:6 Slot/a.status "),
        (a.replace("Schedule/S1", "Schedule/S2"), "E302 book.ndjson:6 Slot/a.schedule Schedule/S2"),
        (a.replace("08:00:00Z", "08:00:00"), "E121 book.ndjson:6 Slot/a.start 2024-07-22T08:00:00"),
        (a.replace("08:15:00Z", "08:14:30Z"), "E212 book.ndjson:6 Slot/a.end 14 min 30 s"),
        (a.replace("08:15:00Z", "07:00:00Z"), "E213 book.ndjson:6 Slot/a.end 2024-07-22T07:00:00Z"),
        (format!("{a}\n{}", a.replace("free", "busy")), "E122 book.ndjson:7 Slot/a.id a"),
        (
            format!("{a}\n{}", appointment("x", "done", "", &[])),
            "E214 book.ndjson:7 Appointment/x.status done",
        ),
        (
            format!("{a}\n{}", r#"{"resourceType":"Practitioner","id":"D9","gender":"woman"}"#),
            "E214 book.ndjson:7 Practitioner/D9.gender woman",
        ),
        (
            format!("{a}\n{}", r#"{"resourceType":"Location","id":"L9","position":{"latitude":123}}"#),
            "E213 book.ndjson:7 Location/L9.position.latitude 123",
        ),
    ] {
        let issues = read(&[PEOPLE, SCHEDULE, &lines]).unwrap_err();
        assert_eq!(told(&issues), [expected]);
    }
    let homeless = r#"{"resourceType":"Schedule","id":"S1","actor":[{"reference":"Practitioner/D1"}]}"#;
    let issues = read(&[PEOPLE, homeless, &a]).unwrap_err();
    assert_eq!(told(&issues), ["E206 book.ndjson:5 Schedule/S1.actor "]);
    assert!(issues[0].expected.contains("Location"));
}

#[test]
fn the_whole_book_may_have_a_problem() {
    let files = |names: &[&str]| -> Vec<String> {
        let mut files: BTreeMap<String, Vec<u8>> =
            BTreeMap::from([("requests.csv".to_owned(), REQUESTS.as_bytes().to_vec())]);
        for name in names {
            files.insert((*name).to_owned(), SCHEDULE.as_bytes().to_vec());
        }
        match read_case_files(&files, &ReadOptions::default()) {
            Err(Error::Unusable(issues)) => told(&issues),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(files(&["book.json", "slots.csv"]), ["E118 book.json:0 - both book.json and slots.csv"]);
    assert_eq!(files(&["fhir/a.json", "sites.parquet"]), ["E118 fhir:0 - both fhir and sites.parquet"]);
    assert_eq!(files(&["book.json", "book.ndjson"]), ["E118 book.json:0 - both book.json and book.ndjson"]);
}

#[test]
fn what_is_passed_over_is_counted() {
    let patients = "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\",\"id\":\"2\"}";
    let case = good(&[
        PEOPLE,
        SCHEDULE,
        &slot("a", "free", ("08:00", "08:15"), ""),
        patients,
        r#"{"resourceType":"Flag"}"#,
    ]);
    assert_eq!(told(&case.warnings), ["W106 book.ndjson:0 - Flag 1, Patient 2"]);
    // References that lead out of the book: known by their ids alone.
    let elsewhere = SCHEDULE.replace("L1", "L2");
    let case = good(&[PEOPLE, &elsewhere, &slot("a", "free", ("08:00", "08:15"), "")]);
    assert_eq!(told(&case.warnings), ["W110 book.ndjson:5 Schedule/S1.actor Location/L2"]);
    assert!(case.sites.iter().any(|site| site.site_id == "L2" && site.name.is_none()));
    let case = good(&[PEOPLE, SCHEDULE]);
    let warned = told(&case.warnings);
    assert!(warned.contains(&"W103 book.ndjson:0 - none".to_owned()), "{warned:?}");
}
