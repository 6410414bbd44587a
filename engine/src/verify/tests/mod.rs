//! Each rule with a plan that keeps it and one that breaks it, clause by clause.

mod calls;
mod candidate;
mod contact;
mod exclusions;
mod files;
mod guarantee;
mod limits;
mod links;
mod objective;
mod occupancy;
mod random;
mod run;
mod swap;
mod tamper;
mod targets;
mod unplaced;
mod visits;

use super::rule::Rule;
use super::test_support::Scene;

/// Request `r` of tier B in the first of four slots of session `s`, Monday at 9.
fn one() -> Scene {
    let mut scene = Scene::new();
    scene.session("s", "dr", "S1", "2024-07-22T09:00", 4);
    scene.request("r", "B");
    scene.place("r", &["s/1"]);
    scene
}

/// The first request of a scene.
fn first(scene: &mut Scene) -> &mut crate::model::Request {
    &mut scene.case.requests[0]
}

/// The plan of `one`, changed so, breaks that rule and no other.
#[track_caller]
fn breaks(rule: Rule, change: impl FnOnce(&mut Scene)) {
    let mut scene = one();
    scene.accepts();
    change(&mut scene);
    assert_eq!(scene.codes(), [rule.as_str()]);
}

/// The plan of `one`, changed so, breaks no rule.
#[track_caller]
fn keeps(change: impl FnOnce(&mut Scene)) {
    let mut scene = one();
    change(&mut scene);
    scene.accepts();
}
