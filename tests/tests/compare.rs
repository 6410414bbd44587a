//! The comparison accepts what the oracle plans, and nothing that differs from it in what matters.

use rebook::model::PlanFiles;
use rebook_tests::cases::random_case;
use rebook_tests::compare::compare;
use rebook_tests::planner::by_oracle;

#[test]
fn the_oracles_own_plan_is_accepted() {
    for seed in 0..1_000 {
        let case = random_case(seed);
        assert_eq!(compare(&case, &by_oracle(&case)), Ok(()), "seed {seed}");
    }
}

/// A way to spoil a plan; false where there is nothing to spoil.
type Spoil = fn(&mut PlanFiles) -> bool;

const SPOILS: [(&str, Spoil); 10] = [
    ("a place given up", |files| files.plan.pop().is_some()),
    ("a row twice", |files| {
        let row = files.plan.first().cloned();
        files.plan.extend(row.clone());
        row.is_some()
    }),
    ("another slot", |files| {
        files.plan.iter_mut().map(|row| row.slot_ids.push("s1/1".to_owned())).next().is_some()
    }),
    ("an exclusion forgotten", |files| files.excluded.pop().is_some()),
    ("another reason", |files| {
        files.excluded.iter_mut().map(|row| row.reason_code.push('x')).next().is_some()
    }),
    ("a rank", |files| files.plan.iter_mut().map(|row| row.rank += 1).next().is_some()),
    ("a value", |files| {
        files.summary.objective.order.value += 1;
        true
    }),
    ("a bound above its value", |files| {
        files.summary.objective.window.bound += 1;
        true
    }),
    ("a status that does not follow", |files| {
        files.summary.objective.order.bound -= 1;
        true
    }),
    ("a count", |files| {
        files.summary.counts.requests += 1;
        true
    }),
];

#[test]
fn whatever_is_spoiled_is_found() {
    for (what, spoil) in SPOILS {
        let mut spoiled = 0;
        for seed in 0..200 {
            let case = random_case(seed);
            let mut files = by_oracle(&case);
            if spoil(&mut files) {
                assert!(compare(&case, &files).is_err(), "seed {seed}: {what} is not found");
                spoiled += 1;
            }
        }
        assert!(spoiled > 20, "{what}: hardly tried");
    }
}
