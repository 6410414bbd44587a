//! What came of the calls, and what is then to be booked and cancelled.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rebook::desk::{Action, Earlier, Step, Transactions, Why, stuck_csv, tied, transactions};
use rebook::model::{Case, ContactRoute, PlanFiles, Reconciliation, SlotStatus};
use rebook::report::RunNote;
use rebook::tables::{with_outcomes, with_previous};
use rebook::verify::verify;
use rebook::{PlanOptions, plan};
use rebook_tests::build::{CaseBuilder, RequestDraft, day, moment};

use super::transactions::{all, clinic, done, left, list_of, moved, same, stuck, texts, with_original};
use super::{at_desk, rows};

/// The case after its first plan and what came of its calls: a row of each `request,slots,outcome`.
fn after(case: &Case, before: &PlanFiles, calls: &[&str]) -> Case {
    let case = with_previous(case.clone(), before, &[]).expect("a case");
    let list = format!("request_id,slot_ids,alternative_1_slots,outcome\n{}\n", calls.join("\n"));
    with_outcomes(case, &[("call-list.csv".to_owned(), list.into_bytes())]).expect("a case")
}

/// The plan that is made then: the verifier agrees with it.
fn planned(case: &Case) -> PlanFiles {
    let lists = case.files.iter().filter(|file| file.name.starts_with("outcomes/")).count();
    let note = RunNote {
        previous: case.previous.as_ref().map(|_| "first".to_owned()),
        outcomes: vec!["call-list.csv".to_owned(); lists],
        ..RunNote::default()
    };
    let files = plan(case, &PlanOptions { note, ..PlanOptions::default() }).expect("a plan");
    assert_eq!(verify(case, &files), []);
    files
}

/// The list of that plan.
fn then(case: &Case, earlier: &Earlier) -> Transactions {
    list_of(case, &planned(case), earlier)
}

/// A case with a plan, its list, and the same case with what came of the calls.
fn called(builder: CaseBuilder, calls: &[&str]) -> (Case, Transactions, Case) {
    let case = builder.build();
    let plan = planned(&case);
    let first = list_of(&case, &plan, &Earlier::default());
    let again = after(&case, &plan, calls);
    (case, first, again)
}

fn group_of_two() -> CaseBuilder {
    let builder = CaseBuilder::gp().session("G", "g1", "A", "2024-08-01 09:00", &[30]);
    builder.slot("G/1", |slot| slot.places = Some(2))
}

fn three() -> CaseBuilder {
    clinic().request("R1", same).request("R2", same).request("R3", same)
}

#[test]
fn whoever_accepts_is_booked_before_everybody_else_under_the_same_key() {
    let (_, first, again) = called(three(), &["R3,S/3,,accepted", "R2,S/2,,accepted"]);
    let list = then(&again, &left(&first.steps));
    assert_eq!(texts(&list), ["book R2 S/2", "book R3 S/3", "book R1 S/1"], "the earliest place first");
    let key = |list: &Transactions, id: &str| {
        list.steps.iter().find(|step| step.request_id == id).expect("a step").key.clone()
    };
    assert!(["R1", "R2", "R3"].iter().all(|id| key(&list, id) == key(&first, id)));
    assert_eq!(list.steps[0].patient_id, "p-R2");
    assert_eq!((list.steps[0].end, list.steps[0].session_id.as_str()), (moment("2024-08-01 09:30"), "S"));
    assert_eq!(list.stuck, []);
    // Without a list of an earlier run it is the same.
    assert_eq!(then(&again, &Earlier::default()), list);
}

#[test]
fn what_was_accepted_and_is_booked_is_not_booked_again() {
    let (case, first, again) = called(three(), &["R1,S/1,,accepted"]);
    // Somebody has done the step: it stays in the list, in this run and in the next.
    let list = then(&again, &done(&first, 1));
    assert_eq!(texts(&list), ["done: book R1 S/1", "book R2 S/2", "book R3 S/3"]);
    assert_eq!(list.steps[0].key, first.steps[0].key);
    assert_eq!(texts(&then(&again, &left(&list.steps))), texts(&list));
    // The book has it already.
    let plan = planned(&case);
    let mut booked = case.clone();
    (booked.slots[0].status, booked.slots[0].patient_id) = (SlotStatus::Busy, Some("p-R1".into()));
    let booked = after(&booked, &plan, &["R1,S/1,,accepted"]);
    assert_eq!(texts(&then(&booked, &Earlier::default())), ["book R2 S/2", "book R3 S/3"]);
    // It is over.
    let mut over = again.clone();
    over.policy.as_of = moment("2024-08-01 09:10");
    over.policy.start = day("2024-08-01");
    assert!(texts(&then(&over, &Earlier::default())).iter().all(|text| !text.contains("R1")));
}

#[test]
fn an_alternative_is_booked_before_the_first_place_is_cancelled() {
    let (_, first, again) = called(clinic().request("R1", same), &["R1,S/1,S/3,accepted alternative 1"]);
    assert_eq!(texts(&then(&again, &left(&first.steps))), ["book R1 S/3"]);
    let list = then(&again, &all(&first));
    assert_eq!(texts(&list), ["done: book R1 S/1", "book R1 S/3", "cancel R1 S/1"]);
    assert_eq!(list.steps[2].after, [list.steps[1].key.clone()]);
    let next = then(&again, &all(&list));
    assert!(next.steps.iter().all(|step| step.done) && next.steps.len() == 3);
}

#[test]
fn the_appointment_that_was_cancelled_is_cancelled_for_whoever_accepts_as_well() {
    let (case, first, again) = called(with_original("2024-07-26 10:00", same), &["R1,S/1;S/2,,accepted"]);
    let list = then(&again, &Earlier::default());
    let keys = |list: &Transactions| {
        list.steps.iter().map(|step| (step.key.clone(), step.after.clone())).collect::<Vec<_>>()
    };
    assert_eq!(keys(&list), keys(&first));
    assert_eq!(texts(&list), ["book R1 S/1;S/2", "cancel R1 O/1;O/2"]);
    // Booked and not cancelled yet, by the list or in the book.
    assert_eq!(texts(&then(&again, &done(&first, 1)))[1..], ["cancel R1 O/1;O/2"]);
    let mut booked = case.clone();
    for slot in booked.slots.iter_mut().filter(|slot| ["S/1", "S/2"].contains(&slot.slot_id.as_str())) {
        (slot.status, slot.patient_id) = (SlotStatus::Busy, Some("p-R1".into()));
    }
    let booked = with_previous(booked, &planned(&case), &[]).expect("a case");
    assert_eq!(texts(&then(&booked, &done(&first, 1))), ["done: book R1 S/1;S/2", "cancel R1 O/1;O/2"]);
}

#[test]
fn a_place_that_was_accepted_is_never_taken_for_the_one_that_was_cancelled() {
    let start = Some(moment("2024-08-01 09:00"));
    let builder = clinic()
        .request("R1", |request| request.set(|row| row.original_start = start))
        .request("R2", |request| request.patient("p-R1").set(|row| row.original_start = start));
    let (_, _, again) = called(builder, &["R1,S/1,,accepted"]);
    let list = then(&again, &Earlier::default());
    assert!(list.steps.iter().all(|step| step.action == Action::Book), "{:?}", texts(&list));
    assert_eq!(list.stuck, []);
}

#[test]
fn a_place_in_a_group_is_booked_by_the_slot_of_the_group() {
    let group = group_of_two().request("R1", same).request("R2", same);
    let (_, first, again) = called(group, &["R2,G/1,,accepted"]);
    let list = then(&again, &left(&first.steps));
    assert_eq!(texts(&list), ["book R2 G/1", "book R1 G/1"]);
    let keys = |list: &Transactions| {
        list.steps.iter().map(|step| (step.request_id.clone(), step.key.clone())).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(keys(&list), keys(&first));
    let next = then(&again, &done(&list, 1));
    assert_eq!(texts(&next), ["done: book R2 G/1", "book R1 G/1"]);
    assert_eq!(next.stuck, []);
}

#[test]
fn who_accepted_what_somebody_else_still_holds_is_told_of() {
    let (_, first, again) = called(three(), &["R1,S/2,,accepted"]);
    // R2 was booked into S/2, and moves now: then it is free for R1.
    let plan = moved(&again, &planned(&again), "R2", "S/4");
    let list = list_of(&again, &plan, &all(&first));
    let own: Vec<String> = texts(&list)[3..].to_vec();
    assert_eq!(own, ["book R2 S/4", "cancel R2 S/2", "book R1 S/2", "cancel R1 S/1"]);
    // R2 has nowhere to go.
    let full = three().busy("S/4", "p-x");
    let (_, first, again) = called(full, &["R1,S/2,,accepted"]);
    let plan = moved(&again, &planned(&again), "R2", "S/1");
    let list = list_of(&again, &plan, &all(&first));
    assert!(list.steps.iter().all(|step| step.done));
    assert_eq!(stuck(&list), [("R1", Why::Circle, "S/1".to_owned()), ("R2", Why::Circle, "S/2".to_owned())]);
}

#[test]
fn whoever_accepted_and_has_died_as_another_request_says_is_looked_at_first() {
    let builder = three().request("R4", |r| r.patient("p-R1").became(Reconciliation::Died));
    let (_, _, again) = called(builder, &["R1,S/1,,accepted"]);
    let list = then(&again, &Earlier::default());
    assert_eq!(texts(&list), ["book R2 S/2", "book R3 S/3"]);
    assert_eq!(stuck(&list), [("R1", Why::Gone, String::new())]);
    // Seen meanwhile: the table knows better than the call.
    let mut seen = again.clone();
    seen.requests.pop();
    seen.requests[0].reconciliation = Reconciliation::SeenOnPaper;
    assert_eq!(texts(&then(&seen, &Earlier::default())), ["book R2 S/2", "book R3 S/3"]);
}

#[test]
fn nobody_is_sent_a_link_for_a_place_that_somebody_accepted() {
    let (_, first, again) = called(three(), &["R1,S/1,,accepted"]);
    let plan = planned(&again);
    let free =
        |plan: &PlanFiles, earlier: &Earlier| at_desk(&again, plan, |desk| tied(desk, earlier).expect("ids"));
    assert_eq!(free(&plan, &left(&first.steps)).len(), 0);
    let self_book: BTreeMap<String, NaiveDate> = [("R2".to_owned(), day("2024-07-28"))].into();
    let list =
        at_desk(&again, &plan, |desk| transactions(desk, &Earlier::default(), &self_book).expect("a list"));
    assert_eq!(texts(&list), ["book R1 S/1", "book R3 S/3", "book R2 S/2"]);
    assert_eq!(list.steps[0].self_book_until, None);
    // One place of the group is left, and R1 is still to be booked into the other.
    let group = group_of_two().request("R1", same).request("R2", same);
    let (_, _, again) = called(group, &["R1,G/1,,accepted"]);
    let earlier = Earlier::default();
    let plan = planned(&again);
    at_desk(&again, &plan, |desk| assert!(tied(desk, &earlier).expect("ids").is_empty()));
    // Somebody whom the book does not show holds the last one.
    let other = list_of(&again, &plan, &earlier);
    let mut step = other.steps[1].clone();
    (step.request_id, step.patient_id, step.done) = ("R0".to_owned(), "p-R0".to_owned(), true);
    step.key = then(&group_of_two().request("R0", same).build(), &earlier).steps[0].key.clone();
    at_desk(&again, &plan, |desk| assert!(tied(desk, &left(&[step])).expect("ids").contains("R2")));
}

#[test]
fn what_was_booked_for_whoever_declines_is_cancelled() {
    for outcome in ["declined", "no longer needed"] {
        let (_, first, again) = called(three(), &[&format!("R1,S/1,,{outcome}")]);
        let plan = moved(&again, &planned(&again), "R2", "S/1");
        let nothing_done = list_of(&again, &plan, &left(&first.steps));
        assert_eq!(texts(&nothing_done), ["book R2 S/1", "book R3 S/3"]);
        let list = list_of(&again, &plan, &done(&first, 1));
        let own = ["done: book R1 S/1", "cancel R1 S/1", "book R2 S/1", "book R3 S/3"];
        assert_eq!(texts(&list), own, "{outcome}");
        assert_eq!(list.steps[1].after, [""; 0]);
        assert_eq!(list.steps[2].after, [list.steps[1].key.clone()], "who waits for it comes after");
        assert_eq!(list.stuck, []);
        // Once it is cancelled there is nothing left to do, and what was done is not forgotten.
        let next = then(&again, &done(&list, 2));
        assert_eq!(texts(&next)[..2], ["done: book R1 S/1", "done: cancel R1 S/1"]);
        assert_eq!(next.steps.len(), 4);
    }
}

#[test]
fn all_that_was_booked_for_whoever_declines_is_cancelled() {
    let case = clinic().request("R1", same).request("R2", same).build();
    let plan = planned(&case);
    let first = list_of(&case, &plan, &Earlier::default());
    let second = list_of(&case, &moved(&case, &plan, "R1", "S/3"), &all(&first));
    // The second place was booked and the first was not cancelled any more.
    let two = done(&second, 3);
    let list = then(&after(&case, &plan, &["R1,S/3,,declined"]), &two);
    let cancelled: Vec<String> =
        texts(&list).into_iter().filter(|text| text.starts_with("cancel R1")).collect();
    assert_eq!(cancelled, ["cancel R1 S/1", "cancel R1 S/3"]);
    assert!(
        list.steps
            .iter()
            .filter(|step| step.request_id == "R1" && !step.done)
            .all(|step| step.after.is_empty())
    );
}

#[test]
fn the_place_of_whoever_declines_is_cancelled_where_the_book_has_it_too() {
    let (case, first, _) = called(three(), &[]);
    let mut booked = case.clone();
    (booked.slots[0].status, booked.slots[0].patient_id) = (SlotStatus::Busy, Some("p-R1".into()));
    let again = after(&booked, &planned(&case), &["R1,S/1,,declined"]);
    let list = then(&again, &done(&first, 1));
    assert_eq!(texts(&list)[..2], ["done: book R1 S/1", "cancel R1 S/1"]);
    // No list says that it was booked: somebody looks.
    let list = then(&again, &Earlier::default());
    assert!(texts(&list).iter().all(|text| !text.contains("R1")));
    assert_eq!(stuck(&list), [("R1", Why::Excluded, "S/1".to_owned())]);
}

#[test]
fn what_was_booked_for_whoever_is_not_planned_any_more_is_told_of() {
    let (case, first, _) = called(three(), &[]);
    for what in [Reconciliation::Declined, Reconciliation::SeenElsewhere, Reconciliation::Resolved] {
        let mut again = case.clone();
        again.requests[0].reconciliation = what;
        let list = then(&again, &done(&first, 1));
        assert_eq!(stuck(&list)[0], ("R1", Why::Excluded, "S/1".to_owned()), "{what}");
        assert_eq!(texts(&list)[0], "done: book R1 S/1");
        let file = stuck_csv(&list.stuck).expect("a file");
        assert_eq!(
            (rows(&file.bytes)[0]["why"].as_str(), list.stuck[0].patient_id.as_str()),
            ("excluded", "p-R1")
        );
        // A later run still knows.
        assert_eq!(stuck(&then(&again, &left(&list.steps)))[0], ("R1", Why::Excluded, "S/1".to_owned()));
    }
    let mut left_out = case.clone();
    left_out.requests.remove(0);
    assert_eq!(stuck(&then(&left_out, &done(&first, 1)))[0], ("R1", Why::Excluded, "S/1".to_owned()));
    for what in [Reconciliation::Died, Reconciliation::Deregistered] {
        let mut again = case.clone();
        again.requests[0].reconciliation = what;
        again.requests[0].outcome = Some(rebook::model::Outcome::Declined);
        let list = then(&again, &done(&first, 1));
        assert!(texts(&list).iter().all(|text| !text.contains("R1")), "no word of who has died");
        assert!(stuck(&list).iter().all(|(id, _, _)| *id != "R1"));
    }
    // What the plan before proposed, was booked and is in the book is as it should be.
    let mut booked = case.clone();
    (booked.slots[0].status, booked.slots[0].patient_id) = (SlotStatus::Busy, Some("p-R1".into()));
    let booked = with_previous(booked, &planned(&case), &[]).expect("a case");
    assert_eq!(then(&booked, &done(&first, 1)).stuck, []);
}

#[test]
fn every_step_says_what_must_be_so_before_it_is_done() {
    let text = |request: &mut RequestDraft| {
        request.route(ContactRoute::Sms).set(|row| row.sms_permitted = true);
    };
    let builder = CaseBuilder::gp()
        .session("S", "g1", "A", "2024-07-25 09:00", &[15; 9])
        .request("R1", same)
        .request("R2", |request| request.became(Reconciliation::Unknown))
        .request("R3", |request| request.set(|row| row.safe_to_contact = false))
        .request("R4", |request| {
            text(request);
            request
        })
        .request("R5", |request| {
            text(request);
            request.became(Reconciliation::Unknown)
        })
        .request("R6", |request| request.latest("2024-07-20"))
        .request("R7", same)
        .request("R8", same);
    let case = builder.build();
    let plan = planned(&case);
    let self_book: BTreeMap<String, NaiveDate> = [("R1".to_owned(), day("2024-07-24"))].into();
    let when = |list: &Transactions| -> BTreeMap<String, &str> {
        let todo = list.steps.iter().filter(|step| !step.done);
        todo.map(|step| (format!("{} {}", step.action.as_str(), step.request_id), step.when)).collect()
    };
    let first = list_of(&case, &plan, &Earlier::default());
    let said = when(&first);
    for (id, words) in [
        ("R1", "when the patient has agreed"),
        ("R2", "after a look whether it is still needed, when the patient has agreed"),
        ("R3", "when a clinician has spoken to the patient"),
        ("R4", "before it is sent"),
        ("R5", "after a look whether it is still needed, before it is sent"),
        ("R6", "when a clinician has decided"),
    ] {
        assert_eq!(said[&format!("book {id}")], words, "{id}");
    }
    let invited =
        at_desk(&case, &plan, |desk| transactions(desk, &Earlier::default(), &self_book).expect("a list"));
    assert_eq!(when(&invited)["book R1"], "if the patient has not booked by then");
    // R7 accepts, and R8 does not want what has been booked.
    let place = |id: &str| {
        let row = plan.plan.iter().find(|row| row.request_id == id).expect("a row");
        row.slot_ids.join(";")
    };
    let calls = [format!("R7,{},,accepted", place("R7")), format!("R8,{},,declined", place("R8"))];
    let again = after(&case, &plan, &[&calls[0], &calls[1]]);
    let of_r8 = first.steps.iter().filter(|step| step.request_id == "R8");
    let booked: Vec<Step> = of_r8.map(|step| Step { done: true, ..step.clone() }).collect();
    let said = then(&again, &left(&booked));
    let said = when(&said);
    assert_eq!(said["book R7"], "the patient has accepted it");
    assert_eq!(said["cancel R8"], "the patient does not want it");
}

#[test]
fn whoever_accepted_a_place_that_is_over_and_was_never_booked_is_told_of() {
    let (_, first, mut again) = called(three(), &["R3,S/3,,accepted"]);
    again.policy.as_of = moment("2024-08-01 10:00");
    again.policy.start = again.policy.as_of.date();
    let plan = PlanFiles { plan: Vec::new(), ..again.previous.clone().expect("a plan") };
    let stuck_of = |earlier: &Earlier| {
        let list =
            at_desk(&again, &plan, |desk| transactions(desk, earlier, &BTreeMap::new()).expect("a list"));
        stuck(&list).into_iter().map(|(id, why, slots)| (id.to_owned(), why, slots)).collect::<Vec<_>>()
    };
    assert_eq!(stuck_of(&Earlier::default()), [("R3".to_owned(), Why::Passed, "S/3".to_owned())]);
    assert_eq!(stuck_of(&all(&first)), [], "it was booked, and they came");
}
