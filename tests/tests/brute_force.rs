//! The engine against the brute-force oracle: the same vector, proven, on thousands of random cases that together
//! exercise every rule; and the independent verifier accepts every one of these plans.

use rebook::{PlanOptions, plan};
use rebook_tests::cases::random_case;
use rebook_tests::compare::compare;

/// Cases compared.
const CASES: u64 = 6_000;

fn disagreements(seeds: impl Iterator<Item = u64>) -> Vec<String> {
    let mut found = Vec::new();
    for seed in seeds {
        let case = random_case(seed);
        let files = match plan(&case, &PlanOptions::default()) {
            Ok(files) => files,
            Err(error) => {
                found.push(format!("seed {seed}: {error}"));
                continue;
            }
        };
        if files.summary.status != "optimal" {
            found.push(format!("seed {seed}: not proven"));
        }
        if let Err(difference) = compare(&case, &files) {
            found.push(format!("seed {seed}: {difference}"));
        }
        let mut broken = rebook::verify::verify(&case, &files);
        // Random cases name a previous plan that has no folder.
        broken.retain(|one| !one.message.contains("a previous plan is read, but not named"));
        if let Some(first) = broken.first() {
            found.push(format!("seed {seed}: {} {}", first.rule.as_str(), first.message));
        }
    }
    found
}

#[test]
fn every_plan_is_the_best_there_is() {
    let halves = [0, 1].map(|half| {
        std::thread::spawn(move || disagreements((0..CASES).filter(move |seed| seed % 2 == half)))
    });
    let found: Vec<String> = halves.into_iter().flat_map(|half| half.join().expect("no panic")).collect();
    println!("{CASES} cases compared, {} disagreements", found.len());
    assert!(found.is_empty(), "{}", found.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}
