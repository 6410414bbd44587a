//! scratch
use rebook::candidates::Context;
use rebook::prepare::prepare;
use rebook::solve::{Effort, solve};
#[test]
fn compare() {
    let (mut bad, mut open) = (0, 0);
    let n: u64 = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let from: u64 = std::env::var("FROM").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    for seed in from..from + n {
        let case = rebook_tests::cases::random_case(seed);
        let oracle = rebook_tests::oracle::best(&case);
        let prepared = prepare(&case);
        let context = Context::new(&case);
        let solution = solve(&context, &prepared, Effort { pivots: 1_000_000, stop: &|| false });
        let value: Vec<i64> = solution.entries.iter().map(|e| e.value).collect();
        if !solution.is_optimal() {
            open += 1;
            println!("seed {seed} open {:?}", solution.entries);
        }
        if value != oracle.vector {
            bad += 1;
            println!("seed {seed}: solver {value:?} oracle {:?}", oracle.vector);
        }
        let excluded: std::collections::BTreeMap<u64, String> = prepared
            .excluded
            .iter()
            .map(|e| (case.requests[e.request.index()].line, e.reason.as_str().to_owned()))
            .collect();
        let theirs: std::collections::BTreeMap<u64, String> =
            oracle.excluded.iter().map(|(l, r)| (*l, format!("{r}"))).collect();
        if excluded != theirs {
            bad += 1;
            println!("seed {seed}: excluded {excluded:?} oracle {theirs:?}");
        }
    }
    println!("{bad} bad, {open} open of {n}");
}
