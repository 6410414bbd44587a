//! SPEC section 5: a request's weight.

use rebook::model::FlagWeight;
use rebook_tests::build::CaseBuilder;

use super::plan;

/// The weight shows in wait: the only request is placed on the second day, a wait of 10 points.
fn weighs(tier: u32, factors: &[(&str, u32)], flags: &[&str], most: u32, expected: i64) {
    let case = CaseBuilder::gp()
        .policy(|policy| {
            policy.max_weight = most;
            policy.weights = factors
                .iter()
                .map(|(flag, percent)| FlagWeight { flag: (*flag).to_owned(), percent: *percent })
                .collect();
        })
        .tier("GP1", |its| its.weight = tier)
        .session("S", "g1", "A", "2024-07-23 10:00", &[15])
        .request("R1", |r| r.tier("GP1").flags(flags));
    plan(case).wait(&[10 * expected, 0, 0, 0, 0, 0]).late(&[expected, 0, 0, 0, 0, 0]);
}

#[test]
fn a_hundred_where_nothing_applies() {
    weighs(100, &[], &["a"], 200, 100);
    weighs(100, &[("b", 150)], &["a"], 200, 100);
}

#[test]
fn the_exact_product_floored_once() {
    weighs(100, &[("a", 120)], &["a"], 200, 120);
    // 1.15 x 1.15 = 1.3225; 1.15 x 1.15 x 1.15 = 1.520875.
    weighs(100, &[("a", 115), ("b", 115)], &["a", "b"], 200, 132);
    weighs(100, &[("a", 115), ("b", 115), ("c", 115)], &["c", "b", "a"], 200, 152);
    weighs(33, &[("a", 101)], &["a"], 200, 33);
    weighs(1, &[("a", 1)], &["a"], 200, 0);
}

#[test]
fn capped() {
    weighs(150, &[("a", 150)], &["a"], 200, 200);
    weighs(150, &[("a", 150)], &["a"], 225, 225);
    weighs(150, &[("a", 150)], &["a"], 1000, 225);
    // The cap comes last: a later factor below 100 still counts from the whole product.
    weighs(300, &[("a", 50)], &["a"], 200, 150);
}
