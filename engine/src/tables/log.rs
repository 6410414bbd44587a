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

impl Log {
    /// What was read; the fault after which nothing could be told is a problem.
    pub fn read<T>(&mut self, read: Result<Option<T>, Box<Issue>>) -> Option<T> {
        read.unwrap_or_else(|fault| {
            self.problems.push(*fault);
            None
        })
    }
}
