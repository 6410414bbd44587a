//! What people have typed into lists, and lists as people give them.

use super::*;

#[test]
fn slots_that_somebody_has_typed_are_one_appointment_or_refused() {
    // R1 was proposed T1; its appointment takes 15 minutes.
    let after = |row: &str| with_outcomes(case(), &[csv(&format!("request_id,slot_ids,outcome\n{row}\n"))]);
    let refused = |row: &str, says: &str| {
        let Err(Error::Unusable(issues)) = after(row) else { panic!("{row}") };
        assert_eq!((issues[0].code, issues.len()), (Code::NotOneAppointment, 1), "{row}: {issues:?}");
        assert!(issues[0].expected.contains(says), "{row}: {issues:?}");
    };
    refused("R1,T1;T3,accepted", "each of which begins when the one before ends");
    refused("R1,T3;T2,accepted", "each of which begins when the one before ends");
    refused("R1,T3;007,accepted", "slots of one session");
    refused("R1,\"T2,T3\",accepted", "semicolons between them");
    refused("R1,T9,accepted", "ids of slots.csv");
    let long = "request_id,patient_id,slot_ids,outcome\nR1,P1,T2,accepted\n";
    let mut case = case();
    case.requests[0].duration_minutes = Some(20);
    let lists = [("calls.csv".to_owned(), long.as_bytes().to_vec())];
    let Err(Error::Unusable(issues)) = with_outcomes(case.clone(), &lists) else { panic!("too short") };
    assert!(issues[0].expected.contains("at least 20 minutes together, and these are 15"), "{issues:?}");
    // Half as long again with this practitioner.
    case.requests[0].duration_minutes = Some(15);
    case.clinicians[0].duration_multiplier = "1.5".parse().unwrap();
    let Err(Error::Unusable(issues)) = with_outcomes(case, &lists) else { panic!("too short") };
    assert!(issues[0].expected.contains("at least 23 minutes"), "{issues:?}");
    // What the plan itself proposed is not measured again.
    assert!(codes(&after("R1,T1,accepted").unwrap()).is_empty());
    let two = after("R1,T2;T3,accepted").unwrap();
    assert_eq!([slot(&two, "T2"), slot(&two, "T3")].map(|slot| slot.patient_id.as_deref()), [Some("P1"); 2]);
    assert_eq!(codes(&two), ["W604"], "R2 was proposed T2");
}

#[test]
fn lists_in_another_order_than_the_plan_before_read_them_are_refused() {
    let lists = ["R1,declined", "R2,declined", "R4,declined"]
        .map(|row| (format!("{row}.csv"), format!("request_id,outcome\n{row}\n").into_bytes()));
    let mut before = case().previous.unwrap();
    for (at, (name, bytes)) in lists.iter().take(2).enumerate() {
        before.summary.run.outcomes.push(name.clone());
        before
            .summary
            .input_sha256
            .insert(format!("outcomes/{}", at + 1), hexadecimal(&Sha256::digest(bytes)));
    }
    let case = with_previous(case(), &before, &[]).unwrap();
    let read = |order: [usize; 3]| with_outcomes(case.clone(), &order.map(|at| lists[at].clone()));
    assert!(read([0, 1, 2]).is_ok());
    for order in [[1, 0, 2], [0, 2, 1], [2, 0, 1]] {
        let Err(Error::Argument(said)) = read(order) else { panic!("{order:?}") };
        assert!(said.contains("name the oldest list first"), "{said}");
    }
}
