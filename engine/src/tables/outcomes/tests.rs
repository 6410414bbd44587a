use std::collections::BTreeMap;

use super::*;
use crate::calendar::parse_moment;
use crate::model::{ExcludedRow, PlanFiles, PlanRow, Reconciliation, Request, Slot, SlotStatus};
use crate::tables::plan::tests::sample;
use crate::tables::{ReadOptions, read_case_files, with_previous};

/// Three ordinary slots, one busy, and a group slot with one place; R1 to R4 have T1, T2, T3 and G1 in the plan before.
fn case() -> Case {
    let text = [
        (
            "requests.csv",
            "request_id,patient_id,site_id,care_type,priority,original_start,available,reconciliation\n\
             R1,P1,A,gp-consultation,GP3,2024-07-19T09:00,,not-seen\n\
             R2,P2,A,gp-consultation,GP3,2024-07-19T09:00,Tue,not-seen\n\
             R3,P3,A,gp-consultation,GP3,2024-07-19T09:00,,died\n\
             R4,P4,A,gp-consultation,GP3,2024-07-19T09:00,,not-seen\n\
             R5,P5,A,gp-consultation,GP3,2024-07-19T09:00,,not-seen\n",
        ),
        (
            "sessions.csv",
            "session_id,practitioner_id,site_id,start,end\n\
             S1,D1,A,2024-07-23T09:00,2024-07-23T10:00\n\
             S2,D1,A,2024-07-24T09:00,2024-07-24T10:00\n",
        ),
        (
            "slots.csv",
            "slot_id,session_id,start,duration_minutes,status,patient_id,places,places_taken\n\
             T1,S1,2024-07-23T09:00,15,free,,,\n\
             T2,S1,2024-07-23T09:15,15,free,,,\n\
             T3,S1,2024-07-23T09:30,15,free,,,\n\
             T4,S1,2024-07-23T09:45,15,busy,P9,,\n\
             007,S2,2024-07-24T09:30,15,free,,,\n\
             G1,S2,2024-07-24T09:00,30,free,,1,3\n",
        ),
        ("clinicians.csv", "practitioner_id,role\nD1,gp\n"),
        ("policy.toml", "start = \"2024-07-22\"\n"),
    ];
    let files: BTreeMap<String, Vec<u8>> =
        text.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect();
    let case = read_case_files(&files, &ReadOptions::default()).unwrap();
    let row = |request: &str, session: &str, slot: &str, start: &str, end: &str| PlanRow {
        request_id: request.to_owned(),
        patient_id: request.replace('R', "P"),
        session_id: session.to_owned(),
        slot_ids: vec![slot.to_owned()],
        start: parse_moment(start).unwrap(),
        end: parse_moment(end).unwrap(),
        kept: Vec::new(),
        ..sample().plan[0].clone()
    };
    let plan = vec![
        // Its appointment is over before its slot is.
        row("R1", "S1", "T1", "2024-07-23T09:00", "2024-07-23T09:10"),
        row("R2", "S1", "T2", "2024-07-23T09:15", "2024-07-23T09:30"),
        row("R3", "S1", "T3", "2024-07-23T09:30", "2024-07-23T09:45"),
        row("R4", "S2", "G1", "2024-07-24T09:00", "2024-07-24T09:30"),
    ];
    with_previous(case, &PlanFiles { plan, ..sample() }, &[]).unwrap()
}

fn csv(text: &str) -> (String, Vec<u8>) {
    ("call-list.csv".to_owned(), text.as_bytes().to_vec())
}

/// The case after one list.
fn after(text: &str) -> Case {
    with_outcomes(case(), &[csv(text)]).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    match with_outcomes(case(), &[csv(text)]) {
        Err(Error::Unusable(issues)) => issues.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

/// The first problem is of this code, on this line, and says all of this.
#[track_caller]
fn refused(text: &str, begins: &str, says: &[&str]) {
    let found = problems(text);
    assert!(found[0].starts_with(begins), "{found:?}");
    assert!(says.iter().all(|word| found[0].contains(word)), "{found:?}");
}

fn request<'c>(case: &'c Case, id: &str) -> &'c Request {
    case.requests.iter().find(|request| request.request_id == id).unwrap()
}

fn slot<'c>(case: &'c Case, id: &str) -> &'c Slot {
    case.slots.iter().find(|slot| slot.slot_id == id).unwrap()
}

fn before<'c>(case: &'c Case, id: &str) -> &'c PlanRow {
    case.previous.iter().flat_map(|plan| &plan.plan).find(|row| row.request_id == id).unwrap()
}

fn codes(case: &Case) -> Vec<&str> {
    case.warnings.iter().map(|issue| issue.code.as_str()).filter(|code| code.starts_with("W6")).collect()
}

#[test]
fn an_accepted_place_is_busy_for_its_patient() {
    for text in ["request_id,outcome\nR1,accepted\n", "request_id,slot_ids,outcome\nR1,T1,Accepted\n"] {
        let case = after(text);
        assert_eq!(slot(&case, "T1").status, SlotStatus::Busy);
        assert_eq!(slot(&case, "T1").patient_id.as_deref(), Some("P1"));
        assert_eq!(before(&case, "R1").end, parse_moment("2024-07-23T09:10").unwrap());
        assert_eq!(slot(&case, "T2").status, SlotStatus::Free);
        assert!(codes(&case).is_empty());
        assert!(case.files.iter().any(|file| file.name == "outcomes/1" && file.rows == 1));
        let accepted = &case.accepted[0];
        assert_eq!((accepted.request_id.as_str(), accepted.patient_id.as_str()), ("R1", "P1"));
        assert_eq!(
            (accepted.slot_ids.as_slice(), &accepted.not_in_book),
            (&["T1".to_owned()][..], &accepted.slot_ids)
        );
        assert_eq!(accepted.end, parse_moment("2024-07-23T09:10").unwrap());
    }
}

#[test]
fn an_accepted_alternative_is_the_place_in_the_plan_before() {
    let text = "request_id,patient_id,slot_ids,alternative_1_slots,alternative_2_slots,outcome\n\
                R1,P1,T1,T2;T3,007,accepted alternative 1\n\
                R2,P2,T2,T1,007,accepted alternative 2\n";
    let case = after(text);
    for (slots, patient) in [(["T2", "T3"].as_slice(), "P1"), (&["007"], "P2")] {
        assert!(slots.iter().all(|id| slot(&case, id).patient_id.as_deref() == Some(patient)), "{slots:?}");
    }
    assert_eq!(slot(&case, "T1").status, SlotStatus::Free);
    let row = before(&case, "R1");
    assert_eq!(
        (row.slot_ids.as_slice(), row.start),
        (&["T2".to_owned(), "T3".to_owned()][..], slot(&case, "T2").start)
    );
    assert_eq!(row.end, slot(&case, "T3").end());
    assert_eq!(before(&case, "R2").session_id, "S2");
}

#[test]
fn a_place_accepted_that_the_plan_before_does_not_have_is_added_to_it() {
    let case = after("request_id,slot_ids,outcome\nR5,T3,accepted\n");
    let row = before(&case, "R5");
    assert_eq!(
        (row.slot_ids.as_slice(), row.session_id.as_str(), row.practitioner_id.as_str()),
        (&["T3".to_owned()][..], "S1", "D1")
    );
    assert_eq!((row.start, row.end), (slot(&case, "T3").start, slot(&case, "T3").end()));
}

#[test]
fn a_place_in_a_group_is_a_place_less_and_a_contact_more() {
    let case = after("request_id,outcome\nR4,accepted\n");
    let (group, own) = (slot(&case, "G1"), slot(&case, "G1+R4"));
    assert_eq!((group.places, group.places_taken, group.status), (Some(0), 3, SlotStatus::Free));
    assert_eq!((own.status, own.patient_id.as_deref(), own.places), (SlotStatus::Busy, Some("P4"), None));
    assert_eq!((own.start, own.duration_minutes, own.session), (group.start, 30, group.session));
    assert_eq!(before(&case, "R4").slot_ids, ["G1+R4"]);
    assert_eq!(
        (case.accepted[0].slot_ids.as_slice(), &case.accepted[0].not_in_book),
        (&["G1".to_owned()][..], &case.accepted[0].slot_ids)
    );
    let key = |slot: &Slot| (slot.session, slot.start, slot.slot_id.clone());
    assert!(case.slots.is_sorted_by_key(key), "the model's order");
    // The group is full now, and is no part of a longer place.
    let two = after("request_id,slot_ids,outcome\nR4,G1,accepted\nR5,G1,accepted\nR1,G1;007,accepted\n");
    assert_eq!(codes(&two), ["W601", "W601"]);
    assert_eq!(slot(&two, "007").status, SlotStatus::Free);
}

#[test]
fn what_was_taken_meanwhile_is_said_and_left_alone() {
    // Of somebody else, gone, and accepted twice: the first in the list has it. In part is not at all.
    let text = "request_id,slot_ids,alternative_1_slots,outcome\nR1,T3;T4,,accepted\nR2,T2,T9,accepted alternative 1\n\
                R4,T2,,accepted\nR5,T2,,accepted\n";
    let case = after(text);
    // R2 was proposed what R4 has accepted.
    assert_eq!(codes(&case), ["W601", "W601", "W604", "W601"]);
    assert_eq!(slot(&case, "T4").patient_id.as_deref(), Some("P9"));
    assert_eq!(slot(&case, "T3").status, SlotStatus::Free);
    assert_eq!(slot(&case, "T2").patient_id.as_deref(), Some("P4"));
    assert_eq!(before(&case, "R1").slot_ids, ["T1"]);
    assert!(["R1", "R2", "R5"].iter().all(|id| request(&case, id).outcome.is_some_and(Outcome::is_accepted)));
    // What is the patient's already changes nothing.
    let mut booked = self::case();
    let own = booked.slots.iter_mut().find(|slot| slot.slot_id == "T1").unwrap();
    (own.status, own.patient_id) = (SlotStatus::BusyTentative, Some("P1".into()));
    let again = with_outcomes(booked, &[csv("request_id,outcome\nR1,accepted\n")]).unwrap();
    assert!(codes(&again).is_empty());
    assert_eq!(again.accepted[0].not_in_book, [""; 0]);
    // Whatever is read of it later: the book as it was read is what counts.
    let twice = with_outcomes(self::case(), &[csv("request_id,outcome\nR1,accepted\n")]).unwrap();
    let twice = with_outcomes(twice, &[csv("request_id,outcome\nR1,accepted\n")]).unwrap();
    assert_eq!(twice.accepted.iter().map(|one| one.not_in_book.len()).collect::<Vec<_>>(), [1]);
}

#[test]
fn declined_and_no_longer_needed_are_reconciled_but_not_against_what_is_known_better() {
    let case = after("request_id,outcome\nR1,declined\nR2,no longer needed\nR3,declined\nR4,no answer\n");
    let of = |id| (request(&case, id).reconciliation, request(&case, id).outcome);
    assert_eq!(of("R1"), (Reconciliation::Declined, Some(Outcome::Declined)));
    assert_eq!(of("R2"), (Reconciliation::Resolved, Some(Outcome::NoLongerNeeded)));
    assert_eq!(of("R3").0, Reconciliation::Died);
    assert_eq!(of("R4"), (Reconciliation::NotSeen, Some(Outcome::NoAnswer)));
    assert_eq!(of("R5"), (Reconciliation::NotSeen, None));
}

#[test]
fn other_times_are_as_the_patient_says_and_never_that_one_again() {
    let away = |text: &str, id: &str, date: &str| {
        let case = after(text);
        request(&case, id).unavailable_dates.contains(date.parse().unwrap())
    };
    let nothing_said = "request_id,outcome\nR1,wants other time\n";
    assert!(away(nothing_said, "R1", "2024-07-23") && !away(nothing_said, "R1", "2024-07-24"));
    let dates =
        "request_id,outcome,can_come,cannot_come\nR1,wants other time,,2024-07-25..2024-07-26;2024-08-01\n";
    assert!(
        ["2024-07-23", "2024-07-25", "2024-07-26", "2024-08-01"].iter().all(|date| away(dates, "R1", date))
    );
    // That time would still do by what was said: not that day. It would not: another time of that day will do.
    let morning = "request_id,outcome,can_come\nR2,wants other time,Tue 09:00-12:00\n";
    let afternoon = "request_id,outcome,can_come\nR2,wants other time,Tue 14:00-18:00\n";
    assert!(away(morning, "R2", "2024-07-23") && !away(afternoon, "R2", "2024-07-23"));
    let case = after(afternoon);
    assert_eq!(request(&case, "R2").available, Availability::parse("Tue 14:00-18:00").unwrap());
    assert_eq!(request(&case, "R1").available, Availability::default());
    // Wishes count whatever else is said, and so do those of a row without an outcome.
    let case = after("request_id,outcome,can_come\nR1,no answer,Wed\nR2,,Thu\n");
    assert_eq!(request(&case, "R1").available, Availability::parse("Wed").unwrap());
    assert_eq!(request(&case, "R2").available, Availability::parse("Thu").unwrap());
    assert!(!request(&case, "R1").unavailable_dates.contains("2024-07-23".parse().unwrap()));
}

#[test]
fn of_several_lists_the_last_outcome_counts_and_every_wish() {
    let lists = [
        csv("request_id,outcome,cannot_come\nR1,declined,\nR2,wants other time,2024-07-30\nR5,accepted,\n"),
        csv("request_id,slot_ids,outcome\nR1,T3,accepted\nR2,,\nR5,,no answer\n"),
    ];
    // R5 has no place in the plan before: the first list is of an older one.
    let first = String::from_utf8(lists[0].1.clone()).unwrap().replace("cannot_come", "cannot_come,slot_ids");
    let first = first
        .replace("declined,", "declined,,")
        .replace("07-30", "07-30,")
        .replace("R5,accepted,", "R5,accepted,,T1");
    let case = with_outcomes(case(), &[csv(&first), lists[1].clone()]).unwrap();
    assert_eq!(request(&case, "R1").reconciliation, Reconciliation::NotSeen);
    assert_eq!(slot(&case, "T3").patient_id.as_deref(), Some("P1"));
    assert_eq!(request(&case, "R2").outcome, Some(Outcome::WantsOtherTime));
    assert!(request(&case, "R2").unavailable_dates.contains("2024-07-30".parse().unwrap()));
    assert_eq!(
        (request(&case, "R5").outcome, slot(&case, "T1").status),
        (Some(Outcome::NoAnswer), SlotStatus::Free)
    );
}

#[test]
fn what_does_not_fit_the_case_is_refused() {
    refused(
        "request_id,outcome\nR9,accepted\n",
        "E602 call-list.csv:2 request_id",
        &["\"R9\"", "requests.csv"],
    );
    refused(
        "request_id,patient_id,outcome\nR1,P2,accepted\n",
        "E602 call-list.csv:2 patient_id",
        &["\"P2\"", "\"P1\""],
    );
    refused(
        "request_id,outcome\nR1,accepted\nR1,declined\n",
        "E603 call-list.csv:3 outcome",
        &["declined", "line 2"],
    );
    refused("request_id,outcome\nR5,accepted\n", "E604 call-list.csv:2 slot_ids", &[]);
    refused(
        "request_id,outcome\nR1,accepted alternative 2\n",
        "E604 call-list.csv:2 alternative_2_slots",
        &[],
    );
    refused("request_id,slot_ids,outcome\nR1,7,accepted\n", "E303 call-list.csv:2 slot_ids", &["\"007\""]);
    refused(
        "request_id,outcome\nR1,maybe\n",
        "E214 call-list.csv:2 outcome",
        &["\"maybe\"", "wants other time"],
    );
    refused(
        "request_id,outcome,can_come\nR1,wants other time,mornings\n",
        "E217 call-list.csv:2 can_come",
        &["mornings", "It seems to mean Mon-Sun 08:00-12:00. Write weekdays"],
    );
    refused(
        "request_id,outcome,cannot_come\nR1,no answer,23/07/2024\n",
        "E216 call-list.csv:2 cannot_come",
        &["It seems to mean 2024-07-23. Write each day"],
    );
    refused("request_id,outcome\n,accepted\n", "E206 call-list.csv:2 request_id", &[]);
    refused("request_id,outcome\nR1\n", "E201 call-list.csv:2", &[]);
    refused("request_id,result\nR1,accepted\n", "E109 call-list.csv:1 outcome", &[]);
    refused("request_id;slot_ids;outcome\nR1;T1;accepted\n", "E108 call-list.csv:1", &[]);
    let titles =
        "Call list;;\n\"Who is called; when\";;\n\nRequest id;Slot ids;Outcome\nR1;T1;\"accepted\"\n";
    refused(titles, "E108 call-list.csv:4", &["Request id;Slot ids;Outcome", "separated by semicolons"]);
    refused(&titles.replace(';', "\t"), "E108 call-list.csv:4", &["separated by tabs"]);
    refused("\n\n", "E104 call-list.csv", &[]);
    refused("PK\u{3}\u{4} and nothing", "E601 call-list.csv", &[".xlsx"]);
    // Twice the same is once, and a row without anything filled in says nothing, whoever it is of.
    let twice = after("request_id,outcome\nR1,declined\nR1,declined\nR1,\nR9,\nTotal,\n");
    assert_eq!(request(&twice, "R1").outcome, Some(Outcome::Declined));
    assert_eq!(problems("request_id,outcome\nR8,declined\nR9,declined\n").len(), 2, "all of them");
}

#[test]
fn lists_need_the_plan_whose_calls_they_are() {
    let alone = Case { previous: None, ..case() };
    let list = csv("request_id,outcome\nR1,declined\n");
    for read in [with_outcomes(alone.clone(), &[list]), with_outcomes_in(alone.clone(), &["x.csv".into()])] {
        assert!(matches!(read, Err(Error::Argument(text)) if text.contains("--previous")));
    }
    assert!(with_outcomes(alone, &[]).is_ok());
    let Err(Error::Unusable(issues)) = with_outcomes_in(case(), &["nowhere/x.csv".into()]) else {
        panic!("there is no such file");
    };
    assert_eq!((issues[0].code, issues[0].file.as_str()), (Code::FileMissing, "x.csv"));
}

#[test]
fn nothing_filled_in_and_lists_left_out_are_worth_a_look() {
    assert_eq!(codes(&after("request_id,outcome,note\nR1,,later\n")), ["W602"]);
    let list = csv("request_id,outcome\nR1,declined\n");
    let (old, sha256) = (("old.csv".to_owned(), list.1.clone()), hexadecimal(&Sha256::digest(&list.1)));
    let made_with = |names: &[&str]| {
        let mut case = case();
        let summary = &mut case.previous.as_mut().unwrap().summary;
        summary.run.outcomes = names.iter().map(|name| (*name).to_owned()).collect();
        summary.input_sha256.insert("outcomes/1".to_owned(), sha256.clone());
        case
    };
    // Known by its bytes, by its name, and not at all.
    assert!(codes(&with_outcomes(made_with(&["elsewhere.csv"]), &[old]).unwrap()).is_empty());
    let other = csv("request_id,outcome\nR2,declined\n");
    assert!(
        codes(&with_outcomes(made_with(&["call-list.csv"]), std::slice::from_ref(&other)).unwrap())
            .is_empty()
    );
    assert_eq!(codes(&with_outcomes(made_with(&["elsewhere.csv"]), &[other]).unwrap()), ["W603"]);
    assert_eq!(codes(&with_outcomes(made_with(&["elsewhere.csv"]), &[]).unwrap()), ["W603"]);
}

#[test]
fn a_list_without_which_somebody_would_be_called_again_must_be_given() {
    let (accepted, declined) =
        ("request_id,slot_ids,outcome\nR1,T1,accepted\n", "request_id,outcome\nR2,declined\n");
    let left_out = |request: &str, reason: &str, field: &str| ExcludedRow {
        request_id: request.to_owned(),
        patient_id: request.replace('R', "P"),
        reason_code: reason.to_owned(),
        field: field.to_owned(),
        detail: String::new(),
        line: 2,
    };
    let made_with = |excluded: Vec<ExcludedRow>| {
        let mut case = case();
        let previous = case.previous.as_mut().unwrap();
        previous.summary.run.outcomes = vec!["first.csv".to_owned(), "call-list.csv".to_owned()];
        previous.plan.retain(|row| excluded.iter().all(|out| out.request_id != row.request_id));
        previous.excluded = excluded;
        case
    };
    let both = vec![left_out("R1", "resolved", "request_id"), left_out("R2", "declined", "outcome")];
    let newest = csv("request_id,outcome\nR4,no answer\n");
    let Err(Error::Unusable(issues)) = with_outcomes(made_with(both.clone()), std::slice::from_ref(&newest))
    else {
        panic!("who accepted would be called again");
    };
    let said = issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.starts_with("E605 first.csv outcomes: ") && issues.len() == 1, "{said}");
    assert!(said.contains("2 requests would be planned again, \"R1\" the first."), "{said}");
    // Nor is it when no list is given at all: then both are named.
    let Err(Error::Unusable(issues)) = with_outcomes(made_with(both.clone()), &[]) else { panic!("none") };
    assert_eq!(issues.len(), 2);
    let first = |text: &str| ("first.csv".to_owned(), text.as_bytes().to_vec());
    let all = format!("{accepted}R2,,declined\n");
    assert!(
        codes(&with_outcomes(made_with(both.clone()), &[first(&all), newest.clone()]).unwrap()).is_empty()
    );
    // What the lists that are given say, and what is said in requests.csv, is known without it.
    let known = with_outcomes(made_with(both[..1].to_vec()), &[csv(accepted)]).unwrap();
    assert_eq!(codes(&known), ["W603"]);
    let known = with_outcomes(made_with(both[1..].to_vec()), &[csv(declined)]).unwrap();
    assert_eq!(codes(&known), ["W603"]);
    let mut told = made_with(both);
    told.requests[0].reconciliation = Reconciliation::Resolved;
    told.requests[1].cancelled_by = crate::model::CancelledBy::Patient;
    assert_eq!(codes(&with_outcomes(told, std::slice::from_ref(&newest)).unwrap()), ["W603"]);
    // Who was left out for what requests.csv said then is planned again because that was changed.
    let changed = made_with(vec![
        left_out("R1", "declined", "reconciliation"),
        left_out("R5", "invalid-row", "outcome"),
    ]);
    assert_eq!(codes(&with_outcomes(changed, std::slice::from_ref(&newest)).unwrap()), ["W603"]);
}

#[test]
fn a_list_saved_from_a_spreadsheet_has_lines_above_its_titles() {
    let text = "\u{feff}Call list,,,\r\nWho is called when,,,\r\n\r\nRequest id,Slot ids,Outcome,Note\r\nR1,T1,ACCEPTED,\"two\nlines\"\r\n";
    let case = after(text);
    assert_eq!(slot(&case, "T1").patient_id.as_deref(), Some("P1"));
    let wrong = "Call list,,\nRequest id,Outcome,Note\nR1,perhaps,\n";
    refused(wrong, "E214 call-list.csv:3 outcome", &["perhaps"]);
}

#[cfg(feature = "desk")]
mod workbooks;

mod typed;
