//! From a solution to what people read: the rows of the plan's files, call days, and the printed summary.

mod answer;
mod calls;
mod files;
mod summary;

pub use answer::print_answer;
pub use files::{RunNote, files};
pub use summary::{Readable, print_summary};
