//! What was accepted is still what somebody is to come to.

use super::*;
use crate::tables::{with_outcomes, with_previous};

/// What is written before and after the calls of a plan, of which each is `request,slots,alternative,outcome`.
fn around(small: &Small, book: fn(&mut Case), calls: &[&str]) -> (Written, Written) {
    let mut case = small.case();
    let (plan, first) = planned(&case, &Earlier::default()).unwrap();
    book(&mut case);
    let list = format!("request_id,slot_ids,alternative_1_slots,outcome\n{}\n", calls.join("\n"));
    let case = with_previous(case, &plan, &[]).unwrap();
    let case = with_outcomes(case, &[("list.csv".to_owned(), list.into_bytes())]).unwrap();
    let (_, second) = planned(&case, &first.earlier()).unwrap();
    (first, second)
}

#[test]
fn what_was_accepted_keeps_its_entry() {
    let small = simple().request("R2", "2024-07-24").slot("S2", "D1", "A", "2024-07-24T09:00");
    let (first, second) = around(&small, |_| (), &["R1,S1,,accepted"]);
    assert_eq!(second, first);
    // So it does when the book has it.
    let book = |case: &mut Case| {
        case.slots[0].status = crate::model::SlotStatus::Busy;
        case.slots[0].patient_id = Some("patient-of-R1".into());
    };
    let (first, booked) = around(&small, book, &["R1,S1,,accepted"]);
    assert_eq!(booked, first);
    // What was declined is proposed no more.
    let (_, declined) = around(&small, |_| (), &["R1,S1,,declined"]);
    assert_eq!(declined.each("clinician-D1", "STATUS"), ["CANCELLED", "TENTATIVE"]);
}

#[test]
fn what_was_accepted_and_is_over_stays_and_what_is_settled_otherwise_is_proposed_no_more() {
    let mut case = simple().case();
    let (plan, first) = planned(&case, &Earlier::default()).unwrap();
    case = with_previous(case, &plan, &[]).unwrap();
    let list = "request_id,slot_ids,outcome\nR1,S1,accepted\n".as_bytes().to_vec();
    case = with_outcomes(case, &[("list.csv".to_owned(), list)]).unwrap();
    let status = |case: &Case| planned(case, &first.earlier()).unwrap().1.each("site-A", "STATUS");
    assert_eq!(status(&case), ["TENTATIVE"]);
    let mut died = case.clone();
    died.requests[0].reconciliation = crate::model::Reconciliation::Died;
    assert_eq!(status(&died), ["CANCELLED"]);
    // Whoever came yesterday did come.
    case.policy.as_of = crate::calendar::parse_moment("2024-07-23T09:01").unwrap();
    assert_eq!(status(&case), ["TENTATIVE"]);
}

#[test]
fn an_alternative_that_was_accepted_is_where_it_is_now() {
    let small = simple().slot("S2", "D1", "A", "2024-07-23T10:00").slot("S9", "D2", "A", "2024-07-23T15:00");
    let (first, second) = around(&small, |_| (), &["R1,S1,S2,accepted alternative 1"]);
    assert_eq!(second.each("site-A", "UID"), first.each("site-A", "UID"));
    assert_eq!(second.each("site-A", "DTSTART"), ["TZID=20240723T100000"]);
    assert_eq!(second.each("site-A", "SUMMARY"), ["Proposed appointment, D1, telephone, 30 min"]);
    assert_eq!(
        (second.sequences("site-A"), second.each("site-A", "STATUS")),
        (vec!["1".to_owned()], vec!["TENTATIVE".to_owned()])
    );
    let (_, other) = around(&small, |_| (), &["R1,S1,S9,accepted alternative 1"]);
    assert_eq!(other.each("clinician-D1", "STATUS"), ["CANCELLED"]);
    assert_eq!(other.each("clinician-D2", "SUMMARY"), ["Proposed appointment, telephone, 30 min"]);
}

#[test]
fn who_accepted_a_place_in_a_group_is_one_of_its_people() {
    let group = Small::new("2024-07-22T07:00").slot_with("G", "D1", "B", "2024-07-23T09:00", "9");
    let group = group.request("R1", "2024-07-23").request("R2", "2024-07-23");
    let (first, second) = around(&group, |_| (), &["R1,G,,accepted"]);
    assert_eq!(second, first);
    let (_, both) = around(&group, |_| (), &["R1,G,,accepted", "R2,G,,accepted"]);
    assert_eq!(both, first);
}
