//! One module for each rule of the SPEC: a few facts, and what must come of them.
//!
//! Every test is put to all of [`PLANNERS`]. Unless a test says otherwise, the plan starts on Monday 2024-07-22 for
//! 28 days at site `A` with the GP `g1` and the nurse `n1`; a request is of tier GP4 (rank 4, target 2024-08-05),
//! of the care type `consult` (GP, 15 minutes, in person or by telephone), and of a patient of its own.

mod contact;
mod every_rule_has_its_tests;
mod exclusions;
mod late;
mod order;
mod r3_0;
mod r3_1;
mod r3_2;
mod r3_3;
mod r3_4;
mod r3_5;
mod r3_6;
mod r3_7;
mod r4_1;
mod r4_2;
mod r4_3;
mod r4_4;
mod r4_5;
mod r4_6;
mod r4_7;
mod ranks;
mod routes;
mod targets;
mod wait;
mod weights;
mod window;
mod windows;

use rebook_tests::build::CaseBuilder;
use rebook_tests::planner::{Outcomes, Planner, by_engine, by_oracle};

/// Who plans.
const PLANNERS: &[(&str, Planner)] = &[("the oracle", by_oracle), ("the engine", by_engine)];

/// What all planners make of these facts.
fn plan(builder: CaseBuilder) -> Outcomes {
    Outcomes::of(&builder.build(), PLANNERS)
}

/// A case with one free slot of 15 minutes of the GP at site `A` on Monday 2024-07-22 at 10:00: `S/1`.
fn one_slot() -> CaseBuilder {
    CaseBuilder::gp().session("S", "g1", "A", "2024-07-22 10:00", &[15])
}
