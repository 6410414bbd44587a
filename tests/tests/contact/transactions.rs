//! Cancel and book, step by step: safe at every step, and taken up again after any.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rebook::desk::fhir::bundles;
use rebook::desk::{
    Action, Earlier, MessageOptions, Step, Transactions, Why, messages, stuck_csv, tied, transactions,
    transactions_csv,
};
use rebook::model::{Case, PlanFiles, Reconciliation};
use rebook_tests::build::{CaseBuilder, RequestDraft, day, moment};
use rebook_tests::planner::by_engine;

use super::invitations::by_text;
use super::{Told, at_desk, columns, rows};

pub(super) fn clinic() -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", "2024-08-01 09:00", &[15; 4])
}

pub(super) fn same(request: &mut RequestDraft) -> &mut RequestDraft {
    request
}

pub(super) fn list_of(case: &Case, plan: &PlanFiles, earlier: &Earlier) -> Transactions {
    at_desk(case, plan, |desk| transactions(desk, earlier, &BTreeMap::new()).expect("a list"))
}

fn list(case: &Case) -> Transactions {
    list_of(case, &by_engine(case), &Earlier::default())
}

pub(super) fn left(steps: &[Step]) -> Earlier {
    Earlier::of([("transactions.csv".to_owned(), transactions_csv(steps).expect("a file").bytes)])
}

/// The list as it is when so many steps have been carried out.
pub(super) fn done(list: &Transactions, count: usize) -> Earlier {
    let mut steps = list.steps.clone();
    steps.iter_mut().take(count).for_each(|step| step.done = true);
    left(&steps)
}

pub(super) fn all(list: &Transactions) -> Earlier {
    done(list, list.steps.len())
}

pub(super) fn texts(list: &Transactions) -> Vec<String> {
    let text = |step: &Step| {
        let state = if step.done { "done: " } else { "" };
        format!("{state}{} {} {}", step.action.as_str(), step.request_id, step.slot_ids.join(";"))
    };
    list.steps.iter().map(text).collect()
}

pub(super) fn stuck(list: &Transactions) -> Vec<(&str, Why, String)> {
    list.stuck.iter().map(|stuck| (stuck.request_id.as_str(), stuck.why, stuck.keeps.join(";"))).collect()
}

/// The plan with the places of two requests swapped.
fn swapped(plan: &PlanFiles, one: &str, other: &str) -> PlanFiles {
    let mut plan = plan.clone();
    let at = |id: &str| plan.plan.iter().position(|row| row.request_id == id).expect("a row");
    let (one, other) = (at(one), at(other));
    let (first, second) = (plan.plan[one].clone(), plan.plan[other].clone());
    for (at, from) in [(one, second), (other, first)] {
        let row = &mut plan.plan[at];
        (row.slot_ids, row.start, row.end) = (from.slot_ids, from.start, from.end);
    }
    plan
}

/// The plan with a request in another slot of 15 minutes.
pub(super) fn moved(case: &Case, plan: &PlanFiles, id: &str, slot_id: &str) -> PlanFiles {
    let mut plan = plan.clone();
    let slot = case.slots.iter().find(|slot| slot.slot_id == slot_id).expect("a slot");
    let row = plan.plan.iter_mut().find(|row| row.request_id == id).expect("a row");
    (row.slot_ids, row.start, row.end) = (vec![slot_id.to_owned()], slot.start, slot.end());
    plan
}

#[test]
fn every_place_is_booked_and_the_list_has_its_columns() {
    let case = clinic().request("R2", |r| r.tier("GP5")).request("=R1", |r| r.tier("GP2")).build();
    let list = list(&case);
    assert_eq!(texts(&list), ["book =R1 S/1", "book R2 S/2"], "the most urgent first");
    let file = transactions_csv(&list.steps).expect("a file");
    assert_eq!(file.name, "transactions.csv");
    assert_eq!(
        columns(&file.bytes).join(","),
        "step,key,action,request_id,patient_id,session_id,slot_ids,start,end,after,self_book_until,when,status"
    );
    let row = &rows(&file.bytes)[0];
    assert_eq!(row["request_id"], "'=R1");
    let of = |column: &str| row[column].as_str();
    assert_eq!(
        [
            of("step"),
            of("action"),
            of("session_id"),
            of("slot_ids"),
            of("start"),
            of("end"),
            of("after"),
            of("status")
        ],
        ["1", "book", "S", "S/1", "2024-08-01T09:00", "2024-08-01T09:15", "", "to-do"]
    );
}

#[test]
fn a_key_never_changes() {
    let list = list(&clinic().request("R1", same).build());
    // Written down once: the systems that know it do not change either.
    assert_eq!(list.steps[0].key, "k2008cead434603f6dec42c3a34ceecc");
}

/// The appointment that was cancelled is still in the book, in three slots of the patient.
pub(super) fn with_original(start: &str, change: fn(&mut RequestDraft) -> &mut RequestDraft) -> CaseBuilder {
    let start = moment(start);
    let builder = clinic().session("O", "n1", "A", "2024-07-26 10:00", &[15; 4]);
    let builder = builder.busy("O/1", "p-R1").busy("O/2", "p-R1").busy("O/3", "p-R1").busy("O/4", "p-x");
    builder.request("R1", |request| change(request.minutes(30).set(|row| row.original_start = Some(start))))
}

#[test]
fn the_cancelled_appointment_itself_is_cancelled_after_the_new_one_is_booked() {
    let list = list(&with_original("2024-07-26 10:00", same).build());
    assert_eq!(texts(&list), ["book R1 S/1;S/2", "cancel R1 O/1;O/2"], "half an hour of it, and no more");
    assert_eq!(list.steps[1].after, [list.steps[0].key.clone()]);
    assert_eq!(list.steps[1].end, moment("2024-07-26 10:30"));
    assert_eq!(list.steps[1].session_id, "O");
    assert!(list.stuck.is_empty());
}

#[test]
fn another_appointment_of_the_patient_is_not_touched() {
    let other = list(&with_original("2024-07-26 10:15", same).build());
    assert_eq!(texts(&other), ["book R1 S/1;S/2", "cancel R1 O/2;O/3"]);
    let last = list(&with_original("2024-07-26 10:30", same).build());
    assert_eq!(texts(&last), ["book R1 S/1;S/2", "cancel R1 O/3"], "what comes then is somebody else's");
    let elsewhere = list(&with_original("2024-07-26 09:45", same).build());
    assert_eq!(texts(&elsewhere), ["book R1 S/1;S/2"]);
    // What begins an appointment of another request of the patient is no second half of this one.
    let two = with_original("2024-07-26 10:00", same).request("R2", |request| {
        request.patient("p-R1").set(|row| row.original_start = Some(moment("2024-07-26 10:15")))
    });
    let two = texts(&list(&two.build()));
    assert!(
        two.contains(&"cancel R1 O/1".to_owned()) && two.contains(&"cancel R2 O/2".to_owned()),
        "{two:?}"
    );
    let mut past = with_original("2024-07-26 10:00", same).build();
    past.policy.as_of = moment("2024-07-26 10:01");
    past.policy.start = past.policy.as_of.date();
    assert_eq!(texts(&list(&past)), ["book R1 S/1;S/2"], "what is over is over");
}

#[test]
fn nothing_is_done_for_the_excluded_and_nothing_cancelled_without_a_place() {
    for what in [Reconciliation::Died, Reconciliation::Deregistered, Reconciliation::Declined] {
        let mut case = with_original("2024-07-26 10:00", same).build();
        case.requests[0].reconciliation = what;
        assert_eq!(list(&case), Transactions::default(), "{what}");
    }
    let none = list(&with_original("2024-07-26 10:00", |request| request.latest("2024-07-21")).build());
    assert_eq!(texts(&none)[0], "book R1 S/1;S/2", "its window has passed and it has a place");
    let none = list(&with_original("2024-07-26 10:00", |request| request.unavailable("2024-08-01")).build());
    assert_eq!(texts(&none), [""; 0]);
    assert_eq!(stuck(&none), [("R1", Why::NoPlace, "O/1;O/2".to_owned())]);
}

#[test]
fn a_patient_who_died_as_another_request_says_is_looked_at_first() {
    let died = with_original("2024-07-26 10:00", same)
        .request("R2", |request| request.patient("p-R1").became(Reconciliation::Died).tier("GP2"))
        .request("R3", same);
    let died = list(&died.build());
    assert_eq!(texts(&died), ["book R3 S/3"]);
    assert_eq!(stuck(&died), [("R1", Why::Gone, "O/1;O/2".to_owned())]);
}

#[test]
fn a_booking_that_two_requests_are_for_is_left_to_people() {
    let shared = with_original("2024-07-26 10:00", same).request("R2", |request| {
        request.patient("p-R1").set(|row| row.original_start = Some(moment("2024-07-26 10:00")))
    });
    let shared = list(&shared.build());
    assert!(shared.steps.iter().all(|step| step.action == Action::Book) && shared.steps.len() == 2);
    assert_eq!(shared.stuck.iter().map(|stuck| stuck.why).collect::<Vec<_>>(), [Why::Shared, Why::Shared]);
    let file = stuck_csv(&shared.stuck).expect("a file");
    assert_eq!(rows(&file.bytes)[0]["why"], "shared");
}

#[test]
fn what_an_earlier_list_booked_and_the_plan_has_no_more_is_cancelled() {
    let case = clinic().request("R1", same).build();
    let plan = by_engine(&case);
    let first = list_of(&case, &plan, &Earlier::default());
    let later = moved(&case, &plan, "R1", "S/3");
    let nothing_done = list_of(&case, &later, &left(&first.steps));
    assert_eq!(texts(&nothing_done), ["book R1 S/3"]);
    let second = list_of(&case, &later, &all(&first));
    assert_eq!(texts(&second), ["done: book R1 S/1", "book R1 S/3", "cancel R1 S/1"]);
    assert_eq!(second.steps[2].after, [second.steps[1].key.clone()]);
    assert_eq!(second.steps[0].key, first.steps[0].key);

    // Back to where it was: a deed done again is another deed.
    let third = list_of(&case, &plan, &all(&second));
    assert_eq!(texts(&third)[3..], ["book R1 S/1", "cancel R1 S/3"]);
    assert!(third.steps[..3].iter().all(|step| step.done && step.key != third.steps[3].key));
    let fourth = list_of(&case, &plan, &all(&third));
    assert!(fourth.steps.iter().all(|step| step.done) && fourth.steps.len() == 5);
}

#[test]
fn what_was_booked_and_is_over_is_not_cancelled() {
    let case = clinic().session("T", "g1", "A", "2024-08-05 09:00", &[15]).request("R1", same).build();
    let first = list(&case);
    let mut later = case.clone();
    later.policy.as_of = moment("2024-08-02 00:00");
    later.policy.start = later.policy.as_of.date();
    let list = list_of(&later, &by_engine(&later), &all(&first));
    assert_eq!(texts(&list), ["done: book R1 S/1", "book R1 T/1"]);
}

#[test]
fn what_is_done_stays_done_after_any_step() {
    let case = with_original("2024-07-26 10:00", same).request("R2", same).build();
    let plan = by_engine(&case);
    let first = list_of(&case, &plan, &Earlier::default());
    assert_eq!(first.steps.len(), 3);
    for count in 0..=3 {
        let again = list_of(&case, &plan, &done(&first, count));
        let keys = |steps: &[Step]| steps.iter().map(|step| step.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&again.steps), keys(&first.steps));
        assert_eq!(again.steps.iter().filter(|step| step.done).count(), count);
        assert!(again.steps.iter().zip(1..).all(|(step, number)| step.number == number));
    }
}

fn two() -> (Case, PlanFiles, Transactions) {
    let case = clinic().request("R1", same).request("R2", same).build();
    let plan = by_engine(&case);
    let first = list_of(&case, &plan, &Earlier::default());
    (case, plan, first)
}

#[test]
fn two_who_swap_do_it_by_a_spare_place_and_after_any_step_the_rest_is_the_same() {
    let (case, plan, first) = two();
    let swap = swapped(&plan, "R1", "R2");
    let list = list_of(&case, &swap, &all(&first));
    assert_eq!(
        texts(&list)[2..],
        ["book R1 S/3", "cancel R1 S/1", "book R2 S/1", "cancel R2 S/2", "book R1 S/2", "cancel R1 S/3"]
    );
    let after = |at: usize| list.steps[at].after.clone();
    let key = |at: usize| list.steps[at].key.clone();
    assert_eq!([after(3), after(4), after(6)], [vec![key(2)], vec![key(3)], vec![key(5)]]);
    for count in 2..=list.steps.len() {
        let again = list_of(&case, &swap, &done(&list, count));
        let keys = |list: &Transactions| list.steps.iter().map(|step| step.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&again), keys(&list), "after {count}");
        assert_eq!(again.stuck, []);
    }
    // What is kept was booked by the earlier list: what is cancelled comes after that.
    let again = list_of(&case, &swap, &done(&list, 3));
    assert_eq!(again.steps[3].after, [key(2)]);
}

#[test]
fn two_who_swap_without_a_spare_place_keep_what_they_have() {
    let (case, plan, _) = two();
    let full = clinic().busy("S/3", "p-x").busy("S/4", "p-y").request("R1", same).request("R2", same).build();
    let first = list_of(&full, &plan, &Earlier::default());
    let list = list_of(&full, &swapped(&plan, "R1", "R2"), &all(&first));
    assert!(list.steps.iter().all(|step| step.done));
    assert_eq!(stuck(&list), [("R1", Why::Circle, "S/1".to_owned()), ("R2", Why::Circle, "S/2".to_owned())]);
    // A free slot that does not suit, because the practitioner or the patient is wanted elsewhere then, is none.
    let apart = list_of(&case, &plan, &Earlier::default());
    assert_eq!(apart.stuck, []);
}

#[test]
fn a_spare_place_is_none_where_patient_or_practitioner_is_wanted_elsewhere() {
    let base = |other: &'static str| {
        CaseBuilder::gp()
            .clinician("g2", "gp", |_| {})
            .session("S", "g1", "A", "2024-08-01 09:00", &[15; 2])
            .session("T", other, "A", "2024-08-02 09:00", &[15])
            .session("N", "n1", "A", "2024-08-02 09:00", &[15])
            .care_type("bloods", |care| {
                care.delivery_channels = vec![rebook::model::DeliveryChannel::InPerson];
            })
            .request("R1", same)
            .request("R2", same)
    };
    let swap = |builder: CaseBuilder| {
        let case = builder.build();
        let plan = by_engine(&case);
        let first = list_of(&case, &plan, &Earlier::default());
        list_of(&case, &swapped(&plan, "R1", "R2"), &all(&first))
    };
    assert_eq!(swap(base("g2")).stuck, []);
    let busy = base("g2")
        .request("R3", |r| r.patient("p-R1").care("bloods").earliest("2024-08-02"))
        .request("R4", |r| r.patient("p-R2").care("bloods").earliest("2024-08-02"));
    let busy = busy.session("M", "n1", "A", "2024-08-02 09:15", &[15]);
    assert_eq!(swap(busy).stuck.len(), 2, "both patients are with the nurse then");
    let practitioner = base("n1").care_type("consult", |care| care.roles.push("nurse".to_owned()));
    assert_eq!(swap(practitioner.clone()).stuck, []);
    let practitioner = practitioner.request("R3", |r| r.care("bloods").earliest("2024-08-02"));
    assert_eq!(swap(practitioner).stuck.len(), 2, "the nurse takes blood then");
}

#[test]
fn a_spare_place_is_none_at_the_time_of_ones_own_places() {
    let case = CaseBuilder::gp()
        .clinician("g2", "gp", |_| {})
        .session("S", "g1", "A", "2024-08-01 09:00", &[15; 5])
        .request("R1", |request| request.minutes(30))
        .build();
    let plan = by_engine(&case);
    let first = list_of(&case, &plan, &Earlier::default());
    let mut wider = case.clone();
    wider.sessions.push(rebook::model::Session {
        session_id: "T".to_owned(),
        clinician: 1_usize.into(),
        ..case.sessions[0].clone()
    });
    for number in 0..2 {
        let slot = rebook::model::Slot {
            slot_id: format!("T/{number}").into(),
            session: 1_usize.into(),
            ..case.slots[number].clone()
        };
        wider.slots.push(slot);
    }
    let mut later = plan.clone();
    later.plan[0].slot_ids = rebook_tests::build::tags(&["S/2", "S/3"]);
    (later.plan[0].start, later.plan[0].end) = (moment("2024-08-01 09:15"), moment("2024-08-01 09:45"));
    let list = list_of(&wider, &later, &all(&first));
    assert_eq!(
        texts(&list)[1..],
        ["book R1 S/4;S/5", "cancel R1 S/1;S/2", "book R1 S/2;S/3", "cancel R1 S/4;S/5"]
    );
}

#[test]
fn who_waits_for_somebody_that_is_not_ours_to_move_keeps_waiting() {
    let (case, plan, first) = two();
    let mut died = case.clone();
    died.requests[0].reconciliation = Reconciliation::Died;
    let mut later = moved(&case, &plan, "R2", "S/1");
    later.plan.retain(|row| row.request_id == "R2");
    let list = list_of(&died, &later, &all(&first));
    assert_eq!(texts(&list), ["done: book R2 S/2"], "no word of who has died");
    assert_eq!(stuck(&list), [("R2", Why::Behind, "S/2".to_owned())]);
    // Where the book knows better, it counts: the earlier booking is not there any more.
    let mut taken = case.clone();
    taken.slots[0].status = rebook::model::SlotStatus::Busy;
    taken.slots[0].patient_id = Some("p-x".into());
    let list = list_of(&taken, &moved(&case, &plan, "R1", "S/3"), &all(&first));
    assert_eq!(texts(&list)[2..], ["book R1 S/3"]);
}

#[test]
fn a_list_that_somebody_has_changed_is_refused_and_a_sorted_one_is_not() {
    let (case, plan, first) = two();
    let text = String::from_utf8(transactions_csv(&first.steps).expect("a file").bytes).expect("text");
    let read = |text: String| {
        let earlier = Earlier::of([("transactions.csv".to_owned(), text.into_bytes())]);
        at_desk(&case, &plan, |desk| transactions(desk, &earlier, &BTreeMap::new()))
    };
    let done = text.replace("to-do", "done");
    let refused = read(done.replacen("S/1", "S/2", 1)).expect_err("another slot").to_string();
    assert!(refused.contains("line 2: its key does not belong to the rest of the row"), "{refused}");
    assert!(read(done.replacen("T09:00", "T10:00", 1)).is_err());
    assert!(
        read(done.replacen(",book,", ",move,", 1))
            .expect_err("no such action")
            .to_string()
            .contains("action")
    );
    assert!(
        read(done.replacen("done", "perhaps", 1)).expect_err("no such status").to_string().contains("status")
    );
    assert!(
        read(done.replacen("key", "keys", 1)).expect_err("no such column").to_string().contains("column key")
    );
    assert!(read(text.replacen("S/1", "S/2", 1)).is_ok(), "what is not done does not matter");

    let mut lines: Vec<&str> = done.lines().collect();
    lines[1..].reverse();
    let sorted = format!("\u{feff}{}\r\n\r\n", lines.join("\r\n").replace("done", " Done "));
    let sorted = read(sorted).expect("a list");
    assert_eq!(texts(&sorted), ["done: book R1 S/1", "done: book R2 S/2"]);
}

/// Four people who can have a link, and the last day on which they may use it.
fn invited() -> (CaseBuilder, BTreeMap<String, NaiveDate>) {
    let ids = ["R1", "R2", "R3", "R4"];
    let builder = ids.iter().fold(clinic(), |builder, id| builder.request(id, by_text));
    (builder, ids.map(|id| (id.to_owned(), day("2024-07-28"))).into())
}

#[test]
fn whoever_books_for_themselves_comes_last_and_is_not_for_staff_before() {
    let (builder, self_book) = invited();
    let case = builder
        .session("T", "n1", "A", "2024-08-01 09:00", &[15; 4])
        .request("R9", |request| request.tier("GP6").care("bloods"))
        .build();
    let plan = by_engine(&case);
    at_desk(&case, &plan, |desk| {
        let earlier = Earlier::default();
        let told = messages(desk, &MessageOptions::default(), &tied(desk, &earlier).expect("ids"), &earlier)
            .expect("files");
        assert_eq!(told.self_book, self_book);
        let list = transactions(desk, &earlier, &told.self_book).expect("a list");
        let until: Vec<(u32, &str, Option<NaiveDate>)> = list
            .steps
            .iter()
            .map(|step| (step.number, step.request_id.as_str(), step.self_book_until))
            .collect();
        let by = Some(day("2024-07-28"));
        assert_eq!(until, [(1, "R9", None), (2, "R1", by), (3, "R2", by), (4, "R3", by), (5, "R4", by)]);
        let file = transactions_csv(&list.steps).expect("a file");
        let cells: Vec<String> =
            rows(&file.bytes).into_iter().map(|row| row["self_book_until"].clone()).collect();
        assert_eq!(cells, ["", "2024-07-28", "2024-07-28", "2024-07-28", "2024-07-28"]);
        let sent = bundles(desk, &list.steps).expect("bundles").remove(1);
        let sent = String::from_utf8(sent.bytes).expect("text");
        assert!(sent.contains("R9") || sent.contains("p-R9"));
        assert!(!sent.contains("p-R1"), "a system would book twice");
    });
}

#[test]
fn no_link_to_whoever_has_something_or_waits_for_a_place() {
    let sent = |case: &Case, plan: &PlanFiles, earlier: &Earlier| {
        at_desk(case, plan, |desk| {
            let tied = tied(desk, earlier).expect("ids");
            Told::from(messages(desk, &MessageOptions::default(), &tied, earlier).expect("files").files)
                .invited()
        })
    };
    let case = invited().0.build();
    let plan = by_engine(&case);
    assert_eq!(sent(&case, &plan, &Earlier::default()), ["R1", "R2", "R3", "R4"]);
    let first = list_of(&case, &plan, &Earlier::default());
    assert_eq!(sent(&case, &plan, &done(&first, 1)), ["R2", "R3", "R4"], "R1 is booked already");
    // R3 is booked where R4 is to go, and the other way round.
    let swap = swapped(&plan, "R3", "R4");
    let other = list_of(&case, &swap, &Earlier::default());
    assert_eq!(sent(&case, &plan, &all(&other)), [""; 0]);
    let two: Vec<Step> = other.steps.iter().filter(|step| step.request_id == "R3").cloned().collect();
    let mut two = two;
    two[0].done = true;
    assert_eq!(sent(&case, &plan, &left(&two)), ["R1", "R2"], "the place of R4 is not free yet");
    // The appointment that was cancelled is still in the book.
    let still = invited()
        .0
        .session("O", "n1", "A", "2024-07-26 10:00", &[15; 2])
        .busy("O/1", "p-R2")
        .request("R5", |r| {
            by_text(r).patient("p-R2").set(|row| row.original_start = Some(moment("2024-07-26 10:00")))
        });
    let still = still.session("S2", "g1", "A", "2024-08-02 09:00", &[15; 2]).build();
    let invited = sent(&still, &by_engine(&still), &Earlier::default());
    assert!(!invited.contains(&"R5".to_owned()), "{invited:?}");
}

#[test]
fn a_step_that_others_wait_for_is_for_staff_whatever_is_said() {
    let case = with_original("2024-07-26 10:00", same).build();
    let plan = by_engine(&case);
    let self_book: BTreeMap<String, NaiveDate> = [("R1".to_owned(), day("2024-07-28"))].into();
    let list =
        at_desk(&case, &plan, |desk| transactions(desk, &Earlier::default(), &self_book).expect("a list"));
    assert_eq!(texts(&list), ["book R1 S/1;S/2", "cancel R1 O/1;O/2"]);
    assert!(list.steps.iter().all(|step| step.self_book_until.is_none()));
}
