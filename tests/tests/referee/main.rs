//! A referee beyond what can be enumerated: the best vector of larger cases, entry by entry, by a general solver of
//! integer programs.
//!
//! It takes from the oracle the candidates and what each adds to the vector, but writes the rules between
//! placements down once more, as rows of numbers. A plan that it finds is judged by the oracle: so the rows forbid
//! enough. That they do not forbid too much shows on small cases, where the oracle looks at every plan.

#![allow(clippy::print_stdout, reason = "how many and how long")]

mod lexicographic;
mod rows;

use std::collections::BTreeMap;
use std::time::Instant;

use rebook::model::Case;
use rebook_tests::cases::{mid_case, random_case};
use rebook_tests::oracle::{Candidate, Switches, prepare};

/// The best vector of a case, by integer programs, after the oracle has judged the plan that has it; `None` where
/// the case has a visit of three, which no rows for pairs describe.
fn best_vector(case: &Case) -> Option<Vec<i64>> {
    let prepared = prepare(case, Switches::ALL_ON);
    let problem = rows::problem(case, &prepared)?;
    let chosen = lexicographic::solve(&problem);
    let places: BTreeMap<u64, &Candidate> = chosen
        .iter()
        .map(|&variable| {
            let of = &problem.variables[variable];
            (prepared.wanted[of.request].request.line, &prepared.candidates[of.request][of.candidate])
        })
        .collect();
    Some(prepared.judge(&places).expect("the referee's plan keeps the rules"))
}

#[test]
fn the_referee_agrees_with_the_oracle_on_small_cases() {
    let began = Instant::now();
    let mut compared = 0;
    for seed in 0..1_500 {
        let case = random_case(seed);
        let Some(vector) = best_vector(&case) else { continue };
        assert_eq!(vector, prepare(&case, Switches::ALL_ON).best().vector, "seed {seed}");
        compared += 1;
    }
    println!("{compared} small cases in {:?}", began.elapsed());
    assert!(compared > 1_000, "only {compared} cases without a visit of three");
}

#[test]
fn larger_cases_have_a_best_plan() {
    let began = Instant::now();
    let (mut requests, mut placed) = (0, 0);
    for seed in 0..40 {
        let case = mid_case(seed);
        let prepared = prepare(&case, Switches::ALL_ON);
        requests += prepared.wanted.len();
        let vector = best_vector(&case).expect("visits of two at most");
        assert_eq!(vector.len(), prepared.layout.length());
        placed += usize::from(vector.iter().any(|&entry| entry > 0));
    }
    println!("40 larger cases, {requests} requests, {placed} not empty, in {:?}", began.elapsed());
}
