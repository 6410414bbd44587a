//! From a solution to what people read: the rows of the plan's files, call days, and the printed summary.

mod answer;
mod calls;
mod diff;
mod explained;
mod files;
mod findings;
mod summary;
mod vector;

pub use answer::print_answer;
pub use diff::diff;
pub use explained::{ExcludedAnswer, Explained};
#[cfg(feature = "desk")]
pub(crate) use explained::{changed_files, what_to_do};
pub use files::{RunNote, files};
pub use findings::{Findings, issue_json};
pub use summary::{Readable, print_summary};
pub use vector::{NamedEntry, listed, vector};
