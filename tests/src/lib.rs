//! Builders, random cases and a brute-force oracle for the end-to-end tests.
//!
//! Nothing in this crate looks at how the engine works: it shares with it only the data model, the calendar and
//! the words of the SPEC, so that it can contradict it.

pub mod build;
pub mod cases;
pub mod compare;
pub mod conservation;
pub mod coverage;
pub mod fuzz;
pub mod halves;
pub mod house;
pub mod oracle;
pub mod planner;

pub use rebook::model::Case;
