//! The random cases are what they claim to be, and the oracle agrees with itself on them.

#![allow(clippy::print_stdout, reason = "how many and how long")]

use std::collections::BTreeMap;
use std::time::Instant;

use rebook_tests::cases::random_case;
use rebook_tests::oracle::{Candidate, Prepared, Switches, prepare};

#[test]
fn the_oracles_plan_keeps_its_own_rules() {
    let began = Instant::now();
    let (mut placed, mut left, mut tried, mut most) = (0, 0, 0, (0, 0));
    let number = 5_000;
    for seed in 0..number {
        let case = random_case(seed);
        let prepared = prepare(&case, Switches::ALL_ON);
        let oracle = prepared.best();
        let places = oracle.plan.iter().map(|(line, place)| (*line, place)).collect();
        assert_eq!(prepared.judge(&places), Ok(oracle.vector), "seed {seed}");
        placed += oracle.plan.len();
        left += prepared.wanted.len() - oracle.plan.len();
        tried += oracle.tried;
        most = most.max((oracle.tried, seed));
    }
    println!(
        "{number} cases: {placed} placed, {left} left out, {tried} tried, most {most:?}, {:?}",
        began.elapsed()
    );
}

/// The least vector over every combination, each judged whole: nothing is passed over.
fn least_of_all(prepared: &Prepared<'_>) -> Option<Vec<i64>> {
    let mut plans: Vec<BTreeMap<u64, &Candidate>> = vec![BTreeMap::new()];
    for (wanted, candidates) in prepared.wanted.iter().zip(&prepared.candidates) {
        let mut longer = Vec::new();
        for plan in plans {
            for place in candidates {
                let mut with = plan.clone();
                with.insert(wanted.request.line, place);
                longer.push(with);
            }
            longer.push(plan);
        }
        plans = longer;
    }
    plans.iter().filter_map(|plan| prepared.judge(plan).ok()).min()
}

#[test]
fn nothing_is_passed_over_that_is_better() {
    let mut compared = 0;
    for seed in 0..3_000 {
        let case = random_case(seed);
        let prepared = prepare(&case, Switches::ALL_ON);
        let combinations: usize = prepared.candidates.iter().map(|candidates| candidates.len() + 1).product();
        if (2..=2_000).contains(&combinations) {
            assert_eq!(least_of_all(&prepared), Some(prepared.best().vector), "seed {seed}");
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} cases are small enough");
}

#[test]
fn tables_are_sorted_and_references_hold() {
    for seed in 0..2_000 {
        let case = random_case(seed);
        assert_eq!(case, random_case(seed), "seed {seed} means one case");
        assert!(case.sessions.is_sorted_by(|a, b| a.session_id < b.session_id));
        assert!(case.clinicians.is_sorted_by(|a, b| a.practitioner_id < b.practitioner_id));
        assert!(case.sites.is_sorted_by(|a, b| a.site_id < b.site_id));
        assert!(case.policy.care_types.is_sorted_by(|a, b| a.code < b.code));
        assert!(
            case.slots
                .is_sorted_by(|a, b| { (a.session, a.start, &a.slot_id) < (b.session, b.start, &b.slot_id) })
        );
        for pair in case.slots.windows(2) {
            let apart = pair[0].session != pair[1].session || pair[0].end() <= pair[1].start;
            assert!(apart, "seed {seed}: slots of one session overlap");
        }
        for (index, request) in case.requests.iter().enumerate() {
            assert_eq!(request.line, index as u64 + 2);
            let whole =
                request.site.is_some() && request.care_type.is_some() && request.original_start.is_some();
            assert!(whole || !request.defects.is_empty(), "seed {seed}: a cell is missing without a defect");
        }
        let wanted = prepare(&case, Switches::ALL_ON).wanted.len();
        assert!(wanted <= 7, "seed {seed}: {wanted} requests");
    }
}
