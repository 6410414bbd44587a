//! The problems found on reading.

use crate::issue::Issue;

/// The problems found so far.
#[derive(Debug, Default)]
pub struct Log {
    /// What makes the input unusable.
    pub problems: Vec<Issue>,
    /// What is worth a look.
    pub warnings: Vec<Issue>,
}
