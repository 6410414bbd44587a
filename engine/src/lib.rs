//! Rebooks cancelled appointments: a prioritised, proven, explained plan.

pub mod calendar;
pub mod candidates;
#[cfg(feature = "cli")]
pub mod cli;
pub mod error;
pub mod explain;
pub mod generate;
pub mod issue;
pub mod model;
pub mod objective;
pub mod plan;
pub mod prepare;
pub mod report;
pub mod solve;
pub mod tables;
pub mod units;
pub mod verify;

pub use error::{Error, Result};
pub use plan::{PlanOptions, plan};
