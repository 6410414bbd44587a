//! The engine against the brute-force oracle: the same vector, proven, on thousands of random cases that together
//! exercise every rule (`coverage.rs` counts, clause by clause, on which of these very cases); and the independent
//! verifier accepts every one of these plans.

#![allow(clippy::print_stdout, reason = "how many and what they are like")]

use rebook_tests::Case;
use rebook_tests::cases::{COMPARED, pairs, random_case, twins};
use rebook_tests::compare::compare;
use rebook_tests::halves::in_halves;
use rebook_tests::planner::engine_plan;

/// What the cases are like, and what was found.
#[derive(Default)]
struct Found {
    requests: usize,
    placed: usize,
    /// Cases in which somebody is placed and somebody is not.
    mixed: usize,
    /// Pairs of sessions that look alike.
    pairs: usize,
    disagreements: Vec<String>,
}

impl Found {
    fn look_at(&mut self, seed: u64, case: &Case) {
        let mut disagree = |what: String| self.disagreements.push(format!("seed {seed}: {what}"));
        let files = match engine_plan(case) {
            Ok(files) => files,
            Err(error) => return disagree(error.to_string()),
        };
        // With the status goes, for every entry, that its bound meets its value.
        if files.summary.status != "optimal" {
            disagree("not proven".to_owned());
        }
        if let Err(difference) = compare(case, &files) {
            disagree(difference);
        }
        for broken in rebook::verify::verify(case, &files) {
            disagree(format!("{} {}", broken.rule, broken.message));
        }
        self.pairs += pairs(case);
        self.requests += files.plan.len() + files.unplaced.len();
        self.placed += files.plan.len();
        self.mixed += usize::from(!files.plan.is_empty() && !files.unplaced.is_empty());
    }

    fn add(mut self, other: Self) -> Self {
        self.requests += other.requests;
        self.placed += other.placed;
        self.mixed += other.mixed;
        self.pairs += other.pairs;
        self.disagreements.extend(other.disagreements);
        self
    }
}

#[test]
fn every_plan_is_the_best_there_is() {
    let halves = in_halves(&(0..COMPARED), |seed, found: &mut Found| found.look_at(seed, &random_case(seed)));
    let found = halves.into_iter().fold(Found::default(), Found::add);
    println!(
        "{COMPARED} cases compared, {} disagreements; {} of {} requests placed; some and not all in {} cases",
        found.disagreements.len(),
        found.placed,
        found.requests,
        found.mixed
    );
    let few: Vec<&str> = found.disagreements.iter().take(20).map(String::as_str).collect();
    assert!(few.is_empty(), "{}", few.join("\n"));
    assert!(found.mixed * 4 > COMPARED as usize, "too many cases are decided beforehand");
}

/// So many of them with clinicians that nothing tells apart but whose sessions they are: the solver takes those as one.
const TWINS: u64 = 3_000;

#[test]
fn clinicians_who_are_alike_make_no_difference() {
    let halves =
        in_halves(&(0..TWINS), |seed, found: &mut Found| found.look_at(seed, &twins(random_case(seed))));
    let found = halves.into_iter().fold(Found::default(), Found::add);
    println!("{TWINS} cases with {} pairs of sessions alike", found.pairs);
    let few: Vec<&str> = found.disagreements.iter().take(20).map(String::as_str).collect();
    assert!(few.is_empty(), "{}", few.join("\n"));
    assert!(found.pairs * 2 > TWINS as usize, "only {} pairs are alike", found.pairs);
}
