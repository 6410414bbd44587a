//! Rebooks cancelled appointments: a prioritised, proven, explained plan.

pub mod calendar;
pub mod error;
pub mod generate;
pub mod issue;
pub mod model;
pub mod units;

pub use error::{Error, Result};
