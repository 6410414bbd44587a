//! Every clause of the SPEC is decisive on a good number of the random cases.

#![allow(clippy::print_stdout, reason = "the table is the point")]

use rebook_tests::cases::{COMPARED, random_case};
use rebook_tests::coverage::Coverage;
use rebook_tests::oracle::Clause;

/// On so many of them each clause must be decisive, and each reason to exclude must be given.
const AT_LEAST: usize = 20;
/// Reasons to exclude that the SPEC has.
const REASONS: usize = 11;

#[test]
fn every_clause_is_decisive_on_many_cases() {
    let half = |from: u64| {
        let mut coverage = Coverage::default();
        for seed in (from..COMPARED).step_by(2) {
            coverage.add(&random_case(seed));
        }
        coverage
    };
    let other = std::thread::spawn(move || half(1));
    let mut coverage = half(0);
    coverage.merge(&other.join().expect("the other half"));
    println!("{}", coverage.table());
    let weak: Vec<String> = Clause::ALL
        .iter()
        .filter(|&&clause| coverage.decisive(clause) < AT_LEAST)
        .map(|&clause| format!("{}: {}", clause.code(), coverage.decisive(clause)))
        .collect();
    assert!(weak.is_empty(), "hardly tested: {weak:?}");
    let reasons = coverage.excluded.values().filter(|&&cases| cases >= AT_LEAST).count();
    assert_eq!(reasons, REASONS, "reasons to exclude: {:?}", coverage.excluded);
    assert!(coverage.hard * 50 < coverage.cases, "{} cases are too hard to count", coverage.hard);
}
