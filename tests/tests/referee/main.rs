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
use rebook_tests::compare::keeps_the_rules;
use rebook_tests::oracle::{Candidate, Switches, prepare};
use rebook_tests::planner::engine_plan;

/// Larger cases on which the engine is compared with the referee.
const LARGER: u64 = 40;
/// Those for which the referee takes too long, or loses itself in rounding: there the engine's own proof stands alone.
const BEYOND_THE_REFEREE: [u64; 3] = [3, 30, 37];

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

/// What a number of larger cases are like.
#[derive(Default)]
struct Sizes {
    requests: usize,
    slots: usize,
    placed: usize,
    judged: usize,
}

fn compare_larger(seeds: impl Iterator<Item = u64>) -> Sizes {
    let mut sizes = Sizes::default();
    for seed in seeds {
        let case = mid_case(seed);
        let prepared = prepare(&case, Switches::ALL_ON);
        let files = engine_plan(&case).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let found =
            keeps_the_rules(&case, &prepared, &files).unwrap_or_else(|what| panic!("seed {seed}: {what}"));
        assert_eq!(files.summary.status, "optimal", "seed {seed}");
        let broken = rebook::verify::verify(&case, &files);
        assert!(broken.is_empty(), "seed {seed}: {broken:?}");
        if !BEYOND_THE_REFEREE.contains(&seed) {
            let vector = best_vector(&case).expect("visits of two at most");
            assert_eq!(found, vector, "seed {seed}: the engine's vector and the referee's");
            sizes.judged += 1;
        }
        sizes.requests += prepared.wanted.len();
        sizes.slots += case.slots.len();
        sizes.placed += files.plan.len();
    }
    sizes
}

#[test]
fn the_engine_agrees_with_the_referee_on_larger_cases() {
    let began = Instant::now();
    let other = std::thread::spawn(|| compare_larger((0..LARGER).filter(|seed| seed % 2 == 1)));
    let mut sizes = compare_larger((0..LARGER).filter(|seed| seed % 2 == 0));
    let other = other.join().expect("they agree");
    sizes.requests += other.requests;
    sizes.slots += other.slots;
    sizes.placed += other.placed;
    sizes.judged += other.judged;
    let Sizes { requests, slots, placed, judged } = sizes;
    println!(
        "{LARGER} larger cases, {judged} of them refereed: {requests} requests, {slots} slots, {placed} placed, in {:?}",
        began.elapsed()
    );
}
