//! The random cases are what they claim to be, and the oracle agrees with itself on them.

#![allow(clippy::print_stdout, reason = "how many and how long")]

use std::time::Instant;

use rebook_tests::cases::random_case;
use rebook_tests::oracle::{Switches, best, prepare};

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

#[test]
fn a_seed_means_the_same_case() {
    for seed in 0..50 {
        assert_eq!(random_case(seed), random_case(seed));
        let _ = best(&random_case(seed));
    }
}
