//! How a run ended.

use std::process::ExitCode;

use super::Failure;
use crate::error::Error;

/// How a run ended, as the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Anything that has no code of its own.
    Other = 1,
    /// Unusable input or arguments; nothing was written.
    Unusable = 2,
    /// Done, but some request rows were unreadable.
    Rows = 3,
    /// `verify` found a broken rule.
    Broken = 4,
    /// Interrupted; the best so far is written and says so.
    Interrupted = 130,
}

impl Exit {
    /// How a run ended that did not come to its end.
    pub fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Engine(Error::Unusable(_) | Error::Argument(_)) => Self::Unusable,
            Failure::Engine(_) | Failure::Print(_) => Self::Other,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
